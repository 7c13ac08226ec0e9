import { mkdirSync, writeFileSync } from 'node:fs';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { askReferrers } from '../../../src/verify/referrersApi.js';
import { serve, setEnvironment, temporaryFolder, testDeps } from '../../support/world.js';

const DIGEST = `sha256:${'a'.repeat(64)}` as const;
const TYPE = 'application/vnd.dev.sigstore.bundle.v0.3+json';
const ONE = { digest: 'sha256:1' };
const TWO = { digest: 'sha256:2' };

/** Asks a registry that answers as the test says; resolves with what it listed and what it was asked. */
async function ask(answer: (request: IncomingMessage, response: ServerResponse, origin: string) => void) {
  let origin = '';
  const server = await serve((request, response) => answer(request, response, origin));
  ({ origin } = server);
  const listed = await askReferrers(`${server.origin.replace('http://', '')}/team/image`, DIGEST, TYPE, testDeps());
  return { listed, requests: server.requests };
}

function list(response: ServerResponse, manifests: unknown[], headers: Record<string, string> = {}): void {
  response.writeHead(200, headers).end(JSON.stringify({ schemaVersion: 2, manifests }));
}

/** What `docker login` leaves for a host. */
function loggedIn(host: (origin: string) => string, origin: string): void {
  const folder = join(temporaryFolder(), 'docker');
  mkdirSync(folder);
  writeFileSync(join(folder, 'config.json'), JSON.stringify({ auths: { [host(origin)]: { auth: 'dXNlcjpwYXNz' } } }));
  setEnvironment({ DOCKER_CONFIG: folder });
}

describe('askReferrers', () => {
  it('asks for one type, and gives what is listed unread', async () => {
    const { listed, requests } = await ask((_, response) => list(response, [ONE, 'x']));
    expect(listed).toEqual([ONE, 'x']);
    expect(requests.map(({ url }) => url)).toEqual([
      `/v2/team/image/referrers/${DIGEST}?artifactType=${encodeURIComponent(TYPE)}`,
    ]);
  });

  it('reads further pages of the same registry, and no others', async () => {
    const { listed, requests } = await ask((request, response) => {
      if (request.url?.includes('page=2') === true)
        list(response, [TWO], { link: '<http://127.0.0.2:1/x>; rel="next"' });
      else list(response, [ONE], { link: '</v2/team/image/referrers/x?page=2>; rel="next"' });
    });
    expect(listed).toEqual([ONE, TWO]);
    expect(requests).toHaveLength(2);
  });

  it('does not read pages without end', async () => {
    const { requests } = await ask((_, response) => list(response, [ONE], { link: '</again>; rel="next"' }));
    expect(requests).toHaveLength(10);
  });

  it.each([404, 400, 405, 403, 500])('takes %i for no such API', async (status) => {
    expect((await ask((_, response) => void response.writeHead(status).end())).listed).toBeUndefined();
  });

  it('takes what is no list for no such API', async () => {
    expect((await ask((_, response) => void response.end('<html>'))).listed).toBeUndefined();
    expect((await ask((_, response) => void response.end('{"manifests":1}'))).listed).toBeUndefined();
    expect((await ask((request) => void request.socket.destroy())).listed).toBeUndefined();
  });

  it('fetches a token where the registry says, without a login where there is none', async () => {
    setEnvironment({ DOCKER_CONFIG: temporaryFolder() });
    const { listed, requests } = await ask((request, response, origin) => {
      if (request.url?.startsWith('/token') === true) response.end('{"token":"t0k"}');
      else if (request.headers.authorization === 'Bearer t0k') list(response, [ONE]);
      else response.writeHead(401, { 'www-authenticate': `Bearer realm="${origin}/token",service="x y"` }).end();
    });
    expect(listed).toEqual([ONE]);
    expect(requests[1]?.url).toBe('/token?service=x+y&scope=repository%3Ateam%2Fimage%3Apull');
    expect(requests[1]?.headers.authorization).toBeUndefined();
  });

  it('shows the login to the service that gives the token, and to nobody over plain http', async () => {
    const { listed, requests } = await ask((request, response, origin) => {
      loggedIn((from) => from.replace('http://', ''), origin);
      if (request.url?.startsWith('/token') === true) response.end('{"access_token":"t0k"}');
      else if (request.headers.authorization === 'Bearer t0k') list(response, [ONE]);
      else response.writeHead(401, { 'www-authenticate': `Bearer realm="${origin}/token"` }).end();
    });
    expect(listed).toEqual([ONE]);
    expect(requests.map(({ headers }) => headers.authorization)).toEqual([
      undefined,
      'Basic dXNlcjpwYXNz',
      'Bearer t0k',
    ]);

    const plain = await ask((_, response, origin) => {
      loggedIn((from) => from.replace('http://', ''), origin);
      response.writeHead(401, { 'www-authenticate': 'Bearer realm="http://192.0.2.1/token"' }).end();
    });
    expect(plain.listed).toBeUndefined();
    expect(plain.requests).toHaveLength(1);
  });

  it('logs in directly where the registry wants that', async () => {
    const { listed } = await ask((request, response, origin) => {
      loggedIn((from) => from.replace('http://', ''), origin);
      if (request.headers.authorization === 'Basic dXNlcjpwYXNz') list(response, [ONE]);
      else response.writeHead(401, { 'www-authenticate': 'Basic realm="x"' }).end();
    });
    expect(listed).toEqual([ONE]);
  });

  it.each(['Bearer', 'Bearer realm="no address"', 'Negotiate', 'Bearer realm="ftp://x/y"'])(
    'gives up on a challenge it cannot answer: %s',
    async (challenge) => {
      const { listed, requests } = await ask(
        (_, response) => void response.writeHead(401, { 'www-authenticate': challenge }).end(),
      );
      expect(listed).toBeUndefined();
      expect(requests).toHaveLength(1);
    },
  );
});
