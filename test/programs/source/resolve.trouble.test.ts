import { mkdtempSync, readFileSync, readdirSync, rmSync } from 'node:fs';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import type { FailureClass } from '../../../src/errors.js';
import { parseRef } from '../../../src/source/ref.js';
import { resolve } from '../../../src/source/resolve.js';
import { basicAuthorization, parseUpstream } from '../../../src/source/upstream.js';
import { type Upstream, startUpstream } from '../../lab/upstream.js';
import { type TestDeps, serve, testDeps } from '../../support/world.js';
import { failureOf } from '../../support/failureOf.js';

const folder = mkdtempSync(join(tmpdir(), 'phantun-resolve-'));
let server: Upstream;
let commit: string;

beforeAll(async () => {
  server = await startUpstream(join(folder, 'upstream'));
  ({ commit } = await server.addRepository('o', 'n', { file: 'x' }));
});
afterEach(() => {
  server.intercept = undefined;
  server.requests.length = 0;
});
afterAll(async () => {
  await server.stop();
  rmSync(folder, { recursive: true });
});

const resolved = (ref: string, deps: TestDeps = testDeps(), token?: string) =>
  resolve(parseUpstream(`${server.origin}/o/n`), parseRef(ref), token, deps);
const ask = async (...args: Parameters<typeof resolved>) => (await resolved(...args)).source;
const refusal = (...args: Parameters<typeof ask>) => failureOf(() => ask(...args));

type Intercept = (request: IncomingMessage, response: ServerResponse) => boolean;
const always =
  (status: number, headers: Record<string, string> = {}, body = ''): Intercept =>
  (_, response) => {
    response.writeHead(status, headers).end(body);
    return true;
  };
const first =
  (count: number, intercept: Intercept): Intercept =>
  (request, response) =>
    count-- > 0 && intercept(request, response);

describe('a server that refuses', () => {
  it.each<[number, string | undefined, FailureClass, RegExp]>([
    [401, undefined, 'auth', /answered 401: it wants a login\..* give upstream-token$/],
    [401, 'ghp_token', 'auth', /answered 401: the given upstream-token is not accepted/],
    [403, undefined, 'auth', /answered 403: access is forbidden by policy/],
    [403, 'ghp_token', 'auth', /answered 403: access is forbidden for the given upstream-token/],
    [404, undefined, 'not-found', /answered 404: there is no such thing\..* needs upstream-token$/],
    [404, 'ghp_token', 'not-found', /answered 404: .*the given upstream-token may not see it/],
    [410, undefined, 'not-found', /answered 410: it is gone for good/],
    [451, undefined, 'not-found', /answered 451: it is gone for good/],
  ])('with %i, token %s, is asked once', async (status, token, kind, message) => {
    server.intercept = always(status);
    const deps = testDeps();
    const failure = await refusal('HEAD', deps, token);
    expect(failure.kind).toBe(kind);
    expect(failure.message).toMatch(message);
    expect(failure.message).not.toContain('ghp_token');
    expect(server.requests).toEqual(['GET /o/n.git/info/refs?service=git-upload-pack']);
  });

  it('the token is not asked again without it', async () => {
    server.intercept = (request, response) => {
      if (request.headers.authorization === undefined) return false;
      return always(401)(request, response);
    };
    expect((await refusal('HEAD', testDeps(), 'ghp_token')).kind).toBe('auth');
    expect(server.requests).toHaveLength(1);
  });

  it('because it moved is named under its new name, and nobody goes there', async () => {
    server.intercept = always(301, { location: 'http://127.0.0.1:1/new/name.git/info/refs' });
    const failure = await refusal('HEAD');
    expect(failure.kind).toBe('not-found');
    expect(failure.message).toContain('it moved to http://127.0.0.1:1/new/name.git/info/refs. If you trust');
  });
});

describe('a server that sends git itself elsewhere', () => {
  it('is not followed there', async () => {
    const elsewhere = await serve((_, response) => response.writeHead(404).end());
    server.intercept = (request, response) =>
      (request.headers['user-agent'] ?? '').startsWith('git/') &&
      always(301, { location: `${elsewhere.origin}${request.url ?? ''}` })(request, response);
    const failure = await refusal('HEAD', testDeps(), 'ghp_token');
    expect(failure.kind).toBe('not-found');
    expect(failure.message).toContain('The requested URL returned error: 301');
    expect(elsewhere.requests).toEqual([]);
  });
});

