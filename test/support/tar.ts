import { gzipSync } from 'node:zlib';
import { Failure } from '../../src/errors.js';

/** Fields of a header block as they are written; numbers become octal, texts are put in as they are (latin1). */
export type HeaderFields = {
  name: string;
  type?: string;
  mode?: number | string;
  uid?: number | string;
  gid?: number | string;
  size?: number | string;
  mtime?: number | string;
  link?: string;
  user?: string;
  group?: string;
  prefix?: string;
  magic?: string;
  /** Of the device fields; not a device means zeros. */
  device?: string;
  /** Instead of the right one. */
  checksum?: string;
  /** What follows the header. */
  data?: Buffer | string;
  /** The byte that fills the last block of the data. */
  padding?: number;
};

/** Seconds since 1970 of everything these builders make. */
export const TAR_EPOCH = 1_700_000_000;

/** A header block and its data, by default in the form that `git archive` writes. */
export function member(fields: HeaderFields): Buffer {
  const data = typeof fields.data === 'object' ? fields.data : Buffer.from(fields.data ?? '', 'latin1');
  const block = Buffer.alloc(512);
  const put = (value: string, at: number): number => block.write(value, at, 'latin1');
  const number = (value: number | string, at: number, digits: number): number =>
    put(typeof value === 'string' ? value : value.toString(8).padStart(digits, '0'), at);
  put(fields.name, 0);
  number(fields.mode ?? 0o664, 100, 7);
  number(fields.uid ?? 0, 108, 7);
  number(fields.gid ?? 0, 116, 7);
  number(fields.size ?? data.length, 124, 11);
  number(fields.mtime ?? TAR_EPOCH, 136, 11);
  put(fields.type ?? '0', 156);
  put(fields.link ?? '', 157);
  put(fields.magic ?? 'ustar\x0000', 257);
  put(fields.user ?? 'root', 265);
  put(fields.group ?? 'root', 297);
  put(fields.device ?? '0000000', 329);
  put(fields.device ?? '0000000', 337);
  put(fields.prefix ?? '', 345);
  put('        ', 148);
  let sum = 0;
  block.forEach((byte) => (sum += byte));
  put(fields.checksum ?? `${sum.toString(8).padStart(7, '0')}\0`, 148);
  const padding = Buffer.alloc((512 - (data.length % 512)) % 512, fields.padding ?? 0);
  return Buffer.concat([block, data, padding]);
}

export function file(name: string, data: Buffer | string = '', fields: Partial<HeaderFields> = {}): Buffer {
  return member({ name, data, ...fields });
}

/** The name is given its slash here. */
export function folder(name: string, fields: Partial<HeaderFields> = {}): Buffer {
  return member({ name: `${name}/`, type: '5', mode: 0o775, ...fields });
}

export function symlink(name: string, link: string, fields: Partial<HeaderFields> = {}): Buffer {
  return member({ name, type: '2', mode: 0o777, link, ...fields });
}

/** A pax header: `g` for all that follows, `x` for the next member; `body` is a text or records to be measured. */
export function pax(
  type: 'g' | 'x',
  body: string | Record<string, string>,
  fields: Partial<HeaderFields> = {},
): Buffer {
  const data =
    typeof body === 'string'
      ? body
      : Object.entries(body)
          .map(([key, value]) => paxRecord(key, value))
          .join('');
  const name = type === 'g' ? 'pax_global_header' : `${'0'.repeat(40)}.paxheader`;
  return member({ name, type, mode: 0o666, data, ...fields });
}

/** `LENGTH key=value\n`, the length counting itself. */
export function paxRecord(key: string, value: string): string {
  const rest = ` ${key}=${value}\n`;
  let length = rest.length;
  while (length !== rest.length + String(length).length) length = rest.length + String(length).length;
  return `${length}${rest}`;
}

/** Members and the end mark, filled with zeros to a multiple of 10240 bytes as git does. */
export function tarOf(...members: Buffer[]): Buffer {
  const body = Buffer.concat(members);
  return Buffer.concat([body, Buffer.alloc(Math.ceil((body.length + 1024) / 10240) * 10240 - body.length)]);
}

/** {@link tarOf}, compressed. */
export function tarballOf(...members: Buffer[]): Buffer {
  return gzipSync(tarOf(...members));
}

/** An entry of a layer: a file, or a folder if the path ends in a slash. */
export type LayerEntry = { path: string; mode: number; mtimeSeconds: number; data: Buffer };

/** The tar of a layer, of these entries in this order, in the form that our own writer has. */
export function layerOf(entries: readonly LayerEntry[]): Buffer {
  const parts = entries.flatMap(({ path, mode, mtimeSeconds, data }) => {
    const header = Buffer.alloc(512);
    const number = (value: number, digits: number) => value.toString(8).padStart(digits, '0');
    header.write(path, 0);
    header.write(number(mode, 7), 100);
    header.write(number(0, 7), 108);
    header.write(number(0, 7), 116);
    header.write(number(data.length, 11), 124);
    header.write(number(mtimeSeconds, 11), 136);
    header.write(path.endsWith('/') ? '5' : '0', 156);
    header.write('ustar\x0000', 257);
    return [sealHeader(header), data, Buffer.alloc((512 - (data.length % 512)) % 512)];
  });
  return Buffer.concat([...parts, Buffer.alloc(1_024)]);
}

/** Puts the checksum into a tar header of 512 bytes, in place. */
export function sealHeader(header: Buffer): Buffer {
  header.write('        ', 148);
  const sum = header.reduce((total, byte) => total + byte, 0);
  header.write(`${sum.toString(8).padStart(6, '0')}\0 `, 148);
  return header;
}

/** The Failure that reading throws; anything else fails the test. */
export function failureOf(read: () => unknown): Failure {
  try {
    read();
  } catch (error) {
    if (error instanceof Failure) return error;
    throw error;
  }
  throw new Error('was accepted');
}
