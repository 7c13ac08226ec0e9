import { describe, expect, it } from 'vitest';
import { INPUT_NAMES } from '../../src/inputs.js';
import {
  humanSeconds,
  humanSize,
  isoTime,
  nearestName,
  printable,
  printableLines,
  printablePath,
} from '../../src/text.js';

describe('printable', () => {
  it.each([
    ['plain text stays', 'größe → 日本 🙂 a b'],
    ['punctuation stays', '\'"`|<>&$\\{}'],
  ])('%s', (_, text) => {
    expect(printable(text)).toBe(text);
  });

  it.each([
    ['a control character', 'a\u001b[2J', 'a\\u{1b}[2J'],
    ['NUL, tab and line ends', '\0\t\n\r\u0085\u2028\u2029', '\\u{0}\\u{9}\\u{a}\\u{d}\\u{85}\\u{2028}\\u{2029}'],
    ['marks of direction', '\u202e\u2066\u200f', '\\u{202e}\\u{2066}\\u{200f}'],
    [
      'what has no width',
      '\u200b\u2060\ufeff\u00ad\ufe0f\u3164',
      '\\u{200b}\\u{2060}\\u{feff}\\u{ad}\\u{fe0f}\\u{3164}',
    ],
    ['odd spaces', '\u00a0\u2003\u3000', '\\u{a0}\\u{2003}\\u{3000}'],
    ['half a surrogate pair', '\ud83d', '\\u{d83d}'],
    ['characters of nobody', '\ue000\u{e0001}', '\\u{e000}\\u{e0001}'],
  ])('shows %s', (_, text, shown) => {
    expect(printable(text)).toBe(shown);
  });

  it('cuts what is longer, and no sooner', () => {
    expect(printable('x'.repeat(200))).toBe('x'.repeat(200));
    expect(printable('x'.repeat(201))).toBe(`${'x'.repeat(200)}…`);
    expect(printable('abc', 2)).toBe('ab…');
    expect(printable('a🙂', 2)).toBe('a\\u{d83d}…');
  });
});

describe('printableLines', () => {
  it.each([
    ['one\ntwo\r\nthree\rfour\n', 'one\ntwo\nthree\nfour\n'],
    ['\u001b[2J\n\u0085x', '\\u{1b}[2J\n\\u{85}x'],
    ['x'.repeat(300), 'x'.repeat(300)],
    ['', ''],
  ])('keeps the lines and makes each safe: %j', (text, shown) => {
    expect(printableLines(text)).toBe(shown);
  });
});

describe('printablePath', () => {
  it('reads bytes as UTF-8', () => {
    expect(printablePath(Buffer.from('größe').toString('latin1'))).toBe('größe');
    expect(printablePath('a\xff\n')).toBe('a\ufffd\\u{a}');
  });
});

describe('humanSize', () => {
  it.each([
    [0, '0 B'],
    [999, '999 B'],
    [1_000, '1 kB'],
    [175_400, '175 kB'],
    [999_499, '999 kB'],
    [999_500, '1.0 MB'],
    [999_600, '1.0 MB'],
    [1_000_000, '1.0 MB'],
    [8_640_000, '8.6 MB'],
    [67_108_864, '67.1 MB'],
  ])('%i: %s', (bytes, text) => {
    expect(humanSize(bytes)).toBe(text);
  });
});

describe('humanSeconds', () => {
  it.each([
    [0, '0.0 s'],
    [0.44, '0.4 s'],
    [59.9, '59.9 s'],
    [59.94, '59.9 s'],
    [59.96, '1 min 0 s'],
    [60, '1 min 0 s'],
    [119.4, '1 min 59 s'],
    [119.6, '2 min 0 s'],
    [192, '3 min 12 s'],
    [3_661, '61 min 1 s'],
  ])('%d: %s', (seconds, text) => {
    expect(humanSeconds(seconds)).toBe(text);
  });
});

describe('isoTime', () => {
  it.each([
    [0, '1970-01-01T00:00:00Z'],
    [1_759_768_158, '2025-10-06T16:29:18Z'],
  ])('%i: %s', (seconds, text) => {
    expect(isoTime(seconds)).toBe(text);
  });
});

describe('nearestName', () => {
  it.each([
    ['pushh', 'push'],
    ['tag', 'tags'],
    ['movingtags', 'moving-tags'],
    ['', 'ref'],
  ])('%s → %s', (name, nearest) => {
    expect(nearestName(name, INPUT_NAMES)).toBe(nearest);
  });

  it.each([
    ['ac', ['ab', 'ac'], 'ac'],
    ['abc', ['xyzabc', 'abd'], 'abd'],
    ['b', ['a', 'ab'], 'a'],
    ['push', ['pus', 'pushes'], 'pus'],
    ['x', [], ''],
  ])('%s among %j: %s', (name, known, nearest) => {
    expect(nearestName(name, known)).toBe(nearest);
  });
});
