import { canonicalJson } from '../canonical.js';
import { differingMembers } from '../difference.js';
import { Failure } from '../errors.js';
import { type Digest, sha256 } from '../hash.js';
import { type Recipe } from '../image/build/recipe.js';
import { asList, asObject, asText, parseJson, shown } from '../json.js';
import { isEpoch } from '../text.js';
import { type Lock, buildKey, lockFile } from './lock.js';
import { type Check, isCount, isGitId, isPinned, isSha256, listOf, oneOf, shape } from './shape.js';
import { CHECKS, type TrustCheck } from './trust.js';

/** Type of the predicate; its schema is schema/statement.v1.json. A later shape gets a later number. */
export const PREDICATE_TYPE = 'https://phantun-runtime.github.io/build/v1';
export const STATEMENT_TYPE = 'https://in-toto.io/Statement/v1';

/** What is said of an image: where its source comes from, which lock decides it, what was checked and what was not. */
export type Predicate = {
  upstream: {
    repository: string;
    ref: string;
    commit: string;
    tree: string;
    /** Seconds since 1970. */
    epoch: number;
    reachableFrom: string[];
  };
  archive: { url: string; sha256: string; tarSha256: string };
  /** SHA256 of the lock's file, and of its inputs. */
  lock: { sha256: string; buildKey: string };
  recipe: Recipe;
  bases: { rust: string; shell: string };
  checks: TrustCheck[];
};

/** What a statement is about: an image, by its digests. */
export type ImageDigests = {
  index: { digest: Digest };
  images: readonly { platform: string; manifest: { digest: Digest } }[];
};

/** `name` is `index` or a platform. */
export type Subject = { name: string; digest: { sha256: string } };

/** An in-toto statement, version 1 (github.com/in-toto/attestation). */
export type Statement = {
  _type: typeof STATEMENT_TYPE;
  subject: Subject[];
  predicateType: typeof PREDICATE_TYPE;
  predicate: Predicate;
};

/** The statement of an image, whose subjects are its index and every platform manifest. Pure. */
export function statementOf(
  lock: Lock,
  image: ImageDigests,
  checks: TrustCheck[],
  reachableFrom: readonly string[] = lock.facts.reachableFrom,
): Statement {
  const { inputs, facts } = lock;
  return {
    _type: STATEMENT_TYPE,
    subject: [
      subjectOf('index', image.index.digest),
      ...image.images.map(({ platform, manifest }) => subjectOf(platform, manifest.digest)),
    ],
    predicateType: PREDICATE_TYPE,
    predicate: {
      upstream: {
        repository: inputs.upstream,
        ref: facts.ref,
        commit: inputs.commit,
        tree: inputs.tree,
        epoch: inputs.epoch,
        reachableFrom: [...reachableFrom],
      },
      archive: { url: facts.archiveUrl, sha256: facts.archiveSha256, tarSha256: facts.tarSha256 },
      lock: { sha256: sha256(lockFile(lock)), buildKey: buildKey(inputs) },
      recipe: inputs.recipe,
      bases: inputs.bases,
      checks,
    },
  };
}

function subjectOf(name: string, digest: string): Subject {
  return { name, digest: { sha256: digest.slice('sha256:'.length) } };
}

/** The statement as its file holds it: canonical JSON and a line end. */
export function statementFile(statement: Statement): string {
  return `${canonicalJson(statement)}\n`;
}

const isAnyText: Check = (value) => typeof value === 'string';

/** schema/statement.v1.json says the same. Members that are not known are let through, as in-toto asks. */
const MEMBERS: Record<Exclude<keyof Predicate, 'checks'>, Record<string, Check>> = {
  upstream: {
    repository: isAnyText,
    ref: isAnyText,
    commit: isGitId,
    tree: isGitId,
    epoch: isEpoch,
    reachableFrom: listOf(isAnyText),
  },
  archive: { url: isAnyText, sha256: isSha256, tarSha256: isSha256 },
  lock: { sha256: isSha256, buildKey: isSha256 },
  recipe: { dockerfile: isSha256, wrapper: isAnyText, layout: isCount },
  bases: { rust: isPinned, shell: isPinned },
};
const isCheck = shape(
  { name: oneOf(Object.keys(CHECKS)), result: oneOf(['passed', 'failed', 'not-done']), detail: isAnyText },
  'others too',
);

/** Reads a statement's bytes: of our predicate type, every member of its form. What it claims is for others to compare. */
export function parseStatement(bytes: Buffer): Statement {
  const what = 'the statement';
  const statement = asObject(parseJson(bytes, what), what);
  if (statement._type !== STATEMENT_TYPE)
    throw new Failure('verification', `${what} is no in-toto statement of version 1`);
  if (statement.predicateType !== PREDICATE_TYPE)
    throw new Failure(
      'verification',
      `${what} has the predicate type ${shown(statement.predicateType)}, expected ${PREDICATE_TYPE}`,
    );
  for (const subject of asList(statement.subject, `subjects of ${what}`)) {
    const { name, digest } = asObject(subject, `subject of ${what}`);
    asText(name, `name of a subject of ${what}`);
    if (!/^[0-9a-f]{64}$/.test(asText(asObject(digest, `digest in ${what}`).sha256, `digest in ${what}`)))
      throw new Failure('verification', `${what} has a subject whose digest is no SHA256`);
  }
  const predicate = asObject(statement.predicate, `predicate of ${what}`);
  const refuse = (member: string) => new Failure('verification', `${member} in ${what} is missing or malformed`);
  for (const [part, members] of Object.entries(MEMBERS)) {
    const found = asObject(predicate[part], `${part} in ${what}`);
    for (const [name, check] of Object.entries(members)) if (!check(found[name])) throw refuse(`${part}.${name}`);
  }
  if (!listOf(isCheck)(predicate.checks)) throw refuse('checks');
  return statement as Statement;
}

/**
 * What a statement says otherwise than the image and the lock do, member by member; empty when they agree. `checks` are
 * the signer's word and have nothing to be compared with. Pure.
 */
export function statementDifferences(statement: Statement, lock: Lock, image: ImageDigests): string[] {
  const expected = statementOf(lock, image, statement.predicate.checks);
  return differingMembers('', statement, expected);
}

/** Requires that the statement in a bundle is about this image and this lock. Failure class verification names the member. Pure. */
export function requireStatement(statement: Statement, lock: Lock, image: ImageDigests): void {
  const [first] = statementDifferences(statement, lock, image);
  if (first !== undefined)
    throw new Failure('verification', `the statement in the evidence is not about this image: ${first}`);
}

/** The image that a statement is about, as its subjects have it. Failure class verification when it is about none. Pure. */
export function imageOfStatement({ subject }: Statement): ImageDigests {
  const [index, ...images] = subject.map(({ name, digest }) => ({ name, digest: `sha256:${digest.sha256}` as const }));
  if (index?.name !== 'index')
    throw new Failure('verification', 'the statement in the evidence names no index: it is about no image');
  return { index, images: images.map(({ name, digest }) => ({ platform: name, manifest: { digest } })) };
}
