import type { Deps } from '../deps.js';
import { differingMembers } from '../difference.js';
import { Failure, toFailure } from '../errors.js';
import { OWN_PREFIX } from '../image/labels.js';
import { formatReference, type Reference } from '../image/reference.js';
import { type ImageView, saidBy } from '../image/view.js';
import type { InputName, Inputs } from '../inputs.js';
import { jsonText } from '../json.js';
import { MAX_HOLDERS } from '../source/holders.js';
import { type WantedRef, parseRef } from '../source/ref.js';
import type { Named, Source } from '../source/resolve.js';
import { andMore, printable } from '../text.js';
import { type Lock, buildKey } from './lock.js';

/**
 * Refuses (class input) a lock that is of something else than was asked for, by those inputs that were given, and one whose
 * upstream is not the one that a token is for: whoever wrote the lock could have the token sent anywhere. Pure.
 */
export function requireAsked({ inputs: locked }: Lock, given: Iterable<string>, inputs: Inputs): void {
  const token = inputs.upstreamToken !== undefined;
  const names = new Set<string>([...given, ...(token ? ['upstream'] : [])]);
  const { upstream, platforms, bases, labels } = inputs;
  const asked: Partial<Record<InputName, unknown>> = {
    upstream: upstream.url,
    platforms,
    'rust-image': formatReference(bases.rust),
    'shell-image': formatReference(bases.shell),
    labels,
  };
  const found: Partial<Record<InputName, unknown>> = {
    upstream: locked.upstream,
    platforms: locked.platforms,
    'rust-image': likeAsked(locked.bases.rust, bases.rust),
    'shell-image': likeAsked(locked.bases.shell, bases.shell),
    labels: locked.labels,
  };
  const only = (all: object) => Object.fromEntries(Object.entries(all).filter(([name]) => names.has(name)));
  const differences = differingMembers('', only(found), only(asked), ['the lock says', 'asked for was']);
  const [first] = differences;
  if (first === undefined) return;
  const why = token && locked.upstream !== upstream.url ? '. The token is for the upstream that --upstream names' : '';
  throw new Failure('input', `this image is not the one that was asked for: ${first}${andMore(differences)}${why}`, {
    details: differences,
  });
}

/** A pinned base without its digest, unless a digest was asked for. */
function likeAsked(pinned: string, asked: Reference): string {
  return asked.digest === undefined ? pinned.replace(/@.*/, '') : pinned;
}

/**
 * Refuses (class verification) a commit that the ref which was asked for does not name. A branch may have gone on since the
 * image was built: then it has to hold the commit.
 */
export async function requireRef(ref: WantedRef, source: Source, { log }: Pick<Deps, 'log'>): Promise<void> {
  const { name, commit: now, still } = await standing(ref, source);
  if (!still)
    throw new Failure(
      'verification',
      `upstream's ${name} names ${now}, and this image is of ${source.commit}. Build again, or give the ref that it was built from`,
    );
  if (now !== source.commit)
    log.info(`Upstream's ${name} has gone on to ${now} since this image was built of ${source.commit}`);
}

/** What a ref names now, and whether that is this commit still: a branch may have gone on, if it holds the commit. */
async function standing(ref: WantedRef, source: Source): Promise<Named & { still: boolean }> {
  const named = await source.at(ref);
  const { name, commit: now } = named;
  const moves = name === 'HEAD' || name.startsWith('refs/heads/');
  const still = now === source.commit || (moves && (await source.isAncestor(source.commit, now)));
  return { ...named, still };
}

function tagDifferences({ tagObject }: Lock['facts'], named: Named): string[] {
  return differingMembers('', { tagObject }, { tagObject: named.tagObject ?? '' }, ['the lock says', 'upstream']);
}

/**
 * Refuses (class verification) a lock whose facts upstream contradicts: they are signed, and whoever can write to the registry may
 * have put the lock there. What it says of the ref has to hold as for one that was asked for.
 */
export async function requireFacts({ facts }: Lock, source: Source, deps: Pick<Deps, 'log'>): Promise<void> {
  const ref = lockedRef(facts.ref);
  await requireRef(ref, source, deps);
  const [first] = tagDifferences(facts, await source.at(ref));
  if (first !== undefined) throw new Failure('verification', `the lock is not what upstream says: facts.${first}`);
}

/**
 * Warns of each fact about branches and tags that upstream contradicts now. Nothing fails for it: refs move and go, and the commit
 * itself is proven. A branch that has gone on and holds the commit is no difference.
 */
export async function warnOfHistory({ facts }: Lock, source: Source, { log }: Pick<Deps, 'log'>): Promise<void> {
  const warn = (fact: string) => log.warning(`upstream is no longer what the lock says: facts.${fact}`);
  const says = (name: string, text: string) => `${name}: the lock says ${printable(jsonText(text))}`;
  const named = await ifThere(() => standing(lockedRef(facts.ref), source));
  if (named === undefined) warn(`${says('ref', facts.ref)}, which upstream does not have`);
  else if (!named.still) warn(`${says('ref', facts.ref)}, which names ${named.commit} now, not ${source.commit}`);
  if (named !== undefined) for (const difference of tagDifferences(facts, named)) warn(difference);
  const lost = facts.reachableFrom.filter((name) => !source.reachableFrom.includes(name)).slice(0, MAX_HOLDERS);
  for (const name of lost)
    if (!(await holds(name, source))) warn(`${says('reachableFrom', name)}, which does not hold the commit`);
}

/** Whether a ref has the commit in its history, one of more than those that are named, too. */
async function holds(name: string, source: Source): Promise<boolean> {
  if (source.reachableFrom.length < MAX_HOLDERS) return false;
  const named = await ifThere(() => source.at(lockedRef(name)));
  return named !== undefined && source.isAncestor(source.commit, named.commit);
}

/** What is asked of a ref; undefined when upstream has none of that name, or none that names a commit. */
async function ifThere<T>(ask: () => Promise<T>): Promise<T | undefined> {
  try {
    return await ask();
  } catch (error) {
    if (!['not-found', 'input', 'verification'].includes(toFailure(error).kind)) throw error;
    return undefined;
  }
}

function lockedRef(text: string): WantedRef {
  try {
    return parseRef(text);
  } catch (cause) {
    throw new Failure('verification', `the lock is of the ref '${printable(text)}', which is none`, { cause });
  }
}

/** The lock must be the image's: index and every config carry its build key. Pure. */
export function requireKey(view: ImageView, lock: Lock): void {
  const key = buildKey(lock.inputs);
  for (const { where, texts } of saidBy(view)) {
    const found = texts[`${OWN_PREFIX}build-key`];
    if (found !== key)
      throw new Failure(
        'verification',
        `the lock is not this image's: its build key is ${key}, and the ${where} have ${printable(found ?? 'none')}`,
      );
  }
}
