import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Entry } from '../../../src/source/archive.js';
import { writeTree } from '../../../src/source/disk.js';
import { git } from '../../support/repository.js';
import { SCRATCH } from '../budget.js';

/** What our reader accepted, and what it says of it. On one shelf roots differ. */
export type Accepted = {
  shelf: string;
  root: string;
  bytes: Buffer;
  packed: boolean;
  entries: Entry[];
  tree: string;
};

const EMPTY_TREE = '4b825dc642cb6eb9a060e54bf8d69288fbee4904';
const UNPACK = ['--extract', '--ignore-zeros', '--no-same-owner', '--touch'];
const WRITTEN = 'written';
/**
 * Unpacks all archives with the system's gzip and tar, side by side, lets git hash what is on disk then, and returns those
 * where it has another tree than we. A part of them is written by us too, and git hashes that as well.
 */
export async function disagreements(all: readonly Accepted[]): Promise<string[]> {
  const folder = mkdtempSync(join(SCRATCH, 'phantun-fuzz-'));
  try {
    const place = join(folder, 'place');
    const shelves = [...new Set(all.map(({ shelf }) => shelf))];
    for (const shelf of [...shelves, WRITTEN]) mkdirSync(join(place, shelf), { recursive: true });
    for (const shelf of shelves)
      unpack(
        all.filter((one) => one.shelf === shelf),
        join(place, shelf),
      );
    const written = all
      .filter(({ entries }, index) => index % 8 === 0 && entries.every(({ kind }) => kind !== 'symlink'))
      .map((one, index) => ({ ...one, shelf: WRITTEN, root: String(index) })); // a root may be no UTF-8, and node writes that
    for (const { root, entries } of written) await writeTree(entries, join(place, WRITTEN, root));
    return [
      ...compare([...all, ...written], hashed(folder, place, [...shelves, WRITTEN])),
      ...strays(folder, ['place', 'repository']),
      ...[...shelves, WRITTEN].flatMap((shelf) =>
        strays(
          join(place, shelf),
          [...all, ...written].filter((one) => one.shelf === shelf).map(({ root }) => root),
        ),
      ),
    ];
  } finally {
    execFileSync('rm', ['-rf', folder]);
  }
}

function compare(all: readonly Accepted[], ids: ReadonlyMap<string, string>): string[] {
  return all.flatMap(({ shelf, root, tree }) => {
    const id = ids.get(`${shelf}/${root}`) ?? EMPTY_TREE;
    return id === tree ? [] : [`${shelf}/${root}: git has the tree ${id}, and we ${tree}`];
  });
}

/** What is in a folder, and what is not, against what should be. */
function strays(folder: string, expected: readonly string[]): string[] {
  const found = readdirSync(folder, { encoding: 'latin1' });
  const other = [
    ...found.filter((name) => !expected.includes(name)),
    ...expected.filter((name) => !found.includes(name)),
  ];
  return other.map((name) => `in ${folder} this is not as it should be: ${name}`);
}

function unpack(all: readonly Accepted[], place: string): void {
  const packed = all.filter((one) => one.packed).map(({ bytes }) => bytes);
  const plain = all.filter((one) => !one.packed).map(({ bytes }) => bytes);
  const maxBuffer = 2 ** 30;
  const stdio = 'pipe';
  if (packed.length > 0)
    plain.push(execFileSync('gzip', ['--decompress', '--stdout'], { input: Buffer.concat(packed), maxBuffer, stdio }));
  execFileSync('tar', [...UNPACK, '--directory', place], { input: Buffer.concat(plain), maxBuffer, stdio });
  if (process.getuid?.() === 0) return;
  // Whoever is not root may not read what modes forbid its owner.
  execFileSync('find', [place, '-type', 'd', '!', '-perm', '-700', '-exec', 'chmod', 'u+rwx', '{}', ';'], { stdio });
  execFileSync('find', [place, '-type', 'f', '!', '-perm', '-400', '-exec', 'chmod', 'u+r', '{}', '+'], { stdio });
}

/** `SHELF/NAME`, one character a byte, with the ids git gives them; with all its protections on. */
function hashed(folder: string, place: string, shelves: readonly string[]): Map<string, string> {
  const repository = join(folder, 'repository');
  git(folder, ['init', '--quiet', '--bare', '--template=', repository]);
  mkdirSync(join(repository, 'info'));
  // Whatever the files are called, their bytes are what counts.
  writeFileSync(join(repository, 'info', 'attributes'), '* -text -ident -filter -working-tree-encoding\n');
  const settings = ['core.protectNTFS=true', 'core.protectHFS=true', 'core.compression=0', 'core.fsync=none'];
  const options = settings.flatMap((setting) => ['-c', setting]);
  const where = [`--git-dir=${repository}`, `--work-tree=${place}`];
  git(place, [...options, ...where, 'add', '--all', '--force', '.']);
  const tree = git(place, [...where, 'write-tree'])
    .toString()
    .trim();
  const folders = shelves.map((shelf) => `${shelf}/`);
  const listing = git(place, [...where, 'ls-tree', '-z', tree, ...folders]).toString('latin1');
  const ids = new Map<string, string>();
  for (const [, id = '', name = ''] of listing.matchAll(/\d{6} \w+ ([0-9a-f]{40})\t([^\0]+)\0/g)) ids.set(name, id);
  return ids;
}
