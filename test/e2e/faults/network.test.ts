import { execFileSync } from 'node:child_process';
import { readFile } from 'node:fs/promises';
import { type Server, createServer, request as send } from 'node:http';
import { createServer as createTlsServer } from 'node:https';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { temporaryFolder } from '../harness.js';
import { expectFailure, upstream } from './failing.js';

async function portOf(server: Pick<Server, 'listen' | 'address' | 'close' | 'closeAllConnections'>): Promise<number> {
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  onTestFinished(() => {
    server.closeAllConnections();
    server.close();
  });
  return (server.address() as AddressInfo).port;
}

/** A proxy that asks everybody for a password. */
async function startProxy(): Promise<{ port: number; asked: string[] }> {
  const asked: string[] = [];
  const server = createServer();
  server.on('connect', (request, socket) => {
    asked.push(request.url ?? '');
    socket.end('HTTP/1.1 407 Proxy Authentication Required\r\nProxy-Authenticate: Basic realm="x"\r\n\r\n');
  });
  return { port: await portOf(server), asked };
}

test('40 a proxy that wants a password is named without one, and NO_PROXY is obeyed', async () => {
  const proxy = await startProxy();
  const env = { https_proxy: `http://somebody:sesame-proxy@127.0.0.1:${proxy.port}`, no_proxy: '' };
  const elsewhere = { upstream: 'https://upstream.invalid/dndx/phantun' };
  const run = await expectFailure(elsewhere, 'auth', /the proxy asks for a user and password \(407\)/, env);
  expect(run.stdout + run.stderr + run.summary).not.toContain('sesame-proxy');
  expect(proxy.asked).toEqual(['upstream.invalid:443']);
  const around = { ...env, no_proxy: 'upstream.invalid' };
  await expectFailure(elsewhere, 'transient', /upstream\.invalid cannot be reached \((ENOTFOUND|EAI_AGAIN)\)/, around);
  expect(proxy.asked).toHaveLength(1);
});

/** An https server before the test's upstream, and the environment of those who trust it. */
async function overTls(location: (port: number) => string) {
  const folder = await temporaryFolder();
  const [key, certificate] = [join(folder, 'key.pem'), join(folder, 'cert.pem')];
  const subject = ['-subj', '/CN=127.0.0.1', '-addext', 'subjectAltName=IP:127.0.0.1'];
  const make = ['req', '-x509', '-newkey', 'rsa:2048', '-nodes', '-days', '1', ...subject];
  execFileSync('openssl', [...make, '-keyout', key, '-out', certificate], { stdio: 'ignore' });
  const server = createTlsServer(
    { key: await readFile(key), cert: await readFile(certificate) },
    (request, response) => {
      if (request.url?.includes('/archive/') === true) {
        response.writeHead(302, { location: location(port) }).end();
        return;
      }
      const { method, headers, url = '' } = request;
      const onward = send(`${upstream.origin}${url}`, { method, headers }, (answer) => {
        response.writeHead(answer.statusCode ?? 502, answer.headers);
        answer.pipe(response);
      });
      request.pipe(onward);
    },
  );
  const port = await portOf(server);
  return {
    upstream: `https://127.0.0.1:${port}/dndx/phantun`,
    env: { NODE_EXTRA_CA_CERTS: certificate, GIT_SSL_CAINFO: certificate },
  };
}

test('39 a certificate that only node was told to trust is not tried again, and git’s variable is named', async () => {
  const tls = await overTls((port) => `https://127.0.0.1:${port}/`);
  const env = {
    NODE_EXTRA_CA_CERTS: tls.env.NODE_EXTRA_CA_CERTS,
    GIT_SSL_CAINFO: '/etc/ssl/certs/ca-certificates.crt',
  };
  const run = await expectFailure({ upstream: tls.upstream }, 'local', /^.*git does not trust.*GIT_SSL_CAINFO/, env);
  expect(run.stdout).not.toContain('attempt 1');
});

test('37 a redirect from https to plain http, on the same host and port', async () => {
  const tls = await overTls((port) => `http://127.0.0.1:${port}/dndx/phantun/archive/x.tar.gz`);
  const inputs = { upstream: tls.upstream };
  await expectFailure(inputs, 'verification', /redirects to http:\/\/127\.0\.0\.1.*none of its own addresses/, tls.env);
  expect(upstream.requests.filter((line) => line.includes('/archive/'))).toEqual([]);
});
