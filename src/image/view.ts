import { gunzipSync } from 'node:zlib';
import { Failure } from '../errors.js';
import type { Digest } from '../hash.js';
import { blobOf, type ComposedImage, layerTar } from './layout/compose.js';
import { readBlob } from './layout/blobs.js';
import { MAX_JSON_BYTES, MAX_LAYER_BYTES } from './layout/limits.js';
import { asDescriptor, asSize, type Descriptor, MEDIA_TYPES } from './layout/oci.js';
import { asList, asObject, asTexts, type JsonObject, parseJson, wrong } from '../json.js';
import { printable } from '../text.js';

/** An image taken apart to be compared with another one. It need not be one that we would write. */
export type ImageView = { digest: Digest; index: JsonObject; platforms: PlatformView[] };

export type PlatformView = {
  /** `os/architecture[/variant]` as the index has it. */
  platform: string;
  manifest: Digest;
  config: JsonObject;
  layers: { digest: Digest; tar: Buffer }[];
};

const MAX_PLATFORMS = 16;
const MAX_LAYERS = 16;
/** Of all blobs as they are fetched, and of all layers unpacked: some times what an image of ours has. */
const MAX_TOTAL_BYTES = 4 * MAX_LAYER_BYTES;

/** How much may still be unpacked. */
type Budget = { bytes: number };

/** What an image says of itself: the annotations of its index, and every platform's labels. Class verification when they are none. Pure. */
export function saidBy({ index, platforms }: ImageView): { where: string; texts: Record<string, string> }[] {
  const annotations = 'annotations of the index';
  return [
    { where: annotations, texts: asTexts(index.annotations ?? {}, annotations) },
    ...platforms.map(({ platform, config }) => {
      const where = `labels of ${platform}`;
      const { Labels: labels } = asObject(config.config ?? {}, `config of ${platform}`);
      return { where, texts: asTexts(labels ?? {}, where) };
    }),
  ];
}

/** What was composed here. */
export function viewOf(image: ComposedImage): ImageView {
  return {
    digest: image.index.digest,
    index: asObject(parseJson(image.index.bytes, 'image index'), 'image index'),
    platforms: image.images.map((part) => ({
      platform: part.platform,
      manifest: part.manifest.digest,
      config: asObject(parseJson(blobOf(image, part.config), 'config'), 'config'),
      layers: [{ digest: part.layer.digest, tar: layerTar(image, part) }],
    })),
  };
}

/**
 * Reads whatever image a layout folder holds under this digest, every digest and size recomputed: an index of OCI
 * manifests whose layers are tars, plain or in gzip. Failures are class verification and name the part.
 */
export async function readView(folder: string, index: Descriptor): Promise<ImageView> {
  const document = asObject(
    parseJson(await readBlob(folder, index, MAX_JSON_BYTES, 'image index'), 'image index'),
    'image index',
  );
  const platforms: PlatformView[] = [];
  const budget: Budget = { bytes: MAX_TOTAL_BYTES };
  for (const { platform, descriptor } of childrenOf(document))
    platforms.push(await readPlatform(folder, platform, descriptor, budget));
  return { digest: index.digest, index: document, platforms };
}

/** A manifest that an index names, and `os/architecture[/variant]` as it has it. */
export type Child = { platform: string; descriptor: Descriptor };

/** What an image index names, none of it read yet. Failures are class verification. Pure. */
export function childrenOf({ manifests }: JsonObject): Child[] {
  const list = asList(manifests, 'image index').map((child) => asObject(child, 'image index'));
  if (list.length > MAX_PLATFORMS)
    throw new Failure('verification', `the image index names ${list.length} manifests, more than ${MAX_PLATFORMS}`);
  const children: Child[] = [];
  for (const child of list) {
    const { os, architecture, variant } = asObject(child.platform ?? {}, 'platform in the image index');
    const platform = printable([os, architecture, variant].filter((part) => typeof part === 'string').join('/'));
    if (children.some((other) => other.platform === platform))
      throw new Failure(
        'verification',
        `the image index names ${platform} twice, and not every client takes the same one`,
      );
    children.push({ platform, descriptor: asDescriptor(child, MEDIA_TYPES.manifest, `manifest of ${platform}`) });
  }
  return children;
}

