const MAX_DEPTH = 64;

/**
 * A value as canonical JSON: keys sorted by UTF-16 code unit, no white space, so one value has one text and one hash.
 * Integers only, which makes it the part of RFC 8785 (JCS) that every language writes the same way. Throws a TypeError
 * that names the place for whatever has no such text: fractions, undefined, lone surrogates, objects that are not
 * plain.
 */
export function canonicalJson(value: unknown): string {
  return write(value, '$', 0);
}

function write(value: unknown, place: string, depth: number): string {
  if (depth > MAX_DEPTH) throw new TypeError(`${place}: nested more than ${MAX_DEPTH} deep`);
  if (value === null || typeof value === 'boolean') return String(value);
  if (typeof value === 'number') return writeInteger(value, place);
  if (typeof value === 'string') return writeString(value, place);
  if (Array.isArray(value)) {
    // Array.from, because map skips the holes of a sparse array.
    const items = Array.from(value, (item: unknown, index) => write(item, `${place}[${index}]`, depth + 1));
    return `[${items.join(',')}]`;
  }
  if (!isPlainObject(value)) throw new TypeError(`${place}: ${describe(value)} has no canonical JSON`);
  const members = Object.keys(value)
    .sort()
    .map((key) => `${writeString(key, place)}:${write(value[key], `${place}.${key}`, depth + 1)}`);
  return `{${members.join(',')}}`;
}

function writeInteger(value: number, place: string): string {
  if (!Number.isSafeInteger(value)) throw new TypeError(`${place}: ${value} is not an integer below 2^53`);
  return JSON.stringify(value);
}

function writeString(value: string, place: string): string {
  if (/\p{Cs}/u.test(value)) throw new TypeError(`${place}: a string with half a surrogate pair has no UTF-8`);
  return JSON.stringify(value);
}

function isPlainObject(value: unknown): value is Record<string, unknown> {
  if (typeof value !== 'object' || value === null) return false;
  const prototype: unknown = Object.getPrototypeOf(value);
  return prototype === Object.prototype || prototype === null;
}

function describe(value: unknown): string {
  return typeof value === 'object' ? Object.prototype.toString.call(value) : typeof value;
}
