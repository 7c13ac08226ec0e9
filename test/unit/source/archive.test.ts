import { gzipSync } from 'node:zlib';
import { describe, expect, test } from 'vitest';
import { Failure } from '../../../src/errors.js';
import { sha256 } from '../../../src/hash.js';
import { ARCHIVE_LIMITS, type ArchiveLimits, readArchive, readArchiveTar } from '../../../src/source/archive.js';
import { readMembers } from '../../../src/source/tar.js';
import { treeId } from '../../../src/source/tree.js';
import { TAR_EPOCH, failureOf, file, folder, member, pax, symlink, tarOf } from '../../support/tar.js';

const COMMIT = 'b42ed821472b78866a36e18d315de695b84e7887';
const GLOBAL = pax('g', { comment: COMMIT });
const ROOT = folder('r');
const A = file('r/a', 'text');
const SPELLING = 'header fields in another form';
const CUT = 'the archive ends early: the end of its tar is missing';

describe('what git archive writes is read', () => {
  test('files, folders, links, and every fact beside them', () => {
    const tar = tarOf(
      GLOBAL,
      ROOT,
      file('r/a', 'text'),
      folder('r/d'),
      file('r/d/x', '#!', { mode: 0o775 }),
      symlink('r/l', 'a'),
    );
    expect(readArchive(gzipSync(tar))).toEqual({
      root: 'r',
      comment: COMMIT,
      entries: [
        { path: 'a', kind: 'file', executable: false, data: Buffer.from('text') },
        { path: 'd', kind: 'directory', executable: false, data: Buffer.alloc(0) },
        { path: 'd/x', kind: 'file', executable: true, data: Buffer.from('#!') },
        { path: 'l', kind: 'symlink', executable: false, data: Buffer.from('a') },
      ],
      tarSha256: sha256(tar),
      epoch: TAR_EPOCH,
      packaging: [],
    });
  });

  test('file bytes are part of the tar in memory, not copies', () => {
    const tar = tarOf(GLOBAL, ROOT, A);
    expect(readArchiveTar(tar).entries[0]?.data.buffer).toBe(tar.buffer);
  });

  test.each<[string, Buffer[], string, string]>([
    ['a name of 100 bytes', [file(`r/${'n'.repeat(98)}`)], 'n'.repeat(98), ''],
    ['a prefix', [member({ name: 'f', prefix: 'r' })], 'f', ''],
    ['a long path', [pax('x', { path: `r/${'n'.repeat(300)}` }), file('0.data')], 'n'.repeat(300), ''],
    [
      'a path with line breaks and equals signs',
      [pax('x', { path: 'r/\n=9 path=x' }), file('0.data')],
      '\n=9 path=x',
      '',
    ],
    ['a link target of 100 bytes', [symlink('r/l', 't'.repeat(100))], 'l', 't'.repeat(100)],
    ['a long target', [pax('x', { linkpath: 't'.repeat(300) }), symlink('r/l', 'see')], 'l', 't'.repeat(300)],
    ['both long', [pax('x', { path: 'r/p', linkpath: '\xff' }), symlink('q', 'see')], 'p', '\xff'],
    ['a name that is no UTF-8', [file('r/\xff\xfe')], '\xff\xfe', ''],
    ['dots that mean nothing', [file('r/...')], '...', ''],
    ['a name that begins like .git', [file('r/.gitignore')], '.gitignore', ''],
    ['a type of NUL', [file('r/a', '', { type: '\0' })], 'a', ''],
  ])('%s', (_name, members, path, data) => {
    const entry = readArchiveTar(tarOf(GLOBAL, ROOT, ...members)).entries[0];
    expect(entry?.path).toBe(path);
    expect(entry?.data.toString('latin1')).toBe(data);
  });

  test('the empty tree', () => {
    const { entries, packaging } = readArchiveTar(tarOf(GLOBAL, ROOT));
    expect(entries).toEqual([]);
    expect(packaging).toEqual([]);
  });
});

