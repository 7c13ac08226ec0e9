import { createHook } from 'node:async_hooks';
import { execFileSync } from 'node:child_process';
import { appendFileSync, existsSync, lstatSync, mkdtempSync, readFileSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gunzipSync, gzipSync } from 'node:zlib';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { sha256 } from '../../../src/hash.js';
import { parseListing, parseLog } from '../../../src/source/diagnosis.js';
import { cachedArchive } from '../../../src/source/download.js';
import { type Source, resolve } from '../../../src/source/resolve.js';
import { parseUpstream } from '../../../src/source/upstream.js';
import { type Wanted, verify } from '../../../src/source/verify.js';
import { WRAPPER_FOLDER } from '../../../src/wrapper.js';
import { type Upstream, startUpstream } from '../../lab/upstream.js';
import { failureOf } from '../../support/failureOf.js';
import { fakeProgram, setEnvironment, temporaryFolder, testDeps } from '../../support/world.js';
import { FILES } from '../../support/proof.js';

const folder = mkdtempSync(join(tmpdir(), 'phantun-proven-'));
const HOSTILE = join(WRAPPER_FOLDER, 'test', 'fixtures', 'archives');
const NOTHING: Wanted = { archiveSha256: undefined, upstreamToken: undefined, replayed: undefined };
let server: Upstream;
let source: Source;
let right: Buffer;
let other = { commit: '', archive: Buffer.alloc(0) };
/** What the next requests for the archive get, one after the other; those after them get the right one. */
let served: Buffer[];
let tools: string;

const archiveOf = async (commit: string) => {
  const answer = await fetch(`${server.origin}/dndx/phantun/archive/${commit}.tar.gz`);
  return Buffer.from(await answer.arrayBuffer());
};
const downloads = () => server.requests.filter((request) => request.includes('/archive/')).length;

beforeAll(async () => {
  server = await startUpstream(join(folder, 'upstream'));
  const repository = await server.addRepository('dndx', 'phantun', FILES);
  const commit = await repository.addCommit(repository.commit, { ...FILES, 'NEWS.md': 'x' });
  await repository.setRef('refs/heads/other', commit);
  const deps = testDeps({ temp: mkdtempSync(join(folder, 'resolved-')) });
  ({ source } = await resolve(parseUpstream(repository.url), { kind: 'head' }, undefined, deps));
  right = await archiveOf(source.commit);
  other = { commit, archive: await archiveOf(commit) };
});
beforeEach(() => {
  served = [];
  tools = temporaryFolder();
  setEnvironment({ RUNNER_TOOL_CACHE: tools, RUNNER_TEMP: temporaryFolder() });
  server.requests.length = 0;
  server.intercept = (request, response) => {
    const bytes = request.url?.includes('/archive/') === true ? served.shift() : undefined;
    if (bytes !== undefined) response.writeHead(200, { 'content-type': 'application/x-gzip' }).end(bytes);
    return bytes !== undefined;
  };
});
afterEach(() => {
  server.intercept = undefined;
});
afterAll(async () => {
  await server.stop();
  rmSync(folder, { recursive: true });
});

const verified = (wanted: Partial<Wanted> = {}, from = source, deps = testDeps()) =>
  verify(from, { ...NOTHING, ...wanted }, deps);
const again = (bytes: Buffer) => gzipSync(gunzipSync(bytes), { level: 1 });
/** One byte of src/bin/client.rs is another. */
const changed = (bytes: Buffer) => {
  const tar = gunzipSync(bytes);
  tar.write('X', tar.indexOf('fn main'));
  return gzipSync(tar);
};

const keptFile = () => {
  const names = readdirSync(tools, { recursive: true, encoding: 'utf8' });
  return join(tools, names.find((name) => name.endsWith('.gz')) ?? '');
};

