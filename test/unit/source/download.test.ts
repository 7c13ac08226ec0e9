import { mkdirSync, readFileSync, readdirSync, rmSync, truncateSync, writeFileSync } from 'node:fs';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { sha256 } from '../../../src/hash.js';
import { ARCHIVE_LIMITS } from '../../../src/source/archive.js';
import { cachedArchive, downloadArchive, keepArchive } from '../../../src/source/download.js';
import type { Source } from '../../../src/source/resolve.js';
import { basicAuthorization, parseUpstream } from '../../../src/source/upstream.js';
import { captureStdout } from '../../support/runner.js';
import { serve, setEnvironment, temporaryFolder, testDeps } from '../../support/world.js';
import { failureOf } from '../../support/failureOf.js';

const COMMIT = '1234567890123456789012345678901234567890';
const BYTES = gzipSync('an archive');

const sourceAt = (origin: string, name = 'n'): Source => ({
  upstream: parseUpstream(`${origin}/o/${name}`),
  ref: 'HEAD',
  commit: COMMIT,
  tree: COMMIT,
  epoch: 1,
  tagObject: undefined,
  reachableFrom: ['refs/heads/main'],
  commitObject: Buffer.alloc(0),
});

/** Answers in turn, the last one for good. */
async function serveInTurn(...answers: ((response: ServerResponse, request: IncomingMessage) => void)[]) {
  let count = 0;
  return serve((request, response) => answers[Math.min(count++, answers.length - 1)]?.(response, request));
}

const good = (response: ServerResponse) =>
  void response
    .writeHead(200, { date: 'Fri, 20 Nov 2026 12:00:00 GMT', 'content-type': 'application/x-gzip' })
    .end(BYTES);
const page = (response: ServerResponse) =>
  void response.writeHead(200, { 'content-type': 'text/html; charset=utf-8' }).end('<html>login</html>');
const status = (code: number) => (response: ServerResponse) => void response.writeHead(code).end();
const half = (response: ServerResponse) => {
  response.writeHead(200, { 'content-length': String(BYTES.length) });
  response.write(BYTES.subarray(0, 9), () => response.destroy());
};

describe('downloadArchive', () => {
  it('brings the bytes of the commit, and what the server said of the time', async () => {
    const { origin, requests } = await serveInTurn(good);
    expect(await downloadArchive(sourceAt(origin), undefined, testDeps())).toEqual({
      bytes: BYTES,
      sha256: sha256(BYTES),
      from: 'upstream',
      date: 'Fri, 20 Nov 2026 12:00:00 GMT',
    });
    expect(requests.map(({ url, headers }) => [url, headers.authorization])).toEqual([
      [`/o/n/archive/${COMMIT}.tar.gz`, undefined],
    ]);
  });

  it('shows the token to upstream', async () => {
    const { origin, requests } = await serveInTurn(good);
    await downloadArchive(sourceAt(origin), 'ghp_token', testDeps());
    expect(requests[0]?.headers.authorization).toBe(basicAuthorization('ghp_token'));
  });

  it.each<[string, number, (response: ServerResponse) => void]>([
    ['a page instead of an archive', 1, page],
    ['an archive cut short', 3, half],
    ['a server in trouble', 3, status(503)],
  ])('tries again after %s, %i times at most', async (_, times, trouble) => {
    const troubles = Array.from({ length: times }, () => trouble);
    const { origin, requests } = await serveInTurn(...troubles, good);
    const deps = testDeps();
    expect((await downloadArchive(sourceAt(origin), undefined, deps)).bytes).toEqual(BYTES);
    expect([requests.length, deps.slept.length]).toEqual([times + 1, times]);

    const worse = await serveInTurn(...troubles, trouble, good);
    expect((await failureOf(() => downloadArchive(sourceAt(worse.origin), undefined, testDeps()))).kind).toBe(
      'transient',
    );
    expect(worse.requests).toHaveLength(times + 1);
  });

  it('takes no other compression for an archive', async () => {
    const { origin } = await serveInTurn((response) => void response.end(Buffer.from([0x1f, 0x9d, 0x90])));
    const failure = await failureOf(() => downloadArchive(sourceAt(origin), undefined, testDeps()));
    expect(failure.message).toContain('is not gzip but something without a type');
    const half = await serveInTurn((response) => void response.end(Buffer.from([0x1e, 0x8b, 0x08])));
    expect((await failureOf(() => downloadArchive(sourceAt(half.origin), undefined, testDeps()))).message).toContain(
      'is not gzip',
    );
  });

  it('says what came when it was never an archive', async () => {
    const { origin, requests } = await serveInTurn(page);
    expect(await failureOf(() => downloadArchive(sourceAt(origin), undefined, testDeps()))).toMatchObject({
      kind: 'transient',
      message: `the archive ${origin}/o/n/archive/${COMMIT}.tar.gz is not gzip but text/html; charset=utf-8. Is there a login page or a proxy between?`,
    });
    expect(requests).toHaveLength(2);
  });

  it.each([
    [401, 'auth'],
    [403, 'auth'],
    [404, 'not-found'],
    [410, 'not-found'],
  ] as const)('asks once after %i', async (code, kind) => {
    const { origin, requests } = await serveInTurn(status(code));
    const failure = await failureOf(() => downloadArchive(sourceAt(origin), 'ghp_token', testDeps()));
    expect([failure.kind, requests.length]).toEqual([kind, 1]);
    expect(failure.message).not.toContain('ghp_token');
    if (code !== 410) expect(failure.message).toContain('the given upstream-token');
    const without = await failureOf(() => downloadArchive(sourceAt(origin), undefined, testDeps()));
    expect(without.message).not.toContain('the given upstream-token');
  });

  it('cuts an archive at the cap, and does not ask for it again', async () => {
    const { origin, requests } = await serveInTurn((response) => {
      response.writeHead(200);
      response.write(Buffer.concat([BYTES, Buffer.alloc(ARCHIVE_LIMITS.packedBytes)]));
    });
    const failure = await failureOf(() => downloadArchive(sourceAt(origin), undefined, testDeps()));
    expect(failure.kind).toBe('verification');
    expect(failure.message).toMatch(/ is larger than the 67\.1 MB that are allowed$/);
    expect(requests).toHaveLength(1);
  });

  it('follows upstream within its own origin only', async () => {
    const elsewhere = await serveInTurn(good);
    const { origin, requests } = await serve((request, response) => {
      if (request.url?.endsWith('.tar.gz')) response.writeHead(302, { location: '/files/1' }).end();
      else response.writeHead(302, { location: `${elsewhere.origin}/x` }).end();
    });
    const failure = await failureOf(() => downloadArchive(sourceAt(origin), 'ghp_token', testDeps()));
    expect(failure.kind).toBe('verification');
    expect([requests.length, elsewhere.requests.length]).toEqual([2, 0]);
  });
});

