import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { helpText } from '../../src/cli/help.js';
import { EXIT_CODES, type FailureClass } from '../../src/errors.js';

describe('the exit code of the command line', () => {
  it.each<[FailureClass, number]>([
    ['local', 1],
    ['input', 2],
    ['verification', 3],
    ['auth', 4],
    ['not-found', 5],
    ['rate-limit', 6],
    ['transient', 7],
    ['registry', 8],
    ['build', 9],
    ['cancelled', 130],
  ])('for %s is %i', (kind, code) => {
    expect(EXIT_CODES[kind]).toBe(code);
  });

  it('is another one for each class', () => {
    expect(new Set([0, ...Object.values(EXIT_CODES)]).size).toBe(1 + Object.keys(EXIT_CODES).length);
  });

  it.each<[string, () => string, RegExp]>([
    ['README.md', () => readFileSync('README.md', 'utf8'), /(\d+)\s`([a-z-]+)`[,.]/g],
    ['README.zh-CN.md', () => readFileSync('README.zh-CN.md', 'utf8'), /(\d+) `([a-z-]+)`[、。]/g],
    ['--help', () => helpText([]), /(\d+) ([a-z-]+)(?:,|$)/gm],
  ])('is that of %s', (_, text, pattern) => {
    const said = [...text().matchAll(pattern)].map(([, code = '', kind = '']) => [kind, Number(code)]);
    expect(said.filter(([kind]) => Object.hasOwn(EXIT_CODES, String(kind)))).toEqual(Object.entries(EXIT_CODES));
  });
});
