import { cp, mkdir, mkdtemp, readdir, rename, rm, rmdir, writeFile } from 'node:fs/promises';
import { basename, dirname, join, resolve } from 'node:path';
import { randomBytes } from 'node:crypto';
import type { Deps } from '../../deps.js';
import { errorCode, Failure } from '../../errors.js';
import { type Platform, platformSlug } from '../../platform.js';
import { temporaryPlace } from '../../leftovers.js';
import { EVIDENCE } from '../../proof/evidence.js';
import { type Lock, lockFile } from '../../proof/lock.js';
import { printable } from '../../text.js';
import type { ComposedImage } from '../layout/compose.js';
import { dockerArchive } from '../layout/dockerArchive.js';
import type { Engine } from '../engine.js';
import { writeLayout } from '../layout/layout.js';
import { loadArchive } from '../check/smoke.js';

/** Names in an export folder. */
export const EXPORT = {
  layout: 'oci',
  lock: 'lock.json',
  evidence: 'evidence',
  archive: (platform: Platform) => `${platformSlug(platform)}.tar`,
};

/** What outlives the run: paths of the lock, of the folder of evidence, and of each platform's SBOM in it. */
export type Delivered = { lock: string; evidence: string; sboms: string[] };

/** What is to be delivered. `names` are the tags that docker-archives carry; without a `folder` there is no image. */
export type Delivery = { lock: Lock; evidence: string; names: readonly string[]; folder: string | undefined };

/** Leaves what outlives the run: the export folder if one is wanted; lock and evidence in any case. */
export async function deliver(image: ComposedImage, delivery: Delivery): Promise<Delivered> {
  const folder = delivery.folder ?? (await mkdtemp(join(temporaryPlace(), 'phantun-runtime-proof-')));
  if (delivery.folder === undefined) await writeProofs(delivery, folder);
  else await exportImage(image, delivery, folder);
  const evidence = join(folder, EXPORT.evidence);
  return {
    lock: join(folder, EXPORT.lock),
    evidence,
    sboms: image.images.map(({ platform }) => join(evidence, EVIDENCE.sbom(platform))),
  };
}

async function writeProofs({ lock, evidence }: Delivery, folder: string): Promise<void> {
  await writeFile(join(folder, EXPORT.lock), lockFile(lock));
  await cp(evidence, join(folder, EXPORT.evidence), { recursive: true });
}

/** Refuses, before anything is built, a folder that already holds something: nothing of the user's is overwritten. */
export async function requireEmptyExport(folder: string): Promise<void> {
  const shown = printable(folder, 1_000);
  const names = await readdir(folder).catch((error: unknown) => {
    const code = errorCode(error);
    if (code === 'ENOENT') return [];
    throw new Failure('input', `input export: ${shown} cannot be a folder to write to (${code ?? String(error)})`);
  });
  if (names.length > 0)
    throw new Failure('input', `input export: ${shown} is not empty. Name a new folder, or empty this one`);
}

/** Which platform `load` can put into the engine: its own. Refused before the build when that one is not built. */
export function loadablePlatform(platforms: readonly Platform[], engine: Engine | undefined): Platform {
  if (engine === undefined) throw new Failure('local', 'input load: no docker engine answers on this machine');
  const own = platforms.find((platform) => platform === engine.platform);
  if (own === undefined)
    throw new Failure(
      'input',
      `inputs load and platforms: docker here runs ${engine.platform}, which is not among ${platforms.join(', ')}. Add it, or leave load out`,
    );
  return own;
}

/** Loads one platform into docker under the names given. */
export async function loadImage(
  image: ComposedImage,
  platform: Platform,
  names: readonly string[],
  deps: Deps,
): Promise<void> {
  const file = join(deps.temp, 'load.tar');
  await writeFile(file, dockerArchive(image, platform, names));
  await loadArchive(file, deps);
  await rm(file);
  deps.log.info(`Loaded ${platform} into docker as ${names.join(', ')}`);
}

/** Writes layout, docker-archives and proofs, whole or not at all. */
async function exportImage(image: ComposedImage, delivery: Delivery, folder: string): Promise<void> {
  const target = resolve(folder);
  const half = join(dirname(target), `.${basename(target)}-${randomBytes(6).toString('hex')}`);
  await mkdir(half, { recursive: true });
  try {
    await writeLayout(image, join(half, EXPORT.layout));
    for (const { platform } of image.images)
      await writeFile(join(half, EXPORT.archive(platform)), dockerArchive(image, platform, delivery.names));
    await writeProofs(delivery, half);
    await rmdir(target).catch(ignoreAbsent);
    await rename(half, target);
  } catch (error) {
    await rm(half, { recursive: true, force: true });
    throw error;
  }
}

function ignoreAbsent(error: unknown): void {
  if (errorCode(error) !== 'ENOENT') throw error;
}
