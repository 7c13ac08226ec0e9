import { describe, expect, it } from 'vitest';
import { compareDigests, foremost } from '../../../src/proof/compare.js';
import { LOCK, buildOf, filesOf, imageOf } from '../../support/proof.js';

const AMD64 = buildOf(LOCK, 'linux/amd64');

describe('what a statement is about and what was built', () => {
  const ours = imageOf();

  it('is identical by its digests', () => {
    expect(compareDigests(ours, imageOf())).toEqual({ verdict: 'identical', differences: [] });
  });

  it('is different by index and platform, each of which is named', () => {
    const other = imageOf(LOCK, [AMD64, buildOf(LOCK, 'linux/arm64', filesOf('linux/arm64', 1))]);
    const { verdict, differences } = compareDigests(ours, other);
    const digest = (text: string) => `"${text}"`;
    expect(verdict).toBe('different');
    expect(differences).toEqual([
      `index: the evidence's statement names ${digest(ours.index.digest)}, rebuilt ${digest(other.index.digest)}`,
      `linux/arm64: the evidence's statement names ${digest(ours.images[1]?.manifest.digest ?? '')}, rebuilt ${digest(other.images[1]?.manifest.digest ?? '')}`,
    ]);
    expect(foremost(differences)).toBe(differences[1]);
  });

  it('is different by a platform that only one of them has', () => {
    expect(compareDigests(ours, imageOf(LOCK, [AMD64])).differences).toContainEqual(
      expect.stringMatching(/^linux\/arm64: the evidence's statement names "sha256:\w{64}", rebuilt nothing$/),
    );
  });
});

describe('the one difference that is told', () => {
  const INDEX = 'index: published a, rebuilt b';
  const PLATFORM = 'linux/arm64: manifest: published a, rebuilt b';
  const FILE = 'linux/arm64: /phantun: mode: published 1, rebuilt 2';
  const BYTES = 'linux/arm64: /phantun: bytes 1 to 2 differ: published 00…, rebuilt 01…';
  it.each<[string, string[], string]>([
    ['the bytes of a file', [INDEX, PLATFORM, FILE, BYTES], BYTES],
    ['else a file', [INDEX, PLATFORM, FILE], FILE],
    ['else a platform', [INDEX, 'index: title: published "bytes 1", rebuilt nothing', PLATFORM], PLATFORM],
    ['else the outermost', [INDEX, 'index: a'], INDEX],
    ['else nothing', [], ''],
  ])('is %s', (_, differences, expected) => {
    expect(foremost(differences)).toBe(expected);
  });
});
