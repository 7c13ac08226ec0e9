import { lstat, readFile, readdir, readlink, realpath, rm } from 'node:fs/promises';
import { join } from 'node:path';
import type { Deps } from './deps.js';
import { Failure, toFailure } from './errors.js';
import { elsewhere, isAbandoned, isOwnFolder, removeAllMade, removeOwnFolder, temporaryPlace } from './ownFolder.js';
import { printable } from './text.js';

/** What the runner keeps of a step for its post step: the name of its folder, once it has one. */
export const FOLDER_STATE = 'folder';

/**
 * Removes what runs on this machine left that were killed: those whose process is gone, and nothing else. What cannot be removed
 * is told of; it keeps no run from its work.
 */
export async function removeAbandoned({ log, signal }: Pick<Deps, 'log' | 'signal'>): Promise<void> {
  for (const name of await readdir(temporaryPlace()).catch(() => [])) {
    const folder = join(temporaryPlace(), name);
    if (!isOwnFolder(folder) || !(await isMine(folder)) || !(await isAbandoned(folder))) continue;
    const trouble = await removeLeftovers(folder, { signal });
    if (signal.aborted) throw new Failure('cancelled', 'removing what an earlier run left was cancelled');
    if (trouble !== undefined) log.warning(trouble);
  }
}

/** On a machine that people share, the temporary folder is theirs, too. */
async function isMine(folder: string): Promise<boolean> {
  const status = await lstat(folder).catch(() => undefined);
  return status?.isDirectory() === true && status.uid === process.getuid?.();
}

/**
 * Removes what one run left: children that name its folder or work in it, what it made in docker and elsewhere, the folder.
 * Nothing of any other folder. Never rejects: resolves with what could not be removed and why, or undefined.
 */
export async function removeLeftovers(folder: string, deps?: Pick<Deps, 'signal'>): Promise<string | undefined> {
  if (!isOwnFolder(folder) || !(await isMine(folder))) return undefined;
  try {
    await killChildren(folder);
    const trouble = await removeAllMade(folder, deps);
    await removeElsewhere(folder);
    await removeOwnFolder(folder);
    return trouble === undefined ? undefined : `what an earlier run made in docker could not be removed: ${trouble}`;
  } catch (error) {
    return `what an earlier run left in ${folder} could not be removed: ${printable(toFailure(error).message, 400)}`;
  }
}

async function removeElsewhere(folder: string): Promise<void> {
  const made = await elsewhere(folder);
  if (made !== undefined && (await isMine(made))) await rm(made, { recursive: true, force: true });
}

async function killChildren(folder: string): Promise<void> {
  // As /proc names it.
  const real = await realpath(folder);
  for (const name of await readdir('/proc')) {
    if (!/^\d+$/.test(name) || Number(name) === process.pid) continue;
    const words = (await readFile(`/proc/${name}/cmdline`, 'utf8').catch(() => '')).split('\0');
    const place = await readlink(`/proc/${name}/cwd`).catch(() => '');
    if (!words.some((word) => word === folder || word.includes(`${folder}/`)) && !`${place}/`.startsWith(`${real}/`))
      continue;
    try {
      process.kill(Number(name), 'SIGKILL');
    } catch {
      // It ended by itself.
    }
  }
}
