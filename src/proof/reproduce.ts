import { mkdir, readFile, stat } from 'node:fs/promises';
import { join } from 'node:path';
import type { Deps } from '../deps.js';
import { Failure } from '../errors.js';
import type { Digest } from '../hash.js';
import type { LocalBases } from '../image/build/arguments.js';
import { pinBase } from '../image/build/bases.js';
import { chooseBuilder } from '../image/build/builder.js';
import { buildImage } from '../image/build/image.js';
import { readBuildPlatforms } from '../image/build/buildPlatforms.js';
import { thisRecipe } from '../image/build/recipe.js';
import { topOfLayout } from '../image/layout/layout.js';
import { type PulledImage, pullImage } from '../image/pulled.js';
import { isLoopback, parseBase, parseImage, type Reference } from '../image/reference.js';
import { viewOf } from '../image/view.js';
import type { Inputs } from '../inputs.js';
import type { Platform } from '../platform.js';
import type { Stopwatch } from '../steps.js';
import { printable } from '../text.js';
import { requireAsked, requireKey } from './asked.js';
import { type Verdict, compareImages } from './compare.js';
import { type Confirmed, confirmEvidence, confirmSource } from './confirm.js';
import { differingMembers } from './difference.js';
import { EVIDENCE, openEvidence, type OpenedEvidence, readCrates } from './evidence.js';
import type { Lock } from './lock.js';
import { fetchEvidence } from './evidenceReferrer.js';
import { requireRecipe } from './replay.js';
import { type TrustCheck, trustReport } from './trust.js';

/** What is to be reproduced: a published image, an evidence folder, or an image with evidence from elsewhere. */
export type Request = {
  image: string | undefined;
  evidence: string | undefined;
  /** Inputs, and the names of those that were given: the lock must be of what they say. */
  inputs: Inputs;
  given: readonly string[];
};

/** What came of it. `missing` says why an image is unbuildable. */
export type Reproduction = {
  verdict: Verdict | 'unbuildable';
  published: Digest;
  rebuilt: Digest | undefined;
  missing: string | undefined;
  differences: string[];
  lock: Lock;
  checks: TrustCheck[];
};

/**
 * Builds a published image again, from its lock, without cache, and compares: index, manifests, configs, layers, files. The
 * lock comes from the image's evidence and is bound to it by the build key in its labels. Upstream is asked for the source,
 * or, with an evidence folder, nobody. The recipe is this release's own: a Dockerfile that came along is never run.
 */
export async function reproduce(request: Request, deps: Deps, { step }: Stopwatch): Promise<Reproduction> {
  const image = request.image === undefined ? undefined : parseImage(request.image);
  const published = image === undefined ? undefined : await step('Download image', () => pullImage(image, deps));
  const evidence = await step('Find lock', () => findEvidence(request, published, deps));
  const { lock, statement } = evidence;
  if (published !== undefined) requireKey(published.view, lock);
  requireAsked(lock, request.given, request.inputs);
  const claimed = statement.subject.find(({ name }) => name === 'index')?.digest.sha256;
  if (claimed === undefined)
    throw new Failure('verification', 'the statement in the evidence names no index: it is about no image');
  const digest: Digest = published?.digest ?? `sha256:${claimed}`;

  const outcome = { published: digest, rebuilt: undefined, missing: undefined, differences: [], lock };
  try {
    requireRecipe(lock.inputs.recipe, await thisRecipe(), 'not-found');
    const confirmed = await step('Verify source', () =>
      request.evidence === undefined ? confirmSource(lock, request.inputs, deps) : confirmEvidence(evidence, deps),
    );
    const rebuilt = await step('Rebuild', () => rebuild(evidence, confirmed, request.inputs.builder, deps));
    const comparison =
      published !== undefined
        ? compareImages(published.view, viewOf(rebuilt), ['published', 'rebuilt'])
        : digestsOnly(digest, rebuilt.index.digest);
    const checks = trustReport({
      lock,
      source: { reachableFrom: confirmed.source.reachableFrom, tree: confirmed.tree },
      built: true,
      rebuilt: comparison.verdict,
    });
    return { ...outcome, ...comparison, rebuilt: rebuilt.index.digest, checks };
  } catch (error) {
    if (!(error instanceof Failure) || !UNBUILDABLE.includes(error.kind)) throw error;
    const missing = [error.message, ...error.details.slice(-5)].join('\n');
    return { ...outcome, verdict: 'unbuildable', missing, checks: trustReport({ lock, built: false }) };
  }
}

