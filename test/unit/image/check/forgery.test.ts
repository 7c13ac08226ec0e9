import { rename, rm, writeFile } from 'node:fs/promises';
import { gzipSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { canonicalJson } from '../../../../src/canonical.js';
import { digestOf, type Digest } from '../../../../src/hash.js';
import { blobPath } from '../../../../src/image/layout/blobs.js';
import type { ComposedPlatform } from '../../../../src/image/layout/compose.js';
import { pack } from '../../../../src/image/layout/gzip.js';
import { readLayout } from '../../../../src/image/layout/layout.js';
import { asObject, type JsonObject } from '../../../../src/json.js';
import { built, editEntry, image, writtenLayout } from '../../../support/layouts.js';
import { failureOf } from '../../../support/failureOf.js';

// The forger recomputes every digest: only the contents can give the forgery away.
describe('readLayout of a consistent forgery', () => {
  it.each<[string, (parts: Documents) => void, RegExp]>([
    ['no platform', ({ index }) => (index.manifests = []), /platforms in the image index/],
    [
      'a platform twice',
      ({ index }) => (index.manifests = [first(index), first(index)]),
      /platforms in the image index/,
    ],
    [
      'an unknown platform',
      ({ index }) => (first(index).platform = { os: 'linux', architecture: 's390x' }),
      /found linux\/s390x/,
    ],
    [
      'another platform',
      ({ index }) => (first(index).platform = { os: 'linux', architecture: 'arm64' }),
      /platform in the config of linux\/arm64/,
    ],
    ['an unknown member of the index', ({ index }) => (index.subject = {}), /^image index is not what/],
    [
      'an annotation that is not text',
      ({ index }) => (index.annotations = { a: 1 }),
      /annotations, a: expected a text/,
    ],
    [
      'another size of the manifest',
      ({ index }) => (first(index).size = 3),
      /size of manifest of linux\/amd64: expected 3 bytes/,
    ],
    ['data in a descriptor', ({ index }) => (first(index).data = 'e30='), /^image index is not what/],
    [
      'another size of the layer',
      ({ manifest }) => (first(manifest, 'layers').size = 3),
      /size of layer of linux\/amd64/,
    ],
    [
      'another size of the config',
      ({ manifest }) => (asObject(manifest.config, '').size = 3),
      /size of config of linux\/amd64/,
    ],
    [
      'a second layer',
      ({ manifest }) => (manifest.layers = [first(manifest, 'layers'), first(manifest, 'layers')]),
      /^manifest of linux\/amd64 is not what/,
    ],
    [
      'an annotation in a manifest',
      ({ manifest }) => (manifest.annotations = { a: 'b' }),
      /^manifest of linux\/amd64 is not what/,
    ],
    ['history', ({ config }) => (config.history = [{}]), /^config of linux\/amd64 is not what/],
    ['no time', ({ config }) => delete config.created, /created in the config of linux\/amd64/],
    ['a time with a fraction', ({ config }) => (config.created = '2025-10-06T16:29:18.5Z'), /created in the config/],
    ['a time before 1970', ({ config }) => (config.created = '1969-12-31T23:59:59Z'), /created in the config/],
    [
      'another diff_id',
      ({ config }) => (config.rootfs = { diff_ids: [digestOf('')], type: 'layers' }),
      /diff_ids in the config of linux\/amd64/,
    ],
    [
      'an empty member in a config',
      ({ config }) => (asObject(config.config, '').User = ''),
      /^config of linux\/amd64 is not what/,
    ],
  ])('refuses %s', async (_, forge, message) => {
    const failure = await failureOf(async () => readLayout(await forgery(forge)));
    expect(failure).toMatchObject({ kind: 'verification', message: expect.stringMatching(message) as string });
  });

  it.each<[string, Buffer, RegExp]>([
    [
      'a second gzip member',
      Buffer.concat([pack(Buffer.alloc(1024)), pack(Buffer.alloc(1024))]),
      /beside its one gzip member/,
    ],
    [
      'a layer packed otherwise',
      repacked(Buffer.alloc(1024), 0),
      /^layer of linux\/amd64 is not what the layout writer writes/,
    ],
    ['a layer that is not gzip', Buffer.alloc(1024), /gzip header/],
    ['a bomb', repacked(Buffer.alloc(64_000_001), 9), /cannot be unpacked into at most 64000000 bytes/],
  ])('refuses %s', async (_, layer, message) => {
    const failure = await failureOf(async () => readLayout(await forgery(() => undefined, layer)));
    expect(failure).toMatchObject({ kind: 'verification', message: expect.stringMatching(message) as string });
    expect(failure.message).toContain('layer of linux/amd64');
  });

  it('refuses platforms out of order, though every digest fits', async () => {
    const honest = image();
    const folder = await writtenLayout(honest);
    const index = JSON.parse(honest.index.bytes.toString()) as { manifests: object[] };
    await replaceIndex(folder, honest.index.digest, { ...index, manifests: index.manifests.reverse() });
    expect((await failureOf(() => readLayout(folder))).message).toBe(
      'platforms in the image index: expected linux/amd64, linux/arm64, found linux/arm64, linux/amd64',
    );
  });
});

/** The bytes as sound gzip of another level, under the header that the layout writer writes. */
function repacked(bytes: Buffer, level: number): Buffer {
  return Buffer.concat([pack(Buffer.alloc(0)).subarray(0, 10), gzipSync(bytes, { level }).subarray(10)]);
}

type Documents = { index: JsonObject; manifest: JsonObject; config: JsonObject };

function first(document: JsonObject, key = 'manifests'): JsonObject {
  return (document[key] as JsonObject[])[0] ?? {};
}

/** A layout of one platform whose documents were changed and then addressed anew, from the layer up to index.json. */
async function forgery(forge: (documents: Documents) => void, layer?: Buffer): Promise<string> {
  const honest = image([built('linux/amd64')]);
  const [part] = honest.images as [ComposedPlatform];
  const folder = await writtenLayout(honest);
  const parse = (digest: Digest): JsonObject => JSON.parse(honest.blobs.get(digest)?.toString() ?? '') as JsonObject;
  const documents = {
    index: parse(honest.index.digest),
    manifest: parse(part.manifest.digest),
    config: parse(part.config.digest),
  };
  const { index, manifest, config } = documents;
  if (layer !== undefined) {
    Object.assign(first(manifest, 'layers'), { digest: digestOf(layer), size: layer.length });
    await rename(blobPath(folder, part.layer.digest), blobPath(folder, digestOf(layer)));
    await writeFile(blobPath(folder, digestOf(layer)), layer);
  }
  forge(documents);
  const replace = async (old: Digest, document: JsonObject, descriptor: JsonObject): Promise<void> => {
    const bytes = Buffer.from(canonicalJson(document));
    await rm(blobPath(folder, old));
    await writeFile(blobPath(folder, digestOf(bytes)), bytes);
    // What the forger set himself stays as he set it.
    if (descriptor.digest === old) descriptor.digest = digestOf(bytes);
    if (descriptor.size === honest.blobs.get(old)?.length) descriptor.size = bytes.length;
  };
  await replace(part.config.digest, config, asObject(manifest.config, ''));
  await replace(part.manifest.digest, manifest, first(index));
  await replaceIndex(folder, honest.index.digest, index);
  return folder;
}

async function replaceIndex(folder: string, old: Digest, index: object): Promise<void> {
  const bytes = Buffer.from(canonicalJson(index));
  await rm(blobPath(folder, old));
  await writeFile(blobPath(folder, digestOf(bytes)), bytes);
  await editEntry(folder, { digest: digestOf(bytes), size: bytes.length });
}
