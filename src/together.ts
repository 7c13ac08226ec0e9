import type { Deps } from './deps.js';
import { toFailure } from './errors.js';

/**
 * Starts several works and resolves with what all of them resolve with, in their order. When one fails the signal that they
 * were given is aborted, and their waiting with it. Rejects when all have ended, so that nothing goes on behind a run that is over: with the first
 * failure, in their order, that is no cancellation.
 */
export async function together<D extends Pick<Deps, 'signal'>, T extends readonly unknown[]>(
  deps: D,
  start: (deps: D) => { readonly [K in keyof T]: Promise<T[K]> },
): Promise<T> {
  const stop = new AbortController();
  const works = start({ ...deps, signal: AbortSignal.any([deps.signal, stop.signal]) });
  for (const work of works) work.catch(() => stop.abort());
  const results = await Promise.allSettled(works);
  const failures = results.flatMap((result) => (result.status === 'rejected' ? [toFailure(result.reason)] : []));
  const first = failures.find(({ kind }) => kind !== 'cancelled') ?? failures[0];
  if (first !== undefined) throw first;
  return Promise.all(works);
}
