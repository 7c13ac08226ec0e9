import { join } from 'node:path';
import type { Deps } from './deps.js';
import { type PinnedBases, pinBases } from './image/build/bases.js';
import { type Builder, chooseBuilder } from './image/build/builder.js';
import { readBuildPlatforms } from './image/build/buildPlatform.js';
import { type Recipe, thisRecipe } from './image/build/recipe.js';
import type { Engine } from './image/engine.js';
import { needHostNetwork } from './image/reference.js';
import type { Inputs } from './inputs.js';
import { warnOfHistory } from './proof/history.js';
import { type Lock, buildKey } from './proof/lock.js';
import { readLock, replayInputs, requireRecipe, requireSameLock } from './proof/replay.js';
import { type History, type Source, resolve } from './source/resolve.js';
import { type VerifiedTree, verify } from './source/verify.js';
import type { Stopwatch } from './steps.js';
import { together } from './together.js';

/** Everything that decides an image, verified and pinned, before anything is built. */
export type Plan = {
  /** As given, or as the replayed lock says. */
  inputs: Inputs;
  source: Source;
  tree: VerifiedTree;
  builder: Builder;
  engine: Engine | undefined;
  lock: Lock;
  buildKey: string;
};

/**
 * From inputs to a lock, and the history that its commit is in. The builder of a plan is to be removed by whoever asked for it.
 */
export async function makePlan(
  given: Inputs,
  deps: Deps,
  { step }: Stopwatch,
): Promise<{ plan: Plan; history: History }> {
  const replayed = given.lock === undefined ? undefined : await readLock(given.lock);
  const inputs = replayed === undefined ? given : replayInputs(given, replayed);
  const recipe = await thisRecipe();
  if (replayed !== undefined) requireRecipe(replayed.inputs.recipe, recipe);

  const resolvedAt = Math.floor(deps.now() / 1_000);
  const { source, history } = await step('Resolve ref', () =>
    resolve(inputs.upstream, inputs.ref, inputs.upstreamToken, deps),
  );
  const tree = await step('Download and verify', () => verify(source, { ...inputs, replayed: replayed?.facts }, deps));

  const hostNetwork = needHostNetwork(inputs.bases);
  const { builder, engine } = await step('Choose builder', () => chooseBuilder(inputs.builder, hostNetwork, deps));
  try {
    const [bases, buildPlatforms] = await step('Pin base images', () =>
      together(deps, (deps) => [
        pinBases(inputs.bases, inputs.platforms, deps),
        readBuildPlatforms(inputs.platforms, builder.name, tree.folder, join(deps.temp, 'platforms'), deps),
      ]),
    );
    const lock = makeLock(inputs, { source, tree, bases, buildPlatforms, builder, recipe, resolvedAt });
    if (replayed !== undefined) {
      requireSameLock(replayed, lock);
      await warnOfHistory(replayed, source, history, deps);
    }
    return { plan: { inputs, source, tree, builder, engine, lock, buildKey: buildKey(lock.inputs) }, history };
  } catch (error) {
    await builder.remove();
    throw error;
  }
}

type Seen = {
  source: Source;
  tree: VerifiedTree;
  bases: PinnedBases;
  buildPlatforms: Lock['inputs']['buildPlatforms'];
  builder: Builder;
  recipe: Recipe;
  resolvedAt: number;
};

function makeLock(inputs: Inputs, seen: Seen): Lock {
  const { source, tree, bases, buildPlatforms, builder, recipe, resolvedAt } = seen;
  return {
    inputs: {
      schema: 1,
      upstream: source.upstream.url,
      commit: source.commit,
      tree: source.tree,
      epoch: source.epoch,
      bases,
      platforms: inputs.platforms,
      buildPlatforms,
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
