import { execFileSync } from 'node:child_process';
import { readFile, readdir, writeFile } from 'node:fs/promises';
import { createServer } from 'node:https';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { expect, onTestFinished, test } from 'vitest';
import { addressName, basicConstraints, certificate, newKeys, newSerial, pem } from '../../lab/certificates.js';
import { temporaryFolder } from '../harness.js';
import { archive, expectFailure, repository, serveArchive, upstream } from './failing.js';

const archives = () => upstream.requests.filter((line) => line.includes('/archive/'));

test('36 a redirect loop, 37 a redirect elsewhere', async () => {
  serveArchive(() => Buffer.alloc(0), { location: `/dndx/phantun/archive/${repository.commit}.tar.gz` }, 302);
  await expectFailure({}, 'transient', /more than 5 redirects/);
  expect(archives()).toHaveLength(6);
  serveArchive(() => Buffer.alloc(0), { location: 'http://127.0.0.2:1/evil.tar.gz' }, 302);
  await expectFailure({}, 'verification', /none of its own addresses/);
});

test('38 a relative redirect within upstream is followed', async () => {
  const bytes = await archive();
  upstream.intercept = (request, response) => {
    if (request.url?.endsWith('.tar.gz') !== true) return false;
    if (request.url.endsWith('/moved.tar.gz')) response.writeHead(200).end(bytes);
    else response.writeHead(302, { location: 'moved.tar.gz' }).end();
    return true;
  };
  const tampered = { 'archive-sha256': 'a'.repeat(64) };
  const run = await expectFailure(tampered, 'verification', /tree .* was recomputed/);
  expect(run.summary).toContain('instead of aaaa');
});

test('39 a certificate nobody trusts is not tried again', async () => {
  const folder = await temporaryFolder();
  const [key, cert] = [join(folder, 'key.pem'), join(folder, 'cert.pem')];
  const subject = ['-subj', '/CN=127.0.0.1', '-addext', 'subjectAltName=IP:127.0.0.1'];
  execFileSync(
    'openssl',
    ['req', '-x509', '-newkey', 'rsa:2048', '-nodes', '-days', '1', ...subject, '-keyout', key, '-out', cert],
    { stdio: 'ignore' },
  );
  const url = await overTls(await readFile(key), await readFile(cert));
  const run = await expectFailure({ upstream: url }, 'local', /NODE_EXTRA_CA_CERTS/);
  expect(run.stdout).not.toContain('attempt 1');
});

/** The address of an upstream behind this certificate, which answers nothing. */
async function overTls(key: string | Buffer, cert: string | Buffer): Promise<string> {
  const server = createServer({ key, cert });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  onTestFinished(() => void server.close());
  return `https://127.0.0.1:${(server.address() as AddressInfo).port}/dndx/phantun`;
}

test('39 a certificate that is trusted and expired is not tried again', async () => {
  const keys = newKeys();
  const before = (days: number) => new Date(Date.now() - days * 86_400_000);
  const name = '127.0.0.1';
  const text = { subject: name, issuer: name, publicKey: keys.spki, serial: newSerial(), notBefore: before(2) };
  const extensions = [basicConstraints(), addressName([127, 0, 0, 1])];
  const expired = pem(certificate({ ...text, notAfter: before(1), extensions }, keys));
  const trusted = join(await temporaryFolder(), 'cert.pem');
  await writeFile(trusted, expired);
  const url = await overTls(keys.secret.export({ type: 'pkcs8', format: 'pem' }), expired);
  const env = { NODE_EXTRA_CA_CERTS: trusted };
  const run = await expectFailure({ upstream: url }, 'local', /\(CERT_HAS_EXPIRED\).*NODE_EXTRA_CA_CERTS/, env);
  expect(run.stdout).not.toContain('attempt 1');
});

test('41 a connection cut in the middle is tried again, then given up', async () => {
  const bytes = await archive();
  upstream.requests.length = 0;
  upstream.intercept = (request, response) => {
    if (request.url?.includes('/archive/') !== true) return false;
    response.writeHead(200, { 'content-length': String(bytes.length) });
    response.write(bytes.subarray(0, 100), () => request.socket.destroy());
    return true;
  };
  await expectFailure({}, 'transient', /connection broke|cannot be reached/);
  expect(archives()).toHaveLength(4);
});

test.each([
  [
    '42 a short gzip with a clean end',
    (bytes: Buffer) => bytes.subarray(0, bytes.length - 20),
    'verification',
    /ends early/,
  ],
  ['43 a page with status 200', () => Buffer.from('<html>'), 'transient', /is not gzip/],
] as const)('%s', async (_, change, kind, sentence) => {
  const bytes = change(await archive());
  upstream.requests.length = 0;
  serveArchive(() => bytes);
  await expectFailure({}, kind, sentence);
  expect(archives()).toHaveLength(2);
});

test('45 a bomb is cut at the cap', async () => {
  const bomb = gzipSync(Buffer.alloc(600 * 2 ** 20), { level: 9 });
  serveArchive(() => bomb);
  await expectFailure({}, 'verification', /unpacks to more than 536\.9 MB/);
});

test('45 an archive without end is cut at the cap', async () => {
  let sent = 0;
  upstream.intercept = (request, response) => {
    if (request.url?.includes('/archive/') !== true) return false;
    const chunk = Buffer.alloc(2 ** 20, Buffer.from([0x1f, 0x8b]));
    const more = () => {
      sent += chunk.length;
      while (response.write(chunk)) sent += chunk.length;
    };
    response.on('drain', more);
    more();
    return true;
  };
  await expectFailure({}, 'verification', /is larger than the 67\.1 MB that are allowed/);
  expect(sent).toBeLessThan(2 * 64 * 2 ** 20);
  expect(archives()).toHaveLength(1);
});

test('46 bytes that are wrong once and right the second time: corruption, told with both hashes', async () => {
  const bytes = await archive();
  let count = 0;
  serveArchive(() => (++count === 1 ? bytes.subarray(0, bytes.length - 1) : undefined));
  const run = await expectFailure({ builder: 'nobody' }, 'input', /no usable buildx builder/);
  expect(run.stdout).toMatch(/SHA256 of the first download [0-9a-f]{64}, of the second [0-9a-f]{64}/);
});

test('an archive kept by an earlier run is used, and one that was damaged since is not', async () => {
  const toolCache = await temporaryFolder();
  const stopped = { builder: 'nobody' };
  await expectFailure(stopped, 'input', /nobody/, {}, { toolCache });
  const kept = (await readdir(toolCache, { recursive: true })).find((name) => name.endsWith('archive.tar.gz')) ?? '';
  upstream.requests.length = 0;
  await expectFailure(stopped, 'input', /nobody/, {}, { toolCache });
  expect(archives()).toEqual([]);
  await writeFile(join(toolCache, kept), 'damaged');
  const run = await expectFailure(stopped, 'input', /nobody/, {}, { toolCache });
  expect(run.stdout).toMatch(/::warning::the archive kept from an earlier run/);
  expect(archives()).toHaveLength(1);
});
