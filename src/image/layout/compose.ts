import { canonicalJson } from '../../canonical.js';
import { digestOf, type Digest } from '../../hash.js';
import { PLATFORMS, platformParts, type Platform } from '../../platform.js';
import { configBytes, type RuntimeConfig } from './config.js';
import { pack, unpack } from './gzip.js';
import { MAX_LAYER_BYTES } from './limits.js';
import { MEDIA_TYPES, type Descriptor } from './oci.js';

/**
 * Version of the layout writer, part of the lock: raised with every change that gives the same contents other bytes.
 */
export const LAYOUT_VERSION = 1;

/** What one platform's build gave: what decides behaviour, and the uncompressed tar of its one layer. */
export type BuiltImage = { platform: Platform; config: RuntimeConfig; layer: Buffer };

/** Bytes with their address. */
export type Blob = { digest: Digest; size: number; bytes: Buffer };

/** One platform of a composed image. `diffId` and `unpackedSize` (bytes) are those of the layer's tar. */
export type ComposedPlatform = {
  platform: Platform;
  manifest: Descriptor;
  config: Descriptor;
  layer: Descriptor;
  diffId: Digest;
  unpackedSize: number;
};

/** A whole image: `index.digest` is what is published; `blobs` holds every blob by address, the index among them. */
export type ComposedImage = { index: Blob; blobs: ReadonlyMap<Digest, Buffer>; images: readonly ComposedPlatform[] };

/** Annotations of the index, by key. */
export type Annotations = Readonly<Record<string, string>>;

/**
 * The canonical image of these builds: its bytes are a function of contents, epoch and annotations alone, whatever
 * Docker, node or processor made them, and whatever order the builds come in. Throws an Error for no build, or two of
 * one platform.
 */
export function compose(
  builds: readonly BuiltImage[],
  options: { epochSeconds: number; annotations: Annotations },
): ComposedImage {
  if (builds.length === 0 || new Set(builds.map(({ platform }) => platform)).size !== builds.length)
    throw new Error(`an image needs one build a platform, not ${builds.map(({ platform }) => platform).join(', ')}`);
  const blobs = new Map<Digest, Buffer>();
  const add = (mediaType: string, bytes: Buffer): Descriptor => {
    const digest = digestOf(bytes);
    blobs.set(digest, bytes);
    return { mediaType, digest, size: bytes.length };
  };
  const images = PLATFORMS.flatMap((platform) => builds.filter((build) => build.platform === platform)).map((build) => {
    const { platform, layer: tar } = build;
    const diffId = digestOf(tar);
    const layer = add(MEDIA_TYPES.packedLayer, pack(tar));
    const config = add(MEDIA_TYPES.config, configBytes(platform, build.config, options.epochSeconds, diffId));
    const manifest = add(MEDIA_TYPES.manifest, manifestBytes(config, layer));
    return { platform, manifest, config, layer, diffId, unpackedSize: tar.length };
  });
  const bytes = indexBytes(images, options.annotations);
  const { digest, size } = add(MEDIA_TYPES.index, bytes);
  return { index: { digest, size, bytes }, blobs, images };
}

/** The manifest of one platform. */
export function manifestBytes(config: Descriptor, layer: Descriptor): Buffer {
  return Buffer.from(canonicalJson({ schemaVersion: 2, mediaType: MEDIA_TYPES.manifest, config, layers: [layer] }));
}

/** The index over the platforms, in the order given. */
export function indexBytes(
  images: readonly { platform: Platform; manifest: Descriptor }[],
  annotations: Annotations,
): Buffer {
  return Buffer.from(
    canonicalJson({
      schemaVersion: 2,
      mediaType: MEDIA_TYPES.index,
      manifests: images.map(({ platform, manifest }) => ({ ...manifest, platform: platformParts(platform) })),
      ...(Object.keys(annotations).length === 0 ? {} : { annotations }),
    }),
  );
}

/** The blob with this digest. Throws an Error if the image was put together without it. */
export function blobOf(image: ComposedImage, { digest }: { digest: Digest }): Buffer {
  const bytes = image.blobs.get(digest);
  if (bytes === undefined) throw new Error(`the image has no blob ${digest}`);
  return bytes;
}

/** The uncompressed tar of a platform's layer, unpacked from its blob. */
export function layerTar(image: ComposedImage, { platform, layer }: ComposedPlatform): Buffer {
  return unpack(blobOf(image, layer), MAX_LAYER_BYTES, `layer of ${platform}`);
}
