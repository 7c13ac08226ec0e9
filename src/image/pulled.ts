import { mkdtemp, rm } from 'node:fs/promises';
import { join } from 'node:path';
import type { Deps } from '../deps.js';
import { Failure } from '../errors.js';
import { type Digest, digestOf } from '../hash.js';
import { asObject, jsonText, parseJson } from '../json.js';
import { withRetries } from '../retry.js';
import { printable } from '../text.js';
import { MAX_LAYER_BYTES } from './layout/limits.js';
import { MEDIA_TYPES } from './layout/oci.js';
import type { Reference } from './reference.js';
import { type Registry, openRegistry } from './registry.js';
import { type Child, type ImageView, childrenOf, claimedBytes, readView, requireModest } from './view.js';

/** An image as its registry serves it, taken apart, every digest recomputed. */
export type PulledImage = { repository: string; digest: Digest; view: ImageView };

/**
 * Pulls an image whole, each manifest, config and layer, and hashes every one. Failures: class not-found when there is no such
 * image, verification when a part is missing or not what its digest says.
 */
export async function pullImage(reference: Reference, deps: Deps): Promise<PulledImage> {
  const { repository } = reference;
  const registry = openRegistry(repository, deps);
  const name = withoutTag(reference);
  const bytes = await readManifest(registry, name, deps);
  if (bytes === undefined)
    throw new Failure(
      'not-found',
      `${name}: the registry has no such image. Check the name; a private image needs 'docker login'`,
    );
  const digest = digestOf(bytes);
  if (reference.digest !== undefined && digest !== reference.digest)
    throw new Failure('verification', `${name}: the registry serves other bytes, whose digest is ${digest}`);
  const index = asObject(parseJson(bytes, 'image index'), 'image index');
  if (index.mediaType !== MEDIA_TYPES.index)
    throw new Failure(
      'verification',
      `${name} is no OCI image index but ${printable(jsonText(index.mediaType))}. This project publishes nothing else`,
    );
  const children = childrenOf(index);
  if (children.length === 0) throw new Failure('verification', `${name} is an image index that names no manifest`);
  // Before the whole is pulled: what a clean-up took is named and not only missed, and what claims to be too much is not fetched.
  // No claim binds a registry: what sends more than any blob may have is cut off by the bound of its client.
  const claimed: number[] = [];
  for (const child of children) claimed.push(await requireChild(registry, repository, child, deps));
  requireModest(claimed);
  const layout = await mkdtemp(join(deps.temp, 'pulled-'));
  try {
    const pinned = `${repository}@${digest}`;
    await withRetries(`pulling ${pinned}`, deps, () => registry.fetch(pinned, layout, MAX_LAYER_BYTES));
    const descriptor = { mediaType: MEDIA_TYPES.index, digest, size: bytes.length };
    return { repository, digest, view: await readView(layout, descriptor) };
  } finally {
    await rm(layout, { recursive: true });
  }
}

/** The name to ask for: where there is a digest it alone says what is meant, and skopeo takes only one of the two. */
function withoutTag({ repository, tag, digest }: Reference): string {
  return digest === undefined ? `${repository}:${tag ?? ''}` : `${repository}@${digest}`;
}

function readManifest(registry: Registry, name: string, deps: Deps): Promise<Buffer | undefined> {
  return withRetries(`reading ${name}`, deps, () => registry.read(name));
}

/** The bytes that a child claims to have, once its manifest is there and is what its digest says. */
async function requireChild(
  registry: Registry,
  repository: string,
  { platform, descriptor }: Child,
  deps: Deps,
): Promise<number> {
  const name = `${repository}@${descriptor.digest}`;
  const bytes = await readManifest(registry, name, deps);
  if (bytes === undefined)
    throw new Failure(
      'verification',
      `the manifest of ${platform} is gone: the index names ${name}, and the registry no longer has it. A clean-up of untagged images takes platforms from under an index; publish the image again`,
    );
  const digest = digestOf(bytes);
  if (digest !== descriptor.digest)
    throw new Failure(
      'verification',
      `the manifest of ${platform}: the registry serves ${digest} as ${descriptor.digest}`,
    );
  return claimedBytes(bytes, platform);
}
