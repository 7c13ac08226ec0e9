import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { gzipSync } from 'node:zlib';
import { dirname, join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { digestOf } from '../../../src/hash.js';
import { blobPath } from '../../../src/image/layout/blobs.js';
import { writeLayout } from '../../../src/image/layout/layout.js';
import { type Descriptor, MEDIA_TYPES } from '../../../src/image/layout/oci.js';
import { compareImages } from '../../../src/proof/compare.js';
import { childrenOf, claimedBytes, readView, requireModest, saidBy, viewOf } from '../../../src/image/view.js';
import { failureOf } from '../../support/failureOf.js';
import { temporaryFolder } from '../../support/world.js';
import { LOCK, filesOf, imageOf } from '../../support/proof.js';
import { layerOf } from '../../support/tar.js';

const LAYER = layerOf(filesOf('linux/amd64'));
const AMD64 = { os: 'linux', architecture: 'amd64' };

/** Puts blobs into a layout that anybody may have written. */
function anyLayout() {
  const folder = temporaryFolder();
  const add = (mediaType: string, content: Buffer | object): Descriptor => {
    const bytes = Buffer.isBuffer(content) ? content : Buffer.from(JSON.stringify(content));
    const path = blobPath(folder, digestOf(bytes));
    mkdirSync(dirname(path), { recursive: true });
    writeFileSync(path, bytes);
    return { mediaType, digest: digestOf(bytes), size: bytes.length };
  };
  const config = (content: object = { config: { Env: [] } }) => add(MEDIA_TYPES.config, content);
  const layer = (bytes = LAYER) => add(MEDIA_TYPES.layer, bytes);
  const manifest = (content: object = {}) =>
    add(MEDIA_TYPES.manifest, { config: config(), layers: [layer()], ...content });
  const index = (manifests: unknown) => add(MEDIA_TYPES.index, { manifests });
  return { folder, add, config, layer, manifest, index };
}

describe('the view of an image', () => {
  it('is the same from memory and from a layout on disk', async () => {
    const image = imageOf();
    const folder = join(temporaryFolder(), 'layout');
    await writeLayout(image, folder);
    const read = await readView(folder, { ...image.index, mediaType: MEDIA_TYPES.index });
    expect(read).toEqual(viewOf(image));
    expect(read.platforms.map(({ platform }) => platform)).toEqual(LOCK.inputs.platforms);
    expect(read.platforms[0]?.layers[0]?.tar.equals(LAYER)).toBe(true);
  });

  it.each<[string, Buffer]>([
    ['another level', gzipSync(LAYER, { level: 1 })],
    ['two members', Buffer.concat([gzipSync(LAYER.subarray(0, 700)), gzipSync(LAYER.subarray(700))])],
  ])('unpacks any gzip: %s', async (_, packed) => {
    const { folder, add, manifest, index } = anyLayout();
    const layers = [add(MEDIA_TYPES.packedLayer, packed)];
    const view = await readView(folder, index([{ ...manifest({ layers }), platform: AMD64 }]));
    expect(view.platforms[0]?.layers[0]?.digest).toBe(digestOf(packed));
    expect(view.platforms[0]?.layers[0]?.tar.equals(LAYER)).toBe(true);
  });

  it('takes an image that we would not write: variants, several plain layers, no platform', async () => {
    const { folder, layer, manifest, index } = anyLayout();
    const other = layerOf([]);
    const two = manifest({ layers: [layer(), layer(other)] });
    const view = await readView(
      folder,
      index([
        { ...manifest(), platform: { os: 'linux', architecture: 'arm', variant: 'v6\u202e' } },
        { ...two, platform: { ...AMD64, variant: 1 } },
        two,
      ]),
    );
    expect(view.platforms.map(({ platform }) => platform)).toEqual(['linux/arm/v6\\u{202e}', 'linux/amd64', '']);
    expect(view.platforms.map(({ layers }) => layers.length)).toEqual([1, 2, 2]);
  });
});

describe('what an image says of itself', () => {
  const viewWith = (annotations: unknown, config: object) => ({
    ...viewOf(imageOf()),
    index: { annotations },
    platforms: viewOf(imageOf()).platforms.map((platform) => ({ ...platform, config: { ...config } })),
  });

  it('is the annotations of the index and the labels of every platform', () => {
    const labels = { a: 'b' };
    expect(saidBy(viewWith({ c: 'd' }, { config: { Labels: labels } }))).toEqual([
      { where: 'annotations of the index', texts: { c: 'd' } },
      { where: 'labels of linux/amd64', texts: labels },
      { where: 'labels of linux/arm64', texts: labels },
    ]);
  });

  it.each([{}, { config: null }, { config: {} }, { config: { Labels: null } }])(
    'is nothing where there is neither: %j',
    (config) => {
      expect(saidBy(viewWith(undefined, config)).map(({ texts }) => texts)).toEqual([{}, {}, {}]);
    },
  );

  it.each<[string, unknown, object]>([
    ['annotations', { a: 1 }, {}],
    ['a config', {}, { config: 'x' }],
    ['labels', {}, { config: { Labels: ['x'] } }],
  ])('is refused where %s are none', async (_, annotations, config) => {
    expect(await failureOf(() => saidBy(viewWith(annotations, config)))).toMatchObject({ kind: 'verification' });
  });
});

describe('just as much as is taken', () => {
  const blob = { mediaType: MEDIA_TYPES.manifest, digest: digestOf('x'), size: 1 };
  const platform = (index: number) => ({ os: 'linux', architecture: `a${index}` });

  it('is 16 platforms', () => {
    const manifests = (count: number) =>
      Array.from({ length: count }, (_, index) => ({ ...blob, platform: platform(index) }));
    expect(childrenOf({ manifests: manifests(16) })).toHaveLength(16);
    expect(() => childrenOf({ manifests: manifests(17) })).toThrow('the image index names 17 manifests, more than 16');
  });

  const claimed = (layers: unknown[], more: object = {}) =>
    claimedBytes(Buffer.from(JSON.stringify({ config: { size: 3 }, layers, ...more })), 'linux/amd64');

  it('is 16 layers, by what a manifest claims', () => {
    expect(claimed(Array(16).fill({ size: 2 }))).toBe(35);
    expect(() => claimed(Array(17).fill({ size: 2 }))).toThrow('linux/amd64 has 17 layers, more than 16');
  });

  it('is 16 layers, by what is read', async () => {
    const { folder, layer, manifest, index } = anyLayout();
    const empty = layer(layerOf([]));
    const view = await readView(folder, index([{ ...manifest({ layers: Array(16).fill(empty) }), platform: AMD64 }]));
    expect(view.platforms[0]?.layers).toHaveLength(16);
  });

  it('is a blob of 64 MB, and four of them in an image', () => {
    expect(claimed([{ size: 64_000_000 }])).toBe(64_000_003);
    expect(() => claimed([{ size: 64_000_001 }])).toThrow(
      'size of a blob of linux/amd64: expected at most 64000000 bytes, found 64000001',
    );
    expect(() => requireModest([200_000_000, 56_000_000])).not.toThrow();
    expect(() => requireModest([200_000_000, 56_000_001])).toThrow(
      "the image's blobs have 256000001 bytes together, more than the 256000000 that are fetched",
    );
  });

  it('is four layers that have 64 MB unpacked', async () => {
    const { folder, add, manifest, index } = anyLayout();
    const layer = add(MEDIA_TYPES.packedLayer, gzipSync(Buffer.alloc(64_000_000)));
    const view = await readView(folder, index([{ ...manifest({ layers: Array(4).fill(layer) }), platform: AMD64 }]));
    expect(view.platforms[0]?.layers).toHaveLength(4);
  });

  it('has no list of manifests in a manifest', () => {
    expect(() => claimed([], { manifests: [] })).toThrow('manifests in the manifest of linux/amd64: expected none');
  });
});

type Layout = ReturnType<typeof anyLayout>;

describe('a hostile image', () => {
  const platform = AMD64;
  it.each<[string, (layout: Layout) => Descriptor, RegExp]>([
    ['an index that is no JSON', ({ add }) => add(MEDIA_TYPES.index, Buffer.from('x')), /^image index is not JSON$/],
    ['no list of manifests', ({ index }) => index({}), /^image index: expected a list, found \{\}$/],
    ['a manifest that is a number', ({ index }) => index([1]), /^image index: expected an object, found 1$/],
    [
      'too many platforms',
      ({ manifest, index }) => index(Array.from({ length: 17 }, () => ({ ...manifest(), platform }))),
      /^the image index names 17 manifests, more than 16$/,
    ],
    [
      'one platform twice',
      ({ manifest, config, index }) =>
        index([
          { ...manifest(), platform },
          { ...manifest({ config: config({ config: { User: '0' } }) }), platform: { ...platform, variant: null } },
        ]),
      /^the image index names linux\/amd64 twice, and not every client takes the same one$/,
    ],
    [
      'a platform that is a text',
      ({ manifest, index }) => index([{ ...manifest(), platform: 'x' }]),
      /^platform in the image index: expected an object/,
    ],
    [
      'an index in the index',
      ({ index }) => index([{ ...index([]), platform }]),
      /^media type of manifest of linux\/amd64: expected application\/vnd\.oci\.image\.manifest/,
    ],
    [
      'a size that is not the blob’s',
      ({ manifest, index }) => index([{ ...manifest(), size: 1, platform }]),
      /^size of manifest of linux\/amd64: expected 1 bytes/,
    ],
    [
      'a blob that is not there',
      ({ manifest, index }) => index([{ ...manifest(), digest: digestOf('gone'), platform }]),
      /^manifest of linux\/amd64 \(sha256:\w+\) is missing/,
    ],
    [
      'a digest that is a path',
      ({ manifest, index }) => index([{ ...manifest(), digest: 'sha256:../../etc/passwd', platform }]),
      /^digest of manifest of linux\/amd64: expected sha256:<64 hex>/,
    ],
    [
      'no config',
      ({ manifest, index }) => index([{ ...manifest({ config: undefined }), platform }]),
      /^config of linux\/amd64: expected an object, found nothing$/,
    ],
    [
      'a config that is a list',
      ({ manifest, config, index }) => index([{ ...manifest({ config: config([]) }), platform }]),
      /^config of linux\/amd64: expected an object, found \[\]$/,
    ],
    [
      'a config that is no JSON',
      ({ manifest, index, add }) =>
        index([{ ...manifest({ config: add(MEDIA_TYPES.config, Buffer.from('x')) }), platform }]),
      /^config of linux\/amd64 is not JSON$/,
    ],
    [
      'no layers',
      ({ manifest, index }) => index([{ ...manifest({ layers: undefined }), platform }]),
      /^layers of linux\/amd64: expected a list, found nothing$/,
    ],
    [
      'too many layers',
      ({ manifest, layer, index }) =>
        index([{ ...manifest({ layers: Array.from({ length: 17 }, () => layer()) }), platform }]),
      /^linux\/amd64 has 17 layers, more than 16$/,
    ],
    [
      'a layer of another kind',
      ({ manifest, add, index }) =>
        index([{ ...manifest({ layers: [add(`${MEDIA_TYPES.layer}+zstd`, LAYER)] }), platform }]),
      /^media type of layer of linux\/amd64: expected application\/vnd\.oci\.image\.layer\.v1\.tar\+gzip, found .*zstd$/,
    ],
    [
      'a layer that is no gzip',
      ({ manifest, add, index }) =>
        index([{ ...manifest({ layers: [add(MEDIA_TYPES.packedLayer, LAYER)] }), platform }]),
      /^layer of linux\/amd64 cannot be unpacked into at most 64000000 bytes$/,
    ],
    [
      'a gzip that ends early',
      ({ manifest, add, index }) =>
        index([{ ...manifest({ layers: [add(MEDIA_TYPES.packedLayer, gzipSync(LAYER).subarray(0, -9))] }), platform }]),
      /^layer of linux\/amd64 cannot be unpacked/,
    ],
    [
      'a layer that grows beyond all bounds',
      ({ manifest, add, index }) =>
        index([
          { ...manifest({ layers: [add(MEDIA_TYPES.packedLayer, gzipSync(Buffer.alloc(64_000_001)))] }), platform },
        ]),
      /^layer of linux\/amd64 cannot be unpacked into at most 64000000 bytes$/,
    ],
    [
      'layers that are too much together',
      ({ manifest, add, index }) => {
        const layer = add(MEDIA_TYPES.packedLayer, gzipSync(Buffer.alloc(60_000_000)));
        return index([{ ...manifest({ layers: Array.from({ length: 5 }, () => layer) }), platform }]);
      },
      /^the image's layers have more than 256000000 bytes unpacked$/,
    ],
  ])('with %s is refused in words', async (_, make, message) => {
    const layout = anyLayout();
    const failure = await failureOf(() => readView(layout.folder, make(layout)));
    expect(failure.kind).toBe('verification');
    expect(failure.message).toMatch(message);
  });

  it('whose blob was changed on disk is refused', async () => {
    const { folder, layer, manifest, index } = anyLayout();
    const top = index([{ ...manifest(), platform }]);
    const path = blobPath(folder, layer().digest);
    writeFileSync(path, Buffer.from(LAYER).fill(1, 0, 1));
    expect((await failureOf(() => readView(folder, top))).message).toMatch(
      /^digest of layer of linux\/amd64: expected/,
    );
    rmSync(path);
    mkdirSync(path);
    expect((await failureOf(() => readView(folder, top))).message).toMatch(/is not a plain file/);
  });

  it('whose layer is no tar is different when it is compared, and why is said', async () => {
    const { folder, layer, manifest, index } = anyLayout();
    const view = await readView(folder, index([{ ...manifest({ layers: [layer(Buffer.from('x'))] }), platform }]));
    const { verdict, differences } = compareImages(view, viewOf(imageOf()), ['published', 'rebuilt']);
    expect(verdict).toBe('different');
    expect(differences).toContain(
      'linux/amd64: files cannot be compared: published: layer of linux/amd64, tar header at byte 0: the tar ends without an end mark',
    );
  });
});
