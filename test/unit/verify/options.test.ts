import { describe, expect, it } from 'vitest';
import { parseVerifyOptions } from '../../../src/verify/options.js';
import { failureOf } from '../../support/failureOf.js';
import { PUBLISHER, SIGNER, SIGNER_DIGEST } from '../../support/signed.js';

const DIGEST = `sha256:${'0'.repeat(64)}`;
const image = `ghcr.io/org/phantun-runtime@${DIGEST}`;

describe('parseVerifyOptions', () => {
  it('takes an image and its publisher', () => {
    expect(parseVerifyOptions({ image, publisher: PUBLISHER })).toEqual({
      image: { repository: 'ghcr.io/org/phantun-runtime', tag: undefined, digest: DIGEST },
      expected: { publisher: PUBLISHER, signer: undefined, signerDigest: undefined, allowSelfHosted: false },
      bundle: undefined,
      trustedRoot: undefined,
    });
  });

  it('takes a signer with or without its address, a commit, files', () => {
    const options = {
      image,
      publisher: PUBLISHER,
      signerDigest: SIGNER_DIGEST,
      bundle: 'b',
      trustedRoot: 'r',
      runners: 'any',
    };
    for (const signer of [SIGNER, `https://github.com/${SIGNER}`])
      expect(parseVerifyOptions({ ...options, signer })).toMatchObject({
        expected: { signer: SIGNER, signerDigest: SIGNER_DIGEST, allowSelfHosted: true },
        bundle: 'b',
        trustedRoot: 'r',
      });
  });

  it.each<[string, Record<string, string>, RegExp]>([
    ['no publisher', {}, /--publisher is needed.*proves nothing/],
    ['an empty publisher', { publisher: '' }, /--publisher is needed/],
    ['a publisher that is an address', { publisher: 'https://github.com/org/x' }, /OWNER\/REPO/],
    ['an owner alone', { publisher: 'org' }, /OWNER\/REPO/],
    ['a publisher with a pattern', { publisher: 'org/*' }, /OWNER\/REPO/],
    ['a publisher that climbs', { publisher: 'org/..' }, /OWNER\/REPO/],
    ['a signer without a ref', { publisher: PUBLISHER, signer: 'org/x/.github/workflows/build.yml' }, /--signer.*@REF/],
    [
      'a signer with a pattern',
      { publisher: PUBLISHER, signer: 'org/x/.github/workflows/.*@refs/heads/main' },
      /--signer/,
    ],
    ['a signer elsewhere', { publisher: PUBLISHER, signer: `https://example.org/${SIGNER}` }, /--signer/],
    ['runners of another kind', { publisher: PUBLISHER, runners: 'self-hosted' }, /--runners.*neither github-hosted/],
    ['a short commit', { publisher: PUBLISHER, signerDigest: '5eed5ee' }, /--signer-digest.*40/],
    ['an image that is none', { image: 'UPPER case', publisher: PUBLISHER }, /not an image reference/],
    ['an image without tag or digest', { image: 'ghcr.io/org/x', publisher: PUBLISHER }, /neither tag nor digest/],
  ])('refuses %s', async (_, given, sentence) => {
    const failure = await failureOf(() => parseVerifyOptions({ image, ...given }));
    expect(failure.kind).toBe('input');
    expect(failure.message).toMatch(sentence);
  });
});
