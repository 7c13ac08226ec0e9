import type { Deps } from '../deps.js';
import { errorCode, Failure, toFailure } from '../errors.js';
import { parseRef } from '../source/ref.js';
import { provenCommit } from '../source/commit.js';
import { type History, type Source, resolve } from '../source/resolve.js';
import { parseUpstream } from '../source/upstream.js';
import { type VerifiedTree, type Wanted, verify, verifyKept } from '../source/verify.js';
import { type OpenedEvidence, readEvidenceFile } from './evidence.js';
import type { Lock } from './lock.js';
import { requireSame } from './replay.js';

/** A lock's source, verified anew. */
export type Confirmed = { source: Source; tree: VerifiedTree };

/**
 * Asks upstream for the commit of a lock, gets its archive, and requires of both what the lock says. With them comes the history
 * to ask further. The token goes to the upstream that the lock names: see requireAsked.
 */
export async function confirmSource(
  lock: Lock,
  known: Omit<Wanted, 'replayed'>,
  deps: Deps,
): Promise<{ confirmed: Confirmed; history: History }> {
  const upstream = parseUpstream(lock.inputs.upstream);
  const { source, history } = await resolve(upstream, parseRef(lock.inputs.commit), known.upstreamToken, deps);
  const tree = await verify(source, { ...known, replayed: lock.facts }, deps);
  return { confirmed: confirmed(lock, source, tree), history };
}

/** The same from an evidence bundle, without a network, and so without a history: which one the commit is in is not asked. */
export async function confirmEvidence(evidence: OpenedEvidence, deps: Deps): Promise<Confirmed> {
  const { lock } = evidence;
  const { commit } = lock.inputs;
  const commitObject = await orLacking(readEvidenceFile(evidence, 'commit'));
  const source: Source = {
    ...provenCommit(commitObject, commit),
    upstream: parseUpstream(lock.inputs.upstream),
    ref: commit,
    commit,
    tagObject: undefined,
    reachableFrom: [],
    commitObject,
  };
  const wanted = { archiveSha256: undefined, upstreamToken: undefined, replayed: lock.facts };
  const archive = await orLacking(readEvidenceFile(evidence, 'archive'));
  return confirmed(lock, source, await verifyKept(source, archive, wanted, deps));
}

/** Reads a part of a bundle; one that is not there is class not-found: nothing is wrong with what is. */
export async function orLacking<T>(reading: Promise<T>): Promise<T> {
  try {
    return await reading;
  } catch (error) {
    const { kind, message, cause } = toFailure(error);
    if (kind !== 'verification' || errorCode(cause) !== 'ENOENT') throw error;
    throw new Failure('not-found', message, { cause: error });
  }
}

function confirmed(lock: Lock, source: Source, tree: VerifiedTree): Confirmed {
  requireConfirmed(lock, { source, tree });
  return { source, tree };
}

/** Requires of a lock that it says of its source what was verified. Failure class verification. Pure. */
export function requireConfirmed({ inputs, facts }: Lock, { source, tree }: Confirmed): void {
  const { version, archiveUrl, tarSha256 } = facts;
  requireSame(
    { tree: inputs.tree, epoch: inputs.epoch, version, archiveUrl, tarSha256 },
    {
      tree: source.tree,
      epoch: source.epoch,
      version: tree.version,
      archiveUrl: tree.archiveUrl,
      tarSha256: tree.tarSha256,
    },
  );
}
