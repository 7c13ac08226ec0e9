import { mkdir, mkdtemp, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { canonicalJson } from '../canonical.js';
import type { Deps } from '../deps.js';
import { Failure, withNote } from '../errors.js';
import { type Digest, digestOf } from '../hash.js';
import { withRetries } from '../http/retry.js';
import { blobPath } from '../image/layout/blobs.js';
import { type Descriptor, LAYOUT_MARKER, MEDIA_TYPES } from '../image/layout/oci.js';
import { requireServed } from '../image/publish/served.js';
import { artifactsIn, digestIn, fetchArtifact, isOfType, listReferrers, referrersTag } from '../image/referrers.js';
import { askReferrers } from '../image/referrersApi.js';
import { type Registry, openRegistry, readDigest } from '../image/registry.js';
import { humanSize } from '../text.js';
import { writeOut } from '../write.js';
import { MAX_EVIDENCE_BYTES, type OpenedEvidence, openEvidence, readEvidenceLock } from './evidence.js';
import type { Lock } from './lock.js';
import { packEvidence, unpackEvidence } from './packedEvidence.js';

/** Type of the artifact that holds an evidence bundle, and of its one layer. */
export const EVIDENCE_TYPE = 'application/vnd.phantun-runtime.evidence.v1';
const EVIDENCE_LAYER = `${EVIDENCE_TYPE}.tar`;
const EMPTY_TYPE = 'application/vnd.oci.empty.v1+json';
const EMPTY = Buffer.from('{}');
/** One is listed for an image; a few that are gone may be listed before it. */
const MAX_LISTED_EVIDENCE = 16;

/** Refuses evidence that is not what was verified of the image that it lies beside: see requireWhole. */
export type Judge = (evidence: OpenedEvidence) => Promise<void>;

/** A folder to be published, the time its files get, seconds since 1970, and what judges evidence that is there in its place. */
export type EvidenceToSend = { folder: string; epochSeconds: number; judge: Judge };

/**
 * Publishes an evidence folder beside the image it is about, once: evidence that is there already is judged and stays; what is
 * listed and gone is listed no longer. It is listed under the referrers tag, which every registry has.
 */
export async function publishEvidence(
  repository: string,
  subject: Descriptor,
  evidence: EvidenceToSend,
  deps: Deps,
): Promise<void> {
  const registry = openRegistry(repository, deps);
  const list = () => listReferrers(registry, repository, subject.digest, deps);
  const there = await servedEvidence(registry, repository, await list(), deps);
  if (there !== undefined) {
    const folder = await mkdtemp(join(deps.temp, 'beside-'));
    await unpackServed(registry, repository, subject.digest, there, folder, deps);
    await openJudged(folder, `${repository}@${subject.digest}`, evidence.judge);
    await rm(folder, { recursive: true });
    deps.log.info(`${repository}@${subject.digest} has its evidence already`);
    return;
  }
  const tar = await packEvidence(evidence.folder, evidence.epochSeconds);
  const layer: Descriptor = { mediaType: EVIDENCE_LAYER, digest: digestOf(tar), size: tar.length };
  const config: Descriptor = { mediaType: EMPTY_TYPE, digest: digestOf(EMPTY), size: EMPTY.length };
  const manifest = Buffer.from(
    canonicalJson({
      schemaVersion: 2,
      mediaType: MEDIA_TYPES.manifest,
      artifactType: EVIDENCE_TYPE,
      config,
      layers: [{ ...layer, annotations: { 'org.opencontainers.image.title': 'evidence.tar' } }],
      subject,
    }),
  );
  const target = `${repository}@${digestOf(manifest)}`;
  const layout = await mkdtemp(join(deps.temp, 'referrer-'));
  await writeArtifact(layout, manifest, [tar, EMPTY]);
  await withRetries(`sending ${target}`, deps, () => registry.send(layout, target));
  await rm(layout, { recursive: true });
  await requireServed(registry, target, digestOf(manifest), deps);
  const added = {
    mediaType: MEDIA_TYPES.manifest,
    digest: digestOf(manifest),
    size: manifest.length,
    artifactType: EVIDENCE_TYPE,
  };
  const tag = referrersTag(repository, subject.digest);
  // Read again: sending takes a while, in which somebody may have signed.
  const listed = (await list()).filter((item) => !isOfType(item, EVIDENCE_TYPE));
  const others = await stillServed(registry, repository, listed, deps);
  await withRetries(`tagging ${tag}`, deps, () => registry.list([...others, added], tag));
  deps.log.info(`Sent the evidence (${humanSize(tar.length)}) as ${target}`);
}

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
async function servedEvidence(
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

/** Those items that the registry still has, as they are: with one that is gone, no list can be written. */
async function stillServed(
  registry: Registry,
  repository: string,
  items: readonly unknown[],
  deps: Deps,
): Promise<unknown[]> {
  const served: unknown[] = [];
  for (const item of items) {
    const digest = digestIn(item);
    if (digest !== undefined && (await isServed(registry, `${repository}@${digest}`, deps))) served.push(item);
  }
  return served;
}

async function isServed(registry: Registry, name: string, deps: Deps): Promise<boolean> {
  return (await withRetries(`reading ${name}`, deps, () => readDigest(registry, name))) !== undefined;
}

async function writeArtifact(layout: string, manifest: Buffer, blobs: readonly Buffer[]): Promise<void> {
  await mkdir(join(layout, 'blobs', 'sha256'), { recursive: true });
  for (const bytes of [manifest, ...blobs]) await writeOut(blobPath(layout, digestOf(bytes)), bytes);
  await writeOut(join(layout, 'oci-layout'), LAYOUT_MARKER);
  const entry = { mediaType: MEDIA_TYPES.manifest, digest: digestOf(manifest), size: manifest.length };
  await writeOut(join(layout, 'index.json'), canonicalJson({ schemaVersion: 2, manifests: [entry] }));
}
