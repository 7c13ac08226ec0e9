import { describe, expect, it } from 'vitest';
import { readContract, withDefaults } from '../../../src/cli/contract.js';
import { parseInputs, type RawInputs } from '../../../src/inputs.js';
import { requireAsked, requireFacts, requireRef } from '../../../src/proof/asked.js';
import { parseRef } from '../../../src/source/ref.js';
import type { Source } from '../../../src/source/resolve.js';
import { parseUpstream } from '../../../src/source/upstream.js';
import { failureOf } from '../../support/failureOf.js';
import { testDeps } from '../../support/world.js';
import { LOCK, lockWith } from '../../support/proof.js';

const contract = await readContract();
const [A, B] = ['a'.repeat(40), 'b'.repeat(40)];
const { upstream, platforms, bases } = LOCK.inputs;
const ask = (given: Partial<RawInputs>, lock = LOCK) =>
  requireAsked(lock, Object.keys(given), parseInputs(withDefaults(contract, given)).inputs);

describe('requireAsked', () => {
  it.each<[string, Partial<RawInputs>]>([
    ['nothing', {}],
    ['its upstream', { upstream }],
    ['its upstream, with a token', { upstream, 'upstream-token': 'token' }],
    ['its platforms', { platforms: platforms.join(',') }],
    [
      'its bases by name',
      { 'rust-image': bases.rust.replace(/@.*/, ''), 'shell-image': bases.shell.replace(/@.*/, '') },
    ],
    ['its bases by digest', { 'rust-image': bases.rust, 'shell-image': bases.shell }],
    ['no labels', { labels: '' }],
    ['what a lock does not hold so', { ref: 'v9', tags: 'x', 'archive-sha256': '0'.repeat(64) }],
  ])('takes a lock of which was asked %s', (_, given) => {
    expect(() => ask(given)).not.toThrow();
  });

  it.each<[keyof RawInputs, string]>([
    ['upstream', 'https://github.com/other/phantun'],
    ['platforms', 'linux/arm/v7'],
    ['rust-image', 'docker.io/library/rust:1.88.0'],
    ['rust-image', `${bases.rust.replace(/@.*/, '')}@sha256:${'0'.repeat(64)}`],
    ['shell-image', 'docker.io/library/alpine:3'],
    ['labels', 'a=b'],
  ])('refuses a lock with another %s: %s', async (name, text) => {
    const failure = await failureOf(() => ask({ [name]: text }));
    expect(failure.kind).toBe('input');
    expect(failure.message).toContain(`this image is not the one that was asked for: ${name}`);
    expect(failure.message).not.toContain('token');
  });

  it('refuses labels that were not asked for', async () => {
    const lock = lockWith({ labels: { a: 'b' } });
    expect((await failureOf(() => ask({ labels: '' }, lock))).message).toContain('labels.a: the lock says "b"');
  });

  it('lets no token go to an upstream that nobody asked for', async () => {
    const lock = lockWith({ upstream: 'https://evil.example/dndx/phantun' });
    const failure = await failureOf(() => ask({ 'upstream-token': 'token' }, lock));
    expect(failure.kind).toBe('input');
    expect(failure.message).toMatch(
      /upstream: the lock says .*evil.* The token is for the upstream that --upstream names$/,
    );
    expect(() => ask({}, lock)).not.toThrow();
  });
});

describe('requireRef', () => {
  const history = (name: string, commit: string, older = false) =>
    ({
      commit: A,
      at: () => Promise.resolve({ name, commit, tagObject: undefined }),
      isAncestor: (one: string, other: string) => Promise.resolve(older && one === A && other === commit),
    }) as unknown as Source;

  it.each([
    ['HEAD', A, false],
    ['refs/tags/v1', A, false],
    ['refs/heads/main', B, true],
    ['HEAD', B, true],
  ])('takes a commit that %s names, or a branch that has gone on', async (name, commit, older) => {
    const deps = testDeps();
    await requireRef(parseRef('HEAD'), history(name, commit, older), deps);
    expect(deps.logged.join()).toMatch(commit === A ? /^$/ : /has gone on to b{40}/);
  });

  it.each([
    ['HEAD', B, false],
    ['refs/heads/main', B, false],
    ['refs/tags/v1', B, true],
    [B, B, true],
  ])('refuses a commit that %s does not name', async (name, commit, older) => {
    const failure = await failureOf(() => requireRef(parseRef('HEAD'), history(name, commit, older), testDeps()));
    expect(failure).toMatchObject({ kind: 'verification' });
    expect(failure.message).toContain(`upstream's ${name} names ${commit}, and this image is of ${A}`);
  });
});

describe('requireFacts', () => {
  const { commit } = LOCK.inputs;
  const TAG = 'c'.repeat(40);
  const source = (named: { commit?: string; tagObject?: string } = {}, holds = true) =>
    ({
      upstream: parseUpstream(upstream),
      commit,
      at: (ref: { name?: string }) =>
        Promise.resolve({ name: ref.name ?? 'HEAD', commit, tagObject: undefined, ...named }),
      isAncestor: () => Promise.resolve(holds),
    }) as unknown as Source;
  const judge = (facts: Partial<typeof LOCK.facts>, from = source()) =>
    requireFacts(lockWith({}, facts), from, testDeps());

  it.each<[string, Partial<typeof LOCK.facts>, Source]>([
    ['the branch that it was built from', {}, source()],
    ['a branch that has gone on', { ref: 'refs/heads/main' }, source({ commit: B })],
    ['an annotated tag', { ref: 'refs/tags/v1', tagObject: TAG }, source({ tagObject: TAG })],
    ['the commit itself', { ref: commit }, source()],
  ])('takes a lock of %s', async (_, facts, from) => {
    await expect(judge(facts, from)).resolves.toBeUndefined();
  });

  it.each<[string, Partial<typeof LOCK.facts>, Source, RegExp]>([
    [
      'a tag that names another commit',
      { ref: 'refs/tags/v9' },
      source({ commit: B }),
      /^upstream's refs\/tags\/v9 names b/,
    ],
    ['a branch that does not hold it', {}, source({ commit: B }, false), /^upstream's refs\/heads\/main names b/],
    [
      'a ref that is none',
      { ref: 'refs/pull/1\u001b' },
      source(),
      /^the lock is of the ref 'refs\/pull\/1\\u\{1b\}', which/,
    ],
    [
      'another address',
      { archiveUrl: 'https://evil.example/x' },
      source(),
      /archiveUrl: the lock says "https:\/\/evil/,
    ],
    ['another annotated tag', { tagObject: TAG }, source(), /tagObject: the lock says "c/],
    ['no annotated tag', { ref: 'refs/tags/v1' }, source({ tagObject: TAG }), /tagObject: /],
  ])('refuses a lock with %s', async (_, facts, from, message) => {
    const failure = await failureOf(() => judge(facts, from));
    expect(failure.kind).toBe('verification');
    expect(failure.message).toMatch(message);
  });
});
