import { describe, expect, it } from 'vitest';
import { openVerifiers } from '../../../src/verify/trustedRoot.js';
import { judgeBundles } from '../../../src/verify/verify.js';
import { type SignedBundle, type SigningOptions, createSigstore } from '../../lab/sigstore.js';
import { failureOf } from '../../support/failureOf.js';
import { closedProxy } from '../../support/referrers.js';
import {
  EXPECTED,
  IDENTITY,
  edited,
  rootFile,
  sampleImage,
  sampleLock,
  sampleStatement,
  signable,
} from '../../support/signed.js';
import { testDeps } from '../../support/world.js';

const sigstore = createSigstore();
const lock = sampleLock();
const image = sampleImage(lock);
const { digest } = image.index;

function bundle(options?: SigningOptions): SignedBundle {
  return sigstore.sign(signable(sampleStatement(lock, image)), IDENTITY, options);
}

async function judge(one: SignedBundle, root: object | string = sigstore.trustedRoot) {
  const verifiers = await openVerifiers(rootFile(root), testDeps());
  return judgeBundles([{ from: 'the bundle', bundle: one }], { digest }, EXPECTED, verifiers, 'the image');
}

async function refusal(one: SignedBundle, root?: object) {
  const failure = await failureOf(() => judge(one, root));
  expect(failure.kind).toBe('verification');
  return failure;
}

describe('a trusted root', () => {
  it('may be one of several, one a line', async () => {
    const both = [createSigstore().trustedRoot, sigstore.trustedRoot].map((root) => JSON.stringify(root)).join('\n');
    await expect(judge(bundle(), both)).resolves.toBeDefined();
  });

  it('without logs wants a proof of time all the same', async () => {
    const root = edited(sigstore.trustedRoot, (copy) => (copy.tlogs = []));
    expect((await refusal(bundle(), root)).message).toMatch(/signature does not hold/);
    const silent = edited(bundle(), (copy) => (copy.verificationMaterial.tlogEntries = []));
    expect((await refusal(silent, root)).message).toMatch(/timestamps/);
  });

  it('may be written over many lines', async () => {
    await expect(judge(bundle(), JSON.stringify(sigstore.trustedRoot, undefined, 2))).resolves.toBeDefined();
  });

  it('may have empty lines between others, and at its end', async () => {
    const [one, other] = [createSigstore().trustedRoot, sigstore.trustedRoot].map((root) => JSON.stringify(root));
    await expect(judge(bundle(), `${one ?? ''}\n \n${other ?? ''}\n\n`)).resolves.toBeDefined();
  });

  it('with a log of certificates wants each to be in it, and without one does not', async () => {
    const unseen = bundle({ unseen: true });
    expect((await refusal(unseen)).message).toMatch(/SCT/);
    const root = edited(sigstore.trustedRoot, (copy) => (copy.ctlogs = []));
    await expect(judge(unseen, root)).resolves.toBeDefined();
  });

  it('that is not given is asked of Sigstore’s public instance, and nothing passes when that does not answer', async () => {
    const asked = await closedProxy();
    expect((await failureOf(() => openVerifiers(undefined, testDeps()))).kind).toBe('transient');
    expect(new Set(asked)).toEqual(new Set(['tuf-repo-cdn.sigstore.dev:443']));
  });

  it('without the certificate log’s key is another instance', async () => {
    const root = edited(sigstore.trustedRoot, (copy) => (copy.ctlogs = createSigstore().trustedRoot.ctlogs));
    expect((await refusal(bundle(), root)).message).toMatch(/SCT/);
  });

  it.each<[string, string]>([
    ['no JSON', 'x'],
    ['empty', ''],
    ['no authority', JSON.stringify({ mediaType: 'x', tlogs: [], certificateAuthorities: [], ctlogs: [] })],
  ])('is refused: %s', async (_, text) => {
    const failure = await failureOf(() => judge(bundle(), text));
    expect(failure.kind).toBe('input');
    expect(failure.message).toContain('--trusted-root');
  });

  it('that cannot be read is named', async () => {
    expect(await failureOf(() => openVerifiers('/nonexistent/root', testDeps()))).toMatchObject({
      kind: 'input',
      message: '--trusted-root: the file is missing: there is no /nonexistent/root',
    });
  });

  it('that is too large is not read', async () => {
    const failure = await failureOf(() => openVerifiers(rootFile(' '.repeat(5_000_001)), testDeps()));
    expect(failure.message).toMatch(/^--trusted-root: the file has 5000001 bytes, more than the 5000000 allowed: /);
  });
});
