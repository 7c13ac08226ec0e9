import type { Verifier } from '@sigstore/verify';
import { describe, expect, it } from 'vitest';
import { parseBundles, verifyBundle } from '../../../src/verify/signature.js';
import { createSigstore } from '../../lab/sigstore.js';
import { failureOf } from '../../support/failureOf.js';
import { IDENTITY, sampleImage, sampleLock, sampleStatement, signable } from '../../support/signed.js';

describe('parseBundles', () => {
  it('reads one, a list, and one a line', () => {
    const one = { mediaType: 'x' };
    expect(parseBundles(JSON.stringify(one), 'f')).toEqual([{ from: 'f', bundle: one }]);
    expect(parseBundles(JSON.stringify([one, one]), 'f').map(({ from }) => from)).toEqual([
      'f, number 1',
      'f, number 2',
    ]);
    expect(parseBundles(`${JSON.stringify(one)}\n${JSON.stringify(one)}\n`, 'f')).toHaveLength(2);
    expect(parseBundles('', 'f')).toEqual([]);
  });

  it('passes over lines that hold nothing but space', () => {
    expect(parseBundles('{}\n \t\r\n\n{}\n  ', 'f')).toHaveLength(2);
  });

  it('reads as many as are looked at, and refuses one more', async () => {
    expect(parseBundles('{}\n'.repeat(64), 'f')).toHaveLength(64);
    expect((await failureOf(() => parseBundles('{}\n'.repeat(65), 'f'))).message).toContain('more than the 64');
  });

  it('refuses what is no JSON', async () => {
    expect((await failureOf(() => parseBundles('{}\nx', 'f'))).message).toContain('f is not JSON');
  });
});

describe('verifyBundle', () => {
  const lock = sampleLock();
  const bundle = createSigstore().sign(signable(sampleStatement(lock, sampleImage(lock))), IDENTITY);
  /** Stands for Sigstore's library, which has the last word on a signature. */
  const verifier = (verify: () => unknown) => ({ verify }) as unknown as Verifier;

  it('names no entry of a log where the time is proven otherwise', () => {
    const passes = verifier(() => ({ key: undefined }));
    const silent = structuredClone(bundle);
    silent.verificationMaterial.tlogEntries = [];
    expect(verifyBundle({ from: 'f', bundle }, [passes]).logIndex).toBe('0');
    expect(verifyBundle({ from: 'f', bundle: silent }, [passes]).logIndex).toBeUndefined();
  });

  it.each<[string, object, unknown, RegExp]>([
    ['is no list of subjects', { subject: 1 }, undefined, /^subjects of the statement of f: expected a list, found 1$/],
    ['has a subject without a digest', { subject: [{}] }, undefined, /^digest in the statement of f: expected an obj/],
    ['has no predicate type', { predicateType: 5 }, undefined, /^predicate type of the statement of f: expected a te/],
    [
      'has a certificate that says one thing twice',
      {},
      { oids: [1, 2].map(() => ({ oid: { id: [1, 3] }, value: Buffer.alloc(0) })) },
      /^f: the certificate has the extension 1\.3 twice$/,
    ],
  ])('does not call a signature wrong that holds, where what it signs %s', async (_, change, identity, message) => {
    const odd = createSigstore().sign(signable({ ...sampleStatement(lock, sampleImage(lock)), ...change }), IDENTITY);
    const passes = verifier(() => ({ key: undefined, identity }));
    const failure = await failureOf(() => verifyBundle({ from: 'f', bundle: odd }, [passes]));
    expect(failure.kind).toBe('verification');
    expect(failure.message).toMatch(message);
  });

  it('tells five causes of a refusal and no more, however deep they go', async () => {
    const causes = ['one', 'two', 'three', 'four', 'five', 'six'].reduceRight<Error | undefined>(
      (cause, message) => new Error(message, { cause }),
      undefined,
    );
    const refuses = verifier(() => {
      throw causes ?? new Error('none');
    });
    const failure = await failureOf(() => verifyBundle({ from: 'f', bundle }, [refuses]));
    expect(failure.message).toBe('f: its signature does not hold: one: two: three: four: five');
  });

  it('tells a reason once, though several roots have it', async () => {
    const refuses = (why: string) =>
      verifier(() => {
        throw new Error(why);
      });
    const verifiers = [refuses('x'), refuses('y'), refuses('x')];
    const failure = await failureOf(() => verifyBundle({ from: 'f', bundle }, verifiers));
    expect(failure.message).toBe('f: its signature does not hold: x; or y');
  });
});