describe('the tool cache', () => {
  const prepare = () => {
    captureStdout(); // tool-cache writes debug commands
    const cache = temporaryFolder();
    setEnvironment({ RUNNER_TOOL_CACHE: cache, RUNNER_TEMP: temporaryFolder() });
    return { cache, source: sourceAt('https://git.example.org'), deps: testDeps() };
  };
  const kept = (cache: string) => {
    const tool = readdirSync(cache).find((name) => name.startsWith('phantun-runtime-archive-')) ?? '';
    return join(cache, tool, `0.0.0-c${COMMIT}`, 'any', 'archive.tar.gz');
  };

  it('holds nothing at first', async () => {
    expect(await cachedArchive(prepare().source)).toBeUndefined();
  });

  it('gives back what was kept, and leaves no copy behind', async () => {
    const { source, deps } = prepare();
    await keepArchive(source, BYTES, deps);
    const found = await cachedArchive(source);
    expect(found).toMatchObject({ bytes: BYTES, sha256: sha256(BYTES), from: 'cache' });
    expect(Date.parse(found?.date ?? '')).toBeGreaterThan(Date.now() - 60_000);
    expect(readdirSync(deps.temp)).toEqual([]);
    expect(deps.logged).toEqual([]);
  });

  it('knows upstreams apart', async () => {
    const { source, deps } = prepare();
    await keepArchive(source, BYTES, deps);
    expect(await cachedArchive(sourceAt('https://git.example.org', 'fork'))).toBeUndefined();
  });

  it('gives back damaged bytes under their own hash, for the caller to judge', async () => {
    const { cache, source, deps } = prepare();
    await keepArchive(source, BYTES, deps);
    writeFileSync(kept(cache), 'rotten');
    expect(await cachedArchive(source)).toMatchObject({ bytes: Buffer.from('rotten'), sha256: sha256('rotten') });
    await keepArchive(source, BYTES, deps);
    expect(readFileSync(kept(cache))).toEqual(BYTES);
  });

  it('gives back one that is as large as may be', async () => {
    const { cache, source, deps } = prepare();
    await keepArchive(source, BYTES, deps);
    truncateSync(kept(cache), ARCHIVE_LIMITS.packedBytes);
    expect((await cachedArchive(source))?.bytes.length).toBe(ARCHIVE_LIMITS.packedBytes);
  });

  it.each<[string, (file: string) => void]>([
    ['too big to be one', (file) => truncateSync(file, ARCHIVE_LIMITS.packedBytes + 1)],
    ['gone', (file) => rmSync(file)],
    [
      'a folder',
      (file) => {
        rmSync(file);
        mkdirSync(file);
      },
    ],
    ['not marked as complete', (file) => rmSync(join(file, '..', '..', 'any.complete'))],
  ])('has no archive when it is %s', async (_, damage) => {
    const { cache, source, deps } = prepare();
    await keepArchive(source, BYTES, deps);
    damage(kept(cache));
    expect(await cachedArchive(source)).toBeUndefined();
  });

  it.each([
    ['cannot be written', 'file/below'],
    ['is not set', undefined],
  ])('that %s is no failure', async (_, place) => {
    const { cache, source, deps } = prepare();
    writeFileSync(join(cache, 'file'), '');
    setEnvironment({ RUNNER_TOOL_CACHE: place === undefined ? undefined : join(cache, place) });
    await keepArchive(source, BYTES, deps);
    expect(deps.logged).toHaveLength(1);
    expect(deps.logged[0]).toMatch(/^warning: the archive could not be kept for later runs: /);
    expect(readdirSync(deps.temp)).toEqual([]);
    expect(await cachedArchive(source)).toBeUndefined();
  });

  it('that has no place to be written from is no failure either', async () => {
    const { source, deps } = prepare();
    await keepArchive(source, BYTES, { ...deps, temp: join(deps.temp, 'gone') });
    expect(deps.logged).toEqual([
      expect.stringContaining('the archive could not be kept for later runs: Error: ENOENT'),
    ]);
  });
});
