import { mkdir, mkdtemp, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { canonicalJson } from '../../canonical.js';
import type { Deps } from '../../deps.js';
import { Failure } from '../../errors.js';
import { writeOut } from '../../files.js';
import { digestOf } from '../../hash.js';
import {
  EVIDENCE_LAYER,
  EVIDENCE_TYPE,
  type Judge,
  isServed,
  judgeServed,
  servedEvidence,
} from '../../proof/evidenceReferrer.js';
import { packEvidence } from '../../proof/packedEvidence.js';
import { withRetries } from '../../retry.js';
import { humanSize } from '../../text.js';
import { blobPath } from '../layout/blobs.js';
import { type Descriptor, LAYOUT_MARKER, MEDIA_TYPES } from '../layout/oci.js';
import { digestIn, listReferrers, referrersTag } from '../referrers.js';
import { type Registry, openRegistry } from '../registry.js';
import { requireServed } from './served.js';

const EMPTY_TYPE = 'application/vnd.oci.empty.v1+json';
const EMPTY = Buffer.from('{}');

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
    await judgeServed(registry, repository, subject.digest, there, evidence.judge, deps);
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
  // Read again: sending takes a while, in which somebody may have signed, or have published the same image.
  const listed = (await list()).filter((item) => digestIn(item) !== added.digest);
  if ((await servedEvidence(registry, repository, listed, deps)) !== undefined)
    throw new Failure(
      'registry',
      `${repository}@${subject.digest} was given evidence by somebody else while this run sent its own. Run again: it is then judged and stays`,
    );
  const others = await stillServed(registry, repository, listed, deps);
  await withRetries(`tagging ${tag}`, deps, () => registry.list([...others, added], tag));
  deps.log.info(`Sent the evidence (${humanSize(tar.length)}) as ${target}`);
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

async function writeArtifact(layout: string, manifest: Buffer, blobs: readonly Buffer[]): Promise<void> {
  await mkdir(join(layout, 'blobs', 'sha256'), { recursive: true });
  for (const bytes of [manifest, ...blobs]) await writeOut(blobPath(layout, digestOf(bytes)), bytes);
  await writeOut(join(layout, 'oci-layout'), LAYOUT_MARKER);
  const entry = { mediaType: MEDIA_TYPES.manifest, digest: digestOf(manifest), size: manifest.length };
  await writeOut(join(layout, 'index.json'), canonicalJson({ schemaVersion: 2, manifests: [entry] }));
}