describe('the archive of a source', () => {
  it('is downloaded once, proven, kept, and then taken from where it is kept', async () => {
    const deps = testDeps();
    const tree = await verified({}, source, deps);
    expect(tree).toMatchObject({ from: 'upstream', id: source.tree, pinned: false, archiveSha256: sha256(right) });
    expect(existsSync(join(tree.folder, 'Cargo.lock'))).toBe(true);
    expect(readdirSync(deps.temp)).toEqual([expect.stringMatching(/^source-/)]);
    const kept = () => lstatSync(keptFile()).mtimeMs;
    const before = kept();
    expect((await verified()).from).toBe('cache');
    expect([downloads(), kept()]).toEqual([1, before]);
  });

  it('is not taken from where another upstream’s is kept', async () => {
    await verified();
    const fork = { ...source, upstream: parseUpstream(`${server.origin}/org/fork`) };
    expect(await cachedArchive(source)).toMatchObject({ from: 'cache', sha256: sha256(right) });
    expect(await cachedArchive(fork)).toBeUndefined();
  });

  it('is downloaded where the kept one was spoilt', async () => {
    await verified();
    appendFileSync(keptFile(), 'x');
    const deps = testDeps();
    expect((await verified({}, source, deps)).from).toBe('upstream');
    expect(deps.logged.join('\n')).toMatch(/warning: the archive kept from an earlier run \(SHA256 \w{64}\) is not/);
  });

  it('is downloaded once more where the first one was damaged', async () => {
    served = [changed(right)];
    const deps = testDeps();
    expect(await verified({}, source, deps)).toMatchObject({ from: 'upstream', archiveSha256: sha256(right) });
    expect(downloads()).toBe(2);
    expect(deps.logged.join('\n')).toContain('the second download is right');
  });

  it('that differs twice is refused, with the path that differs, and nothing is kept or written', async () => {
    served = [changed(right), changed(right)];
    const deps = testDeps();
    const failure = await failureOf(() => verified({}, source, deps));
    expect(failure.kind).toBe('verification');
    expect(failure.message).toMatch(/^changed: /);
    expect(failure.message).not.toContain('ref is HEAD');
    expect(failure.details.at(-1)).toBe('modified: src/bin/client.rs');
    expect(failure.details[0]).toMatch(new RegExp(`/archive/${source.commit}\\.tar\\.gz, \\d+ bytes, .* GMT$`));
    expect(readdirSync(deps.temp).filter((name) => name.startsWith('source-'))).toEqual([]);
    expect(await cachedArchive(source)).toBeUndefined();
  });

  it.each(readdirSync(HOSTILE))('that is hostile is refused before anything is written: %s', async (name) => {
    const bytes = readFileSync(join(HOSTILE, name));
    served = [bytes, bytes];
    const deps = testDeps();
    expect(await failureOf(() => verified({}, source, deps))).toMatchObject({
      kind: 'verification',
      message: expect.stringMatching(/^unreadable: the archive is refused/) as string,
    });
    expect(readdirSync(deps.temp).filter((name) => name.startsWith('source-'))).toEqual([]);
    expect(await cachedArchive(source)).toBeUndefined();
  });

  it('is told without a time where the server gives none', async () => {
    server.intercept = (request, response) => {
      if (request.url?.includes('/archive/') !== true) return false;
      response.sendDate = false;
      response.writeHead(200).end(changed(right));
      return true;
    };
    expect((await failureOf(() => verified())).details[0]).toMatch(/, \d+ bytes$/);
  });

  it('is told with a time that holds no raw character, and no more than a time has', async () => {
    server.intercept = (request, response) => {
      if (request.url?.includes('/archive/') !== true) return false;
      response.writeHead(200, { date: `now\u009b2J${'x'.repeat(100)}` }).end(changed(right));
      return true;
    };
    expect((await failureOf(() => verified())).details[0]).toMatch(/, \d+ bytes, now\\u\{9b\}2Jx{34}…$/);
  });

  it('that is another commit’s is named so', async () => {
    served = [other.archive, other.archive];
    const failure = await failureOf(() => verified());
    expect(failure.message).toMatch(/^wrong-commit: /);
    expect(failure.message).toContain(other.commit);
  });

  it('that is no archive is refused', async () => {
    const broken = gzipSync('no tar');
    served = [broken, broken];
    expect(await failureOf(() => verified())).toMatchObject({ kind: 'verification' });
  });

  it('is explained less well where upstream answers no more', async () => {
    served = [changed(right), changed(right)];
    const before = server.intercept;
    server.intercept = (request, response) => {
      if (before?.(request, response) === true) return true;
      if (request.url?.includes('/archive/') === false) response.writeHead(500).end();
      return request.url?.includes('/archive/') === false;
    };
    const deps = testDeps();
    const failure = await failureOf(() => verified({}, source, deps));
    expect(failure.kind).toBe('verification');
    expect(deps.logged.join('\n')).toMatch(
      /warning: upstream could not be asked what differs: git fetch from .* failed: .* 500$/,
    );
  });

  it('is no finding of a run that is cancelled while it is explained', async () => {
    served = [changed(right), changed(right)];
    const deps = testDeps();
    const before = server.intercept;
    server.intercept = (request, response) => {
      if (request.url?.includes('/archive/') === false) deps.abort();
      return before?.(request, response) === true;
    };
    expect((await failureOf(() => verified({}, source, deps))).kind).toBe('cancelled');
  });

  it.each(['ls-tree', 'log'])('is explained less well where git %s fails, and no path is accused', async (command) => {
    served = [changed(right), changed(right)];
    const git = execFileSync('sh', ['-c', 'command -v git'], { encoding: 'utf8' }).trim();
    fakeProgram('git', `case " $* " in *" ${command} "*) echo broken >&2; exit 128;; esac; exec ${git} "$@"`);
    const deps = testDeps();
    const failure = await failureOf(() => verified({}, source, deps));
    expect(failure.message).toContain("Upstream's files could not be compared");
    expect(failure.details.join('\n')).not.toMatch(/added|removed|modified/);
    expect(deps.logged.join('\n')).toMatch(
      new RegExp(`warning: upstream could not be asked what differs: git ${command} .* failed: broken`),
    );
  });

  it('that has the pin is taken; one that has not is refused before it is unpacked, and HEAD is named as the reason', async () => {
    expect(await verified({ archiveSha256: sha256(right) })).toMatchObject({ pinned: true });
    const pinned = { archiveSha256: 'e'.repeat(64) };
    const atHead = await failureOf(() => verified(pinned));
    expect(atHead.message).toMatch(/^recompressed: /);
    expect(atHead.message).toContain(`. ref is HEAD, which is now ${source.commit}`);
    const atCommit = await failureOf(() => verified(pinned, { ...source, ref: source.commit }));
    expect(atCommit.message).not.toContain('ref is HEAD');
  });

  it('that has not the pin is not unpacked, while a fresh download may still have it', async () => {
    // It may be a bomb, for all that anybody knows. node tells of every stream that it unpacks.
    served = [changed(right)];
    const unpacked: string[] = [];
    const hook = createHook({ init: (_, type) => type === 'ZLIB' && unpacked.push(type) }).enable();
    try {
      expect(await verified({ archiveSha256: sha256(right) })).toMatchObject({ pinned: true });
    } finally {
      hook.disable();
    }
    expect(downloads()).toBe(2);
    expect(unpacked).toHaveLength(1); // the right one
  });

  it('that has not the pin is told by its SHA256, though it is no gzip behind its first bytes', async () => {
    const broken = Buffer.from([0x1f, 0x8b, 0, 0]);
    served = [broken, broken];
    const pin = 'e'.repeat(64);
    const failure = await failureOf(() => verified({ archiveSha256: pin }, { ...source, ref: source.commit }));
    expect(failure.kind).toBe('verification');
    expect(failure.message).toMatch(
      new RegExp(`^unreadable: the archive has SHA256 ${sha256(broken)} instead of ${pin}, and cannot be read: `),
    );
  });

  it('that is compressed again is taken where no pin says otherwise', async () => {
    served = [again(right)];
    expect(await verified()).toMatchObject({ archiveSha256: sha256(again(right)), id: source.tree });
    expect(downloads()).toBe(1);
  });
});

describe('what upstream’s git says', () => {
  const id = 'a'.repeat(40);
  it('is a listing, by path, of whole records alone', () => {
    const good = [`100644 blob ${id}\tb c\n`, `160000 commit ${id}\tsub`];
    const bad = [`x100644 blob ${id}\td`, `10064 blob ${id}\te`, `100644 blob ${id}f\tg`, `100644 blob ${id}\t`, ''];
    expect(parseListing(Buffer.from([...good, ...bad].join('\0')))).toEqual(
      new Map([
        ['b c\n', { mode: '100644', id }],
        ['sub', { mode: '160000', id }],
      ]),
    );
  });

  it('is a log of commits and their trees, of whole lines alone', () => {
    const tree = 'b'.repeat(40);
    const text = [`${id} ${tree}`, `x${id} ${tree}`, `${id} ${tree}x`, `${id} ${tree.slice(1)}`, ''].join('\n');
    expect(parseLog(Buffer.from(text))).toEqual([{ commit: id, tree }]);
  });
});
