import fc from 'fast-check';
import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { afterAll, describe, expect, test } from 'vitest';
import { Failure } from '../../../src/errors.js';
import { readArchive } from '../../../src/source/archive.js';
import { readTree, writeTree } from '../../../src/source/disk.js';
import { treeId } from '../../../src/source/tree.js';
import { COMMIT_EPOCH, archiveOf, commitOf, tarOfCommit, temporary } from '../../support/repository.js';
import type { Blob } from '../../support/repository.js';

const folder = temporary();
afterAll(() => {
  rmSync(folder, { recursive: true });
});

function blob(path: string, data: Buffer | string = path, mode: Blob['mode'] = '100644'): Blob {
  return { path, mode, data: Buffer.from(data) };
}

const FILES: Blob[] = [
  blob('Cargo.lock', 'x'.repeat(40_000)),
  blob('a.b'),
  blob('a/x'),
  blob('a0'),
  blob('empty', ''),
  blob('block', Buffer.alloc(512)),
  blob('run', '#!/bin/sh\n', '100755'),
  blob('odd \xff\n"\\ name'),
  blob(`${'d'.repeat(90)}/${'e'.repeat(90)}/split`),
  blob(`${'d'.repeat(90)}/${'e'.repeat(90)}/${'f'.repeat(90)}/pax`),
  blob('n'.repeat(99)),
  blob('n'.repeat(100)),
  blob('n'.repeat(101)),
  blob('n'.repeat(255)),
  blob(Array.from({ length: 64 }, () => 'd').join('/')),
];
const LINKS: Blob[] = [
  blob('link', '../outside', '120000'),
  blob('link100', 't'.repeat(100), '120000'),
  blob('link101', 't'.repeat(101), '120000'),
  blob('l'.repeat(200), 't'.repeat(3000), '120000'),
];

describe('an archive made by git', () => {
  test('becomes entries, a folder, and entries again with the tree id of the commit', async () => {
    const commit = commitOf(folder, FILES);
    const archive = readArchive(archiveOf(commit));
    expect(archive).toMatchObject({
      root: `phantun-${commit.commit}`,
      comment: commit.commit,
      epoch: COMMIT_EPOCH,
      packaging: [],
    });
    expect(treeId(archive.entries)).toBe(commit.tree);
    const place = join(folder, 'files');
    await writeTree(archive.entries, place);
    const again = await readTree(place);
    expect(treeId(again)).toBe(commit.tree);
    expect(again).toHaveLength(archive.entries.length);
  });

  test('with links has the right tree id and is not written', async () => {
    const commit = commitOf(folder, [...FILES, ...LINKS]);
    const archive = readArchive(archiveOf(commit));
    expect(archive.packaging).toEqual([]);
    expect(treeId(archive.entries)).toBe(commit.tree);
    await expect(writeTree(archive.entries, join(folder, 'links'))).rejects.toThrow(
      'a tree with a symlink is not built',
    );
  });

  test('has a tar that does not depend on the compression', () => {
    const commit = commitOf(folder, FILES);
    const tar = tarOfCommit(commit);
    const packed = [archiveOf(commit), gzipSync(tar, { level: 1 }), gzipSync(tar, { level: 0 })];
    expect(new Set(packed.map((bytes) => readArchive(bytes).tarSha256)).size).toBe(1);
  });

  test.each([
    ['one file of 10 MB', [blob('big', Buffer.alloc(10_000_000, 'big'))]],
    [
      '4,000 files of 2.5 kB',
      Array.from({ length: 4000 }, (_, i) => blob(`${i % 50}/${i % 7}/${i}`, 'x'.repeat(2500))),
    ],
  ])('may be large: %s', (_name, blobs) => {
    const commit = commitOf(folder, blobs);
    expect(treeId(readArchive(archiveOf(commit)).entries)).toBe(commit.tree);
  });

  test('never passes for another tree when a byte of it is changed', () => {
    const arbitrary = fc.record({
      names: fc.uniqueArray(fc.constantFrom('a', 'a.b', 'a0', 'b/c', 'b/d/e', '\xff', 'n'.repeat(150)), {
        minLength: 1,
      }),
      data: fc.uint8Array({ maxLength: 300 }),
      places: fc.array(fc.tuple(fc.nat(), fc.integer({ min: 1, max: 255 })), { minLength: 100, maxLength: 100 }),
    });
    fc.assert(
      fc.property(arbitrary, ({ names, data, places }) => {
        const commit = commitOf(
          folder,
          names.map((name) => blob(name, Buffer.from(data))),
        );
        const archive = archiveOf(commit);
        expect(treeId(readArchive(archive).entries)).toBe(commit.tree);
        for (const [place, change] of places) {
          const changed = Buffer.from(archive);
          const at = place % archive.length;
          changed.writeUInt8(changed.readUInt8(at) ^ change, at);
          const found = treeOrRefusal(changed, commit.tree);
          if (!['same', 'refused'].includes(found)) throw new Error(`byte ${at} by ${change}: ${found}`);
        }
      }),
      { numRuns: 10 },
    );
  });
});

function treeOrRefusal(bytes: Buffer, tree: string): string {
  try {
    return treeId(readArchive(bytes).entries) === tree ? 'same' : 'another tree';
  } catch (error) {
    return error instanceof Failure ? 'refused' : String(error);
  }
}
