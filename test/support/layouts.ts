import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { canonicalJson } from '../../src/canonical.js';
import { digestOf } from '../../src/hash.js';
import { blobPath } from '../../src/image/layout/blobs.js';
import { compose, type BuiltImage, type ComposedImage } from '../../src/image/layout/compose.js';
import type { ExpectedImage } from '../../src/image/check/check.js';
import { ELF_MACHINES, ELF_TYPES } from '../../src/image/check/elf.js';
import { EXPECTED_FILES, parentsOf } from '../../src/image/check/files.js';
import { writeLayout } from '../../src/image/layout/layout.js';
import { MEDIA_TYPES, type Descriptor } from '../../src/image/layout/oci.js';
import { platformParts, type Platform } from '../../src/platform.js';
import { temporaryFolder } from './world.js';
import { type LayerEntry, layerOf, sealHeader } from './tar.js';

export const EPOCH = 1_759_768_158;
export const ENTRYPOINT = ['/bin/sh', '-c', 'exec "$@"', 'phantun'];
export const LABELS = { 'org.opencontainers.image.title': 'fixture', revision: '7f7da10' };
export const ANNOTATIONS = { 'org.opencontainers.image.title': 'fixture' };
export const BOTH: readonly Platform[] = ['linux/amd64', 'linux/arm64'];
export const EXPECTED: ExpectedImage = {
  platforms: BOTH,
  epochSeconds: EPOCH,
  labels: LABELS,
  annotations: ANNOTATIONS,
  entrypoint: ENTRYPOINT,
};

/** Bytes that compress to about 60 %, the same everywhere: a linear congruential generator. */
export function sampleBytes(size: number): Buffer {
  const bytes = Buffer.alloc(size);
  let state = 1;
  for (let index = 0; index < size; index++) {
    state = (Math.imul(state, 1_103_515_245) + 12_345) >>> 0;
    bytes[index] = (state >>> 16) & 0x1f;
  }
  return bytes;
}

export type ElfOptions = {
  bits?: 32 | 64;
  machine?: number;
  type?: number;
  segments?: number[];
  dynamicTags?: number[];
};

/** A tiny ELF file: header, program headers, and one dynamic section behind them. */
export function elfFile(platform: Platform, options: ElfOptions = {}): Buffer {
  const bits = options.bits ?? (platform === 'linux/arm/v7' ? 32 : 64);
  const wide = bits === 64;
  const type = options.type ?? (platform === 'linux/arm/v7' ? ELF_TYPES.fixed : ELF_TYPES.positionIndependent);
  const segments = options.segments ?? [1, 2];
  const tags = [...(options.dynamicTags ?? [30]), 0];
  const [headerSize, entrySize, tagSize] = wide ? [64, 56, 16] : [52, 32, 8];
  const dynamicStart = headerSize + segments.length * entrySize;
  const file = Buffer.alloc(dynamicStart + tags.length * tagSize);
  const word = (value: number, at: number): void => {
    if (wide) file.writeBigUInt64LE(BigInt(value), at);
    else file.writeUInt32LE(value, at);
  };
  file.write('7f454c46', 'hex');
  file[4] = wide ? 2 : 1;
  file[5] = 1;
  file.writeUInt16LE(type, 16);
  file.writeUInt16LE(options.machine ?? ELF_MACHINES[platform], 18);
  word(headerSize, wide ? 32 : 28);
  file.writeUInt16LE(entrySize, wide ? 54 : 42);
  file.writeUInt16LE(segments.length, wide ? 56 : 44);
  segments.forEach((segment, index) => {
    const at = headerSize + index * entrySize;
    file.writeUInt32LE(segment, at);
    word(dynamicStart, at + (wide ? 8 : 4));
    word(tags.length * tagSize, at + (wide ? 32 : 16));
  });
  tags.forEach((tag, index) => word(tag, dynamicStart + index * tagSize));
  return file;
}

/** The entries of a right image; a test changes one of them. */
export function rootfs(platform: Platform): LayerEntry[] {
  const directories = parentsOf(EXPECTED_FILES.map(({ path }) => path));
  return [
    ...directories.map((path) => ({ path: `${path}/`, mode: 0o755, mtimeSeconds: EPOCH, data: Buffer.alloc(0) })),
    ...EXPECTED_FILES.map(({ path, role }) =>
      role === 'text'
        ? { path, mode: 0o644, mtimeSeconds: EPOCH, data: Buffer.from(`${path}\n`) }
        : { path, mode: 0o755, mtimeSeconds: EPOCH, data: elfFile(platform) },
    ),
  ];
}

