import { BUILD_PLATFORM } from '../platform.js';
import { isObject } from '../json.js';
import { MAX_VERSION_LENGTH, VERSION } from '../version.js';

/** Whether a value that nobody has looked into yet is of a form. */
export type Check = (value: unknown) => boolean;

const MAX_TEXT_LENGTH = 4_096;

/** A text that is not too long. */
export const isText: Check = (value) => typeof value === 'string' && value.length <= MAX_TEXT_LENGTH;
/** A whole number, 0 or more. */
export const isCount: Check = (value) => Number.isSafeInteger(value) && Number(value) >= 0;

/** A text that matches a pattern, which says where it begins and ends. */
export function matches(pattern: RegExp): Check {
  return (value) => typeof value === 'string' && pattern.test(value);
}

/** One of these texts. */
export function oneOf(texts: readonly string[]): Check {
  return (value) => typeof value === 'string' && texts.includes(value);
}

/** A list, each of whose items passes. */
export function listOf(check: Check): Check {
  return (value) => Array.isArray(value) && value.every(check);
}

/** An object with these members, and others if they are allowed. */
export function shape(members: Record<string, Check>, others: 'no others' | 'others too' = 'no others'): Check {
  return (value) =>
    isObject(value) &&
    (others === 'others too' || Object.keys(value).length === Object.keys(members).length) &&
    Object.entries(members).every(([name, check]) => Object.hasOwn(value, name) && check(value[name]));
}

/** SHA-1 of git, SHA256, an image reference with a digest, a version as package.json has it, the platform of a builder. */
export const isGitId = matches(/^[0-9a-f]{40}$/);
export const isSha256 = matches(/^[0-9a-f]{64}$/);
export const isPinned = matches(/^[^\s@]+@sha256:[0-9a-f]{64}$/);
export const isVersion: Check = (value) =>
  typeof value === 'string' && value.length <= MAX_VERSION_LENGTH && VERSION.test(value);
export const isBuildPlatform = matches(BUILD_PLATFORM);
