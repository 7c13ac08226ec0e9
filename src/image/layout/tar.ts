import { Failure } from '../../errors.js';
import { BLOCK_BYTES, checksum, isUstar, isZero, octal, paxRecords, text } from '../../tarHeader.js';
import { printable } from '../../text.js';

/** What a tar entry is. */
export type TarKind = 'file' | 'hard link' | 'symlink' | 'character device' | 'block device' | 'directory' | 'fifo';

/** One entry of a tar. `path` has no trailing slash; `data` points into the tar and is empty unless `kind` is file. */
export type TarEntry = {
  path: string;
  kind: TarKind;
  mode: number;
  uid: number;
  gid: number;
  size: number;
  /** Whole seconds since 1970; `paxKeys` holds `mtime` if it was written with a fraction or out of range. */
  mtimeSeconds: number;
  /** Names of the PAX records in front of the entry, `SCHILY.xattr.…` among them. */
  paxKeys: readonly string[];
  linkTarget: string;
  data: Buffer;
};

const MAX_ENTRIES = 10_000;
const MAX_PAX_BYTES = 65_536;
const MAX_PATH_BYTES = 4096;
const KINDS: readonly TarKind[] = [
  'file',
  'hard link',
  'symlink',
  'character device',
  'block device',
  'directory',
  'fifo',
];
const PAX_KEYS = /^(?:path|linkpath|size|uid|gid|mtime|atime|ctime|uname|gname|SCHILY\.xattr\.[^=]+)$/;

/**
 * Reads a POSIX tar (ustar with PAX records) strictly: checksums, plain octal numbers, zero padding also behind names, an
 * end mark with nothing behind it, relative paths without `.` or `..`, no path twice. Throws class verification with `what`
 * and the entry named.
 */
export function readTar(tar: Buffer, what: string): TarEntry[] {
  const entries: TarEntry[] = [];
  const seen = new Set<string>();
  let pax: Map<string, string> | undefined;
  let offset = 0;
  for (;;) {
    const header = tar.subarray(offset, offset + BLOCK_BYTES);
    const place = `${what}, tar header at byte ${offset}`;
    if (header.length < BLOCK_BYTES) throw refuse(place, 'the tar ends without an end mark');
    if (isZero(header)) break;
    const { type, ...entry } = readHeader(header, place);
    const size = type === 'x' ? entry.size : Number(pax?.get('size') ?? entry.size);
    const start = offset + BLOCK_BYTES;
    const end = start + Math.ceil(size / BLOCK_BYTES) * BLOCK_BYTES;
    if (end > tar.length) throw refuse(place, `${size} bytes of data reach beyond the end of the tar`);
    const data = tar.subarray(start, start + size);
    if (!isZero(tar.subarray(start + size, end))) throw refuse(place, 'the padding is not zero');
    if (type === 'x') {
      if (pax !== undefined) throw refuse(place, 'two PAX headers in front of one entry');
      pax = readPax(data, place);
    } else {
      const complete = applyPax({ ...entry, kind: kindOf(type, place), size, data }, pax, place);
      if (seen.has(complete.path)) throw refuse(place, `${printable(complete.path)} appears twice`);
      if (seen.size >= MAX_ENTRIES) throw refuse(place, `more than ${MAX_ENTRIES} entries`);
      seen.add(complete.path);
      entries.push(complete);
      pax = undefined;
    }
    offset = end;
  }
  if (pax !== undefined) throw refuse(what, 'a PAX header without an entry');
  if (tar.length % BLOCK_BYTES !== 0 || tar.length < offset + 2 * BLOCK_BYTES || !isZero(tar.subarray(offset)))
    throw refuse(what, 'the end of the tar is not two or more zero blocks');
  return entries;
}

