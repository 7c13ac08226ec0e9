import { execFileSync } from 'node:child_process';
import { mkdirSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { readContract, withDefaults } from '../../../src/cli/contract.js';
import { type RawInputs, parseInputs } from '../../../src/inputs.js';
import { type LockFacts, type LockInputs, lockFile } from '../../../src/proof/lock.js';
import {
  readLock,
  replayInputs,
  requireBuildable,
  requireRecipe,
  requireSame,
  requireSameLock,
} from '../../../src/proof/replay.js';
import { failureOf } from '../../support/failureOf.js';
import { temporaryFolder } from '../../support/world.js';
import { HEX, LOCK, UPSTREAM, lockWith } from '../../support/proof.js';

const contract = await readContract();
const inputsOf = (values: Partial<RawInputs> = {}) => parseInputs(withDefaults(contract, values)).inputs;

describe('readLock', () => {
  it('reads the file it is named', async () => {
    const file = join(temporaryFolder(), 'lock.json');
    writeFileSync(file, lockFile(LOCK));
    expect(await readLock(file)).toEqual(LOCK);
    symlinkSync(file, `${file}.link`);
    expect(await readLock(`${file}.link`)).toEqual(LOCK);
  });

  it.each<[string, (folder: string) => string, string]>([
    [
      'is not there',
      (folder) => join(folder, 'gone\u001b'),
      'input lock: the lock is missing: there is no FOLDER/gone\\u{1b}',
    ],
    ['is a folder', (folder) => folder, 'input lock: the lock is not a plain file: FOLDER'],
    [
      'is a FIFO to which nobody writes',
      (folder) => {
        execFileSync('mkfifo', [join(folder, 'fifo')]);
        return join(folder, 'fifo');
      },
      'input lock: the lock is not a plain file: FOLDER/fifo',
    ],
    [
      'is too large',
      (folder) => {
        writeFileSync(join(folder, 'large'), ' '.repeat(1_000_001));
        return join(folder, 'large');
      },
      'input lock: the lock has 1000001 bytes, more than the 1000000 allowed: FOLDER/large',
    ],
    [
      'is no lock',
      (folder) => {
        writeFileSync(join(folder, 'x'), '{}\n');
        return join(folder, 'x');
      },
      'the lock has not exactly the parts inputs and facts',
    ],
  ])('refuses one that %s', async (_, make, message) => {
    const folder = temporaryFolder();
    mkdirSync(join(folder, 'sub'));
    const path = make(folder);
    expect(await failureOf(() => readLock(path))).toMatchObject({
      kind: 'input',
      message: message.replace('FOLDER', folder),
    });
  });
});

describe('the inputs of a replay', () => {
  const lock = lockWith({ platforms: ['linux/arm64'], labels: { a: 'b' } });

  it('are the lock’s where they decide bytes, and the user’s otherwise', () => {
    const given = inputsOf({
      tags: 'mine',
      image: 'ghcr.io/a/b',
      push: 'true',
      rebuild: 'true',
      'archive-sha256': HEX,
    });
    expect(replayInputs(given, lock)).toEqual({
      ...given,
      upstream: { url: UPSTREAM, origin: 'https://github.com' },
      ref: { kind: 'commit', commit: lock.inputs.commit, lowered: false },
      platforms: ['linux/arm64'],
      bases: {
        rust: { repository: 'docker.io/library/rust', tag: '1.95.0-slim-trixie', digest: `sha256:${HEX}` },
        shell: { repository: 'docker.io/library/busybox', tag: '1.37.0-musl', digest: `sha256:${HEX}` },
      },
      labels: { a: 'b' },
    });
  });

  it('take no upstream, platform or base from the user', () => {
    const given = inputsOf({
      upstream: 'https://example.org/o/n',
      platforms: 'linux/arm/v7',
      'rust-image': 'rust:1',
      'shell-image': 'busybox:1',
    });
    expect(replayInputs(given, lock)).toEqual({ ...replayInputs(inputsOf(), lock) });
  });

  it('take a token for the upstream of the lock, and for no other', async () => {
    const token = { 'upstream-token': 'token' };
    expect(replayInputs(inputsOf({ ...token, upstream: UPSTREAM }), lock).upstreamToken).toBe('token');
    const failure = await failureOf(() =>
      replayInputs(inputsOf({ ...token, upstream: 'https://example.org/o/n' }), lock),
    );
    expect(failure.kind).toBe('input');
    expect(failure.message).toContain(
      `the lock names the upstream ${UPSTREAM}, and the token is for https://example.org/o/n`,
    );
  });

  it.each<[string, Partial<RawInputs>]>([
    ['no ref', {}],
    ['HEAD', { ref: 'HEAD' }],
    ['the same commit', { ref: lock.inputs.commit }],
    ['the same commit in upper case', { ref: lock.inputs.commit.toUpperCase() }],
    ['the same labels', { labels: 'a=b' }],
  ])('may be given with %s', (_, values) => {
    expect(replayInputs(inputsOf(values), lock)).toMatchObject({
      ref: { commit: lock.inputs.commit },
      labels: { a: 'b' },
    });
  });

  const REF = `inputs ref and lock: the lock is of commit ${lock.inputs.commit}. Leave ref out when a lock is replayed`;
  const LABELS = 'inputs labels and lock: the lock names its labels. Leave labels out when it is replayed';
  it.each<[string, Partial<RawInputs>, string]>([
    ['another commit', { ref: 'e'.repeat(40) }, REF],
    ['a branch', { ref: 'main' }, REF],
    ['the ref that the lock saw, which may have moved', { ref: 'refs/heads/main' }, REF],
    ['another label', { labels: 'a=c' }, LABELS],
    ['a label more', { labels: 'a=b\nc=d' }, LABELS],
    ['a label that every object seems to have', { labels: 'constructor=x' }, LABELS],
  ])('contradict %s', async (_, values, message) => {
    expect(await failureOf(() => replayInputs(inputsOf(values), lock))).toMatchObject({ kind: 'input', message });
  });

  it.each<[string, Partial<LockInputs>, RegExp]>([
    ['an upstream', { upstream: 'http://example.org/o/n' }, /^input upstream: /],
    ['a base', { bases: { ...lock.inputs.bases, rust: `UPPER@sha256:${HEX}` } }, /^input lock: 'UPPER@/],
  ])('refuse a lock whose form is right and that names %s that is none', async (_, change, message) => {
    const failure = await failureOf(() => replayInputs(inputsOf(), lockWith(change)));
    expect(failure).toMatchObject({ kind: 'input', message: expect.stringMatching(message) as string });
  });
});

describe('requireRecipe', () => {
  const OWN = LOCK.inputs.recipe;
  it('takes this release’s own', () => {
    expect(() => requireRecipe(OWN, { ...OWN })).not.toThrow();
  });

  it.each([
    [{ ...OWN, dockerfile: '1'.repeat(64) }, '1.0.0 of phantun-runtime (Dockerfile 111111111111, layout writer 1)'],
    [{ ...OWN, wrapper: '0.9.0\u001b' }, '0.9.0\\u{1b} of phantun-runtime (Dockerfile 0a9f0a9f0a9f, layout writer 1)'],
    [{ ...OWN, layout: 2 }, '1.0.0 of phantun-runtime (Dockerfile 0a9f0a9f0a9f, layout writer 2)'],
  ])('names the release to use: %#', async (locked, words) => {
    const message = `the lock was made by release ${words}, and this is 1.0.0 (0a9f0a9f0a9f, 1). Use that release for it`;
    expect(await failureOf(() => requireRecipe(locked, OWN))).toMatchObject({ kind: 'input', message });
    if (locked.dockerfile === OWN.dockerfile && locked.layout === OWN.layout) return;
    expect(await failureOf(() => requireBuildable(locked, OWN))).toMatchObject({ kind: 'not-found', message });
  });

  it('lets a lock of another release with the same Dockerfile and layout writer be built from', () => {
    expect(() => requireBuildable({ ...OWN, wrapper: '0.9.0' }, OWN)).not.toThrow();
  });
});

describe('requireSameLock', () => {
  it('takes a lock that says the same, and facts that may change: of refs warnOfHistory tells', () => {
    const facts: Partial<LockFacts> = {
      ref: LOCK.inputs.commit,
      tagObject: 'x',
      reachableFrom: ['refs/heads/other'],
      archiveSha256: HEX,
      buildkit: 'v9',
      resolvedAt: 1,
    };
    expect(() => requireSameLock(LOCK, lockWith({}, facts))).not.toThrow();
  });

  it.each<[string, Partial<LockInputs>, Partial<LockFacts>, string]>([
    [
      'the tree',
      { tree: 'e'.repeat(40) },
      {},
      `inputs.tree: the lock says "${LOCK.inputs.tree}", this run found "${'e'.repeat(40)}"`,
    ],
    ['the time', { epoch: 1 }, {}, 'inputs.epoch: the lock says 1700000000, this run found 1'],
    [
      'the platform of the compiler',
      { buildPlatforms: { 'linux/amd64': 'linux/arm64', 'linux/arm64': 'linux/amd64' } },
      {},
      'inputs.buildPlatforms.linux/amd64: the lock says "linux/amd64", this run found "linux/arm64"',
    ],
    [
      'the recipe',
      { recipe: { ...LOCK.inputs.recipe, layout: 2 } },
      {},
      'inputs.recipe.layout: the lock says 1, this run found 2',
    ],
    ['phantun’s version', {}, { version: '0.8.2' }, 'facts.version: the lock says "0.8.1", this run found "0.8.2"'],
    [
      'the tar',
      {},
      { tarSha256: HEX },
      `facts.tarSha256: the lock says "${LOCK.facts.tarSha256}", this run found "${HEX}"`,
    ],
    [
      'the archive’s address',
      {},
      { archiveUrl: 'x' },
      `facts.archiveUrl: the lock says "${LOCK.facts.archiveUrl}", this run found "x"`,
    ],
  ])('names %s by its field', async (_, inputs, facts, difference) => {
    expect(await failureOf(() => requireSameLock(LOCK, lockWith(inputs, facts)))).toMatchObject({
      kind: 'verification',
      message: `the lock contradicts what was found: ${difference}`,
      details: [difference],
    });
  });
});

describe('requireSame', () => {
  it('names the first difference, counts the others, and lists all', async () => {
    expect(await failureOf(() => requireSame({ b: 1, a: 1, c: 1 }, { a: 2, b: 2, c: 1, d: 1 }))).toMatchObject({
      kind: 'verification',
      message: 'the lock contradicts what was found: a: the lock says 1, this run found 2 (and 2 more)',
      details: [
        'a: the lock says 1, this run found 2',
        'b: the lock says 1, this run found 2',
        'd: the lock says nothing, this run found 1',
      ],
    });
    expect(() => requireSame({ a: 1 }, { a: 1 })).not.toThrow();
  });
});
