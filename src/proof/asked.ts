import type { Deps } from '../deps.js';
import { Failure } from '../errors.js';
import { OWN_PREFIX } from '../image/labels.js';
import { formatReference, type Reference } from '../image/reference.js';
import { type ImageView, saidBy } from '../image/view.js';
import type { InputName, Inputs } from '../inputs.js';
import { type WantedRef, parseRef } from '../source/ref.js';
import type { Source } from '../source/resolve.js';
import { archiveUrl } from '../source/upstream.js';
import { andMore, printable } from '../text.js';
import { differingMembers } from './difference.js';
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
  const { name, commit: now } = await source.at(ref);
  if (now === source.commit) return;
  const moves = name === 'HEAD' || name.startsWith('refs/heads/');
  if (!moves || !(await source.isAncestor(source.commit, now)))
    throw new Failure(
      'verification',
      `upstream's ${name} names ${now}, and this image is of ${source.commit}. Build again, or give the ref that it was built from`,
    );
  log.info(`Upstream's ${name} has gone on to ${now} since this image was built of ${source.commit}`);
}

/**
 * Refuses (class verification) a lock whose facts upstream contradicts: they are signed, and whoever can write to the registry may
 * have put the lock there. What it says of the ref has to hold as for one that was asked for; the address follows from the commit.
 */
export async function requireFacts({ facts }: Lock, source: Source, deps: Pick<Deps, 'log'>): Promise<void> {
  const ref = lockedRef(facts.ref);
  await requireRef(ref, source, deps);
  const { tagObject } = await source.at(ref);
  const found = { archiveUrl: facts.archiveUrl, tagObject: facts.tagObject };
  const wanted = {
    archiveUrl: archiveUrl(source.upstream, source.commit).href,
    tagObject: tagObject ?? '',
  };
  const [first] = differingMembers('facts', found, wanted, ['the lock says', 'upstream']);
  if (first !== undefined) throw new Failure('verification', `the lock is not what upstream says: ${first}`);
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
