import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { beforeAll, describe, expect, test } from 'vitest';
import type { Failure } from '../../src/errors.js';
import { writeLayout } from '../../src/image/layout/layout.js';
import { MEDIA_TYPES } from '../../src/image/layout/oci.js';
import { openRegistry } from '../../src/image/registry.js';
import { packEvidence } from '../../src/proof/packedEvidence.js';
import { type Lock, lockFile } from '../../src/proof/lock.js';
import { EVIDENCE_TYPE } from '../../src/proof/evidenceReferrer.js';
import { verifiedTable } from '../../src/summary.js';
import { type RawVerifyOptions, parseVerifyOptions } from '../../src/verify/options.js';
import { type Verified, verifyImage } from '../../src/verify/verify.js';
import { type Subject, attachArtifact, attachBundle, listReferrer } from '../lab/attach.js';
import { prepareCosign } from '../lab/cosign.js';
import { answer, startRegistryProxy } from '../lab/registryProxy.js';
import { type SignedBundle, type WorkflowIdentity, createSigstore } from '../lab/sigstore.js';
import {
  IDENTITY,
  PUBLISHER,
  SIGNER,
  SIGNER_DIGEST,
  rootFile,
  sampleImage,
  sampleLock,
  sampleStatement,
  signable,
} from '../support/signed.js';
import { failureOf } from '../support/failureOf.js';
import { afterThisTest, testDeps } from '../support/world.js';
import { execute, freshImage, lab, runCli, temporaryFolder } from './harness.js';

const sigstore = createSigstore();
const lock = sampleLock();
const image = sampleImage(lock);
const { index } = image;
const SUBJECT: Subject = { mediaType: MEDIA_TYPES.index, digest: index.digest, size: index.size };
const statement = sampleStatement(lock, image);

function signedBundle(change: object = {}, identity: Partial<WorkflowIdentity> = {}): SignedBundle {
  return sigstore.sign(signable({ ...statement, ...change }), { ...IDENTITY, ...identity });
}

/** Publishes the sample image under a name of this test's own, and this lock beside it. */
async function published(evidence?: Lock, registry = lab.registry): Promise<string> {
  const repository = freshImage().replace(lab.registry, registry);
  const folder = await temporaryFolder();
  await writeLayout(image, join(folder, 'oci'));
  await openRegistry(repository, testDeps()).send(join(folder, 'oci'), `${repository}@${index.digest}`);
  if (evidence === undefined) return repository;
  await mkdir(join(folder, 'evidence'));
  await writeFile(join(folder, 'evidence', 'lock.json'), lockFile(evidence));
  const bytes = await packEvidence(join(folder, 'evidence'), 1);
  await attachArtifact(repository, SUBJECT, { artifactType: EVIDENCE_TYPE, layerType: `${EVIDENCE_TYPE}.tar`, bytes });
  return repository;
}

async function verify(repository: string, change: Partial<RawVerifyOptions> = {}): Promise<Verified> {
  const options = {
    image: `${repository}@${index.digest}`,
    publisher: PUBLISHER,
    signer: SIGNER,
    trustedRoot: rootFile(sigstore.trustedRoot),
  };
  return verifyImage(parseVerifyOptions({ ...options, ...change }), testDeps());
}

/** The Failure that verifying ends in; a pass fails the test. */
function refusal(repository: string, change: Partial<RawVerifyOptions> = {}): Promise<Failure> {
  return failureOf(() => verify(repository, change));
}

async function deleteManifest(repository: string, digest: string): Promise<void> {
  const path = repository.slice(lab.registry.length + 1);
  const { status } = await fetch(`http://${lab.registry}/v2/${path}/manifests/${digest}`, { method: 'DELETE' });
  expect(status).toBe(202);
}

