import { mkdir, opendir, readdir } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { canonicalJson } from '../../canonical.js';
import { Failure } from '../../errors.js';
import { readCapped, writeOut } from '../../files.js';
import { digestOf, type Digest } from '../../hash.js';
import { asList, asObject, asTexts, parseJson, wrong } from '../../json.js';
import { isPlatform, PLATFORMS, type Platform } from '../../platform.js';
import { printable } from '../../text.js';
import { blobPath, readBlob } from './blobs.js';
import { indexBytes, manifestBytes, type Blob, type ComposedImage, type ComposedPlatform } from './compose.js';
import { configBytes, parseConfig } from './config.js';
import { pack, unpack } from './gzip.js';
import { MAX_JSON_BYTES, MAX_LAYER_BYTES } from './limits.js';
import { type Descriptor, LAYOUT_MARKER, MEDIA_TYPES, asDescriptor } from './oci.js';

/**
 * Writes the image as an OCI layout into an empty or absent folder. `index.json` points to the index, which is a blob
 * like any other: its digest, not that of `index.json`, is the image's. Throws class local if the folder holds
 * anything.
 */
export async function writeLayout(image: ComposedImage, folder: string): Promise<void> {
  await mkdir(folder, { recursive: true });
  if ((await readdir(folder)).length > 0)
    throw new Failure('local', `${folder} is not empty. Name a folder that does not exist yet`);
  await mkdir(join(folder, 'blobs', 'sha256'), { recursive: true });
  for (const [digest, bytes] of image.blobs) await writeOut(blobPath(folder, digest), bytes);
  await writeOut(join(folder, 'oci-layout'), LAYOUT_MARKER);
  await writeOut(join(folder, 'index.json'), entryPoint(image.index));
}

/**
 * Reads a layout that `writeLayout` wrote, trusting nothing: every digest, size and diff_id is recomputed, every
 * document and every gzip must be the bytes that the writer would give it, and no file may be there that the image does
 * not need. Throws class verification and names the part that differs.
 */
export async function readLayout(folder: string): Promise<ComposedImage> {
  const marker = await readCapped(join(folder, 'oci-layout'), MAX_JSON_BYTES, 'oci-layout');
  requireBytes(marker, LAYOUT_MARKER, 'oci-layout');
  const blobs = new Map<Digest, Buffer>();
  const read = async (blob: Descriptor, maxBytes: number, what: string): Promise<Buffer> => {
    const bytes = await readBlob(folder, blob, maxBytes, what);
    blobs.set(blob.digest, bytes);
    return bytes;
  };
  const entry = await readCapped(join(folder, 'index.json'), MAX_JSON_BYTES, 'index.json');
  const [top] = asList(asObject(parseJson(entry, 'index.json'), 'index.json').manifests, 'index.json');
  const descriptor = asDescriptor(top, MEDIA_TYPES.index, 'the image index in index.json');
  requireBytes(entry, entryPoint(descriptor), 'index.json');
  const bytes = await read(descriptor, MAX_JSON_BYTES, 'image index');
  const images: ComposedPlatform[] = [];
  for (const { platform, manifest } of parseIndex(bytes)) images.push(await readPlatform(platform, manifest, read));
  await requireFiles(folder, blobs);
  return { index: { digest: descriptor.digest, size: descriptor.size, bytes }, blobs, images };
}

type ReadBlob = (blob: Descriptor, maxBytes: number, what: string) => Promise<Buffer>;

