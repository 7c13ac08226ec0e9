import { mkdtemp, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Deps } from './deps.js';
import { type PinnedBases, pinBases } from './image/build/bases.js';
import { type Builder, chooseBuilder } from './image/build/builder.js';
import { readBuilt } from './image/build/built.js';
import { buildPlatforms } from './image/build/buildx.js';
import { type ComposedImage, compose } from './image/layout/compose.js';
import { EXPORT, exportImage, loadImage, loadablePlatform, requireEmptyExport } from './image/publish/deliver.js';
import { type CheckedImage, checkLayout, smokeImage } from './image/check/inspect.js';
import { imageLabels } from './image/labels.js';
import { writeLayout } from './image/layout/layout.js';
import { type Published, publicationOf, publish } from './image/publish/publish.js';
import { thisRecipe } from './image/build/recipe.js';
import { isLoopback } from './image/reference.js';
import type { SmokeResult } from './image/check/smoke.js';
import { type TagNames, expandTags } from './image/publish/tags.js';
import type { Inputs } from './inputs.js';
import { type Lock, buildKey, lockFile } from './proof/lock.js';
import { type Source, resolve } from './source/resolve.js';
import { type VerifiedTree, requireUnchanged, verify } from './source/verify.js';
import type { Stopwatch } from './steps.js';
import { DOCKERFILE } from './wrapper.js';

/** What a run that succeeded has to tell. */
export type Result = {
  source: Source;
  tree: VerifiedTree;
  lock: Lock;
  buildKey: string;
  checked: CheckedImage;
  smoke: SmokeResult[];
  published: Published;
  /** Path of the lock's file. */
  lockPath: string;
  exportFolder: string | undefined;
};

/**
 * From a ref to a checked image, published by digest and tagged last: this function is the table of contents. Every step takes
 * what earlier ones returned; nothing is asked of the network twice.
 */
export async function run(inputs: Inputs, deps: Deps, { step }: Stopwatch): Promise<Result> {
  if (inputs.export !== undefined) await requireEmptyExport(inputs.export);

  const source = await step('Resolve ref', () => resolve(inputs.upstream, inputs.ref, inputs.upstreamToken, deps));
  const tree = await step('Download and verify', () => verify(source, inputs, deps));
  const resolvedAt = Math.floor(deps.now() / 1_000);

  const { builder, engine } = await step('Choose builder', () =>
    chooseBuilder(
      inputs.builder,
      Object.values(inputs.bases).some(({ repository }) => isLoopback(repository)),
      deps,
    ),
  );
  try {
    const loadable = inputs.load ? loadablePlatform(inputs.platforms, engine) : undefined;
    const bases = await step('Pin base images', () => pinBases(inputs.bases, inputs.platforms, deps));
    const lock = await makeLock(inputs, source, tree, bases, builder, resolvedAt);
    const key = buildKey(lock.inputs);
    const tags = expandTags(inputs, {
      version: tree.version,
      commit: source.commit,
      buildKey: key,
      epoch: source.epoch,
    });

    const composed = await step('Build', () => build(lock, bases, builder, tree, deps));
    const layout = join(deps.temp, 'layout');
    const checked = await step('Check', async () => {
      await writeLayout(composed, layout);
      return checkLayout(layout, lock);
    });
    const smoke = inputs.smoke ? await step('Run', () => smokeImage(checked.image, tree.version, engine, deps)) : [];

    const published = inputs.push
      ? await step('Publish', () => publish(publicationOf(layout, checked.image), inputs.images, tags, deps))
      : { refs: [], tags: [] };
    const names = localNames(inputs, tags);
    if (loadable !== undefined) await step('Load', () => loadImage(checked.image, loadable, names, deps));
    const lockPath = await deliver(checked.image, lock, names, inputs.export);
    return { source, tree, lock, buildKey: key, checked, smoke, published, lockPath, exportFolder: inputs.export };
  } finally {
    await builder.remove();
  }
}

async function makeLock(
  inputs: Inputs,
  source: Source,
  tree: VerifiedTree,
  bases: PinnedBases,
  builder: Builder,
  resolvedAt: number,
): Promise<Lock> {
  return {
    inputs: {
      schema: 1,
      upstream: source.upstream.url,
      commit: source.commit,
      tree: source.tree,
      epoch: source.epoch,
      bases,
      platforms: inputs.platforms,
      buildPlatform: builder.platform,
      recipe: await thisRecipe(),
      labels: inputs.labels,
    },
    facts: {
      ref: source.ref,
      tagObject: source.tagObject ?? '',
      reachableFrom: source.reachableFrom,
      version: tree.version,
      archiveUrl: tree.archiveUrl,
      archiveSha256: tree.archiveSha256,
      tarSha256: tree.tarSha256,
      buildkit: builder.buildkit,
      resolvedAt,
    },
  };
}

/** One buildx call a platform, the tree hashed again behind it, and the layouts composed into the canonical image. */
async function build(
  lock: Lock,
  bases: PinnedBases,
  builder: Builder,
  tree: VerifiedTree,
  deps: Deps,
): Promise<ComposedImage> {
  const labels = imageLabels(lock.inputs, lock.facts.version, buildKey(lock.inputs));
  const layouts = await buildPlatforms(
    lock.inputs.platforms,
    {
      builder: builder.name,
      dockerfile: DOCKERFILE,
      source: tree.folder,
      bases,
      epoch: lock.inputs.epoch,
      labels,
    },
    join(deps.temp, 'build'),
    deps,
  );
  await requireUnchanged(tree);
  const built = await Promise.all([...layouts].map(([platform, folder]) => readBuilt(folder, platform)));
  return compose(built, { epochSeconds: lock.inputs.epoch, annotations: labels });
}

/** Names for docker's own store: every repository with every tag, or a plain name where none is given. */
function localNames({ images }: Inputs, tags: TagNames): string[] {
  const all = [...tags.fixed, ...tags.moving];
  return (images.length === 0 ? ['phantun-runtime'] : images).flatMap((repository) =>
    all.map((tag) => `${repository}:${tag}`),
  );
}

/** Leaves what outlives the run: the export folder if one is wanted, and the lock in any case. Resolves with the lock's path. */
async function deliver(
  image: ComposedImage,
  lock: Lock,
  names: readonly string[],
  folder: string | undefined,
): Promise<string> {
  if (folder !== undefined) {
    await exportImage(image, lockFile(lock), names, folder);
    return join(folder, EXPORT.lock);
  }
  const kept = await mkdtemp(join(process.env.RUNNER_TEMP ?? tmpdir(), 'phantun-runtime-lock-'));
  await writeFile(join(kept, EXPORT.lock), lockFile(lock));
  return join(kept, EXPORT.lock);
}
