import { Failure } from '../errors.js';
import { printablePath } from '../text.js';
import type { Entry } from './archive.js';
import { objectId } from './objectId.js';

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
  const seen = Buffer.from(name, 'latin1')
    .toString('utf8')
    .replace(/[\u200c-\u200f\u202a-\u202e\u206a-\u206f\ufeff]/g, '');
  return special.test(seen);
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
