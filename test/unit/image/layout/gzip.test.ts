import { gunzipSync, gzipSync } from 'node:zlib';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { sha256 } from '../../../../src/hash.js';
import { deflate, pack, packAhead, unpack } from '../../../../src/image/layout/gzip.js';
import { sampleBytes } from '../../../support/layouts.js';
import { failureOf } from '../../../support/failureOf.js';

const SAMPLE = Buffer.concat([
  sampleBytes(200_000),
  sampleBytes(50_000),
  Buffer.from('the quick brown fox '.repeat(500)),
]);

describe('pack', () => {
  it('writes the bytes of plain zlib', () => {
    // Python 3.11, zlib 1.2.13: zlib.compressobj(6, zlib.DEFLATED, 31, 8)
    expect(sha256(pack(SAMPLE))).toBe('aee84476b92c42905da7abc9dc0f28cd401af1debbe5cc766dac62ea491aa0e0');
  });

  it('writes a header without name, time or hints, and what node can read', () => {
    const packed = pack(SAMPLE);
    expect(packed.toString('hex', 0, 10)).toBe('1f8b0800000000000003');
    expect(gunzipSync(packed).equals(SAMPLE)).toBe(true);
    expect(pack(SAMPLE).equals(packed)).toBe(true);
  });

  it('is undone by unpack', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 5000 }), (bytes) => {
        expect(unpack(pack(Buffer.from(bytes)), 5000, 'x').equals(bytes)).toBe(true);
      }),
    );
  });
});

describe('packAhead', () => {
  it('gives pack the very bytes that it would have made itself, and time for others meanwhile', async () => {
    const layers = [1, 2, 3].map((seed) => Buffer.concat([SAMPLE, Buffer.alloc(1_000, seed)]));
    const ahead = packAhead(layers);
    const first = await Promise.race([ahead.then(() => 'packed'), new Promise((done) => setTimeout(done, 1, 'timer'))]);
    expect(first).toBe('timer');
    await ahead;
    for (const layer of layers) expect(pack(layer).equals(deflate(layer))).toBe(true);
  });

  it('does not let what was remembered be changed', async () => {
    const layer = Buffer.concat([SAMPLE, Buffer.alloc(1_000, 4)]);
    await packAhead([layer]);
    pack(layer).fill(0);
    expect(unpack(pack(layer), layer.length, 'x').equals(layer)).toBe(true);
  });

  it('takes nothing', async () => {
    await packAhead([]);
  });
});

describe('unpack', () => {
  const packed = pack(SAMPLE);
  const changed = (at: number, value: number): Buffer => {
    const copy = Buffer.from(packed);
    copy[at < 0 ? copy.length + at : at] = value;
    return copy;
  };
  it.each<[string, Buffer, RegExp]>([
    ['nothing', Buffer.alloc(0), /gzip header/],
    ['a header with a name', changed(3, 8), /gzip header/],
    ['a header with a time', changed(4, 1), /gzip header/],
    ['a header of another level', gzipSync(SAMPLE, { level: 9 }), /gzip header/],
    ['damaged data', changed(10, 0xff), /cannot be unpacked/],
    ['a wrong checksum', changed(-8, packed[packed.length - 8] === 0 ? 1 : 0), /checksum/],
    ['a wrong length', changed(-1, 1), /checksum/],
    ['a stream cut short', packed.subarray(0, 1000), /cannot be unpacked/],
    ['a trailer cut short', packed.subarray(0, -1), /-1 bytes beside/],
    ['bytes behind the member', Buffer.concat([packed, Buffer.from('x')]), /1 bytes beside/],
    ['a second member', Buffer.concat([packed, pack(Buffer.from('more'))]), /bytes beside its one gzip member/],
  ])('refuses %s', async (_, bytes, message) => {
    const failure = await failureOf(() => unpack(bytes, 1_000_000, 'layer of linux/amd64'));
    expect(failure).toMatchObject({ kind: 'verification', message: expect.stringMatching(message) as string });
    expect(failure.message).toContain('layer of linux/amd64');
  });

  it('stops at the limit', async () => {
    expect(unpack(packed, SAMPLE.length, 'x').length).toBe(SAMPLE.length);
    const failure = await failureOf(() => unpack(packed, SAMPLE.length - 1, 'x'));
    expect(failure.message).toContain(`cannot be unpacked into at most ${SAMPLE.length - 1} bytes`);
  });
});
