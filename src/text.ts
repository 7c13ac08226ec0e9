/**
 * Text from outside made safe to print: control characters, bidirectional marks, line breaks and all that is invisible or a
 * space other than the plain one become `\u{…}`, and what is longer than `maxLength` characters is cut.
 */
export function printable(text: string, maxLength = 200): string {
  const cut = text.length > maxLength ? `${text.slice(0, maxLength)}…` : text;
  return cut.replace(
    /[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\p{Cs}\p{Co}\p{DI}]|(?! )\p{Zs}/gu,
    (character) => `\\u{${(character.codePointAt(0) ?? 0).toString(16)}}`,
  );
}

/** `printable` for what should be an address and is none: its user, query and fragment may be secrets. */
export function withoutSecrets(address: string): string {
  // A password may hold any character: all before the last `@` goes.
  const named = address.replace(/^([a-z][a-z0-9+.-]*:\/\/)?.*@/isu, '$1***@');
  return printable(named.replace(/([?#]).*/su, '$1***'));
}

/** Whether text is safe to print as it is, and no longer than that. */
export function isPrintable(text: string, maxLength = 200): boolean {
  return printable(text, maxLength) === text;
}

/** `printable` for text of some lines, each of them whole: their ends are the one thing that stays. */
export function printableLines(text: string): string {
  const lines = text.split(/\r\n|\n|\r/);
  return lines.map((line) => printable(line, Infinity)).join('\n');
}

/** A tar or git path (one character a byte) as readable text. */
export function printablePath(bytes: string): string {
  return printable(Buffer.from(bytes, 'latin1').toString('utf8'));
}

/** What follows the first of some lines where it stands for all of them: ` (and 2 more)`, or nothing. */
export function andMore(lines: readonly unknown[]): string {
  return lines.length <= 1 ? '' : ` (and ${lines.length - 1} more)`;
}

const MAX_LINES = 100;
const MAX_LINE_LENGTH = 1_000;

/** Lines as a log or a summary shows them: others may have written as many as they like. The last says how many are left out. Pure. */
export function cappedLines(lines: readonly string[], most = MAX_LINES): string[] {
  const shown = lines.slice(0, most).map((line) => printable(line, MAX_LINE_LENGTH));
  return lines.length > most ? [...shown, `(and ${lines.length - most} lines more)`] : shown;
}

/** A size for people: `175 kB`, `8.6 MB`. */
export function humanSize(bytes: number): string {
  if (bytes < 1000) return `${bytes} B`;
  const kilobytes = Math.round(bytes / 1000); // rounded first: what is nearly the next unit is told in that one
  if (kilobytes < 1000) return `${kilobytes} kB`;
  return `${(bytes / 1_000_000).toFixed(1)} MB`;
}

/** A time for people: `0.4 s`, `3 min 12 s`. */
export function humanSeconds(seconds: number): string {
  const tenths = seconds.toFixed(1);
  if (Number(tenths) < 60) return `${tenths} s`;
  const whole = Math.round(seconds);
  return `${Math.floor(whole / 60)} min ${whole % 60} s`;
}

const YEAR_10000_SECONDS = 253_402_300_800;

/** Whether a value is whole seconds since 1970, before the year 10000: what `isoTime` can write in four digits. */
export function isEpoch(value: unknown): boolean {
  return Number.isSafeInteger(value) && Number(value) >= 0 && Number(value) < YEAR_10000_SECONDS;
}

/** Seconds since 1970 as `2025-10-06T16:29:18Z`. */
export function isoTime(epochSeconds: number): string {
  return new Date(epochSeconds * 1_000).toISOString().replace('.000Z', 'Z');
}

/** The known name with the smallest edit distance. */
export function nearestName(name: string, known: readonly string[]): string {
  return [...known].sort((a, b) => distance(name, a) - distance(name, b))[0] ?? '';
}

function distance(a: string, b: string): number {
  let row = Array.from({ length: b.length + 1 }, (_, index) => index);
  for (let i = 1; i <= a.length; i++) {
    const next = [i];
    for (let j = 1; j <= b.length; j++)
      next[j] = Math.min(
        (row[j] ?? 0) + 1,
        (next[j - 1] ?? 0) + 1,
        (row[j - 1] ?? 0) + (a[i - 1] === b[j - 1] ? 0 : 1),
      );
    row = next;
  }
  return row[b.length] ?? 0;
}
