import type { Deps } from '../deps.js';
import { Failure, toFailure } from '../errors.js';
import type { Digest } from '../hash.js';
import { artifactsIn, fetchArtifact, listReferrers } from '../image/referrers.js';
import { askReferrers } from '../image/referrersApi.js';
import { type Registry, openRegistry } from '../image/registry.js';
import { parseJson } from '../json.js';
import { printable } from '../text.js';
import { readGivenFile } from '../files.js';
import { type FoundBundle, MAX_BUNDLES, parseBundles } from './signature.js';

/** Type of an artifact that is a signed bundle, and of its one layer. */
export const BUNDLE_TYPE = 'application/vnd.dev.sigstore.bundle.v0.3+json';
/** An SBOM can be part of one. */
const MAX_BUNDLE_BYTES = 32_000_000;
/** All that a file holds is in memory at once. */
const MAX_FILE_BYTES = 4 * MAX_BUNDLE_BYTES;

/** The bundles of a file that somebody downloaded. */
export async function bundlesOfFile(file: string): Promise<FoundBundle[]> {
  return parseBundles(String(await readGivenFile('--bundle', file, MAX_FILE_BYTES)), printable(file, 1_000));
}

/**
 * The bundles that lie beside an image in its registry: what the referrers API lists and what the tag lists that stands in for it,
 * as either may be the only one that was written. One that is gone or cannot be read is left out, with a line in the log:
 * anybody who can write to the registry can put one there. Each is read when it is asked for: together they may be large.
 */
export async function* bundlesOfRegistry(repository: string, digest: Digest, deps: Deps): AsyncGenerator<FoundBundle> {
  const registry = openRegistry(repository, deps);
  const listed = [
    ...((await askReferrers(repository, digest, BUNDLE_TYPE, deps)) ?? []),
    ...(await listReferrers(registry, repository, digest, deps)),
  ];
  const found = artifactsIn(listed, BUNDLE_TYPE);
  if (found.length > MAX_BUNDLES)
    throw new Failure(
      'verification',
      `the registry lists ${found.length} signed bundles for ${digest}, more than the ${MAX_BUNDLES} that are looked at. Give the right one with --bundle FILE`,
    );
  for (const each of found)
    try {
      yield await readBundle(registry, repository, digest, each, deps);
    } catch (error) {
      const failure = toFailure(error);
      if (failure.kind !== 'verification' && failure.kind !== 'not-found') throw failure;
      deps.log.info(`Passed over ${each}: ${failure.message}`);
    }
}

async function readBundle(
  registry: Registry,
  repository: string,
  subject: Digest,
  digest: Digest,
  deps: Deps,
): Promise<FoundBundle> {
  const artifact = { what: 'a signed bundle', digest, layerType: BUNDLE_TYPE, maxBytes: MAX_BUNDLE_BYTES };
  const bytes = await fetchArtifact(registry, repository, subject, artifact, deps);
  return { from: digest, bundle: parseJson(bytes, `bundle ${repository}@${digest}`) };
}
