import { BLOCK_BYTES, checksum, isZero } from '../tarHeader.js';
import type { ListedMember, Member } from './tar.js';

const GIT_RECORD_BYTES = 20 * BLOCK_BYTES;

/** A tar's headers and its measures in bytes: its length, and where its end mark begins. */
export type Packed = { members: readonly Member[]; listed: readonly ListedMember[]; length: number; end: number };

/**
 * Where a tar differs from what git's archive-tar.c would have written of the same entries, in words; empty when it does not.
 * Nothing is proven by it: it tells an archive that was packed otherwise from one whose content was changed.
 */
export function packagingFaults({ members, listed, length, end }: Packed): string[] {
  const found = new Set<string>();
  for (const member of members) {
    if (member.uid !== 0 || member.gid !== 0) found.add('owners other than uid 0 and gid 0');
    if (member.user !== 'root' || member.group !== 'root') found.add('owner names other than root');
    if (!gitModes(member.type).includes(member.mode)) found.add('modes other than 0664, 0775 and 0777');
    if (!isSpelledByGit(member)) found.add('header fields in another form');
  }
  for (const { name, type } of listed)
    if (type === 'directory' && !name.endsWith('/')) found.add('folders without a slash at their end');
  const names = listed.map(({ name }) => name);
  // git's order is that of whole paths, folders with their slash.
  if ([...names].sort().some((name, index) => name !== names[index])) found.add("another order than git's");
  if (members.some(({ mtime }) => mtime !== members[0]?.mtime)) found.add('entries with different times');
  if (members[0]?.type !== 'global') found.add('no global header that names the commit');
  if (length !== gitLength(end)) found.add('its length is not the next multiple of 10240 bytes');
  return [...found];
}

function gitModes(type: Member['type']): number[] {
  if (type === 'global' || type === 'extended') return [0o666];
  if (type === 'symlink') return [0o777];
  return type === 'directory' ? [0o775] : [0o664, 0o775];
}

/** Whether git would have spelled a header so: the same values, but every number and unused byte as it writes them. */
function isSpelledByGit({ block, data, type, mode, uid, gid, mtime }: Member): boolean {
  const numbers: [value: number, at: number, length: number][] = [
    [mode, 100, 8],
    [uid, 108, 8],
    [gid, 116, 8],
    [data.length, 124, 12],
    [mtime, 136, 12],
    [checksum(block), 148, 8],
    [0, 329, 8],
    [0, 337, 8],
  ];
  return (
    numbers.every(([value, at, length]) => block.toString('latin1', at, at + length) === gitNumber(value, length)) &&
    (type !== 'file' || block[156] === 0x30) &&
    (type === 'symlink' || isZero(block.subarray(157, 257))) &&
    isZero(block.subarray(500))
  );
}

function gitNumber(value: number, length: number): string {
  return `${value.toString(8).padStart(length - 1, '0')}\0`;
}

/** Length of git's tar when its end mark begins at `end`, both in bytes: whole records, the last one filled with zeros. */
function gitLength(end: number): number {
  return Math.ceil((end + 2 * BLOCK_BYTES) / GIT_RECORD_BYTES) * GIT_RECORD_BYTES;
}
