import { Failure } from '../errors.js';
import { sha256 } from '../hash.js';
import { humanSize, printablePath } from '../text.js';
import { gunzip } from './gzip.js';
import { packagingFaults } from './packaging.js';
import { type ListedMember, type Member, applyPax, label, readComment, readMembers, refused } from './tar.js';
import { pathFault } from './tree.js';

/** The most an archive may hold. `packedBytes` is also where the download is cut. */
export const ARCHIVE_LIMITS = {
  packedBytes: 64 * 2 ** 20,
  unpackedBytes: 512 * 2 ** 20,
  entries: 50_000,
  /** Of a path with its root folder, and of a link's target. */
  pathBytes: 4_096,
  /** Names in a path below the root folder. */
  depthNames: 64,
};

export type ArchiveLimits = typeof ARCHIVE_LIMITS;

/** A file, folder or symlink of the archive. */
export type Entry = {
  /** Relative to the root folder, one character a byte (latin1), without a slash at its end. */
  path: string;
  kind: 'file' | 'directory' | 'symlink';
  /** Whether the owner may execute it; false for everything but files. */
  executable: boolean;
  /** A file's bytes, a link's target, nothing for a folder. Files share the archive's memory. */
  data: Buffer;
};

/** What an archive holds and what it claims. Nothing of it is proven before its tree id is compared. */
export type Archive = {
  /** Name of the one root folder, one character a byte. */
  root: string;
  /** The commit id, 40 hex digits, in the pax comment that `git archive` writes: a claim. */
  comment: string | undefined;
  /** In the archive's order, the root folder left out; every folder comes before what it holds. */
  entries: Entry[];
  /** SHA256 of the tar, 64 hex digits: independent of the compression. */
  tarSha256: string;
  /** The one time of all entries in seconds since 1970 (`git archive` writes the commit's); undefined if they differ. */
  epoch: number | undefined;
  /** Where the tar differs from what `git archive` writes, in words; empty when it does not. For diagnosis only. */
  packaging: string[];
};

/**
 * Reads a gzipped tar as `git archive` writes it, under rules so strict that no two programs can disagree about what it
 * holds. In memory; nothing is written. The format is POSIX ustar with pax headers, narrowed to what git's archive-tar.c
 * emits (ids of 40 digits, no sizes of 8 GiB).
 *
 * @throws Failure `verification`, with the entry's name escaped, when the bytes end too early, a rule is broken or a cap exceeded
 */
export function readArchive(bytes: Buffer, limits: ArchiveLimits = ARCHIVE_LIMITS): Archive {
  if (bytes.length > limits.packedBytes) throw tooMuch(`${humanSize(bytes.length)} packed`, limits);
  return readArchiveTar(gunzip(bytes, limits.unpackedBytes), limits);
}

/** {@link readArchive} for a tar that is not compressed. */
export function readArchiveTar(tar: Buffer, limits: ArchiveLimits = ARCHIVE_LIMITS): Archive {
  // An entry has at most one extended header; the root folder and the global header come on top
  const { members, end } = readMembers(tar, 2 * limits.entries + 3);
  const comment = members[0]?.type === 'global' ? readComment(members[0]) : undefined;
  const listed = applyPax(comment === undefined ? members : members.slice(1));
  const { root, entries } = readEntries(listed, limits);
  const [epoch, ...others] = new Set(members.map(({ mtime }) => mtime));
  return {
    root,
    comment,
    entries,
    tarSha256: sha256(tar),
    epoch: others.length > 0 ? undefined : epoch,
    packaging: packagingFaults({ members, listed, length: tar.length, end }),
  };
}

function readEntries(members: readonly ListedMember[], limits: ArchiveLimits): { root: string; entries: Entry[] } {
  const [first] = members;
  if (first === undefined) throw refused('it holds nothing');
  if (members.length > limits.entries + 1) throw tooMuch('too many entries', limits); // the root is none
  const { top: root, entry: start } = readEntry(first, limits);
  const kinds = new Map<string, Entry['kind']>();
  const entries: Entry[] = [];
  for (const member of members) {
    const { top, entry } = readEntry(member, limits);
    if (top !== root) throw refused(`it has two roots, '${printablePath(root)}' and '${printablePath(top)}'`);
    checkPlace(entry, kinds, member);
    kinds.set(entry.path, entry.kind);
    if (entry.path !== '') entries.push(entry);
  }
  // Told last: an archive with this fault usually has a worse one, which deserves to be named
  if (start.path !== '') throw refused(`its first entry is ${label(first)} and not its root folder`);
  return { root, entries };
}

function readEntry(member: ListedMember, limits: ArchiveLimits): { top: string; entry: Entry } {
  const { name, type, mode, link, data } = member;
  const longest = Math.max(name.length, link.length);
  if (longest > limits.pathBytes) throw tooMuch(`${label(member)} has a path of ${longest} bytes`, limits);
  const path = type === 'directory' ? name.replace(/\/$/, '') : name;
  const fault = pathFault(path, type);
  if (fault !== undefined) throw refused(`${label(member)}: ${fault}`);
  const [top = '', ...names] = path.split('/');
  if (names.length > limits.depthNames) throw tooMuch(`${label(member)} lies ${names.length} folders deep`, limits);
  if (type === 'symlink' && (link === '' || link.includes('\0')))
    throw refused(`${label(member)} is a link without a sound target`);
  const executable = type === 'file' && (mode & 0o100) !== 0;
  const content = type === 'symlink' ? Buffer.from(link, 'latin1') : data;
  return { top, entry: { path: names.join('/'), kind: type, executable, data: content } };
}

function checkPlace({ path, kind }: Entry, kinds: ReadonlyMap<string, Entry['kind']>, member: Member): void {
  const before = kinds.get(path);
  if (before === kind) throw refused(`${label(member)} is a duplicate, listed twice`);
  if (before !== undefined) throw refused(`${label(member)} is listed as a ${before} and again as a ${kind}`);
  if (path === '') {
    if (kind !== 'directory') throw refused(`its root ${label(member)} is a ${kind}`);
    return;
  }
  const above = path.includes('/') ? kinds.get(path.slice(0, path.lastIndexOf('/'))) : 'directory';
  if (above === undefined) throw refused(`${label(member)} is listed before the folder that holds it`);
  if (above !== 'directory') throw refused(`${label(member)} lies beneath a ${above}`);
}

function tooMuch(what: string, limits: ArchiveLimits): Failure {
  const { packedBytes, unpackedBytes, entries, pathBytes, depthNames } = limits;
  return new Failure(
    'verification',
    `the archive is refused: ${what}. At most ${humanSize(packedBytes)} packed, ${humanSize(unpackedBytes)} unpacked, ` +
      `${entries} entries, paths of ${pathBytes} bytes and ${depthNames} folders deep are accepted; this is probably ` +
      'another repository than the one you mean. Check `upstream` and `ref`',
  );
}