/** Kinds of failure that mean: what a lock needs is not there (any more). Others may pass, or are a finding. */
const UNBUILDABLE: readonly Failure['kind'][] = ['not-found', 'build'];

function digestsOnly(published: Digest, rebuilt: Digest): { verdict: Verdict; differences: string[] } {
  if (published === rebuilt) return { verdict: 'identical', differences: [] };
  return {
    verdict: 'different',
    differences: [`index: the evidence's statement names ${published}, rebuilt ${rebuilt}`],
  };
}

async function findEvidence(
  { evidence, image }: Request,
  published: PulledImage | undefined,
  deps: Deps,
): Promise<OpenedEvidence> {
  if (evidence !== undefined) return openEvidence(evidence);
  if (published === undefined) throw new Failure('input', 'name an image, or --evidence DIR, or both');
  const folder = join(deps.temp, 'evidence');
  if (!(await fetchEvidence(published.repository, published.digest, folder, deps)))
    throw new Failure(
      'not-found',
      `${printable(image ?? '')} has no evidence beside it in its registry, so its lock is not known. Give the evidence with --evidence DIR`,
    );
  return openEvidence(folder);
}

async function rebuild(evidence: OpenedEvidence, { tree }: Confirmed, wanted: string | undefined, deps: Deps) {
  const { lock, folder } = evidence;
  const bases = { rust: parseBase('lock', lock.inputs.bases.rust), shell: parseBase('lock', lock.inputs.bases.shell) };
  const local = await localBases(folder, bases);
  if (local === undefined) await requireBases(Object.values(bases), lock.inputs.platforms, deps);
  const crates = join(folder, EVIDENCE.crates);
  // An empty one, too, is given to the build: else it would ask crates.io, with a shell and a network.
  await mkdir(crates, { recursive: true });
  const cargoLock = await readFile(join(tree.folder, 'Cargo.lock'), 'utf8');
  await readCrates(crates, cargoLock);
  // Bases from the evidence are anybody's, and no registry is asked for them.
  const hostNetwork = local === undefined && Object.values(bases).some(({ repository }) => isLoopback(repository));
  const { builder } = await chooseBuilder(wanted, hostNetwork, deps);
  try {
    const { buildPlatforms, platforms } = lock.inputs;
    const here = await readBuildPlatforms(platforms, builder.name, tree.folder, join(deps.temp, 'platforms'), deps);
    for (const line of differingMembers('', buildPlatforms, here, ['compiled on', 'here on']))
      deps.log.notice(`another platform compiles than did for the lock: ${line}`);
    return await buildImage(
      {
        lock,
        tree,
        builder: builder.name,
        bases: local,
        crates,
        noCache: true,
      },
      join(deps.temp, 'reproduced'),
      deps,
    );
  } finally {
    await builder.remove();
  }
}

/** The lock's bases must be in their registries still; all that are gone are named. */
async function requireBases(bases: readonly Reference[], platforms: readonly Platform[], deps: Deps): Promise<void> {
  const gone: string[] = [];
  for (const base of bases)
    await pinBase(base, platforms, deps).catch((error: unknown) => {
      if (!(error instanceof Failure) || error.kind !== 'not-found') throw error;
      gone.push(error.message);
    });
  if (gone.length > 0) throw new Failure('not-found', gone.join('\n'));
}

/** Base images that somebody put into the bundle: used when both are there, each the one that the lock names. */
async function localBases(
  folder: string,
  bases: { rust: Reference; shell: Reference },
): Promise<LocalBases | undefined> {
  const layouts = { rust: join(folder, EVIDENCE.base('rust')), shell: join(folder, EVIDENCE.base('shell')) };
  const there = await Promise.all(Object.values(layouts).map((layout) => stat(layout).catch(() => undefined)));
  if (there.every((status) => status === undefined)) return undefined;
  const local = async (name: 'rust' | 'shell') => {
    const { digest } = await topOfLayout(layouts[name]);
    if (digest !== bases[name].digest)
      throw new Failure(
        'verification',
        `${EVIDENCE.base(name)} in the evidence is ${digest}, and the lock's ${name} base is ${bases[name].digest ?? ''}`,
      );
    return { folder: layouts[name], digest };
  };
  return { rust: await local('rust'), shell: await local('shell') };
}
