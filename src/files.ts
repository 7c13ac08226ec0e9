import { constants } from 'node:fs';
import { cp, open, readdir, stat, writeFile } from 'node:fs/promises';
import { Failure, errorCode, toFailure } from './errors.js';
import { humanSize, printable } from './text.js';

const { O_RDONLY, O_NONBLOCK, O_NOFOLLOW } = constants;

/**
 * Reads one file: a plain file of at most `maxBytes`, and no link to one unless links are followed. What is judged is what is
 * read, and nothing is waited for: a FIFO is refused as it is opened. `what` names the file in the failure, which is class
 * verification for what is not there, not a file or too large.
 */
export async function readCapped(
  path: string,
  maxBytes: number,
  what: string,
  links: 'refused' | 'followed' = 'refused',
): Promise<Buffer> {
  const shown = printable(path, 1_000);
  const refuse = (why: string, cause?: unknown) => new Failure('verification', `${what} ${why}`, { cause });
  const flags = O_RDONLY | O_NONBLOCK | (links === 'refused' ? O_NOFOLLOW : 0);
  const file = await open(path, flags).catch((error: unknown) => {
    const code = errorCode(error);
    if (code === 'ENOENT' || code === 'ENOTDIR') throw refuse(`is missing: there is no ${shown}`, error);
    // What open says of a link, and of a socket.
    if (code === 'ELOOP' || code === 'ENXIO') throw refuse(`is not a plain file: ${shown}`, error);
    throw error;
  });
  try {
    const status = await file.stat();
    if (!status.isFile()) throw refuse(`is not a plain file: ${shown}`);
    if (status.size > maxBytes) throw refuse(`has ${status.size} bytes, more than the ${maxBytes} allowed: ${shown}`);
    return await file.readFile();
  } finally {
    await file.close();
  }
}

/**
 * A file that a flag or an input of the user's names, which may be a link to it: people mount files. Class input when it cannot be
 * read, is no plain file, or is larger.
 */
export async function readGivenFile(flag: string, file: string, maxBytes: number, what = 'the file'): Promise<Buffer> {
  try {
    return await readCapped(file, maxBytes, what, 'followed');
  } catch (cause) {
    throw new Failure('input', `${flag}: ${toFailure(cause).message}`, { cause });
  }
}

/** What a folder holds; nothing when it is not there. */
export async function namesIn(folder: string): Promise<string[]> {
  return readdir(folder).catch((error: unknown) => {
    if (errorCode(error) !== 'ENOENT') throw error;
    return [];
  });
}

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
