import { Failure } from '../errors.js';
import type { Deps } from '../deps.js';
import type { Digest } from '../hash.js';
import { type BuildOrder, buildImage } from '../image/build/image.js';
import type { ComposedImage } from '../image/layout/compose.js';
import { writeTreeAgain } from '../source/verify.js';
import { type Comparison, type Likeness, compareImages, foremost } from './compare.js';
import { viewOf } from '../image/view.js';

/** Requires the digest that the user expects, if any. */
export function requireDigest(expected: Digest | undefined, digest: Digest): void {
  if (expected === undefined || expected === digest) return;
  throw new Failure(
    'verification',
    `input expect-digest is ${expected}, and this image has ${digest}. Nothing was published. Another commit, base image, builder platform, label or release of phantun-runtime gives another digest: replay that image's lock`,
  );
}

/** Builds once more, without cache and from another copy of the tree, and requires the same digest. */
export async function requireIdentical(
  image: ComposedImage,
  order: Omit<BuildOrder, 'noCache'>,
  folder: string,
  deps: Deps,
): Promise<Likeness> {
  const tree = await writeTreeAgain(order.tree, deps);
  const again = await buildImage({ ...order, tree, noCache: true }, folder, deps);
  const comparison = compareImages(viewOf(image), viewOf(again), ['the first build', 'the second']);
  if (comparison.verdict === 'identical') {
    deps.log.info(`The second build gave ${again.index.digest}, too`);
    return comparison.verdict;
  }
  throw differing(comparison);
}

function differing({ verdict, differences }: Comparison): Failure {
  return new Failure(
    'verification',
    `a second build gave another image (${verdict}): ${foremost(differences)}. Nothing was published`,
    {
      details: differences,
    },
  );
}
