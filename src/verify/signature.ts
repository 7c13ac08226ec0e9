import { bundleFromJSON } from '@sigstore/bundle';
import { type SignedEntity, type Signer, type Verifier, toSignedEntity } from '@sigstore/verify';
import { Failure } from '../errors.js';
import { asList, asObject, asText, type JsonObject, parseJson } from '../json.js';
import { STATEMENT_TYPE } from '../proof/statement.js';
import { printable } from '../text.js';
import { type SignerFacts, signerFacts } from './identity.js';

/** A signed bundle as it was found, and where: a file's line, a referrer's digest. */
export type FoundBundle = { from: string; bundle: unknown };

/** What a bundle turned out to be once its signature was verified. */
export type SignedStatement = {
  signer: SignerFacts;
  predicateType: string;
  /** SHA256 of every subject, hex. */
  subjects: string[];
  /** The in-toto statement's bytes, exactly as they were signed. */
  payload: Buffer;
  /** Index in the transparency log, where there is one. */
  logIndex: string | undefined;
};

const PAYLOAD_TYPE = 'application/vnd.in-toto+json';
/** Each is read and verified, and anybody who can write to the registry can put one there. */
export const MAX_BUNDLES = 64;

/** The bundles in a text: one JSON object, a list of them, or one a line. Failures are class verification. */
export function parseBundles(text: string, from: string): FoundBundle[] {
  const found = parseText(text, from);
  if (found.length > MAX_BUNDLES)
    throw new Failure(
      'verification',
      `${from} holds ${found.length} bundles, more than the ${MAX_BUNDLES} that are looked at`,
    );
  return found.map((bundle, index) => ({ from: found.length === 1 ? from : `${from}, number ${index + 1}`, bundle }));
}

function parseText(text: string, from: string): unknown[] {
  const lines = text.split('\n').filter((line) => line.trim() !== '');
  try {
    const whole = JSON.parse(text) as unknown;
    return Array.isArray(whole) ? whole : [whole];
  } catch {
    return lines.map((line) => parseJson(Buffer.from(line), from));
  }
}

/**
 * Verifies a bundle's certificate, its proofs of logging and time, and its signature, all by Sigstore's library, and reads
 * the statement that was signed. Who signed and what is said is for the caller to judge. Throws a Failure (class verification)
 * with the library's reason.
 */
export function verifyBundle({ from, bundle: json }: FoundBundle, verifiers: readonly Verifier[]): SignedStatement {
  const refuse = (why: string, cause?: unknown): never => {
    throw new Failure('verification', `${from}: ${why}`, { cause });
  };
  const bundle = attempt(
    () => bundleFromJSON(json),
    (error) => refuse(`not a Sigstore bundle (${reasons(error)})`, error),
  );
  if (bundle.content.$case !== 'dsseEnvelope') return refuse('signs a file, not a statement');
  const { payload, payloadType } = bundle.content.dsseEnvelope;
  if (payloadType !== PAYLOAD_TYPE) return refuse(`signs ${printable(payloadType)}, not an in-toto statement`);
  const entity = attempt(
    () => toSignedEntity(bundle),
    (error) => refuse(`unreadable (${reasons(error)})`, error),
  );
  const verified = firstToVerify(entity, verifiers, (failed) => refuse(`its signature does not hold: ${failed}`));
  return {
    signer: attempt(
      () => signerFacts(verified),
      (error) => refuse(reasons(error), error),
    ),
    ...readStatement(payload, from),
    payload,
    logIndex: bundle.verificationMaterial.tlogEntries[0]?.logIndex,
  };
}

/** Who signed, as the first verifier says for which the signature holds. */
function firstToVerify(entity: SignedEntity, verifiers: readonly Verifier[], failed: (why: string) => never): Signer {
  const why = new Set<string>();
  for (const verifier of verifiers)
    try {
      return verifier.verify(entity);
    } catch (error) {
      why.add(reasons(error));
    }
  return failed([...why].join('; or '));
}

function attempt<T>(body: () => T, failed: (error: unknown) => never): T {
  try {
    return body();
  } catch (error) {
    return failed(error);
  }
}

/** The message of an error and those of its causes: Sigstore's library has the telling one at the bottom. */
function reasons(error: unknown): string {
  const messages: string[] = [];
  for (let each = error; each instanceof Error && messages.length < 5; each = each.cause) messages.push(each.message);
  return printable(messages.join(': '), 500);
}

function readStatement(payload: Buffer, from: string): Pick<SignedStatement, 'predicateType' | 'subjects'> {
  const what = `the statement of ${from}`;
  const statement: JsonObject = asObject(parseJson(payload, what), what);
  if (statement._type !== STATEMENT_TYPE)
    throw new Failure('verification', `${what} is no in-toto statement of version 1`);
  const subjects = asList(statement.subject, `subjects of ${what}`).map((subject) => {
    const { digest } = asObject(subject, `subject of ${what}`);
    return asText(asObject(digest, `digest in ${what}`).sha256, `digest in ${what}`);
  });
  return { predicateType: asText(statement.predicateType, `predicate type of ${what}`), subjects };
}
