import { existsSync, readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { faultsDocument, kindOf } from '../faults/document.js';
import { SECTIONS } from '../faults/rows.js';
import { titlesIn } from '../faults/titles.js';

const LAST = 95;
const rows = SECTIONS.flatMap((section) => section.rows);
const read = (file: string) => (existsSync(file) ? readFileSync(file, 'utf8') : '');

const known = new Map<string, Set<string>>();
function titlesOf(file: string): Set<string> {
  const titles = known.get(file) ?? titlesIn(read(file));
  known.set(file, titles);
  return titles;
}

/** Whether it is the template of tests that have titles of their own. */
function isTable(title: string, titles: ReadonlySet<string>): boolean {
  if (!/%[sdij]/.test(title)) return false;
  const parts = title.split(/%[sdij]/).map((part) => part.replace(/[.*+?^${}()|[\]\\]/g, '\\$&'));
  const pattern = new RegExp(`^${parts.join('.*')}$`, 's');
  return [...titles].some((other) => other !== title && pattern.test(other));
}

describe('the rows of faults', () => {
  it('are each there once, in their order', () => {
    expect(rows.map(({ number }) => number)).toEqual(Array.from({ length: LAST }, (_, index) => index + 1));
  });

  it('each have a test, or a reason why there is none', () => {
    expect(rows.filter(({ tests, unproven = '' }) => tests.length === 0 && unproven === '')).toEqual([]);
    for (const { fault, outcome } of rows) expect([fault, outcome].includes('')).toBe(false);
  });

  it('name tests that are there', () => {
    const absent = rows.flatMap(({ number, tests }) =>
      tests
        .filter(({ file, title }) => !titlesOf(file).has(title))
        .map(({ file, title }) => `${number}: ${file} has no test '${title}'`),
    );
    expect(absent).toEqual([]);
  });

  it('name no whole table where a row of it can be named', () => {
    const whole = rows.flatMap(({ number, tests }) =>
      tests.filter(({ file, title }) => isTable(title, titlesOf(file))).map(({ title }) => `${number}: ${title}`),
    );
    expect(whole).toEqual([]);
  });

  it('call real what runs in the bundle: a file that calls what verifies or publishes has other tests, too', () => {
    const calling = (file: string) =>
      /^import \{(?! type [^,]*\}).*\/src\/(verify\/|image\/(publish\/|registry\.js))/m.test(read(file));
    const real = rows.flatMap(({ tests }) => tests.filter((test) => kindOf(test) === '**real**' && calling(test.file)));
    expect(real.filter(({ title }) => !title.startsWith('the built command line > '))).toEqual([]);
    expect(rows.flatMap(({ tests }) => tests.filter(({ inside, file }) => inside === true && !calling(file)))).toEqual(
      [],
    );
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
    ['a table of constants', "const C = 'x'; it.each([[C], [`<${C}>`], [`${D}`]])('%s', f)", ['%s', 'x', '<x>']],
    ['what is no test', `expect('a'); other.each(['x'])('b'); it(name, f)`, []],
    ['a comment', `// test('a', f)`, []],
  ])('are found: %s', (_, text, expected) => {
    expect(titles(text)).toEqual(expected);
  });

  it('tell the kind of a test by its folder', () => {
    const folders = ['e2e', 'workflows', 'fuzz', 'programs/x', 'unit/x/y'];
    expect(folders.map((folder) => kindOf({ file: `test/${folder}/z.test.ts` }))).toEqual([
      '**real**',
      '**workflow**',
      'fuzz',
      'programs',
      'unit',
    ]);
    expect(kindOf({ file: 'test/e2e/z.test.ts', inside: true })).toBe('inside');
    expect(() => kindOf({ file: 'bench/x.ts' })).toThrow('no known kind');
  });
});
