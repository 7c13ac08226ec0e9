import { mkdtemp, rmdir } from 'node:fs/promises';
import { dirname, join, resolve } from 'node:path';
import { errorCode, Failure, type FailureClass } from './errors.js';
import { namesIn } from './files.js';
import { andMore, printable } from './text.js';

/**
 * Refuses, before anything is done, a folder that already holds something (nothing of the user's is overwritten) or that
 * cannot be made or written to. `what` names whoever asked for it: an input, a flag.
 */
export async function requireEmptyFolder(what: string, folder: string): Promise<void> {
  const target = resolve(folder);
  const shown = printable(folder, 1_000);
  const refuse = (error: unknown): never => {
    const why = errorCode(error) ?? String(error);
    throw new Failure('input', `${what}: ${shown} cannot be a folder to write to (${why})`, { cause: error });
  };
  const names = await namesIn(target).catch(refuse);
  if (names.length > 0) throw notEmpty('input', what, shown, names);
  await tryToWrite(target).catch(refuse);
}

/** Makes a folder in this one, or in the nearest above it that is there, and removes it: nothing else tells. */
async function tryToWrite(folder: string): Promise<void> {
  try {
    await rmdir(await mkdtemp(join(folder, '.phantun-runtime-')));
  } catch (error) {
    if (errorCode(error) !== 'ENOENT' || dirname(folder) === folder) throw error;
    await tryToWrite(dirname(folder));
  }
}

/** The failure of a folder that holds `names`; `what` asked for it, `shown` is its path, safe to print. Pure. */
export function notEmpty(kind: FailureClass, what: string, shown: string, names: readonly string[]): Failure {
  const held = `${printable(names[0] ?? '')}${andMore(names)}`;
  return new Failure(kind, `${what}: ${shown} is not empty, it holds ${held}. Name a new folder, or empty this one`);
}
