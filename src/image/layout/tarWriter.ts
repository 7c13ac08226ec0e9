import { BLOCK_BYTES, checksum } from '../../tarHeader.js';

/** A plain file of root's, which everybody may read. */
export type TarInput = { path: string; mtimeSeconds: number; data: Buffer };

/** The most bytes a path may have: what a ustar header holds without more records. */
export const MAX_TAR_NAME_BYTES = 100;

/**
 * A plain ustar of these files, in this order: the same bytes every time. Throws a RangeError for a path over 100
 * bytes.
 */
export function writeTar(inputs: readonly TarInput[]): Buffer {
  const parts = inputs.flatMap((input) => [writeHeader(input), input.data, padding(input.data.length)]);
  return Buffer.concat([...parts, Buffer.alloc(2 * BLOCK_BYTES)]);
}

/** How many bytes the tar of entries has whose data has these. Pure. */
export function tarLength(sizes: readonly number[]): number {
  return sizes.reduce(
    (total, size) => total + BLOCK_BYTES + Math.ceil(size / BLOCK_BYTES) * BLOCK_BYTES,
    2 * BLOCK_BYTES,
  );
}

function writeHeader({ path, mtimeSeconds, data }: TarInput): Buffer {
  if (Buffer.byteLength(path) > MAX_TAR_NAME_BYTES)
    throw new RangeError(`${path} is longer than ${MAX_TAR_NAME_BYTES} bytes`);
  const header = Buffer.alloc(BLOCK_BYTES);
  header.write(path, 0);
  header.write(octal(0o644, 7), 100);
  header.write(octal(0, 7), 108);
  header.write(octal(0, 7), 116);
  header.write(octal(data.length, 11), 124);
  header.write(octal(mtimeSeconds, 11), 136);
  header.write('0', 156);
  header.write('ustar\x0000', 257);
  header.write(`${octal(checksum(header), 6)}\0 `, 148);
  return header;
}

function octal(value: number, digits: number): string {
  return value.toString(8).padStart(digits, '0');
}

function padding(size: number): Buffer {
  return Buffer.alloc((BLOCK_BYTES - (size % BLOCK_BYTES)) % BLOCK_BYTES);
}
