import { readFile } from 'node:fs/promises';
import { Failure } from '../../errors.js';
import { sha256 } from '../../hash.js';
import { DOCKERFILE, wrapperVersion } from '../../wrapper.js';
import { LAYOUT_VERSION } from '../layout/compose.js';

/** How an image is made, named by hashes and versions; part of the lock. */
export type Recipe = { dockerfile: string; wrapper: string; layout: number };

/** The recipe of this release. */
export async function thisRecipe(): Promise<Recipe> {
  return {
    dockerfile: sha256(await readFile(DOCKERFILE)),
    wrapper: await wrapperVersion(),
    layout: LAYOUT_VERSION,
  };
}

/** The entrypoint that this release's Dockerfile gives an image. */
export async function thisEntrypoint(): Promise<string[]> {
  return entrypointOf(await readFile(DOCKERFILE, 'utf8'));
}

/** The last ENTRYPOINT of a Dockerfile, which must be in exec form on one line. Pure. */
export function entrypointOf(dockerfile: string): string[] {
  const line = [...dockerfile.matchAll(/^ENTRYPOINT (\[.*\])$/gm)].at(-1)?.[1];
  if (line === undefined) throw new Failure('local', 'the Dockerfile has no ENTRYPOINT in exec form on one line');
  return JSON.parse(line) as string[];
}
