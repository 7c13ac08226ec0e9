import type { IncomingHttpHeaders } from 'node:http';
import { describe, expect, it } from 'vitest';
import { Failure, type FailureClass } from '../../../src/errors.js';
import { askedWait, connectionFailure, shownAddress, statusFailure } from '../../../src/http/failure.js';

const NOW = Date.parse('2026-11-20T12:00:00Z');
const URL_ = new URL('https://git.example.org/o/n.git/info/refs');
const fail = (status: number, withToken: boolean, headers: IncomingHttpHeaders = {}, body = '') =>
  statusFailure({ status, headers, body: Buffer.from(body), url: URL_ }, 'git', withToken, NOW);

const TOKEN = 'the given upstream-token';

/** Status, whether a token was sent, class, what the message holds after `git: git.example.org answered STATUS: `. */
const STATUSES: [number, boolean, FailureClass, string][] = [
  [401, true, 'auth', `${TOKEN} is not accepted. It may have expired or lack read access to the repository's contents`],
  [
    401,
    false,
    'auth',
    'it wants a login. The repository may be private or not exist: check upstream, or give upstream-token',
  ],
  [403, true, 'auth', `access is forbidden for ${TOKEN}, by its permissions or a policy of the organisation`],
  [403, false, 'auth', 'access is forbidden by policy. If the repository is private, give upstream-token'],
  [404, true, 'not-found', `there is no such thing, or ${TOKEN} may not see it`],
  [
    404,
    false,
    'not-found',
    'there is no such thing. Check upstream and ref; a private repository needs upstream-token',
  ],
  [407, false, 'auth', 'the proxy asks for a user and password. Set them in https_proxy'],
  [408, false, 'transient', 'upstream unavailable'],
  [410, false, 'not-found', 'it is gone for good'],
  [429, true, 'rate-limit', 'too many requests.'],
  [451, true, 'not-found', 'it is gone for good'],
  [500, true, 'transient', 'upstream unavailable'],
  [502, false, 'transient', 'upstream unavailable'],
  [503, false, 'transient', 'upstream unavailable'],
  [504, false, 'transient', 'upstream unavailable'],
];

describe('statusFailure', () => {
  it.each(STATUSES)('%i, token %s: %s', (status, withToken, kind, sentence) => {
    expect(fail(status, withToken)).toMatchObject({
      kind,
      message: `git: git.example.org answered ${status}: ${sentence}`,
    });
  });

  it('calls a status that answers nothing what it is', () => {
    expect(fail(204, false)).toMatchObject({
      kind: 'transient',
      message: 'git: git.example.org answered 204, which is no answer to this question',
    });
  });

  it.each([301, 302, 307, 308])('names the new address of %i', (status) => {
    for (const location of ['https://git.example.org/new/name', '/new/name?sig=s3cret#s3cret', '../../../new/name'])
      expect(fail(status, true, { location })).toMatchObject({
        kind: 'not-found',
        message: `git: git.example.org answered ${status}: it moved to https://git.example.org/new/name. If you trust the new name, set upstream to it`,
      });
  });

  it('names no new address where there is none', () => {
    expect(fail(301, true).message).toMatch(/: it moved to somewhere else\. If you/);
  });

  /** Headers, body, seconds to wait, end of the message. */
  const LIMITS: [string, number, IncomingHttpHeaders, string, number | undefined, string][] = [
    ['a wait in seconds', 429, { 'retry-after': '90' }, '', 90, ' Come back at 2026-11-20T12:01:30.000Z'],
    [
      'a wait until a date',
      429,
      { 'retry-after': 'Fri, 20 Nov 2026 12:00:30 GMT' },
      '',
      30,
      ' Come back at 2026-11-20T12:00:30.000Z',
    ],
    ['no wait', 429, {}, '', undefined, ''],
    [
      'a wait until the end of all clocks',
      429,
      { 'retry-after': 'Sat, 13 Sep 275760 00:00:00 GMT' },
      '',
      31_622_400,
      ' Come back at 2027-11-21T12:00:00.000Z',
    ],
    ['403 with a wait', 403, { 'retry-after': '5' }, '', 5, ' Come back at 2026-11-20T12:00:05.000Z'],
    [
      '403 with a used-up quota',
      403,
      { 'x-ratelimit-remaining': '0', 'x-ratelimit-reset': String(NOW / 1_000 + 40) },
      '',
      40,
      ' Come back at 2026-11-20T12:00:40.000Z',
    ],
    ['403 that names the limit only', 403, {}, 'Rate limit exceeded', 60, ' Come back at 2026-11-20T12:01:00.000Z'],
    [
      '403 with a used-up quota and no time',
      403,
      { 'x-ratelimit-remaining': '0' },
      '',
      60,
      ' Come back at 2026-11-20T12:01:00.000Z',
    ],
  ];
  it.each(LIMITS)('tells a rate limit: %s', (_, status, headers, body, seconds, back) => {
    expect(fail(status, true, headers, body)).toMatchObject({
      kind: 'rate-limit',
      retryAfterSeconds: seconds,
      message: `git: git.example.org answered ${status}: too many requests.${back}`,
    });
  });

  it('takes a 403 with quota left for a refusal', () => {
    expect(fail(403, true, { 'x-ratelimit-remaining': '59', 'x-ratelimit-reset': '1795176000' }).kind).toBe('auth');
  });

  it('waits as a 503 asks', () => {
    expect(fail(503, false, { 'retry-after': '7' })).toMatchObject({ kind: 'transient', retryAfterSeconds: 7 });
  });
});

