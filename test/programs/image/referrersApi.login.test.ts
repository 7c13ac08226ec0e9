import { execFileSync } from 'node:child_process';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:https';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import type { FailureClass } from '../../../src/errors.js';
import { askReferrers, basicLogin } from '../../../src/image/referrersApi.js';
import { failureOf } from '../../support/failureOf.js';
import { askRegistry, closedProxy, DIGEST, list, loggedIn, TYPE } from '../../support/referrers.js';
import { afterThisTest, serve, setEnvironment, temporaryFolder, testDeps } from '../../support/world.js';

const ONE = { digest: 'sha256:1' };
const LOGIN = 'dXNlcjpwYXNz';

type Wanting = {
  /** What the registry wants, where nobody has logged in. */
  challenge: (origin: string) => string;
  /** What its service for tokens answers. */
  token?: string;
  tokenStatus?: number;
  /** The login for the registry that `docker login` left. */
  login?: string;
};

/** Asks a registry that lists for whoever shows anything. */
function askWanting({ challenge, token = '{"token":"t0k"}', tokenStatus = 200, login }: Wanting) {
  return askRegistry((request, response, origin) => {
    if (login !== undefined) loggedIn({ [origin.replace('http://', '')]: { auth: login } });
    if (request.url?.startsWith('/token') === true) response.writeHead(tokenStatus).end(token);
    else if (request.headers.authorization !== undefined) list(response, [ONE]);
    else response.writeHead(401, { 'www-authenticate': challenge(origin) }).end();
  });
}

const bearer = (origin: string) => `Bearer realm="${origin}/token"`;
const shown = ({ requests }: Awaited<ReturnType<typeof askWanting>>) =>
  requests.map(({ headers }) => headers.authorization);

/** A registry that is not on loopback by its name, though here: asked over https, it wants a token of this realm on its port. */
async function registryElsewhere(realm: (port: number) => string) {
  const folder = temporaryFolder();
  const [key, cert] = [join(folder, 'key.pem'), join(folder, 'cert.pem')];
  const request = ['req', '-x509', '-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1', '-nodes'];
  execFileSync('openssl', [...request, '-subj', '/CN=x', '-keyout', key, '-out', cert], { stdio: 'ignore' });
  const asked: string[] = [];
  const server = createServer({ key: readFileSync(key), cert: readFileSync(cert) }, ({ url = '' }, response) => {
    asked.push(url);
    response.writeHead(401, { 'www-authenticate': `Bearer realm="${realm(port())}"` }).end();
  });
  const port = () => (server.address() as AddressInfo).port;
  await new Promise<void>((listening) => server.listen(0, '0.0.0.0', listening));
  afterThisTest(() => {
    server.closeAllConnections();
    server.close();
  });
  setEnvironment({ NODE_TLS_REJECT_UNAUTHORIZED: '0' });
  return { registry: `0.0.0.0:${port()}`, asked };
}

