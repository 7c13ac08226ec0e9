import type { IncomingHttpHeaders, IncomingMessage } from 'node:http';
import { HttpClient } from '@actions/http-client';
import type { Deps } from '../deps.js';
import { Failure } from '../errors.js';
import { humanSize } from '../text.js';
import { connectionFailure, isRedirect, shownAddress } from './failure.js';

/** What bounds one exchange, so that neither a slow nor an endless server holds a run. */
export type ExchangeLimits = {
  maxBytes: number;
  /** For the whole exchange, redirects included. */
  deadlineSeconds: number;
  /** Mean bytes a second below which a body is given up, judged every `stallSeconds`. */
  minBytesPerSecond: number;
  stallSeconds: number;
  maxRedirects: number;
};

/** Where a caller says nothing else. */
export const DEFAULT_LIMITS: ExchangeLimits = {
  maxBytes: 1024 * 1024,
  deadlineSeconds: 300,
  minBytesPerSecond: 1_024,
  stallSeconds: 20,
  maxRedirects: 5,
};

export type FetchOptions = {
  /** What is fetched, for messages: `the archive`. */
  what: string;
  limits?: Partial<ExchangeLimits>;
  /** Sent to the first origin only, never along a redirect to another. */
  authorization?: string | undefined;
  headers?: Record<string, string>;
  /** Whether a redirect may be followed. Without it, none is: a redirect is returned as the answer it is. */
  mayRedirect?: (from: URL, to: URL) => boolean;
};

export type Answer = { status: number; headers: IncomingHttpHeaders; body: Buffer; url: URL };

/**
 * One GET, streamed into memory under the limits; redirects are followed by hand. Any status is an answer; what cannot
 * be an answer (no connection, cut short, too big, too slow, a forbidden redirect) rejects with a classified Failure.
 */
export async function fetchOnce(address: URL, options: FetchOptions, deps: Deps): Promise<Answer> {
  const limits = { ...DEFAULT_LIMITS, ...options.limits };
  const end = deps.now() + limits.deadlineSeconds * 1_000;
  let url = address;
  for (let hops = 0; ; hops++) {
    const answer = await exchange(url, address, options, limits, end, deps);
    const location = answer.headers.location;
    if (!isRedirect(answer.status) || location === undefined || options.mayRedirect === undefined) return answer;
    if (hops === limits.maxRedirects)
      throw new Failure(
        'transient',
        `${options.what}: more than ${limits.maxRedirects} redirects from ${shownAddress(address.href)}`,
        { attempts: 1 },
      );
    const next = redirectTarget(url, location, options);
    url = next;
  }
}

function redirectTarget(from: URL, location: string, options: FetchOptions): URL {
  let to: URL;
  try {
    to = new URL(location, from);
  } catch (error) {
    throw new Failure(
      'verification',
      `${options.what}: a redirect to an address that is none: ${shownAddress(location)}`,
      {
        cause: error,
      },
    );
  }
  if (options.mayRedirect?.(from, to) !== true)
    throw new Failure(
      'verification',
      `${options.what}: ${from.origin} redirects to ${shownAddress(to.href)}, which is none of its own addresses. Nothing was taken from there`,
    );
  return to;
}

async function exchange(
  url: URL,
  first: URL,
  options: FetchOptions,
  limits: ExchangeLimits,
  end: number,
  deps: Deps,
): Promise<Answer> {
  const client = new HttpClient('phantun-runtime', [], {
    allowRedirects: false,
    allowRetries: false,
    socketTimeout: limits.stallSeconds * 1_000,
  });
  const headers: Record<string, string> = { ...options.headers };
  if (options.authorization !== undefined && url.origin === first.origin) headers.authorization = options.authorization;
  let message: IncomingMessage | undefined;
  const stop = deadline(end - deps.now(), deps.signal, options.what);
  try {
    message = (await Promise.race([client.get(url.href, headers), stop.failed])).message;
    const body = await Promise.race([readBody(message, options.what, limits), stop.failed]);
    return { status: message.statusCode ?? 0, headers: message.headers, body, url };
  } catch (error) {
    throw connectionFailure(error, url, options.what);
  } finally {
    stop.clear();
    message?.destroy();
    client.dispose();
  }
}

function deadline(milliseconds: number, signal: AbortSignal, what: string) {
  let clear: () => void;
  const failed = new Promise<never>((_, reject) => {
    const onAbort = () => reject(new Failure('cancelled', `${what}: cancelled`));
    const timer = setTimeout(
      () => reject(new Failure('transient', `${what}: no complete answer before the deadline`)),
      Math.max(0, milliseconds),
    );
    signal.addEventListener('abort', onAbort, { once: true });
    clear = () => {
      clearTimeout(timer);
      signal.removeEventListener('abort', onAbort);
    };
    if (signal.aborted) onAbort();
  });
  failed.catch(() => undefined);
  return { failed, clear: () => clear() };
}

function readBody(message: IncomingMessage, what: string, limits: ExchangeLimits): Promise<Buffer> {
  return new Promise((resolve, reject) => {
    const chunks: Buffer[] = [];
    let size = 0;
    let sizeAtLastLook = 0;
    const watch = setInterval(() => {
      if (size - sizeAtLastLook < limits.minBytesPerSecond * limits.stallSeconds)
        fail(
          new Failure('transient', `${what}: the server sends less than ${limits.minBytesPerSecond} bytes a second`),
        );
      sizeAtLastLook = size;
    }, limits.stallSeconds * 1_000);
    const fail = (error: Error) => {
      clearInterval(watch);
      reject(error); // first: destroying makes the message report itself aborted, which fails again
      message.destroy();
    };
    message.on('data', (chunk: Buffer) => {
      size += chunk.length;
      if (size > limits.maxBytes)
        fail(new Failure('verification', `${what} is larger than the ${humanSize(limits.maxBytes)} that are allowed`));
      else chunks.push(chunk);
    });
    message.on('end', () => {
      clearInterval(watch);
      resolve(Buffer.concat(chunks));
    });
    message.on('error', fail);
    message.on('aborted', () => fail(new Failure('transient', `${what}: the connection broke after ${size} bytes`)));
  });
}
