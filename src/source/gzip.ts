import { crc32, inflateRawSync } from 'node:zlib';
import { errorCode, Failure } from '../errors.js';
import { humanSize } from '../text.js';

const FIXED_HEADER_BYTES = 10;
const TRAILER_BYTES = 8;
const INFLATE_CHUNK_BYTES = 256 * 1024;
const FLAG = { headerCrc: 0x02, extra: 0x04, name: 0x08, comment: 0x10, reserved: 0xe0 } as const;

/**
 * The content of exactly one gzip member (RFC 1952): header, deflate stream, CRC32 and length all checked, and not a
 * byte after them. node's own gunzip is not used because it reads a second member silently and ignores what follows.
 *
 * @param maxBytes most bytes the content may have; inflating stops there
 * @throws Failure `verification` for everything that is not one sound member
 */
export function gunzip(bytes: Buffer, maxBytes: number): Buffer {
  const start = headerLength(bytes);
  const { content, consumed } = inflate(bytes.subarray(start), maxBytes);
  const trailer = start + consumed;
  const end = trailer + TRAILER_BYTES;
  if (bytes.length < end) throw endsEarly('the gzip checksum at its end is missing');
  if (bytes.readUInt32LE(trailer) !== crc32(content)) throw damaged('the CRC32 of its content does not match');
  if (bytes.readUInt32LE(trailer + 4) !== content.length % 2 ** 32) throw damaged('its length does not match');
  if (bytes.length > end)
    throw new Failure(
      'verification',
      `the archive is refused: ${humanSize(bytes.length - end)} follow the end of its gzip stream ` +
        `(${startsMember(bytes, end) ? 'a second gzip stream' : 'stray bytes'}), which some programs would unpack and ` +
        'others would not. git archive never writes this; check what serves the archive',
    );
  return content;
}

/** Bytes before the deflate stream; optional fields are stepped over, never used. */
function headerLength(bytes: Buffer): number {
  if (bytes.length === 0) throw endsEarly('it is empty');
  if (bytes[0] !== 0x1f || (bytes.length > 1 && bytes[1] !== 0x8b))
    throw new Failure(
      'verification',
      'the archive is not a gzip file. An error page or a login portal probably came instead; check `upstream`, and ' +
        'whether this machine reaches it without signing in somewhere first',
    );
  if (bytes.length < FIXED_HEADER_BYTES) throw endsEarly('its gzip header is incomplete');
  if (bytes[2] !== 8) throw damaged(`its gzip method is ${bytes.readUInt8(2)}, and only 8 (deflate) exists`);
  const flags = bytes.readUInt8(3);
  if ((flags & FLAG.reserved) !== 0) throw damaged('its gzip header sets reserved flags');
  let at = FIXED_HEADER_BYTES;
  if ((flags & FLAG.extra) !== 0) at = past(bytes, at + 2) + bytes.readUInt16LE(at);
  if ((flags & FLAG.name) !== 0) at = afterNul(bytes, at);
  if ((flags & FLAG.comment) !== 0) at = afterNul(bytes, at);
  if ((flags & FLAG.headerCrc) !== 0) {
    const header = bytes.subarray(0, at);
    at = past(bytes, at + 2);
    if (bytes.readUInt16LE(at - 2) !== (crc32(header) & 0xffff))
      throw damaged('its gzip header does not match its CRC');
  }
  return past(bytes, at);
}

function past(bytes: Buffer, at: number): number {
  if (at > bytes.length) throw endsEarly('its gzip header is incomplete');
  return at;
}

function afterNul(bytes: Buffer, from: number): number {
  const nul = bytes.indexOf(0, past(bytes, from));
  if (nul === -1) throw endsEarly('its gzip header is incomplete');
  return nul + 1;
}

function inflate(deflated: Buffer, maxBytes: number): { content: Buffer; consumed: number } {
  try {
    // With `info` node also returns its engine, which alone knows how many input bytes belonged to the stream;
    // the type declarations do not say so.
    const result = inflateRawSync(deflated, {
      info: true,
      maxOutputLength: maxBytes,
      chunkSize: INFLATE_CHUNK_BYTES,
    }) as unknown as { buffer: Buffer; engine: { bytesWritten: number } };
    return { content: result.buffer, consumed: result.engine.bytesWritten };
  } catch (error) {
    const code = errorCode(error);
    if (code === 'Z_BUF_ERROR') throw endsEarly('its compressed stream is incomplete');
    if (code === 'ERR_BUFFER_TOO_LARGE')
      throw new Failure(
        'verification',
        `the archive is refused: it unpacks to more than ${humanSize(maxBytes)}, the most that is accepted. ` +
          'It is probably a decompression bomb or another repository; check `upstream` and `ref`',
        { cause: error },
      );
    throw damaged('its compressed stream is not valid', error);
  }
}

function startsMember(bytes: Buffer, at: number): boolean {
  return bytes[at] === 0x1f && bytes[at + 1] === 0x8b;
}

/** An archive that is the beginning of something longer. */
export function endsEarly(missing: string): Failure {
  return new Failure(
    'verification',
    `the archive ends early: ${missing}. The download was probably cut short; run again, and if it happens again ` +
      'look at what sits between this machine and upstream',
  );
}

function damaged(what: string, cause?: unknown): Failure {
  return new Failure(
    'verification',
    `the archive is damaged: ${what}. It was probably changed on its way; run again, and if it happens again look at ` +
      'what sits between this machine and upstream',
    { cause },
  );
}
