import type { Deps } from '../deps.js';
import { differingMembers } from '../difference.js';
import { Failure, toFailure } from '../errors.js';
import { jsonText } from '../json.js';
import type { Log } from '../log/log.js';
import { MAX_HOLDERS } from '../source/holders.js';
import { type WantedRef, parseRef } from '../source/ref.js';
import type { History, Named, Source } from '../source/resolve.js';
import { andMore, printable } from '../text.js';
import type { Lock } from './lock.js';

/** A commit, and the branches and tags that hold it. */
type Held = Pick<Source, 'commit' | 'reachableFrom'>;

/**
 * Refuses (class verification) a commit that the ref which was asked for does not name. A branch may have gone on since the
 * image was built: then it has to hold the commit.
 */
export async function requireRef(
  ref: WantedRef,
  { commit }: Pick<Source, 'commit'>,
  history: History,
  { log }: Pick<Deps, 'log'>,
): Promise<void> {
  await requireStill(await history.at(ref), commit, history, log);
}

async function requireStill(named: Named, commit: string, history: History, log: Pick<Log, 'info'>): Promise<void> {
  const { name, commit: now } = named;
  if (!(await isStill(named, commit, history)))
    throw new Failure(
      'verification',
      `upstream's ${name} names ${now}, and this image is of ${commit}. Build again, or give the ref that it was built from`,
    );
  if (now !== commit) log.info(`Upstream's ${name} has gone on to ${now} since this image was built of ${commit}`);
}

/** Whether a ref names this commit still: a branch may have gone on, if it holds the commit. */
async function isStill({ name, commit: now }: Named, commit: string, history: History): Promise<boolean> {
  const moves = name === 'HEAD' || name.startsWith('refs/heads/');
  return now === commit || (moves && (await history.isAncestor(commit, now)));
}

function tagDifferences({ tagObject }: Lock['facts'], named: Named): string[] {
  return differingMembers('', { tagObject }, { tagObject: named.tagObject ?? '' }, ['the lock says', 'upstream']);
}

/** A text in a lock, to say of it what upstream has. */
function locked(name: 'ref' | 'reachableFrom', text: string): string {
  return `facts.${name}: the lock says ${printable(jsonText(text))}`;
}

/**
 * Refuses (class verification) a lock whose facts upstream contradicts: they are signed, and whoever can write to the registry may
 * have put the lock there. What it says of the ref has to hold as for one that was asked for. A branch that was merged and deleted
 * contradicts nothing while others hold the commit: that is warned of.
 */
export async function requireFacts(
  { facts }: Lock,
  source: Held,
  history: History,
  deps: Pick<Deps, 'log'>,
): Promise<void> {
  const ref = lockedRef(facts.ref);
  const refuse = (fact: string) => new Failure('verification', `the lock is not what upstream says: ${fact}`);
  const named = await history.at(ref).catch((error: unknown) => {
    const { kind } = toFailure(error);
    if (kind === 'input') throw refuse(`${locked('ref', facts.ref)}, which names no single commit`);
    if (kind !== 'not-found') throw error;
    return undefined;
  });
  if (named === undefined) {
    const gone = `${locked('ref', facts.ref)}, which upstream does not have`;
    const [holder] = source.reachableFrom;
    if (ref.kind === 'commit' || holder === undefined) throw refuse(gone);
    deps.log.warning(
      `${NO_LONGER}${gone}. Its commit is held by ${printable(holder)}${andMore(source.reachableFrom)}, so it passes`,
    );
    return;
  }
  await requireStill(named, source.commit, history, deps.log);
  const [first] = tagDifferences(facts, named);
  if (first !== undefined) throw refuse(`facts.${first}`);
}

const NO_LONGER = 'upstream is no longer what the lock says: ';

/**
 * Warns of each fact about branches and tags that upstream contradicts now. Nothing fails for it: refs move and go, and the commit
 * itself is proven. A branch that has gone on and holds the commit is no difference.
 */
export async function warnOfHistory(
  { facts }: Lock,
  source: Held,
  history: History,
  { log }: Pick<Deps, 'log'>,
): Promise<void> {
  const warn = (fact: string) => log.warning(`${NO_LONGER}${fact}`);
  const named = await ifThere(async () => {
    const found = await history.at(lockedRef(facts.ref));
    return { ...found, still: await isStill(found, source.commit, history) };
  });
  const ref = locked('ref', facts.ref);
  if (named === undefined) warn(`${ref}, which upstream does not have`);
  else if (!named.still) warn(`${ref}, which names ${named.commit} now, not ${source.commit}`);
  if (named !== undefined) for (const difference of tagDifferences(facts, named)) warn(`facts.${difference}`);
  const lost = facts.reachableFrom.filter((name) => !source.reachableFrom.includes(name)).slice(0, MAX_HOLDERS);
  for (const name of lost)
    if (!(await holds(name, source, history))) warn(`${locked('reachableFrom', name)}, which does not hold the commit`);
}

/** Whether a ref has the commit in its history, one of more than those that are named, too. */
async function holds(name: string, source: Held, history: History): Promise<boolean> {
  if (source.reachableFrom.length < MAX_HOLDERS) return false;
  const named = await ifThere(() => history.at(lockedRef(name)));
  return named !== undefined && history.isAncestor(source.commit, named.commit);
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
