import { canonicalJson } from '../../canonical.js';
import type { Platform } from '../../platform.js';
import { blobOf, layerTar, type ComposedImage } from './compose.js';
import { writeTar } from './tarWriter.js';

/**
 * One platform of the image as a docker-archive tar, for `docker load`, skopeo and RouterOS: `manifest.json`, the
 * config and the uncompressed layer, named as skopeo names them, at the top of the tar. `tags` (`name:tag`) may be
 * empty. The same image and tags give the same bytes. Throws an Error if the image lacks the platform.
 */
export function dockerArchive(image: ComposedImage, platform: Platform, tags: readonly string[]): Buffer {
  const part = image.images.find((candidate) => candidate.platform === platform);
  if (part === undefined) throw new Error(`the image has no ${platform}`);
  const config = `${hex(part.config.digest)}.json`;
  const layer = `${hex(part.diffId)}.tar`;
  const manifest = canonicalJson([{ Config: config, Layers: [layer], RepoTags: tags }]);
  const files: [string, Buffer][] = [
    ['manifest.json', Buffer.from(manifest)],
    [config, blobOf(image, part.config)],
    [layer, layerTar(image, part)],
  ];
  return writeTar(files.map(([path, data]) => ({ path, mtimeSeconds: 0, data })));
}

function hex(digest: string): string {
  return digest.slice('sha256:'.length);
}
