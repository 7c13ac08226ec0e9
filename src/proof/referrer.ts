import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { canonicalJson } from '../canonical.js';
import type { Deps } from '../deps.js';
import { Failure } from '../errors.js';
import { type Digest, digestOf } from '../hash.js';
import { withRetries } from '../http/retry.js';
import { blobPath, readCapped } from '../image/layout/blobs.js';
import { MAX_JSON_BYTES } from '../image/layout/limits.js';
import {
  asDescriptor,
  asList,
  asObject,
  type Descriptor,
  LAYOUT_MARKER,
  MEDIA_TYPES,
  parseJson,
} from '../image/layout/oci.js';
import { fetchArtifact, listReferrers, referrersTag } from '../image/referrers.js';
import { type Registry, openRegistry, readDigest } from '../image/registry.js';
import { humanSize } from '../text.js';
import { EVIDENCE, MAX_EVIDENCE_BYTES, packEvidence, unpackEvidence } from './evidence.js';
import { type Lock, buildKey, parseLock } from './lock.js';

/** Type of the artifact that holds an evidence bundle, and of its one layer. */
export const EVIDENCE_TYPE = 'application/vnd.phantun-runtime.evidence.v1';
const EVIDENCE_LAYER = `${EVIDENCE_TYPE}.tar`;
const EMPTY_TYPE = 'application/vnd.oci.empty.v1+json';
const EMPTY = Buffer.from('{}');

/**
 * Publishes an evidence folder beside the image it is about, once: evidence that is there already stays. It is always listed
 * under the referrers tag: our one client can read tags everywhere, the API nowhere.
 */
export async function publishEvidence(
  repository: string,
  subject: Descriptor,
  evidence: { folder: string; epochSeconds: number },
  deps: Deps,
): Promise<void> {
  const registry = openRegistry(repository, deps);
  const list = await listReferrers(registry, repository, subject.digest, deps);
  if (list.some(isEvidence)) {
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
  await requireRead(registry, target, manifest, deps);
  const added = {
    mediaType: MEDIA_TYPES.manifest,
    digest: digestOf(manifest),
    size: manifest.length,
    artifactType: EVIDENCE_TYPE,
  };
  const tag = referrersTag(repository, subject.digest);
  await withRetries(`tagging ${tag}`, deps, () => registry.list([...list, added], tag));
  deps.log.info(`Sent the evidence (${humanSize(tar.length)}) as ${target}`);
}

/** Downloads the evidence of an image into a new folder, each byte checked against its digest; false when there is none. */
export async function fetchEvidence(repository: string, digest: Digest, folder: string, deps: Deps): Promise<boolean> {
  const registry = openRegistry(repository, deps);
  const listed = (await listReferrers(registry, repository, digest, deps)).find(isEvidence);
  if (listed === undefined) return false;
  const manifest = asDescriptor(listed, MEDIA_TYPES.manifest, `evidence in the list of referrers of ${digest}`);
  const artifact = { what: 'the evidence', manifest, layerType: EVIDENCE_LAYER, maxBytes: MAX_EVIDENCE_BYTES };
  await unpackEvidence(await fetchArtifact(registry, repository, digest, artifact, deps), folder);
  return true;
}

/** The lock in the evidence beside an image; undefined when there is none. */
export async function lockBeside(repository: string, digest: Digest, deps: Deps): Promise<Lock | undefined> {
  const folder = await mkdtemp(join(deps.temp, 'lock-'));
  try {
    if (!(await fetchEvidence(repository, digest, folder, deps))) return undefined;
    return parseLock(await readFile(join(folder, EVIDENCE.lock), 'utf8'));
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

/**
 * The lock that a statement about an image has to be about: the one in the evidence that lies beside it already, which stays
 * there and which consumers find, else `own`. They differ in facts when a commit is published a second time. Class
 * verification when the evidence there is of another build.
 */
export async function lockToSign(own: Lock, repository: string, digest: Digest, deps: Deps): Promise<Lock> {
  const beside = await lockBeside(repository, digest, deps);
  if (beside !== undefined && buildKey(beside.inputs) !== buildKey(own.inputs))
    throw new Failure(
      'verification',
      `the evidence beside ${repository}@${digest} is of build key ${buildKey(beside.inputs)}, not of this image's ${buildKey(own.inputs)}. Nothing was published. Find out who put it there, and remove it from the registry`,
    );
  return beside ?? own;
}

/** What others have listed may be of any kind; only our own is looked into. */
function isEvidence(item: unknown): boolean {
  return asObject(item, 'an item in the list of referrers').artifactType === EVIDENCE_TYPE;
}

async function writeArtifact(layout: string, manifest: Buffer, blobs: readonly Buffer[]): Promise<void> {
  await mkdir(join(layout, 'blobs', 'sha256'), { recursive: true });
  for (const bytes of [manifest, ...blobs]) await writeFile(blobPath(layout, digestOf(bytes)), bytes);
  await writeFile(join(layout, 'oci-layout'), LAYOUT_MARKER);
  const entry = { mediaType: MEDIA_TYPES.manifest, digest: digestOf(manifest), size: manifest.length };
  await writeFile(join(layout, 'index.json'), canonicalJson({ schemaVersion: 2, manifests: [entry] }));
}

async function requireRead(registry: Registry, name: string, bytes: Buffer, deps: Deps): Promise<void> {
  const served = await withRetries(`reading ${name}`, deps, () => readDigest(registry, name));
  if (served !== digestOf(bytes)) throw new Failure('registry', `${name} was sent, but the registry does not show it`);
}

/** The one entry of a layout folder's index.json, as skopeo wrote it. */
export async function topOfLayout(folder: string): Promise<Descriptor> {
  const bytes = await readCapped(join(folder, 'index.json'), MAX_JSON_BYTES, 'index.json');
  const [top] = asList(asObject(parseJson(bytes, 'index.json'), 'index.json').manifests, 'index.json');
  return asDescriptor(top, MEDIA_TYPES.index, 'the image index');
}
