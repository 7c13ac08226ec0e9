import { describe, expect, it } from 'vitest';
import { PREDICATE_TYPE } from '../../../src/proof/statement.js';
import type { FoundBundle } from '../../../src/verify/signature.js';
import type { ExpectedSigner } from '../../../src/verify/identity.js';
import { openVerifiers } from '../../../src/verify/trustedRoot.js';
import { judgeBundles } from '../../../src/verify/verify.js';
import {
  type LogEntry,
  type Signable,
  type SignedBundle,
  type SigningOptions,
  type WorkflowIdentity,
  createSigstore,
} from '../../lab/sigstore.js';
import { failureOf } from '../../support/failureOf.js';
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
const NAME = `ghcr.io/org/phantun-runtime@${digest}`;
const statement = sampleStatement(lock, image);

type Changes = {
  identity?: Partial<WorkflowIdentity>;
  statement?: object;
  options?: SigningOptions;
  payloadType?: string;
};

function bundle({ identity = {}, statement: change = {}, options, payloadType }: Changes = {}): SignedBundle {
  const what: Signable = {
    ...signable({ ...statement, ...change }),
    ...(payloadType === undefined ? {} : { payloadType }),
  };
  return sigstore.sign(what, { ...IDENTITY, ...identity }, options);
}

async function judge(bundles: unknown[], expected: Partial<ExpectedSigner> = {}) {
  const verifiers = await openVerifiers(rootFile(sigstore.trustedRoot), testDeps());
  const found = bundles.map((each, index): FoundBundle => ({ from: `bundle ${index + 1}`, bundle: each }));
  return judgeBundles(found, { digest }, { ...EXPECTED, ...expected }, verifiers, NAME);
}

async function refusal(bundles: unknown[], expected: Partial<ExpectedSigner> = {}) {
  const failure = await failureOf(() => judge(bundles, expected));
  expect(failure.kind).toBe('verification');
  expect(failure.message).toContain(NAME);
  return failure;
}

const envelopeOf = ({ dsseEnvelope }: SignedBundle) => dsseEnvelope;
const entryOf = ({ verificationMaterial }: SignedBundle): LogEntry => only(verificationMaterial.tlogEntries);
const signatureOf = ({ dsseEnvelope }: SignedBundle) => only(dsseEnvelope.signatures);

function only<T>([first]: readonly T[]): T {
  if (first === undefined) throw new Error('there is none');
  return first;
}

