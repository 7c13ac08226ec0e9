import { readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { writeLayout } from '../../../src/image/layout/layout.js';
import { MEDIA_TYPES } from '../../../src/image/layout/oci.js';
import { parseReference } from '../../../src/image/reference.js';
import { type Lock, lockFile } from '../../../src/proof/lock.js';
import { publishEvidence } from '../../../src/proof/referrer.js';
import type { VerifyOptions } from '../../../src/verify/options.js';
import { type Verified, verifiedTable, verifyImage } from '../../../src/verify/verify.js';
import { createSigstore } from '../../lab/sigstore.js';
import { failureOf } from '../../support/failureOf.js';
import { REPOSITORY, fakeRegistry } from '../../support/fakeRegistry.js';
import { closedProxy } from '../../support/referrers.js';
import {
  EXPECTED,
  IDENTITY,
  asPublished,
  rootFile,
  sampleImage,
  sampleLock,
  sampleStatement,
  signable,
} from '../../support/signed.js';
import { temporaryFolder, testDeps } from '../../support/world.js';

const sigstore = createSigstore();
const LOCK = sampleLock();
const IMAGE = sampleImage(LOCK);
const { digest, size } = IMAGE.index;
const NAME = `${REPOSITORY}@${digest}`;

/** A registry that holds the image, and a file with a bundle whose statement is that of `signed`, about this image. */
async function world(signed: Lock = LOCK) {
  const registry = fakeRegistry();
  const folder = temporaryFolder();
  const layout = join(folder, 'layout');
  await writeLayout(IMAGE, layout);
  registry.putLayout(layout);
  const trustedRoot = rootFile(sigstore.trustedRoot);
  const bundle = join(folder, 'bundle.json');
  writeFileSync(bundle, JSON.stringify(sigstore.sign(signable(sampleStatement(signed, IMAGE)), IDENTITY)));
  const deps = testDeps();
  const image = parseReference(NAME);
  if (image === undefined) throw new Error(`${NAME} is no reference`);
  return {
    deps,
    verify: (change: Partial<VerifyOptions> = {}) =>
      verifyImage({ image, expected: EXPECTED, bundle, trustedRoot, ...change }, deps),
    /** Puts evidence with this lock beside the image. */
    lay: async (lock: Lock) => {
      const evidence = temporaryFolder();
      writeFileSync(join(evidence, 'lock.json'), lockFile(lock));
      const subject = { mediaType: MEDIA_TYPES.index, digest, size };
      await publishEvidence(REPOSITORY, subject, { folder: evidence, epochSeconds: LOCK.inputs.epoch }, deps);
    },
  };
}

const rowOf = (verified: Verified, name: string) =>
  verifiedTable(verified)
    .split('\n')
    .find((line) => line.startsWith(`| ${name} |`));

describe('verifyImage', () => {
  it('passes what its publisher signed, and tells what was verified', async () => {
    const { deps, verify } = await world();
    const verified = await verify();
    expect(verified).toMatchObject({
      image: { ...asPublished(IMAGE, LOCK), repository: REPOSITORY },
      statement: { predicate: { lock: { buildKey: expect.any(String) as string } } },
      signer: { source: IDENTITY.source, name: IDENTITY.signer },
      lock: undefined,
    });
    // verify.yml takes the digest out of this row.
    expect(rowOf(verified, 'image')).toBe(`| image | ${REPOSITORY}@${IMAGE.index.digest} |`);
    expect(rowOf(verified, 'lock')).toMatch(/^\| lock \| not beside the image; signed as SHA256 [0-9a-f]{64} \|$/);
    expect(rowOf(verified, 'image')).toBe(`| image | ${NAME} |`);
    expect(rowOf(verified, 'platforms')).toBe('| platforms | linux/amd64, linux/arm64 |');
    expect(rowOf(verified, 'logged')).toBe('| logged | transparency log, entry 0 |');
    expect(rowOf({ ...verified, logIndex: undefined }, 'logged')).toBe('| logged | time stamped, in no public log |');
    expect(rowOf(verified, 'checks the publisher signed')).toBe('| checks the publisher signed | tree-bound |');
    expect(readdirSync(deps.temp)).toEqual([]);
  });

  it('asks the registry for bundles where no file is given', async () => {
    const { verify } = await world();
    const asked = await closedProxy();
    const failure = await failureOf(() => verify({ bundle: undefined }));
    expect(failure).toMatchObject({ kind: 'transient', message: expect.stringContaining('r.example') as string });
    expect(new Set(asked)).toEqual(new Set(['r.example:443']));
  });

  it('holds the lock beside the image against it', async () => {
    const { lay, verify } = await world();
    await lay(LOCK);
    const verified = await verify();
    expect(verified.lock).toEqual(LOCK);
    expect(rowOf(verified, 'lock')).toBe('| lock | gives build key and labels |');
  });

  it('refuses labels that are not the statement’s, naming each', async () => {
    const { verify } = await world(sampleLock({ tree: 'b'.repeat(40) }));
    const failure = await failureOf(() => verify());
    expect(failure.kind).toBe('verification');
    expect(failure.message).toBe(`${NAME} says of itself what its publisher did not sign: ${failure.details[0] ?? ''}`);
    // Tree and build key, each in the index and on both platforms.
    expect(failure.details).toHaveLength(6);
    expect(failure.details[0]).toMatch(/^annotations of the index, io\.github\.phantun-runtime\.tree: found/);
  });

  it('refuses a lock beside the image that is not the signed one, naming the field', async () => {
    const { lay, verify } = await world();
    await lay({ ...LOCK, facts: { ...LOCK.facts, resolvedAt: LOCK.facts.resolvedAt + 1 } });
    const failure = await failureOf(() => verify());
    expect(failure.kind).toBe('verification');
    expect(failure.message).toBe(`the lock beside ${NAME} is not the one that was signed: ${failure.details[0] ?? ''}`);
    expect(failure.details).toEqual([expect.stringMatching(/^lock\.lock\.sha256: found/)]);
  });
});
