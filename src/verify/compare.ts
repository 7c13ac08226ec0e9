import { differingMembers } from '../difference.js';
import { imageLabels, provenanceLabels } from '../image/labels.js';
import type { PulledImage } from '../image/pulled.js';
import { saidBy } from '../image/view.js';
import { type Lock, buildKey } from '../proof/lock.js';
import { type Statement, statementOf } from '../proof/statement.js';

const WORDS = ['found', 'signed'] as const;

/**
 * What the image says of itself otherwise than the signed statement does, a line each; empty when they agree. The index's
 * annotations and every platform's labels are looked at. Pure.
 */
export function labelDifferences({ view }: PulledImage, { predicate }: Statement): string[] {
  const { upstream, lock, recipe, bases } = predicate;
  const { repository, commit, tree, epoch } = upstream;
  const signed = provenanceLabels({ upstream: repository, commit, tree, epoch, bases, recipe }, lock.buildKey);
  return saidBy(view).flatMap(({ where, texts }) =>
    Object.entries(signed).flatMap(([key, value]) => differingMembers(`${where}, ${key}`, texts[key], value, WORDS)),
  );
}

/**
 * What a lock says otherwise than the signed statement and the image, a line each; empty when they agree. The lock is hashed
 * again, so one that agrees is the very lock that was signed, and its inputs give the build key. Pure.
 */
export function lockDifferences(lock: Lock, { digest, view }: PulledImage, { predicate }: Statement): string[] {
  const empty = { index: { digest, size: 0, bytes: Buffer.alloc(0) }, blobs: new Map(), images: [] };
  // Checks, and the branches and tags that held the commit then, are the signer's word: nothing can be compared with them.
  const locked = statementOf(lock, empty, predicate.checks, predicate.upstream.reachableFrom).predicate;
  const labels = imageLabels(lock.inputs, lock.facts.version, buildKey(lock.inputs));
  const platforms = view.platforms.map(({ platform }) => platform);
  return [
    ...differingMembers('lock', locked, predicate, WORDS),
    ...saidBy(view).flatMap(({ where, texts }) => differingMembers(where, texts, labels, ['found', 'by the lock'])),
    ...differingMembers('platforms', platforms, lock.inputs.platforms, ['found', 'by the lock']),
  ];
}
