import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { Failure } from '../../../../src/errors.js';
import { sha256 } from '../../../../src/hash.js';
import { readTar } from '../../../../src/image/layout/tar.js';
import { tarLength, writeTar } from '../../../../src/image/layout/tarWriter.js';
import { EPOCH, paxHeader, paxRecord, rootfs, tarHeader } from '../../../support/layouts.js';
import { failureOf } from '../../../support/failureOf.js';
import { layerOf, sealHeader } from '../../../support/tar.js';

const END = Buffer.alloc(1024);
const data = Buffer.from('hello');
const tar = (...parts: Buffer[]): Buffer => Buffer.concat([...parts, END]);
const patched = (at: number, bytes: string, seal = true): Buffer => {
  const header = tarHeader('a', '0');
  header.write(bytes, at, 'latin1');
  return seal ? sealHeader(header) : header;
};

describe('writeTar', () => {
  it.each([[[]], [[0]], [[1]], [[511, 512, 513]], [[1_024, 0, 5]]])('writes what tarLength says: %j', (sizes) => {
    const entry = (size: number, index: number) => ({ path: `f${index}`, mtimeSeconds: 0, data: Buffer.alloc(size) });
    expect(tarLength(sizes)).toBe(writeTar(sizes.map(entry)).length);
  });

  it('writes what readTar reads, and the same bytes each time', () => {
    const written = writeTar([
      { path: 'usr/b', mtimeSeconds: EPOCH, data: Buffer.alloc(0) },
      { path: 'usr/a', mtimeSeconds: 0, data },
    ]);
    expect(written.length).toBe(5 * 512);
    expect(sha256(written)).toBe('e1cb4f83abb39f6cd71227c1debe55f41a1f9ecb1d14770eaadb4b2bf1a65f98');
    const common = { kind: 'file', mode: 0o644, uid: 0, gid: 0, linkTarget: '', paxKeys: [] };
    expect(readTar(written, 'x')).toEqual([
      { ...common, path: 'usr/b', size: 0, mtimeSeconds: EPOCH, data: Buffer.alloc(0) },
      { ...common, path: 'usr/a', size: 5, mtimeSeconds: 0, data },
    ]);
  });

  it('refuses a path that does not fit', () => {
    const path = 'p'.repeat(101);
    expect(() => writeTar([{ path, mtimeSeconds: 0, data }])).toThrow(RangeError);
  });
});

