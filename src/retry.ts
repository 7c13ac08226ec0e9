import type { Deps } from './deps.js';
import { type Failure, type FailureClass, toFailure } from './errors.js';

/** How often and how long a call is tried again; the figures are those of the fault table in the documents. */
export const RETRY = {
  attempts: 4,
  baseMilliseconds: 1_000,
  capMilliseconds: 30_000,
  budgetMilliseconds: 120_000,
} as const;

/** Milliseconds to wait after attempt `attempt` where nobody says how long: twice as long each time, up to the cap. Pure. */
export function backoff(attempt: number, random: number): number {
  return random * Math.min(RETRY.capMilliseconds, RETRY.baseMilliseconds * 2 ** attempt);
}

/**
 * Milliseconds to wait before attempt `attempt + 1`, or undefined when there must be none: a class that time does not
 * mend, the last attempt, or a wait that the other side asks for and that the budget does not hold.
 */
export function retryDelay(
  failure: Failure,
  attempt: number,
  spentMilliseconds: number,
  random: number,
): number | undefined {
  if (failure.kind !== 'rate-limit' && failure.kind !== 'transient') return undefined;
  if (attempt >= Math.min(RETRY.attempts, failure.attempts ?? RETRY.attempts)) return undefined;
  const wait = Math.max(backoff(attempt, random), (failure.retryAfterSeconds ?? 0) * 1_000);
  return spentMilliseconds + wait > RETRY.budgetMilliseconds ? undefined : Math.ceil(wait);
}

/** Runs `attempt` until it succeeds, fails for good, or the attempts or the time budget are used up. */
export async function withRetries<T>(
  what: string,
  deps: Deps,
  attempt: () => Promise<T>,
  classes: readonly FailureClass[] = ['rate-limit', 'transient'],
): Promise<T> {
  const start = deps.now();
  for (let count = 1; ; count++) {
    try {
      return await attempt();
    } catch (error) {
      const failure = toFailure(error);
      const wait = retryDelay(failure, count, deps.now() - start, deps.random());
      if (wait === undefined || !classes.includes(failure.kind) || deps.signal.aborted) throw failure;
      deps.log.warning(
        `${what}, attempt ${count} of ${failure.attempts ?? RETRY.attempts}: ${failure.message}; again in ${(wait / 1_000).toFixed(1)} s`,
      );
      await deps.sleep(wait);
    }
  }
}
