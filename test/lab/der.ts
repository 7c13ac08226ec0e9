/** Values in DER (X.690), as far as certificates need them. */
export type Der = Buffer;

/** One value: its tag and its contents. */
export function der(tag: number, ...contents: readonly Buffer[]): Der {
  const body = Buffer.concat(contents);
  return Buffer.concat([Buffer.from([tag]), length(body.length), body]);
}

function length(size: number): Buffer {
  if (size < 0x80) return Buffer.from([size]);
  const bytes: number[] = [];
  for (let rest = size; rest > 0; rest = Math.floor(rest / 256)) bytes.unshift(rest % 256);
  return Buffer.from([0x80 | bytes.length, ...bytes]);
}

export const sequence = (...members: readonly Der[]): Der => der(0x30, ...members);
export const set = (...members: readonly Der[]): Der => der(0x31, ...members);
export const octets = (bytes: Buffer): Der => der(0x04, bytes);
export const utf8 = (text: string): Der => der(0x0c, Buffer.from(text));
export const boolean = (value: boolean): Der => der(0x01, Buffer.from([value ? 0xff : 0x00]));
export const bits = (bytes: Buffer, unused = 0): Der => der(0x03, Buffer.from([unused]), bytes);
/** A context-specific value: `[number]`, constructed unless it is a plain string. */
export const tagged = (number: number, contents: Buffer, constructed = true): Der =>
  der((constructed ? 0xa0 : 0x80) | number, contents);

/** A number that is not negative. */
export function integer(value: Buffer | number): Der {
  const bytes = typeof value === 'number' ? Buffer.from([value]) : value;
  return der(0x02, (bytes[0] ?? 0) >= 0x80 ? Buffer.concat([Buffer.from([0]), bytes]) : bytes);
}

/** `1.3.6.1…` */
export function oid(text: string): Der {
  const [first = 0, second = 0, ...rest] = text.split('.').map(Number);
  const bytes = [first * 40 + second];
  for (const part of rest) {
    const groups = [part & 0x7f];
    for (let more = Math.floor(part / 128); more > 0; more = Math.floor(more / 128))
      groups.unshift((more & 0x7f) | 0x80);
    bytes.push(...groups);
  }
  return der(0x06, Buffer.from(bytes));
}

/** UTC time, or generalised time from 2050 on; to the second. */
export function time(when: Date): Der {
  const text = `${when.toISOString().replace(/[-:T]/g, '').slice(0, 14)}Z`;
  return when.getUTCFullYear() < 2050 ? der(0x17, Buffer.from(text.slice(2))) : der(0x18, Buffer.from(text));
}
