import { join } from 'node:path';
import type { Deps } from '../../deps.js';
import { Failure } from '../../errors.js';
import { readCapped } from '../../files.js';
import { BUILD_PLATFORM, type Platform } from '../../platform.js';
import { DOCKERFILE } from '../../wrapper.js';
import { exportStage } from './buildx.js';

const MAX_PLATFORM_BYTES = 1_000;

/**
 * The platform whose compiler will build each platform, as BuildKit's BUILDPLATFORM has it. Only the builder knows: its
 * nodes may differ, and what `docker buildx inspect` lists first may be what its user wrote.
 */
export async function readBuildPlatforms(
  platforms: readonly Platform[],
  builder: string,
  source: string,
  folder: string,
  deps: Deps,
): Promise<Partial<Record<Platform, string>>> {
  // The stage takes nothing from them, and what is not needed is not resolved: no need to wait until they are pinned.
  const bases = { rust: 'scratch', shell: 'scratch' };
  const spec = { builder, dockerfile: DOCKERFILE, contexts: { source }, bases, epoch: 0, labels: {}, noCache: false };
  const folders = await exportStage('build-platform', platforms, spec, folder, deps);
  const found: Partial<Record<Platform, string>> = {};
  for (const [platform, from] of folders) {
    const said = await readCapped(
      join(from, 'build-platform'),
      MAX_PLATFORM_BYTES,
      `the builder's word on ${platform}`,
    );
    const text = said.toString('utf8').trim();
    if (!BUILD_PLATFORM.test(text))
      throw new Failure('local', `the builder ${builder} does not say which platform it runs on. Update BuildKit`);
    found[platform] = text;
  }
  return found;
}
