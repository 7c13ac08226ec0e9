import { describe, expect, it } from 'vitest';
import { digestOf } from '../../../../src/hash.js';
import { compose, layerTar, LAYOUT_VERSION, type BuiltImage } from '../../../../src/image/layout/compose.js';
import { PLATFORMS } from '../../../../src/platform.js';
import { ANNOTATIONS, EPOCH, sampleBytes } from '../../../support/layouts.js';

const OPTIONS = { epochSeconds: EPOCH, annotations: ANNOTATIONS };
const BUILDS: BuiltImage[] = PLATFORMS.map((platform, index) => ({
  platform,
  config: { Entrypoint: ['/bin/sh'], Labels: { title: 'golden' } },
  layer: sampleBytes(10_000 + index),
}));

describe('compose', () => {
  // Computed a second time by twenty lines of Python (json, zlib, hashlib) that know nothing of this code.
  it('has one digest for constant contents; another one here means a new LAYOUT_VERSION', () => {
    expect({ version: LAYOUT_VERSION, digest: compose(BUILDS, OPTIONS).index.digest }).toEqual({
      version: 1,
      digest: 'sha256:6ff3bd9de029bc76f5394442c942a3e86e8ebf247be85ac82641160ed9a558ff',
    });
  });

  it('gives the same bytes for every order of builds and of object keys', () => {
    const image = compose(BUILDS, OPTIONS);
    const [first, ...rest] = BUILDS.map(({ platform, layer }) => ({
      platform,
      config: { Labels: { title: 'golden' }, Entrypoint: ['/bin/sh'] },
      layer,
    }));
    expect(first).toBeDefined();
    expect(compose([...rest.reverse(), ...(first === undefined ? [] : [first])], OPTIONS)).toEqual(image);
  });

  it.each<[string, BuiltImage[], typeof OPTIONS]>([
    ['a platform less', BUILDS.slice(0, 2), OPTIONS],
    ['another second', BUILDS, { ...OPTIONS, epochSeconds: EPOCH + 1 }],
    ['another annotation', BUILDS, { ...OPTIONS, annotations: { 'org.opencontainers.image.title': 'x' } }],
    ['another layer', BUILDS.map((build) => ({ ...build, layer: sampleBytes(9999) })), OPTIONS],
    ['another label', BUILDS.map((build) => ({ ...build, config: { Labels: { title: 'x' } } })), OPTIONS],
  ])('has another digest with %s', (_, builds, options) => {
    expect(compose(builds, options).index.digest).not.toBe(compose(BUILDS, OPTIONS).index.digest);
  });

  it('describes every platform, and holds every blob once under its digest', () => {
    const image = compose(BUILDS, OPTIONS);
    expect(image.images.map(({ platform }) => platform)).toEqual(PLATFORMS);
    for (const part of image.images) {
      const layer = BUILDS.find(({ platform }) => platform === part.platform)?.layer ?? Buffer.alloc(0);
      expect(layerTar(image, part).equals(layer)).toBe(true);
      expect(part).toMatchObject({ diffId: digestOf(layer), unpackedSize: layer.length });
      for (const { digest, size } of [part.manifest, part.config, part.layer])
        expect(image.blobs.get(digest)?.length).toBe(size);
    }
    expect(image.blobs.size).toBe(1 + 3 * PLATFORMS.length);
    for (const [digest, bytes] of image.blobs) expect(digestOf(bytes)).toBe(digest);
    expect(image.blobs.get(image.index.digest)).toBe(image.index.bytes);
  });

  it('writes the documents OCI asks for', () => {
    const image = compose(BUILDS.slice(2), { epochSeconds: EPOCH, annotations: {} });
    const [part] = image.images;
    const manifest = part === undefined ? undefined : image.blobs.get(part.manifest.digest)?.toString();
    expect(image.index.bytes.toString()).toBe(
      `{"manifests":[{"digest":"${part?.manifest.digest ?? ''}","mediaType":"application/vnd.oci.image.manifest.v1+json",` +
        `"platform":{"architecture":"arm","os":"linux","variant":"v7"},"size":${part?.manifest.size ?? 0}}],` +
        '"mediaType":"application/vnd.oci.image.index.v1+json","schemaVersion":2}',
    );
    expect(manifest).toBe(
      `{"config":{"digest":"${part?.config.digest ?? ''}","mediaType":"application/vnd.oci.image.config.v1+json",` +
        `"size":${part?.config.size ?? 0}},"layers":[{"digest":"${part?.layer.digest ?? ''}",` +
        `"mediaType":"application/vnd.oci.image.layer.v1.tar+gzip","size":${part?.layer.size ?? 0}}],` +
        '"mediaType":"application/vnd.oci.image.manifest.v1+json","schemaVersion":2}',
    );
  });

  it('refuses no build, and two of one platform', () => {
    expect(() => compose([], OPTIONS)).toThrow('one build a platform');
    expect(() => compose([...BUILDS, ...BUILDS.slice(0, 1)], OPTIONS)).toThrow('one build a platform');
  });
});
