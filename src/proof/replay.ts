import { differingMembers } from '../difference.js';
import { Failure, type FailureClass } from '../errors.js';
import { readGivenFile } from '../files.js';
import type { Recipe } from '../image/build/recipe.js';
import type { Inputs } from '../inputs.js';
import { parseRef } from '../source/ref.js';
import { parseUpstream } from '../source/upstream.js';
import { andMore, printable } from '../text.js';
import { type Lock, MAX_LOCK_BYTES, lockedBases, parseLock } from './lock.js';

/** Reads the lock that input `lock` names. Failure class input. */
export async function readLock(path: string): Promise<Lock> {
  return parseLock(String(await readGivenFile('input lock', path, MAX_LOCK_BYTES, 'the lock')));
}

/** The inputs of a run that replays a lock: what decides bytes comes from it. Contradictions are refused. Pure. */
export function replayInputs(inputs: Inputs, { inputs: locked }: Lock): Inputs {
  const { ref } = inputs;
  if (ref.kind !== 'head' && !(ref.kind === 'commit' && ref.commit === locked.commit))
    throw new Failure(
      'input',
      `inputs ref and lock: the lock is of commit ${locked.commit}. Leave ref out when a lock is replayed`,
    );
  if (inputs.upstreamToken !== undefined && inputs.upstream.url !== locked.upstream)
    throw new Failure(
      'input',
      `inputs upstream-token and lock: the lock names the upstream ${printable(locked.upstream)}, and the token is for ${inputs.upstream.url}. Set upstream to the lock's if the token is for that one`,
    );
  if (Object.keys(inputs.labels).length > 0 && differingMembers('', inputs.labels, locked.labels).length > 0)
    throw new Failure(
      'input',
      'inputs labels and lock: the lock names its labels. Leave labels out when it is replayed',
    );
  return {
    ...inputs,
    upstream: parseUpstream(locked.upstream),
    ref: parseRef(locked.commit),
    platforms: locked.platforms,
    bases: lockedBases(locked),
    labels: locked.labels,
  };
}

/** What of a lock depends on this release and is in the lock that it makes: asked before anything is fetched. Pure. */
export function requireRecipe(locked: Recipe, own: Recipe): void {
  if (!isSameRecipe(locked, own) || locked.wrapper !== own.wrapper) throw otherRelease('input', locked, own);
}

/** The same for a lock that is only built from: what decides bytes, and not which release it is that has it. Pure. */
export function requireBuildable(locked: Recipe, own: Recipe): void {
  if (!isSameRecipe(locked, own)) throw otherRelease('not-found', locked, own);
}

function isSameRecipe(locked: Recipe, own: Recipe): boolean {
  return locked.dockerfile === own.dockerfile && locked.layout === own.layout;
}

function otherRelease(kind: FailureClass, locked: Recipe, own: Recipe): Failure {
  return new Failure(
    kind,
    `the lock was made by release ${printable(locked.wrapper)} of phantun-runtime (Dockerfile ${locked.dockerfile.slice(0, 12)}, layout writer ${locked.layout}), and this is ${own.wrapper} (${own.dockerfile.slice(0, 12)}, ${own.layout}). Use that release for it`,
  );
}

/** Requires of a lock made anew what the replayed one says: all inputs, and those facts that upstream answers. Pure. */
export function requireSameLock(replayed: Lock, made: Lock): void {
  const checkable = ({ inputs, facts: { version, archiveUrl, tarSha256 } }: Lock) => ({
    inputs,
    facts: { version, archiveUrl, tarSha256 },
  });
  requireSame(checkable(replayed), checkable(made));
}

/** Requires that what a lock says is what was found; every difference is named, the first in the message. Pure. */
export function requireSame(locked: object, found: object): void {
  const differences = differingMembers('', locked, found, ['the lock says', 'this run found']);
  const [first] = differences;
  if (first === undefined) return;
  throw new Failure('verification', `the lock contradicts what was found: ${first}${andMore(differences)}`, {
    details: differences,
  });
}
