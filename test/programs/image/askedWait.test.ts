import { describe, expect, it } from 'vitest';
import { openRegistry } from '../../../src/image/registry.js';
import { failureOf } from '../../support/failureOf.js';
import { fakeProgram, serve, temporaryFolder, testDeps } from '../../support/world.js';

const LIMITED = 'echo "toomanyrequests: too fast" >&2; exit 1';

/** A registry that limits its clients, and what it says to whoever asks why. */
async function limiting(status: number, headers: Record<string, string> = {}) {
  for (const program of ['skopeo', 'docker']) fakeProgram(program, LIMITED);
  const { origin, requests } = await serve((_, response) => response.writeHead(status, headers).end());
  const repository = `${origin.replace('http://', '')}/o/n`;
  const deps = testDeps();
  const registry = openRegistry(repository, deps);
  return { repository, deps, registry, asked: () => requests.map(({ method = '', url = '' }) => `${method} ${url}`) };
}

describe('a registry that limits', () => {
  it.each<[string, number, Record<string, string>, number]>([
    ['says how long', 429, { 'retry-after': '7' }, 7],
    ['says nothing', 429, {}, 60],
    ['has forgotten', 200, { 'retry-after': '7' }, 60],
  ])('what is written, and %s', async (_, status, headers, seconds) => {
    const { repository, deps, registry, asked } = await limiting(status, headers);
    const name = `${repository}@sha256:${'0'.repeat(64)}`;
    for (const write of [
      () => registry.send(temporaryFolder(), name),
      () => registry.tag(name, `${repository}:tag`),
      () => registry.list([], `${repository}:tag`),
    ]) {
      const failure = await failureOf(write);
      expect(failure).toMatchObject({ kind: 'rate-limit', retryAfterSeconds: seconds });
      expect(failure.message).toContain(`. Come back at ${new Date(deps.now() + seconds * 1_000).toISOString()}`);
    }
    expect(asked()).toEqual(['GET /v2/', 'GET /v2/', 'GET /v2/']);
  });

  it('and does not answer gets a minute', async () => {
    fakeProgram('skopeo', LIMITED);
    const registry = openRegistry('127.0.0.1:9/o/n', testDeps());
    expect(await failureOf(() => registry.send(temporaryFolder(), '127.0.0.1:9/o/n:1'))).toMatchObject({
      ...{ kind: 'rate-limit', retryAfterSeconds: 60 },
    });
  });

  it('is asked for nobody who is cancelled', async () => {
    fakeProgram('skopeo', LIMITED);
    const deps = testDeps();
    const { origin } = await serve(() => deps.abort());
    const repository = `${origin.replace('http://', '')}/o/n`;
    const registry = openRegistry(repository, deps);
    expect((await failureOf(() => registry.send(temporaryFolder(), `${repository}:1`))).kind).toBe('cancelled');
  });

  it('what is read is waited for by the client alone', async () => {
    const { repository, registry, asked } = await limiting(429, { 'retry-after': '7' });
    const failures = [
      await failureOf(() => registry.read(`${repository}:1`)),
      await failureOf(() => registry.fetch(`${repository}:1`, temporaryFolder(), 1)),
    ];
    for (const failure of failures) expect(failure).toMatchObject({ kind: 'rate-limit', retryAfterSeconds: undefined });
    expect(asked()).toEqual([]);
  });
});
