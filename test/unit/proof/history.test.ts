import { describe, expect, it } from 'vitest';
import { Failure } from '../../../src/errors.js';
import { requireFacts, requireRef, warnOfHistory } from '../../../src/proof/history.js';
import { type WantedRef, parseRef } from '../../../src/source/ref.js';
import type { History, Source } from '../../../src/source/resolve.js';
import { failureOf } from '../../support/failureOf.js';
import { testDeps } from '../../support/world.js';
import { LOCK, lockWith } from '../../support/proof.js';

const [A, B] = ['a'.repeat(40), 'b'.repeat(40)];

/** A commit with what holds it, and the history that is asked about it. */
type Asked = { source: Pick<Source, 'commit' | 'reachableFrom'>; history: History };

const nameOf = (ref: WantedRef) => ('name' in ref ? ref.name : ref.kind === 'commit' ? ref.commit : 'HEAD');

describe('requireRef', () => {
  const history = (name: string, commit: string, older: boolean): History => ({
    at: () => Promise.resolve({ name, commit, tagObject: undefined }),
    isAncestor: (one, other) => Promise.resolve(older && one === A && other === commit),
  });
  const judge = (from: History, deps = testDeps()) => requireRef(parseRef('HEAD'), { commit: A }, from, deps);

  it.each([
    ['HEAD', A, false],
    ['refs/tags/v1', A, false],
    ['refs/heads/main', B, true],
    ['HEAD', B, true],
  ])('takes a commit that %s names, or a branch that has gone on', async (name, commit, older) => {
    const deps = testDeps();
    await judge(history(name, commit, older), deps);
    expect(deps.logged.join()).toMatch(commit === A ? /^$/ : /has gone on to b{40}/);
  });

  it.each([
    ['HEAD', B, false],
    ['refs/heads/main', B, false],
    ['refs/tags/v1', B, true],
    [B, B, true],
  ])('refuses a commit that %s does not name', async (name, commit, older) => {
    const failure = await failureOf(() => judge(history(name, commit, older)));
    expect(failure).toMatchObject({ kind: 'verification' });
    expect(failure.message).toContain(`upstream's ${name} names ${commit}, and this image is of ${A}`);
  });
});

