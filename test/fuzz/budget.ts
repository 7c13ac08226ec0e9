import { existsSync } from 'node:fs';
import { tmpdir } from 'node:os';

/** How many cases the property tests try, and from which seed: thousands in every run, a million in a long one. */
export const FUZZ = { cases: wholeNumber('FUZZ_CASES', 3_000), seed: wholeNumber('FUZZ_SEED', 20_261_123) };

/** For what is written only to be read once: memory, where there is such a place, as a disk would have to be waited for. */
export const SCRATCH = existsSync('/dev/shm') ? '/dev/shm' : tmpdir();

const LEAST_MILLISECONDS = 30_000;

/** Time that so many cases may take, for a test that needs at most so long for one. */
export function timeFor(cases: number, millisecondsEach: number): number {
  return LEAST_MILLISECONDS + cases * millisecondsEach;
}

function wholeNumber(name: string, otherwise: number): number {
  const text = process.env[name] ?? String(otherwise);
  if (!/^[1-9]\d{0,8}$/.test(text)) throw new Error(`${name} is '${text}' and not a number of cases or a seed`);
  return Number(text);
}
