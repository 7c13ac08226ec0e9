import { readFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { Failure } from './errors.js';

/** This project's own folder, which holds action.yml, Dockerfile and package.json beside `dist` (or `src`). */
export const WRAPPER_FOLDER = join(dirname(fileURLToPath(import.meta.url)), '..');

export const DOCKERFILE = join(WRAPPER_FOLDER, 'Dockerfile');
export const ACTION_FILE = join(WRAPPER_FOLDER, 'action.yml');
/** The bundle of packer.ts: a worker is started from a file, and node starts none from TypeScript. */
export const PACKER = join(WRAPPER_FOLDER, 'dist', 'packer.js');

/** This project's version, as package.json has it. */
export async function wrapperVersion(): Promise<string> {
  const { version } = JSON.parse(await readFile(join(WRAPPER_FOLDER, 'package.json'), 'utf8')) as { version: string };
  return version;
}

/** Refuses, with a sentence, what is not Linux: paths, process groups and docker's engine differ elsewhere. */
export function requireLinux(platform: NodeJS.Platform = process.platform): void {
  if (platform !== 'linux')
    throw new Failure(
      'input',
      `phantun-runtime runs on Linux only, not on ${platform}. Use a runner such as ubuntu-24.04`,
    );
}
