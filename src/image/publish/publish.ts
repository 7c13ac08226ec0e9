import type { Deps } from '../../deps.js';
import { Failure, withNote } from '../../errors.js';
import { type Digest, digestOf } from '../../hash.js';
import { withRetries } from '../../retry.js';
import type { History } from '../../source/resolve.js';
import type { ComposedImage } from '../layout/compose.js';
import { type Descriptor, MEDIA_TYPES } from '../layout/oci.js';
import { type Registry, openRegistry, readDigest } from '../registry.js';
import { type EvidenceToSend, publishEvidence } from './evidence.js';
import { predecessorOf, requireForward } from './predecessor.js';
import { type SeenTags, requireUnmoved } from './seen.js';
import { type NamedManifest, requireServed, servedParts } from './served.js';
import { type TagNames, inOrder } from './tags.js';

/** What is published: a checked layout on disk and the digests that were computed from it. */
export type Publication = {
  /** OCI layout folder, whose index.json names the index under `digest`. */
  layout: string;
  digest: Digest;
  /** Descriptor of the index. */
  index: Descriptor;
  /** The platform manifests. */
  children: readonly NamedManifest[];
  /** The commit that the image is of. */
  commit: string;
  /** The evidence that goes beside the image. */
  evidence: EvidenceToSend;
};

/** What `publish` needs to know of a checked layout. */
export function publicationOf(
  layout: string,
  image: ComposedImage,
  commit: string,
  evidence: EvidenceToSend,
): Publication {
  const { digest, size } = image.index;
  const children = image.images.map(({ platform, manifest }) => ({ name: platform, digest: manifest.digest }));
  return { layout, digest, index: { mediaType: MEDIA_TYPES.index, digest, size }, children, commit, evidence };
}

export type Published = { refs: string[]; tags: string[] };

/** How far to go, and what an earlier call saw that left the tags: one that was moved since then is left as it is. */
export type Extent = { upTo?: 'evidence' | 'tags'; seen?: SeenTags | undefined };

/**
 * Refuses, before anything is sent, a fixed tag that already names another digest and a moving one that would go back in
 * upstream's history. Returns what every tag names now.
 */
async function readTags(
  repository: string,
  tags: TagNames,
  { digest, commit }: Publication,
  history: Pick<History, 'isAncestor'>,
  deps: Deps,
): Promise<Map<string, Digest | undefined>> {
  const registry = openRegistry(repository, deps);
  const now = new Map<string, Digest | undefined>();
  for (const tag of inOrder(tags)) {
    const name = `${repository}:${tag}`;
    const bytes = await withRetries(`reading ${name}`, deps, () => registry.read(name));
    const found = bytes === undefined ? undefined : digestOf(bytes);
    if (found !== undefined && found !== digest && !tags.moving.includes(tag))
      throw new Failure(
        'registry',
        `${name} already names ${found} and may not move to ${digest}. Nothing was published. Choose another tag, or list it in moving-tags`,
      );
    if (bytes !== undefined && found !== digest) {
      const before = predecessorOf(name, bytes);
      if (before !== undefined) await requireForward(before, commit, false, history);
    }
    now.set(tag, found);
  }
  return now;
}

/**
 * Publishes to every repository: all tags looked at, so that one which may not move is known before anything is sent, then
 * the bytes by digest, compared with what is served, the evidence beside them, then tags. With `upTo` `evidence` tags are left.
 * `seen` is what they named before.
 */
