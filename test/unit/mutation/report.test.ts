import { describe, expect, it } from 'vitest';
import { type Mutant, rowsOf, survivorsOf, withMeasured } from '../../../test/mutation/report.js';

const SOURCE = 'one\nif (a <\n  b) two();\n';
const location = { start: { line: 2, column: 5 }, end: { line: 3, column: 4 } };
const mutant = (mutatorName: string, status: Mutant['status'], replacement?: string): Mutant => ({
  mutatorName,
  status,
  location,
  ...(replacement === undefined ? {} : { replacement }),
});
const reportOf = (...mutants: Mutant[]) => ({ files: { 'src/a.ts': { source: SOURCE, mutants } } });

describe('a row of a file', () => {
  it.each<[string, Mutant[], string, boolean]>([
    [
      'nothing alive',
      [mutant('Regex', 'Killed'), mutant('Regex', 'Timeout')],
      'of 2 mutants 1 killed, 1 without end, 0 alive; 0',
      true,
    ],
    ['a pattern alive', [mutant('Regex', 'Survived')], 'of 1 mutants 0 killed, 0 without end, 1 alive; 0', true],
    [
      'a comparison alive',
      [mutant('EqualityOperator', 'Survived')],
      'of 1 mutants 0 killed, 0 without end, 1 alive; 1',
      false,
    ],
    [
      'a branch nobody takes',
      [mutant('BlockStatement', 'NoCoverage')],
      'of 1 mutants 0 killed, 0 without end, 1 alive; 1',
      false,
    ],
    [
      'one that is no program',
      [mutant('EqualityOperator', 'CompileError')],
      'of 0 mutants 0 killed, 0 without end, 0 alive; 0',
      true,
    ],
  ])('with %s', (_, mutants, figure, met) => {
    expect(rowsOf(reportOf(...mutants), '2026-01-02')).toEqual([
      {
        what: 'src/a.ts',
        figure: `2026-01-02: ${figure} of them in a comparison or branch`,
        goal: 'none in a comparison or branch',
        met,
      },
    ]);
  });
});

describe('the rows of the page', () => {
  const row = (what: string, figure: string) => ({ what, figure, goal: '', met: true });

  it('are those measured anew and those there were, in the order of the groups, without files that are gone', () => {
    const before = [row('src/gone.ts', 'old'), row('src/proof/lock.ts', 'old'), row('src/source/tar.ts', 'old')];
    expect(withMeasured(before, [row('src/source/gzip.ts', 'new'), row('src/proof/lock.ts', 'new')])).toEqual([
      row('src/source/gzip.ts', 'new'),
      row('src/source/tar.ts', 'old'),
      row('src/proof/lock.ts', 'new'),
    ]);
  });
});

describe('the list of survivors', () => {
  it('says where each is, what stood there and what it became', () => {
    const killed = mutant('EqualityOperator', 'Killed', 'a >= b');
    expect(survivorsOf(reportOf(killed, mutant('EqualityOperator', 'Survived', 'a <=\n b')))).toEqual([
      'src/a.ts:2: EqualityOperator Survived: a < b -> a <= b',
    ]);
  });
});
