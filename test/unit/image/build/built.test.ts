import { readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { digestOf } from '../../../../src/hash.js';
import { blobPath } from '../../../../src/image/layout/blobs.js';
import { readBuilt } from '../../../../src/image/build/built.js';
import { MEDIA_TYPES, type Descriptor } from '../../../../src/image/layout/oci.js';
import type { Platform } from '../../../../src/platform.js';
import { temporaryFolder } from '../../../support/world.js';
import { built, rootfs, writeBuildKitLayout, type LayoutParts } from '../../../support/layouts.js';
import { failureOf } from '../../../support/failureOf.js';
import { layerOf } from '../../../support/tar.js';

const LAYER = layerOf(rootfs('linux/arm/v7'));
const LAYER_BLOB: Descriptor = { mediaType: MEDIA_TYPES.layer, digest: digestOf(LAYER), size: LAYER.length };
const index = (...manifests: unknown[]): object => ({ schemaVersion: 2, mediaType: MEDIA_TYPES.index, manifests });

async function layoutWith(parts: LayoutParts = {}, platform: Platform = 'linux/arm/v7'): Promise<string> {
  const folder = temporaryFolder();
  await writeBuildKitLayout(folder, platform, LAYER, parts);
  return folder;
}

describe('readBuilt', () => {
  it('keeps what decides behaviour, and the layer', async () => {
    expect(await readBuilt(await layoutWith(), 'linux/arm/v7')).toEqual(built('linux/arm/v7', LAYER));
  });

  it('follows an index below index.json', async () => {
    const folder = await layoutWith();
    const nested = await writeNested(folder);
    await writeFile(join(folder, 'index.json'), JSON.stringify(index(nested)));
    expect(await readBuilt(folder, 'linux/arm/v7')).toEqual(built('linux/arm/v7', LAYER));
  });

  it.each<[string, LayoutParts, RegExp]>([
    ['no image', { index: () => index() }, /number of images in the build of linux\/arm\/v7: expected 1 .*, found 0/],
    ['an attestation beside the image', { index: (manifest) => index(manifest, manifest) }, /found 2/],
    [
      'an image of docker',
      {
        index: (manifest) => index({ ...manifest, mediaType: 'application/vnd.docker.distribution.manifest.v2+json' }),
      },
      /media type of manifest/,
    ],
    ['no layer', { layers: [] }, /number of layers .* found 0/],
    ['two layers', { layers: [LAYER_BLOB, LAYER_BLOB] }, /number of layers .* found 2/],
    ['a compressed layer', { layers: [{ ...LAYER_BLOB, mediaType: MEDIA_TYPES.packedLayer }] }, /media type of layer/],
    ['a layer of another size', { layers: [{ ...LAYER_BLOB, size: 1 }] }, /size of layer .* expected 1 bytes, found/],
    ['a layer that is not there', { layers: [{ ...LAYER_BLOB, digest: digestOf('x') }] }, /diff_ids of the build/],
    ['another diff_id', { config: { rootfs: { diff_ids: [digestOf('x')] } } }, /diff_ids of the build/],
    ['two diff_ids', { config: { rootfs: { diff_ids: [digestOf(LAYER), digestOf('x')] } } }, /diff_ids of the build/],
    [
      'another platform',
      { config: { architecture: 'arm64', variant: undefined } },
      /expected linux\/arm\/v7, found linux\/arm64/,
    ],
    ['no variant', { config: { variant: undefined } }, /found linux\/arm/],
    ['a health check', { config: { config: { Healthcheck: { Test: ['CMD'] } } } }, /Healthcheck/],
    ['a manifest that is a list', { index: () => [] }, /expected an object/],
  ])('refuses %s', async (_, parts, message) => {
    const folder = await layoutWith(parts);
    const failure = await failureOf(() => readBuilt(folder, 'linux/arm/v7'));
    expect(failure).toMatchObject({ kind: 'verification', message: expect.stringMatching(message) as string });
  });

  it('refuses a layer whose bytes changed', async () => {
    const folder = await layoutWith();
    await writeFile(blobPath(folder, LAYER_BLOB.digest), Buffer.alloc(LAYER.length));
    const failure = await failureOf(() => readBuilt(folder, 'linux/arm/v7'));
    expect(failure).toMatchObject({
      kind: 'verification',
      message: expect.stringMatching(/^digest of layer of/) as string,
    });
  });

  it('refuses indexes without end', async () => {
    const folder = await layoutWith();
    const nested = await writeNested(folder);
    const deeper = Buffer.from(JSON.stringify(index(nested)));
    await writeFile(blobPath(folder, digestOf(deeper)), deeper);
    const entry = index({ mediaType: MEDIA_TYPES.index, digest: digestOf(deeper), size: deeper.length });
    await writeFile(join(folder, 'index.json'), JSON.stringify(entry));
    expect((await failureOf(() => readBuilt(folder, 'linux/arm/v7'))).message).toContain('nested too deep');
  });

  it('calls a builder without a layout unfit, not the source', async () => {
    const folder = await layoutWith();
    await rm(join(folder, 'index.json'));
    const failure = await failureOf(() => readBuilt(folder, 'linux/arm/v7'));
    expect(failure).toMatchObject({ kind: 'local', message: expect.stringContaining('left no OCI layout') as string });
  });
});

/** Moves what index.json holds into a blob, and returns the blob's descriptor. */
async function writeNested(folder: string): Promise<Descriptor> {
  const bytes = await readFile(join(folder, 'index.json'));
  await writeFile(blobPath(folder, digestOf(bytes)), bytes);
  return { mediaType: MEDIA_TYPES.index, digest: digestOf(bytes), size: bytes.length };
}
