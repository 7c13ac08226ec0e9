import { Failure } from '../errors.js';
import { isoTime, printable } from '../text.js';
import type { LockInputs } from '../proof/lock.js';

const OCI = 'org.opencontainers.image.';
/** Prefix of the labels that only this project gives a meaning to. */
export const OWN_PREFIX = 'io.github.phantun-runtime.';

/** The label that holds the commit's time. */
export const CREATED = `${OCI}created`;

/** Labels that are proofs or computed facts: nobody may say them otherwise. */
const COMPUTED = ['version', 'revision', 'created', 'licenses', 'base.name', 'base.digest'].map((name) => OCI + name);
const KEY = /^[a-z0-9]+([._-][a-z0-9]+)*$/i;
const MAX_VALUE_LENGTH = 4_096;

/** What the Dockerfile says of every image it builds; a test compares the two. */
export function plainLabels(upstreamUrl: string): Record<string, string> {
  return {
    [`${OCI}title`]: 'phantun-runtime',
    [`${OCI}description`]:
      'phantun, which carries UDP in fake TCP, in a minimal image that passes every argument through',
    [`${OCI}licenses`]:
      '(MIT OR Apache-2.0) AND MIT AND BSD-3-Clause AND Zlib AND GPL-2.0-only AND LGPL-2.1-or-later AND GPL-3.0-or-later WITH GCC-exception-3.1',
    [`${OCI}source`]: upstreamUrl,
  };
}

/** One line `key=value` of input `labels`. */
export function checkLabel(line: string): { key: string; value: string } {
  const equals = line.indexOf('=');
  if (equals < 0)
    throw new Failure('input', `input labels: '${printable(line)}' has no '='. Write key=value, one a line`);
  const key = line.slice(0, equals).trim();
  const value = line.slice(equals + 1).trim();
  const fault = labelFault(key, value);
  if (fault !== undefined) throw new Failure('input', `input labels: the label '${printable(key)}' ${fault}`);
  return { key, value };
}

/** Why a label cannot be one that a user sets; undefined when it can. Pure. */
export function labelFault(key: string, value: string): string | undefined {
  if (!KEY.test(key) || key.length > 255)
    return 'has a key that is none: letters, digits, and single . _ - between them';
  if (/[\p{Cc}\p{Zl}\p{Zp}]/u.test(value)) return 'has a control character in its value';
  if (value.length > MAX_VALUE_LENGTH) return `has a value of more than ${MAX_VALUE_LENGTH} characters`;
  if (key.startsWith(OWN_PREFIX) || COMPUTED.includes(key)) return 'is computed from what was built and cannot be set';
  return undefined;
}

/** Where an image comes from, as a lock's inputs and a signed statement have it. Bases are pinned: `name:tag@sha256:…`. */
export type Provenance = Pick<LockInputs, 'upstream' | 'commit' | 'tree' | 'epoch' | 'bases'> & {
  recipe: { dockerfile: string; wrapper: string };
};

/** The provenance labels that the action adds to the plain ones. Pure. */
export function provenanceLabels(
  { upstream, commit, tree, epoch, bases, recipe }: Provenance,
  buildKey: string,
): Record<string, string> {
  const [shell = '', digest = ''] = bases.shell.split('@');
  return {
    [`${OCI}revision`]: commit,
    [CREATED]: isoTime(epoch),
    [`${OCI}base.name`]: shell,
    [`${OCI}base.digest`]: digest,
    [`${OWN_PREFIX}upstream`]: upstream,
    [`${OWN_PREFIX}commit`]: commit,
    [`${OWN_PREFIX}tree`]: tree,
    [`${OWN_PREFIX}rust-image`]: bases.rust,
    [`${OWN_PREFIX}shell-image`]: bases.shell,
    [`${OWN_PREFIX}dockerfile`]: recipe.dockerfile,
    [`${OWN_PREFIX}build-key`]: buildKey,
    [`${OWN_PREFIX}wrapper`]: recipe.wrapper,
  };
}

/** All labels of a finished image, which are also the annotations of its index: a function of the lock. Pure. */
export function imageLabels(lock: LockInputs, version: string, buildKey: string): Record<string, string> {
  return {
    ...plainLabels(lock.upstream),
    ...lock.labels,
    ...provenanceLabels(lock, buildKey),
    [`${OCI}version`]: version,
  };
}
