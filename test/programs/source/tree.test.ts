import fc from 'fast-check';
import { rmSync } from 'node:fs';
import { afterAll, describe, expect, test } from 'vitest';
import type { Entry } from '../../../src/source/archive.js';
import { pathFault, pathIds, treeId } from '../../../src/source/tree.js';
import { failureOf } from '../../support/tar.js';
import { commitOf, entry, lsTree, temporary, trees } from '../../support/repository.js';
import type { Blob } from '../../support/repository.js';

const EMPTY_TREE = '4b825dc642cb6eb9a060e54bf8d69288fbee4904';
const folder = temporary();
afterAll(() => {
  rmSync(folder, { recursive: true });
});

function blobsOf(entries: readonly Entry[]): Blob[] {
  return entries
    .filter(({ kind }) => kind !== 'directory')
    .map(({ path, kind, executable, data }) => ({
      path,
      mode: kind === 'symlink' ? '120000' : executable ? '100755' : '100644',
      data,
    }));
}

describe('treeId is what git computes', () => {
  test.each<[string, Entry[]]>([
    ['nothing', []],
    ['empty folders', [entry('d', 'directory'), entry('d/e', 'directory')]],
  ])('the empty tree: %s', (_name, entries) => {
    expect(treeId(entries)).toBe(EMPTY_TREE);
    expect(pathIds(entries).size).toBe(0);
  });

  test.each<[string, Entry[]]>([
    ['a file', [entry('a', 'file', 'text')]],
    ['an empty file', [entry('a')]],
    ['an executable', [entry('a', 'file', '#!', true)]],
    ['a link', [entry('a', 'symlink', '../b')]],
    ['an empty folder beside a file', [entry('d', 'directory'), entry('a')]],
    ['folders that are not listed', [entry('a/b/c')]],
    ['a folder between its neighbours', [entry('a.b'), entry('a/x'), entry('a0'), entry('a-'), entry('a!')]],
    ['a file between the same', [entry('a.b'), entry('a'), entry('a0'), entry('a-'), entry('a!')]],
    ['bytes above 127', [entry('\xff'), entry('\xc3\xa9'), entry('z'), entry('\x01')]],
    ['sixty levels', [entry(Array.from({ length: 60 }, () => 'd').join('/'))]],
  ])('%s', (_name, entries) => {
    const commit = commitOf(folder, blobsOf(entries));
    expect(treeId(entries)).toBe(commit.tree);
    expect(treeId([...entries].reverse())).toBe(commit.tree);
    expect(pathIds(entries)).toEqual(lsTree(commit));
  });

  test('for any entries in any order', () => {
    fc.assert(
      fc.property(trees, (entries) => {
        const commit = commitOf(folder, blobsOf(entries));
        expect(treeId([...entries].reverse())).toBe(commit.tree);
        expect(pathIds(entries)).toEqual(lsTree(commit));
      }),
      { numRuns: 25 },
    );
  });

  test.each<[string, Entry[]]>([
    ['a file twice', [entry('a'), entry('a')]],
    ['a file and a folder', [entry('a'), entry('a', 'directory')]],
    ['a folder and a file', [entry('a', 'directory'), entry('a')]],
    ['a file and what lies beneath it', [entry('a'), entry('a/b')]],
    ['what lies beneath it and a file', [entry('a/b'), entry('a')]],
  ])('and no contradiction has an id: %s', (_name, entries) => {
    expect(failureOf(() => treeId(entries)).message).toMatch(/^two entries claim the path 'a(\/b)?'$/);
  });
});

describe('pathFault', () => {
  test.each([
    'a',
    'a/b',
    '.gitignore',
    '.gitattributes',
    'git',
    'x.git',
    '.git1',
    'git~2',
    '.github/x',
    '...',
    'a\\b',
    '\xff',
  ])('finds nothing wrong with %j', (path) => {
    expect(pathFault(path)).toBeUndefined();
  });
  test.each(['', '/', '/a', 'a/', 'a//b', '.', 'a/..', '../a', 'a\0', '.git', 'a/.GIT/b', '.git/', 'GIT~1', '.git. '])(
    'refuses %j',
    (path) => {
      expect(pathFault(path)).toMatch(/^its /);
    },
  );

  // Found by fuzzing: git's check for HFS+ takes a byte that is no UTF-8, and what is no character, for a name's end.
  test.each(['.git\xff', '.GIT\xc3x', '.g\xe2\x80\x8cit\xff', '.git\xef\xbf\xbe', '.git\xed\xa0\x80'])(
    'refuses %j, which git takes for .git',
    (path) => {
      expect(pathFault(path)).toBe("its path has a component that means '.git'");
    },
  );
  test.each(['.gi\xfft', '.\xffgit', '.git\xc3\xa9', 'a.git\xff'])('finds nothing wrong with %j', (path) => {
    expect(pathFault(path)).toBeUndefined();
  });

  // Found by fuzzing: git holds a file of this name, and no link.
  test.each([
    ...['.gitmodules', 'a/.GitModules', '.gitmodules. ', '.gitmodules:x', '.git\xe2\x80\x8cmodules', '.gitmodules\xff'],
    ...['GITMOD~1', 'gitmod~4', 'gi7eba~1', 'gi7~1234', '~1234567', '.gitmodules/x'],
  ])('refuses the link %j, and not the file', (path) => {
    expect(pathFault(path, 'symlink')).toBe("it is a link with a component that means '.gitmodules'");
    expect(pathFault(path)).toBeUndefined();
  });
  test.each(['.gitmodule', 'gitmodules', 'gitmod~5', 'gi7eba~0', 'gi7eb~1', '~123456', '.gitmodules.x'])(
    'finds nothing wrong with the link %j',
    (path) => {
      expect(pathFault(path, 'symlink')).toBeUndefined();
    },
  );
});