describe('shownAddress', () => {
  it.each([
    ['https://git.example.org/a/b', 'https://git.example.org/a/b'],
    ['https://u:p@git.example.org:8443/a?b=c&d=e#f', 'https://git.example.org:8443/a'],
    ['https://git.example.org/a\u202eb', 'https://git.example.org/a%E2%80%AEb'],
    ['//other.example/a?b', 'https://other.example/a'],
    ['?b', 'https://git.example.org/o/n.git/info/refs'],
    ['javascript:x?y#z', 'javascript:x'],
    ['http://u:p@[/a?b#c', 'http://***@[/a?***'],
    ['http://[\u001b[2J#c', 'http://[\\u{1b}[2J#***'],
    [`http://[${'x'.repeat(300)}`, `http://[${'x'.repeat(192)}…`],
    ['http://a b@c@[', 'http://***@['],
    ['http://[\n?b\n@c', 'http://***@c'],
  ])('%j: %j', (address, shown) => {
    expect(shownAddress(address, URL_)).toBe(shown);
  });
});

describe('askedWait', () => {
  it.each<[IncomingHttpHeaders, number | undefined]>([
    [{}, undefined],
    [{ 'retry-after': '0' }, 0],
    [{ 'retry-after': '120' }, 120],
    [{ 'retry-after': 'Fri, 20 Nov 2026 11:00:00 GMT' }, 0],
    [{ 'retry-after': 'soon' }, undefined],
    [{ 'retry-after': '31622400' }, 31_622_400],
    [{ 'retry-after': '999999999' }, 31_622_400],
    [{ 'retry-after': 'Sat, 13 Sep 275760 00:00:00 GMT' }, 31_622_400],
    [{ 'x-ratelimit-remaining': '0', 'x-ratelimit-reset': '999999999999' }, 31_622_400],
    [{ 'retry-after': '1e99' }, undefined],
    [{ 'retry-after': '3', 'x-ratelimit-remaining': '0', 'x-ratelimit-reset': String(NOW / 1_000 + 9) }, 3],
    [{ 'x-ratelimit-remaining': '1', 'x-ratelimit-reset': String(NOW / 1_000 + 9) }, undefined],
    [{ 'x-ratelimit-remaining': '0', 'x-ratelimit-reset': String(NOW / 1_000 - 9) }, 0],
    [{ 'x-ratelimit-remaining': '0', 'x-ratelimit-reset': 'later' }, undefined],
  ])('%j: %s s', (headers, seconds) => {
    expect(askedWait(headers, NOW)).toBe(seconds);
  });
});

describe('connectionFailure', () => {
  const fault = (code: string, message = 'no') => Object.assign(new Error(message), { code });
  it.each<[string, FailureClass, RegExp]>([
    [
      'CERT_HAS_EXPIRED',
      'local',
      /a certificate this machine does not trust \(CERT_HAS_EXPIRED\).*NODE_EXTRA_CA_CERTS/,
    ],
    ['SELF_SIGNED_CERT_IN_CHAIN', 'local', /NODE_EXTRA_CA_CERTS.*GIT_SSL_CAINFO/],
    ['UNABLE_TO_VERIFY_LEAF_SIGNATURE', 'local', /NODE_EXTRA_CA_CERTS/],
    ['UNABLE_TO_GET_ISSUER_CERT_LOCALLY', 'local', /NODE_EXTRA_CA_CERTS/],
    ['ERR_TLS_CERT_ALTNAME_INVALID', 'local', /NODE_EXTRA_CA_CERTS/],
    ['ERR_SSL_WRONG_VERSION_NUMBER', 'local', /does not speak TLS/],
    ['EPROTO', 'local', /does not speak TLS/],
    ['ENOTFOUND', 'transient', /^git: git\.example\.org cannot be reached \(ENOTFOUND\)$/],
    ['EAI_AGAIN', 'transient', /cannot be reached \(EAI_AGAIN\)/],
    ['ECONNRESET', 'transient', /cannot be reached \(ECONNRESET\)/],
    ['ERR_TLS_HANDSHAKE_TIMEOUT', 'transient', /cannot be reached/],
    ['ETIMEDOUT', 'transient', /cannot be reached \(ETIMEDOUT\)/],
  ])('%s: %s', (code, kind, sentence) => {
    const cause = fault(code);
    const failure = connectionFailure(cause, URL_, 'git');
    expect(failure.kind).toBe(kind);
    expect(failure.message).toMatch(sentence);
    expect(failure.cause).toBe(cause);
  });

  it('tells a proxy that wants a password, without saying any', () => {
    const refusal = new Error('tunneling socket could not be established, statusCode=407');
    expect(connectionFailure(refusal, URL_, 'git')).toMatchObject({
      kind: 'auth',
      message: 'git: the proxy asks for a user and password (407). Set them in https_proxy',
    });
  });

  it('prints what has no code, made safe', () => {
    expect(connectionFailure('odd\u001b[2J', URL_, 'git').message).toBe(
      'git: git.example.org cannot be reached (odd\\u{1b}[2J)',
    );
  });

  it('says nothing of a query', () => {
    expect(connectionFailure(new Error('Request timeout: /a/b?token=s3cret'), URL_, 'git').message).toBe(
      'git: git.example.org cannot be reached (Request timeout: /a/b)',
    );
  });

  it('leaves a failure that is one already', () => {
    const failure = new Failure('cancelled', 'x');
    expect(connectionFailure(failure, URL_, 'git')).toBe(failure);
  });
});
