import { describe, expect, it } from 'vitest';
import { Failure } from '../../src/errors.js';
import { together } from '../../src/together.js';
import { failureOf } from '../support/failureOf.js';
import { testDeps } from '../support/world.js';

/** A work that ends, as cancelled, only a while after the signal. */
function untilAborted(signal: AbortSignal, ended: string[], name: string): Promise<never> {
  return new Promise((_, reject) =>
    signal.addEventListener('abort', () =>
      setTimeout(() => {
        ended.push(name);
        reject(new Failure('cancelled', name));
      }, 20),
    ),
  );
}

describe('together', () => {
  it('resolves with every result in its order', async () => {
    const late = new Promise<string>((resolve) => setTimeout(resolve, 10, 'late'));
    expect(await together(testDeps(), () => [late, Promise.resolve(2)])).toEqual(['late', 2]);
    expect(await together(testDeps(), () => [])).toEqual([]);
  });

  it.each([0, 1, 2])('aborts the others when number %i fails, and waits until they have ended', async (at) => {
    const ended: string[] = [];
    const failure = await failureOf(() =>
      together(testDeps(), ({ signal }) =>
        [0, 1, 2].map((index) =>
          index === at ? Promise.reject(new Failure('build', 'this one')) : untilAborted(signal, ended, `${index}`),
        ),
      ),
    );
    expect(failure).toMatchObject({ kind: 'build', message: 'this one' });
    expect(ended).toHaveLength(2);
  });

  it('of two failures it tells the first, in their order and not in that of time', async () => {
    const late = new Promise<never>((_, reject) => setTimeout(reject, 10, new Failure('input', 'first')));
    const failure = await failureOf(() =>
      together(testDeps(), () => [late, Promise.reject(new Failure('build', 'second'))]),
    );
    expect(failure.message).toBe('first');
  });

  it('is cancelled with the run, and makes a Failure of any error', async () => {
    const deps = testDeps();
    const ended: string[] = [];
    const cancelled = failureOf(() => together(deps, ({ signal }) => [untilAborted(signal, ended, 'both')]));
    deps.abort();
    expect(await cancelled).toMatchObject({ kind: 'cancelled', message: 'both' });
    const failure = await failureOf(() => together(deps, () => [Promise.reject(new TypeError('odd'))]));
    expect(failure).toMatchObject({ kind: 'local', message: 'odd' });
  });
});
