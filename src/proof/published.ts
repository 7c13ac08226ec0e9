import { mkdtemp } from 'node:fs/promises';
import { join } from 'node:path';
import type { Deps } from '../deps.js';
import { Failure } from '../errors.js';
import { type Digest, digestOf } from '../hash.js';
import { withRetries } from '../http/retry.js';
import { OWN_PREFIX } from '../image/labels.js';
import { MEDIA_TYPES } from '../image/layout/oci.js';
import { parseReference, type Reference } from '../image/reference.js';
import { openRegistry } from '../image/registry.js';
import { asObject, asTexts, parseJson, wrong } from '../json.js';
import { printable } from '../text.js';
import { type Lock, buildKey } from './lock.js';
import { topOfLayout } from './referrer.js';
import { type ImageView, childrenOf, readView, requireModest } from './view.js';

/** An image as its registry serves it, every digest recomputed. */
export type Published = { repository: string; digest: Digest; view: ImageView };

/** Downloads an image by its tag or digest, with all its platforms. */
export async function downloadPublished(name: string, deps: Deps): Promise<Published> {
  const reference = parseImage(name);
  const { repository } = reference;
  const registry = openRegistry(repository, deps);
  const asked = withoutTag(reference);
  const read = (name: string) => withRetries(`reading ${name}`, deps, () => registry.read(name));
  const bytes = await read(asked);
  if (bytes === undefined)
    throw new Failure(
      'not-found',
      `${asked} is not in its registry. Check the name; a private image needs 'docker login'`,
    );
  const digest = digestOf(bytes);
  if (reference.digest !== undefined && digest !== reference.digest)
    throw new Failure('registry', `${asked}: the registry served ${digest}`);
  const index = asObject(parseJson(bytes, 'image index'), 'image index');
  if (index.mediaType !== MEDIA_TYPES.index)
    throw wrong('media type of the image index', MEDIA_TYPES.index, index.mediaType);
  // Before it is fetched: what an image names may be without end.
  for (const { platform, descriptor } of childrenOf(index)) {
    const manifest = await read(`${repository}@${descriptor.digest}`);
    if (manifest !== undefined) requireModest(manifest, platform);
  }
  const layout = await mkdtemp(join(deps.temp, 'published-'));
  const pinned = `${repository}@${digest}`;
  await withRetries(`downloading ${pinned}`, deps, () => registry.fetch(pinned, layout));
  const top = await topOfLayout(layout);
  if (top.digest !== digest) throw new Failure('registry', `${pinned}: the registry served ${top.digest}`);
  deps.log.info(`${asked} is ${digest}`);
  return { repository, digest, view: await readView(layout, top) };
}

/** The name of an image with a tag or a digest. */
function parseImage(name: string): Reference {
  const reference = parseReference(name);
  if (reference === undefined || (reference.tag === undefined && reference.digest === undefined))
    throw new Failure('input', `'${printable(name)}' names no image with a tag or a digest`);
  return reference;
}

/** The name to ask for: where there is a digest it alone says what is meant, and skopeo takes only one of the two. */
export function withoutTag({ repository, tag, digest }: Reference): string {
  return digest === undefined ? `${repository}:${tag ?? ''}` : `${repository}@${digest}`;
}

/** The lock must be the image's: index and every config carry its build key. */
export function requireKey({ index, platforms }: ImageView, lock: Lock): void {
  const key = buildKey(lock.inputs);
  const label = `${OWN_PREFIX}build-key`;
  const carried = [
    ['the index', asTexts(index.annotations ?? {}, 'annotations')[label]] as const,
    ...platforms.map(
      ({ platform, config }) =>
        [platform, asTexts(asObject(config.config ?? {}, 'config').Labels ?? {}, 'labels')[label]] as const,
    ),
  ];
  for (const [where, found] of carried)
    if (found !== key)
      throw new Failure(
        'verification',
        `the lock is not this image's: its build key is ${key}, and ${where} carries ${printable(found ?? 'none')}`,
      );
}
