import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { canonicalJson } from '../canonical.js';
import { requireEmptyFolder } from '../emptyFolder.js';
import { writeOut } from '../files.js';
import type { ComposedImage } from '../image/layout/compose.js';
import type { Confirmed } from './confirm.js';
import { EVIDENCE, type OpenedEvidence, readEvidenceFile } from './evidence.js';
import { statementOf } from './statement.js';
import { trustReport } from './trust.js';

/** What a publisher has in hand once it has verified the source and read the image itself. */
export type SignableInput = {
  /** The evidence that lies beside the image, or will: whole, see requireWhole. */
  evidence: OpenedEvidence;
  /** Read back from disk, every digest recomputed. */
  image: ComposedImage;
  /** Number of facts that were read from its bytes. */
  facts: number;
  /** The source, resolved and verified by the publisher. */
  confirmed: Confirmed;
};

/**
 * Writes what a signing job signs into a folder, new or empty: `digests.json` (`index` and each platform to its digest, on one
 * line), `predicate.json` (of our statement) and an SBOM a platform. All of it is what this run computed: the checks in the
 * predicate are those done here, and the branches and tags that hold the commit are those that upstream has now. An SBOM can
 * only be made by a build; requireWhole has judged it.
 */
export async function writeSignable(folder: string, { evidence, image, facts, confirmed }: SignableInput) {
  await requireEmptyFolder('--signable', folder);
  const { lock } = evidence;
  const { source, tree } = confirmed;
  const { reachableFrom } = source;
  const checks = trustReport({ lock, source: { reachableFrom, tree }, built: false, facts });
  const digests = Object.fromEntries([
    ['index', image.index.digest],
    ...image.images.map(({ platform, manifest }) => [platform, manifest.digest]),
  ]) as Record<string, string>;
  const { predicate } = statementOf(lock, image, checks, reachableFrom);
  await mkdir(folder, { recursive: true });
  for (const { platform } of image.images)
    await writeOut(join(folder, EVIDENCE.sbom(platform)), await readEvidenceFile(evidence, { sbom: platform }));
  await writeOut(join(folder, 'predicate.json'), `${canonicalJson(predicate)}\n`);
  await writeOut(join(folder, 'digests.json'), `${canonicalJson(digests)}\n`);
}
