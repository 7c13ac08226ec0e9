import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { mkdir, rename, rm, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { run } from './exec.js';

export type Platform = { readonly os: 'linux'; readonly architecture: string; readonly variant?: string };

/** An image of one layer: the contents of the folder `root`, which is consumed. */
export type Image = {
  readonly platform: Platform;
  readonly root: string;
  readonly config: {
    readonly Env: readonly string[];
    readonly Cmd?: readonly string[];
    readonly Entrypoint?: string[];
  };
};

const TYPE = 'application/vnd.oci.image';

/** Writes an OCI layout of one multi-platform index. Files are dated 1970: equal folders make equal digests. */
export async function writeLayout(dir: string, images: readonly Image[]): Promise<void> {
  const blobs = join(dir, 'blobs', 'sha256');
  await mkdir(blobs, { recursive: true });
  const put = async (mediaType: string, value: unknown) => {
    const bytes = JSON.stringify(value);
    const digest = createHash('sha256').update(bytes).digest('hex');
    await writeFile(join(blobs, digest), bytes);
    return { mediaType, digest: `sha256:${digest}`, size: Buffer.byteLength(bytes) };
  };
  const manifests = [];
  for (const { platform, root, config } of images) {
    const layer = await writeLayer(blobs, root);
    const rootfs = { type: 'layers', diff_ids: [layer.diffId] };
    const manifest = {
      schemaVersion: 2,
      mediaType: `${TYPE}.manifest.v1+json`,
      config: await put(`${TYPE}.config.v1+json`, { ...platform, config, rootfs }),
      layers: [layer.descriptor],
    };
    manifests.push({ ...(await put(manifest.mediaType, manifest)), platform });
  }
  const mediaType = `${TYPE}.index.v1+json`;
  const index = await put(mediaType, { schemaVersion: 2, mediaType, manifests });
  await writeFile(join(dir, 'oci-layout'), JSON.stringify({ imageLayoutVersion: '1.0.0' }));
  await writeFile(join(dir, 'index.json'), JSON.stringify({ schemaVersion: 2, manifests: [index] }));
}

async function writeLayer(blobs: string, root: string) {
  const tar = `${root}.tar`;
  const format = [
    '--format=pax',
    '--pax-option=delete=atime,delete=ctime',
    '--numeric-owner',
    '--owner=0',
    '--group=0',
  ];
  await run('tar', ['-C', root, '--sort=name', '--mtime=@0', ...format, '-cf', tar, '.']);
  await rm(root, { recursive: true });
  await run('zstd', ['-q', '-3', '-T0', tar, '-o', `${tar}.zst`]);
  const diffId = `sha256:${await sha256(tar)}`;
  await rm(tar);
  const digest = await sha256(`${tar}.zst`);
  const { size } = await stat(`${tar}.zst`);
  await rename(`${tar}.zst`, join(blobs, digest));
  return { diffId, descriptor: { mediaType: `${TYPE}.layer.v1.tar+zstd`, digest: `sha256:${digest}`, size } };
}

async function sha256(file: string): Promise<string> {
  const hash = createHash('sha256');
  await pipeline(createReadStream(file, { highWaterMark: 1 << 20 }), hash);
  return hash.digest('hex');
}

/** Copies a layout to an image reference of a registry on this machine, all platforms, every digest as it is. */
export async function pushLayout(dir: string, reference: string): Promise<void> {
  const options = ['--quiet', '--all', '--preserve-digests', '--dest-tls-verify=false'];
  await run('skopeo', ['copy', ...options, `oci:${dir}`, `docker://${reference}`]);
}
