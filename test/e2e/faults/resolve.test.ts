import { execFileSync } from 'node:child_process';
import { chmod, writeFile } from 'node:fs/promises';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { docker } from '../harness.js';
import { expectFailure, files, ownDisk, pathWithout, repository, upstream } from './failing.js';

test('6 ids of a tree, a blob and a tag object are refused by their type', async () => {
  const tree = await repository.tree(repository.commit);
  const tag = await repository.annotate('v1', repository.commit);
  const blob = execFileSync('git', ['-C', repository.gitDir, 'rev-parse', `${tree}:README.md`], {
    encoding: 'utf8',
  }).trim();
  await expectFailure({ ref: tree }, 'input', /id of a tree/);
  await expectFailure({ ref: tag }, 'input', /id of a tag/);
  await expectFailure({ ref: blob }, 'input', /id of a blob/);
});

test('8 a branch and a tag of one name', async () => {
  await repository.setRef('refs/heads/both', repository.commit);
  await repository.setRef('refs/tags/both', repository.commit);
  await expectFailure({ ref: 'both' }, 'input', /refs\/heads\/both or refs\/tags\/both/);
});

test('9 a commit that only a pull request holds', async () => {
  const impostor = await repository.addCommit(repository.commit, { ...files, 'evil.txt': 'x' });
  await repository.setRef('refs/pull/1/head', impostor);
  await expectFailure({ ref: impostor }, 'verification', /none of its branches and tags holds it/);
  await expectFailure({ ref: 'refs/pull/1/head' }, 'input', /pull requests are not upstream/);
});

const answers: Record<string, (request: IncomingMessage, response: ServerResponse) => void> = {
  login: (_, response) => response.writeHead(401, { 'www-authenticate': 'Basic' }).end(),
  policy: (_, response) => response.writeHead(403).end('blocked by policy'),
  absent: (_, response) => response.writeHead(404).end(),
  withdrawn: (_, response) => response.writeHead(410).end(),
  quota: (_, response) => {
    const reset = String(Math.floor(Date.now() / 1_000) + 3_600);
    response
      .writeHead(403, { 'x-ratelimit-remaining': '0', 'x-ratelimit-reset': reset })
      .end('API rate limit exceeded');
  },
  gone: (_, response) => response.writeHead(451).end(),
  renamed: (_, response) => response.writeHead(301, { location: 'https://example.org/new/name' }).end(),
  limited: (_, response) => response.writeHead(429, { 'retry-after': '3600' }).end(),
  portal: (_, response) => response.writeHead(200, { 'content-type': 'text/html' }).end('<html>log in</html>'),
  broken: (_, response) => response.writeHead(503).end(),
};
test.each<[row: string, answer: string, inputs: Record<string, string>, kind: string, sentence: RegExp]>([
  [
    '23 401 with a token',
    'login',
    { 'upstream-token': 'sesame-token' },
    'auth',
    /given upstream-token is not accepted/,
  ],
  ['26 401 without', 'login', {}, 'auth', /give upstream-token/],
  ['26 403 by policy', 'policy', {}, 'auth', /forbidden by policy/],
  ['26 404', 'absent', {}, 'not-found', /private repository needs upstream-token/],
  ['27 410', 'withdrawn', {}, 'not-found', /gone for good/],
  ['27 451', 'gone', {}, 'not-found', /gone for good/],
  ['27 renamed', 'renamed', {}, 'not-found', /moved to https:\/\/example\.org\/new\/name/],
  ['24 429 for longer than the budget', 'limited', {}, 'rate-limit', /Come back at 20\d\d-/],
  ['25 403 with a used-up quota', 'quota', {}, 'rate-limit', /answered 403: too many requests\. Come back at 20\d\d-/],
  ['30 503 for ever', 'broken', {}, 'transient', /upstream unavailable/],
  ['31 an HTML page instead of git', 'portal', {}, 'transient', /login page or a proxy/],
])('%s', async (_, answer, inputs, kind, sentence) => {
  upstream.intercept = (request, response) => {
    answers[answer]?.(request, response);
    return true;
  };
  const run = await expectFailure(inputs, kind, sentence);
  expect(run.stdout.replace(/^::add-mask::.*$/m, '')).not.toContain('sesame-token');
  // A page instead of git is no passing fault: once more, then the end.
  const requests = answer === 'portal' ? 2 : kind === 'transient' ? 4 : 1;
  expect(upstream.requests.length).toBe(requests);
});