describe('a server in trouble', () => {
  it('is asked again, and again', async () => {
    server.intercept = first(3, always(503));
    const deps = testDeps();
    expect((await ask('HEAD', deps)).commit).toBe(commit);
    expect(deps.slept).toEqual([1_000, 2_000, 4_000]);
    expect(deps.logged[0]).toMatch(
      /^warning: resolving http.*, attempt 1 of 4: .* answered 503: upstream unavailable; again/,
    );
  });

  it('for good fails, in words of its own', async () => {
    server.intercept = always(502);
    const failure = await refusal('HEAD');
    expect(failure.kind).toBe('transient');
    expect(failure.message).toMatch(/upstream unavailable$/);
    expect(server.requests).toHaveLength(4);
  });

  it('is given the time it asks for', async () => {
    server.intercept = first(1, always(429, { 'retry-after': '17' }));
    const deps = testDeps();
    expect((await ask('HEAD', deps)).commit).toBe(commit);
    expect(deps.slept).toEqual([17_000]);
  });

  it('that asks for more than the budget is left, with the time to come back', async () => {
    server.intercept = always(429, { 'retry-after': '3600' });
    const deps = testDeps();
    expect(await refusal('HEAD', deps)).toMatchObject({
      kind: 'rate-limit',
      message: expect.stringMatching(/Come back at 2026-11-20T13:00:00\.000Z$/) as string,
    });
    expect([deps.slept, server.requests.length]).toEqual([[], 1]);
  });

  it('with a login page where git was expected is no repository', async () => {
    server.intercept = always(200, { 'content-type': 'text/html' }, '<html>login</html>');
    const failure = await refusal('HEAD');
    expect(failure.kind).toBe('transient');
    expect(failure.message).toContain("an answer of type 'text/html' came where git's protocol was expected");
  });

  it('that nobody runs is tried four times', async () => {
    const deps = testDeps();
    const failure = await failureOf(() =>
      resolve(parseUpstream('http://127.0.0.1:1/o/n'), { kind: 'head' }, undefined, deps),
    );
    expect(failure).toMatchObject({
      kind: 'transient',
      message: 'git at http://127.0.0.1:1/o/n: 127.0.0.1:1 cannot be reached (ECONNREFUSED)',
    });
    expect(deps.slept).toHaveLength(3);
  });

  it('in the middle of git’s own talk is asked again', async () => {
    let posts = 0;
    server.intercept = (request, response) =>
      request.method === 'POST' && posts++ === 1 && always(503)(request, response);
    const deps = testDeps();
    expect((await ask('HEAD', deps)).commit).toBe(commit);
    expect(deps.slept).toHaveLength(1);
  });

  const talk = (request: IncomingMessage) => request.method === 'POST';
  it.each<[string, Intercept, Intercept, number[]]>([
    ['429, which upstream explains', always(429), always(429, { 'retry-after': '17' }), [17_000]],
    ['429, which nobody explains', always(429), () => false, [60_000]],
    ['403 for a used-up quota', always(403), always(403, { 'x-ratelimit-remaining': '0' }), [60_000]],
  ])('that says to git itself %s is given its time', async (_, toGit, toUs, slept) => {
    let refused = 0;
    let explained = 0;
    server.intercept = (request, response) => {
      if (talk(request)) return refused++ === 0 && toGit(request, response);
      return refused === 1 && explained++ === 0 && toUs(request, response);
    };
    const deps = testDeps();
    expect((await ask('HEAD', deps)).commit).toBe(commit);
    expect(deps.slept).toEqual(slept);
    expect(explained).toBeGreaterThan(0);
  });

  it('that forbids git itself its talk, and greets everybody, is not asked again', async () => {
    server.intercept = (request, response) => talk(request) && always(403)(request, response);
    const deps = testDeps();
    const failure = await refusal('HEAD', deps);
    expect(failure.kind).toBe('auth');
    expect(failure.message).toContain('The requested URL returned error: 403');
    expect([deps.slept, server.requests.filter((line) => line.startsWith('POST'))]).toEqual([[], [expect.anything()]]);
  });

  it.each<[string, (deps: TestDeps) => Promise<unknown>]>([
    ['a commit id', (deps) => ask('1'.repeat(40), deps)],
    ['history anew', async (deps) => (await resolved('HEAD', deps)).history.isAncestor('1'.repeat(40), commit)],
  ])('that limits whoever asks for %s is greeted, and asked again when it says', async (_, question) => {
    // The snapshot takes two: the list of refs and what they name. What comes then is the question.
    let talks = 0;
    let greetings = 0;
    server.intercept = (request, response) => {
      if (talk(request)) return ++talks === 3 && always(429)(request, response);
      if (talks !== 3 || (request.headers['user-agent'] ?? '').startsWith('git/')) return false;
      return ++greetings === 1 && always(429, { 'retry-after': '5' })(request, response);
    };
    const deps = testDeps();
    await question(deps).catch(() => undefined);
    expect(deps.slept).toEqual([5_000]);
    expect(greetings).toBe(1);
  });

  it('while it is asked for an id is not a server without that id', async () => {
    let gets = 0;
    const trouble =
      (from: number): Intercept =>
      (request, response) =>
        request.method === 'GET' && ++gets > from && always(503)(request, response);
    server.intercept = trouble(2);
    const deps = testDeps();
    const failure = await refusal('1'.repeat(40), deps);
    expect(failure.kind).toBe('transient');
    expect(failure.message).toContain('The requested URL returned error: 503');
    expect(deps.slept).toHaveLength(3);
  });
});

describe('a token', () => {
  it('goes to upstream in a header, and shows in no argument, environment or message', async () => {
    const token = `ghp_${'z1'.repeat(15)}`;
    const secrets = [token, Buffer.from(token).toString('base64').slice(0, -4)];
    const headers: (string | undefined)[] = [];
    const seen: string[] = [];
    server.intercept = (request) => {
      headers.push(request.headers.authorization);
      seen.push(...processesThatShow(secrets));
      return false;
    };
    const deps = testDeps();
    await ask('HEAD', deps, token);
    expect(headers.length).toBeGreaterThanOrEqual(4);
    expect(new Set(headers)).toEqual(new Set([basicAuthorization(token)]));
    expect(seen).toEqual([]);
    expect(deps.logged.filter((line) => secrets.some((secret) => line.includes(secret)))).toEqual([]);
  });
});

function processesThatShow(secrets: readonly string[]): string[] {
  return readdirSync('/proc').filter((pid) => {
    if (!/^\d+$/.test(pid)) return false;
    return ['cmdline', 'environ'].some((name) => {
      try {
        const text = readFileSync(`/proc/${pid}/${name}`, 'latin1');
        return secrets.some((secret) => text.includes(secret));
      } catch {
        return false;
      }
    });
  });
}
