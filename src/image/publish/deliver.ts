import { mkdir, readdir, rename, rm } from 'node:fs/promises';
import { basename, join, resolve } from 'node:path';
import type { Deps } from '../../deps.js';
import { notEmpty } from '../../emptyFolder.js';
import { Failure } from '../../errors.js';
import { copyOut, writeOut } from '../../files.js';
import { makeFolderIn, makeKeptFolder } from '../../ownFolder.js';
import { type Platform, platformSlug } from '../../platform.js';
import { EVIDENCE } from '../../proof/evidence.js';
import { type Lock, lockFile } from '../../proof/lock.js';
import { printable } from '../../text.js';
import { type Engine, loadArchive } from '../engine.js';
import type { ComposedImage } from '../layout/compose.js';
import { dockerArchive } from '../layout/dockerArchive.js';
import { writeLayout } from '../layout/layout.js';

/** Names in an export folder. */
export const EXPORT = {
  layout: 'oci',
  lock: 'lock.json',
  evidence: 'evidence',
  archive: (platform: Platform) => `${platformSlug(platform)}.tar`,
};

/** How messages name the input that says where. */
export const EXPORT_INPUT = 'input export';

/** What outlives the run: paths of the lock, of the folder of evidence, and of each platform's SBOM in it. */
export type Delivered = { lock: string; evidence: string; sboms: string[] };

/** What is to be delivered. `names` are the tags that docker-archives carry; without a `folder` there is no image. */
export type Delivery = { lock: Lock; evidence: string; names: readonly string[]; folder: string | undefined };

/**
 * Leaves what outlives the run: the export folder if one is wanted, else lock and evidence, which are in the place returned when
 * the run has succeeded. An export stays when something fails after it: it is whole.
 */
export async function deliver(
  image: ComposedImage,
  delivery: Delivery,
  { temp }: Pick<Deps, 'temp'>,
): Promise<Delivered> {
  const folder =
    delivery.folder === undefined
      ? await keepProofs(delivery, temp)
      : await exportImage(image, delivery, delivery.folder, temp);
  const evidence = join(folder, EXPORT.evidence);
  return {
    lock: join(folder, EXPORT.lock),
    evidence,
    sboms: image.images.map(({ platform }) => join(evidence, EVIDENCE.sbom(platform))),
  };
}

async function keepProofs(delivery: Delivery, temp: string): Promise<string> {
  const { now, then } = await makeKeptFolder(temp);
  await writeProofs(delivery, now);
  return then;
}

async function writeProofs({ lock, evidence }: Delivery, folder: string): Promise<void> {
  await writeOut(join(folder, EXPORT.lock), lockFile(lock));
  await copyOut(evidence, join(folder, EXPORT.evidence));
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
  await writeOut(file, dockerArchive(image, platform, names));
  await loadArchive(file, deps);
  await rm(file);
  deps.log.info(`Loaded ${platform} into docker as ${names.join(', ')}`);
}

/**
 * Writes layout, docker-archives and proofs, whole or not at all. They are made in a folder inside the export folder, which may
 * be a mount point, or all that may be written to, and moved up when they are whole, the lock last: without it, it is no export.
 */
async function exportImage(image: ComposedImage, delivery: Delivery, folder: string, temp: string): Promise<string> {
  const target = resolve(folder);
  await mkdir(target, { recursive: true });
  const half = await makeFolderIn(target, temp);
  try {
    await writeLayout(image, join(half, EXPORT.layout));
    for (const { platform } of image.images)
      await writeOut(join(half, EXPORT.archive(platform)), dockerArchive(image, platform, delivery.names));
    await writeProofs(delivery, half);
    const others = (await readdir(target)).filter((name) => name !== basename(half));
    if (others.length > 0) throw notEmpty('local', EXPORT_INPUT, printable(folder, 1_000), others);
    const names = (await readdir(half)).filter((name) => name !== EXPORT.lock);
    for (const name of [...names, EXPORT.lock]) await rename(join(half, name), join(target, name));
    return folder;
  } finally {
    await rm(half, { recursive: true, force: true });
  }
}
