import { canonicalJson } from '../canonical.js';
import { Failure } from '../errors.js';
import { sha256 } from '../hash.js';
import type { Recipe } from '../image/build/recipe.js';
import { labelFault } from '../image/labels.js';
import { type Bases, parseBase } from '../image/reference.js';
import { isObject, type JsonObject } from '../json.js';
import { PLATFORMS, type Platform } from '../platform.js';
import { isEpoch, printable } from '../text.js';
import { isBuildPlatform, isCount, isGitId, isPinned, isSha256, isText, isVersion, listOf, shape } from './shape.js';

/** Everything that decides the bytes of an image. Its SHA256 is the build key. */
export type LockInputs = {
  /** Version of this shape. */
  schema: 1;
  upstream: string;
  commit: string;
  tree: string;
  /** The commit's time, seconds since 1970: every time in the image. */
  epoch: number;
  /** `name:tag@digest`, in full. */
  bases: { rust: string; shell: string };
  /** Each once, in the order of the index. */
  platforms: Platform[];
  /** For each of these, the one its compiler runs on. */
  buildPlatforms: Partial<Record<Platform, string>>;
  /** How the image is made: SHA256 of the Dockerfile, version of this project, version of the layout writer. */
  recipe: Recipe;
  /** Labels the user added. */
  labels: Record<string, string>;
};

/** What was seen on the way. Of it only the version enters the image: the tree decides it, and a replay compares it. */
export type LockFacts = {
  ref: string;
  /** Id of the annotated tag that `ref` named, or empty. */
  tagObject: string;
  /** Branches and tags whose history held the commit, 100 at most. */
  reachableFrom: string[];
  version: string;
  archiveUrl: string;
  archiveSha256: string;
  tarSha256: string;
  buildkit: string;
  /** Seconds since 1970. */
  resolvedAt: number;
};

export type Lock = { inputs: LockInputs; facts: LockFacts };

/** The most that is read of a file that should be a lock. */
export const MAX_LOCK_BYTES = 1_000_000;

/** SHA256 of the canonical JSON of the lock's inputs, 64 hex digits. */
export function buildKey(inputs: LockInputs): string {
  return sha256(canonicalJson(inputs));
}

/** The bases that a lock names. Failure class input for one that is no reference. Pure. */
export function lockedBases({ bases: { rust, shell } }: LockInputs): Bases {
  return { rust: parseBase('lock', rust), shell: parseBase('lock', shell) };
}

/** The lock as its file holds it: canonical JSON and a line end. */
export function lockFile(lock: Lock): string {
  return `${canonicalJson(lock)}\n`;
}

/** Judges a member of a part; what stands in the list above it has been judged. */
type MemberCheck = (value: unknown, part: JsonObject) => boolean;

const INPUT_SHAPE: Record<keyof LockInputs, MemberCheck> = {
  schema: (value) => value === 1,
  upstream: isText,
  commit: isGitId,
  tree: isGitId,
  epoch: isEpoch,
  bases: shape({ rust: isPinned, shell: isPinned }),
  platforms: isPlatforms,
  buildPlatforms: (value, { platforms }) =>
    shape(Object.fromEntries((platforms as Platform[]).map((platform) => [platform, isBuildPlatform])))(value),
  recipe: shape({ dockerfile: isSha256, wrapper: isVersion, layout: isCount }),
  labels: (value) => isObject(value) && Object.entries(value).every(([key, text]) => isLabel(key, text)),
};

/** Some platforms that the Dockerfile knows, each once, in the order of the index. */
function isPlatforms(value: unknown): boolean {
  if (!Array.isArray(value) || value.length === 0) return false;
  const inOrder = PLATFORMS.filter((platform) => value.includes(platform));
  return inOrder.length === value.length && inOrder.every((platform, index) => platform === value[index]);
}

/** What a lock says is no more than what an input could have said. */
function isLabel(key: string, value: unknown): boolean {
  return isText(value) && labelFault(key, value as string) === undefined;
}

const FACT_SHAPE: Record<keyof LockFacts, MemberCheck> = {
  ref: isText,
  tagObject: isText,
  reachableFrom: listOf(isText),
  version: isText,
  archiveUrl: isText,
  archiveSha256: isSha256,
  tarSha256: isSha256,
  buildkit: isText,
  resolvedAt: isCount,
};

/** Reads a lock's file, strictly: every member there, of its form, no other, and the bytes those that `lockFile` writes. */
export function parseLock(text: string): Lock {
  let lock: unknown;
  try {
    lock = JSON.parse(text);
  } catch (cause) {
    throw new Failure('input', 'the lock is not JSON', { cause });
  }
  if (!isObject(lock) || Object.keys(lock).sort().join() !== 'facts,inputs')
    throw new Failure('input', 'the lock has not exactly the parts inputs and facts');
  requireShape('inputs', lock.inputs, INPUT_SHAPE);
  requireShape('facts', lock.facts, FACT_SHAPE);
  requireCanonical(lock as Lock, text);
  return lock as Lock;
}

function requireCanonical(lock: Lock, text: string): void {
  let canonical: string | undefined;
  try {
    canonical = lockFile(lock);
  } catch {
    // A text with half a surrogate pair has no canonical form.
  }
  if (canonical !== text)
    throw new Failure(
      'input',
      'the lock is not in its canonical form: it was edited or reformatted since it was written',
    );
}

function requireShape(part: string, value: unknown, members: Record<string, MemberCheck>): void {
  if (!isObject(value)) throw new Failure('input', `the lock has no ${part}`);
  for (const [name, check] of Object.entries(members))
    if (!check(value[name], value)) throw new Failure('input', `the lock's ${part}.${name} is missing or malformed`);
  const unknown = Object.keys(value).find((name) => !Object.hasOwn(members, name));
  if (unknown !== undefined)
    throw new Failure('input', `the lock's ${part} has the unknown member ${printable(unknown)}`);
}
