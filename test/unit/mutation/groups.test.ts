import { readdirSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { figuresIn } from '../../../bench/document.js';
import { GROUPS } from '../../../test/mutation/groups.js';

const below = (folder: string) => readdirSync(folder).map((name) => `${folder}/${name}`);
const mutated = Object.values(GROUPS).flatMap(({ mutate }) => mutate);

describe('what is mutated', () => {
  it('is all that judges a source or an image, each file once', () => {
    const named = [
      'src/tarHeader.ts',
      'src/difference.ts',
      'src/version.ts',
      ...['lock', 'asked', 'history', 'requireSbom', 'wholeEvidence', 'statement'].map(
        (name) => `src/proof/${name}.ts`,
      ),
      ...['pulled', 'referrers', 'referrersApi', 'view'].map((name) => `src/image/${name}.ts`),
    ];
    expect([...mutated].sort()).toEqual([...below('src/source'), ...below('src/verify'), ...named].sort());
  });

  it('has a row each in the page of figures, in its order, and no other has', () => {
    expect(figuresIn('mutation').map(({ what }) => what)).toEqual(mutated);
  });
});