describe('an image in a registry', () => {
  test('is verified by the bundles beside it, with its labels and its lock, by digest and by tag', async () => {
    const repository = await published(lock);
    await attachBundle(repository, SUBJECT, signedBundle({ predicateType: 'https://slsa.dev/provenance/v1' }));
    await attachBundle(repository, SUBJECT, signedBundle());
    await openRegistry(repository, testDeps()).tag(`${repository}@${index.digest}`, `${repository}:latest`);
    for (const name of [`${repository}@${index.digest}`, `${repository}:latest`]) {
      const verified = await verify(repository, { image: name, signerDigest: SIGNER_DIGEST });
      expect(verified.lock).toEqual(lock);
      expect(verifiedTable(verified)).toContain(`| image | ${repository}@${index.digest} |`);
      expect(verified.predicateTypes).toHaveLength(2);
    }
  });

  test('is verified by what the referrers API lists where no tag lists it', async () => {
    const proxy = await startRegistryProxy(lab.registry);
    afterThisTest(proxy.stop);
    const repository = await published(undefined, proxy.host);
    const { descriptor } = await attachBundle(repository, SUBJECT, signedBundle(), { list: false });
    expect((await refusal(repository)).message).toContain('has no attestations');
    proxy.rules = [
      { path: /\/referrers\/sha256:/, fault: answer(JSON.stringify({ schemaVersion: 2, manifests: [descriptor] })) },
    ];
    expect((await verify(repository)).lock).toBeUndefined();
  });

  test('is verified by bundles from a file, and not by those of another image', async () => {
    const repository = await published();
    const bundle = join(await temporaryFolder(), 'bundles.jsonl');
    await writeFile(bundle, `${JSON.stringify(signedBundle({ subject: [] }))}\n${JSON.stringify(signedBundle())}\n`);
    await expect(verify(repository, { bundle })).resolves.toBeDefined();
    await writeFile(
      bundle,
      JSON.stringify(signedBundle({ subject: [{ name: 'x', digest: { sha256: 'e'.repeat(64) } }] })),
    );
    expect((await refusal(repository, { bundle })).message).toMatch(
      /subject digest: expected sha256:.*found sha256:eeee/,
    );
  });

  test('without attestations fails, also when only other things lie beside it', async () => {
    const repository = await published(lock);
    const failure = await refusal(repository);
    expect(failure.kind).toBe('verification');
    expect(failure.message).toContain('has no attestations');
  });

  test.each<[string, object, Partial<WorkflowIdentity>, Partial<RawVerifyOptions>, RegExp]>([
    [
      'wrong repository',
      {},
      {},
      { publisher: 'org/other' },
      /source repository: expected https:\/\/github\.com\/org\/other, found .*org\/phantun-runtime/,
    ],
    [
      'wrong workflow ref',
      {},
      { signer: IDENTITY.signer.replace('main', 'x') },
      {},
      /signing workflow: expected .*heads\/main, found .*heads\/x/,
    ],
    ['other digest', { subject: [{ name: 'x', digest: { sha256: 'e'.repeat(64) } }] }, {}, {}, /subject digest/],
    [
      'swapped predicate type',
      { predicateType: 'https://slsa.dev/provenance/v1' },
      {},
      {},
      /predicate type is https:\/\/slsa/,
    ],
    [
      'self-hosted runner',
      {},
      { runner: 'self-hosted' },
      {},
      /runner environment: expected github-hosted, found self-hosted/,
    ],
  ])('is refused by name: %s', async (_, change, identity, options, sentence) => {
    const repository = await published();
    await attachBundle(repository, SUBJECT, signedBundle(change, identity));
    const failure = await refusal(repository, options);
    expect(failure.kind).toBe('verification');
    expect(failure.message).toMatch(sentence);
  });

  test('is refused when its signed statement is about another source than its labels', async () => {
    const repository = await published();
    const { upstream } = statement.predicate;
    const predicate = { ...statement.predicate, upstream: { ...upstream, commit: 'e'.repeat(40) } };
    await attachBundle(repository, SUBJECT, signedBundle({ predicate }));
    const failure = await refusal(repository);
    expect(failure.message).toMatch(
      /says of itself what its publisher did not sign: .*revision: found "09ac.*, signed "eeee/,
    );
    expect(failure.details).toHaveLength(6);
  });

  test('is refused when another lock lies beside it', async () => {
    const other = sampleLock({ labels: { a: 'b' } });
    const repository = await published(other);
    await attachBundle(repository, SUBJECT, signedBundle());
    expect((await refusal(repository)).message).toMatch(/the lock beside .* is not the one that was signed/);
  });

  test('82 a platform that a clean-up took is named', async () => {
    const repository = await published();
    await attachBundle(repository, SUBJECT, signedBundle());
    await deleteManifest(repository, image.images[1]?.manifest.digest ?? '');
    const failure = await refusal(repository);
    expect(failure.kind).toBe('verification');
    expect(failure.message).toContain('the manifest of linux/arm64 is gone');
  });

  test('that is not there is not found', async () => {
    expect(await refusal(freshImage())).toMatchObject({ kind: 'not-found' });
  });

  test('a bundle that is listed for it but says it is of another is passed over', async () => {
    const repository = await published();
    const claimed = { ...SUBJECT, digest: `sha256:${'e'.repeat(64)}` };
    const { descriptor } = await attachBundle(repository, SUBJECT, signedBundle(), { list: false, claimed });
    await listReferrer(repository, index.digest, descriptor);
    expect((await refusal(repository)).message).toContain('has no attestations');
  });
});

