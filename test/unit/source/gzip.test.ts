import fc from 'fast-check';
import { crc32, deflateRawSync, gzipSync } from 'node:zlib';
import { describe, expect, test } from 'vitest';
import { Failure } from '../../../src/errors.js';
import { gunzip } from '../../../src/source/gzip.js';

const CONTENT = Buffer.from('phantun, phantun, phantun');
const ROOM = 2 ** 20;

type Parts = { flags?: number; fields?: Buffer; content?: Buffer; crc?: number; size?: number };

/** A gzip member by hand, so that each part can be wrong. */
function gzipOf({ flags = 0, fields = Buffer.alloc(0), content = CONTENT, crc, size }: Parts): Buffer {
  const trailer = Buffer.alloc(8);
  trailer.writeUInt32LE(crc ?? crc32(content), 0);
  trailer.writeUInt32LE(size ?? content.length, 4);
  return Buffer.concat([header(flags), fields, deflateRawSync(content), trailer]);
}

function header(flags: number): Buffer {
  return Buffer.from([0x1f, 0x8b, 8, flags, 0, 0, 0, 0, 0, 3]);
}

function headerCrc(flags: number, fields = Buffer.alloc(0)): Buffer {
  const crc = Buffer.alloc(2);
  crc.writeUInt16LE(crc32(Buffer.concat([header(flags), fields])) & 0xffff);
  return Buffer.concat([fields, crc]);
}

function failureOf(bytes: Buffer, room = ROOM): Failure {
  try {
    gunzip(bytes, room);
  } catch (error) {
    if (error instanceof Failure) return error;
    throw error;
  }
  throw new Error('was accepted');
}

const EXTRA = Buffer.from('\x04\x00abcd', 'latin1');
const NAMES = Buffer.from('name\0', 'latin1');

describe('gunzip accepts one sound member', () => {
  test.each<[string, Buffer]>([
    ['no flags', gzipOf({})],
    ['FTEXT', gzipOf({ flags: 0x01 })],
    ['FHCRC', gzipOf({ flags: 0x02, fields: headerCrc(0x02) })],
    ['FEXTRA', gzipOf({ flags: 0x04, fields: EXTRA })],
    ['FNAME', gzipOf({ flags: 0x08, fields: NAMES })],
    ['FCOMMENT', gzipOf({ flags: 0x10, fields: NAMES })],
    ['all flags', gzipOf({ flags: 0x1f, fields: headerCrc(0x1f, Buffer.concat([EXTRA, NAMES, NAMES])) })],
    ['stored blocks', gzipSync(CONTENT, { level: 0 })],
  ])('%s', (_name, bytes) => {
    expect(gunzip(bytes, ROOM)).toEqual(CONTENT);
  });

  test.each([0, 1, 256 * 1024 - 1, 256 * 1024, 256 * 1024 + 1, 512 * 1024, 3_000_000])('%i bytes', (length) => {
    const content = Buffer.alloc(length, 'phantun ');
    expect(gunzip(gzipSync(content), 4_000_000).equals(content)).toBe(true);
  });

  test('as many bytes as allowed', () => {
    expect(gunzip(gzipOf({}), CONTENT.length)).toEqual(CONTENT);
  });

  test('whatever the content and the level', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 5000 }), fc.integer({ min: 0, max: 9 }), (content, level) => {
        expect(gunzip(gzipSync(content, { level }), ROOM)).toEqual(Buffer.from(content));
      }),
    );
  });
});

describe('gunzip refuses', () => {
  test.each<[string, Buffer, RegExp]>([
    ['an HTML page', Buffer.from('<html>'), /not a gzip file.*login portal/],
    ['half a magic number', Buffer.from([0x1f, 0x00]), /not a gzip file/],
    ['a byte', Buffer.from('<'), /not a gzip file/],
    ['the other half of a magic number', Buffer.from([0x1e, 0x8b, 8, 0, 0, 0, 0, 0, 0, 3]), /not a gzip file/],
    ['another method', Buffer.from([0x1f, 0x8b, 7, 0, 0, 0, 0, 0, 0, 3]), /method is 7/],
    ['reserved flag 0x20', gzipOf({ flags: 0x20 }), /reserved flags/],
    ['reserved flag 0x40', gzipOf({ flags: 0x40 }), /reserved flags/],
    ['reserved flag 0x80', gzipOf({ flags: 0x80 }), /reserved flags/],
    ['a wrong header CRC', gzipOf({ flags: 0x02, fields: Buffer.alloc(2) }), /header does not match its CRC/],
    ['a wrong CRC32', gzipOf({ crc: crc32(CONTENT) ^ 1 }), /CRC32/],
    ['a wrong length', gzipOf({ size: CONTENT.length + 1 }), /length does not match/],
    ['a second member', Buffer.concat([gzipOf({}), gzipOf({})]), /a second gzip stream/],
    ['a trailing byte', Buffer.concat([gzipOf({}), Buffer.alloc(1)]), /1 B follow.*stray bytes/],
    [
      'half a magic number behind it',
      Buffer.concat([gzipOf({}), Buffer.from([0x1f, 0x00])]),
      /2 B follow.*stray bytes/,
    ],
    [
      'the other half of a magic number behind it',
      Buffer.concat([gzipOf({}), Buffer.from([0x1e, 0x8b])]),
      /2 B follow.*stray bytes/,
    ],
    ['a broken stream', Buffer.concat([header(0), Buffer.from([7]), Buffer.alloc(20)]), /stream is not valid/],
  ])('%s', (_name, bytes, words) => {
    const failure = failureOf(bytes);
    expect(failure.message).toMatch(words);
    expect(failure.kind).toBe('verification');
    expect(failure.message).not.toContain('ends early');
  });

  test('one byte more than allowed', () => {
    expect(failureOf(gzipOf({}), CONTENT.length - 1).message).toMatch(/unpacks to more than 24 B/);
  });

  test('a bomb, without unpacking it', () => {
    const bomb = gzipSync(Buffer.alloc(64 * ROOM));
    expect(bomb.length).toBeLessThan(100_000);
    expect(failureOf(bomb).message).toMatch(/unpacks to more than 1\.0 MB.*bomb/);
  });
});

describe('gunzip says of short input that it ends early', () => {
  test('and says in which part', () => {
    expect(failureOf(header(0)).message).toMatch(/compressed stream is incomplete/);
    expect(failureOf(header(0).subarray(0, 9)).message).toMatch(/gzip header is incomplete/);
  });

  test.each<[string, Buffer]>([
    ['a plain member', gzipOf({})],
    [
      'a member with every field',
      gzipOf({ flags: 0x1f, fields: headerCrc(0x1f, Buffer.concat([EXTRA, NAMES, NAMES])) }),
    ],
    ['an empty member', gzipOf({ content: Buffer.alloc(0) })],
    ['an extra field alone', gzipOf({ flags: 0x04, fields: EXTRA })],
  ])('at every length: %s', (_name, bytes) => {
    for (let length = 0; length < bytes.length; length++)
      expect(failureOf(bytes.subarray(0, length)).message, `${length} bytes`).toMatch(/^the archive ends early: /);
    expect(() => gunzip(bytes, ROOM)).not.toThrow();
  });
});
