import { lstat, readFile, readdir } from 'node:fs/promises';
import { join } from 'node:path';
import type { Deps } from '../deps.js';
import { Failure } from '../errors.js';
import { sha256 } from '../hash.js';
import type { ComposedImage } from '../image/layout/compose.js';
import type { Platform } from '../platform.js';
import { readArchive } from '../source/archive.js';
import type { History } from '../source/resolve.js';
import { printable } from '../text.js';
import { type Confirmed, requireConfirmed } from './confirm.js';
import { EVIDENCE, type OpenedEvidence, readCrates, readEvidenceFile } from './evidence.js';
import { evidenceReadme } from './evidenceReadme.js';
import { shellOf } from './gather.js';
import { requireFacts } from './history.js';
import { type Lock, buildKey } from './lock.js';
import { requireStatement, statementFile } from './statement.js';

/** What evidence is held against: an image, its lock, and the source of it, all of them verified in this run. */
export type ProvenImage = { lock: Lock; image: ComposedImage; confirmed: Confirmed };

/**
 * Requires of evidence that whoever finds it beside an image is told nothing false: that its lock is the image's and says what
 * upstream says, that it holds exactly the files that such a bundle has, and that each is what was verified just now. Class
 * verification, which names the file.
 */
export async function requireWhole(
  evidence: OpenedEvidence,
  verified: ProvenImage,
  history: History,
  deps: Pick<Deps, 'log'>,
): Promise<void> {
  const { folder, lock, statement } = evidence;
  const { image, confirmed } = verified;
  const { source, tree } = confirmed;
  const [found, wanted] = [lock, verified.lock].map(({ inputs }) => buildKey(inputs));
  if (found !== wanted)
    throw new Failure(
      'verification',
      `the evidence is of build key ${found ?? ''}, not of this image's ${wanted ?? ''}`,
    );
  requireConfirmed(lock, confirmed);
  await requireFacts(lock, source, history, deps);
  const platforms = image.images.map(({ platform }) => platform);
  await requireNames(folder, platforms);
  requireStatement(statement, lock, image);
  await requireFile(evidence, 'statement', statementFile(statement));
  await requireFile(evidence, 'readme', evidenceReadme(lock, statement));
  await requireFile(evidence, 'commit', source.commitObject);
  const cargoLock = await readFile(join(tree.folder, 'Cargo.lock'), 'utf8');
  await readCrates(join(folder, EVIDENCE.crates), cargoLock);
  const dockerfile = await readEvidenceFile(evidence, 'dockerfile');
  if (sha256(dockerfile) !== lock.inputs.recipe.dockerfile) throw changed(EVIDENCE.dockerfile);
  const archive = await readEvidenceFile(evidence, 'archive');
  // Upstream may have compressed it again since; the tar in it is the one that was verified.
  if (sha256(archive) !== lock.facts.archiveSha256 || readArchive(archive).tarSha256 !== tree.tarSha256)
    throw changed(EVIDENCE.archive);
  // Its library is large.
  const { requireSbom } = await import('./requireSbom.js');
  for (const part of image.images) {
    const { platform, manifest } = part;
    const bytes = await readEvidenceFile(evidence, { sbom: platform });
    const what = `the SBOM of ${platform}`;
    requireSbom(bytes, { lock, platform, manifest: manifest.digest, shell: shellOf(image, part), cargoLock, what });
  }
}

async function requireFile(evidence: OpenedEvidence, name: 'statement' | 'readme' | 'commit', bytes: Buffer | string) {
  if (!(await readEvidenceFile(evidence, name)).equals(Buffer.from(bytes))) throw changed(EVIDENCE[name]);
}

/** Base images that somebody put into the bundle are not published. */
const LEFT_OUT = 'bases';

async function requireNames(folder: string, platforms: readonly Platform[]): Promise<void> {
  const { readme, lock, commit, archive, dockerfile, statement, crates, sbom } = EVIDENCE;
  const wanted = [readme, lock, commit, archive, dockerfile, statement, crates, ...platforms.map(sbom)];
  const found = (await readdir(folder)).filter((name) => name !== LEFT_OUT);
  for (const name of found)
    if (!wanted.includes(name))
      throw new Failure('verification', `the evidence holds ${printable(name)}, which no evidence of this image has`);
  for (const name of wanted) {
    const status = await lstat(join(folder, name)).catch(() => undefined);
    // An artifact of a run has no empty folders. Whether a crate is missing, readCrates says.
    if (status === undefined && name === crates) continue;
    if (status === undefined || !(name === crates ? status.isDirectory() : status.isFile()))
      throw new Failure('verification', `the evidence's ${name} is missing, or is no plain file`);
  }
}

function changed(name: string): Failure {
  return new Failure(
    'verification',
    `the evidence's ${name} is not what was verified: somebody changed it, or it is of another image. Build again`,
  );
}
