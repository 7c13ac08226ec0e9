import { mkdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import type { Deps } from '../../deps.js';
import { writeOut } from '../../files.js';
import { type Platform, platformSlug } from '../../platform.js';
import { type Lock, buildKey } from '../../proof/lock.js';
import { thisEntrypoint } from '../build/recipe.js';
import type { Engine } from '../engine.js';
import { imageLabels } from '../labels.js';
import type { ComposedImage } from '../layout/compose.js';
import { dockerArchive } from '../layout/dockerArchive.js';
import { readLayout } from '../layout/layout.js';
import { type CheckedFact, checkImage } from './check.js';
import { type SmokeResult, smokeTest } from './smoke.js';

/** A layout that was read back from disk and found to be what its lock says. */
export type CheckedImage = { image: ComposedImage; facts: CheckedFact[] };

/** Reads a layout from disk, every digest recomputed, and requires of it all that its lock promises. */
export async function checkLayout(folder: string, { inputs, facts }: Lock): Promise<CheckedImage> {
  const labels = imageLabels(inputs, facts.version, buildKey(inputs));
  const image = await readLayout(folder);
  const checked = checkImage(image, {
    platforms: inputs.platforms,
    epochSeconds: inputs.epoch,
    labels,
    annotations: labels,
    entrypoint: await thisEntrypoint(),
  });
  return { image, facts: checked };
}

/** Runs a checked image on every platform the engine can run; a docker-archive of one platform is on disk at a time. */
export function smokeImage(
  image: ComposedImage,
  version: string,
  engine: Engine | undefined,
  deps: Deps,
): Promise<SmokeResult[]> {
  const folder = join(deps.temp, 'smoke');
  const archive = (platform: Platform) => async (tag: string) => {
    await rm(folder, { recursive: true, force: true });
    await mkdir(folder);
    const file = join(folder, `${platformSlug(platform)}.tar`);
    await writeOut(file, dockerArchive(image, platform, [tag]));
    return file;
  };
  return smokeTest(new Map(image.images.map(({ platform }) => [platform, archive(platform)])), version, engine, deps);
}
