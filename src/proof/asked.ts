import { differingMembers } from '../difference.js';
import { Failure } from '../errors.js';
import { formatReference, type Reference } from '../image/reference.js';
import type { InputName, Inputs } from '../inputs.js';
import { andMore } from '../text.js';
import type { Lock } from './lock.js';

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