export async function publish(
  publication: Publication,
  repositories: readonly string[],
  tags: TagNames,
  history: Pick<History, 'isAncestor'>,
  deps: Deps,
  { upTo = 'tags', seen }: Extent = {},
): Promise<Published & { seen: SeenTags }> {
  const { digest } = publication;
  const before = new Map<string, Map<string, Digest | undefined>>();
  for (const repository of repositories)
    before.set(repository, await readTags(repository, tags, publication, history, deps));
  const now = seenIn(before);
  if (seen !== undefined)
    for (const [name, found] of Object.entries(now)) requireUnmoved(name, { seen: seen[name], now: found, digest });
  try {
    for (const repository of repositories) {
      await sendByDigest(publication, repository, deps);
      await publishEvidence(repository, publication.index, publication.evidence, deps);
    }
  } catch (error) {
    throw withNote(error, `No tag was moved. ${await whatIsThere(publication, repositories, deps)}`);
  }
  const refs = [...before.keys()].map((name) => `${name}@${digest}`);
  const published = { refs, tags: [] as string[], seen: now };
  if (upTo === 'evidence') return published;
  try {
    for (const [repository, tagged] of before)
      for (const [tag, found] of tagged) {
        const name = `${repository}:${tag}`;
        if (found === digest) deps.log.info(`${name} names it already`);
        else await moveTag(repository, tag, found, digest, deps);
        published.tags.push(name);
        if (found !== digest) await requireServed(openRegistry(repository, deps), name, digest, deps, found);
      }
    // Whoever cancels now has to know what is done.
    if (deps.signal.aborted) throw new Failure('cancelled', 'publishing was cancelled at its end');
  } catch (error) {
    throw published.tags.length === 0 ? error : withNote(error, `Tags that name it: ${published.tags.join(', ')}`);
  }
  return published;
}

function seenIn(before: ReadonlyMap<string, ReadonlyMap<string, Digest | undefined>>): SeenTags {
  const names = [...before].flatMap(([repository, tagged]) =>
    [...tagged].map(([tag, digest]) => [`${repository}:${tag}`, digest ?? ''] as const),
  );
  return Object.fromEntries(names);
}

async function sendByDigest({ layout, digest, children }: Publication, repository: string, deps: Deps): Promise<void> {
  const registry = openRegistry(repository, deps);
  const target = `${repository}@${digest}`;
  const manifests = [digest, ...children.map((child) => child.digest)];
  if (await servesAll(registry, repository, manifests, deps)) {
    deps.log.info(`${target} is there already`);
    return;
  }
  await withRetries(`pushing to ${repository}`, deps, () => registry.send(layout, target));
  deps.log.info(`Sent ${target}`);
  for (const manifest of manifests) await requireServed(registry, `${repository}@${manifest}`, manifest, deps);
}

/** What is served of a publication that failed, for whoever has to decide what to do about it. */
async function whatIsThere(
  { digest, children }: Publication,
  repositories: readonly string[],
  deps: Deps,
): Promise<string> {
  const parts = [...children, { name: 'the index', digest }];
  const said: string[] = [];
  for (const repository of repositories) said.push(await servedParts(repository, parts, deps));
  return said.join('; ');
}

/** Whether nothing is to be sent. A registry's clean-up may have taken a platform from under an index that it kept. */
async function servesAll(
  registry: Registry,
  repository: string,
  manifests: readonly Digest[],
  deps: Deps,
): Promise<boolean> {
  for (const manifest of manifests) {
    const name = `${repository}@${manifest}`;
    if ((await withRetries(`reading ${name}`, deps, () => readDigest(registry, name))) !== manifest) return false;
  }
  return true;
}

/** Points a tag at the digest, unless somebody else moved it since it was read. */
async function moveTag(
  repository: string,
  tag: string,
  seen: Digest | undefined,
  digest: Digest,
  deps: Deps,
): Promise<void> {
  const name = `${repository}:${tag}`;
  const registry = openRegistry(repository, deps);
  const now = await withRetries(`reading ${name}`, deps, () => readDigest(registry, name));
  requireUnmoved(name, { seen: seen ?? '', now: now ?? '', digest });
  await withRetries(`tagging ${name}`, deps, () => registry.tag(`${repository}@${digest}`, name));
  deps.log.info(`${name} → ${digest}`);
}
