import { isObject, jsonText } from './json.js';
import { printable } from './text.js';

const MAX_DEPTH = 64;

/**
 * Paths at which two JSON values differ, a line each: `inputs.epoch: found 1, expected 2`, or other words for the two
 * sides. Lists of different lengths are shown whole; what is nested deeper than anything of ours counts as differing. Pure.
 */
export function differingMembers(
  path: string,
  left: unknown,
  right: unknown,
  words: readonly [string, string] = ['found', 'expected'],
  depth = 0,
): string[] {
  if (depth > MAX_DEPTH) return [`${path}: nested more than ${MAX_DEPTH} deep`];
  if (Array.isArray(left) && Array.isArray(right) && left.length === right.length)
    return left.flatMap((item, index) => differingMembers(`${path}[${index}]`, item, right[index], words, depth + 1));
  if (isObject(left) && isObject(right)) {
    const keys = [...new Set([...Object.keys(left), ...Object.keys(right)])].sort();
    return keys.flatMap((key) => {
      const name = path === '' ? printable(key) : `${path}.${printable(key)}`;
      return differingMembers(name, own(left, key), own(right, key), words, depth + 1);
    });
  }
  if (left === right) return [];
  return [`${path}: ${words[0]} ${printable(jsonText(left))}, ${words[1]} ${printable(jsonText(right))}`];
}

/** Not what every object inherits: a label may be called `constructor`. */
function own(map: Record<string, unknown>, key: string): unknown {
  return Object.hasOwn(map, key) ? map[key] : undefined;
}
