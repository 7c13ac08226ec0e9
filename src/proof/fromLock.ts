import { mkdtemp, readFile, stat, symlink } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import type { Deps } from '../deps.js';
import { differingMembers } from '../difference.js';
import { Failure } from '../errors.js';
import type { LocalBases } from '../image/build/arguments.js';
import { pinBase } from '../image/build/bases.js';
import { readBuildPlatforms } from '../image/build/buildPlatform.js';
import { chooseBuilder } from '../image/build/builder.js';
import { buildImage } from '../image/build/image.js';
import type { ComposedImage } from '../image/layout/compose.js';
import { topOfLayout } from '../image/layout/layout.js';
import { type Bases, needHostNetwork, type Reference } from '../image/reference.js';
import type { Platform } from '../platform.js';
import { type Confirmed, orLacking } from './confirm.js';
import { EVIDENCE, type OpenedEvidence, readCrates } from './evidence.js';
import { lockedBases } from './lock.js';

/**
 * Builds what a lock says, without cache, from its verified source, the crates in its evidence, and the base images there or else
 * in their registries. Failures are class not-found for what is nowhere.
 */
export async function buildFromLock(
  evidence: OpenedEvidence,
  { tree }: Confirmed,
  wanted: string | undefined,
  deps: Deps,
): Promise<ComposedImage> {
  const { lock, folder } = evidence;
  const bases = lockedBases(lock.inputs);
  const local = await localBases(folder, bases, deps);
  if (local === undefined) await requireBases(Object.values(bases), lock.inputs.platforms, deps);
  const crates = await cratesOfEvidence(folder, await readFile(join(tree.folder, 'Cargo.lock'), 'utf8'), deps);
  // Bases from the evidence are anybody's, and no registry is asked for them.
  const hostNetwork = local === undefined && needHostNetwork(bases);
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

/** The folder of crates to build with. An empty one, too: without any the build would ask crates.io, with a shell and a network. */
async function cratesOfEvidence(folder: string, cargoLock: string, deps: Deps): Promise<string> {
  // Absolute: buildx takes some relative paths for addresses of repositories.
  const crates = resolve(folder, EVIDENCE.crates);
  const { size } = await orLacking(readCrates(crates, cargoLock));
  if (size > 0) return crates;
  return mkdtemp(join(deps.temp, 'no-crates-'));
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
async function localBases(folder: string, bases: Bases, deps: Deps): Promise<LocalBases | undefined> {
  const layouts = { rust: join(folder, EVIDENCE.base('rust')), shell: join(folder, EVIDENCE.base('shell')) };
  const there = await Promise.all(Object.values(layouts).map((layout) => stat(layout).catch(() => undefined)));
  if (there.every((status) => status === undefined)) return undefined;
  const local = async (name: 'rust' | 'shell') => {
    const { digest } = await orLacking(topOfLayout(layouts[name]));
    if (digest !== bases[name].digest)
      throw new Failure(
        'verification',
        `${EVIDENCE.base(name)} in the evidence is ${digest}, and the lock's ${name} base is ${bases[name].digest ?? ''}`,
      );
    return { folder: await linked(resolve(layouts[name]), deps), digest };
  };
  return { rust: await local('rust'), shell: await local('shell') };
}

/**
 * A layout by links to its parts, in a folder of ours: buildx finds no path with a colon or an at sign in it, and writes beside what it
 * reads.
 */
async function linked(layout: string, deps: Deps): Promise<string> {
  const folder = await mkdtemp(join(deps.temp, 'base-'));
  for (const name of ['blobs', 'index.json', 'oci-layout']) await symlink(join(layout, name), join(folder, name));
  return folder;
}
