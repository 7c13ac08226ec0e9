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

  it('takes a workflow without its ref', () => {
    const signerWorkflow = SIGNER.replace(/@.*/, '');
    expect(parseVerifyOptions({ image, publisher: PUBLISHER, signerWorkflow }).expected).toMatchObject({
      signer: undefined,
      signerWorkflow,
    });
  });

  it('takes a tag, whose digest is then looked up', () => {
    const { image: taken } = parseVerifyOptions({ image: 'ghcr.io/org/x:1.0', publisher: PUBLISHER });
    expect(taken).toEqual({ repository: 'ghcr.io/org/x', tag: '1.0', digest: undefined });
  });

  it('takes the runners that are the default', () => {
    const { expected } = parseVerifyOptions({ image, publisher: PUBLISHER, runners: 'github-hosted' });
    expect(expected.allowSelfHosted).toBe(false);
  });

  it.each(['a/b', 'ab/c', 'octo-org/x', 'org/.github', 'org/..x', 'org/a.b_c-d', 'Org/X'])(
    'takes the publisher %s',
    (publisher) => {
      expect(parseVerifyOptions({ image, publisher }).expected.publisher).toBe(publisher);
    },
  );

  it('takes a signer whose ref looks like an address, as it is', () => {
    const signer = `${PUBLISHER}/.github/workflows/build.yaml@https://github.com/`;
    expect(parseVerifyOptions({ image, publisher: PUBLISHER, signer }).expected.signer).toBe(signer);
  });

  it.each<[string, Record<string, string>, RegExp]>([
    ['no publisher', {}, /--publisher is needed.*proves nothing/],
    ['an empty publisher', { publisher: '' }, /--publisher is needed/],
    ['a publisher that is an address', { publisher: 'https://github.com/org/x' }, /OWNER\/REPO/],
    ['an owner alone', { publisher: 'org' }, /OWNER\/REPO/],
    ['a publisher with a pattern', { publisher: 'org/*' }, /OWNER\/REPO/],
    ['a publisher that climbs', { publisher: 'org/..' }, /OWNER\/REPO/],
    ['a publisher that is its owner', { publisher: 'org/.' }, /OWNER\/REPO/],
    ['a publisher with a folder', { publisher: 'org/x/y' }, /OWNER\/REPO/],
    ['a publisher after a space', { publisher: ' org/x' }, /OWNER\/REPO/],
    ['an owner with a hyphen at its end', { publisher: 'org-/x' }, /OWNER\/REPO/],
    ['a signer without a ref', { publisher: PUBLISHER, signer: 'org/x/.github/workflows/build.yml' }, /--signer.*@REF/],
    [
      'a signer with a pattern',
      { publisher: PUBLISHER, signer: 'org/x/.github/workflows/.*@refs/heads/main' },
      /--signer/,
    ],
    ['a signer elsewhere', { publisher: PUBLISHER, signer: `https://example.org/${SIGNER}` }, /--signer/],
    ['a signer after another word', { publisher: PUBLISHER, signer: `x ${SIGNER}` }, /--signer/],
    ['a signer before another word', { publisher: PUBLISHER, signer: `${SIGNER} x` }, /--signer/],
    ['an address in a signer', { publisher: PUBLISHER, signer: `xhttps://github.com/${SIGNER}` }, /--signer/],
    ['a workflow with a ref', { publisher: PUBLISHER, signerWorkflow: SIGNER }, /--signer-workflow.*without a ref/],
    ['a file alone', { publisher: PUBLISHER, signerWorkflow: '.github/workflows/build.yml' }, /--signer-workflow/],
    [
      'a workflow at any ref and at one',
      { publisher: PUBLISHER, signer: SIGNER, signerWorkflow: SIGNER.replace(/@.*/, '') },
      /^--signer and --signer-workflow: .*Give one$/,
    ],
    ['runners of another kind', { publisher: PUBLISHER, runners: 'self-hosted' }, /--runners.*neither github-hosted/],
    ['a short commit', { publisher: PUBLISHER, signerDigest: '5eed5ee' }, /--signer-digest.*40/],
    ['a commit with a digit more', { publisher: PUBLISHER, signerDigest: `${SIGNER_DIGEST}0` }, /--signer-digest.*40/],
    ['an image that is none', { image: 'UPPER case', publisher: PUBLISHER }, /not an image reference/],
    ['an image without tag or digest', { image: 'ghcr.io/org/x', publisher: PUBLISHER }, /neither tag nor digest/],
  ])('refuses %s', async (_, given, sentence) => {
    const failure = await failureOf(() => parseVerifyOptions({ image, ...given }));
    expect(failure.kind).toBe('input');
    expect(failure.message).toMatch(sentence);
  });
});