describe('a signed bundle', () => {
  it('is accepted from the exact workflow, for this digest, with our statement', async () => {
    const { ours, predicateTypes } = await judge([bundle()]);
    expect(predicateTypes).toEqual([PREDICATE_TYPE]);
    const judged = only(ours);
    expect(judged.statement.predicate).toEqual(statement.predicate);
    expect(judged.signer).toMatchObject({ name: IDENTITY.signer, source: IDENTITY.source, run: IDENTITY.run });
    expect(judged.logIndex).toBe('0');
  });

  it('is accepted long after its certificate has ended, as the log saw it in time', async () => {
    const certified = new Date(Date.now() - 30 * 24 * 3_600_000);
    await expect(judge([bundle({ options: { certified } })])).resolves.toBeDefined();
  });

  it('is found among others, whoever put them there', async () => {
    const stranger = createSigstore().sign(signable(statement), IDENTITY);
    const others = [{}, 'x', stranger, bundle({ identity: { source: 'https://github.com/evil/x' } })];
    const provenance = bundle({ statement: { predicateType: 'https://slsa.dev/provenance/v1', predicate: {} } });
    expect((await judge([...others, provenance, bundle()])).predicateTypes).toEqual([
      PREDICATE_TYPE,
      'https://slsa.dev/provenance/v1',
    ]);
  });

  it('zero attestations', async () => {
    expect((await refusal([])).message).toContain('has no attestations');
  });

  it.each<[string, Changes, Partial<ExpectedSigner>, RegExp]>([
    [
      'wrong repository',
      { identity: { source: 'https://github.com/org/other' } },
      {},
      /source repository: expected https:\/\/github\.com\/org\/phantun-runtime, found https:\/\/github\.com\/org\/other/,
    ],
    [
      'wrong workflow ref',
      { identity: { signer: IDENTITY.signer.replace('refs/heads/main', 'refs/heads/other') } },
      {},
      /signing workflow: expected .*@refs\/heads\/main, found .*@refs\/heads\/other/,
    ],
    [
      'a workflow of somebody else, where the publisher called it',
      { identity: { signer: 'https://github.com/evil/x/.github/workflows/build.yml@refs/heads/main' } },
      { signer: undefined },
      /signing workflow: expected a workflow of org\/phantun-runtime/,
    ],
    [
      'self-hosted runner',
      { identity: { runner: 'self-hosted' } },
      {},
      /runner environment: expected github-hosted, found self-hosted/,
    ],
    [
      'another commit of the workflow',
      {},
      { signerDigest: 'b'.repeat(40) },
      /signer digest: expected b{40}, found 5eed/,
    ],
    [
      'another issuer',
      { identity: { issuer: 'https://issuer.example.org' } },
      {},
      /issuer: expected https:\/\/token\.actions/,
    ],
    [
      'other digest',
      { statement: { subject: [{ name: 'x', digest: { sha256: 'e'.repeat(64) } }] } },
      {},
      /subject digest: expected sha256:.*, found sha256:e{64}/,
    ],
    ['no subject', { statement: { subject: [] } }, {}, /subject digest/],
    [
      'swapped predicate type',
      { statement: { predicateType: 'https://slsa.dev/provenance/v1' } },
      {},
      /the predicate type is https:\/\/slsa\.dev\/provenance\/v1, expected https:\/\/phantun-runtime/,
    ],
    [
      'another kind of statement',
      { statement: { _type: 'https://in-toto.io/Statement/v0.1' } },
      {},
      /no in-toto statement of version 1/,
    ],
    [
      'another kind of statement, of another type',
      { statement: { _type: 'https://in-toto.io/Statement/v0.1', predicateType: 'https://slsa.dev/provenance/v1' } },
      {},
      /the statement of bundle 1 is no in-toto statement of version 1/,
    ],
    ['another payload type', { payloadType: 'application/json' }, {}, /signs application\/json/],
    ['a predicate without a commit', { statement: { predicate: { upstream: {} } } }, {}, /upstream\.repository/],
    [
      'expired certificate',
      { options: { certified: new Date(Date.now() - 3_600_000), logged: new Date() } },
      {},
      /its signature does not hold: .*certificate is not valid or expired/,
    ],
    [
      'a certificate from the future',
      { options: { certified: new Date(Date.now() + 3_600_000), logged: new Date() } },
      {},
      /its signature does not hold: .*certificate is not valid or expired/,
    ],
  ])('is refused by name: %s', async (_, changes, expected, sentence) => {
    expect((await refusal([bundle(changes)], expected)).message).toMatch(sentence);
  });

  it('is refused unsigned: a statement alone, an envelope without a signature', async () => {
    expect((await refusal([statement])).message).toContain('not a Sigstore bundle');
    const unsigned = edited(bundle(), (copy) => (envelopeOf(copy).signatures = []));
    expect((await refusal([unsigned])).message).toContain('not a Sigstore bundle');
    const empty = edited(bundle(), (copy) => (signatureOf(copy).sig = ''));
    expect((await refusal([empty])).message).toContain('not a Sigstore bundle');
  });

  it('is refused where it signs a file', async () => {
    const file = edited(bundle(), (copy) => {
      const { sig } = signatureOf(copy);
      Reflect.deleteProperty(copy, 'dsseEnvelope');
      const messageDigest = { algorithm: 'SHA2_256', digest: Buffer.alloc(32).toString('base64') };
      Object.assign(copy, { messageSignature: { messageDigest, signature: sig } });
    });
    expect((await refusal([file])).message).toContain('bundle 1: signs a file, not a statement');
  });

  const other = Buffer.from(JSON.stringify({ ...statement, predicateType: 'https://example.org/x' })).toString(
    'base64',
  );
  const otherRoot = (note: string) => note.replace(/\n1\n[^\n]+/, `\n1\n${'A'.repeat(43)}=`);
  it.each<[string, (copy: SignedBundle) => void, RegExp]>([
    ['the statement', (copy) => (envelopeOf(copy).payload = other), /signature does not hold/],
    ['the signature', (copy) => (signatureOf(copy).sig = flip(signatureOf(copy).sig)), /signature does not hold/],
    ['the log’s promise', (copy) => (entryOf(copy).integratedTime = '1'), /signature does not hold/],
    ['the log’s body', (copy) => (entryOf(copy).canonicalizedBody = other), /signature does not hold/],
    [
      'the log’s checkpoint',
      ({ verificationMaterial: { tlogEntries } }) => {
        for (const {
          inclusionProof: { checkpoint },
        } of tlogEntries)
          checkpoint.envelope = otherRoot(checkpoint.envelope);
      },
      /invalid checkpoint signature/,
    ],
    [
      'the log entry, which is gone',
      (copy) => (copy.verificationMaterial.tlogEntries = []),
      /expected 1 timestamps, got 0/,
    ],
    [
      'the certificate',
      ({ verificationMaterial: { certificate } }) => (certificate.rawBytes = flip(certificate.rawBytes)),
      /signature does not hold/,
    ],
    [
      'the certificate, which is none any more',
      ({ verificationMaterial: { certificate } }) => (certificate.rawBytes = 'AAAA'),
      /bundle 1: unreadable \(/,
    ],
    [
      'the certificate, in whose place a key hint is',
      ({ verificationMaterial }) => {
        Reflect.deleteProperty(verificationMaterial, 'certificate');
        Object.assign(verificationMaterial, { publicKey: { hint: 'x' } });
      },
      /signature does not hold/,
    ],
  ])('does not survive a change of %s', async (_, change, sentence) => {
    expect((await refusal([edited(bundle(), change)])).message).toMatch(sentence);
  });

  it('with the right names from another authority is refused', async () => {
    const forged = createSigstore().sign(signable(statement), IDENTITY);
    expect((await refusal([forged])).message).toMatch(/signature does not hold/);
  });

  it('tells of the bundle that came nearest, and of all in the details', async () => {
    const failure = await refusal([
      {},
      bundle({ identity: { runner: 'self-hosted', source: 'https://github.com/org/x' } }),
    ]);
    expect(failure.message).toContain('bundle 2: source repository');
    expect(failure.details).toEqual([
      'bundle 2: source repository: expected https://github.com/org/phantun-runtime, found https://github.com/org/x',
      'bundle 2: runner environment: expected github-hosted, found self-hosted',
      expect.stringContaining('bundle 1: not a Sigstore bundle'),
    ]);
  });

  it('prints nothing raw of what a stranger wrote', async () => {
    const failure = await refusal([bundle({ identity: { source: 'https://github.com/a\n::error::b' } })]);
    expect([failure.message, ...failure.details].join('')).not.toMatch(/\p{Cc}/u);
  });
});

/** The same length, one bit changed near the end. */
function flip(base64: string): string {
  const bytes = Buffer.from(base64, 'base64');
  bytes[bytes.length - 3] = (bytes[bytes.length - 3] ?? 0) ^ 1;
  return bytes.toString('base64');
}
