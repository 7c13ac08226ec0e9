import { describe, expect, it } from 'vitest';
import { Failure, type FailureClass } from '../../src/errors.js';
import { backoff, retryDelay, withRetries } from '../../src/retry.js';
import { failureOf } from '../support/failureOf.js';
import { testDeps } from '../support/world.js';

const failure = (kind: FailureClass, retryAfterSeconds?: number) => new Failure(kind, 'no', { retryAfterSeconds });

describe('retryDelay', () => {
  it.each<[string, FailureClass, number | undefined, number, number, number, number | undefined]>([
    ['the first wait, full jitter', 'transient', undefined, 1, 0, 0.999, 1_998],
    ['the second', 'transient', undefined, 2, 0, 0.5, 2_000],
    ['the third', 'transient', undefined, 3, 0, 1, 8_000],
    ['no jitter', 'transient', undefined, 1, 0, 0, 0],
    ['the last attempt', 'transient', undefined, 4, 0, 0.5, undefined],
    ['as long as asked', 'rate-limit', 45, 1, 0, 0.5, 45_000],
    ['longer than asked when the jitter says so', 'rate-limit', 1, 3, 0, 1, 8_000],
    ['up to the budget', 'rate-limit', 120, 1, 0, 0, 120_000],
    ['not beyond the budget', 'rate-limit', 121, 1, 0, 0, undefined],
    ['not beyond what is left of it', 'rate-limit', 60, 2, 60_001, 0, undefined],
    ['not when the attempts took it all', 'transient', undefined, 1, 120_001, 0, undefined],
    ...(['input', 'auth', 'not-found', 'verification', 'build', 'registry', 'local', 'cancelled'] as const).map(
      (kind): [string, FailureClass, undefined, number, number, number, undefined] => [
        `never for ${kind}`,
        kind,
        undefined,
        1,
        0,
        0.5,
        undefined,
      ],
    ),
  ])('%s', (_, kind, asked, attempt, spent, random, wait) => {
    expect(retryDelay(failure(kind, asked), attempt, spent, random)).toBe(wait);
  });
});

describe('backoff', () => {
  it.each([
    [1, 1, 2_000],
    [4, 1, 16_000],
    [5, 1, 30_000],
    [20, 1, 30_000],
    [20, 0.5, 15_000],
    [20, 0, 0],
  ])('after attempt %i, of a chance of %d, is %i ms', (attempt, random, wait) => {
    expect(backoff(attempt, random)).toBe(wait);
  });
});

describe('withRetries', () => {
  const counting = (outcomes: (Failure | string)[]) => {
    let calls = 0;
    const attempt = () => {
      const outcome = outcomes[Math.min(calls, outcomes.length - 1)];
      calls += 1;
      return outcome instanceof Failure ? Promise.reject(outcome) : Promise.resolve(outcome);
    };
    return { attempt, calls: () => calls };
  };

  it('returns the first success and logs every failure before it', async () => {
    const deps = testDeps();
    const { attempt, calls } = counting([failure('transient'), failure('rate-limit', 5), 'done']);
    expect(await withRetries('asking', deps, attempt)).toBe('done');
    expect(calls()).toBe(3);
    expect(deps.slept).toEqual([1_000, 5_000]);
    expect(deps.logged).toEqual([
      'warning: asking, attempt 1 of 4: no; again in 1.0 s',
      'warning: asking, attempt 2 of 4: no; again in 5.0 s',
    ]);
  });

  it('gives up after four attempts with the last failure', async () => {
    const deps = testDeps();
    const last = new Failure('transient', 'the last');
    const { attempt, calls } = counting([
      failure('transient'),
      failure('transient'),
      failure('transient'),
      last,
      'late',
    ]);
    expect(await failureOf(() => withRetries('asking', deps, attempt))).toBe(last);
    expect(calls()).toBe(4);
    expect(deps.slept).toEqual([1_000, 2_000, 4_000]);
  });

  it.each([[1], [2], [3]])('tries a failure that is worth fewer attempts no more often: %i', async (attempts) => {
    const deps = testDeps();
    const { attempt, calls } = counting([new Failure('transient', 'a page', { attempts })]);
    await failureOf(() => withRetries('asking', deps, attempt));
    expect([calls(), deps.slept.length]).toEqual([attempts, attempts - 1]);
    for (const line of deps.logged) expect(line).toContain(` of ${attempts}: a page`);
  });

  it('stays within the budget', async () => {
    const deps = testDeps();
    const { attempt, calls } = counting([failure('rate-limit', 50)]);
    await failureOf(() => withRetries('asking', deps, attempt));
    expect(calls()).toBe(3);
    expect(deps.slept).toEqual([50_000, 50_000]);
  });

  it('fails at once when it is asked to wait beyond the budget', async () => {
    const deps = testDeps();
    const { attempt, calls } = counting([failure('rate-limit', 3_600), 'late']);
    await failureOf(() => withRetries('asking', deps, attempt));
    expect([calls(), deps.slept, deps.logged]).toEqual([1, [], []]);
  });

  it.each<FailureClass>(['auth', 'not-found', 'verification', 'build', 'local', 'input', 'registry', 'cancelled'])(
    'never repeats after %s',
    async (kind) => {
      const { attempt, calls } = counting([failure(kind), 'late']);
      expect((await failureOf(() => withRetries('asking', testDeps(), attempt))).kind).toBe(kind);
      expect(calls()).toBe(1);
    },
  );

  it('repeats only for the classes it is given', async () => {
    const { attempt, calls } = counting([failure('transient'), 'late']);
    await failureOf(() => withRetries('building', testDeps(), attempt, ['rate-limit']));
    expect(calls()).toBe(1);
  });

  it('repeats nothing after a cancellation', async () => {
    const deps = testDeps();
    const { attempt, calls } = counting([failure('transient'), 'late']);
    deps.abort();
    await failureOf(() => withRetries('asking', deps, attempt));
    expect(calls()).toBe(1);
  });

  it('makes a failure of whatever is thrown', async () => {
    const error = await failureOf(() => withRetries('asking', testDeps(), () => Promise.reject(new TypeError('odd'))));
    expect(error).toMatchObject({ kind: 'local', message: 'odd' });
  });
});