/**
 * How many bytes the blobs have that a manifest names, as it says; none of them is fetched yet. Class verification when they are
 * many, or one is larger than a layer may be. Pure.
 */
export function claimedBytes(bytes: Buffer, platform: string): number {
  const what = `manifest of ${platform}`;
  const { config, layers, manifests } = asObject(parseJson(bytes, what), what);
  // Some clients would fetch what these name, which nobody has looked at.
  if (manifests !== undefined) throw wrong(`manifests in the ${what}`, 'none', manifests);
  const sizes = [config, ...asList(layers, `layers of ${platform}`)].map((part) =>
    asSize(asObject(part, what).size, `a blob of ${platform}`),
  );
  if (sizes.length > 1 + MAX_LAYERS)
    throw new Failure('verification', `${platform} has ${sizes.length - 1} layers, more than ${MAX_LAYERS}`);
  for (const size of sizes)
    if (size > MAX_LAYER_BYTES) throw wrong(`size of a blob of ${platform}`, `at most ${MAX_LAYER_BYTES} bytes`, size);
  return sum(sizes);
}

/** Requires of an image, by what its platforms claim to have, that it is not too much to be fetched. Pure. */
export function requireModest(claimed: readonly number[]): void {
  const total = sum(claimed);
  if (total > MAX_TOTAL_BYTES)
    throw new Failure(
      'verification',
      `the image's blobs have ${total} bytes together, more than the ${MAX_TOTAL_BYTES} that are fetched`,
    );
}

function sum(numbers: readonly number[]): number {
  return numbers.reduce((total, each) => total + each, 0);
}

async function readPlatform(
  folder: string,
  platform: string,
  descriptor: Descriptor,
  budget: Budget,
): Promise<PlatformView> {
  const what = `manifest of ${platform}`;
  const manifest = asObject(parseJson(await readBlob(folder, descriptor, MAX_JSON_BYTES, what), what), what);
  const whose = `config of ${platform}`;
  const configBlob = asDescriptor(manifest.config, MEDIA_TYPES.config, whose);
  const config = parseJson(await readBlob(folder, configBlob, MAX_JSON_BYTES, whose), whose);
  const described = asList(manifest.layers, `layers of ${platform}`);
  if (described.length > MAX_LAYERS)
    throw new Failure('verification', `${platform} has ${described.length} layers, more than ${MAX_LAYERS}`);
  const layers: PlatformView['layers'] = [];
  for (const layer of described)
    layers.push(await readLayer(folder, asObject(layer, `layer of ${platform}`), platform, budget));
  return { platform, manifest: descriptor.digest, config: asObject(config, whose), layers };
}

async function readLayer(
  folder: string,
  layer: JsonObject,
  platform: string,
  budget: Budget,
): Promise<{ digest: Digest; tar: Buffer }> {
  const what = `layer of ${platform}`;
  const packed = layer.mediaType !== MEDIA_TYPES.layer;
  const descriptor = asDescriptor(layer, packed ? MEDIA_TYPES.packedLayer : MEDIA_TYPES.layer, what);
  const bytes = await readBlob(folder, descriptor, MAX_LAYER_BYTES, what);
  const tar = packed ? unpackAny(bytes, what) : bytes;
  budget.bytes -= tar.length;
  if (budget.bytes < 0)
    throw new Failure('verification', `the image's layers have more than ${MAX_TOTAL_BYTES} bytes unpacked`);
  return { digest: descriptor.digest, tar };
}

/** Any gzip: the image may be anybody's, and its digest has vouched for the bytes. */
function unpackAny(bytes: Buffer, what: string): Buffer {
  try {
    return gunzipSync(bytes, { maxOutputLength: MAX_LAYER_BYTES });
  } catch (cause) {
    throw new Failure('verification', `${what} cannot be unpacked into at most ${MAX_LAYER_BYTES} bytes`, { cause });
  }
}
