import { describe, expect, it } from 'vitest';
import { type WantedRef, parseRef } from '../../../src/source/ref.js';
import { failureOf } from '../../support/failureOf.js';

const COMMIT = 'b42ed821472b78866a36e18d315de695b84e7887';

describe('parseRef', () => {
  it.each<[string, WantedRef]>([
    ['', { kind: 'head' }],
    ['HEAD', { kind: 'head' }],
    [COMMIT, { kind: 'commit', commit: COMMIT, lowered: false }],
    [COMMIT.toUpperCase(), { kind: 'commit', commit: COMMIT, lowered: true }],
    ['refs/heads/a', { kind: 'full', name: 'refs/heads/a' }],
    ['refs/tags/a/b', { kind: 'full', name: 'refs/tags/a/b' }],
    ['main', { kind: 'short', name: 'main' }],
    ['head', { kind: 'short', name: 'head' }],
    ['x/refs/heads/a', { kind: 'short', name: 'x/refs/heads/a' }],
    [`${COMMIT}0`, { kind: 'short', name: `${COMMIT}0` }],
    ['a'.repeat(6), { kind: 'short', name: 'a'.repeat(6) }],
    ['x'.repeat(255), { kind: 'short', name: 'x'.repeat(255) }],
  ])('takes %j', (text, wanted) => {
    expect(parseRef(text)).toEqual(wanted);
  });

  it.each<[string, RegExp]>([
    ['x'.repeat(256), /is not a name git allows/],
    ['a'.repeat(7), /may be a short commit id/],
    ['a'.repeat(39), /may be a short commit id/],
    ['a'.repeat(64), /SHA-256 object id/],
    ['refs/pull/1/head', /is neither a branch/],
    ['refs/heads/', /is not a name git allows/],
    ['refs/x', /is neither a branch/],
  ])('refuses %j', async (text, why) => {
    const failure = await failureOf(() => parseRef(text));
    expect(failure.kind).toBe('input');
    expect(failure.message).toMatch(why);
  });
});
