import type { Deps } from '../deps.js';
import { Failure, toFailure } from '../errors.js';
import { fetchOnce } from '../http/fetch.js';
import { statusFailure } from '../http/failure.js';
import { printable } from '../text.js';
import { type Upstream, basicAuthorization } from './upstream.js';

/** Puts a question to upstream by git, and puts it again where that can help. `what` names it in the log. */
export type Asking = <T>(what: string, question: () => Promise<T>) => Promise<T>;

/** Of a refusal git tells the number alone: whoever greets upstream right after it is told why, and for how long. */
export async function withReason<T>(question: () => Promise<T>, greeting: () => Promise<void>): Promise<T> {
  try {
    return await question();
  } catch (error) {
    if (['rate-limit', 'auth'].includes(toFailure(error).kind)) await greeting();
    throw error;
  }
}

/** Asks what git will ask first, because an HTTP answer says why (rate limit, login, rename) and git's message does not. */
export async function greet(upstream: Upstream, token: string | undefined, deps: Deps): Promise<void> {
  const what = `git at ${upstream.url}`;
  const answer = await fetchOnce(
    new URL(`${upstream.url}.git/info/refs?service=git-upload-pack`),
    {
      what,
      headers: { 'git-protocol': 'version=2' },
      authorization: token === undefined ? undefined : basicAuthorization(token),
      limits: { maxBytes: 64 * 1024 * 1024, deadlineSeconds: 60 },
    },
    deps,
  );
  if (answer.status !== 200) throw statusFailure(answer, what, token !== undefined, deps.now());
  const type = answer.headers['content-type'] ?? '';
  if (type !== 'application/x-git-upload-pack-advertisement')
    throw new Failure(
      'transient',
      `${what}: an answer of type '${printable(type)}' came where git's protocol was expected. Is there a login page or a proxy between?`,
      { attempts: 2 },
    );
}
