import { mkdtemp, rm } from 'node:fs/promises';
import { join } from 'node:path';
import type { Deps } from '../deps.js';
import { Failure } from '../errors.js';
import { type Digest, digestOf, isDigest } from '../hash.js';
import { asList, asObject, isObject, parseJson, wrong } from '../json.js';
import { withRetries } from '../retry.js';
import { readBlob } from './layout/blobs.js';
import { MAX_JSON_BYTES } from './layout/limits.js';
import { asDescriptor, asSize, type Descriptor } from './layout/oci.js';
import type { Registry } from './registry.js';

/**
 * Where referrers of a digest are listed in a registry without the referrers API (OCI distribution-spec 1.1, "referrers
 * tag schema").
 */
export function referrersTag(repository: string, digest: Digest): string {
  return `${repository}:${digest.replace(':', '-')}`;
}

/** Each is asked for when the list is written again. */
const MAX_LISTED = 256;

/** What that tag lists, unread: others may have listed anything. Empty when there is no such tag. */
export async function listReferrers(
  registry: Registry,
  repository: string,
  digest: Digest,
  deps: Deps,
): Promise<unknown[]> {
  const name = referrersTag(repository, digest);
  const bytes = await withRetries(`reading ${name}`, deps, () => registry.read(name));
  if (bytes === undefined) return [];
  const what = `list of referrers ${name}`;
  const list = asList(asObject(parseJson(bytes, what), what).manifests, what);
  if (list.length > MAX_LISTED)
    throw new Failure(
      'verification',
      `${what} has ${list.length} entries, more than the ${MAX_LISTED} that are looked at. Remove what nobody needs`,
    );
  return list;
}

/** Whether an item in a list of referrers says that it is an artifact of this type. */
function isOfType(item: unknown, artifactType: string): boolean {
  return isObject(item) && item.artifactType === artifactType;
}

/** Digests of the artifacts of one type in a list of referrers, each once. What else an item says nobody has to believe. Pure. */
export function artifactsIn(list: readonly unknown[], artifactType: string): Digest[] {
  const digests = list.flatMap((item) => (isOfType(item, artifactType) ? [digestIn(item)] : []));
  return [...new Set(digests.filter((digest) => digest !== undefined))];
}

/** The digest that an item in a list of referrers names, if it names one. Pure. */
export function digestIn(item: unknown): Digest | undefined {
  return isObject(item) && typeof item.digest === 'string' && isDigest(item.digest) ? item.digest : undefined;
}

/** An artifact that refers to an image: its digest, and type and greatest size of its one layer. `what` names it. */
export type Artifact = { what: string; digest: Digest; layerType: string; maxBytes: number };

/**
 * Downloads the layer of an artifact, manifest and layer checked against their digests. Class not-found when it is gone,
 * verification when it says that it refers to another image than `subject`, or that it is more than its one layer of its size.
 */
export async function fetchArtifact(
  registry: Registry,
  repository: string,
  subject: Digest,
  artifact: Artifact,
  deps: Deps,
): Promise<Buffer> {
  const { what, digest, maxBytes } = artifact;
  const name = `${repository}@${digest}`;
  const manifest = await withRetries(`reading ${name}`, deps, () => registry.read(name));
  if (manifest === undefined)
    throw new Failure('not-found', `${name} is listed as ${what} of ${subject}, and the registry no longer has it`);
  if (digestOf(manifest) !== digest)
    throw new Failure(
      'verification',
      `${name}: the registry serves other bytes, whose digest is ${digestOf(manifest)}`,
    );
  const layer = layerOf(manifest, name, subject, artifact);
  const layout = await mkdtemp(join(deps.temp, 'artifact-'));
  try {
    const fileBytes = Math.max(maxBytes, MAX_JSON_BYTES);
    await withRetries(`downloading ${name}`, deps, () => registry.fetch(name, layout, fileBytes));
    return await readBlob(layout, layer, maxBytes, what);
  } finally {
    await rm(layout, { recursive: true, force: true });
  }
}

/** The one layer that a manifest names. It is judged first: anybody may have put it there, and all that it names is fetched. Pure. */
function layerOf(manifest: Buffer, name: string, subject: Digest, { what, layerType, maxBytes }: Artifact): Descriptor {
  const part = `manifest of ${what}`;
  requireSize(part, manifest.length, MAX_JSON_BYTES);
  const document = asObject(parseJson(manifest, part), part);
  const { digest } = asObject(document.subject ?? {}, `subject of ${what}`);
  if (digest !== subject)
    throw new Failure('verification', `${name} is listed as ${what} of ${subject}, but says it is of another image`);
  const layers = asList(document.layers, part);
  if (layers.length > 1 || document.manifests !== undefined)
    throw new Failure('verification', `${name} has more than the one layer that ${what} has`);
  const layer = asDescriptor(layers[0], layerType, `layer of ${what}`);
  requireSize(what, layer.size, maxBytes);
  const { size = 0 } = asObject(document.config ?? {}, `config of ${what}`);
  requireSize(`config of ${what}`, size, MAX_JSON_BYTES);
  return layer;
}

function requireSize(what: string, size: unknown, most: number): void {
  if (asSize(size, what) > most) throw wrong(`size of ${what}`, `at most ${most} bytes`, size);
}
