import { Failure } from '../errors.js';
import { BLOCK_BYTES, checksum, isUstar, isZero, octal, paxRecords, text } from '../tarHeader.js';
import { humanSize, printablePath } from '../text.js';
import { endsEarly } from './gzip.js';

/** A header block, what it says, and the bytes that follow it. Texts have one character a byte. */
export type Member = {
  block: Buffer;
  type: 'file' | 'symlink' | 'directory' | 'extended' | 'global';
  name: string;
  link: string;
  /** Permission bits alone, at most 0777. */
  mode: number;
  uid: number;
  gid: number;
  user: string;
  group: string;
  /** Seconds since 1970. */
  mtime: number;
  data: Buffer;
};

/** A member that is an entry of its own, not a header for another. */
export type ListedMember = Member & { type: 'file' | 'symlink' | 'directory' };

const EXTENDED_HEADER_BYTES = 16 * 1024;
const TYPES: Readonly<Record<string, Member['type']>> = {
  '0': 'file',
  '\0': 'file',
  '2': 'symlink',
  '5': 'directory',
  g: 'global',
  x: 'extended',
};
const FOREIGN: Readonly<Record<string, string>> = {
  '1': 'a hard link',
  '3': 'a character device',
  '4': 'a block device',
  '6': 'a FIFO',
};

/**
 * The members of a tar in POSIX ustar form, everything in it accounted for: magic, checksum, numbers in plain octal, no
 * type that git does not write, padding and end of zeros alone. `end` is where the end mark begins, in bytes.
 *
 * @throws Failure `verification` for everything else
 */
export function readMembers(tar: Buffer, maxMembers: number): { members: Member[]; end: number } {
  const members: Member[] = [];
  let at = 0;
  for (let block = take(tar, at, BLOCK_BYTES); !isZero(block); block = take(tar, at, BLOCK_BYTES)) {
    const { size, ...header } = readHeader(block);
    const data = take(tar, at + BLOCK_BYTES, size);
    const padding = take(tar, at + BLOCK_BYTES + size, -size & (BLOCK_BYTES - 1));
    if (!isZero(padding)) throw refused(`${label(header)} is padded with something other than zeros`);
    if (members.push({ ...header, data }) > maxMembers) throw refused(`it has more than ${maxMembers} headers`);
    at += BLOCK_BYTES + size + padding.length;
  }
  take(tar, at, 2 * BLOCK_BYTES);
  if (!isZero(tar.subarray(at))) throw refused('something follows its end mark');
  if (tar.length % BLOCK_BYTES !== 0) throw refused('its length is no multiple of 512 bytes');
  return { members, end: at };
}

/** The name of a member, escaped and quoted, for messages. */
export function label({ name }: { name: string }): string {
  return `'${printablePath(name)}'`;
}

function take(tar: Buffer, at: number, length: number): Buffer {
  if (at + length > tar.length) throw endsEarly('the end of its tar is missing');
  return tar.subarray(at, at + length);
}

function readHeader(block: Buffer): Omit<Member, 'data'> & { size: number } {
  const prefix = plain(block, 345, 155);
  const name = prefix === '' ? plain(block, 0, 100) : `${prefix}/${plain(block, 0, 100)}`;
  const number = (at: number, length: number): number => {
    const value = octal(block, at, length);
    if (value === undefined) throw refused(`the header of ${label({ name })} has a number that is not plain octal`);
    return value;
  };
  if (number(148, 8) !== checksum(block)) throw refused(`the header of ${label({ name })} does not match its checksum`);
  if (!isUstar(block)) throw refused(`the header of ${label({ name })} is not ustar`);
  const letter = block.toString('latin1', 156, 157);
  const type = TYPES[letter];
  const [mode, size] = [number(100, 8), number(124, 12)];
  if (type === undefined)
    throw refused(`${label({ name })} is ${FOREIGN[letter] ?? `of the unknown type '${printablePath(letter)}'`}`);
  if ((type === 'symlink' || type === 'directory') && size !== 0)
    throw refused(`${label({ name })} is a ${type} with content`);
  if ((type === 'global' || type === 'extended') && size > EXTENDED_HEADER_BYTES)
    throw refused(`the extended header ${label({ name })} has ${humanSize(size)}`);
  if (mode > 0o777)
    throw refused(`${label({ name })} has the mode ${mode.toString(8)}: setuid, setgid, sticky or unknown bits`);
  const link = plain(block, 157, 100);
  const [uid, gid, mtime] = [number(108, 8), number(116, 8), number(136, 12)];
  return {
    block,
    type,
    name,
    link,
    mode,
    uid,
    gid,
    user: plain(block, 265, 32),
    group: plain(block, 297, 32),
    mtime,
    size,
  };
}

/** A text of a header, without the NULs that fill its field. */
function plain(block: Buffer, at: number, length: number): string {
  const found = text(block, at, length);
  if (found !== undefined) return found;
  const field = block.toString('latin1', at, at + length);
  throw refused(`a header has a NUL byte inside a name, '${printablePath(field)}'`);
}

/** What an extended header sets: each key once, and only keys git writes. */
function readPax(member: Member, keys: readonly string[]): Map<string, string> {
  const records = paxRecords(member.data);
  if (records === undefined) throw refused(`the extended header ${label(member)} is not made of whole records`);
  const values = new Map<string, string>();
  for (const [key, value] of records) {
    if (!keys.includes(key) || values.has(key))
      throw refused(`an extended header sets '${printablePath(key)}'${values.has(key) ? ' twice' : ''}`);
    values.set(key, value);
  }
  return values;
}

/**
 * The commit id in git's global header, 40 hex digits.
 *
 * @throws Failure `verification` when the header holds anything else
 */
export function readComment(member: Member): string {
  const comment = readPax(member, ['comment']).get('comment') ?? '';
  if (!/^[0-9a-f]{40}$/.test(comment)) throw refused(`its comment '${printablePath(comment)}' is not a commit id`);
  return comment;
}

/**
 * The members that are entries, with the names and link targets that their extended headers give them.
 *
 * @throws Failure `verification` for an extended header that sets anything else or belongs to no entry
 */
export function applyPax(members: readonly Member[]): ListedMember[] {
  const listed: ListedMember[] = [];
  let pax: Map<string, string> | undefined;
  for (const member of members) {
    const { type } = member;
    if (type === 'global') throw refused('it has a global header that is not its first');
    if (type === 'extended') {
      if (pax !== undefined) throw refused(`${label(member)} is a second extended header in a row`);
      pax = readPax(member, ['path', 'linkpath']);
      continue;
    }
    if (pax?.has('linkpath') === true && type !== 'symlink')
      throw refused(`${label(member)} has a link target and is no link`);
    listed.push({ ...member, type, name: pax?.get('path') ?? member.name, link: pax?.get('linkpath') ?? member.link });
    pax = undefined;
  }
  if (pax !== undefined) throw refused('it ends with an extended header that belongs to no entry');
  return listed;
}

/** A tar that breaks a rule. */
export function refused(fault: string): Failure {
  return new Failure(
    'verification',
    `the archive is refused: ${fault}. git archive never writes this, so something else made or changed the file; ` +
      'check that `upstream` is the repository you mean, and what sits between this machine and it',
  );
}
