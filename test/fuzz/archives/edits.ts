import fc from 'fast-check';
import type { HeaderFields } from '../../support/tar.js';
import { type Piece, pieceOf } from './model.js';
import { FORMS, LINKS, NUMBERS, RECORDS, TEXTS, TYPES } from './values.js';

/** A change of the members of a tar. Numbers stand for places and are taken modulo what is there. */
export type Edit =
  | { kind: 'field'; at: number; field: NumberField | TextField; value: string }
  | { kind: 'type'; at: number; value: string }
  | { kind: 'mode'; at: number; value: number }
  | { kind: 'name'; at: number; other: number; form: Form }
  | { kind: 'link'; at: number; value: string }
  | { kind: 'byte'; at: number; offset: number; value: number; mended: boolean }
  | { kind: 'pax'; at: number; type: 'x' | 'g'; other: number; form: Form; records: Records }
  | { kind: 'drop' | 'repeat' | 'swap' | 'move'; at: number; other: number }
  | { kind: 'beneath'; at: number; target: string }
  | { kind: 'zeros' | 'reverse'; at: number };

type NumberField = 'mode' | 'uid' | 'gid' | 'size' | 'mtime' | 'checksum' | 'device';
type TextField = 'magic' | 'user' | 'group' | 'prefix';
type Records = keyof typeof RECORDS;
type Form = keyof typeof FORMS;

const place = fc.nat(40);
const kindOf = <K extends string>(kind: K) => fc.constant(kind);
const formNames = Object.keys(FORMS) as Form[];
const recordNames = Object.keys(RECORDS) as Records[];

export const edit: fc.Arbitrary<Edit> = fc.oneof(
  fc.record({
    kind: kindOf('field'),
    at: place,
    field: fc.constantFrom<NumberField[]>('mode', 'uid', 'gid', 'size', 'mtime', 'checksum', 'device'),
    value: fc.constantFrom(...NUMBERS),
  }),
  fc.record({
    kind: kindOf('field'),
    at: place,
    field: fc.constantFrom<TextField[]>('magic', 'user', 'group', 'prefix'),
    value: fc.constantFrom(...TEXTS),
  }),
  fc.record({ kind: kindOf('type'), at: place, value: fc.constantFrom(...TYPES) }),
  fc.record({ kind: kindOf('mode'), at: place, value: fc.oneof(fc.nat(0o777), fc.nat(0o7777777)) }),
  fc.record({ kind: kindOf('name'), at: place, other: place, form: fc.constantFrom(...formNames) }),
  fc.record({ kind: kindOf('link'), at: place, value: fc.constantFrom(...LINKS) }),
  fc.record({ kind: kindOf('byte'), at: place, offset: fc.nat(), value: fc.nat(255), mended: fc.boolean() }),
  fc.record({
    kind: kindOf('pax'),
    at: place,
    type: fc.constantFrom('x', 'x', 'x', 'g'),
    other: place,
    form: fc.constantFrom(...formNames),
    records: fc.constantFrom('path', 'path', ...recordNames),
  }),
  fc.record({ kind: fc.constantFrom('drop', 'repeat', 'swap', 'move'), at: place, other: place }),
  fc.record({ kind: kindOf('beneath'), at: place, target: fc.constantFrom(...LINKS) }),
  fc.record({ kind: fc.constantFrom('zeros', 'reverse'), at: place }),
);

/** The members after a change; those given are left as they are. */
export function applyEdit(pieces: readonly Piece[], change: Edit, root: string): Piece[] {
  const edited = [...pieces];
  const at = change.at % Math.max(1, pieces.length);
  const piece = pieces[at];
  if (piece === undefined) return edited;
  const { fields } = piece;
  const nameOf = (other: number) => pathOf(pieces[other % pieces.length]);
  const insert = (...news: Piece[]) => edited.splice(at, 0, ...news);
  const replace = (news: Partial<HeaderFields>) => (edited[at] = pieceOf({ ...fields, ...news }));
  switch (change.kind) {
    case 'field':
      replace({ [change.field]: change.value });
      break;
    case 'type':
    case 'mode':
    case 'link':
      replace({ [change.kind]: change.value });
      break;
    case 'name':
      replace({ ...spelled(FORMS[change.form](root, pathOf(piece), nameOf(change.other))) });
      break;
    case 'byte':
      edited[at] = { fields, bytes: changedByte(piece.bytes, change) };
      break;
    case 'pax': {
      const path = FORMS[change.form](root, pathOf(piece), nameOf(change.other));
      insert(pieceOf({ name: 'p', type: change.type, mode: 0o666, data: RECORDS[change.records](path) }));
      break;
    }
    case 'drop':
      edited.splice(at, 1);
      break;
    case 'repeat':
      edited.splice(change.other % (pieces.length + 1), 0, piece);
      break;
    case 'move':
      edited.splice(at, 1);
      edited.splice(change.other % pieces.length, 0, piece);
      break;
    case 'swap':
      edited[at] = pieces[change.other % pieces.length] ?? piece;
      edited[change.other % pieces.length] = piece;
      break;
    case 'beneath':
      edited.push(
        pieceOf({ name: `${root}/way`, type: '2', mode: 0o777, link: change.target }),
        pieceOf({ name: `${root}/way/out`, data: 'evil' }),
      );
      break;
    case 'zeros':
      insert({ fields: { name: '' }, bytes: Buffer.alloc(512) });
      break;
    case 'reverse':
      edited.reverse();
  }
  return edited;
}

function pathOf(piece: Piece | undefined): string {
  const { name = '', prefix = '' } = piece?.fields ?? {};
  return prefix === '' ? name : `${prefix}/${name}`;
}

/** What does not fit the field is cut: another hostile name. */
function spelled(path: string): { name: string; prefix: string } {
  return { name: path.slice(0, 100), prefix: '' };
}

function changedByte(bytes: Buffer, { offset, value, mended }: Extract<Edit, { kind: 'byte' }>): Buffer {
  const changed = Buffer.from(bytes);
  changed.writeUInt8(value, offset % changed.length);
  if (mended) {
    changed.write(' '.repeat(8), 148, 'latin1');
    const sum = changed.subarray(0, 512).reduce((total, byte) => total + byte, 0);
    changed.write(`${sum.toString(8).padStart(7, '0')}\0`, 148, 'latin1');
  }
  return changed;
}