describe('the built command line', () => {
  async function verifyCli(repository: string, ...flags: string[]) {
    const who = ['--publisher', PUBLISHER, '--signer', SIGNER, '--trusted-root', rootFile(sigstore.trustedRoot)];
    return runCli(['verify', `${repository}@${index.digest}`, ...who, ...flags]);
  }

  test('80, 81, 82: passes what is right, and refuses no attestation, other signers, a missing platform', async () => {
    const repository = await published(lock);
    const none = await verifyCli(repository);
    expect(none).toMatchObject({ code: 3, stdout: '' });
    expect(none.stderr).toMatch(/has no attestations.*\(verification\)\s*$/s);

    await attachBundle(repository, SUBJECT, signedBundle({}, { runner: 'self-hosted' }));
    const hosted = await verifyCli(repository);
    expect(hosted.code).toBe(3);
    expect(hosted.stderr).toMatch(
      /runner environment: expected github-hosted, found self-hosted.*\(verification\)\s*$/s,
    );

    await attachBundle(repository, SUBJECT, signedBundle());
    const right = await verifyCli(repository);
    expect(right, right.stderr).toMatchObject({ code: 0 });
    expect(right.stdout).toContain(`| image | ${repository}@${index.digest} |`);
    const other = await verifyCli(repository, '--signer-digest', 'b'.repeat(40));
    expect(other.code).toBe(3);
    expect(other.stderr).toMatch(/signer digest: expected b{40}, found .*\(verification\)\s*$/s);

    await deleteManifest(repository, image.images[1]?.manifest.digest ?? '');
    const gone = await verifyCli(repository);
    expect(gone.code).toBe(3);
    expect(gone.stderr).toMatch(/the manifest of linux\/arm64 is gone.*\(verification\)\s*$/s);
  });
});

describe('cosign, which is not ours,', () => {
  let cosign: string;
  beforeAll(async () => {
    cosign = await prepareCosign();
  });

  async function cosignVerify(repository: string, identity = IDENTITY.signer) {
    const flags = ['--type', statement.predicateType, '--trusted-root', rootFile(sigstore.trustedRoot)];
    const who = ['--certificate-identity', identity, '--certificate-oidc-issuer', IDENTITY.issuer];
    const from = ['--certificate-github-workflow-repository', PUBLISHER, '--allow-http-registry'];
    return execute(cosign, ['verify-attestation', ...flags, ...who, ...from, `${repository}@${index.digest}`]);
  }

  test('verifies the same bundles in the same registry', async () => {
    const repository = await published();
    await attachBundle(repository, SUBJECT, signedBundle());
    const accepted = await cosignVerify(repository);
    expect(accepted, accepted.stderr).toMatchObject({ code: 0 });
    const refused = await cosignVerify(repository, `${IDENTITY.signer}x`);
    expect(refused.code).not.toBe(0);
    expect(refused.stderr).toMatch(/identit/i);
  });

  test('refuses a statement that was changed, as we do', async () => {
    const bundle = signedBundle();
    const right = await published();
    await attachBundle(right, SUBJECT, bundle);
    expect((await cosignVerify(right)).code).toBe(0);
    bundle.dsseEnvelope.payload = Buffer.from(JSON.stringify({ ...statement, predicate: {} })).toString('base64');
    const changed = await published();
    await attachBundle(changed, SUBJECT, bundle);
    expect((await cosignVerify(changed)).code).not.toBe(0);
    expect((await refusal(changed)).message).toContain('signature does not hold');
  });
});
