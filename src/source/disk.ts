import { constants } from 'node:fs';
import { chmod, lstat, mkdir, open, readdir, readlink } from 'node:fs/promises';
import { errorCode, Failure } from '../errors.js';
import { noRoom } from '../files.js';
import { printablePath } from '../text.js';
import type { Entry } from './archive.js';
import { pathFault } from './tree.js';

/**
 * Writes the entries as plain files (0644, or 0755 when executable) and folders (0755) into `folder`, which must be
 * empty or not exist. Names keep their bytes; nothing is overwritten and no link is followed.
 *
 * @throws Failure `verification` for a symlink or an unsafe path, before anything is written; `local` when the folder
 *   is not empty. A failure midway leaves files behind: `folder` belongs to the caller, who removes it.
 */
export async function writeTree(entries: readonly Entry[], folder: string): Promise<void> {
  for (const { path, kind } of entries) {
    const fault = pathFault(path, kind);
    if (fault !== undefined)
      throw new Failure('verification', `'${printablePath(path)}' is refused: ${fault}; nothing was written`);
    if (kind === 'symlink')
      throw new Failure(
        'verification',
        `'${printablePath(path)}' is a symbolic link, and a tree with a symlink is not built: upstream never had one, ` +
          'and it could lead the build outside of its folder. Choose a `ref` without it',
      );
  }
  await emptyFolder(folder);
  const folders = new Set<string>();
  for (const entry of entries) {
    try {
      await writeEntry(folder, entry, folders);
    } catch (error) {
      throw notWritten(error, entry, folder);
    }
  }
}

async function writeEntry(folder: string, { path, kind, executable, data }: Entry, made: Set<string>): Promise<void> {
  for (let slash = path.indexOf('/'); slash !== -1; slash = path.indexOf('/', slash + 1))
    await makeFolder(folder, path.slice(0, slash), made);
  if (kind === 'directory') await makeFolder(folder, path, made);
  else await makeFile(onDisk(folder, path), data, executable ? 0o755 : 0o644);
}

/** node's own message would carry the raw name, which can hold line breaks and workflow commands. */
function notWritten(error: unknown, { path, data }: Entry, folder: string): Failure {
  const file = `'${printablePath(path)}' below '${folder}'`;
  const code = errorCode(error) ?? 'unknown error';
  const remedies: Record<string, string> = {
    EEXIST: 'the file system takes it for a name that exists already: use one that tells upper and lower case apart',
    ENAMETOOLONG: 'the name is longer than this file system allows: use a temporary folder with a shorter path',
  };
  const remedy = remedies[code] ?? `${code}: check that the folder can be written`;
  return noRoom(error, file, data.length) ?? new Failure('local', `cannot write ${file}: ${remedy}`, { cause: error });
}

async function emptyFolder(folder: string): Promise<void> {
  try {
    await mkdir(folder, { mode: 0o755 });
  } catch (error) {
    if (errorCode(error) !== 'EEXIST') throw error;
    if (!(await lstat(folder)).isDirectory() || (await readdir(folder)).length > 0)
      throw new Failure('local', `'${folder}' is not an empty folder; the source needs one of its own`, {
        cause: error,
      });
  }
  await chmod(folder, 0o755);
}

async function makeFolder(folder: string, path: string, made: Set<string>): Promise<void> {
  if (made.has(path)) return;
  made.add(path);
  await mkdir(onDisk(folder, path));
  await chmod(onDisk(folder, path), 0o755); // mkdir's mode is cut by the umask, and so is open's below
}

async function makeFile(path: Buffer, data: Buffer, mode: number): Promise<void> {
  const file = await open(path, 'wx', mode);
  try {
    await file.writeFile(data);
    await file.chmod(mode);
  } finally {
    await file.close();
  }
}

/**
 * The entries of a folder on disk, in any order, to be hashed again with `treeId`. Links are read, never
 * followed; a file is executable when its owner may execute it.
 *
 * @throws Failure `verification` for a device, FIFO or socket: git has no such thing
 */
export async function readTree(folder: string): Promise<Entry[]> {
  const entries: Entry[] = [];
  const pending = (await readdir(folder, { encoding: 'buffer' })).map((name) => name.toString('latin1'));
  for (let path = pending.pop(); path !== undefined; path = pending.pop()) {
    const entry = await readEntry(onDisk(folder, path), path);
    entries.push(entry);
    if (entry.kind !== 'directory') continue;
    for (const name of await readdir(onDisk(folder, path), { encoding: 'buffer' }))
      pending.push(`${path}/${name.toString('latin1')}`);
  }
  return entries;
}

async function readEntry(location: Buffer, path: string): Promise<Entry> {
  const stats = await lstat(location);
  if (stats.isDirectory()) return { path, kind: 'directory', executable: false, data: Buffer.alloc(0) };
  if (stats.isSymbolicLink())
    return { path, kind: 'symlink', executable: false, data: await readlink(location, { encoding: 'buffer' }) };
  if (!stats.isFile())
    throw new Failure('verification', `'${printablePath(path)}' is neither file, folder nor link: something made it`);
  const file = await open(location, constants.O_RDONLY | constants.O_NOFOLLOW);
  try {
    return { path, kind: 'file', executable: (stats.mode & 0o100) !== 0, data: await file.readFile() };
  } finally {
    await file.close();
  }
}

/** A path below `folder` as the bytes it has; a string would be rewritten as UTF-8. */
function onDisk(folder: string, path: string): Buffer {
  return Buffer.concat([Buffer.from(`${folder}/`), Buffer.from(path, 'latin1')]);
}
