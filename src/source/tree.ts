import { createHash } from 'node:crypto';
import { constants } from 'node:fs';
import { chmod, lstat, mkdir, open, readdir, readlink } from 'node:fs/promises';
import { errorCode, Failure } from '../errors.js';
import { humanSize, printablePath } from '../text.js';
import type { Entry } from './archive.js';

/** What git knows of a path: its mode as `git ls-tree` prints it (`100644`, `040000`, …) and its id, 40 hex digits. */
export type TreeItem = { mode: string; id: string };

type Folder = Map<string, Entry | Folder>;

/**
 * git's SHA-1 id of the tree these entries make, 40 hex digits: files are 100644 or 100755, symlinks 120000, folders
 * 40000 and sorted as if their names ended in `/`, empty folders do not exist. The format is the one of
 * `git hash-object -t tree`.
 *
 * @throws Failure `verification` when two entries claim one path
 */
export function treeId(entries: readonly Entry[]): string {
  return hashFolder(plant(entries), '', new Map()).id;
}

/** Every path that git would list (folders too, the root not) with its mode and id: what `git ls-tree -r -t` prints. */
export function pathIds(entries: readonly Entry[]): Map<string, TreeItem> {
  const items = new Map<string, TreeItem>();
  hashFolder(plant(entries), '', items);
  return items;
}

/**
 * Why git would refuse to hold this path (one character a byte, relative), or undefined. The rules are those of git's
 * verify_path with its protections for case-blind file systems, NTFS and HFS+ all switched on; links have one more.
 */
export function pathFault(path: string, kind: Entry['kind'] = 'file'): string | undefined {
  if (path.includes('\0')) return 'its name holds a NUL byte';
  if (path.startsWith('/')) return 'its path is absolute';
  for (const name of path.split('/')) {
    if (name === '') return 'its path has an empty component';
    if (name === '.' || name === '..') return `its path has the component '${name}'`;
    if (means(DOT_GIT, name)) return "its path has a component that means '.git'";
    if (kind === 'symlink' && means(DOT_GITMODULES, name))
      return "it is a link with a component that means '.gitmodules'";
  }
  return undefined;
}

// NTFS drops trailing dots and spaces, has streams behind a colon, and short names: GITMOD~1, or a hash for more of them.
const SHORT_NAMES = [0, 1, 2, 3, 4, 5, 6].map((length) => `${'gi7eba'.slice(0, length)}~[1-9]\\d{${6 - length}}`);
const DOT_GIT = meaning('\\.git|git~1');
const DOT_GITMODULES = meaning(`\\.gitmodules|gitmod~[1-4]|${SHORT_NAMES.join('|')}`);

/** For git a name ends, on HFS+, where it is no UTF-8 or holds what is no character. */
function meaning(names: string): RegExp {
  return new RegExp(`^(?:${names})[. ]*(?:[:\\\\\\ufffd\\p{NChar}].*)?$`, 'isu');
}

/** Whether any file system may read a name as one of these; HFS+ ignores marks. */
function means(special: RegExp, name: string): boolean {
  if (!/[g~]/i.test(name)) return false; // most names, three times as fast
  const seen = Buffer.from(name, 'latin1')
    .toString('utf8')
    .replace(/[\u200c-\u200f\u202a-\u202e\u206a-\u206f\ufeff]/g, '');
  return special.test(seen);
}

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
  const code = errorCode(error) ?? 'unknown error';
  const remedies: Record<string, string> = {
    EEXIST: 'the file system takes it for a name that exists already: use one that tells upper and lower case apart',
    ENAMETOOLONG: 'the name is longer than this file system allows: use a temporary folder with a shorter path',
    ENOSPC: `no space left for its ${humanSize(data.length)}: free some disk space and run again`,
    EDQUOT: `the disk quota has no room for its ${humanSize(data.length)}: free some disk space and run again`,
  };
  const remedy = remedies[code] ?? `${code}: check that the folder can be written`;
  return new Failure('local', `cannot write '${printablePath(path)}' below '${folder}': ${remedy}`, { cause: error });
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
 * The entries of a folder on disk, in any order, to be hashed again with {@link treeId}. Links are read, never
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

function plant(entries: readonly Entry[]): Folder {
  const root: Folder = new Map();
  for (const entry of entries) {
    const names = entry.path.split('/');
    const last = names.pop() ?? '';
    let folder = root;
    for (const name of names) folder = subfolder(folder, name, entry);
    if (entry.kind === 'directory') subfolder(folder, last, entry);
    else if (folder.has(last)) throw claimedTwice(entry);
    else folder.set(last, entry);
  }
  return root;
}

function subfolder(folder: Folder, name: string, entry: Entry): Folder {
  const found = folder.get(name) ?? new Map<string, Entry | Folder>();
  if (!(found instanceof Map)) throw claimedTwice(entry);
  folder.set(name, found);
  return found;
}

function claimedTwice(entry: Entry): Failure {
  return new Failure('verification', `two entries claim the path '${printablePath(entry.path)}'`);
}

function hashFolder(folder: Folder, prefix: string, items: Map<string, TreeItem>): { id: string; empty: boolean } {
  const lines = new Map<string, Buffer>();
  for (const [name, child] of folder) {
    const item = hashChild(child, `${prefix}${name}`, items);
    if (item === undefined) continue;
    items.set(`${prefix}${name}`, item);
    // git writes the mode of a folder without its leading zero
    const line = Buffer.from(
      `${item.mode.replace(/^0/, '')} ${name}\0${Buffer.from(item.id, 'hex').toString('latin1')}`,
      'latin1',
    );
    // The key is what git sorts by, as bytes: one character each here.
    lines.set(item.mode === '040000' ? `${name}/` : name, line);
  }
  const sorted = [...lines.keys()].sort().map((key) => lines.get(key) ?? Buffer.alloc(0));
  return { id: objectId('tree', Buffer.concat(sorted)), empty: lines.size === 0 };
}

function hashChild(child: Entry | Folder, path: string, items: Map<string, TreeItem>): TreeItem | undefined {
  if (child instanceof Map) {
    const { id, empty } = hashFolder(child, `${path}/`, items);
    return empty ? undefined : { mode: '040000', id };
  }
  const mode = child.kind === 'symlink' ? '120000' : child.executable ? '100755' : '100644';
  return { mode, id: objectId('blob', child.data) };
}

function objectId(type: 'blob' | 'tree', content: Buffer): string {
  return createHash('sha1').update(`${type} ${content.length}\0`).update(content).digest('hex');
}
