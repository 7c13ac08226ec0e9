import { cp, stat, writeFile } from 'node:fs/promises';
import { Failure, errorCode } from './errors.js';
import { humanSize, printable } from './text.js';

const NO_ROOM: Record<string, (size: string) => string> = {
  ENOSPC: (size) => `no space left for its ${size}. Free some disk space and run again`,
  EDQUOT: (size) => `the disk quota has no room for its ${size}. Free some disk space and run again`,
  EROFS: (size) => `its ${size} cannot be written, the file system is read-only. Name a folder that can be written to`,
};

/**
 * Why there is no room for a file, with what it is and its size: of a write, node says neither. Undefined when it is something
 * else that went wrong. `file` is made safe to print. Pure.
 */
export function noRoom(error: unknown, file: string, bytes: number): Failure | undefined {
  const why = NO_ROOM[errorCode(error) ?? '']?.(humanSize(bytes));
  return why === undefined ? undefined : new Failure('local', `cannot write ${file}: ${why}`, { cause: error });
}

/** Writes a file; the failure when there is no room for it names it and its size. With `wx` it must not be there yet. */
export async function writeOut(path: string, data: string | Uint8Array, flag: 'w' | 'wx' = 'w'): Promise<void> {
  try {
    await writeFile(path, data, { flag });
  } catch (error) {
    throw noRoom(error, printable(path, 1_000), Buffer.byteLength(data)) ?? error;
  }
}

/** Copies a folder with all that is in it; the failure when there is no room for a file names it and its size. */
export async function copyOut(from: string, to: string): Promise<void> {
  try {
    await cp(from, to, { recursive: true });
  } catch (error) {
    const { path, dest } = error as NodeJS.ErrnoException & { dest?: string };
    if (path === undefined || dest === undefined) throw error; // that of a folder names it
    const { size } = await stat(path);
    throw noRoom(error, printable(dest, 1_000), size) ?? error;
  }
}
