import { join } from 'node:path';
import { Failure } from '../../errors.js';
import { readCapped } from '../../files.js';
import { asList, asObject, parseJson, wrong } from '../../json.js';
import type { Platform } from '../../platform.js';
import { readBlob } from '../layout/blobs.js';
import type { BuiltImage } from '../layout/compose.js';
import { parseConfig } from '../layout/config.js';
import { MAX_JSON_BYTES, MAX_LAYER_BYTES } from '../layout/limits.js';
import { asDescriptor, MEDIA_TYPES, type Descriptor } from '../layout/oci.js';

// index.json → index → manifest is the deepest that buildx writes.
const MAX_INDEX_DEPTH = 2;

/**
 * Reads what `docker buildx build --output type=oci,tar=false,compression=uncompressed,force-compression=true
 * --provenance=false --sbom=false` wrote for one platform: one image, one uncompressed layer, every digest recomputed.
 * Blobs that nothing names are left alone. Failures are class verification, or class local if there is no layout at
 * all.
 */
export async function readBuilt(folder: string, platform: Platform): Promise<BuiltImage> {
  const what = `the build of ${platform}`;
  const index = await readCapped(join(folder, 'index.json'), MAX_JSON_BYTES, 'index.json').catch((cause: unknown) => {
    const message = `docker buildx ended without an error, but left no OCI layout of ${platform} in ${folder}`;
    throw new Failure('local', message, { cause });
  });
  const manifests = await manifestsOf(folder, index, what, MAX_INDEX_DEPTH);
  const [first] = manifests;
  if (first === undefined || manifests.length !== 1)
    throw wrong(`number of images in ${what}`, '1 (one platform, no attestations)', String(manifests.length));
  const manifest = asObject(await readJson(folder, first, `manifest of ${what}`), `manifest of ${what}`);
  const layers = asList(manifest.layers, `layers of ${what}`);
  if (layers.length !== 1)
    throw wrong(`number of layers in ${what}`, '1 (a single COPY into scratch)', String(layers.length));
  const layer = asDescriptor(layers[0], MEDIA_TYPES.layer, `layer of ${what}`);
  const configBlob = asDescriptor(manifest.config, MEDIA_TYPES.config, `config of ${what}`);
  const configFound = await readBlob(folder, configBlob, MAX_JSON_BYTES, `config of ${what}`);
  const config = parseConfig(configFound, `config of ${what}`);
  if (config.platform !== platform) throw wrong(`platform of ${what}`, platform, config.platform);
  // Uncompressed, a layer's digest and its diff_id are one number.
  if (config.diffIds.join() !== layer.digest) throw wrong(`diff_ids of ${what}`, layer.digest, config.diffIds.join());
  return {
    platform,
    config: config.runtime,
    layer: await readBlob(folder, layer, MAX_LAYER_BYTES, `layer of ${what}`),
  };
}

async function manifestsOf(folder: string, index: Buffer, what: string, depth: number): Promise<Descriptor[]> {
  if (depth === 0) throw new Failure('verification', `${what}: indexes are nested too deep`);
  const children = asList(asObject(parseJson(index, `index of ${what}`), `index of ${what}`).manifests, what);
  const found: Descriptor[] = [];
  for (const child of children) {
    if (asObject(child, `index of ${what}`).mediaType === MEDIA_TYPES.index) {
      const nested = asDescriptor(child, MEDIA_TYPES.index, `index of ${what}`);
      const bytes = await readBlob(folder, nested, MAX_JSON_BYTES, `index of ${what}`);
      found.push(...(await manifestsOf(folder, bytes, what, depth - 1)));
    } else {
      found.push(asDescriptor(child, MEDIA_TYPES.manifest, `manifest of ${what}`));
    }
  }
  return found;
}

async function readJson(folder: string, blob: Descriptor, what: string): Promise<unknown> {
  return parseJson(await readBlob(folder, blob, MAX_JSON_BYTES, what), what);
}
