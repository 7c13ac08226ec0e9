import { join } from 'node:path';
import type { Deps } from './deps.js';
import { type PinnedBases, pinBases } from './image/build/bases.js';
import { type Builder, chooseBuilder } from './image/build/builder.js';
import { buildFilesIn } from './image/build/buildx.js';
import { buildImage } from './image/build/image.js';
import { readBuildPlatforms } from './image/build/platforms.js';
import { thisRecipe } from './image/build/recipe.js';
import { type CheckedImage, checkLayout, smokeImage } from './image/check/inspect.js';
import type { SmokeResult } from './image/check/smoke.js';
import { writeLayout } from './image/layout/layout.js';
import { type Delivered, deliver, loadImage, loadablePlatform, requireEmptyExport } from './image/publish/deliver.js';
import { type Published, publicationOf, publish } from './image/publish/publish.js';
import { type TagNames, expandTags } from './image/publish/tags.js';
import { isLoopback } from './image/reference.js';
import type { Inputs } from './inputs.js';
import { writeEvidence } from './proof/evidence.js';
import { gatherEvidence } from './proof/gather.js';
import { type Lock, buildKey } from './proof/lock.js';
import { requireDigest, requireIdentical } from './proof/rebuild.js';
import { readLock, replayInputs, requireRecipe, requireSameLock } from './proof/replay.js';
import { type TrustCheck, trustReport } from './proof/trust.js';
import { type Source, resolve } from './source/resolve.js';
import { type VerifiedTree, verify } from './source/verify.js';
import type { Stopwatch } from './steps.js';
import { humanSize } from './text.js';

/** What a run that succeeded has to tell. */
export type Result = {
  source: Source;
  tree: VerifiedTree;
  lock: Lock;
  buildKey: string;
  checked: CheckedImage;
  smoke: SmokeResult[];
  checks: TrustCheck[];
  published: Published;
  delivered: Delivered;
  exportFolder: string | undefined;
};

/**
 * From a ref to a checked image, published by digest and tagged last: this function is the table of contents. Every step takes
 * what earlier ones returned; nothing is asked of the network twice.
 */
export async function run(given: Inputs, deps: Deps, { step }: Stopwatch): Promise<Result> {
  if (given.export !== undefined) await requireEmptyExport(given.export);
  const replayed = given.lock === undefined ? undefined : await readLock(given.lock);
  const inputs = replayed === undefined ? given : replayInputs(given, replayed);
  const recipe = await thisRecipe();
  if (replayed !== undefined) requireRecipe(replayed.inputs.recipe, recipe);

  const source = await step('Resolve ref', () => resolve(inputs.upstream, inputs.ref, inputs.upstreamToken, deps));
  const tree = await step('Download and verify', () => verify(source, { ...inputs, replayed: replayed?.facts }, deps));
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
    const lock = await makeLock(inputs, { source, tree, bases, builder, recipe, resolvedAt }, deps);
    if (replayed !== undefined) requireSameLock(replayed, lock);
    const key = buildKey(lock.inputs);
    const { version } = tree;
    const tags = expandTags(inputs, { version, commit: source.commit, buildKey: key, epoch: source.epoch });

    const order = { lock, tree, builder: builder.name };
    const files = buildFilesIn(join(deps.temp, 'files'), inputs.platforms);
    const image = await step('Build', () =>
      buildImage({ ...order, files, noCache: false }, join(deps.temp, 'build'), deps),
    );
    const layout = join(deps.temp, 'layout');
    const checked = await step('Check', async () => {
      await writeLayout(image, layout);
      return checkLayout(layout, lock);
    });
    requireDigest(inputs.expectDigest, image);
    const smoke = inputs.smoke ? await step('Run', () => smokeImage(checked.image, version, engine, deps)) : [];
    const rebuilt = inputs.rebuild
      ? await step('Rebuild', () => requireIdentical(image, order, join(deps.temp, 'rebuild'), deps))
      : undefined;

    const checks = trustReport({
      lock,
      source: { ...source, tree },
      built: true,
      facts: checked.facts.length,
      smoke,
      rebuilt,
    });
    const evidence = join(deps.temp, 'evidence');
    await step('Evidence', async () => {
      const size = await writeEvidence(await gatherEvidence({ lock, source, tree, image, files, checks }), evidence);
      deps.log.info(`Archive, lock, crates, SBOMs and statement: ${humanSize(size)}`);
    });
    const published = inputs.push
      ? await step('Publish', () =>
          publish(
            publicationOf(layout, checked.image, { folder: evidence, epochSeconds: source.epoch }),
            inputs.images,
            tags,
            deps,
          ),
        )
      : { refs: [], tags: [] };
    const names = localNames(inputs, tags);
    if (loadable !== undefined) await step('Load', () => loadImage(checked.image, loadable, names, deps));
    const delivered = await deliver(checked.image, { lock, evidence, names, folder: inputs.export });
    return {
      source,
      tree,
      lock,
      buildKey: key,
      checked,
      smoke,
      checks,
      published,
      delivered,
      exportFolder: inputs.export,
    };
  } finally {
    await builder.remove();
  }
}

type Seen = {
  source: Source;
  tree: VerifiedTree;
  bases: PinnedBases;
  builder: Builder;
  recipe: Lock['inputs']['recipe'];
  resolvedAt: number;
};

async function makeLock(inputs: Inputs, seen: Seen, deps: Deps): Promise<Lock> {
  const { source, tree, bases, builder, recipe, resolvedAt } = seen;
  return {
    inputs: {
      schema: 1,
      upstream: source.upstream.url,
      commit: source.commit,
      tree: source.tree,
      epoch: source.epoch,
      bases,
      platforms: inputs.platforms,
      buildPlatforms: await readBuildPlatforms(
        inputs.platforms,
        builder.name,
        tree.folder,
        bases,
        join(deps.temp, 'platforms'),
        deps,
      ),
      recipe,
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

/** Names for docker's own store: every repository with every tag, or a plain name where none is given. */
function localNames({ images }: Inputs, tags: TagNames): string[] {
  const all = [...tags.fixed, ...tags.moving];
  return (images.length === 0 ? ['phantun-runtime'] : images).flatMap((repository) =>
    all.map((tag) => `${repository}:${tag}`),
  );
}