test('24 429 with a wait that fits is waited for', async () => {
  let limited = false;
  upstream.intercept = (_, response) => {
    if (limited) return false;
    limited = true;
    response.writeHead(429, { 'retry-after': '1' }).end();
    return true;
  };
  const run = await expectFailure({ ref: 'nowhere' }, 'not-found', /no branch and no tag 'nowhere'/);
  expect(run.stdout).toMatch(/::warning::.*attempt 1 of 4.*429/);
});

test('29 an empty repository', async () => {
  await repository.deleteRef('refs/heads/main');
  await expectFailure({}, 'not-found', /has no commit yet, or none that its HEAD names/);
  await expectFailure({ ref: 'main' }, 'not-found', /no branch and no tag 'main'/);
});

test('29 a HEAD that names nothing is refused, and the branch that is there is found', async () => {
  await repository.setHead('unborn');
  await expectFailure({}, 'not-found', /has no commit yet, or none that its HEAD names/);
  // Found, and proven: what stops the run is the pin.
  const pin = { 'archive-sha256': '0'.repeat(64) };
  await expectFailure({ ref: 'main', ...pin }, 'verification', /SHA256/);
});

test('30 nobody listens', async () => {
  await upstream.stop();
  await expectFailure({}, 'transient', /cannot be reached \(ECONNREFUSED\)/);
});

test('35 a commit from the future', async () => {
  const future = await repository.addCommit(repository.commit, files, { time: 4_000_000_000 });
  await repository.setRef('refs/heads/main', future);
  await expectFailure({}, 'local', /clock of this machine/);
});

test('31 a server of plain files makes git ask from within only so often', async () => {
  let asked = 0;
  upstream.intercept = (request, response) => {
    if (request.headers['user-agent']?.startsWith('git/') !== true) return false;
    asked++;
    if (request.url?.includes('/info/refs') === true) response.end(`${'1'.repeat(40)}\trefs/heads/main\n`);
    else if (request.url?.endsWith('/HEAD') === true) response.end('ref: refs/heads/main\n');
    else response.writeHead(404).end();
    return true;
  };
  await expectFailure(
    {},
    'verification',
    /answers so that git asks it again and again\. Check that it is the repository/,
  );
  expect(asked).toBeGreaterThan(16);
  expect(asked).toBeLessThan(100);
});

test('54 a temporary folder in which nothing may be run', async () => {
  const disk = await ownDisk('noexec');
  await expectFailure({}, 'local', /git has to run a program in .*noexec\)\. Set RUNNER_TEMP to a folder/, {
    RUNNER_TEMP: disk,
  });
});

test('54 git missing, and git too old', async () => {
  const bin = await pathWithout('git');
  await expectFailure({}, 'local', /git is not installed.*2\.25/, { PATH: bin });
  await writeFile(join(bin, 'git'), '#!/bin/sh\necho git version 2.24.3\n');
  await chmod(join(bin, 'git'), 0o755);
  await expectFailure({}, 'local', /git 2\.24 is too old; version 2\.25/, { PATH: bin });
});

test('56 without docker, and with an engine that does not answer, a sentence says what to do', async () => {
  await expectFailure({}, 'local', /docker is not installed/, { PATH: await pathWithout('docker') });
  await expectFailure({}, 'local', /docker engine does not answer/, { DOCKER_HOST: 'unix:///nowhere.sock' });
  expect(await docker('buildx', 'ls', '--format', '{{.Name}}')).not.toMatch(/phantun-runtime-/);
});
