import { describe, expect, it } from 'vitest';
import { rowsIn, withSection } from '../../../bench/document.js';
import { report } from '../../../bench/measure.js';

const HEAD = '# Figures\n\nWords.\n';
const section = (name: string, text: string) => `\n## ${name}\n\n${text}`;
const page = (...texts: string[]) => HEAD + texts.join('');

const [A, B, C] = [section('a', 'one\n'), section('b', 'two\n\n### part\n\nmore\n'), section('c', 'three\n')];

describe('a section of the page of figures', () => {
  it.each<[string, string, [string, string], string]>([
    ['is the first of a page that has none', HEAD, ['a', 'one\n'], page(A)],
    ['comes at the end when it is new', page(A, B), ['c', 'three\n'], page(A, B, C)],
    ['takes its place at the beginning', page(A, B, C), ['a', 'new\n'], page(section('a', 'new\n'), B, C)],
    ['takes its place in the middle, with its parts', page(A, B, C), ['b', 'new\n'], page(A, section('b', 'new\n'), C)],
    ['takes its place at the end', page(A, B, C), ['c', 'new\n'], page(A, B, section('c', 'new\n'))],
    ['stays when nothing is new', page(A, B, C), ['b', 'two\n\n### part\n\nmore\n'], page(A, B, C)],
    [
      'is not one whose name begins like it',
      page(section('ab', 'x\n'), B),
      ['a', 'one\n'],
      page(section('ab', 'x\n'), B, A),
    ],
    ['is not one whose name ends like it', page(section('b a', 'x\n')), ['a', 'one\n'], page(section('b a', 'x\n'), A)],
    ['is not a part of another', page(section('b', '### a\n')), ['a', 'one\n'], page(section('b', '### a\n'), A)],
    [
      'has signs that mean something to a replacement',
      page(A, B),
      ['a', "$& $1 $' \\\n"],
      page(section('a', "$& $1 $' \\\n"), B),
    ],
  ])('%s', (_, before, [name, text], after) => {
    expect(withSection(before, name, text)).toBe(after);
  });
});

describe('the rows of a section', () => {
  const rows = [
    { what: 'a', figure: '1 s', goal: '2 s', met: true },
    { what: 'b', figure: '3 s', goal: '2 s', met: false },
    { what: 'c', figure: '4 s', goal: '', met: undefined },
  ];

  it('are those that were written', () => {
    const written = withSection(withSection(page(A), 'x', report(rows)), 'y', report([]));
    expect(rowsIn(written, 'x')).toEqual(rows);
    expect(rowsIn(written, 'y')).toEqual([]);
  });

  it('are none where there is no such section', () => {
    expect(rowsIn(page(A), 'x')).toEqual([]);
  });
});
