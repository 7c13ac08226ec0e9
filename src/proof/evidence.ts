import { mkdir, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { Failure, toFailure } from '../errors.js';
import { namesIn, readCapped, writeOut } from '../files.js';
import { sha256 } from '../hash.js';
import { MAX_TAR_NAME_BYTES, tarLength } from '../image/layout/tarWriter.js';
import { type Platform, platformSlug } from '../platform.js';
import { ARCHIVE_LIMITS } from '../source/archive.js';
import { parseUpstream } from '../source/upstream.js';
import { humanSize, printable } from '../text.js';
import { lockedCrates } from './crates.js';
import { evidenceReadme } from './evidenceReadme.js';
import { type Lock, MAX_LOCK_BYTES, buildKey, lockFile, lockedBases, parseLock } from './lock.js';
import { type Statement, parseStatement, statementFile } from './statement.js';

/** Names in an evidence folder. `bases` is there only when somebody put base images into it. */
export const EVIDENCE = {
  readme: 'README.md',
  lock: 'lock.json',
  commit: 'commit',
  archive: 'archive.tar.gz',
  dockerfile: 'Dockerfile',
  crates: 'crates',
  statement: 'statement.json',
  sbom: (platform: Platform) => `sbom-${platformSlug(platform)}.cdx.json`,
  base: (name: 'rust' | 'shell') => join('bases', name),
};

/** The most an evidence bundle may have, packed. phantun's has about 35 MB, nearly all of it crates for Windows. */
export const MAX_EVIDENCE_BYTES = 256_000_000;
const MAX_FILE_BYTES = 64_000_000;

/** Everything a stranger needs to check an image and to build it again. */
export type Evidence = {
  lock: Lock;
  /** The commit object, as `git cat-file commit` prints it. */
  commit: Buffer;
  archive: Buffer;
  dockerfile: Buffer;
  /** Name to bytes, `serde-1.0.219.crate` say: exactly the crates of Cargo.lock, each with its hash. */
  crates: ReadonlyMap<string, Buffer>;
  statement: Statement;
  sboms: ReadonlyMap<Platform, string>;
};

/** Writes the bundle, if it can be packed, into a new folder; resolves with its size in bytes. */
export async function writeEvidence(evidence: Evidence, folder: string): Promise<number> {
  const { lock, crates, statement, sboms } = evidence;
  const files = new Map<string, Buffer>([
    [EVIDENCE.readme, Buffer.from(evidenceReadme(lock, statement))],
    [EVIDENCE.lock, Buffer.from(lockFile(lock))],
    [EVIDENCE.commit, evidence.commit],
    [EVIDENCE.archive, evidence.archive],
    [EVIDENCE.dockerfile, evidence.dockerfile],
    [EVIDENCE.statement, Buffer.from(statementFile(statement))],
    ...[...sboms].map(([platform, text]) => [EVIDENCE.sbom(platform), Buffer.from(text)] as const),
    ...[...crates].map(([name, bytes]) => [join(EVIDENCE.crates, name), bytes] as const),
  ]);
  const sizes = [...files.values()].map(({ length }) => length);
  requireFit(tarLength(sizes));
  await mkdir(join(folder, EVIDENCE.crates), { recursive: true });
  for (const [name, bytes] of files) await writeOut(join(folder, name), bytes);
  return sizes.reduce((total, size) => total + size, 0);
}

const OTHER_REPOSITORY = 'This is probably another repository than phantun: check upstream and ref';

/** Refuses, class verification, more than whoever fetches evidence would take. */
export function requireFit(bytes: number): void {
  if (bytes > MAX_EVIDENCE_BYTES)
    throw new Failure(
      'verification',
      `the evidence has ${humanSize(bytes)}, more than the ${humanSize(MAX_EVIDENCE_BYTES)} that it may have. ${OTHER_REPOSITORY}`,
    );
}

/**
 * The crate files of a folder, which must be exactly those that Cargo.lock names, each with the SHA256 it has there, and fit into
 * evidence: so many files of any size are never in memory. Failures are class verification.
 */
export async function readCrates(folder: string, cargoLock: string): Promise<Map<string, Buffer>> {
  const crates = new Map<string, Buffer>();
  const wanted = new Map(
    lockedCrates(cargoLock).map(({ name, version, sha256 }) => [`${name}-${version}.crate`, sha256]),
  );
  const found = await namesIn(folder);
  const foreign = found.find((name) => !wanted.has(name));
  if (foreign !== undefined)
    throw new Failure('verification', `crate ${printable(foreign)} is not one that Cargo.lock names`);
  let size = 0;
  for (const [name, expected] of wanted) {
    if (Buffer.byteLength(join(EVIDENCE.crates, name)) > MAX_TAR_NAME_BYTES)
      throw new Failure(
        'verification',
        `crate ${printable(name)} has a name too long for evidence. ${OTHER_REPOSITORY}`,
      );
    const bytes = await readCapped(join(folder, name), MAX_FILE_BYTES, `crate ${name}`);
    const hash = sha256(bytes);
    if (hash !== expected)
      throw new Failure('verification', `crate ${name} has SHA256 ${hash}, and Cargo.lock says ${expected}`);
    requireFit((size += bytes.length));
    crates.set(name, bytes);
  }
  return crates;
}

/** What of a bundle is small and decides: the rest is read where it is used. */
export type OpenedEvidence = { folder: string; lock: Lock; statement: Statement };

/** Opens a bundle: its lock, and a statement that is about this lock. Failures are class verification. */
export async function openEvidence(folder: string): Promise<OpenedEvidence> {
  const status = await stat(folder).catch(() => undefined);
  if (status?.isDirectory() !== true)
    throw new Failure('input', `${printable(folder, 1_000)} is not a folder that holds evidence`);
  const lock = await readEvidenceLock(folder);
  const statement = parseStatement(await readPart(folder, EVIDENCE.statement));
  const said = statement.predicate.lock;
  const hash = sha256(lockFile(lock));
  if (said.sha256 !== hash || said.buildKey !== buildKey(lock.inputs))
    throw new Failure(
      'verification',
      `the evidence does not fit together: its statement is about the lock ${printable(said.sha256)}, and its lock is ${hash}`,
    );
  return { folder, lock, statement };
}

/** The lock of a bundle. Failures are class verification. */
export async function readEvidenceLock(folder: string): Promise<Lock> {
  const bytes = await readPart(folder, EVIDENCE.lock);
  return parseForeignLock(bytes.toString('utf8'), 'the lock in the evidence');
}

/**
 * A lock that came with an image; `what` names it. Upstream and bases, which are parsed like inputs where they are used, are
 * judged here: whatever is wrong with them, no input is to blame. Failures are class verification. Pure.
 */
export function parseForeignLock(text: string, what: string): Lock {
  try {
    const lock = parseLock(text);
    parseUpstream(lock.inputs.upstream);
    lockedBases(lock.inputs);
    return lock;
  } catch (cause) {
    throw new Failure('verification', `${what} cannot be used: ${toFailure(cause).message}`, { cause });
  }
}

/** One file of a bundle, capped. */
export function readEvidenceFile(
  { folder }: OpenedEvidence,
  which: 'readme' | 'commit' | 'archive' | 'dockerfile' | 'statement' | { sbom: Platform },
): Promise<Buffer> {
  return readPart(folder, typeof which === 'string' ? EVIDENCE[which] : EVIDENCE.sbom(which.sbom));
}

/** The most that is read of a part, where it is another than of any file. A statement says little more than its lock. */
const MOST: Readonly<Record<string, number>> = {
  [EVIDENCE.archive]: ARCHIVE_LIMITS.packedBytes,
  [EVIDENCE.lock]: MAX_LOCK_BYTES,
  [EVIDENCE.statement]: MAX_LOCK_BYTES,
};

function readPart(folder: string, name: string): Promise<Buffer> {
  return readCapped(join(folder, name), MOST[name] ?? MAX_FILE_BYTES, `the evidence's ${name}`);
}
