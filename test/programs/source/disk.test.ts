import fc from 'fast-check';
import { execFileSync } from 'node:child_process';
import {
  chmodSync,
  lstatSync,
  mkdirSync,
  readFileSync,
  readdirSync,
  readlinkSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { afterAll, beforeEach, describe, expect, test } from 'vitest';
import { Failure } from '../../../src/errors.js';
import type { Entry } from '../../../src/source/archive.js';
import { readTree, writeTree } from '../../../src/source/disk.js';
import { treeId } from '../../../src/source/tree.js';
import { entry, git, temporary, trees } from '../../support/repository.js';

const folder = temporary();
let target = '';
let count = 0;
beforeEach(() => {
  count += 1;
  target = join(folder, `tree-${count}`);
});
afterAll(() => {
  rmSync(folder, { recursive: true });
});

async function failureOf(action: Promise<unknown>): Promise<Failure> {
  const error: unknown = await action.then(
    () => new Error('was accepted'),
    (reason: unknown) => reason,
  );
  if (error instanceof Failure) return error;
  throw error;
}

describe('writeTree', () => {
  test('writes files, folders, bytes and modes, whatever the umask', async () => {
    const before = process.umask(0o077);
    try {
      await writeTree(
        [entry('d', 'directory'), entry('d/\xff\n', 'file', 'x'), entry('run', 'file', '#!', true)],
        target,
      );
    } finally {
      process.umask(before);
    }
    const modes = ['', 'd', 'run'].map((name) => lstatSync(join(target, name)).mode & 0o7777);
    expect(modes).toEqual([0o755, 0o755, 0o755]);
    const odd = Buffer.concat([Buffer.from(`${target}/d/`), Buffer.from('\xff\n', 'latin1')]);
    expect(lstatSync(odd).mode & 0o7777).toBe(0o644);
    expect(readFileSync(odd, 'utf8')).toBe('x');
    expect(readdirSync(join(target, 'd'), { encoding: 'buffer' })).toEqual([Buffer.from('\xff\n', 'latin1')]);
  });

  test('git finds the same tree on disk, and so does readTree', async () => {
    await fc.assert(
      fc.asyncProperty(trees, async (all) => {
        count += 1;
        const entries = all.filter(({ kind }) => kind !== 'symlink');
        const place = join(folder, `tree-${count}`);
        await writeTree(entries, place);
        expect(treeId(await readTree(place))).toBe(treeId(entries));
        git(place, ['init', '--quiet']);
        git(place, ['add', '--all', '--force', '.']);
        expect(git(place, ['write-tree']).toString().trim()).toBe(treeId(entries));
      }),
      { numRuns: 15 },
    );
  });

  test('an empty folder is taken as it is', async () => {
    mkdirSync(target);
    await writeTree([entry('a', 'file', 'x')], target);
    expect(readdirSync(target)).toEqual(['a']);
  });

  test.each<[string, Entry, RegExp]>([
    [
      'a symlink',
      entry('d/l', 'symlink', '/etc'),
      /^'d\/l' is a symbolic link, and a tree with a symlink is not built/,
    ],
    ['a parent', entry('../evil'), /^'\.\.\/evil' is refused/],
    ['an absolute path', entry('/evil'), /path is absolute/],
    ['.git', entry('.git/hooks/x'), /means '\.git'/],
  ])('refuses %s before anything is written', async (_name, bad, words) => {
    const failure = await failureOf(writeTree([entry('a'), bad], target));
    expect(failure.message).toMatch(words);
    expect(failure.kind).toBe('verification');
    expect(readdirSync(folder)).not.toContain(`tree-${count}`);
    expect(readdirSync(folder)).not.toContain('evil');
  });

  test('refuses a folder that holds something, a file and a link in its place', async () => {
    mkdirSync(join(target, 'd'), { recursive: true });
    mkdirSync(`${target}-empty`);
    symlinkSync(`${target}-empty`, `${target}-link`);
    writeFileSync(`${target}-file`, '');
    for (const place of [target, `${target}-link`, `${target}-file`]) {
      const failure = await failureOf(writeTree([entry('a')], place));
      expect(failure.message).toContain(`'${place}' is not an empty folder`);
      expect(failure.kind).toBe('local');
    }
    expect(readdirSync(target)).toEqual(['d']);
    expect(readdirSync(`${target}-empty`)).toEqual([]);
  });

  test('does not make the folders above its own', async () => {
    const error: unknown = await writeTree([], join(target, 'deeper')).catch((reason: unknown) => reason);
    expect(error).toMatchObject({ code: 'ENOENT', syscall: 'mkdir' });
  });

  test('never overwrites, and names escape the message', async () => {
    const failure = await failureOf(writeTree([entry('a\n'), entry('a\n')], target));
    expect(failure.message).toMatch(/^cannot write 'a\\u\{a\}' below '.*': the file system takes it for a name/);
    expect(failure.kind).toBe('local');
  });

  test('a name that the file system cannot hold is a sentence', async () => {
    const failure = await failureOf(writeTree([entry('n'.repeat(256))], target));
    expect(failure.message).toMatch(/longer than this file system allows/);
  });
});

describe('readTree', () => {
  test('reads links without following them, and the owner’s x alone makes an executable', async () => {
    mkdirSync(join(target, 'd'), { recursive: true });
    writeFileSync(join(target, 'd', 'plain'), 'p');
    chmodSync(join(target, 'd', 'plain'), 0o655);
    writeFileSync(join(target, 'run'), 'r');
    chmodSync(join(target, 'run'), 0o744);
    symlinkSync('/nonexistent/\u00e9', join(target, 'link'));
    symlinkSync('.', join(target, 'loop'));
    expect((await readTree(target)).sort((a, b) => a.path.localeCompare(b.path))).toEqual([
      entry('d', 'directory'),
      entry('d/plain', 'file', 'p'),
      entry('link', 'symlink', '/nonexistent/\u00e9'),
      entry('loop', 'symlink', '.'),
      entry('run', 'file', 'r', true),
    ]);
  });

  test('no file stays open, in reading and in writing', async () => {
    const held = () =>
      readdirSync('/proc/self/fd').flatMap((name) => {
        try {
          return [readlinkSync(`/proc/self/fd/${name}`)];
        } catch {
          return []; // that of the listing itself
        }
      });
    await writeTree([entry('a', 'file', 'x'), entry('b', 'file', 'y')], target);
    await readTree(target);
    expect(held().filter((path) => path.startsWith(target))).toEqual([]);
  });

  test('a FIFO is reported, not opened', async () => {
    mkdirSync(target);
    execFileSync('mkfifo', [join(target, 'pipe')]);
    expect((await failureOf(readTree(target))).message).toMatch(/^'pipe' is neither file, folder nor link/);
  });

  test('a socket is reported', async () => {
    mkdirSync(target);
    const server = createServer();
    await new Promise<void>((resolve) => server.listen(join(target, 'socket'), resolve));
    try {
      expect((await failureOf(readTree(target))).message).toMatch(/^'socket' is neither/);
    } finally {
      server.close();
    }
  });
});
