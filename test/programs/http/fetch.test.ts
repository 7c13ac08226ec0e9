import { execFileSync } from 'node:child_process';
import { getEventListeners } from 'node:events';
import { readFileSync } from 'node:fs';
import { createServer as createTlsServer } from 'node:https';
import type { ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { type FetchOptions, fetchOnce } from '../../../src/http/fetch.js';
import { mayRedirect } from '../../../src/source/upstream.js';
import { type TestDeps, afterThisTest, serve, temporaryFolder, testDeps } from '../../support/world.js';
import { failureOf } from '../../support/failureOf.js';

const get = (address: string, options: Partial<FetchOptions> = {}, deps: TestDeps = testDeps()) =>
  fetchOnce(new URL(address), { what: 'the thing', ...options }, deps);

const moved = (response: ServerResponse, location: string, status = 302) =>
  response.writeHead(status, { location }).end('moved');

describe('an answer', () => {
  it('is handed over whole, whatever its status', async () => {
    const { origin, requests } = await serve((_, response) =>
      response.writeHead(418, { 'x-say': 'tea' }).end(Buffer.from([0, 255, 10])),
    );
    const answer = await get(`${origin}/a?b=c`, { headers: { 'git-protocol': 'version=2' } });
    expect(answer).toMatchObject({ status: 418, body: Buffer.from([0, 255, 10]) });
    expect(answer.headers['x-say']).toBe('tea');
    expect(answer.url.href).toBe(`${origin}/a?b=c`);
    expect(requests.map(({ method, url }) => [method, url])).toEqual([['GET', '/a?b=c']]);
    expect(requests[0]?.headers).toMatchObject({ 'git-protocol': 'version=2' });
    expect(requests[0]?.headers).not.toHaveProperty('authorization');
  });

  it('is a redirect itself where none may be followed', async () => {
    const { origin, requests } = await serve((_, response) => moved(response, '/elsewhere', 301));
    expect((await get(origin)).status).toBe(301);
    expect(requests).toHaveLength(1);
  });
});

describe('a body', () => {
  it('may have as many bytes as are allowed and not one more', async () => {
    let closed: Promise<void> | undefined;
    const { origin } = await serve((request, response) => {
      closed = new Promise((resolve) => response.on('close', resolve));
      response.write(Buffer.alloc(Number(request.url?.slice(1))));
      if (request.url === '/1000') response.end();
    });
    const limits = { maxBytes: 1_000 };
    expect((await get(`${origin}/1000`, { limits })).body).toHaveLength(1_000);
    expect(await failureOf(() => get(`${origin}/1001`, { limits }))).toMatchObject({
      kind: 'verification',
      message: 'the thing is larger than the 1 kB that are allowed',
    });
    await closed;
  });

  it.each<[string, (response: ServerResponse) => void]>([
    ['its Content-Length', (response) => response.writeHead(200, { 'content-length': '100' })],
    ['its last chunk', (response) => response.writeHead(200)],
  ])('that ends before %s is no body', async (_, head) => {
    const { origin } = await serve((__, response) => {
      head(response);
      response.write('0123456789', () => response.socket?.end());
    });
    expect(await failureOf(() => get(origin))).toMatchObject({
      kind: 'transient',
      message: 'the thing: the connection broke after 10 bytes',
    });
  });

  it('that drips is given up', async () => {
    const { origin } = await serve((_, response) => {
      const drip = setInterval(() => response.write('x'), 10);
      response.on('close', () => clearInterval(drip));
    });
    const limits = { minBytesPerSecond: 1_000, stallSeconds: 0.1 };
    expect(await failureOf(() => get(origin, { limits }))).toMatchObject({
      kind: 'transient',
      message: 'the thing: the server sends less than 1000 bytes a second',
    });
  });

  it('that flows but never ends meets the deadline', async () => {
    let closed: Promise<void> | undefined;
    const { origin } = await serve((_, response) => {
      const flow = setInterval(() => response.write(Buffer.alloc(10_000)), 5);
      closed = new Promise((resolve) => response.on('close', resolve));
      response.on('close', () => clearInterval(flow));
    });
    const limits = { deadlineSeconds: 0.3, minBytesPerSecond: 1, maxBytes: 1e9 };
    expect(await failureOf(() => get(origin, { limits }))).toMatchObject({
      kind: 'transient',
      message: 'the thing: no complete answer before the deadline',
    });
    await closed;
  });
});

describe('a server', () => {
  it('that never answers meets the deadline, and its connection is closed', async () => {
    let closed: Promise<unknown> | undefined;
    const { origin } = await serve((request) => {
      closed = new Promise((resolve) => request.socket.on('close', resolve));
    });
    expect(await failureOf(() => get(origin, { limits: { deadlineSeconds: 0.2 } }))).toMatchObject({
      kind: 'transient',
      message: 'the thing: no complete answer before the deadline',
    });
    await closed;
  });

  it('that is silent for long is given up before the deadline', async () => {
    const { origin } = await serve(() => undefined);
    const failure = await failureOf(() => get(origin, { limits: { stallSeconds: 0.1 } }));
    expect(failure.kind).toBe('transient');
    expect(failure.message).toBe(`the thing: ${new URL(origin).host} cannot be reached (Request timeout: /)`);
  });

  it('shares the one deadline with those it redirects to', async () => {
    const { origin } = await serve((request, response) => {
      setTimeout(() => moved(response, `${request.url ?? ''}x`), 150);
    });
    const deps = { ...testDeps(), now: Date.now };
    const started = Date.now();
    const failure = await failureOf(() => get(origin, { mayRedirect, limits: { deadlineSeconds: 0.4 } }, deps));
    expect(failure.message).toBe('the thing: no complete answer before the deadline');
    expect(Date.now() - started).toBeLessThan(1_500);
  });

  it('that nobody runs cannot be reached', async () => {
    expect(await failureOf(() => get('http://127.0.0.1:1/'))).toMatchObject({
      kind: 'transient',
      message: 'the thing: 127.0.0.1:1 cannot be reached (ECONNREFUSED)',
    });
  });

  it('that hangs up is tried again, so the class is transient', async () => {
    const { origin } = await serve((request) => request.socket.destroy());
    expect(await failureOf(() => get(origin))).toMatchObject({
      kind: 'transient',
      message: `the thing: ${new URL(origin).host} cannot be reached (ECONNRESET)`,
    });
  });
});

describe('cancelling', () => {
  it.each(['before the answer', 'within the body'])('%s ends the exchange', async (moment) => {
    const deps = testDeps();
    const { origin } = await serve((_, response) => {
      if (moment === 'within the body') response.write('x');
      setTimeout(deps.abort, 50);
    });
    expect(await failureOf(() => get(origin, {}, deps))).toMatchObject({
      kind: 'cancelled',
      message: 'the thing: cancelled',
    });
  });

  it('before the start asks for nothing more', async () => {
    const { origin } = await serve((_, response) => response.end('ok'));
    const deps = testDeps();
    deps.abort();
    expect((await failureOf(() => get(origin, {}, deps))).kind).toBe('cancelled');
  });
});

describe('an exchange that is over', () => {
  it.each<[string, (response: ServerResponse) => unknown]>([
    ['well', (response) => response.end('ok')],
    ['too big', (response) => response.write(Buffer.alloc(2_000))],
    ['broken', (response) => response.write('x', () => response.destroy())],
    ['without an answer', (response) => response.destroy()],
  ])('%s leaves no timer and no listener behind', async (_, answer) => {
    const { origin } = await serve((__, response) => void answer(response));
    const deps = testDeps();
    const timers = () => process.getActiveResourcesInfo().filter((name) => name === 'Timeout').length;
    const before = timers();
    await get(origin, { limits: { maxBytes: 1_000 } }, deps).catch(() => undefined);
    await new Promise((resolve) => setImmediate(resolve));
    expect(timers()).toBeLessThanOrEqual(before);
    expect(getEventListeners(deps.signal, 'abort')).toEqual([]);
  });
});

describe('TLS', () => {
  it('with a certificate nobody signed fails, and says what to set', async () => {
    const origin = await serveSelfSigned();
    const { host } = new URL(origin);
    expect(await failureOf(() => get(origin))).toMatchObject({
      kind: 'local',
      message: `the thing: ${host} has a certificate this machine does not trust (DEPTH_ZERO_SELF_SIGNED_CERT). Behind a proxy that opens TLS, set NODE_EXTRA_CA_CERTS to its certificate, and GIT_SSL_CAINFO for git; verification is never switched off`,
    });
  });

  it('with a server that does not speak it fails, and does not blame a certificate', async () => {
    const { origin } = await serve((_, response) => response.end());
    const failure = await failureOf(() => get(origin.replace('http:', 'https:')));
    expect(failure.kind).toBe('local');
    expect(failure.message).toMatch(/^the thing: 127\.0\.0\.1:\d+ does not speak TLS \(\w+\)\. Check the address/);
  });
});

async function serveSelfSigned(): Promise<string> {
  const folder = temporaryFolder();
  const [key, cert] = [join(folder, 'key.pem'), join(folder, 'cert.pem')];
  execFileSync(
    'openssl',
    [
      'req',
      '-x509',
      '-newkey',
      'ec',
      '-pkeyopt',
      'ec_paramgen_curve:prime256v1',
      '-nodes',
      '-subj',
      '/CN=127.0.0.1',
    ].concat(['-addext', 'subjectAltName=IP:127.0.0.1', '-keyout', key, '-out', cert]),
    { stdio: 'ignore' },
  );
  const server = createTlsServer({ key: readFileSync(key), cert: readFileSync(cert) }, (_, response) => {
    response.end('never');
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  afterThisTest(() => {
    server.closeAllConnections();
    server.close();
  });
  return `https://127.0.0.1:${(server.address() as AddressInfo).port}`;
}
