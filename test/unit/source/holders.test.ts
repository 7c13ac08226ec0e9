import { describe, expect, it } from 'vitest';
import type { Git } from '../../../src/source/git.js';
import { countHolders, holders } from '../../../src/source/holders.js';
import { failureOf } from '../../support/failureOf.js';

const COMMIT = '09ac'.repeat(10);
const tags = (count: number) => Array.from({ length: count }, (_, index) => `refs/tags/${index}`);

/** What is named when git answers so. */
async function named(names: readonly string[], asked = 'HEAD', code = 0): Promise<string[]> {
  const stdout = Buffer.from(names.map((name) => `${name.replace('refs/', 'refs/mirror/')}\n`).join(''));
  const git = { local: () => Promise.resolve({ code, stdout, stderr: 'why\u001b' }) } as unknown as Git;
  return holders(git, 'refs/mirror/', COMMIT, asked);
}

describe('holders', () => {
  it.each([0, 1, 99, 100])('are the %i that git names', async (count) => {
    expect(await named(tags(count))).toEqual(tags(count));
  });

  it('have the ref that was asked for in the place of the last, where not all are named', async () => {
    expect(await named(tags(100), 'refs/tags/z')).toEqual([...tags(99), 'refs/tags/z']);
    expect(await named(tags(100), 'refs/tags/7')).toEqual(tags(100));
    expect(await named(tags(100), COMMIT)).toEqual(tags(100));
  });

  it('have none that git does not name, where it names all', async () => {
    expect(await named(tags(99), 'refs/tags/z')).toEqual(tags(99));
    expect(await named([], 'refs/tags/z')).toEqual([]);
  });

  it('are not known where git fails', async () => {
    expect(await failureOf(() => named([], 'HEAD', 128))).toMatchObject({
      kind: 'local',
      message: 'git for-each-ref failed: why\\u{1b}',
    });
  });
});

describe('countHolders', () => {
  it.each([
    [0, '0'],
    [99, '99'],
    [100, '100 or more'],
  ])('says of %i: %s', (count, text) => {
    expect(countHolders(tags(count))).toBe(text);
  });
});