describe('askReferrers, where a token is wanted', () => {
  it('fetches it where the registry says, without a login where there is none', async () => {
    const asked = await askWanting({ challenge: (origin) => `${bearer(origin)},service="x y"` });
    expect(asked.listed).toEqual([ONE]);
    expect(shown(asked)).toEqual([undefined, undefined, 'Bearer t0k']);
    expect(asked.requests[1]?.url).toBe('/token?service=x+y&scope=repository%3Ateam%2Fimage%3Apull');
  });

  it('shows the login to the service that gives it', async () => {
    const asked = await askWanting({ challenge: bearer, token: '{"access_token":"t0k"}', login: LOGIN });
    expect(asked.listed).toEqual([ONE]);
    expect(shown(asked)).toEqual([undefined, `Basic ${LOGIN}`, 'Bearer t0k']);
    expect(asked.requests[1]?.url).toBe('/token?scope=repository%3Ateam%2Fimage%3Apull');
  });

  it('goes elsewhere for it over https, and to nobody over plain http', async () => {
    const asked = await closedProxy();
    const to = (realm: string) => askWanting({ challenge: () => `Bearer realm="${realm}"`, login: LOGIN });
    expect((await to('http://192.0.2.1/token')).listed).toBeUndefined();
    expect(asked).toEqual([]);
    expect((await failureOf(() => to('https://auth.example/token'))).message).toMatch(
      /^asking for a token to read: auth\.example cannot be reached/,
    );
    expect([...new Set(asked)]).toEqual(['auth.example:443']);
  });

  it('asks nothing on this machine’s loopback for a registry that is elsewhere, over https either', async () => {
    const { origin, requests } = await serve((_, response) => response.end('{"token":"t0k"}'));
    const hosts = ['127.0.0.1', '127.1', 'localhost', '[::1]'];
    const realms = hosts.map((host) => (port: number) => `https://${host}:${port}/token`);
    for (const realm of [() => `${origin}/token`, ...realms]) {
      const { registry, asked } = await registryElsewhere(realm);
      loggedIn({ [registry]: { auth: LOGIN } });
      expect(await askReferrers(`${registry}/team/image`, DIGEST, TYPE, testDeps())).toBeUndefined();
      expect(asked).toEqual([expect.stringMatching(/^\/v2\//)]);
    }
    expect(requests).toEqual([]);
  });

  it.each<[string, string, number]>([
    ['a refusal, whatever comes with it', '{"token":"t0k"}', 403],
    ['no token', '{}', 200],
    ['an empty one', '{"token":""}', 200],
    ['one that is no text', '{"token":5,"access_token":5}', 200],
    ['one of two words', '{"token":"t0k en"}', 200],
    ['one of two lines', '{"token":"t0k\\r\\nx: y"}', 200],
    ['no JSON', 't0k', 200],
  ])('shows nothing to the registry for %s', async (_, token, tokenStatus) => {
    const asked = await askWanting({ challenge: bearer, token, tokenStatus });
    expect(asked.listed).toBeUndefined();
    expect(asked.requests).toHaveLength(2);
  });

  it.each<[number, FailureClass]>([
    [429, 'rate-limit'],
    [503, 'transient'],
  ])('asks a service for tokens again that answers %i, and then says so', async (tokenStatus, kind) => {
    const failure = await failureOf(() => askWanting({ challenge: bearer, tokenStatus }));
    expect(failure.kind).toBe(kind);
    expect(failure.message).toMatch(new RegExp(`^asking for a token to read: .* answered ${tokenStatus}$`));
  });

  it('takes an answer for the answer that it is, though it comes with a challenge', async () => {
    const { listed, requests } = await askRegistry((_, response, origin) => {
      list(response, [ONE], { 'www-authenticate': bearer(origin) });
    });
    expect(listed).toEqual([ONE]);
    expect(requests).toHaveLength(1);
  });

  it('logs in directly where the registry wants that', async () => {
    const asked = await askWanting({ challenge: () => 'Basic realm="x"', login: LOGIN });
    expect(asked.listed).toEqual([ONE]);
    expect(shown(asked)).toEqual([undefined, `Basic ${LOGIN}`]);
  });

  it('shows the registry no login because of a word in its challenge', async () => {
    const asked = await askWanting({ challenge: (origin) => `${bearer(origin)},service="basic x"`, login: LOGIN });
    expect(shown(asked)).toEqual([undefined, `Basic ${LOGIN}`, 'Bearer t0k']);
  });

  it.each<[string, (origin: string) => string]>([
    ['without an address', () => 'Bearer'],
    ['with no address', () => 'Bearer realm="no address"'],
    ['with an address of another kind', () => 'Bearer realm="ftp://x/y"'],
    ['of another kind', () => 'Negotiate'],
    ['of another kind, with an address', (origin) => `Negotiate realm="${origin}/token"`],
    ['of another kind, with the word in it', (origin) => `Digest of="x",bearer realm="${origin}/token"`],
    ['that is empty', () => ''],
    ['to log in, without a login', () => 'Basic realm="x"'],
  ])('gives up quietly on a challenge %s', async (_, challenge) => {
    const { listed, requests, logged } = await askWanting({ challenge });
    expect(listed).toBeUndefined();
    expect(requests).toHaveLength(1);
    expect(logged).toEqual([]);
  });

  it('gives up where there is no challenge', async () => {
    const { listed, requests } = await askRegistry((_, response) => void response.writeHead(401).end());
    expect(listed).toBeUndefined();
    expect(requests).toHaveLength(1);
  });
});

describe('basicLogin', () => {
  const auth = LOGIN;

  it.each<[string, string, Record<string, unknown>]>([
    ['under the name of the registry', 'r.example', { 'r.example': { auth } }],
    ['under its address', 'r.example', { 'https://r.example': { auth } }],
    ['under its address, where its name has none', 'r.example', { 'r.example': {}, 'https://r.example': { auth } }],
    ['under the address that Docker Hub has there', 'docker.io', { 'https://index.docker.io/v1/': { auth } }],
  ])('finds a login %s', async (_, registry, auths) => {
    loggedIn(auths);
    expect(await basicLogin(registry)).toBe(`Basic ${LOGIN}`);
  });

  it.each<[string, unknown]>([
    ['of another registry', { 'other.example': { auth } }],
    ['kept by a helper', { 'r.example': {} }],
    ['that is no text', { 'r.example': { auth: 5 } }],
    ['that is empty', { 'r.example': { auth: '' } }],
    ['of two words', { 'r.example': { auth: `${LOGIN} x` } }],
    ['of two lines', { 'r.example': { auth: `${LOGIN}\r\nx` } }],
  ])('takes none %s', async (_, auths) => {
    loggedIn(auths as Record<string, unknown>);
    expect(await basicLogin('r.example')).toBeUndefined();
  });

  it('is looked for at home where the environment has an empty folder', async () => {
    const home = temporaryFolder();
    mkdirSync(join(home, '.docker'));
    writeFileSync(join(home, '.docker', 'config.json'), JSON.stringify({ auths: { 'r.example': { auth } } }));
    setEnvironment({ DOCKER_CONFIG: '' });
    expect(await basicLogin('r.example', home)).toBe(`Basic ${LOGIN}`);
  });

  it('is none where nobody has logged in', async () => {
    setEnvironment({ DOCKER_CONFIG: temporaryFolder() });
    expect(await basicLogin('r.example')).toBeUndefined();
  });
});
