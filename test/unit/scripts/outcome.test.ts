import { expect, test } from 'vitest';
import { outcomeOf, type Report } from '../../../scripts/outcome.mjs';

const passing = { status: 'passed', fullName: 'a tree is told', failureMessages: [] };
const file = (...assertionResults: Report['testResults'][number]['assertionResults']) => ({
  name: '/a.test.ts',
  status: 'passed',
  message: '',
  assertionResults,
});

test('tests that pass are counted', () => {
  expect(outcomeOf('unit', 0, { testResults: [file(passing, passing), file(passing)] })).toEqual({
    passed: 3,
    failures: [],
  });
});

test('a failed test is named, with what it said', () => {
  const failed = {
    status: 'failed',
    fullName: 'a digest is equal',
    failureMessages: ['expected 2 to be 1\n    at own.ts:1\n    at /r/node_modules/x.js:2', 'second'],
  };
  expect(outcomeOf('e2e', 1, { testResults: [file(passing, failed)] })).toEqual({
    passed: 1,
    failures: ['e2e: failed: a digest is equal\nexpected 2 to be 1\n    at own.ts:1\nsecond'],
  });
});

test.each(['skipped', 'pending', 'todo'])('a test that is %s is a failure, however the run ended', (status) => {
  const { passed, failures } = outcomeOf('e2e', 0, { testResults: [file(passing, { status, fullName: 'later' })] });
  expect(passed).toBe(1);
  expect(failures).toEqual([`e2e: ${status}: later`]);
});

test('a file that cannot be loaded is a failure beside what the others did', () => {
  const broken = { name: '/b.test.ts', status: 'failed', message: 'no such module', assertionResults: [] };
  expect(outcomeOf('unit', 1, { testResults: [file(passing), broken] })).toEqual({
    passed: 1,
    failures: ['unit: /b.test.ts\nno such module'],
  });
});

test.each([
  ['ends badly with every test passed', 1, { testResults: [file(passing)] }, 'unit: exit code 1, 1 tests passed'],
  ['runs nothing', 0, { testResults: [] }, 'unit: exit code 0, 0 tests passed'],
  ['writes no report', 134, undefined, 'unit: exit code 134, 0 tests passed'],
])('a run that %s is a failure', (_what, code, report, failure) => {
  expect(outcomeOf('unit', code, report).failures).toEqual([failure]);
});
