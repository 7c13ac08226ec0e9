import { execFileSync } from 'node:child_process';
import { readFile } from 'node:fs/promises';
import { expect, test } from 'vitest';
import { type Lock, parseLock } from '../../../src/proof/lock.js';
import { type ActionRun, inFront, runAction } from '../harness.js';
import { expectFailure, files, repository, upstream } from './failing.js';

/** A run of the test's repository that must succeed, and its lock. */
async function expectBuilt(ref: string): Promise<{ run: ActionRun; lock: Lock }> {
  const run = await runAction({ upstream: repository.url, ref, platforms: 'linux/amd64', smoke: 'false' });
  expect(run, run.stdout.slice(-4_000)).toMatchObject({ code: 0, leftovers: [] });
  return { run, lock: parseLock(await readFile(run.outputs.lock ?? '', 'utf8')) };
}

/** What upstream does to its branch when a request comes that the pattern fits. */
function moveMain(to: string, when: RegExp): void {
  upstream.intercept = (request) => {
    if (when.test(request.url ?? ''))
      execFileSync('git', ['-C', repository.gitDir, 'update-ref', 'refs/heads/main', to]);
    return false;
  };
}

const archives = () => upstream.requests.filter((line) => line.includes('/archive/'));

test('7 an annotated tag is followed to its commit, and the lock has both ids', async () => {
  const tag = await repository.annotate('v1', repository.commit);
  const { run, lock } = await expectBuilt('v1');
  expect(run.outputs.commit).toBe(repository.commit);
  expect(lock.facts).toMatchObject({ ref: 'refs/tags/v1', tagObject: tag });
  expect(run.summary).toContain('refs/tags/v1');
});

test('32 an object that is not the commit asked for', async () => {
  const env = await inFront({
    git: `case "$*" in *" cat-file commit "*) "$real" "$@" | sed 's/^A commit/B commit/'; exit 0;; esac`,
  });
  await expectFailure({}, 'verification', /the object that came for commit [0-9a-f]{40} has the id [0-9a-f]{40}/, env);
  expect(archives()).toEqual([]);
});

test('1 and 33: an empty ref is HEAD, whose later moves change nothing; summary and lock say what was resolved', async () => {
  moveMain(await repository.addCommit(repository.commit, { ...files, 'NEWS.md': 'x' }), /\/archive\//);
  const begin = Math.floor(Date.now() / 1_000);
  const { run, lock } = await expectBuilt('');
  expect(run.outputs).toMatchObject({
    commit: repository.commit,
    tree: await repository.tree(repository.commit),
  });
  expect(archives()).toEqual([`GET /dndx/phantun/archive/${repository.commit}.tar.gz`]);
  expect(run.summary).toContain('HEAD');
  expect(lock.facts.ref).toBe('HEAD');
  expect(lock.facts.resolvedAt).toBeGreaterThanOrEqual(begin);
});

test('34 a commit that upstream takes back while it is asked for', async () => {
  const rewritten = await repository.addCommit(undefined, { ...files, 'README.md': 'another history' });
  moveMain(rewritten, /info\/refs/);
  await expectFailure({ ref: repository.commit }, 'verification', /none of its branches and tags holds it/);
  expect(archives()).toEqual([]);
});

test('34 a commit that upstream takes back with its archive', async () => {
  upstream.intercept = (request, response) => {
    if (request.url?.includes('/archive/') !== true) return false;
    response.writeHead(404).end();
    return true;
  };
  await expectFailure({}, 'not-found', /archive\/[0-9a-f]{40}\.tar\.gz: .* answered 404/);
});

test('55 a SHA-1 collision that git reports is called an attack, once', async () => {
  const said = 'fatal: SHA-1 appears to be part of a collision attack: 38762cf7f55934b34d179ae6a4c80cadccbb7f0a';
  const env = await inFront({ git: `case "$*" in *" fetch "*) echo '${said}' >&2; exit 128;; esac` });
  await expectFailure({}, 'verification', /git found a SHA-1 collision .*: this is an attack/, env);
  expect(upstream.requests).toHaveLength(1);
});
