import type { Verifier } from '@sigstore/verify';
import type { Deps } from '../deps.js';
import { Failure, toFailure } from '../errors.js';
import { type PulledImage, pullImage } from '../image/pulled.js';
import type { Lock } from '../proof/lock.js';
import { lockBeside } from '../proof/evidenceReferrer.js';
import { PREDICATE_TYPE, type Statement, parseStatement } from '../proof/statement.js';
import { printable } from '../text.js';
import { bundlesOfFile, bundlesOfRegistry } from './bundles.js';
import { labelDifferences, lockDifferences } from './compare.js';
import { type ExpectedSigner, type SignerFacts, identityDifferences } from './identity.js';
import type { VerifyOptions } from './options.js';
import { type FoundBundle, verifyBundle } from './signature.js';
import { openVerifiers } from './trustedRoot.js';

/** What was verified of an image, and by whose signature. */
export type Verified = {
  image: PulledImage;
  statement: Statement;
  signer: SignerFacts;
  logIndex: string | undefined;
  /** Types of all statements about the index that the expected signer signed. */
  predicateTypes: string[];
  /** The lock, where it lies beside the image; the statement names it by hash in any case. */
  lock: Lock | undefined;
};

/**
 * Verifies a published image: pulls it whole and hashes it, finds the signed bundles, verifies them against the exact
 * identity that is expected, and compares our signed statement with labels and lock. Throws a Failure, class verification
 * unless something could not be asked, whose details name the fields that differ. There is no vacuous pass.
 */
export async function verifyImage(options: VerifyOptions, deps: Deps): Promise<Verified> {
  const verifiers = await openVerifiers(options.trustedRoot, deps);
  const image = await pullImage(options.image, deps);
  const name = `${image.repository}@${image.digest}`;
  const bundles =
    options.bundle === undefined
      ? bundlesOfRegistry(image.repository, image.digest, deps)
      : await bundlesOfFile(options.bundle);
  const { ours, predicateTypes } = await judgeBundles(bundles, image, options.expected, verifiers, name);
  const lock = await lockBeside(image.repository, image.digest, deps);
  // An image that was signed again, with a newer lock beside it, keeps the older statement: one of them has to fit.
  const judged = ours.map((signed) => ({ signed, refusal: contradiction(signed, image, lock, name) }));
  const fitting = judged.find(({ refusal }) => refusal === undefined);
  if (fitting === undefined) throw judged[0]?.refusal ?? new Failure('verification', `${name} is not verified`);
  return { image, ...fitting.signed, predicateTypes, lock };
}

/** What image and lock say otherwise than a signed statement does, if anything. Pure. */
function contradiction(
  { statement }: Signed,
  image: PulledImage,
  lock: Lock | undefined,
  name: string,
): Failure | undefined {
  const labels = labelDifferences(image, statement);
  if (labels.length > 0)
    return new Failure('verification', `${name} says of itself what its publisher did not sign: ${labels[0] ?? ''}`, {
      details: labels,
    });
  const locked = lock === undefined ? [] : lockDifferences(lock, image, statement);
  if (locked.length > 0)
    return new Failure('verification', `the lock beside ${name} is not the one that was signed: ${locked[0] ?? ''}`, {
      details: locked,
    });
  return undefined;
}

/** A statement of this project about the image, which the expected signer signed. */
type Signed = Pick<Verified, 'statement' | 'signer' | 'logIndex'>;

/** Why one bundle is not the one that is looked for. `near` counts what it got right, so that the nearest is told first. */
type Refusal = { near: number; sentence: string; details: string[] };

/**
 * Picks our statements among the bundles, never none: the signature holds, it is about this very index, the expected signer
 * signed it, and it has our predicate type. Others beside them do no harm. Of each only what it comes to is kept. Throws a Failure that tells of the one that came nearest.
 */
export async function judgeBundles(
  bundles: Iterable<FoundBundle> | AsyncIterable<FoundBundle>,
  image: Pick<PulledImage, 'digest'>,
  expected: ExpectedSigner,
  verifiers: readonly Verifier[],
  name: string,
): Promise<{ ours: Signed[]; predicateTypes: string[] }> {
  const refused: Refusal[] = [];
  const types: string[] = [];
  const ours: Signed[] = [];
  for await (const found of bundles) {
    const judged = judge(found, image, expected, verifiers);
    if ('sentence' in judged) refused.push(judged);
    else {
      const { predicateType, statement, signer, logIndex } = judged;
      types.push(predicateType);
      if (statement !== undefined) ours.push({ statement, signer, logIndex });
    }
  }
  if (ours.length > 0) return { ours, predicateTypes: [...new Set(types)].sort() };
  if (types.length > 0)
    throw new Failure(
      'verification',
      `${name} has no statement of this project from its publisher: the predicate type is ${types.map((type) => printable(type)).join(', ')}, expected ${PREDICATE_TYPE}`,
    );
  const [nearest] = refused.sort((a, b) => b.near - a.near);
  if (nearest === undefined)
    throw new Failure(
      'verification',
      `${name} has no attestations: no signed bundle lies beside it. Whoever published it did not sign it, or a clean-up of the registry took the signatures`,
    );
  throw new Failure('verification', `${name} is not verified: ${nearest.sentence}`, {
    details: refused.flatMap(({ sentence, details }) => (details.length > 0 ? details : [sentence])),
  });
}

type Passed = {
  predicateType: string;
  statement: Statement | undefined;
  signer: SignerFacts;
  logIndex: string | undefined;
};

function judge(
  found: FoundBundle,
  { digest }: Pick<PulledImage, 'digest'>,
  expected: ExpectedSigner,
  verifiers: readonly Verifier[],
): Refusal | Passed {
  try {
    const { signer, subjects, predicateType, payload, logIndex } = verifyBundle(found, verifiers);
    if (!subjects.includes(digest.replace('sha256:', '')))
      return {
        near: 1,
        sentence: `${found.from}: subject digest: expected ${digest}, found ${printable(subjects.map((each) => `sha256:${each}`).join(', '))}`,
        details: [],
      };
    const differences = identityDifferences(signer, expected);
    if (differences.length > 0) {
      const lines = differences.map(
        ({ field, expected: wanted, found: has }) => `${field}: expected ${wanted}, found ${has}`,
      );
      return {
        near: 2,
        sentence: `${found.from}: ${lines[0] ?? ''}`,
        details: lines.map((line) => `${found.from}: ${line}`),
      };
    }
    return {
      predicateType,
      signer,
      logIndex,
      statement: predicateType === PREDICATE_TYPE ? parseStatement(payload) : undefined,
    };
  } catch (error) {
    return { near: 0, sentence: toFailure(error).message, details: [] };
  }
}
