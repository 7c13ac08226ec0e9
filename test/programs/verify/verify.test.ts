import { readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { writeLayout } from '../../../src/image/layout/layout.js';
import { MEDIA_TYPES } from '../../../src/image/layout/oci.js';
import { publishEvidence } from '../../../src/image/publish/evidence.js';
import { parseImage } from '../../../src/image/reference.js';
import { type Lock, lockFile } from '../../../src/proof/lock.js';
import { verifiedTable } from '../../../src/summary.js';
import type { VerifyOptions } from '../../../src/verify/options.js';
import { type Verified, verifyImage } from '../../../src/verify/verify.js';
import { createSigstore } from '../../lab/sigstore.js';
import { failureOf } from '../../support/failureOf.js';
import { loopbackRegistry } from '../../support/fakeRegistry.js';
import { anyEvidence } from '../../support/proof.js';
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

/** A registry that holds the image, and a file with a bundle whose statement is that of `signed`, about this image. */
async function world(signed: Lock = LOCK) {
  const { registry, repository } = await loopbackRegistry();
  const name = `${repository}@${digest}`;
  const folder = temporaryFolder();
  const layout = join(folder, 'layout');
  await writeLayout(IMAGE, layout);
  registry.putLayout(layout);
  const trustedRoot = rootFile(sigstore.trustedRoot);
  const bundle = join(folder, 'bundle.json');
  writeFileSync(bundle, JSON.stringify(sigstore.sign(signable(sampleStatement(signed, IMAGE)), IDENTITY)));
  const deps = testDeps();
  const image = parseImage(name);
  return {
    ...{ deps, repository, name },
    verify: (change: Partial<VerifyOptions> = {}) =>
      verifyImage({ image, expected: EXPECTED, bundle, trustedRoot, ...change }, deps),
    /** Puts evidence with this lock beside the image. */
    lay: async (lock: Lock) => {
      const evidence = temporaryFolder();
      writeFileSync(join(evidence, 'lock.json'), lockFile(lock));
      const subject = { mediaType: MEDIA_TYPES.index, digest, size };
      const sent = { folder: evidence, epochSeconds: LOCK.inputs.epoch, judge: anyEvidence };
      await publishEvidence(repository, subject, sent, deps);
    },
  };
}

const rowOf = (verified: Verified, name: string) =>
  verifiedTable(verified)
    .split('\n')
    .find((line) => line.startsWith(`| ${name} |`));

describe('verifyImage', () => {
  it('passes what its publisher signed, and tells what was verified', async () => {
    const { deps, repository, name, verify } = await world();
    const verified = await verify();
    expect(verified).toMatchObject({
      image: asPublished(IMAGE, repository),
      statement: { predicate: { lock: { buildKey: expect.any(String) as string } } },
      signer: { source: IDENTITY.source, name: IDENTITY.signer },
      lock: undefined,
    });
    // verify.yml takes the digest out of this row.
    expect(rowOf(verified, 'image')).toBe(`| image | ${repository}@${IMAGE.index.digest} |`);
    expect(rowOf(verified, 'lock')).toMatch(/^\| lock \| not beside the image; signed as SHA256 [0-9a-f]{64} \|$/);
    expect(rowOf(verified, 'image')).toBe(`| image | ${name} |`);
    expect(rowOf(verified, 'platforms')).toBe('| platforms | linux/amd64, linux/arm64 |');
    expect(rowOf(verified, 'logged')).toBe('| logged | transparency log, entry 0 |');
    expect(rowOf({ ...verified, logIndex: undefined }, 'logged')).toBe('| logged | time stamped, in no public log |');
    expect(rowOf(verified, 'checks the publisher signed')).toBe('| checks the publisher signed | tree-bound |');
    expect(readdirSync(deps.temp)).toEqual([]);
  });

  it('asks the registry for bundles where no file is given', async () => {
    const { name, verify } = await world();
    expect(await failureOf(() => verify({ bundle: undefined }))).toMatchObject({
      kind: 'verification',
      message: expect.stringContaining(`${name} has no attestations`) as string,
    });
  });

  it('holds the lock beside the image against it', async () => {
    const { lay, verify } = await world();
    await lay(LOCK);
    const verified = await verify();
    expect(verified.lock).toEqual(LOCK);
    expect(rowOf(verified, 'lock')).toBe('| lock | gives build key and labels |');
  });

  it('refuses labels that are not the statement’s, naming each', async () => {
    const { name, verify } = await world(sampleLock({ tree: 'b'.repeat(40) }));
    const failure = await failureOf(() => verify());
    expect(failure.kind).toBe('verification');
    expect(failure.message).toBe(`${name} says of itself what its publisher did not sign: ${failure.details[0] ?? ''}`);
    // Tree and build key, each in the index and on both platforms.
    expect(failure.details).toHaveLength(6);
    expect(failure.details[0]).toMatch(/^annotations of the index, io\.github\.phantun-runtime\.tree: found/);
  });

  it('refuses a lock beside the image that is not the signed one, naming the field', async () => {
    const { name, lay, verify } = await world();
    await lay({ ...LOCK, facts: { ...LOCK.facts, resolvedAt: LOCK.facts.resolvedAt + 1 } });
    const failure = await failureOf(() => verify());
    expect(failure.kind).toBe('verification');
    expect(failure.message).toBe(`the lock beside ${name} is not the one that was signed: ${failure.details[0] ?? ''}`);
    expect(failure.details).toEqual([expect.stringMatching(/^lock\.lock\.sha256: found/)]);
  });

  it('passes an image that was signed again with a newer lock, whichever statement comes first', async () => {
    const newer = { ...LOCK, facts: { ...LOCK.facts, resolvedAt: LOCK.facts.resolvedAt + 1 } };
    const sign = (lock: Lock) => JSON.stringify(sigstore.sign(signable(sampleStatement(lock, IMAGE)), IDENTITY));
    for (const lines of [
      [sign(LOCK), sign(newer)],
      [sign(newer), sign(LOCK)],
    ]) {
      const { lay, verify } = await world();
      await lay(newer);
      const bundle = join(temporaryFolder(), 'bundles.jsonl');
      writeFileSync(bundle, `${lines.join('\n')}\n`);
      const verified = await verify({ bundle });
      expect(verified.lock).toEqual(newer);
      expect(rowOf(verified, 'lock')).toBe('| lock | gives build key and labels |');
    }
  });
});