/** What a right build of the platform gives. */
export function built(platform: Platform, layer: Buffer = layerOf(rootfs(platform))): BuiltImage {
  const config = { Entrypoint: ENTRYPOINT, Env: ['PATH=/bin'], Labels: LABELS, WorkingDir: '/' };
  return { platform, config, layer };
}

/** A right image of two platforms. */
export function image(builds: BuiltImage[] = BOTH.map((platform) => built(platform))): ComposedImage {
  return compose(builds, { epochSeconds: EPOCH, annotations: ANNOTATIONS });
}

/** One raw tar header, sealed: for entries that the writer refuses to write. */
export function tarHeader(
  path: string,
  type: string,
  fields: { size?: string; link?: string; mode?: string } = {},
): Buffer {
  const header = Buffer.alloc(512);
  header.write(path, 0);
  header.write(fields.mode ?? '0000644', 100);
  header.write('0000000', 108);
  header.write('0000000', 116);
  header.write(fields.size ?? '00000000000', 124);
  header.write(EPOCH.toString(8).padStart(11, '0'), 136);
  header.write(type, 156);
  header.write(fields.link ?? '', 157);
  header.write('ustar\x0000', 257);
  return sealHeader(header);
}

/** A PAX header with these records, padded. */
export function paxHeader(records: string): Buffer {
  const size = Buffer.byteLength(records);
  const data = Buffer.alloc(Math.ceil(size / 512) * 512);
  data.write(records);
  return Buffer.concat([tarHeader('pax', 'x', { size: size.toString(8).padStart(11, '0') }), data]);
}

/** One PAX record with its length in front. */
export function paxRecord(key: string, value: string): string {
  const rest = Buffer.byteLength(` ${key}=${value}\n`);
  const length = [1, 2, 3, 4].map((digits) => rest + digits).find((sum, index) => String(sum).length === index + 1);
  return `${length ?? 0} ${key}=${value}\n`;
}

export type LayoutParts = {
  manifest?: object;
  config?: object;
  layers?: object[];
  index?: (manifest: Descriptor) => object;
};

/** Writes an OCI layout as BuildKit does: pretty-printed manifest, image manifest right below `index.json`. */
export async function writeBuildKitLayout(
  folder: string,
  platform: Platform,
  layer: Buffer,
  parts: LayoutParts = {},
): Promise<void> {
  await mkdir(join(folder, 'blobs', 'sha256'), { recursive: true });
  await mkdir(join(folder, 'ingest'));
  const add = async (mediaType: string, bytes: Buffer): Promise<Descriptor> => {
    await writeFile(blobPath(folder, digestOf(bytes)), bytes);
    return { mediaType, digest: digestOf(bytes), size: bytes.length };
  };
  const layerBlob = await add(MEDIA_TYPES.layer, layer);
  const config = await add(
    MEDIA_TYPES.config,
    Buffer.from(
      JSON.stringify({
        ...platformParts(platform),
        config: { Env: ['PATH=/bin'], Entrypoint: ENTRYPOINT, WorkingDir: '/', Labels: LABELS, OnBuild: null },
        created: '2025-10-06T16:29:18Z',
        history: [{ created_by: 'COPY rootfs / # buildkit', comment: 'buildkit.dockerfile.v0' }],
        rootfs: { type: 'layers', diff_ids: [digestOf(layer)] },
        ...parts.config,
      }),
    ),
  );
  const manifest = await add(
    MEDIA_TYPES.manifest,
    Buffer.from(
      JSON.stringify(
        {
          schemaVersion: 2,
          mediaType: MEDIA_TYPES.manifest,
          config,
          layers: parts.layers ?? [layerBlob],
          ...parts.manifest,
        },
        undefined,
        2,
      ),
    ),
  );
  const index = parts.index?.(manifest) ?? { schemaVersion: 2, mediaType: MEDIA_TYPES.index, manifests: [manifest] };
  await writeFile(join(folder, 'oci-layout'), '{"imageLayoutVersion":"1.0.0"}');
  await writeFile(join(folder, 'index.json'), JSON.stringify(index));
}

/** A folder with the image's layout, gone after the test. */
export async function writtenLayout(of: ComposedImage): Promise<string> {
  const folder = join(temporaryFolder(), 'layout');
  await writeLayout(of, folder);
  return folder;
}

/** Changes members of the one descriptor in a layout's `index.json`. */
export async function editEntry(folder: string, change: object): Promise<void> {
  const path = join(folder, 'index.json');
  const entry = JSON.parse(await readFile(path, 'utf8')) as { manifests: object[] };
  Object.assign(entry.manifests[0] ?? {}, change);
  await writeFile(path, canonicalJson(entry));
}
