import { existsSync, readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { faultsDocument, kindOf } from '../faults/document.js';
import { SECTIONS } from '../faults/rows.js';
import { titlesIn } from '../faults/titles.js';

const LAST = 95;
const rows = SECTIONS.flatMap((section) => section.rows);

describe('the rows of faults', () => {
  it('are each there once, in their order', () => {
    expect(rows.map(({ number }) => number)).toEqual(Array.from({ length: LAST }, (_, index) => index + 1));
  });

  it('each have a test, or a reason why there is none', () => {
    expect(rows.filter(({ tests, unproven = '' }) => tests.length === 0 && unproven === '')).toEqual([]);
    for (const { fault, outcome } of rows) expect([fault, outcome].includes('')).toBe(false);
  });

  it('name tests that are there', () => {
    const titles = new Map<string, Set<string>>();
    const absent = rows.flatMap(({ number, tests }) =>
      tests.flatMap(({ file, title }) => {
        if (!titles.has(file)) titles.set(file, existsSync(file) ? titlesIn(readFileSync(file, 'utf8')) : new Set());
        return titles.get(file)?.has(title) === true ? [] : [`${number}: ${file} has no test '${title}'`];
      }),
    );
    expect(absent).toEqual([]);
  });

  it('are those of docs/faults.md, as scripts/fault-table.mjs writes it', () => {
    expect(readFileSync('docs/faults.md', 'utf8')).toBe(faultsDocument());
  });
});

describe('the titles of a file', () => {
  const titles = (text: string) => [...titlesIn(text)];
  it.each<[string, string, string[]]>([
    ['a test', `test('a', () => {});`, ['a']],
    ['a test in groups', `describe('a', () => { describe('b', () => { it('c', f) }) })`, ['a', 'a > b', 'a > b > c']],
    ['a template', 'test(`a ${b} c`, f)', ['a ${b} c']],
    ['a table of texts', `it.each(['x', 'y'])('a %s', f)`, ['a %s', 'a x', 'a y']],
    ['a table of rows', `it.each<[string]>([['x', 1, /z/], [2, y]])('%s: %i', f)`, ['%s: %i', 'x: 1', '2: %i']],
    ['a table elsewhere', `const T = [['x']] as const; it.each(T)('a %j', f)`, ['a %j', 'a "x"']],
    ['what is no test', `expect('a'); other.each(['x'])('b'); it(name, f)`, []],
    ['a comment', `// test('a', f)`, []],
  ])('are found: %s', (_, text, expected) => {
    expect(titles(text)).toEqual(expected);
  });

  it('tell the kind of a test by its folder', () => {
    const folders = ['e2e', 'workflows', 'fuzz', 'programs/x', 'unit/x/y'];
    expect(folders.map((folder) => kindOf(`test/${folder}/z.test.ts`))).toEqual([
      '**real**',
      '**workflow**',
      'fuzz',
      'programs',
      'unit',
    ]);
    expect(() => kindOf('bench/x.ts')).toThrow('no known kind');
  });
});
