import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { differingMembers } from '../../src/difference.js';

describe('differingMembers', () => {
  it.each<[string, unknown, unknown, string[]]>([
    ['equal values', { a: [1, { b: null }], c: 'x' }, { c: 'x', a: [1, { b: null }] }, []],
    ['two plain values', 1, 2, [': found 1, expected 2']],
    ['a number and its text', { a: 1 }, { a: '1' }, ['a: found 1, expected "1"']],
    ['a member deep down', { a: { b: { c: 1 } } }, { a: { b: { c: 2 } } }, ['a.b.c: found 1, expected 2']],
    [
      'a member that only one has',
      { a: 1 },
      { b: 2 },
      ['a: found 1, expected nothing', 'b: found nothing, expected 2'],
    ],
    ['null and nothing', { a: null }, {}, ['a: found null, expected nothing']],
    ['an object and nothing', { a: { b: 1 } }, {}, ['a: found {"b":1}, expected nothing']],
    ['an object and a list', { a: {} }, { a: [] }, ['a: found {}, expected []']],
    ['lists by their items', { a: [1, { b: 2 }] }, { a: [1, { b: 3 }] }, ['a[1].b: found 2, expected 3']],
    ['lists of two lengths, whole', { a: [1, 2] }, { a: [1] }, ['a: found [1,2], expected [1]']],
    ['lists in lists', [[1], []], [[2], []], ['[0][0]: found 1, expected 2']],
    ['a list in another order', [1, 2], [2, 1], ['[0]: found 1, expected 2', '[1]: found 2, expected 1']],
    [
      'members in the order of their names',
      { b: 1, a: 1 },
      { b: 2, a: 2 },
      ['a: found 1, expected 2', 'b: found 1, expected 2'],
    ],
    ['a name that could break the line', { 'a\n\u202e': 1 }, {}, ['a\\u{a}\\u{202e}: found 1, expected nothing']],
    ['a value that could break the line', { a: 'x\u2028y' }, { a: '' }, ['a: found "x\\u{2028}y", expected ""']],
    [
      'names that every object inherits',
      { constructor: 'x', toString: 'y' },
      {},
      ['constructor: found "x", expected nothing', 'toString: found "y", expected nothing'],
    ],
    ['an own member __proto__', JSON.parse('{"__proto__":1}'), {}, ['__proto__: found 1, expected nothing']],
    ['an own, empty member __proto__', {}, JSON.parse('{"__proto__":{}}'), ['__proto__: found nothing, expected {}']],
  ])('of %s', (_, left, right, lines) => {
    expect(differingMembers('', left, right)).toEqual(lines);
  });

  it('starts at a path, and takes the words it is given', () => {
    expect(differingMembers('inputs', { epoch: 1 }, { epoch: 2 }, ['the lock says', 'this run found'])).toEqual([
      'inputs.epoch: the lock says 1, this run found 2',
    ]);
  });

  it('cuts what is too long to read', () => {
    const [line = ''] = differingMembers('a', 'x'.repeat(10_000), 'y');
    expect(line.length).toBeLessThan(300);
    expect(line).toMatch(/…, expected "y"$/);
  });

  const nested = (depth: number, open = '[', close = ']'): unknown =>
    JSON.parse(`${open.repeat(depth)}1${close.repeat(depth)}`);
  it.each<[string, unknown, unknown, string]>([
    ['lists', nested(100_000), nested(100_000), `${'[0]'.repeat(65)}: nested more than 64 deep`],
    [
      'objects',
      nested(100_000, '{"a":', '}'),
      nested(100_000, '{"a":', '}'),
      `a${'.a'.repeat(64)}: nested more than 64 deep`,
    ],
    [
      'lists of two lengths',
      { a: [nested(100_000)] },
      { a: [nested(100_000), 1] },
      'a: found what is nested too deep to be shown, expected what is nested too deep to be shown',
    ],
  ])('takes %s that are nested without end for different', (_, left, right, line) => {
    expect(differingMembers('', left, right)).toEqual([line]);
  });

  it('compares what is nested as deep as anything may be', () => {
    expect(differingMembers('', nested(64), nested(64))).toEqual([]);
    expect(differingMembers('', nested(65), nested(65))).toHaveLength(1);
  });

  it('finds nothing exactly when two values are one and the same JSON', () => {
    const sorted = (value: unknown): unknown => {
      if (typeof value !== 'object' || value === null) return value;
      if (Array.isArray(value)) return value.map(sorted);
      const members = Object.entries(value).map(([key, member]) => [key, sorted(member)]);
      return { members: members.sort(([a], [b]) => (String(a) < String(b) ? -1 : 1)) };
    };
    const pair = fc.oneof(
      fc.tuple(fc.jsonValue(), fc.jsonValue()),
      fc.jsonValue().map((value): [unknown, unknown] => [value, structuredClone(value)]),
    );
    fc.assert(
      fc.property(pair, ([left, right]) => {
        const same = JSON.stringify(sorted(left)) === JSON.stringify(sorted(right));
        expect(differingMembers('', left, right).length === 0).toBe(same);
      }),
    );
  });
});
