import { printable } from '../text.js';
import { isObject } from './shape.js';

/**
 * Paths at which two JSON values differ, a line each: `inputs.epoch: found 1, expected 2`, or other words for the two
 * sides. Lists of different lengths are shown whole. Pure.
 */
export function differingMembers(
  path: string,
  left: unknown,
  right: unknown,
  words: readonly [string, string] = ['found', 'expected'],
): string[] {
  if (Array.isArray(left) && Array.isArray(right) && left.length === right.length)
    return left.flatMap((item, index) => differingMembers(`${path}[${index}]`, item, right[index], words));
  if (isObject(left) && isObject(right)) {
    const keys = [...new Set([...Object.keys(left), ...Object.keys(right)])].sort();
    return keys.flatMap((key) => {
      const name = path === '' ? printable(key) : `${path}.${printable(key)}`;
      return differingMembers(name, own(left, key), own(right, key), words);
    });
  }
  const [first, second] = [show(left), show(right)];
  return first === second ? [] : [`${path}: ${words[0]} ${printable(first)}, ${words[1]} ${printable(second)}`];
}

/** Not what every object inherits: a label may be called `constructor`. */
function own(map: Record<string, unknown>, key: string): unknown {
  return Object.hasOwn(map, key) ? map[key] : undefined;
}

function show(value: unknown): string {
  return value === undefined ? 'nothing' : JSON.stringify(value);
}
