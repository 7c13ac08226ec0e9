import type { Deps } from '../../deps.js';
import { Failure } from '../../errors.js';
import { digestOf } from '../../hash.js';
import { type Platform, platformParts } from '../../platform.js';
import { childEnvironment, execute } from '../../process.js';
import { withRetries } from '../../retry.js';
import { together } from '../../together.js';
import { type Bases, type Reference, formatReference } from '../reference.js';
import { registryFailure } from '../registry.js';

/** Base images as `name:tag@digest`. */
export type PinnedBases = { rust: string; shell: string };

const DEADLINE_SECONDS = 60;

/**
 * Resolves each base image to the digest of its index, once a run, and requires that the index has every platform that is to be
 * built; the builder's own, whose compiler is taken, shows in the build. The digest is computed here from the bytes the registry serves.
 */
export async function pinBases(bases: Bases, platforms: readonly Platform[], deps: Deps): Promise<PinnedBases> {
  const [rust, shell] = await together(deps, (deps) => [
    pinBase(bases.rust, platforms, deps),
    pinBase(bases.shell, platforms, deps),
  ]);
  return { rust, shell };
}

/** One of them, as `name:tag@digest`. */
export async function pinBase(base: Reference, platforms: readonly Platform[], deps: Deps): Promise<string> {
  const name = formatReference(base);
  const bytes = await withRetries(`resolving ${name}`, deps, async () => {
    const { code, stdout, stderr } = await execute(
      'docker',
      ['buildx', 'imagetools', 'inspect', '--raw', name],
      { env: childEnvironment('docker'), what: `looking up ${name}`, deadlineSeconds: DEADLINE_SECONDS },
      deps,
    );
    if (code !== 0) throw registryFailure(stderr, `base image ${name}`, name);
    return stdout;
  });
  const digest = digestOf(bytes);
  if (base.digest !== undefined && base.digest !== digest)
    throw new Failure('verification', `the registry serves ${digest} for ${name}`);
  const missing = missingPlatforms(bytes, platforms);
  if (missing === undefined)
    throw new Failure(
      'input',
      `base image ${name} is not a multi-platform index. Name an image that serves ${platforms.join(', ')}`,
    );
  if (missing.length > 0)
    throw new Failure(
      'input',
      `base image ${name} does not exist for ${missing.join(', ')}. Name another one, or fewer platforms`,
    );
  return formatReference({ ...base, digest });
}

/** Platforms that an index lacks; undefined when the bytes are not an index. Pure. */
export function missingPlatforms(index: Buffer, platforms: readonly Platform[]): Platform[] | undefined {
  let parsed: unknown;
  try {
    parsed = JSON.parse(index.toString('utf8'));
  } catch {
    return undefined;
  }
  const manifests = (parsed as { manifests?: unknown } | null)?.manifests;
  if (!Array.isArray(manifests)) return undefined;
  const served = (manifests as ({ platform?: { os?: string; architecture?: string; variant?: string } } | null)[]).map(
    (manifest) => manifest?.platform,
  );
  return platforms.filter((platform) => {
    const wanted = platformParts(platform);
    return !served.some(
      (have) =>
        have?.os === wanted.os &&
        have.architecture === wanted.architecture &&
        (wanted.variant === undefined || have.variant === wanted.variant),
    );
  });
}
