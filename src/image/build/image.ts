import { join } from 'node:path';
import type { Deps } from '../../deps.js';
import { readCapped } from '../../files.js';
import type { Platform } from '../../platform.js';
import { type Lock, buildKey } from '../../proof/lock.js';
import { type VerifiedTree, requireUnchanged } from '../../source/verify.js';
import { DOCKERFILE } from '../../wrapper.js';
import { imageLabels } from '../labels.js';
import { type ComposedImage, compose } from '../layout/compose.js';
import { packAhead } from '../layout/gzip.js';
import type { LocalBases } from './arguments.js';
import { type BuildFiles, buildEach } from './buildx.js';
import { readBuilt } from './built.js';

/** A build: what its lock decides, and where and how this one of it runs. */
export type BuildOrder = {
  lock: Lock;
  tree: VerifiedTree;
  /** Name of the buildx builder. */
  builder: string;
  /** Bases as OCI layouts, instead of the lock's from their registries. */
  bases?: LocalBases | undefined;
  /** Folder of crate files, instead of fetching them. */
  crates?: string | undefined;
  noCache: boolean;
  /** Where to put the files that tell what went in, if they are wanted. */
  files?: BuildFiles | undefined;
};

/** One buildx call a platform in `folder`, the tree hashed again behind it, the layouts composed into the canonical image. */
export async function buildImage(order: BuildOrder, folder: string, deps: Deps): Promise<ComposedImage> {
  const { lock, tree, builder, crates, noCache } = order;
  const labels = imageLabels(lock.inputs, lock.facts.version, buildKey(lock.inputs));
  const layouts = await buildEach(
    lock.inputs.platforms,
    {
      builder,
      dockerfile: DOCKERFILE,
      contexts: { source: tree.folder, crates },
      bases: order.bases ?? lock.inputs.bases,
      epoch: lock.inputs.epoch,
      labels,
      noCache,
    },
    folder,
    order.files,
    deps,
  );
  await requireUnchanged(tree);
  const built = await Promise.all([...layouts].map(([platform, layout]) => readBuilt(layout, platform)));
  await packAhead(built.map(({ layer }) => layer));
  return compose(built, { epochSeconds: lock.inputs.epoch, annotations: labels });
}

/** The most cargo may have to say of the packages: of phantun's, of which there are hundreds, it says some megabytes. */
const MAX_METADATA_BYTES = 64_000_000;
const MAX_TOOLCHAIN_BYTES = 64_000;

/** What stage `facts` wrote for one platform. */
export async function readFacts(
  files: BuildFiles,
  platform: Platform,
): Promise<{ metadata: Buffer; toolchain: string }> {
  const folder = files.facts.get(platform) ?? '';
  const toolchain = await readCapped(join(folder, 'toolchain'), MAX_TOOLCHAIN_BYTES, `the toolchain of ${platform}`);
  return {
    metadata: await readCapped(join(folder, 'metadata.json'), MAX_METADATA_BYTES, `cargo's metadata of ${platform}`),
    toolchain: toolchain.toString('utf8'),
  };
}
