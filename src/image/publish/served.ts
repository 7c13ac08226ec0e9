import type { Deps } from '../../deps.js';
import { Failure } from '../../errors.js';
import type { Digest } from '../../hash.js';
import { withRetries } from '../../retry.js';
import { type Registry, openRegistry, readDigest } from '../registry.js';

const VISIBLE_WITHIN_MS = 60_000;

/**
 * What was sent must be what is served. A registry may need a moment before it shows a manifest; `stale` is what a tag named
 * before it was moved, which it may name for a moment longer.
 */
export async function requireServed(
  registry: Registry,
  name: string,
  digest: Digest,
  deps: Deps,
  stale?: Digest,
): Promise<void> {
  const end = deps.now() + VISIBLE_WITHIN_MS;
  for (let wait = 500; ; wait *= 2) {
    const served = await withRetries(`reading ${name}`, deps, () => readDigest(registry, name));
    if (served === digest) return;
    if (served !== undefined && served !== stale)
      throw new Failure('registry', `${name}: the registry serves bytes whose digest is ${served}`);
    if (deps.now() + wait > end) throw new Failure('registry', `${name} was sent, but the registry does not show it`);
    await deps.sleep(wait);
  }
}

/** A manifest of an image, by what people call it. */
export type NamedManifest = { name: string; digest: Digest };

/** Which parts of an image a repository serves, in words. Each is asked for once: there is trouble already. */
export async function servedParts(repository: string, parts: readonly NamedManifest[], deps: Deps): Promise<string> {
  const registry = openRegistry(repository, deps);
  const served: string[] = [];
  try {
    for (const { name, digest } of parts)
      if ((await readDigest(registry, `${repository}@${digest}`)) === digest) served.push(`${name} (${digest})`);
  } catch {
    return `What ${repository} serves of it could not be asked`;
  }
  return `${repository} serves ${served.length === 0 ? 'none of it' : served.join(', ')}`;
}
