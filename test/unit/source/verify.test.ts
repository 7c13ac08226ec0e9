import { appendFileSync, existsSync, readFileSync, readdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { gunzipSync, gzipSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { sha256 } from '../../../src/hash.js';
import { provenCommit } from '../../../src/source/commit.js';
import type { Source } from '../../../src/source/resolve.js';
import { parseUpstream } from '../../../src/source/upstream.js';
import { type Wanted, requireUnchanged, verifyKept, writeTreeAgain } from '../../../src/source/verify.js';
import { failureOf } from '../../support/failureOf.js';
import { testDeps } from '../../support/world.js';
import { FILES, LOCK, SAMPLE, UPSTREAM, sampleOf } from '../../support/proof.js';

const sourceOf = (sample = SAMPLE): Source => ({
  ...provenCommit(sample.object, sample.commit),
  upstream: parseUpstream(UPSTREAM),
  ref: 'HEAD',
  commit: sample.commit,
  tagObject: undefined,
  reachableFrom: [],
  commitObject: sample.object,
});
const NOTHING: Wanted = { archiveSha256: undefined, upstreamToken: undefined, replayed: undefined };
const AGAIN = gzipSync(gunzipSync(SAMPLE.archive), { level: 1 });
const verified = (bytes: Buffer, wanted: Partial<Wanted> = {}, deps = testDeps()) =>
  verifyKept(sourceOf(), bytes, { ...NOTHING, ...wanted }, deps);

describe('an archive that is here already', () => {
  it.each<[string, Buffer, Partial<Wanted>, { pinned: boolean; recompressed: boolean }]>([
    ['is taken for its tree', SAMPLE.archive, {}, { pinned: false, recompressed: false }],
    ['is taken for its tree, however it is compressed', AGAIN, {}, { pinned: false, recompressed: false }],
    [
      'is the one pinned',
      SAMPLE.archive,
      { archiveSha256: sha256(SAMPLE.archive) },
      { pinned: true, recompressed: false },
    ],
    ['is the one a lock saw', SAMPLE.archive, { replayed: LOCK.facts }, { pinned: false, recompressed: false }],
    ['is compressed again since a lock saw it', AGAIN, { replayed: LOCK.facts }, { pinned: false, recompressed: true }],
  ])('%s', async (_, bytes, wanted, expected) => {
    const deps = testDeps();
    const tree = await verified(bytes, wanted, deps);
    expect(tree).toMatchObject({ ...expected, id: SAMPLE.tree, from: 'evidence', archiveSha256: sha256(bytes) });
    expect(tree.archiveUrl).toBe(`${UPSTREAM}/archive/${SAMPLE.commit}.tar.gz`);
    expect(deps.logged.some((line) => line.startsWith('notice: the archive was compressed again'))).toBe(
      expected.recompressed,
    );
  });

  it('that is only compressed otherwise than a user’s pin fails, even where a lock is replayed', async () => {
    for (const replayed of [undefined, LOCK.facts]) {
      const failure = await failureOf(() => verified(AGAIN, { archiveSha256: sha256(SAMPLE.archive), replayed }));
      expect(failure.kind).toBe('verification');
      expect(failure.message).toMatch(
        /^the evidence’s archive, recompressed: the archive has SHA256 \w{64} instead of \w{64}\./,
      );
    }
  });

  it('that holds another tar than the lock saw fails', async () => {
    const failure = await failureOf(() =>
      verified(SAMPLE.archive, { replayed: { archiveSha256: sha256(SAMPLE.archive), tarSha256: '0'.repeat(64) } }),
    );
    expect(failure.message).toMatch(/^the evidence’s archive, repackaged: /);
  });

  it.each([
    ['without Cargo.lock', { 'Cargo.lock': undefined }, /has no Cargo\.lock/],
    ['with a .dockerignore', { '.dockerignore': '*' }, /has a \.dockerignore at its root/],
    ['without the programs', { 'src/bin/client.rs': undefined }, /^no package of this tree has the binaries/],
  ])('of a tree %s is not unpacked', async (_, change, message) => {
    const files = Object.entries({ ...FILES, ...change }).filter(
      (entry): entry is [string, string] => entry[1] !== undefined,
    );
    const sample = sampleOf(Object.fromEntries(files));
    const deps = testDeps();
    expect((await failureOf(() => verifyKept(sourceOf(sample), sample.archive, NOTHING, deps))).message).toMatch(
      message,
    );
    expect(readdirSync(deps.temp)).toEqual([]);
  });
});

describe('a second copy of a tree', () => {
  it('is written from the archive, wherever the first one is now', async () => {
    const deps = testDeps();
    const tree = await verified(SAMPLE.archive, {}, deps);
    rmSync(tree.folder, { recursive: true });
    const again = await writeTreeAgain(tree, deps);
    expect(again).toEqual({ ...tree, folder: again.folder });
    expect([existsSync(tree.folder), again.folder === tree.folder]).toEqual([false, false]);
    expect(readFileSync(join(again.folder, 'Cargo.lock'), 'utf8')).toBe(FILES['Cargo.lock']);
    await expect(requireUnchanged(again)).resolves.toBeUndefined();
  });

  it('is no longer unchanged when a byte was added', async () => {
    const tree = await verified(SAMPLE.archive);
    appendFileSync(join(tree.folder, 'Cargo.toml'), ' ');
    const failure = await failureOf(() => requireUnchanged(tree));
    expect(failure.message).toMatch(
      new RegExp(`: its tree is \\w{40} now, and was ${SAMPLE.tree}\\. .* ${tree.folder}$`),
    );
  });
});
