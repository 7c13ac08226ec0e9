import { describe, expect, it } from 'vitest';
import type { Lock } from '../../../src/proof/lock.js';
import type { PlatformView } from '../../../src/image/view.js';
import type { Statement } from '../../../src/proof/statement.js';
import { labelDifferences, lockDifferences } from '../../../src/verify/compare.js';
import { asPublished, sampleImage, sampleLock, sampleStatement } from '../../support/signed.js';

const lock = sampleLock();
const image = sampleImage(lock);
const published = asPublished(image);
const statement = sampleStatement(lock, image);
const said = (change: (predicate: Statement['predicate']) => void): Statement => {
  const copy = structuredClone(statement);
  change(copy.predicate);
  return copy;
};

describe('labelDifferences', () => {
  it('finds none in an image that says what was signed', () => {
    expect(labelDifferences(published, statement)).toEqual([]);
  });

  it.each<[string, (predicate: Statement['predicate']) => void, string]>([
    ['the commit', ({ upstream }) => (upstream.commit = 'e'.repeat(40)), 'org.opencontainers.image.revision'],
    ['the tree', ({ upstream }) => (upstream.tree = 'e'.repeat(40)), 'io.github.phantun-runtime.tree'],
    ['the repository', ({ upstream }) => (upstream.repository = 'https://x'), 'io.github.phantun-runtime.upstream'],
    ['the time', ({ upstream }) => (upstream.epoch = 1), 'org.opencontainers.image.created'],
    ['the build key', (predicate) => (predicate.lock.buildKey = 'x'), 'io.github.phantun-runtime.build-key'],
    ['the Dockerfile', ({ recipe }) => (recipe.dockerfile = 'x'), 'io.github.phantun-runtime.dockerfile'],
    ['the shell, whole', ({ bases }) => (bases.shell = 'x'), 'io.github.phantun-runtime.shell-image'],
    ['the recipe', ({ recipe }) => (recipe.wrapper = '2.0.0'), 'io.github.phantun-runtime.wrapper'],
    ['the compiler', ({ bases }) => (bases.rust = 'x'), 'io.github.phantun-runtime.rust-image'],
    ['the shell', ({ bases }) => (bases.shell = `x@sha256:${'1'.repeat(64)}`), 'org.opencontainers.image.base.digest'],
  ])('names %s, in the index and on every platform', (_, change, key) => {
    const differences = labelDifferences(published, said(change));
    for (const part of ['annotations of the index', 'labels of linux/amd64', 'labels of linux/arm64'])
      expect(differences).toContainEqual(expect.stringMatching(new RegExp(`^${part}, ${key}: found .*, signed `)));
  });

  it('names a label that was taken away from one platform', () => {
    const [first, ...others] = published.view.platforms;
    const platforms = [{ ...first, config: {} } as PlatformView, ...others];
    const differences = labelDifferences({ ...published, view: { ...published.view, platforms } }, statement);
    expect(differences).toContainEqual(
      expect.stringMatching(/labels of linux\/amd64, io\.github\.phantun-runtime\.commit: found nothing/),
    );
    expect(differences.join()).not.toContain('arm64');
  });
});

describe('lockDifferences', () => {
  it('finds none in the lock that was signed', () => {
    expect(lockDifferences(lock, published, statement)).toEqual([]);
  });

  it.each<[string, Lock, RegExp]>([
    ['another commit', sampleLock({ commit: 'e'.repeat(40) }), /lock\.upstream\.commit/],
    [
      'another base',
      sampleLock({ bases: { ...lock.inputs.bases, rust: `x@sha256:${'1'.repeat(64)}` } }),
      /lock\.bases\.rust/,
    ],
    ['other facts', { ...lock, facts: { ...lock.facts, resolvedAt: 1 } }, /lock\.lock\.sha256/],
    ['another platform', sampleLock({ platforms: ['linux/amd64'] }), /platforms: found/],
    ['another label of the user', sampleLock({ labels: { a: 'b' } }), /annotations of the index\.a: found nothing/],
  ])('names what differs in a lock with %s', (_, other, line) => {
    expect(lockDifferences(other, published, statement).join('\n')).toMatch(line);
  });
});
