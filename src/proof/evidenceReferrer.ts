import { mkdtemp, rm } from 'node:fs/promises';
import { join } from 'node:path';
import type { Deps } from '../deps.js';
import { Failure, withNote } from '../errors.js';
import { type Digest } from '../hash.js';
import { artifactsIn, fetchArtifact, listReferrers } from '../image/referrers.js';
import { askReferrers } from '../image/referrersApi.js';
import { type Registry, openRegistry, readDigest } from '../image/registry.js';
import { withRetries } from '../retry.js';
import { MAX_EVIDENCE_BYTES, type OpenedEvidence, openEvidence, readEvidenceLock } from './evidence.js';
import type { Lock } from './lock.js';
import { unpackEvidence } from './packedEvidence.js';

/** Type of the artifact that holds an evidence bundle, and of its one layer. */
export const EVIDENCE_TYPE = 'application/vnd.phantun-runtime.evidence.v1';
export const EVIDENCE_LAYER = `${EVIDENCE_TYPE}.tar`;
/** One is listed for an image; a few that are gone may be listed before it. */
const MAX_LISTED_EVIDENCE = 16;

/** Refuses evidence that is not what was verified of the image that it lies beside: see requireWhole. */
export type Judge = (evidence: OpenedEvidence) => Promise<void>;

/**
 * Downloads the evidence of an image into a new folder, each byte checked against its digest; false when there is none. Where the
 * tag lists none the registry is asked what refers to the image: whoever copies an image with its referrers may have left the tag.
 */
export async function fetchEvidence(repository: string, digest: Digest, folder: string, deps: Deps): Promise<boolean> {
  const registry = openRegistry(repository, deps);
  const served = (list: readonly unknown[]) => servedEvidence(registry, repository, list, deps);
  const evidence =
    (await served(await listReferrers(registry, repository, digest, deps))) ??
    (await served((await askReferrers(repository, digest, EVIDENCE_TYPE, deps)) ?? []));
  if (evidence === undefined) return false;
  await unpackServed(registry, repository, digest, evidence, folder, deps);
  return true;
}

async function unpackServed(
  registry: Registry,
  repository: string,
  subject: Digest,
  evidence: Digest,
  folder: string,
  deps: Deps,
): Promise<void> {
  const artifact = { what: 'the evidence', digest: evidence, layerType: EVIDENCE_LAYER, maxBytes: MAX_EVIDENCE_BYTES };
  await unpackEvidence(await fetchArtifact(registry, repository, subject, artifact, deps), folder);
}

/** The lock in the evidence beside an image; undefined when there is none. */
export async function lockBeside(repository: string, digest: Digest, deps: Deps): Promise<Lock | undefined> {
  const folder = await mkdtemp(join(deps.temp, 'lock-'));
  try {
    if (!(await fetchEvidence(repository, digest, folder, deps))) return undefined;
    return await readEvidenceLock(folder);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

/**
 * The evidence whose lock a statement about an image has to be about: that which lies beside the image already, judged, which stays
 * there and which consumers find, else `own`. Their locks differ in facts when a commit is published a second time.
 */
export async function evidenceToSign(
  own: OpenedEvidence,
  repository: string,
  digest: Digest,
  judge: Judge,
  deps: Deps,
): Promise<OpenedEvidence> {
  const folder = await mkdtemp(join(deps.temp, 'beside-'));
  if (!(await fetchEvidence(repository, digest, folder, deps))) return own;
  return openJudged(folder, `${repository}@${digest}`, judge);
}

/** Downloads the evidence of that digest beside the image, and has it judged. */
export async function judgeServed(
  registry: Registry,
  repository: string,
  subject: Digest,
  evidence: Digest,
  judge: Judge,
  deps: Deps,
): Promise<void> {
  const folder = await mkdtemp(join(deps.temp, 'beside-'));
  await unpackServed(registry, repository, subject, evidence, folder, deps);
  await openJudged(folder, `${repository}@${subject}`, judge);
  await rm(folder, { recursive: true });
}

async function openJudged(folder: string, image: string, judge: Judge): Promise<OpenedEvidence> {
  try {
    const evidence = await openEvidence(folder);
    await judge(evidence);
    return evidence;
  } catch (error) {
    throw withNote(
      error,
      `This evidence lies beside ${image} already. Find out who put it there, and remove it from the registry`,
    );
  }
}

/** The first evidence in a list of referrers that the registry still has: a list outlives what a clean-up takes. */
export async function servedEvidence(
  registry: Registry,
  repository: string,
  list: readonly unknown[],
  deps: Deps,
): Promise<Digest | undefined> {
  const listed = artifactsIn(list, EVIDENCE_TYPE);
  if (listed.length > MAX_LISTED_EVIDENCE)
    throw new Failure(
      'verification',
      `the registry lists ${listed.length} pieces of evidence for one image of ${repository}, more than the ${MAX_LISTED_EVIDENCE} that are looked at. Remove those that are not its publisher's`,
    );
  for (const digest of listed) if (await isServed(registry, `${repository}@${digest}`, deps)) return digest;
  return undefined;
}

/** Whether the registry has what the name names. */
export async function isServed(registry: Registry, name: string, deps: Deps): Promise<boolean> {
  return (await withRetries(`reading ${name}`, deps, () => readDigest(registry, name))) !== undefined;
}
