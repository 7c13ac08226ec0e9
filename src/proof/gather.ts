import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { sha256 } from '../hash.js';
import type { BuildFiles } from '../image/build/buildx.js';
import { readFacts } from '../image/build/image.js';
import { layerTar, type ComposedImage, type ComposedPlatform } from '../image/layout/compose.js';
import { readTar } from '../image/layout/tar.js';
import { parseJson } from '../json.js';
import type { Platform } from '../platform.js';
import type { Source } from '../source/resolve.js';
import type { VerifiedTree } from '../source/verify.js';
import { DOCKERFILE } from '../wrapper.js';
import { cratesOf } from './crates.js';
import { type Evidence, readCrates } from './evidence.js';
import type { Lock } from './lock.js';
import { statementOf } from './statement.js';
import type { TrustCheck } from './trust.js';

/** What a run that built has in hand. */
export type Gathered = {
  lock: Lock;
  source: Source;
  tree: VerifiedTree;
  image: ComposedImage;
  files: BuildFiles;
  checks: TrustCheck[];
};

/** Brings together the evidence of an image: everything that decides its bytes, what is in it, what was checked. */
export async function gatherEvidence({ lock, source, tree, image, files, checks }: Gathered): Promise<Evidence> {
  // Its library is large.
  const { parseToolchain, sbomFile } = await import('./sbom.js');
  const cargoLock = await readFile(join(tree.folder, 'Cargo.lock'), 'utf8');
  const sboms = new Map<Platform, string>();
  for (const part of image.images) {
    const { metadata, toolchain } = await readFacts(files, part.platform);
    const sbom = sbomFile({
      lock,
      platform: part.platform,
      manifest: part.manifest.digest,
      crates: cratesOf(parseJson(metadata, 'the output of cargo metadata'), cargoLock),
      toolchain: parseToolchain(toolchain),
      shell: shellOf(image, part),
    });
    sboms.set(part.platform, sbom);
  }
  return {
    lock,
    commit: source.commitObject,
    archive: tree.archive,
    dockerfile: await readFile(DOCKERFILE),
    crates: await readCrates(files.crates, cargoLock),
    statement: statementOf(lock, image, checks),
    sboms,
  };
}

/** SHA256 of the /bin/sh in the image of a platform. */
export function shellOf(image: ComposedImage, part: ComposedPlatform): string {
  const shell = readTar(layerTar(image, part), `layer of ${part.platform}`).find(({ path }) => path === 'bin/sh');
  return sha256(shell?.data ?? Buffer.alloc(0));
}
