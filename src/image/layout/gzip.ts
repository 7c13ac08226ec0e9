import { Worker } from 'node:worker_threads';
import { crc32, inflateRawSync } from 'node:zlib';
import { Deflate } from 'pako';
import { Failure } from '../../errors.js';
import { type Digest, digestOf } from '../../hash.js';
import { PACKER } from '../../wrapper.js';

// RFC 1952: magic, deflate, no flags, no time, no hint about the level, system "Unix".
const HEADER = Buffer.from('1f8b0800000000000003', 'hex');
const TRAILER_BYTES = 8;

// legacyHash makes pako write the bytes of plain zlib (and of Python's `zlib.compressobj(6, wbits=31)`); without it
// they are those of Chromium's zlib. Level 9 saves 0.6 % of a layer and takes twice the time, in which no signal is
// handled.
const OPTIONS = { level: 6, windowBits: 15, memLevel: 8, strategy: 0, legacyHash: true, gzip: true } as const;

// A layer is packed when it is composed, when it is read back, and after a rebuild; it takes a second each time.
const MAX_REMEMBERED = 4;
const remembered = new Map<Digest, Buffer>();

/** The bytes as one gzip member without name or time. The same bytes give the same gzip on every machine and node. */
export function pack(bytes: Buffer): Buffer {
  const digest = digestOf(bytes);
  return Buffer.from(remembered.get(digest) ?? remember(digest, deflate(bytes)));
}

/** What `pack` will be asked for, on a processor each and beside this thread, which goes on to handle signals. */
export async function packAhead(all: readonly Buffer[]): Promise<void> {
  await Promise.all(all.map(async (bytes) => remember(digestOf(bytes), await inWorker(bytes))));
}

/**
 * What `pack` does, without its memory: for the worker. The whole comes in one piece, as what does not compress grows by less than
 * this room: pieces would be held once more while they are put together.
 */
export function deflate(bytes: Uint8Array): Uint8Array<ArrayBuffer> {
  const room = bytes.length + Math.ceil(bytes.length / 1_000) + 1_000;
  const engine = new Deflate({ ...OPTIONS, chunkSize: room });
  const pieces: Uint8Array<ArrayBuffer>[] = [];
  engine.onData = (piece) => pieces.push(piece);
  engine.onEnd = () => undefined;
  engine.push(bytes, true);
  const [whole, ...more] = pieces;
  if (whole === undefined || more.length > 0) throw new Error(`zlib gave ${pieces.length} pieces: ${engine.msg}`);
  return whole;
}

function inWorker(bytes: Buffer): Promise<Uint8Array> {
  return new Promise((resolve, reject) => {
    const worker = new Worker(PACKER, { workerData: bytes, env: {}, execArgv: [] });
    worker.once('message', resolve);
    worker.once('error', reject);
    worker.once('exit', () => reject(new Error(`${PACKER} ended without a word`))); // nobody listens behind a message
  });
}

function remember(digest: Digest, packed: Uint8Array): Buffer {
  const kept = Buffer.from(packed.buffer, packed.byteOffset, packed.byteLength);
  for (const oldest of remembered.keys()) if (remembered.size >= MAX_REMEMBERED) remembered.delete(oldest);
  remembered.set(digest, kept);
  return kept;
}

/**
 * The bytes inside one gzip member as `pack` writes it. Refuses, as class verification with `what` in the message, what
 * gives more than `maxBytes`, a wrong checksum, and anything after the member: node would read on without a word.
 */
export function unpack(packed: Buffer, maxBytes: number, what: string): Buffer {
  const body = packed.subarray(HEADER.length);
  if (packed.length < HEADER.length + TRAILER_BYTES || !packed.subarray(0, HEADER.length).equals(HEADER))
    throw new Failure('verification', `${what} does not start with the gzip header that is written here`);
  const { bytes, used } = inflate(body, maxBytes, what);
  if (body.length !== used + TRAILER_BYTES)
    throw new Failure(
      'verification',
      `${what} holds ${body.length - used - TRAILER_BYTES} bytes beside its one gzip member`,
    );
  if (body.readUInt32LE(used) !== crc32(bytes) || body.readUInt32LE(used + 4) !== bytes.length)
    throw new Failure('verification', `${what}: the gzip checksum does not fit the contents`);
  return bytes;
}

function inflate(body: Buffer, maxBytes: number, what: string): { bytes: Buffer; used: number } {
  try {
    // With `info` node returns the engine too, whose bytesWritten counts the input it used; the types do not know.
    const { buffer, engine } = inflateRawSync(body, { info: true, maxOutputLength: maxBytes }) as unknown as {
      buffer: Buffer;
      engine: { bytesWritten: number };
    };
    return { bytes: buffer, used: engine.bytesWritten };
  } catch (cause) {
    const reason = cause instanceof Error ? cause.message : String(cause);
    throw new Failure('verification', `${what} cannot be unpacked into at most ${maxBytes} bytes: ${reason}`, {
      cause,
    });
  }
}
