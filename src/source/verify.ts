import { mkdtemp } from 'node:fs/promises';
import { join } from 'node:path';
import type { Deps } from '../deps.js';
import { Failure, toFailure } from '../errors.js';
import { sha256 } from '../hash.js';
import { humanSize, printable } from '../text.js';
import { type Archive, readArchive } from './archive.js';
import { packageVersion, requireCargoLock, requireNoDockerignore } from './cargo.js';
import { askUpstream } from './diagnosis.js';
import { type Download, cachedArchive, downloadArchive, keepArchive } from './download.js';
import type { Source } from './resolve.js';
import { readTree, writeTree } from './disk.js';
import { treeId } from './tree.js';
import { archiveUrl } from './upstream.js';
import { type Expected, type Mismatch, judge } from './verdict.js';

/** A commit's tree on disk, proven to be what the commit says, and where it came from. */
export type VerifiedTree = {
  /** Folder with the files, nothing else. */
  folder: string;
  /** git's id of the tree, 40 hex digits. */
  id: string;
  /** Version of the package that owns the two programs. */
  version: string;
  archiveUrl: string;
  archiveSha256: string;
  tarSha256: string;
  from: Download['from'];
  /** The archive itself. */
  archive: Buffer;
  /** Whether the user said which SHA256 the archive must have. */
  pinned: boolean;
  /** Whether a lock was replayed whose archive held the same tar, compressed otherwise. */
  recompressed: boolean;
};

/** What the user adds to a source: the pin, the token of a private upstream, and the archive a replayed lock saw. */
export type Wanted = {
  archiveSha256: string | undefined;
  upstreamToken: string | undefined;
  replayed: { archiveSha256: string; tarSha256: string } | undefined;
};

/** Gets the source's archive, proves in memory that it is the commit's tree, and only then writes files. */
export async function verify(source: Source, wanted: Wanted, deps: Deps): Promise<VerifiedTree> {
  const { download, archive } = await provenArchive(source, wanted, deps);
  if (download.from === 'upstream') await keepArchive(source, download.bytes, deps);
  return unpackVerified(source, { download, archive }, wanted, deps);
}

/** {@link verify} for an archive that is here already, in an evidence bundle say. */
export function verifyKept(source: Source, bytes: Buffer, wanted: Wanted, deps: Deps): Promise<VerifiedTree> {
  const download: Download = { bytes, sha256: sha256(bytes), from: 'evidence', date: '' };
  const verdict = judge(expectation(source, wanted), { sha256: download.sha256, content: read(bytes) });
  if (verdict.kind !== 'match')
    throw new Failure('verification', `the evidence’s archive, ${verdict.kind}: ${verdict.message}`, verdict);
  return unpackVerified(source, { download, archive: verdict.archive }, wanted, deps);
}

async function unpackVerified(
  source: Source,
  { download, archive }: Proven,
  wanted: Wanted,
  deps: Deps,
): Promise<VerifiedTree> {
  requireCargoLock(archive.entries, source.commit);
  requireNoDockerignore(archive.entries, source.commit);
  const version = packageVersion(archive.entries);
  const folder = await mkdtemp(join(deps.temp, 'source-'));
  await writeTree(archive.entries, folder);
  const { replayed } = wanted;
  const recompressed = replayed !== undefined && replayed.archiveSha256 !== download.sha256;
  if (recompressed)
    deps.log.notice(
      `the archive was compressed again since the lock was made (SHA256 ${download.sha256}, then ${replayed.archiveSha256}); its tar and its tree are the same, so the build goes on`,
    );
  deps.log.info(
    `phantun ${version}: archive of ${humanSize(download.bytes.length)} from ${download.from}, ${archive.entries.length} entries, tree ${source.tree} recomputed`,
  );
  return {
    folder,
    id: source.tree,
    version,
    archiveUrl: archiveUrl(source.upstream, source.commit).href,
    archiveSha256: download.sha256,
    tarSha256: archive.tarSha256,
    from: download.from,
    archive: download.bytes,
    pinned: wanted.archiveSha256 !== undefined,
    recompressed,
  };
}

