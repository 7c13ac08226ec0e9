import { existsSync, mkdtempSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gunzipSync, gzipSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { sha256 } from '../../../src/hash.js';
import { confirmEvidence, confirmSource } from '../../../src/proof/confirm.js';
import { type LockFacts, type LockInputs } from '../../../src/proof/lock.js';
import { readArchive } from '../../../src/source/archive.js';
import { parseRef } from '../../../src/source/ref.js';
import { type Repository } from '../../lab/repository.js';
import { type Upstream, startUpstream } from '../../lab/upstream.js';
import { failureOf } from '../../support/failureOf.js';
import { file, folder, pax, tarballOf } from '../../support/tar.js';
import { captureStdout } from '../../support/runner.js';
import { setEnvironment, testDeps } from '../../support/world.js';
import { FILES, LOCK, SAMPLE, evidenceOf, imageOf, lockWith, sampleOf, writtenEvidence } from '../../support/proof.js';

/** Evidence of the sample with this lock; the commit object and the archive may be others. */
async function opened(lock = lockWith(), sample = SAMPLE, spoil: (folder: string) => void = () => undefined) {
  const evidence = evidenceOf(lock, imageOf(lock), sample);
  const place = await writtenEvidence(evidence);
  spoil(place);
  return { folder: place, lock, statement: evidence.statement };
}

describe('confirmEvidence', () => {
  it('gives commit and tree, proven from the bundle alone', async () => {
    const deps = testDeps();
    const { source, tree } = await confirmEvidence(await opened(), deps);
    expect(source).toMatchObject({
      ref: SAMPLE.commit,
      commit: SAMPLE.commit,
      tree: SAMPLE.tree,
      epoch: 1_700_000_000,
      tagObject: undefined,
      commitObject: SAMPLE.object,
    });
    // Nobody was asked whose history the commit is in.
    expect(source.reachableFrom).toEqual([]);
    expect(tree).toMatchObject({
      id: SAMPLE.tree,
      version: '0.8.1',
      from: 'evidence',
      pinned: false,
      recompressed: false,
    });
    for (const [path, text] of Object.entries(FILES)) expect(readFileSync(join(tree.folder, path), 'utf8')).toBe(text);
    expect(deps.logged.filter((line) => !line.startsWith('info: '))).toEqual([]);
  });

  it('takes an archive that was only compressed again, and says so', async () => {
    const deps = testDeps();
    const again = gzipSync(gunzipSync(SAMPLE.archive), { level: 1 });
    const evidence = await opened(lockWith(), SAMPLE, (place) => writeFileSync(join(place, 'archive.tar.gz'), again));
    const { tree } = await confirmEvidence(evidence, deps);
    expect(tree).toMatchObject({ recompressed: true, archiveSha256: sha256(again), tarSha256: SAMPLE.tarSha256 });
    expect(deps.logged).toContain(
      `notice: the archive was compressed again since the lock was made (SHA256 ${sha256(again)}, then ${sha256(SAMPLE.archive)}); its tar and its tree are the same, so the build goes on`,
    );
  });

  const evil = sampleOf({ ...FILES, 'src/bin/client.rs': 'fn main() { evil() }\n' });
  const members = [
    folder('r'),
    folder('r/src'),
    folder('r/src/bin'),
    ...Object.entries(FILES).map(([path, text]) => file(`r/${path}`, text)),
  ];
  it.each<[string, (place: string) => void, RegExp]>([
    [
      'a commit object with a byte changed',
      (place) => writeFileSync(join(place, 'commit'), SAMPLE.object.toString().replace('a commit', 'A commit')),
      new RegExp(`^the object that came for commit ${SAMPLE.commit} has the id [0-9a-f]{40}$`),
    ],
    [
      'the commit object of another commit',
      (place) => writeFileSync(join(place, 'commit'), evil.object),
      new RegExp(`^the object that came for commit ${SAMPLE.commit} has the id ${evil.commit}$`),
    ],
    [
      'the archive of another commit',
      (place) => writeFileSync(join(place, 'archive.tar.gz'), evil.archive),
      new RegExp(
        `^the evidence’s archive, changed: the archive is not commit ${SAMPLE.commit}: its tree is ${evil.tree}, and the commit's is ${SAMPLE.tree}\\.`,
      ),
    ],
    [
      'an archive packed otherwise',
      (place) =>
        writeFileSync(
          join(place, 'archive.tar.gz'),
          tarballOf(pax('g', { comment: SAMPLE.commit }), ...members, folder('r/empty')),
        ),
      /^the evidence’s archive, repackaged: the tar inside the archive has SHA256 \w{64} instead of \w{64}\. Its content is commit/,
    ],
    [
      'an archive that does not name the commit',
      (place) => writeFileSync(join(place, 'archive.tar.gz'), tarballOf(...members)),
      /^the evidence’s archive, repackaged: /,
    ],
    [
      'an archive that is none',
      (place) => writeFileSync(join(place, 'archive.tar.gz'), '<html>'),
      /^the evidence’s archive, unreadable: /,
    ],
  ])('refuses %s', async (_, spoil, message) => {
    const deps = testDeps();
    const evidence = await opened(lockWith(), SAMPLE, spoil);
    const failure = await failureOf(() => confirmEvidence(evidence, deps));
    expect(failure.kind).toBe('verification');
    expect(failure.message).toMatch(message);
    expect(readdirSync(deps.temp)).toEqual([]);
  });

  it.each(['commit', 'archive.tar.gz'])('finds nothing wrong where %s is missing, but lacks it', async (name) => {
    const evidence = await opened(lockWith(), SAMPLE, (place) => rmSync(join(place, name)));
    expect(await failureOf(() => confirmEvidence(evidence, testDeps()))).toMatchObject({
      kind: 'not-found',
      message: `the evidence's ${name} is missing: there is no ${join(evidence.folder, name)}`,
    });
  });

  it.each<[string, Partial<LockInputs>, Partial<LockFacts>, string]>([
    ['tree', { tree: 'e'.repeat(40) }, {}, `tree: the lock says "${'e'.repeat(40)}", this run found "${SAMPLE.tree}"`],
    ['time', { epoch: 1 }, {}, 'epoch: the lock says 1, this run found 1700000000'],
    ['version', {}, { version: '9.9.9' }, 'version: the lock says "9.9.9", this run found "0.8.1"'],
    [
      'address of the archive',
      {},
      { archiveUrl: 'https://evil.example/x' },
      `archiveUrl: the lock says "https://evil.example/x", this run found "${LOCK.facts.archiveUrl}"`,
    ],
  ])('refuses a lock with another %s, by its field', async (_, inputs, facts, difference) => {
    const evidence = await opened(lockWith(inputs, facts));
    expect(await failureOf(() => confirmEvidence(evidence, testDeps()))).toMatchObject({
      kind: 'verification',
      message: `the lock contradicts what was found: ${difference}`,
    });
  });
});

describe('confirmSource', () => {
  const NOTHING = { archiveSha256: undefined, upstreamToken: undefined };
  const place = mkdtempSync(join(tmpdir(), 'phantun-confirm-'));
  let upstream: Upstream;
  let repository: Repository;
  beforeAll(async () => {
    upstream = await startUpstream(join(place, 'upstream'));
    repository = await upstream.addRepository('o', 'n', FILES);
  });
  afterAll(async () => {
    await upstream.stop();
    rmSync(place, { recursive: true });
  });

  /** A lock of the repository's first commit, as a run writes it. */
  async function lockOf(inputs: Partial<LockInputs> = {}, facts: Partial<LockFacts> = {}) {
    const { commit, url } = repository;
    const archive = Buffer.from(await (await fetch(`${url}/archive/${commit}.tar.gz`)).arrayBuffer());
    const { tarSha256 } = readArchive(archive);
    const sample = { commit, tree: await repository.tree(commit), object: Buffer.alloc(0), archive, tarSha256 };
    upstream.requests.length = 0;
    return lockWith({ upstream: url, ...inputs }, facts, sample);
  }

  it('asks upstream again for commit and archive, and requires what the lock says', async () => {
    setEnvironment({ RUNNER_TOOL_CACHE: undefined });
    captureStdout();
    const lock = await lockOf();
    const { confirmed, history } = await confirmSource(lock, NOTHING, testDeps());
    const { source, tree } = confirmed;
    expect(await history.at(parseRef('main'))).toMatchObject({ name: 'refs/heads/main', commit: source.commit });
    expect(source.reachableFrom).toEqual(['refs/heads/main']);
    expect(tree).toMatchObject({ id: lock.inputs.tree, from: 'upstream', recompressed: false });
    expect(existsSync(join(tree.folder, 'Cargo.lock'))).toBe(true);
    expect(upstream.requests.filter((line) => line.includes('/archive/'))).toHaveLength(1);
  });

  it.each<[string, Partial<LockInputs>, Partial<LockFacts>, RegExp]>([
    [
      'a tree that is not the commit’s',
      { tree: 'e'.repeat(40) },
      {},
      /^the lock contradicts what was found: tree: the lock says "e{40}", this run found /,
    ],
    ['another version', {}, { version: '9.9.9' }, /^the lock contradicts what was found: version: /],
    [
      'another address',
      {},
      { archiveUrl: 'https://evil.example/x' },
      /^the lock contradicts what was found: archiveUrl: /,
    ],
    ['another tar', {}, { tarSha256: '0'.repeat(64) }, /the tar inside the archive has SHA256 \w{64} instead of 0{64}/],
  ])('refuses a lock with %s', async (_, inputs, facts, message) => {
    setEnvironment({ RUNNER_TOOL_CACHE: undefined });
    captureStdout();
    const lock = await lockOf(inputs, facts);
    const failure = await failureOf(() => confirmSource(lock, NOTHING, testDeps()));
    expect(failure.kind).toBe('verification');
    expect(failure.message).toMatch(message);
  });

  it('refuses a commit that upstream serves and no branch or tag holds', async () => {
    const stranger = await repository.addCommit(repository.commit, { ...FILES, evil: 'x' });
    const lock = await lockOf({ commit: stranger });
    const failure = await failureOf(() => confirmSource(lock, NOTHING, testDeps()));
    expect(failure.kind).toBe('verification');
    expect(failure.message).toMatch(/serves commit \w{40}, but none of its branches and tags holds it\./);
  });
});
