import type { Edit } from './edits.js';
import type { GzipEdit, TarEdit } from './wrapping.js';

/** What is done to a good archive. */
export type Attempt = { edits: readonly Edit[]; tar: TarEdit | undefined; gzip: GzipEdit | undefined };

const MAGIC = /is not ustar/;
const NUMBER = /has a number that is not plain octal/;
const MODE = /has the mode/;
const CHECKSUM = /does not match its checksum/;
const NUL = /has a NUL byte inside a name/;
const PLACE =
  /two roots|is a duplicate|listed as a|its root '|listed before the folder|lies beneath|its first entry|holds nothing/;
const NAME = /its path |its name holds a NUL|a component that means '\.git/;
const TARGET = /without a sound target/;
const PAX = /extended header|global header|has a link target and is no link|is not a commit id/;
const TYPE = /is a hard link|device|is a FIFO|of the unknown type|with content/;
const END = /the end of its tar is missing|follows its end mark|no multiple of 512/;
const PADDING = /is padded with/;
const TAR = [MAGIC, NUMBER, MODE, CHECKSUM, NUL, PLACE, NAME, TARGET, PAX, TYPE, END, PADDING];
const GZIP_END = /^the archive ends early: (?!the end of its tar)/;
const GZIP_REST = /follow the end of its gzip stream/;
const GZIP = [GZIP_END, GZIP_REST, /^the archive is damaged: /, /is not a gzip file/];

/** The rules that a change of a member can break. One of a size or of any byte may make of the rest whatever there is. */
function brokenBy(change: Edit): RegExp[] {
  switch (change.kind) {
    case 'field':
      return {
        ...{ mode: [NUMBER, MODE], uid: [NUMBER], gid: [NUMBER], mtime: [NUMBER], checksum: [NUMBER, CHECKSUM] },
        ...{ magic: [MAGIC], user: [NUL], group: [NUL], prefix: [NUL, NAME, PLACE] },
        ...{ size: TAR, device: [NUL, NAME, PLACE] }, // what is too long for its field reaches into the prefix
      }[change.field];
    case 'type':
    case 'byte':
      return TAR;
    case 'mode':
      return [MODE];
    case 'name':
      return [NUL, NAME, PLACE];
    case 'link':
      return [NUL, TARGET];
    case 'pax':
      return [PAX, NAME, PLACE, TARGET];
    case 'beneath':
      return [NUL, TARGET, PLACE];
    case 'zeros':
      return [END, PAX, NAME, PLACE]; // another change may make of them a header without a name
    case 'drop':
    case 'repeat':
    case 'swap':
    case 'move':
    case 'reverse':
      return [PAX, NAME, PLACE]; // an extended header may then stand before a member that its path does not suit
  }
}

/** Whether all of these rules were kept: an archive refused by one of them was refused for what nobody did to it. */
export function isUnjustified(message: string, { edits, tar, gzip }: Attempt): boolean {
  const rules = [
    ...edits.flatMap(brokenBy),
    ...(tar === undefined ? [] : [END]),
    ...(gzip === undefined || gzip.kind === 'level' ? [] : GZIP),
  ];
  return !rules.some((rule) => rule.test(message));
}

/** Whether this leaves an archive that has to be accepted: other modes, owners, times, zeros at the end, compression. */
export function isHarmless({ edits, tar, gzip }: Attempt): boolean {
  return (
    edits.every(keepsForm) &&
    (tar === undefined || (tar.kind === 'end' && tar.blocks >= 2)) &&
    (gzip === undefined || gzip.kind === 'level' || (gzip.kind === 'flags' && gzip.sound && gzip.flags < 32))
  );
}

function keepsForm(change: Edit): boolean {
  if (change.kind === 'mode') return change.value <= 0o777;
  if (change.kind !== 'field') return false;
  if (change.field === 'user' || change.field === 'group') return /^[^\0]*$/.test(change.value);
  return ['uid', 'gid', 'mtime'].includes(change.field) && /^[0-7]{1,7}$/.test(change.value);
}
