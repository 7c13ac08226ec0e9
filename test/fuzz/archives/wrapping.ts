import { crc32, gzipSync } from 'node:zlib';
import fc from 'fast-check';

/** A change of a whole tar. */
export type TarEdit =
  | { kind: 'cut'; at: number }
  | { kind: 'end'; blocks: number }
  | { kind: 'append'; bytes: Uint8Array }
  | { kind: 'twice' };

/** A change of how a tar is compressed, or of the compressed bytes. */
export type GzipEdit =
  | { kind: 'level'; level: number }
  | { kind: 'flags'; flags: number; sound: boolean }
  | { kind: 'second'; content: 'nothing' | 'same' | 'zeros' }
  | { kind: 'append'; bytes: Uint8Array }
  | { kind: 'cut'; at: number }
  | { kind: 'byte' | 'head' | 'tail'; at: number; value: number };

const END_BYTES = 1_024;
const RECORD_BYTES = 10_240;
const HEAD_BYTES = 10;
const TRAILER_BYTES = 8;

const some = fc.uint8Array({ minLength: 1, maxLength: 600 });

export const tarEdit: fc.Arbitrary<TarEdit> = fc.oneof(
  fc.record({ kind: fc.constant('cut' as const), at: fc.nat() }),
  fc.record({ kind: fc.constant('end' as const), blocks: fc.nat(44) }),
  fc.record({ kind: fc.constant('append' as const), bytes: some }),
  fc.constant({ kind: 'twice' as const }),
);

export const gzipEdit: fc.Arbitrary<GzipEdit> = fc.oneof(
  fc.record({ kind: fc.constant('level' as const), level: fc.nat(9) }),
  fc.record({ kind: fc.constant('flags' as const), flags: fc.nat(63), sound: fc.boolean() }),
  fc.record({
    kind: fc.constant('second' as const),
    content: fc.constantFrom('nothing' as const, 'same' as const, 'zeros' as const),
  }),
  fc.record({ kind: fc.constant('append' as const), bytes: some }),
  fc.record({ kind: fc.constant('cut' as const), at: fc.nat() }),
  fc.record({
    kind: fc.constantFrom('byte' as const, 'head' as const, 'tail' as const),
    at: fc.nat(),
    value: fc.nat(255),
  }),
);

/** Members, two blocks of zeros, filled up to a whole record: as git does; or spoiled. */
export function tarFrom(members: readonly Buffer[], change: TarEdit | undefined): Buffer {
  const body = Buffer.concat(members);
  if (change?.kind === 'end') return Buffer.concat([body, Buffer.alloc(change.blocks * 512)]);
  const length = Math.ceil((body.length + END_BYTES) / RECORD_BYTES) * RECORD_BYTES;
  const tar = Buffer.concat([body, Buffer.alloc(length - body.length)]);
  if (change?.kind === 'cut') return tar.subarray(0, change.at % tar.length);
  if (change?.kind === 'append') return Buffer.concat([tar, change.bytes]);
  return change?.kind === 'twice' ? Buffer.concat([tar, tar]) : tar;
}

export function gzipFrom(tar: Buffer, change: GzipEdit): Buffer {
  const bytes = gzipSync(tar, { level: change.kind === 'level' ? change.level : 1 });
  const set = (at: number, value: number) => {
    bytes.writeUInt8(value, at);
    return bytes;
  };
  switch (change.kind) {
    case 'level':
      return bytes;
    case 'flags':
      return Buffer.concat([gzipHead(bytes, change.flags, change.sound), bytes.subarray(HEAD_BYTES)]);
    case 'second': {
      const more = { nothing: Buffer.alloc(0), same: tar, zeros: Buffer.alloc(512) }[change.content];
      return Buffer.concat([bytes, gzipSync(more)]);
    }
    case 'append':
      return Buffer.concat([bytes, change.bytes]);
    case 'cut':
      return bytes.subarray(0, change.at % bytes.length);
    case 'byte':
      return set(change.at % bytes.length, change.value);
    case 'head':
      return set(change.at % HEAD_BYTES, change.value);
    case 'tail':
      return set(bytes.length - 1 - (change.at % TRAILER_BYTES), change.value);
  }
}

/** The optional fields of RFC 1952 that the flags announce, in its order; an unsound header's check value is wrong. */
function gzipHead(bytes: Buffer, flags: number, sound: boolean): Buffer {
  const fixed = Buffer.from(bytes.subarray(0, HEAD_BYTES));
  fixed.writeUInt8(flags, 3);
  const parts = [fixed];
  if ((flags & 4) !== 0) parts.push(Buffer.from([3, 0, 1, 2, 3]));
  if ((flags & 8) !== 0) parts.push(Buffer.from('../../evil\0'));
  if ((flags & 16) !== 0) parts.push(Buffer.from('\x1f\x8b\x08\0'));
  const head = Buffer.concat(parts);
  if ((flags & 2) === 0) return head;
  const check = Buffer.alloc(2);
  check.writeUInt16LE((crc32(head) & 0xffff) ^ (sound ? 0 : 1));
  return Buffer.concat([head, check]);
}