function readHeader(header: Buffer, place: string): Omit<TarEntry, 'kind' | 'paxKeys' | 'data'> & { type: string } {
  if (!isUstar(header)) throw refuse(place, 'not a POSIX tar header');
  if (number(header, 148, 8, place) !== checksum(header)) throw refuse(place, 'the checksum is wrong');
  const prefix = plain(header, 345, 155, place);
  const name = plain(header, 0, 100, place);
  return {
    type: header.toString('latin1', 156, 157),
    path: prefix === '' ? name : `${prefix}/${name}`,
    mode: number(header, 100, 8, place),
    uid: number(header, 108, 8, place),
    gid: number(header, 116, 8, place),
    size: number(header, 124, 12, place),
    mtimeSeconds: number(header, 136, 12, place),
    linkTarget: plain(header, 157, 100, place),
  };
}

/** What an extended header sets: each key once, and only keys that are known. Values have one character a byte. */
function readPax(data: Buffer, place: string): Map<string, string> {
  if (data.length > MAX_PAX_BYTES) throw refuse(place, `more than ${MAX_PAX_BYTES} bytes of PAX records`);
  const found = paxRecords(data);
  if (found === undefined) throw refuse(place, 'malformed PAX records');
  const records = new Map<string, string>();
  for (const [key, value] of found) {
    if (records.has(key)) throw refuse(place, `PAX record ${printable(key)} twice`);
    if (!PAX_KEYS.test(key)) throw refuse(place, `PAX record ${printable(key)} is not known`);
    if (/^(?:size|uid|gid)$/.test(key) && !/^\d{1,12}$/.test(value)) throw refuse(place, `PAX ${key} is not a number`);
    if (key === 'mtime' && !/^\d{1,12}(?:\.\d{1,20})?$/.test(value)) throw refuse(place, 'PAX mtime is not a time');
    records.set(key, value);
  }
  return records;
}

function applyPax(
  entry: Omit<TarEntry, 'paxKeys'>,
  pax: ReadonlyMap<string, string> | undefined,
  place: string,
): TarEntry {
  const record = (key: string): string | undefined => {
    const value = pax?.get(key);
    return value === undefined ? undefined : utf8(Buffer.from(value, 'latin1'), place);
  };
  const named = record('path') ?? entry.path;
  const path = entry.kind === 'directory' ? named.replace(/\/$/, '') : named;
  const components = path.split('/');
  if (components.some((part) => part === '' || part === '.' || part === '..' || part.includes('\0')))
    throw refuse(place, `path ${printable(path)} is not a plain relative path`);
  if (path.length > MAX_PATH_BYTES) throw refuse(place, `a path of more than ${MAX_PATH_BYTES} bytes`);
  if (entry.kind !== 'file' && entry.size !== 0) throw refuse(place, `${printable(path)} is a ${entry.kind} with data`);
  return {
    ...entry,
    path,
    uid: Number(record('uid') ?? entry.uid),
    gid: Number(record('gid') ?? entry.gid),
    mtimeSeconds: Math.floor(Number(record('mtime') ?? entry.mtimeSeconds)),
    linkTarget: record('linkpath') ?? entry.linkTarget,
    paxKeys: [...(pax?.keys() ?? [])],
  };
}

function kindOf(type: string, place: string): TarKind {
  const kind = KINDS[type === '\0' ? 0 : '0123456'.indexOf(type)];
  if (kind === undefined) throw refuse(place, `entries of type ${printable(type)} are not known`);
  return kind;
}

function number(header: Buffer, start: number, length: number, place: string): number {
  const value = octal(header, start, length);
  if (value !== undefined) return value;
  throw refuse(place, `${printable(header.toString('latin1', start, start + length))} is not an octal number`);
}

function plain(header: Buffer, start: number, length: number, place: string): string {
  const found = text(header, start, length);
  if (found === undefined) throw refuse(place, 'a name with bytes behind a NUL');
  return utf8(Buffer.from(found, 'latin1'), place);
}

function utf8(bytes: Buffer, place: string): string {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch (cause) {
    throw new Failure('verification', `${place}: a name that is not UTF-8`, { cause });
  }
}

function refuse(place: string, reason: string): Failure {
  return new Failure('verification', `${place}: ${reason}`);
}
