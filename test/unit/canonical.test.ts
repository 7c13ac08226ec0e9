import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { canonicalJson } from '../../src/canonical.js';

describe('canonicalJson', () => {
  it.each<[string, unknown, string]>([
    ['scalars', [null, true, false, 0, -1, 9_007_199_254_740_991], '[null,true,false,0,-1,9007199254740991]'],
    ['keys by code unit', { b: 1, a: 2, B: 3, é: 4, '10': 5, '9': 6 }, '{"10":5,"9":6,"B":3,"a":2,"b":1,"é":4}'],
    ['keys beyond the basic plane before U+FFxx', { '\uff5e': 1, '😀': 2 }, '{"😀":2,"\uff5e":1}'],
    ['nested', { z: [{ y: [], x: {} }] }, '{"z":[{"x":{},"y":[]}]}'],
    ['escapes', '"\\\n\u0001/é', String.raw`"\"\\\n\u0001/é"`],
    ['minus zero', -0, '0'],
    ['objects without a prototype', Object.assign(Object.create(null) as object, { a: 1 }), '{"a":1}'],
    ['a key called __proto__', JSON.parse('{"__proto__":{"a":1}}'), '{"__proto__":{"a":1}}'],
  ])('writes %s', (_, value, text) => {
    expect(canonicalJson(value)).toBe(text);
  });

  const cyclic: unknown[] = [];
  cyclic.push(cyclic);
  it.each<[string, unknown, RegExp]>([
    ['a fraction', { a: [1, 1.5] }, /^\$\.a\[1\]: 1\.5 is not an integer/],
    ['a number that loses digits', 2 ** 53, /not an integer/],
    ['NaN', NaN, /not an integer/],
    ['undefined', { a: undefined }, /^\$\.a: undefined/],
    ['a hole in a list', Array(1), /^\$\[0\]: undefined/],
    ['a bigint', 1n, /bigint/],
    ['a function', { toJSON: () => 1 }, /function/],
    ['a Map', new Map(), /Map/],
    ['a Date', new Date(0), /Date/],
    ['a Buffer', Buffer.from('a'), /Uint8Array/],
    ['half a surrogate pair', '\ud800', /surrogate/],
    ['half a surrogate pair in a key', { '\udfff': 1 }, /surrogate/],
    ['a cycle', cyclic, /nested more than 64 deep/],
  ])('refuses %s', (_, value, message) => {
    expect(() => canonicalJson(value)).toThrow(TypeError);
    expect(() => canonicalJson(value)).toThrow(message);
  });

  it('depends on the value alone, and JSON.parse gives the value back', () => {
    const value = fc.letrec((tie) => ({
      any: fc.oneof(
        { maxDepth: 4 },
        fc.constant(null),
        fc.boolean(),
        fc.maxSafeInteger(),
        fc.string({ unit: 'grapheme' }),
        fc.array(tie('any')),
        fc.dictionary(fc.string(), tie('any')),
      ),
    })).any;
    fc.assert(
      fc.property(value, (any) => {
        const text = canonicalJson(any);
        const parsed: unknown = JSON.parse(text);
        expect(canonicalJson(parsed)).toBe(text);
        expect(canonicalJson(reversed(parsed))).toBe(text);
      }),
    );
  });
});

function reversed(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(reversed);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(
    Object.entries(value)
      .reverse()
      .map(([key, member]) => [key, reversed(member)]),
  );
}