/** Another copy of the same verified files, in a folder of its own. */
export async function writeTreeAgain(tree: VerifiedTree, deps: Deps): Promise<VerifiedTree> {
  const folder = await mkdtemp(join(deps.temp, 'source-'));
  await writeTree(readArchive(tree.archive).entries, folder);
  return { ...tree, folder };
}

/** Hashes the folder again: a build, or anything else, may have written to it. */
export async function requireUnchanged({ folder, id }: VerifiedTree): Promise<void> {
  const now = treeId(await readTree(folder));
  if (now !== id)
    throw new Failure(
      'verification',
      `the verified source changed on disk while it was built: its tree is ${now} now, and was ${id}. Something else on this machine writes to ${folder}`,
    );
}

type Proven = { download: Download; archive: Archive };

/**
 * The kept archive if it is sound, else a download, else one fresh download, which tells a damaged one from another one.
 * What still does not fit is explained and refused.
 */
async function provenArchive(source: Source, wanted: Wanted, deps: Deps): Promise<Proven> {
  const expected = expectation(source, wanted);
  const kept = await cachedArchive(source);
  if (kept !== undefined) {
    const archive = proof(expected, kept);
    if (archive !== undefined) return { download: kept, archive };
    deps.log.warning(`the archive kept from an earlier run (SHA256 ${kept.sha256}) is not the one wanted; downloading`);
  }
  const first = await downloadArchive(source, wanted.upstreamToken, deps);
  const archive = proof(expected, first);
  if (archive !== undefined) return { download: first, archive };

  deps.log.warning(`the archive (SHA256 ${first.sha256}) is not what it should be; downloading it once more`);
  const second = await downloadArchive(source, wanted.upstreamToken, deps);
  deps.log.info(`SHA256 of the first download ${first.sha256}, of the second ${second.sha256}`);
  const again = proof(expected, second);
  if (again !== undefined) {
    deps.log.warning('the second download is right: the first one was damaged on its way');
    return { download: second, archive: again };
  }
  throw await explained(expected, second, source, wanted, deps);
}

/** A user's pin is of the archive; a replayed lock also knows its tar, and a tar that is the same needs no more. */
function expectation(source: Source, { archiveSha256, replayed }: Wanted): Expected {
  return { ...source, archiveSha256, tarSha256: replayed?.tarSha256 };
}

/** The archive's content if it is what is expected. The pin is compared before a byte is unpacked. */
function proof(expected: Expected, { bytes, sha256 }: Download): Archive | undefined {
  if (expected.archiveSha256 !== undefined && expected.archiveSha256 !== sha256) return undefined;
  return judge(expected, { sha256, content: read(bytes) }).archive;
}

function read(bytes: Buffer): Archive | Failure {
  try {
    return readArchive(bytes);
  } catch (error) {
    return toFailure(error);
  }
}

/** What a server says of the time has 29 characters. */
const MAX_DATE_LENGTH = 40;

async function explained(
  expected: Expected,
  { bytes, sha256, date }: Download,
  source: Source,
  wanted: Wanted,
  deps: Deps,
): Promise<Failure> {
  const received = { sha256, content: read(bytes) };
  // The diagnosis must not hide the finding: without it the verdict is only less precise.
  const facts = await askUpstream(source, wanted.upstreamToken, deps).catch((error: unknown) => {
    const { kind, message } = toFailure(error);
    if (kind === 'cancelled') throw error;
    deps.log.warning(`upstream could not be asked what differs: ${message}`);
    return undefined;
  });
  // It does not match, whatever upstream says: that only tells why.
  const { kind, message, details } = judge(expected, received, facts) as Mismatch;
  const hint =
    source.ref === 'HEAD' && expected.archiveSha256 !== undefined
      ? `. ref is HEAD, which is now ${source.commit}: a SHA256 pin wants a commit pin beside it`
      : '';
  const where = `${archiveUrl(source.upstream, source.commit).href}, ${bytes.length} bytes${date === '' ? '' : `, ${printable(date, MAX_DATE_LENGTH)}`}`;
  return new Failure('verification', `${kind}: ${message}${hint}`, { details: [where, ...details] });
}
