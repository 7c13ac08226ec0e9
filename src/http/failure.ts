import type { IncomingHttpHeaders } from 'node:http';
import { Failure, errorCode } from '../errors.js';
import { printable, withoutSecrets } from '../text.js';
import type { Answer } from './fetch.js';

const CERTIFICATE_CODES =
  /^(CERT_|DEPTH_ZERO_SELF_SIGNED_CERT$|SELF_SIGNED_CERT_IN_CHAIN$|UNABLE_TO_(VERIFY|GET)_|ERR_TLS_CERT_)/;
const TLS_CODES = /^(ERR_SSL_|EPROTO$)/;

/** What it means that no answer came. Pure. */
export function connectionFailure(error: unknown, url: URL, what: string): Failure {
  if (error instanceof Failure) return error;
  const code = errorCode(error) ?? '';
  const message = error instanceof Error ? error.message : String(error);
  if (CERTIFICATE_CODES.test(code))
    return new Failure(
      'local',
      `${what}: ${url.host} has a certificate this machine does not trust (${code}). Behind a proxy that opens TLS, set NODE_EXTRA_CA_CERTS to its certificate, and GIT_SSL_CAINFO for git; verification is never switched off`,
      { cause: error },
    );
  if (TLS_CODES.test(code))
    return new Failure(
      'local',
      `${what}: ${url.host} does not speak TLS (${code}). Check the address, and the proxy if there is one`,
      { cause: error },
    );
  if (message.includes('statusCode=407'))
    return new Failure('auth', `${what}: the proxy asks for a user and password (407). Set them in https_proxy`, {
      cause: error,
    });
  // http-client names the path that it asked for, with a query that a redirect may have signed.
  const said = code || message.replace(/\?\S*/gu, '');
  return new Failure('transient', `${what}: ${url.host} cannot be reached (${printable(said)})`, { cause: error });
}

/** An address for a message: without user, query and fragment, any of which may be a secret, also where it is no address. Pure. */
export function shownAddress(address: string, base?: URL): string {
  if (!URL.canParse(address, base?.href)) return withoutSecrets(address);
  const url = new URL(address, base);
  url.search = url.hash = url.username = url.password = '';
  return printable(url.href);
}

/** 301, 302, 303, 307 or 308. */
export function isRedirect(status: number): boolean {
  return [301, 302, 303, 307, 308].includes(status);
}

/** How long to wait where a limit is named and nothing says how long. */
export const RATE_LIMIT_SECONDS = 60;
const WANTS_LOGIN = 'it wants a login';

/**
 * What a status other than 200 means. `withToken`: whether a token was sent, which decides what the user should look at.
 * GitHub's rate-limit headers: https://docs.github.com/rest/using-the-rest-api/rate-limits-for-the-rest-api
 */
export function statusFailure(
  answer: Pick<Answer, 'status' | 'headers' | 'body' | 'url'>,
  what: string,
  withToken: boolean,
  nowMilliseconds: number,
): Failure {
  const { status, headers, url } = answer;
  const at = `${what}: ${url.host} answered ${status}`;
  const retryAfterSeconds = askedWait(headers, nowMilliseconds);
  const rateLimited =
    status === 429 ||
    (status === 403 &&
      (headers['x-ratelimit-remaining'] === '0' ||
        retryAfterSeconds !== undefined ||
        /rate limit/i.test(answer.body.subarray(0, 4_096).toString('latin1'))));
  if (rateLimited) {
    const seconds = retryAfterSeconds ?? (status === 403 ? RATE_LIMIT_SECONDS : undefined);
    const back = seconds === undefined ? '' : ` ${comeBack(seconds, nowMilliseconds)}`;
    return new Failure('rate-limit', `${at}: too many requests.${back}`, { retryAfterSeconds: seconds });
  }
  if (isRedirect(status))
    return new Failure(
      'not-found',
      `${at}: it moved to ${headers.location === undefined ? 'somewhere else' : shownAddress(headers.location, url)}. If you trust the new name, set upstream to it`,
    );
  if (status === 401)
    return new Failure(
      'auth',
      withToken
        ? `${at}: the given upstream-token is not accepted. It may have expired or lack read access to the repository's contents`
        : `${at}: ${WANTS_LOGIN}. The repository may be private or not exist: check upstream, or give upstream-token`,
    );
  if (status === 403)
    return new Failure(
      'auth',
      withToken
        ? `${at}: access is forbidden for the given upstream-token, by its permissions or a policy of the organisation`
        : `${at}: access is forbidden by policy. If the repository is private, give upstream-token`,
    );
  if (status === 404)
    return new Failure(
      'not-found',
      withToken
        ? `${at}: there is no such thing, or the given upstream-token may not see it`
        : `${at}: there is no such thing. Check upstream and ref; a private repository needs upstream-token`,
    );
  if (status === 410 || status === 451) return new Failure('not-found', `${at}: it is gone for good`);
  if (status === 407)
    return new Failure('auth', `${at}: the proxy asks for a user and password. Set them in https_proxy`);
  if (status === 408 || status >= 500)
    return new Failure('transient', `${at}: upstream unavailable`, { retryAfterSeconds });
  return new Failure('transient', `${at}, which is no answer to this question`);
}

/** What to tell whoever has asked too often. Pure. */
export function comeBack(seconds: number, nowMilliseconds: number): string {
  return `Come back at ${new Date(nowMilliseconds + seconds * 1_000).toISOString()}`;
}

/** Whether a server asked for a login where none was given: what GitHub answers for a repository that is gone. Pure. */
export function wantsLogin({ kind, message }: Failure): boolean {
  return kind === 'auth' && message.includes(WANTS_LOGIN);
}

/** The longest wait that is told: later times than a clock can show are asked for, too. */
const MAX_WAIT_SECONDS = 366 * 86_400;

/** Seconds from `Retry-After` (seconds or date) or `x-ratelimit-reset` (seconds since 1970), if one is there; a year at most. */
export function askedWait(headers: IncomingHttpHeaders, nowMilliseconds: number): number | undefined {
  const seconds = unboundedWait(headers, nowMilliseconds);
  return seconds === undefined ? undefined : Math.min(Math.max(0, seconds), MAX_WAIT_SECONDS);
}

function unboundedWait(headers: IncomingHttpHeaders, nowMilliseconds: number): number | undefined {
  const after = headers['retry-after'];
  if (after !== undefined) {
    if (/^\d{1,9}$/.test(after)) return Number(after);
    const date = Date.parse(after);
    if (!Number.isNaN(date)) return Math.ceil((date - nowMilliseconds) / 1_000);
  }
  const reset = headers['x-ratelimit-reset'];
  if (headers['x-ratelimit-remaining'] === '0' && typeof reset === 'string' && /^\d{1,12}$/.test(reset))
    return Number(reset) - Math.floor(nowMilliseconds / 1_000);
  return undefined;
}