describe('requireFacts', () => {
  const { commit } = LOCK.inputs;
  const TAG = 'c'.repeat(40);
  const naming = (named: { commit?: string; tagObject?: string } = {}, holds = true): Asked => ({
    source: { commit, reachableFrom: ['refs/heads/main'] },
    history: {
      at: (ref) => Promise.resolve({ name: nameOf(ref), commit, tagObject: undefined, ...named }),
      isAncestor: () => Promise.resolve(holds),
    },
  });
  const judge = (facts: Partial<typeof LOCK.facts>, { source, history }: Asked, deps = testDeps()) =>
    requireFacts(lockWith({}, facts), source, history, deps);

  it.each<[string, Partial<typeof LOCK.facts>, Asked]>([
    ['the branch that it was built from', {}, naming()],
    ['a branch that has gone on', { ref: 'refs/heads/main' }, naming({ commit: B })],
    ['an annotated tag', { ref: 'refs/tags/v1', tagObject: TAG }, naming({ tagObject: TAG })],
    ['the commit itself', { ref: commit }, naming()],
  ])('takes a lock of %s', async (_, facts, from) => {
    await expect(judge(facts, from)).resolves.toBeUndefined();
  });

  it.each<[string, Partial<typeof LOCK.facts>, Asked, RegExp]>([
    [
      'a tag that names another commit',
      { ref: 'refs/tags/v9' },
      naming({ commit: B }),
      /^upstream's refs\/tags\/v9 names b/,
    ],
    ['a branch that does not hold it', {}, naming({ commit: B }, false), /^upstream's refs\/heads\/main names b/],
    [
      'a ref that is none',
      { ref: 'refs/pull/1\u001b' },
      naming(),
      /^the lock is of the ref 'refs\/pull\/1\\u\{1b\}', which/,
    ],
    ['another annotated tag', { tagObject: TAG }, naming(), /tagObject: the lock says "c/],
    ['no annotated tag', { ref: 'refs/tags/v1' }, naming({ tagObject: TAG }), /tagObject: /],
  ])('refuses a lock with %s', async (_, facts, from, message) => {
    const failure = await failureOf(() => judge(facts, from));
    expect(failure.kind).toBe('verification');
    expect(failure.message).toMatch(message);
  });

  /** An upstream that says this of every ref; `holders` hold the commit. */
  const answering = (kind: 'not-found' | 'input' | 'transient', holders = ['refs/heads/main']): Asked => ({
    source: { commit, reachableFrom: holders },
    history: {
      at: () => Promise.reject(new Failure(kind, 'https://x has no such ref. Check ref')),
      isAncestor: () => Promise.resolve(true),
    },
  });
  const GONE = 'facts.ref: the lock says "refs/heads/release-x", which upstream does not have';
  const RELEASE = { ref: 'refs/heads/release-x' };

  it('takes a lock whose branch was merged and deleted, with a warning', async () => {
    const deps = testDeps();
    await judge(RELEASE, answering('not-found', ['refs/heads/main', 'refs/tags/v1']), deps);
    expect(deps.logged).toEqual([
      `warning: upstream is no longer what the lock says: ${GONE}. Its commit is held by refs/heads/main (and 1 more), so it passes`,
    ]);
  });

  it.each<[string, Partial<typeof LOCK.facts>, Asked, string]>([
    ['a ref that is gone, where nothing is known to hold the commit', RELEASE, answering('not-found', []), GONE],
    [
      'a commit for a ref that upstream does not have',
      { ref: B },
      answering('not-found'),
      `facts.ref: the lock says "${B}", which upstream does not have`,
    ],
    [
      'a ref that names no commit, or two',
      { ref: 'refs/tags/tree' },
      answering('input'),
      'facts.ref: the lock says "refs/tags/tree", which names no single commit',
    ],
  ])('refuses a lock with %s, and blames no input', async (_, facts, from, fact) => {
    expect(await failureOf(() => judge(facts, from))).toMatchObject({
      kind: 'verification',
      message: `the lock is not what upstream says: ${fact}`,
    });
  });

  it('hides no failure of another kind', async () => {
    expect(await failureOf(() => judge({}, answering('transient')))).toMatchObject({ kind: 'transient' });
  });
});

describe('warnOfHistory', () => {
  const { commit } = LOCK.inputs;
  const TAG = 'c'.repeat(40);
  const gone = (name: string) => new Failure('not-found', `no ${name}`);

  /** An upstream whose refs name these commits, or annotated tags; `newer` have the lock's commit in their history. */
  function upstreamWith(
    refs: Record<string, string>,
    { newer = [B], held = Object.keys(refs), tagObject = '' } = {},
  ): Asked {
    return {
      source: { commit, reachableFrom: held },
      history: {
        at: (ref) => {
          const name = nameOf(ref);
          const found = refs[name] ?? (ref.kind === 'commit' ? ref.commit : undefined);
          if (found === undefined) return Promise.reject(gone(name));
          return Promise.resolve({ name, commit: found, tagObject: tagObject === '' ? undefined : tagObject });
        },
        isAncestor: (_, other) => Promise.resolve(other === commit || newer.includes(other)),
      },
    };
  }
  async function warned(facts: Partial<typeof LOCK.facts>, { source, history }: Asked) {
    const deps = testDeps();
    await warnOfHistory(lockWith({}, facts), source, history, deps);
    return deps.logged;
  }
  const MAIN = 'refs/heads/main';

  it.each<[string, Partial<typeof LOCK.facts>, Asked]>([
    ['all is as it was', {}, upstreamWith({ [MAIN]: commit })],
    ['a branch has gone on and holds the commit', {}, upstreamWith({ [MAIN]: B })],
    ['HEAD has', { ref: 'HEAD' }, upstreamWith({ HEAD: B, [MAIN]: B })],
    ['more refs hold it than did', {}, upstreamWith({ [MAIN]: commit, 'refs/tags/v2': B })],
    [
      'an annotated tag is the one that it was',
      { ref: 'refs/tags/v1', tagObject: TAG, reachableFrom: ['refs/tags/v1'] },
      upstreamWith({ 'refs/tags/v1': commit }, { tagObject: TAG }),
    ],
    ['the commit itself was asked for', { ref: commit }, upstreamWith({ [MAIN]: commit })],
    [
      'so many hold it that not all are named',
      { reachableFrom: ['refs/tags/z', MAIN] },
      upstreamWith(
        { 'refs/tags/z': B, [MAIN]: B },
        { held: [MAIN, ...Array.from({ length: 99 }, (_, index) => `refs/tags/${index}`)] },
      ),
    ],
  ])('is silent when %s', async (_, facts, from) => {
    expect(await warned(facts, from)).toEqual([]);
  });

  const warning = (fact: string) => `warning: upstream is no longer what the lock says: facts.${fact}`;
  const many = Array.from({ length: 100 }, (_, index) => `refs/tags/${index}`);
  it.each<[string, Partial<typeof LOCK.facts>, Asked, string[]]>([
    [
      'a tag that names another commit now',
      { ref: 'refs/tags/v1', reachableFrom: ['refs/tags/v1'] },
      upstreamWith({ 'refs/tags/v1': B }),
      [`ref: the lock says "refs/tags/v1", which names ${B} now, not ${commit}`],
    ],
    [
      'a tag object that is another one',
      { ref: 'refs/tags/v1', tagObject: TAG, reachableFrom: [] },
      upstreamWith({ 'refs/tags/v1': commit }, { tagObject: A }),
      [`tagObject: the lock says "${TAG}", upstream "${A}"`],
    ],
    [
      'an annotated tag that is a plain one now',
      { ref: 'refs/tags/v1', tagObject: TAG, reachableFrom: [] },
      upstreamWith({ 'refs/tags/v1': commit }),
      [`tagObject: the lock says "${TAG}", upstream ""`],
    ],
    [
      'a branch that was written anew',
      {},
      upstreamWith({ [MAIN]: A, 'refs/tags/v1': commit }, { held: ['refs/tags/v1'] }),
      [
        `ref: the lock says "${MAIN}", which names ${A} now, not ${commit}`,
        `reachableFrom: the lock says "${MAIN}", which does not hold the commit`,
      ],
    ],
    [
      'a ref that is gone, and text that is none',
      { ref: MAIN, reachableFrom: ['refs/pull/1\u001b'] },
      upstreamWith({}),
      [
        `ref: the lock says "${MAIN}", which upstream does not have`,
        'reachableFrom: the lock says "refs/pull/1\\u001b", which does not hold the commit',
      ],
    ],
    [
      'a ref that is none',
      { ref: 'a b', reachableFrom: [] },
      upstreamWith({}),
      ['ref: the lock says "a b", which upstream does not have'],
    ],
    [
      'a tag that those which hold it do not name, where they are all of them',
      { reachableFrom: [MAIN, 'refs/tags/v1'] },
      upstreamWith({ [MAIN]: commit, 'refs/tags/v1': commit }, { held: [MAIN] }),
      ['reachableFrom: the lock says "refs/tags/v1", which does not hold the commit'],
    ],
    [
      'one of so many that not all are named',
      { reachableFrom: ['refs/tags/gone', 'refs/tags/old'] },
      upstreamWith({ [MAIN]: B, 'refs/tags/old': A }, { held: many }),
      ['gone', 'old'].map((tag) => `reachableFrom: the lock says "refs/tags/${tag}", which does not hold the commit`),
    ],
  ])('names %s', async (_, facts, from, lines) => {
    expect(await warned(facts, from)).toEqual(lines.map(warning));
  });

  it('warns of as many as a lock of ours can name, and hides no failure of another kind', async () => {
    const endless = Array.from({ length: 1_000 }, (_, index) => `refs/heads/${index}`);
    expect(await warned({ reachableFrom: endless }, upstreamWith({ [MAIN]: commit }))).toHaveLength(100);
    const { source, history } = upstreamWith({});
    const cancelled = { ...history, at: () => Promise.reject(new Failure('cancelled', 'x')) };
    expect(await failureOf(() => warned({}, { source, history: cancelled }))).toMatchObject({ kind: 'cancelled' });
  });
});
