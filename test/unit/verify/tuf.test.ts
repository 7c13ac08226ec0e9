import { describe, expect, it } from 'vitest';
import { SIGSTORE, fetchTarget } from '../../../src/verify/tuf.js';
import { type TufOptions, createTuf } from '../../lab/tuf.js';
import { failureOf } from '../../support/failureOf.js';
import { serve, testDeps } from '../../support/world.js';

const TARGET = Buffer.from('{"mediaType":"x"}');

/** Serves files by path; `moved` is where the timestamp is said to be. */
function serveFiles(files: ReadonlyMap<string, Buffer>, moved?: string) {
  return serve((request, response) => {
    const path = request.url?.slice(1) ?? '';
    const bytes = files.get(path);
    if (moved !== undefined && path === 'timestamp.json') response.writeHead(302, { location: moved }).end();
    else if (bytes === undefined) response.writeHead(404).end();
    else response.end(bytes);
  });
}

/** Fetches the one target of a repository, of which a test may change files. */
async function fetchFrom(options: TufOptions = {}, change: (files: Map<string, Buffer>) => void = () => undefined) {
  const { files, root } = createTuf({ 'trusted_root.json': TARGET }, options);
  change(files);
  const { origin, requests } = await serveFiles(files);
  const fetched = fetchTarget({ url: origin, root }, 'trusted_root.json', testDeps());
  return { fetched, asked: () => requests.map(({ url }) => url) };
}

async function refusal(options: TufOptions, change?: (files: Map<string, Buffer>) => void) {
  const { fetched } = await fetchFrom(options, change);
  return failureOf(() => fetched);
}

describe('fetchTarget', () => {
  it('goes from the root that is known to the target, by versions and hashes', async () => {
    const { fetched, asked } = await fetchFrom({ roots: 3 });
    expect(await fetched).toEqual(TARGET);
    expect(asked()).toEqual([
      ...['/2.root.json', '/3.root.json', '/4.root.json', '/timestamp.json', '/1.snapshot.json', '/1.targets.json'],
      expect.stringMatching(/^\/targets\/[0-9a-f]{64}\.trusted_root\.json$/),
    ]);
  });

  it.each<[string, TufOptions]>([
    ['a timestamp that has expired', { days: -1 }],
    ['a timestamp that somebody else signed', { forged: ['timestamp'] }],
    ['a snapshot that somebody else signed', { forged: ['snapshot'] }],
    ['targets that somebody else signed', { forged: ['targets'] }],
    ['a root that somebody else signed', { roots: 2, forged: ['root'] }],
  ])('refuses %s', async (_, options) => {
    const failure = await refusal(options);
    expect(failure.kind).toBe('verification');
    expect(failure.message).toContain('cannot be trusted');
  });

  it('refuses targets that the snapshot does not list', async () => {
    const failure = await refusal({ unlisted: true }, (files) => {
      files.set('0.targets.json', files.get('1.targets.json') ?? Buffer.alloc(0));
    });
    expect(failure.kind).toBe('verification');
    expect(failure.message).toContain('cannot be trusted');
  });

  it('says so where the repository has no such target', async () => {
    const { files, root } = createTuf({ 'other.json': TARGET });
    const { origin } = await serveFiles(files);
    const failure = await failureOf(() => fetchTarget({ url: origin, root }, 'trusted_root.json', testDeps()));
    expect(failure.kind).toBe('verification');
    expect(failure.message).toMatch(/^reading trusted_root\.json of .*: the repository has no such target$/);
  });

  it('follows no more than 256 roots', async () => {
    const { fetched, asked } = await fetchFrom({ roots: 258 });
    expect(await fetched).toEqual(TARGET);
    expect(asked().filter((path) => path?.endsWith('.root.json') === true)).toHaveLength(256);
  });

  it('refuses a target with other bytes', async () => {
    const failure = await refusal({}, (files) => {
      for (const path of files.keys())
        if (path.startsWith('targets/')) files.set(path, Buffer.from('{"mediaType":"y"}'));
    });
    expect(failure.message).toContain('cannot be trusted');
  });

  it('refuses what is no metadata, and says so without printing it raw', async () => {
    const failure = await refusal({}, (files) => files.set('timestamp.json', Buffer.from('\u001b[31m<html>')));
    expect(failure.kind).toBe('verification');
    expect(failure.message).not.toMatch(/\p{Cc}/u);
  });

  it('names the way around a repository that is not whole or not there', async () => {
    const failure = await refusal({}, (files) => files.delete('timestamp.json'));
    expect(failure).toMatchObject({ kind: 'transient' });
    expect(failure.message).toMatch(/no timestamp\.json.*--trusted-root FILE/);
    const gone = await failureOf(() => fetchTarget({ ...SIGSTORE, url: 'http://127.0.0.1:9' }, 'x', testDeps()));
    expect(gone.kind).toBe('transient');
  });

  it('waits for a server that is busy', async () => {
    const { files, root } = createTuf({ 'trusted_root.json': TARGET });
    let busy = 2;
    const { origin } = await serve((request, response) => {
      const bytes = files.get(request.url?.slice(1) ?? '');
      if (busy-- > 0) response.writeHead(503).end();
      else if (bytes === undefined) response.writeHead(403).end();
      else response.end(bytes);
    });
    expect(await fetchTarget({ url: origin, root }, 'trusted_root.json', testDeps())).toEqual(TARGET);
  });
});

describe('a redirect of the repository', () => {
  const { files, root } = createTuf({ 'trusted_root.json': TARGET });

  it('is followed within its own origin', async () => {
    const timestamp = files.get('timestamp.json') ?? Buffer.alloc(0);
    const { origin } = await serveFiles(new Map([...files, ['x/timestamp.json', timestamp]]), '/x/timestamp.json');
    expect(await fetchTarget({ url: origin, root }, 'trusted_root.json', testDeps())).toEqual(TARGET);
  });

  it('is not followed to another', async () => {
    const elsewhere = await serveFiles(files);
    const { origin } = await serveFiles(files, `${elsewhere.origin}/timestamp.json`);
    const failure = await failureOf(() => fetchTarget({ url: origin, root }, 'trusted_root.json', testDeps()));
    expect(failure.kind).toBe('verification');
    expect(elsewhere.requests).toEqual([]);
  });
});

describe('SIGSTORE', () => {
  it('begins with a root that its own keys signed, over https', () => {
    expect(SIGSTORE.url).toMatch(/^https:/);
    const { signed } = JSON.parse(SIGSTORE.root.toString()) as { signed: { _type: string; version: number } };
    expect(signed).toMatchObject({ _type: 'root' });
  });
});