describe('the end of the tar', () => {
  const whole = tarOf(GLOBAL, ROOT, A);
  const end = whole.length - 10240 + 5 * 512;

  test('two blocks of zeros are enough', () => {
    expect(readArchiveTar(whole.subarray(0, end + 1024)).entries).toHaveLength(1);
  });

  test('at every shorter length it is truncated', () => {
    const tar = whole.subarray(0, end + 1024);
    const lengths = [...Array(tar.length).keys()];
    // One assertion for all: thousands of them take longer than the reading.
    const read = (length: number) => failureOf(() => readArchiveTar(tar.subarray(0, length))).message;
    expect(lengths.filter((length) => !read(length).startsWith(CUT))).toEqual([]);
  });

  test('a file cut short is truncated', () => {
    expect(failureOf(() => readArchiveTar(tarOf(ROOT, file('r/a', 'x', { size: 100_000 })))).message).toContain(CUT);
  });

  test.each<[string, (tar: Buffer) => Buffer, RegExp]>([
    [
      'one block of zeros and more entries',
      (tar) => Buffer.concat([tar.subarray(0, end + 512), A, tar]),
      /follows its end/,
    ],
    [
      'a byte in the last block',
      (tar) => Buffer.concat([tar.subarray(0, -1), Buffer.from('x')]),
      /follows its end mark/,
    ],
    ['a second tar', (tar) => Buffer.concat([tar, tar]), /follows its end mark/],
    ['half a block more', (tar) => Buffer.concat([tar, Buffer.alloc(256)]), /no multiple of 512/],
  ])('%s is refused', (_name, change, words) => {
    const failure = failureOf(() => readArchiveTar(change(whole)));
    expect(failure.message).toMatch(words);
  });
});

const numbered = (count: number) => Array.from({ length: count }, (_, index) => file(`r/${index}`));