async function readPlatform(platform: Platform, manifest: Descriptor, read: ReadBlob): Promise<ComposedPlatform> {
  const what = `manifest of ${platform}`;
  const manifestFound = await read(manifest, MAX_JSON_BYTES, what);
  const members = asObject(parseJson(manifestFound, what), what);
  const [packedLayer] = asList(members.layers, `layers in the ${what}`);
  const layer = asDescriptor(packedLayer, MEDIA_TYPES.packedLayer, `layer of ${platform}`);
  const config = asDescriptor(members.config, MEDIA_TYPES.config, `config of ${platform}`);
  requireBytes(manifestFound, manifestBytes(config, layer), what);

  const packed = await read(layer, MAX_LAYER_BYTES, `layer of ${platform}`);
  const tar = unpack(packed, MAX_LAYER_BYTES, `layer of ${platform}`);
  requireBytes(packed, pack(tar), `layer of ${platform}`);
  const diffId = digestOf(tar);
  const configFound = await read(config, MAX_JSON_BYTES, `config of ${platform}`);
  const { platform: claimed, epochSeconds, runtime, diffIds } = parseConfig(configFound, `config of ${platform}`);
  if (claimed !== platform) throw wrong(`platform in the config of ${platform}`, platform, claimed);
  if (diffIds.join() !== diffId) throw wrong(`diff_ids in the config of ${platform}`, diffId, diffIds.join());
  if (epochSeconds === undefined)
    throw wrong(`created in the config of ${platform}`, 'whole seconds in UTC', 'something else');
  requireBytes(configFound, configBytes(platform, runtime, epochSeconds, diffId), `config of ${platform}`);
  return { platform, manifest, config, layer, diffId, unpackedSize: tar.length };
}

function parseIndex(bytes: Buffer): { platform: Platform; manifest: Descriptor }[] {
  const index = asObject(parseJson(bytes, 'image index'), 'image index');
  const images = asList(index.manifests, 'manifests in the image index').map((child) => {
    const parts = asTexts(asObject(child, 'manifest in the image index').platform, 'platform in the image index');
    const platform = [parts.os, parts.architecture, parts.variant].filter((part) => part !== undefined).join('/');
    if (!isPlatform(platform)) throw wrong('platform in the image index', `one of ${PLATFORMS.join(', ')}`, platform);
    return { platform, manifest: asDescriptor(child, MEDIA_TYPES.manifest, `manifest of ${platform}`) };
  });
  const found = images.map(({ platform }) => platform);
  const inOrder = PLATFORMS.filter((platform) => found.includes(platform));
  if (found.length === 0 || found.join() !== inOrder.join())
    throw wrong('platforms in the image index', inOrder.join(', ') || 'at least one', found.join(', '));
  requireBytes(bytes, indexBytes(images, asTexts(index.annotations ?? {}, 'annotations')), 'image index');
  return images;
}

/** The bytes of `index.json`: one descriptor without a name, which every tool takes as the image of the layout. */
function entryPoint({ digest, size }: Pick<Blob, 'digest' | 'size'>): Buffer {
  return Buffer.from(
    canonicalJson({
      schemaVersion: 2,
      mediaType: MEDIA_TYPES.index,
      manifests: [{ mediaType: MEDIA_TYPES.index, digest, size }],
    }),
  );
}

function requireBytes(found: Buffer, expected: Buffer, what: string): void {
  if (found.equals(expected)) return;
  const at = found.findIndex((byte, index) => byte !== expected[index]);
  throw new Failure(
    'verification',
    `${what} is not what the layout writer writes; it differs from byte ${at === -1 ? found.length : at}`,
  );
}

/** Level by level and no further than the first stranger: readdir's `recursive` follows links, out of the layout and in circles. */
async function requireFiles(folder: string, blobs: ReadonlyMap<Digest, Buffer>): Promise<void> {
  const hashes = [...blobs.keys()].map((digest) => basename(blobPath('', digest)));
  const levels = [
    { path: '', folders: ['blobs'], files: ['oci-layout', 'index.json'] },
    { path: 'blobs', folders: ['sha256'], files: [] },
    { path: join('blobs', 'sha256'), folders: [], files: hashes },
  ];
  for (const { path, folders, files } of levels)
    for await (const entry of await opendir(join(folder, path)))
      if (!(entry.isDirectory() ? folders : files).includes(entry.name))
        throw new Failure(
          'verification',
          `the layout holds what belongs to no part of the image: ${printable(join(path, entry.name))}`,
        );
}

/** The one entry of a layout folder's index.json, as skopeo wrote it. */
export async function topOfLayout(folder: string): Promise<Descriptor> {
  const bytes = await readCapped(join(folder, 'index.json'), MAX_JSON_BYTES, 'index.json');
  const [top] = asList(asObject(parseJson(bytes, 'index.json'), 'index.json').manifests, 'index.json');
  return asDescriptor(top, MEDIA_TYPES.index, 'the image index');
}
