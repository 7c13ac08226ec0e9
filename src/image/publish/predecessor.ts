import type { Deps } from '../../deps.js';
import { differingMembers } from '../../difference.js';
import { Failure } from '../../errors.js';
import { type Digest, digestOf, isDigest } from '../../hash.js';
import { asList, asObject, asTexts, parseJson } from '../../json.js';
import { type LockInputs, buildKey } from '../../proof/lock.js';
import { withRetries } from '../../retry.js';
import type { History } from '../../source/resolve.js';
import { isEpoch, printable } from '../../text.js';
import { CREATED, OWN_PREFIX } from '../labels.js';
import { type Registry, openRegistry, readDigest } from '../registry.js';
import type { TagNames } from './tags.js';

/** An image that a tag names, by what its index says of itself; nobody has verified that. */
export type Predecessor = { name: string; digest: Digest; annotations: Record<string, string>; children: string[] };

/** The image of ours that a tag names; undefined when there is none, or it is no image of this project. */
export async function readPredecessor(registry: Registry, name: string, deps: Deps): Promise<Predecessor | undefined> {
  const bytes = await withRetries(`reading ${name}`, deps, () => registry.read(name));
  return bytes === undefined ? undefined : predecessorOf(name, bytes);
}

/** The same, from the bytes that the tag names. Pure. */
export function predecessorOf(name: string, bytes: Buffer): Predecessor | undefined {
  const what = `what ${name} names`;
  try {
    const index = asObject(parseJson(bytes, what), what);
    const annotations = asTexts(index.annotations ?? {}, `annotations of ${what}`);
    const children = asList(index.manifests ?? [], what).map((child) => String(asObject(child, what).digest));
    if (annotations[`${OWN_PREFIX}commit`] === undefined) return undefined;
    return { name, digest: digestOf(bytes), annotations, children };
  } catch (error) {
    if (error instanceof Failure) return undefined;
    throw error;
  }
}

/** A build that a registry may hold: the labels that its lock gives, how many platforms it has, its tags. */
export type WantedBuild = {
  labels: Record<string, string>;
  platforms: number;
  tags: TagNames;
  /** What was read of its moving tags already, and is not asked again. */
  before: readonly Predecessor[];
};

/**
 * The digest that every repository holds of a build: under the build key's tag, with the build's own labels, with all its
 * platforms, and under every other tag. Undefined when one of them lacks anything, or when they do not agree. Whether anybody
 * signed it is another question: `verify` answers it.
 */
export async function heldDigest(
  repositories: readonly string[],
  wanted: WantedBuild,
  deps: Deps,
): Promise<Digest | undefined> {
  const digests = new Set<Digest>();
  for (const repository of repositories) {
    const digest = await heldBy(repository, wanted, deps);
    if (digest === undefined) return undefined;
    digests.add(digest);
  }
  return digests.size === 1 ? [...digests][0] : undefined;
}

async function heldBy(
  repository: string,
  { labels, platforms, tags, before }: WantedBuild,
  deps: Deps,
): Promise<Digest | undefined> {
  const registry = openRegistry(repository, deps);
  const digestAt = (name: string) => withRetries(`reading ${name}`, deps, () => readDigest(registry, name));
  const found = await readPredecessor(registry, `${repository}:${tags.key}`, deps);
  if (found === undefined || differingMembers('', found.annotations, labels).length > 0) return undefined;
  if (found.children.length !== platforms || !found.children.every(isDigest)) return undefined;
  for (const child of found.children) if ((await digestAt(`${repository}@${child}`)) !== child) return undefined;
  // A run that ended among its tags left some of them behind.
  for (const tag of [...tags.fixed, ...tags.moving]) {
    const name = `${repository}:${tag}`;
    const { digest } = before.find((one) => one.name === name) ?? { digest: await digestAt(name) };
    if (digest !== found.digest) return undefined;
  }
  return found.digest;
}

/** What can change from one image to the next: the recipe is the Dockerfile, this release, platforms and labels. */
export type Part = 'source' | 'bases' | 'recipe';

/** What a new image has otherwise than the one before: nothing when both have one build key, everything where there was none. Pure. */
export function changedParts(before: Predecessor | undefined, lock: LockInputs): Part[] {
  const says = (label: string): string => before?.annotations[label] ?? '';
  const own = (name: string): string => says(OWN_PREFIX + name);
  const [upstream, commit, tree] = [own('upstream'), own('commit'), own('tree')];
  const bases = { rust: own('rust-image'), shell: own('shell-image') };
  const epoch = Date.parse(says(CREATED)) / 1_000;
  const same: Record<Part, boolean> = {
    source: upstream === lock.upstream && commit === lock.commit && tree === lock.tree,
    bases: bases.rust === lock.bases.rust && bases.shell === lock.bases.shell,
    // Made by the new recipe, the source and the bases of that image would have its build key.
    recipe: isEpoch(epoch) && buildKey({ ...lock, upstream, commit, tree, epoch, bases }) === own('build-key'),
  };
  return (['source', 'bases', 'recipe'] as const).filter((part) => !same[part]);
}

/**
 * Refuses a moving tag that would go back: the commit it names now comes after the new one in upstream's history. With
 * `onward` the new commit must come after that one; where it does not, upstream has rewritten its history.
 */
export async function requireForward(
  before: Predecessor,
  commit: string,
  onward: boolean,
  history: Pick<History, 'isAncestor'>,
): Promise<void> {
  const last = before.annotations[`${OWN_PREFIX}commit`] ?? '';
  if (last === commit || (/^[0-9a-f]{40}$/.test(last) && (await history.isAncestor(last, commit)))) return;
  if (onward)
    throw new Failure(
      'verification',
      `upstream's history was rewritten: ${before.name} was built from ${printable(last)}, and ${commit} does not come after it. Nothing was published. Look at upstream before you go on; to accept the new history, publish once without skip-unchanged and with this tag among moving-tags`,
    );
  if (/^[0-9a-f]{40}$/.test(last) && (await history.isAncestor(commit, last)))
    throw new Failure(
      'registry',
      `${before.name} names an image of ${last}, which comes after ${commit} in upstream's history: a moving tag never goes back. Nothing was published. Leave this tag out of moving-tags`,
    );
}
