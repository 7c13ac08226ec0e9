import type { Deps } from '../deps.js';
import { Failure, toFailure } from '../errors.js';
import { RATE_LIMIT_SECONDS, askedWait, comeBack } from '../http/failure.js';
import { fetchOnce } from '../http/fetch.js';
import { originOf } from './reference.js';

const LIMITS = { maxBytes: 1_000_000, deadlineSeconds: 20 };

/**
 * The failure of a write that a registry limits, with the time after which it may be tried again. A client that reads waits by
 * itself; of a write it tells the status alone, so the registry is asked once more; one that does not say gets a minute.
 */
export async function withAskedWait(failure: Failure, repository: string, deps: Deps): Promise<Failure> {
  if (failure.kind !== 'rate-limit') return failure;
  const { kind, message, cause } = failure;
  const what = 'asking the registry how long to wait';
  const address = new URL('/v2/', originOf(repository));
  const answer = await fetchOnce(address, { what, limits: LIMITS }, deps).catch((error: unknown) => {
    if (toFailure(error).kind === 'cancelled') throw error;
    return undefined;
  });
  const asked = answer?.status === 429 ? askedWait(answer.headers, deps.now()) : undefined;
  const retryAfterSeconds = asked ?? RATE_LIMIT_SECONDS;
  return new Failure(kind, `${message}. ${comeBack(retryAfterSeconds, deps.now())}`, { retryAfterSeconds, cause });
}
