import { describe, expect, it } from 'vitest';
import { OWN_PREFIX } from '../../../src/image/labels.js';
import { type ImageView, viewOf } from '../../../src/image/view.js';
import { buildKey } from '../../../src/proof/lock.js';
import { requireKey } from '../../../src/proof/reproduce.js';
import { failureOf } from '../../support/failureOf.js';
import { LOCK, imageOf, lockWith } from '../../support/proof.js';

const IMAGE = imageOf();

describe('requireKey', () => {
  const key = buildKey(LOCK.inputs);
  const view = viewOf(IMAGE);
  const LABEL = `${OWN_PREFIX}build-key`;
  const withLabels = (at: number, labels: unknown): ImageView => ({
    ...view,
    platforms: view.platforms.map((part, index) =>
      index === at ? { ...part, config: { config: { Labels: labels } } } : part,
    ),
  });

  it('takes the lock of the image, whatever its facts', () => {
    expect(() => requireKey(view, LOCK)).not.toThrow();
    expect(() => requireKey(view, lockWith({}, { resolvedAt: 1 }))).not.toThrow();
  });

  it.each<[string, ImageView, string]>([
    ['an index without annotations', { ...view, index: {} }, 'the annotations of the index have none'],
    [
      'an index with another key',
      { ...view, index: { annotations: { [LABEL]: 'x\u202e' } } },
      'the annotations of the index have x\\u{202e}',
    ],
    ['a platform without labels', withLabels(0, undefined), 'the labels of linux/amd64 have none'],
    ['a platform with null for labels', withLabels(0, null), 'the labels of linux/amd64 have none'],
    [
      'a second platform with another key',
      withLabels(1, { [LABEL]: '0'.repeat(64) }),
      `the labels of linux/arm64 have ${'0'.repeat(64)}`,
    ],
    ['the key under another name', withLabels(1, { 'build-key': key }), 'the labels of linux/arm64 have none'],
  ])('refuses %s', async (_, image, words) => {
    expect(await failureOf(() => requireKey(image, LOCK))).toMatchObject({
      kind: 'verification',
      message: `the lock is not this image's: its build key is ${key}, and ${words}`,
    });
  });

  it('refuses the lock of another image', async () => {
    const other = lockWith({ commit: 'e'.repeat(40) });
    expect(await failureOf(() => requireKey(view, other))).toMatchObject({
      kind: 'verification',
      message: `the lock is not this image's: its build key is ${buildKey(other.inputs)}, and the annotations of the index have ${key}`,
    });
  });

  it('refuses labels that are none', async () => {
    expect(await failureOf(() => requireKey(withLabels(0, { a: 1 }), LOCK))).toMatchObject({ kind: 'verification' });
    expect(await failureOf(() => requireKey(withLabels(0, []), LOCK))).toMatchObject({ kind: 'verification' });
  });

  it('of an image without any platform still asks the index', () => {
    expect(() => requireKey({ ...view, platforms: [] }, LOCK)).not.toThrow();
    expect(() => requireKey({ ...view, platforms: [], index: {} }, LOCK)).toThrow(
      'the annotations of the index have none',
    );
  });
});
