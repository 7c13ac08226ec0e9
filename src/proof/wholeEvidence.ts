import { lstat, readFile, readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { Failure } from '../errors.js';
import { sha256 } from '../hash.js';
import type { ComposedImage } from '../image/layout/compose.js';
import type { Platform } from '../platform.js';
import { readArchive } from '../source/archive.js';
import { printable } from '../text.js';
import type { Confirmed } from './confirm.js';
import { EVIDENCE, type OpenedEvidence, readCrates, readEvidenceFile } from './evidence.js';
import { evidenceReadme } from './evidenceReadme.js';
import { requireSbom } from './requireSbom.js';

/** The image that evidence is to lie beside: each platform and its manifest. */
type Subject = Pick<ComposedImage, 'images'>;

/**
 * Requires of evidence that whoever finds it beside a signed image is told nothing false: that it holds exactly the files that
 * such a bundle has, and that each is what was verified just now. Class verification, which names the file.
 */
export async function requireWhole(evidence: OpenedEvidence, { source, tree }: Confirmed, image: Subject) {
  const { folder, lock, statement } = evidence;
  const platforms = image.images.map(({ platform }) => platform);
  await requireNames(folder, platforms);
  const cargoLock = await readFile(join(tree.folder, 'Cargo.lock'), 'utf8');
  await readCrates(join(folder, EVIDENCE.crates), cargoLock);
  const readme = await readEvidenceFile(evidence, 'readme');
  if (readme.toString('utf8') !== evidenceReadme(lock, statement)) throw changed(EVIDENCE.readme);
  if (!(await readEvidenceFile(evidence, 'commit')).equals(source.commitObject)) throw changed(EVIDENCE.commit);
  const dockerfile = await readEvidenceFile(evidence, 'dockerfile');
  if (sha256(dockerfile) !== lock.inputs.recipe.dockerfile) throw changed(EVIDENCE.dockerfile);
  const archive = await readEvidenceFile(evidence, 'archive');
  // Upstream may have compressed it again since; the tar in it is the one that was verified.
  if (sha256(archive) !== lock.facts.archiveSha256 || readArchive(archive).tarSha256 !== tree.tarSha256)
    throw changed(EVIDENCE.archive);
  for (const { platform, manifest } of image.images) {
    const bytes = await readEvidenceFile(evidence, { sbom: platform });
    requireSbom(bytes, { manifest: manifest.digest, cargoLock, lock, what: `the SBOM of ${platform}` });
  }
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
