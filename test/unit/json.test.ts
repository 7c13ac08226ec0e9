import { describe, expect, it } from 'vitest';
import { asDescriptor } from '../../src/image/layout/oci.js';
import { asList, asObject, asText, jsonText } from '../../src/json.js';
import { failureOf } from '../support/failureOf.js';

const DEEP = JSON.parse(`${'['.repeat(100_000)}${']'.repeat(100_000)}`) as unknown;

describe('jsonText', () => {
  it.each<[unknown, string]>([
    [undefined, 'nothing'],
    [null, 'null'],
    ['x', '"x"'],
    [{ a: [1] }, '{"a":[1]}'],
    [DEEP, 'what is nested too deep to be shown'],
  ])('of value %#', (value, text) => {
    expect(jsonText(value)).toBe(text);
  });
});

describe('what is not what it must be', () => {
  it.each<[string, () => unknown, string]>([
    ['nothing', () => asObject(undefined, 'x'), 'x: expected an object, found nothing'],
    ['a text, as it is', () => asList('a\u202e', 'x'), 'x: expected a list, found a\\u{202e}'],
    ['a value, as JSON', () => asText({ a: 1 }, 'x'), 'x: expected a text, found {"a":1}'],
    [
      'a value that is nested without end',
      () => asObject(DEEP, 'x'),
      'x: expected an object, found what is nested too deep to be shown',
    ],
    [
      'a descriptor with such a member',
      () => asDescriptor({ mediaType: 'm', digest: DEEP, size: 1 }, 'm', 'x'),
      'digest of x: expected sha256:<64 hex>, found what is nested too deep to be shown',
    ],
  ])('is shown: %s', async (_, read, message) => {
    expect(await failureOf(read)).toMatchObject({ kind: 'verification', message });
  });
});
