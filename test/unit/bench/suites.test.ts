import { describe, expect, it } from 'vitest';
import { suiteRows } from '../../../bench/suites.js';

/** The end of what `npm test` prints, as scripts/suites.mjs writes it. */
const log = (unit: string, end: string) => `
==> unit tests
 Test Files  3 passed (3)
   Duration  9.9 min  of nothing
9.9 min of words

   0.4 min  types
${unit}
  12.0 min  end-to-end tests

${end}
`;

const UNIT = '   0.3 min  unit tests';
const whole = { what: '`npm test` in a fresh clone, nothing made before', goal: '35 min' };

describe('the figures of npm test', () => {
  it('are the whole and each suite’s', () => {
    expect(suiteRows(log(UNIT, '1234 passed, 0 failed'), 17.4)).toEqual([
      { ...whole, figure: '17 min; 1234 passed, 0 failed', met: true },
      { what: 'types', figure: '0.4 min', goal: '', met: undefined },
      { what: 'unit tests', figure: '0.3 min', goal: '20 s', met: true },
      { what: 'end-to-end tests', figure: '12.0 min', goal: '', met: undefined },
    ]);
  });

  it('say which suite failed, and how many tests', () => {
    const failure = 'unit: failed: a test\n9 passed, 0 failed\n';
    const output = log(UNIT, '1233 passed, 1 failed').replace('end-to-end tests', 'end-to-end tests: FAILED');
    expect(suiteRows(failure + output, 17.5)[0]?.met).toBe(false);
    expect(suiteRows(failure + output, 17.5).map(({ what, figure }) => [what, figure])).toEqual([
      [whole.what, '18 min; 1233 passed, 1 failed'],
      ['types', '0.4 min'],
      ['unit tests', '0.3 min'],
      ['end-to-end tests: FAILED', '12.0 min'],
    ]);
  });

  it.each([
    [35, true],
    [35.1, false],
  ])('hold %d minutes of the whole against the goal', (minutes, met) => {
    expect(suiteRows(log(UNIT, '1 passed, 0 failed'), minutes)[0]).toMatchObject({ goal: '35 min', met });
  });

  it.each([
    ['0.3', true],
    ['0.4', false],
  ])('hold %s minutes of the unit tests against the goal', (minutes, met) => {
    const rows = suiteRows(log(`   ${minutes} min  unit tests`, '1 passed, 0 failed'), 1);
    expect(rows[2]).toEqual({ what: 'unit tests', figure: `${minutes} min`, goal: '20 s', met });
  });

  it.each([
    ['nothing', ''],
    ['no suite', '\n1 passed, 0 failed\n'],
    ['no counts', log(UNIT, 'Killed')],
    ['counts behind words', log(UNIT, 'so far 1 passed, 0 failed')],
    ['counts before words', log(UNIT, '1 passed, 0 failed so far')],
  ])('are none when it printed %s', (_, output) => {
    expect(() => suiteRows(output, 1)).toThrow(`npm test did not end: ${output}`);
  });

  it('are none, and its last words are said, when it was cut off', () => {
    expect(() => suiteRows(`${'x'.repeat(2_000)} the end`, 1)).toThrow(/^npm test did not end: x{992} the end$/);
  });
});