describe('readTar', () => {
  it.each<[string, string]>([
    ['0', 'file'],
    ['\0', 'file'],
    ['1', 'hard link'],
    ['2', 'symlink'],
    ['3', 'character device'],
    ['4', 'block device'],
    ['5', 'directory'],
    ['6', 'fifo'],
  ])('reports type %j as %s', (type, kind) => {
    expect(readTar(tar(tarHeader('a', type, { link: 'b' })), 'x')).toMatchObject([
      { path: 'a', kind, linkTarget: 'b' },
    ]);
  });

  it('applies PAX records to the entry behind them and to no other', () => {
    const records = [
      paxRecord('path', 'ü/long'),
      paxRecord('mtime', '1759768158.25'),
      paxRecord('uid', '4000000'),
      paxRecord('SCHILY.xattr.security.capability', '\u0001=\n'),
    ];
    const entries = readTar(tar(paxHeader(records.join('')), tarHeader('a', '0'), tarHeader('b', '0')), 'x');
    expect(entries).toMatchObject([
      {
        path: 'ü/long',
        mtimeSeconds: EPOCH,
        uid: 4_000_000,
        paxKeys: ['path', 'mtime', 'uid', 'SCHILY.xattr.security.capability'],
      },
      { path: 'b', uid: 0, paxKeys: [] },
    ]);
  });

  it('takes the size of PAX over that of the header, for the data and for the place of the next entry', () => {
    const block = Buffer.alloc(512);
    block.write('hello');
    const entries = readTar(
      tar(paxHeader(paxRecord('size', '5')), tarHeader('a', '0'), block, tarHeader('b', '0')),
      'x',
    );
    expect(entries.map(({ path, size }) => [path, size])).toEqual([
      ['a', 5],
      ['b', 0],
    ]);
  });

  it('joins prefix and name', () => {
    expect(readTar(tar(patched(345, 'usr/local')), 'x')).toMatchObject([{ path: 'usr/local/a' }]);
  });

  const padded = tarHeader('a', '0', { size: '00000000001' });
  it.each<[string, Buffer, RegExp]>([
    ['nothing', Buffer.alloc(0), /without an end mark/],
    ['no end mark', tarHeader('a', '0'), /without an end mark/],
    ['half an end mark', Buffer.concat([tarHeader('a', '0'), Buffer.alloc(512)]), /two or more zero blocks/],
    ['bytes behind the end mark', Buffer.concat([END, tarHeader('a', '0'), END]), /two or more zero blocks/],
    ['a length that is no multiple of 512', Buffer.concat([tar(), Buffer.alloc(1)]), /two or more zero blocks/],
    ['a wrong checksum', tar(patched(0, 'b', false)), /checksum is wrong/],
    ['GNU tar', tar(patched(257, 'ustar  \0')), /not a POSIX tar/],
    ['another version', tar(patched(263, '01')), /not a POSIX tar/],
    ['a number that is not octal', tar(patched(100, '0000698')), /not an octal number/],
    ['a number in base 256', tar(patched(124, '\x80\0\0\0\0\0\0\0\0\0\0\x01')), /not an octal number/],
    ['an empty number', tar(patched(108, '\0'.repeat(8))), /not an octal number/],
    ['data beyond the end', tar(tarHeader('a', '0', { size: '77777777777' })), /beyond the end/],
    ['padding that is not zero', tar(padded, Buffer.alloc(512, 1)), /padding/],
    ['an unknown type', tar(tarHeader('a', '7')), /type 7/],
    ['a global PAX header', tar(tarHeader('a', 'g')), /type g/],
    ['a GNU long name', tar(tarHeader('a', 'L')), /type L/],
    ['a link with data', tar(tarHeader('a', '2', { size: '00000000001' }), Buffer.alloc(512)), /symlink with data/],
    ['an absolute path', tar(tarHeader('/a', '0')), /not a plain relative path/],
    ['a path upwards', tar(tarHeader('a/../b', '0')), /not a plain relative path/],
    ['a path with a dot', tar(tarHeader('./a', '0')), /not a plain relative path/],
    ['a path with an empty part', tar(tarHeader('a//b', '0')), /not a plain relative path/],
    ['no path', tar(tarHeader('', '0')), /not a plain relative path/],
    ['a file whose path ends in a slash', tar(tarHeader('a/', '0')), /not a plain relative path/],
    ['a NUL in a path', tar(paxHeader(paxRecord('path', 'a\0b')), tarHeader('a', '0')), /not a plain relative path/],
    ['a path that is not UTF-8', tar(patched(0, '\xff')), /not UTF-8/],
    ['a path with bytes behind its NUL', tar(patched(0, 'a\0b')), /a name with bytes behind a NUL/],
    ['a prefix with bytes behind its NUL', tar(patched(345, 'a\0b')), /a name with bytes behind a NUL/],
    ['a link target with bytes behind its NUL', tar(patched(157, 'a\0b')), /a name with bytes behind a NUL/],
    [
      'a path of 5000 bytes',
      tar(paxHeader(paxRecord('path', 'p'.repeat(5000))), tarHeader('a', '0')),
      /more than 4096 bytes/,
    ],
    ['a path twice', tar(tarHeader('a', '0'), tarHeader('a', '0')), /a appears twice/],
    ['a file and a directory of one path', tar(tarHeader('a', '0'), tarHeader('a/', '5')), /a appears twice/],
    ['PAX without an entry', tar(paxHeader(paxRecord('uid', '1'))), /PAX header without an entry/],
    ['two PAX headers', tar(paxHeader(paxRecord('uid', '1')), paxHeader(paxRecord('gid', '1'))), /two PAX headers/],
    ['a PAX record of the wrong length', tar(paxHeader('9 uid=1\n'), tarHeader('a', '0')), /malformed PAX/],
    ['a PAX record without a length', tar(paxHeader('uid=1\n'), tarHeader('a', '0')), /malformed PAX/],
    [
      'a PAX record twice',
      tar(paxHeader(paxRecord('uid', '1').repeat(2)), tarHeader('a', '0')),
      /PAX record uid twice/,
    ],
    ['an empty PAX record', tar(paxHeader(paxRecord('path', '')), tarHeader('a', '0')), /malformed PAX/],
    ['PAX without a record', tar(paxHeader(''), tarHeader('a', '0')), /malformed PAX/],
    ['a number that fills its field', tar(patched(100, '00000644')), /not an octal number/],
    [
      'an unknown PAX record',
      tar(paxHeader(paxRecord('GNU.sparse.map', '0')), tarHeader('a', '0')),
      /GNU\.sparse\.map/,
    ],
    ['a PAX number that is none', tar(paxHeader(paxRecord('size', '-1')), tarHeader('a', '0')), /PAX size/],
    ['a PAX time that is none', tar(paxHeader(paxRecord('mtime', '1e9')), tarHeader('a', '0')), /PAX mtime/],
    ['too many PAX bytes', tar(paxHeader(paxRecord('path', 'p'.repeat(70_000)))), /more than 65536 bytes/],
  ])('refuses %s', async (_, bytes, message) => {
    const failure = await failureOf(() => readTar(bytes, 'layer of linux/arm64'));
    expect(failure).toMatchObject({ kind: 'verification', message: expect.stringMatching(message) as string });
    expect(failure.message).toMatch(/^layer of linux\/arm64/);
  });

  it('refuses more entries than an image can need', async () => {
    const headers = Array.from({ length: 10_001 }, (_, index) => tarHeader(`f${index}`, '0'));
    expect((await failureOf(() => readTar(tar(...headers), 'x'))).message).toContain('more than 10000 entries');
  });

  it('escapes names in its messages', async () => {
    const failure = await failureOf(() => readTar(tar(tarHeader('\u001b[2J/../\n::error::', '0')), 'x'));
    expect(failure.message).not.toMatch(/\p{Cc}/u);
  });

  it('ends in entries or in a verification failure, whatever the bytes', () => {
    const good = layerOf(rootfs('linux/amd64'));
    fc.assert(
      fc.property(
        fc.array(fc.tuple(fc.nat(good.length - 1), fc.nat(255)), { minLength: 1, maxLength: 4 }),
        (changes) => {
          const bytes = Buffer.from(good);
          for (const [at, value] of changes) bytes[at] = value;
          try {
            readTar(bytes, 'x');
          } catch (error) {
            expect(error).toBeInstanceOf(Failure);
            expect(error).toMatchObject({ kind: 'verification' });
          }
        },
      ),
    );
  });
});
