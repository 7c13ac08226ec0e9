import { mkdtemp, rm } from 'node:fs/promises';
import { join } from 'node:path';
import type { Deps } from '../deps.js';
import { Failure } from '../errors.js';
import type { Digest } from '../hash.js';
import { withRetries } from '../http/retry.js';
import { readBlob } from './layout/blobs.js';
import { MAX_JSON_BYTES } from './layout/limits.js';
import { asDescriptor, asList, asObject, type Descriptor, parseJson } from './layout/oci.js';
import type { Registry } from './registry.js';

/**
 * Where referrers of a digest are listed in a registry without the referrers API (OCI distribution-spec 1.1, "referrers
 * tag schema").
 */
export function referrersTag(repository: string, digest: Digest): string {
  return `${repository}:${digest.replace(':', '-')}`;
}

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
  return asList(asObject(parseJson(bytes, what), what).manifests, what);
}

/** An artifact that refers to an image: its manifest, and type and greatest size of its one layer. `what` names it. */
export type Artifact = { what: string; manifest: Descriptor; layerType: string; maxBytes: number };

/**
 * Downloads the layer of an artifact, manifest and layer checked against their digests. Class verification when the
 * artifact says that it refers to another image than `subject`.
 */
export async function fetchArtifact(
  registry: Registry,
  repository: string,
  subject: Digest,
  { what, manifest, layerType, maxBytes }: Artifact,
  deps: Deps,
): Promise<Buffer> {
  const name = `${repository}@${manifest.digest}`;
  const layout = await mkdtemp(join(deps.temp, 'artifact-'));
  try {
    await withRetries(`downloading ${name}`, deps, () => registry.fetch(name, layout));
    const part = `manifest of ${what}`;
    const document = asObject(parseJson(await readBlob(layout, manifest, MAX_JSON_BYTES, part), part), part);
    const { digest } = asObject(document.subject ?? {}, `subject of ${what}`);
    if (digest !== subject)
      throw new Failure('verification', `${name} is listed as ${what} of ${subject}, but says it is of another image`);
    const layer = asDescriptor(asList(document.layers, part)[0], layerType, `layer of ${what}`);
    return await readBlob(layout, layer, maxBytes, what);
  } finally {
    await rm(layout, { recursive: true, force: true });
  }
}
