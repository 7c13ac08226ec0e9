import { mkdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import type { FailureClass } from '../../../src/errors.js';
import { gitFailure, openGit, requireGit } from '../../../src/source/git.js';
import { ASKED_TOO_OFTEN } from '../../../src/source/transport.js';
import { parseUpstream } from '../../../src/source/upstream.js';
import { fakeProgram, serve, setEnvironment, temporaryFolder, testDeps } from '../../support/world.js';
import { failureOf } from '../../support/failureOf.js';

const upstream = parseUpstream('https://git.example.org/o/n');

describe('requireGit', () => {
  it.each([
    'git version 2.25.0',
    'git version 2.39.5',
    'git version 3.0.0',
    'git version 2.48.1.windows.1',
    'git version 10.0.1',
  ])('takes %s', async (line) => {
    fakeProgram('git', `echo '${line}'`);
    await expect(requireGit(testDeps())).resolves.toBeUndefined();
  });

  it.each([
    ['echo git version 2.24.9', 'git 2.24 is too old; version 2.25 or newer is needed'],
    ['echo git version 1.99.0', 'git 1.99 is too old; version 2.25 or newer is needed'],
    ['exit 1', 'git is not installed on this machine; version 2.25 or newer is needed'],
  ])('refuses: %s', async (script, message) => {
    fakeProgram('git', script);
    expect(await failureOf(() => requireGit(testDeps()))).toMatchObject({ kind: 'local', message });
  });

  it('is cancelled with the run, and then says nothing of git', async () => {
    fakeProgram('git', 'sleep 60');
    const controller = new AbortController();
    setTimeout(() => controller.abort(), 100);
    expect((await failureOf(() => requireGit(controller))).kind).toBe('cancelled');
  });

  it('refuses a machine without git', async () => {
    setEnvironment({ PATH: temporaryFolder() });
    expect(await failureOf(() => requireGit(testDeps()))).toMatchObject({
      kind: 'local',
      message: 'git is not installed on this machine; version 2.25 or newer is needed',
    });
  });
});

describe('openGit', () => {
  it('keeps the token in a file that only this user reads, for upstream alone', async () => {
    const folder = join(temporaryFolder(), 'git');
    await openGit(folder, upstream, 'ghp_token', testDeps());
    const config = join(folder, 'repository/config');
    expect(statSync(config).mode & 0o777).toBe(0o600);
    expect(statSync(join(folder, 'repository')).mode & 0o777).toBe(0o700);
    const encoded = Buffer.from('x-access-token:ghp_token').toString('base64');
    expect(readFileSync(config, 'utf8')).toContain(
      `[http "https://git.example.org/"]\n\textraHeader = "Authorization: Basic ${encoded}"`,
    );
  });

  it('goes around a proxy on this machine alone, and shows no token where there is none', async () => {
    const config = async (address: string) => {
      const folder = temporaryFolder();
      await openGit(folder, parseUpstream(address), undefined, testDeps());
      return readFileSync(join(folder, 'repository/config'), 'utf8');
    };
    expect(await config('https://git.example.org/o/n')).not.toMatch(/proxy|extraHeader|Authorization/);
    expect(await config('http://127.0.0.1:8080/o/n')).toContain('[http "http://127.0.0.1:8080/"]\n\tproxy = ""\n');
  });

  it('says that a repository could not be made', async () => {
    fakeProgram('git', 'echo no room >&2; exit 1');
    expect(await failureOf(() => openGit(temporaryFolder(), upstream, undefined, testDeps()))).toMatchObject({
      kind: 'local',
      message: expect.stringMatching(/^git init failed: no room/) as string,
    });
  });

  it('asks the network for nothing where only this machine is asked', async () => {
    const git = await openGit(join(temporaryFolder(), 'git'), upstream, undefined, testDeps());
    for (const address of ['http://127.0.0.1:1/a', 'https://127.0.0.1:1/a', '/etc', 'ext::id', 'ssh://127.0.0.1/a']) {
      const { code, stderr } = await git.local(['ls-remote', address]);
      expect(code).not.toBe(0);
      expect(stderr).toMatch(/transport '\w+' not allowed|no such|not a git repository/i);
    }
  });

  it('asks upstream for the type of nothing that is here', async () => {
    const { origin, requests } = await serve((_, response) => response.writeHead(404).end());
    const git = await openGit(join(temporaryFolder(), 'git'), parseUpstream(`${origin}/o/n`), undefined, testDeps());
    expect(await git.typeOf('4b825dc642cb6eb9a060e54bf8d69288fbee4904')).toBe('tree'); // the empty one, which git has always
    expect(requests).toEqual([]);
  });

  it('speaks to upstream in its own scheme only', async () => {
    const git = await openGit(join(temporaryFolder(), 'git'), upstream, undefined, testDeps());
    for (const address of ['http://127.0.0.1:1/a', 'file:///etc', 'ext::id', 'ssh://127.0.0.1/a']) {
      await git.local(['config', '--replace-all', `url.${address}.insteadOf`, `counted::${upstream.url}.git`]);
      expect((await git.fetch('commits', 'HEAD')).stderr).toMatch(/transport '\w+' not allowed/);
      await git.local(['config', '--unset-all', `url.${address}.insteadOf`]);
    }
  });

  it('is not reached by the user’s configuration', async () => {
    const home = temporaryFolder();
    writeFileSync(join(home, '.gitconfig'), '[user]\n\tname = me\n');
    mkdirSync(join(home, '.config/git'), { recursive: true });
    writeFileSync(join(home, '.config/git/config'), '[user]\n\temail = me\n');
    setEnvironment({
      HOME: home,
      XDG_CONFIG_HOME: join(home, '.config'),
      GIT_CONFIG_COUNT: '1',
      GIT_CONFIG_KEY_0: 'user.signingkey',
      GIT_CONFIG_VALUE_0: 'me',
      GIT_DIR: '/nowhere',
    });
    const git = await openGit(join(temporaryFolder(), 'git'), upstream, undefined, testDeps());
    expect((await git.local(['config', '--get-regexp', '^user'])).stdout.toString()).toBe('');
    expect((await git.local(['rev-parse', '--git-dir'])).stdout.toString().trim()).toBe('.');
  });
});

/** What git says of a certificate: with GnuTLS, with OpenSSL, and of files that are not there. */
const UNTRUSTED = [
  'server certificate verification failed. CAfile: none CRLfile: none',
  'SSL certificate problem: self-signed certificate in certificate chain',
  'SSL certificate problem: certificate has expired',
  "SSL: certificate subject name (elsewhere) does not match target host name 'git.example.org'",
  'error setting certificate file: /nowhere.pem',
  'error setting certificate verify locations:  CAfile: /nowhere.pem CApath: none',
  'Problem with the SSL CA cert (path? access rights?)',
].map((what) => `fatal: unable to access 'https://git.example.org/o/n.git/': ${what}\n`);

/** What git 2.39 says, and what it means. */
const SAID: [string, FailureClass][] = [
  ["fatal: repository 'https://git.example.org/o/n.git/' not found\n", 'not-found'],
  ["remote: Not Found\nfatal: repository 'https://git.example.org/o/n.git/' not found\n", 'not-found'],
  ["fatal: unable to access 'https://git.example.org/o/n.git/': The requested URL returned error: 301\n", 'not-found'],
  ["fatal: unable to access 'https://git.example.org/o/n.git/': The requested URL returned error: 404\n", 'not-found'],
  ["fatal: unable to access 'https://git.example.org/o/n.git/': The requested URL returned error: 410\n", 'not-found'],
  ["fatal: unable to access 'https://git.example.org/o/n.git/': The requested URL returned error: 451\n", 'not-found'],
  ["fatal: unable to access 'https://git.example.org/o/n.git/': The requested URL returned error: 403\n", 'auth'],
  [
    "error: unable to read askpass response from '/bin/false'\nfatal: could not read Username for 'https://git.example.org': terminal prompts disabled\n",
    'auth',
  ],
  ["fatal: Authentication failed for 'https://git.example.org/o/n.git/'\n", 'auth'],
  ["fatal: unable to access 'https://git.example.org/o/n.git/': The requested URL returned error: 429\n", 'rate-limit'],
  [
    "error: RPC failed; HTTP 429 curl 22 The requested URL returned error: 429\nfatal: expected 'packfile'\n",
    'rate-limit',
  ],
  ["fatal: unable to access 'https://git.example.org/o/n.git/': The requested URL returned error: 500\n", 'transient'],
  [
    "error: RPC failed; HTTP 503 curl 22 The requested URL returned error: 503\nfatal: expected 'packfile'\n",
    'transient',
  ],
  ["fatal: unable to access 'https://git.example.org/o/n.git/': Empty reply from server\n", 'transient'],
  [
    "fatal: unable to access 'http://127.0.0.1:1/a/b.git/': Failed to connect to 127.0.0.1 port 1 after 0 ms: Couldn't connect to server\n",
    'transient',
  ],
  ["fatal: unable to access 'http://nosuch.invalid/a/b.git/': Could not resolve host: nosuch.invalid\n", 'transient'],
  [
    'fetch-pack: unexpected disconnect while reading sideband packet\nfatal: early EOF\nfatal: fetch-pack: invalid index-pack output\n',
    'transient',
  ],
  ['fatal: invalid ls-refs response: NAK\n', 'transient'],
  ['fatal: SHA1 appears to be broken\n', 'verification'],
  ['fatal: bad object 0123456789012345678901234567890123456789\n', 'verification'],
  ['fatal: pack is corrupted (SHA1 mismatch)\nfatal: fetch-pack: invalid index-pack output\n', 'verification'],
  ['fatal: SHA1 COLLISION FOUND WITH 0123456789012345678901234567890123456789 !\n', 'verification'],
  [`fatal: ${ASKED_TOO_OFTEN}\nfatal: could not fetch 1 from promisor remote\n`, 'verification'],
  ["fatal: cannot exec 'git-remote-counted': Permission denied\n", 'local'],
  ["remote: fatal: cannot exec 'git-remote-counted': Permission denied\n", 'transient'],
  ['fatal: SHA-1 appears to be part of a collision attack: 38762cf7f55934b34d179ae6a4c80cadccbb7f0a\n', 'verification'],
  ['fatal: write error: No space left on device\nfatal: fetch-pack: invalid index-pack output\n', 'local'],
  ['fatal: cannot create directory: Disk quota exceeded\n', 'local'],
  ...UNTRUSTED.map((said): [string, FailureClass] => [said, 'local']),
  [
    "fatal: unable to access 'https://git.example.org/o/n.git/': gnutls_handshake() failed: Error in the pull function.\n",
    'transient',
  ],
  ['', 'transient'],
];

describe('gitFailure', () => {
  it.each(SAID)('%j', (stderr, kind) => {
    const failure = gitFailure(stderr, upstream, '/temp/git');
    expect(failure.kind).toBe(kind);
    expect(failure.message).toContain('git fetch from https://git.example.org/o/n failed');
    expect(failure.message).not.toMatch(/\p{Cc}/u);
  });

  it('says where there is no space left', () => {
    expect(gitFailure('fatal: write error: No space left on device\n', upstream, '/temp/g\u001b').message).toMatch(
      /^no space left for git's objects in \/temp\/g\\u\{1b\}\. Free some disk space and run again\./,
    );
  });

  it('has a minute to wait after 429, as git does not tell what the server asked for', () => {
    const wait = (status: number) =>
      gitFailure(`fatal: The requested URL returned error: ${status}`, upstream, '').retryAfterSeconds;
    expect([wait(429), wait(503), wait(403)]).toEqual([60, undefined, undefined]);
  });

  it.each(UNTRUSTED)('says what git takes certificates from: %j', (stderr) => {
    expect(gitFailure(stderr, upstream, '').message).toMatch(
      /^git does not trust the certificate of https:\/\/git\.example\.org, .*update-ca-certificates.*GIT_SSL_CAINFO/,
    );
  });

  it('calls a collision an attack', () => {
    expect(gitFailure('fatal: SHA1 COLLISION FOUND WITH 01 !', upstream, '').message).toMatch(
      /^git found a SHA-1 collision in what https:\/\/git\.example\.org\/o\/n serves: this is an attack\./,
    );
  });
});