describe('caps', () => {
  const deep = (depth: number): Buffer[] =>
    Array.from({ length: depth }, (_, index) => folder('d', { prefix: `r${'/d'.repeat(index)}` }));
  const long = (length: number): Buffer[] => [pax('x', { path: `r/${'n'.repeat(length - 2)}` }), A];

  test('the limits are the documented ones', () => {
    expect(ARCHIVE_LIMITS).toEqual({
      packedBytes: 67_108_864,
      unpackedBytes: 536_870_912,
      entries: 50_000,
      pathBytes: 4_096,
      depthNames: 64,
    });
  });

  test.each<[string, Buffer[]]>([
    ['64 folders deep', deep(64)],
    ['a path of 4096 bytes', long(4096)],
    ['a target of 4096 bytes', [pax('x', { linkpath: 't'.repeat(4096) }), symlink('r/l', 's')]],
  ])('%s is accepted', (_name, members) => {
    expect(() => readArchiveTar(tarOf(ROOT, ...members))).not.toThrow();
  });

  test.each<[string, Buffer[], RegExp]>([
    ['65 folders deep', deep(65), /lies 65 folders deep.*At most/],
    ['a path of 4097 bytes', long(4097), /has a path of 4097 bytes.*At most/],
    ['a target of 4097 bytes', [pax('x', { linkpath: 't'.repeat(4097) }), symlink('r/l', 's')], /path of 4097 bytes/],
  ])('%s is refused', (_name, members, words) => {
    expect(failureOf(() => readArchiveTar(tarOf(ROOT, ...members))).message).toMatch(words);
  });

  test('50,001 entries are refused, before one is looked at', () => {
    const tar = tarOf(ROOT, ...new Array<Buffer>(50_001).fill(A));
    expect(failureOf(() => readArchiveTar(tar)).message).toMatch(/too many entries\. At most .* 50000 entries/);
  });

  test('headers are counted, whatever they are', () => {
    expect(readMembers(tarOf(GLOBAL, ROOT, A), 3).members).toHaveLength(3);
    expect(failureOf(() => readMembers(tarOf(GLOBAL, ROOT, A), 2)).message).toMatch(/more than 2 headers/);
  });

  describe('that are smaller than the real ones, so that a test reaches them', () => {
    const SMALL: ArchiveLimits = { ...ARCHIVE_LIMITS, packedBytes: 1_000, unpackedBytes: 20_480, entries: 3 };

    test('as many entries are accepted, one more is refused', () => {
      expect(readArchiveTar(tarOf(ROOT, ...numbered(3)), SMALL).entries).toHaveLength(3);
      expect(failureOf(() => readArchiveTar(tarOf(ROOT, ...numbered(4)), SMALL)).message).toMatch(
        /too many entries\. At most 1 kB packed, 20 kB unpacked, 3 entries/,
      );
    });

    test('an extended header for each entry is accepted, more headers are refused', () => {
      const extended = [ROOT, ...numbered(3)].flatMap((one, index) => [
        pax('x', { path: index === 0 ? 'r/' : `r/n${index}` }),
        one,
      ]);
      expect(readArchiveTar(tarOf(GLOBAL, ...extended), SMALL).entries).toHaveLength(3);
      expect(failureOf(() => readArchiveTar(tarOf(GLOBAL, GLOBAL, ...extended), SMALL)).message).toMatch(
        /more than 9 headers/,
      );
    });

    test('as many bytes packed are read, one more is refused unread', () => {
      const bytes = Buffer.alloc(SMALL.packedBytes + 1);
      expect(failureOf(() => readArchive(bytes, SMALL)).message).toMatch(/1 kB packed\. At most 1 kB packed/);
      expect(failureOf(() => readArchive(bytes.subarray(1), SMALL)).message).toMatch(/not a gzip file/);
    });

    test('as many bytes unpacked are read, one more is refused', () => {
      const tar = tarOf(GLOBAL, ROOT, A);
      expect(tar).toHaveLength(10_240);
      const padded = (more: number) => Buffer.concat([tar, Buffer.alloc(10_240 + more)]);
      expect(readArchive(gzipSync(padded(0)), SMALL).tarSha256).toBe(sha256(padded(0)));
      expect(failureOf(() => readArchive(gzipSync(padded(1)), SMALL)).message).toMatch(/unpacks to more than 20 kB/);
    });
  });
});

test('every changed byte is refused, or changes the tree id or the comment, or is no more than another spelling', () => {
  const members = [
    GLOBAL,
    ROOT,
    A,
    pax('x', { path: 'r/long' }),
    file('0.data', 'b'),
    folder('r/d'),
    symlink('r/l', 'a'),
  ];
  const tar = Buffer.concat([...members, Buffer.alloc(1024)]);
  const right = readArchiveTar(tar);
  const tree = treeId(right.entries);
  const spans = [Buffer.from('text'), Buffer.from('r/long'), Buffer.from('b'.padEnd(512, '\0'))].map((text) => {
    const start = tar.indexOf(text);
    return { start, end: start + text.toString().replaceAll('\0', '').length };
  });
  let refused = 0;
  const wrong: string[] = [];
  for (let at = 0; at < tar.length; at++) {
    const before = tar.readUInt8(at);
    tar.writeUInt8(before ^ (1 << (at % 8)), at);
    try {
      const archive = readArchiveTar(tar);
      const content = spans.some(({ start, end }) => at >= start && at < end);
      if ((treeId(archive.entries) !== tree) !== content) wrong.push(`byte ${at}: tree`);
      if (!content && archive.comment === COMMIT && !archive.packaging.includes(SPELLING))
        wrong.push(`byte ${at}: form`);
    } catch (error) {
      if (!(error instanceof Failure)) wrong.push(`byte ${at}: ${String(error)}`);
      refused += 1;
    }
    tar.writeUInt8(before, at);
  }
  expect(wrong).toEqual([]);
  expect(refused).toBeGreaterThan(tar.length * 0.95);
});
