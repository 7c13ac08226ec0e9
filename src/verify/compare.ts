import { imageLabels, OWN_PREFIX } from '../image/labels.js';
import { differingMembers } from '../proof/difference.js';
import { type Lock, buildKey } from '../proof/lock.js';
import { type Statement, statementOf } from '../proof/statement.js';
import { isoTime } from '../text.js';
import type { PublishedImage } from './published.js';

const OCI = 'org.opencontainers.image.';
const WORDS = ['found', 'signed'] as const;

/**
 * What the image says of itself otherwise than the signed statement does, a line each; empty when they agree. The index's
 * annotations and every platform's labels are looked at. Pure.
 */
export function labelDifferences(image: PublishedImage, { predicate }: Statement): string[] {
  const { upstream, lock, recipe, bases } = predicate;
  const signed: Record<string, string> = {
    [`${OCI}revision`]: upstream.commit,
    [`${OCI}created`]: isoTime(upstream.epoch),
    [`${OCI}base.digest`]: bases.shell.slice(bases.shell.indexOf('@') + 1),
    [`${OCI}base.name`]: bases.shell.replace(/@.*/, ''),
    [`${OWN_PREFIX}upstream`]: upstream.repository,
    [`${OWN_PREFIX}commit`]: upstream.commit,
    [`${OWN_PREFIX}tree`]: upstream.tree,
    [`${OWN_PREFIX}rust-image`]: bases.rust,
    [`${OWN_PREFIX}shell-image`]: bases.shell,
    [`${OWN_PREFIX}dockerfile`]: recipe.dockerfile,
    [`${OWN_PREFIX}build-key`]: lock.buildKey,
    [`${OWN_PREFIX}wrapper`]: recipe.wrapper,
  };
  const parts = [
    { name: 'annotations of the index', texts: image.annotations },
    ...image.children.map(({ platform, labels }) => ({ name: `labels of ${platform}`, texts: labels })),
  ];
  return parts.flatMap(({ name, texts }) =>
    Object.entries(signed).flatMap(([key, value]) => differingMembers(`${name}, ${key}`, texts[key], value, WORDS)),
  );
}

/**
 * What a lock says otherwise than the signed statement and the image, a line each; empty when they agree. The lock is hashed
 * again, so one that agrees is the very lock that was signed, and its inputs give the build key. Pure.
 */
export function lockDifferences(lock: Lock, image: PublishedImage, { predicate }: Statement): string[] {
  const empty = { index: { digest: image.digest, size: 0, bytes: Buffer.alloc(0) }, blobs: new Map(), images: [] };
  // `checks` are the signer's word, which nothing can be compared with.
  const locked = statementOf(lock, empty, predicate.checks).predicate;
  const labels = imageLabels(lock.inputs, lock.facts.version, buildKey(lock.inputs));
  const platforms = image.children.map(({ platform }) => platform);
  return [
    ...differingMembers('lock', locked, predicate, WORDS),
    ...differingMembers('annotations of the index', image.annotations, labels, ['found', 'by the lock']),
    ...image.children.flatMap(({ platform, labels: found }) =>
      differingMembers(`labels of ${platform}`, found, labels, ['found', 'by the lock']),
    ),
    ...differingMembers('platforms', platforms, lock.inputs.platforms, ['found', 'by the lock']),
  ];
}
