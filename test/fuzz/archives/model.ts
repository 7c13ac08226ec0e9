import fc from 'fast-check';
import { pathIds } from '../../../src/source/tree.js';
import { type HeaderFields, member, paxRecord } from '../../support/tar.js';
import { type Blob, COMMIT_EPOCH } from '../../support/repository.js';

/** A header with what follows it: its fields, to be changed, and its bytes. */
export type Piece = { fields: HeaderFields; bytes: Buffer };

/** What a tar is made of before it is spoiled. The root has a name of its own, so that many can be unpacked side by side. */
export type Model = { root: string; commit: string; blobs: Blob[] };

/** Names that sort otherwise as a folder, that are not ASCII, not UTF-8, or that a program may take for something else. */
const TRAPS = [
  ...['a', 'a.b', 'a-', 'a0', 'a b', 'A', 'b', 'ab', 'a\x01', '...', '-rf', ' ', '.gitignore', 'git', '.g'],
  ...[
    '\xc3\xa9',
    'e\xcc\x81',
    '\xe2\x80\xaea',
    '\xf0\x9f\x98\x80',
    '\xff\xfe',
    'q"\\',
    '\n',
    '=\n9 path=x',
    '*',
    '%2f',
    '~',
  ],
];

/** Any bytes but what separates names, and no `g`: nothing of it can spell `.git`. */
const oddName = fc
  .uint8Array({ min: 1, max: 255, minLength: 1, maxLength: 12 })
  .map((bytes) => Buffer.from(bytes).toString('latin1').replace(/[/gG]/g, '_'))
  .map((name) => (/^\.{1,2}$/.test(name) ? `${name}x` : name));

/** About the lengths at which git puts a part of the path into the prefix, or the whole into an extended header. */
const longName = fc
  .tuple(fc.constantFrom('n', '\xc3\xa9'), fc.constantFrom(88, 89, 90, 91, 92, 99, 100, 101, 144, 145, 146, 200, 254))
  .map(([letter, length]) => letter.repeat(length).slice(0, length));

const name = fc.oneof(
  { weight: 8, arbitrary: fc.constantFrom(...TRAPS) },
  { weight: 1, arbitrary: oddName },
  { weight: 1, arbitrary: longName },
);

const content = fc.oneof(
  fc.uint8Array({ maxLength: 40 }).map((bytes) => Buffer.from(bytes)),
  fc.constantFrom(0, 511, 512, 513).map((length) => Buffer.alloc(length, 'x')),
);

const target = fc.oneof(
  fc.constantFrom('a', '..', '../../outside', '/etc/passwd', '.git/config', 't'.repeat(100), 't'.repeat(101)),
  oddName,
);

const leaf = fc.record({
  names: fc.array(name, { minLength: 1, maxLength: 4 }),
  mode: fc.constantFrom<Blob['mode'][]>('100644', '100644', '100755', '120000'),
  content,
  target,
});

/** What a commit may hold, without a contradiction: what would be a file and a folder is dropped. */
export const blobs = fc.array(leaf, { maxLength: 8 }).map((leaves) => {
  const files = new Map<string, Blob>();
  const folders = new Set<string>();
  for (const { names, mode, content: bytes, target: link } of leaves) {
    const parents = parentsOf(names.join('/'));
    const path = names.join('/');
    if (files.has(path) || folders.has(path) || parents.some((parent) => files.has(parent))) continue;
    for (const parent of parents) folders.add(parent);
    files.set(path, { path, mode, data: mode === '120000' ? Buffer.from(link, 'latin1') : bytes });
  }
  return [...files.values()];
});

/** Of a path `a/b/c`: `a` and `a/b`. */
export function parentsOf(path: string): string[] {
  const names = path.split('/');
  return names.slice(1).map((_, index) => names.slice(0, index + 1).join('/'));
}

/** The members that `git archive --prefix=ROOT/` writes of these blobs, in its order. See git's archive-tar.c. */
export function membersOf({ root, commit, blobs: files }: Model): Piece[] {
  const ids = pathIds(files.map(entryOf));
  const global = pieceOf({ name: 'pax_global_header', type: 'g', mode: 0o666, data: paxRecord('comment', commit) });
  const folders = new Set(files.flatMap(({ path }) => parentsOf(path)));
  const listed = [
    ...[...folders].map((path) => ({ key: `${path}/`, fields: folderFields(`${root}/${path}/`, ids.get(path)?.id) })),
    ...files.map((file) => ({
      key: file.path,
      fields: blobFields(`${root}/${file.path}`, file, ids.get(file.path)?.id),
    })),
  ].sort((one, other) => (one.key < other.key ? -1 : 1));
  const pieces = listed.flatMap(({ fields }) => fields.map(pieceOf));
  return [global, ...folderFields(`${root}/`, undefined).map(pieceOf), ...pieces];
}

export function pieceOf(fields: HeaderFields): Piece {
  return { fields, bytes: member({ mtime: COMMIT_EPOCH, ...fields }) };
}

function entryOf({ path, mode, data }: Blob) {
  return {
    path,
    kind: mode === '120000' ? ('symlink' as const) : ('file' as const),
    executable: mode === '100755',
    data,
  };
}

function folderFields(path: string, id: string | undefined): HeaderFields[] {
  return named(path, id, { type: '5', mode: 0o775 });
}

function blobFields(path: string, { mode, data }: Blob, id: string | undefined): HeaderFields[] {
  if (mode !== '120000') return named(path, id, { mode: mode === '100755' ? 0o775 : 0o664, data });
  const link = data.toString('latin1');
  const isLong = link.length > 100;
  const fields = { type: '2', mode: 0o777, link: isLong ? `see ${id ?? ''}.paxheader` : link };
  return named(path, id, fields, isLong ? paxRecord('linkpath', link) : '');
}

/** A header whose path fits, or is split at a slash, or stands in an extended header before it. */
function named(path: string, id = '', fields: Omit<HeaderFields, 'name'>, records = ''): HeaderFields[] {
  let place: { name: string; prefix?: string } = { name: path };
  let extended = records;
  if (path.length > 100) {
    const slash = path.lastIndexOf('/', Math.min(path.replace(/\/$/, '').length, 155) - 1);
    if (slash > 0 && path.length - slash - 1 <= 100)
      place = { name: path.slice(slash + 1), prefix: path.slice(0, slash) };
    else {
      place = { name: `${id}.data` };
      extended = `${paxRecord('path', path)}${records}`;
    }
  }
  const header = { ...fields, ...place };
  if (extended === '') return [header];
  return [{ name: `${id}.paxheader`, type: 'x', mode: 0o666, data: extended }, header];
}
