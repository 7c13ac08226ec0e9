import { mkdtemp, rm } from 'node:fs/promises';
import { join } from 'node:path';
import type { Deps } from '../deps.js';
import { Failure } from '../errors.js';
import { type Digest, digestOf } from '../hash.js';
import { withRetries } from '../http/retry.js';
import { readBlob } from '../image/layout/blobs.js';
import { MAX_JSON_BYTES, MAX_LAYER_BYTES } from '../image/layout/limits.js';
import { MEDIA_TYPES, asDescriptor } from '../image/layout/oci.js';
import type { Reference } from '../image/reference.js';
import { type Registry, openRegistry } from '../image/registry.js';
import { asList, asObject, asTexts, jsonText, parseJson } from '../json.js';
import { withoutTag } from '../proof/published.js';
import { type Child, childrenOf, requireModest } from '../proof/view.js';
import { printable } from '../text.js';

/** An image as its registry serves it, every digest recomputed here. */
export type PublishedImage = {
  repository: string;
  digest: Digest;
  annotations: Record<string, string>;
  children: PublishedChild[];
};

/** One platform: `labels` are those of its config. */
export type PublishedChild = { platform: string; digest: Digest; labels: Record<string, string> };

/**
 * Pulls an image whole, each manifest, config and layer, and hashes every one. Failures: class not-found when there is no such
 * image, verification when a part is missing or not what its digest says.
 */
export async function pullImage(reference: Reference, deps: Deps): Promise<PublishedImage> {
  const { repository } = reference;
  const registry = openRegistry(repository, deps);
  const name = withoutTag(reference);
  const bytes = await readManifest(registry, name, deps);
  if (bytes === undefined) throw new Failure('not-found', `${name}: the registry has no such image. Check the name`);
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
  // Before the whole is pulled: what a clean-up took is named and not only missed, and nobody makes us fetch without end.
  for (const child of children) await requireChild(registry, repository, child, deps);
  const layout = await mkdtemp(join(deps.temp, 'pulled-'));
  await withRetries(`pulling ${repository}@${digest}`, deps, () => registry.fetch(`${repository}@${digest}`, layout));
  const read: PublishedChild[] = [];
  for (const child of children) read.push(await readChild(layout, child));
  await rm(layout, { recursive: true });
  return {
    repository,
    digest,
    annotations: asTexts(index.annotations ?? {}, 'annotations of the index'),
    children: read,
  };
}

function readManifest(registry: Registry, name: string, deps: Deps): Promise<Buffer | undefined> {
  return withRetries(`reading ${name}`, deps, () => registry.read(name));
}

async function requireChild(
  registry: Registry,
  repository: string,
  { platform, descriptor }: Child,
  deps: Deps,
): Promise<void> {
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
  requireModest(bytes, platform);
}

async function readChild(layout: string, { platform, descriptor }: Child): Promise<PublishedChild> {
  const what = `manifest of ${platform}`;
  const manifest = asObject(parseJson(await readBlob(layout, descriptor, MAX_JSON_BYTES, what), what), what);
  const described = asDescriptor(manifest.config, MEDIA_TYPES.config, `config of ${platform}`);
  const config = asObject(
    parseJson(await readBlob(layout, described, MAX_JSON_BYTES, `config of ${platform}`), `config of ${platform}`),
    `config of ${platform}`,
  );
  for (const layer of asList(manifest.layers, `layers of ${platform}`))
    await readBlob(
      layout,
      asDescriptor(layer, MEDIA_TYPES.packedLayer, `layer of ${platform}`),
      MAX_LAYER_BYTES,
      `layer of ${platform}`,
    );
  const { Labels: labels } = asObject(config.config ?? {}, `config of ${platform}`);
  return { platform, digest: descriptor.digest, labels: asTexts(labels ?? {}, `labels of ${platform}`) };
}
