import { mkdirSync, writeFileSync } from 'node:fs';
import { type IncomingMessage, type ServerResponse, createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { askReferrers } from '../../src/image/referrersApi.js';
import { afterThisTest, serve, setEnvironment, temporaryFolder, testDeps } from './world.js';

export const DIGEST = `sha256:${'a'.repeat(64)}` as const;
export const TYPE = 'application/vnd.dev.sigstore.bundle.v0.3+json';

/** Asks a registry that answers as the test says; resolves with what it listed, what it was asked, and what was logged. */
export async function askRegistry(
  answer: (request: IncomingMessage, response: ServerResponse, origin: string) => void,
) {
  let origin = '';
  const server = await serve((request, response) => answer(request, response, origin));
  ({ origin } = server);
  setEnvironment({ DOCKER_CONFIG: temporaryFolder() });
  const deps = testDeps();
  const listed = await askReferrers(`${origin.replace('http://', '')}/team/image`, DIGEST, TYPE, deps);
  return { listed, requests: server.requests, logged: deps.logged, slept: deps.slept };
}

/** A page of a list of referrers. */
export function list(response: ServerResponse, manifests: unknown[], headers: Record<string, string> = {}): void {
  response.writeHead(200, headers).end(JSON.stringify({ schemaVersion: 2, manifests }));
}

/** What `docker login` leaves, by the names of registries. */
export function loggedIn(auths: Record<string, unknown>): void {
  const folder = join(temporaryFolder(), 'docker');
  mkdirSync(folder);
  writeFileSync(join(folder, 'config.json'), JSON.stringify({ auths }));
  setEnvironment({ DOCKER_CONFIG: folder });
}

/** A proxy that lets nothing through, and what it was asked for, `host:port` each. What is on this machine goes past it. */
export async function closedProxy(): Promise<string[]> {
  const asked: string[] = [];
  const server = createServer().on('connect', (request, socket) => {
    asked.push(request.url ?? '');
    socket.end('HTTP/1.1 403 Forbidden\r\n\r\n');
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  afterThisTest(() => void server.close());
  const origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  setEnvironment({ http_proxy: origin, https_proxy: origin, no_proxy: undefined, NO_PROXY: undefined });
  return asked;
}
