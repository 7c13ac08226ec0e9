import { describe, expect, it } from 'vitest';
import {
  type TagFacts,
  checkTemplate,
  expandTag,
  expandTags,
  inOrder,
  keyTag,
} from '../../../../src/image/publish/tags.js';

const FACTS: TagFacts = {
  version: '0.8.1',
  commit: 'b42ed82e7fe5e3b9a3e5d0d5b4b7b2b9a7b6c5d4',
  buildKey: '7'.repeat(64),
  epoch: Date.parse('2025-10-06T23:59:59Z') / 1_000,
};
const KEY_TAG = 'key-777777777777';

describe('expandTag', () => {
  it.each<[string, string, Partial<TagFacts>?]>([
    ['latest', 'latest'],
    ['{version}', '0.8.1'],
    ['{commit}', FACTS.commit],
    ['{version}-{commit7}-{key7}', '0.8.1-b42ed82-7777777'],
    ['{date}', '20251006'],
    ['{date}', '19700101', { epoch: 0 }],
    ['v{version}', 'v1.0.0-rc.1_build.5', { version: '1.0.0-rc.1+build.5' }],
    ['{version}.{version}', '0.8.1.0.8.1'],
  ])('%s → %s', (template, tag, facts = {}) => {
    expect(expandTag('tags', template, { ...FACTS, ...facts })).toBe(tag);
  });

  it('does not expand what a value brings', () => {
    expect(() => expandTag('tags', '{version}', { ...FACTS, version: '{commit}' })).toThrow(
      "input tags: '{commit}' cannot be a tag",
    );
  });

  it('refuses a tag that only the real version makes too long', () => {
    const version = `1.0.0-${'x'.repeat(125)}`;
    expect(() => expandTag('moving-tags', '{version}', { ...FACTS, version })).toThrow(
      expect.objectContaining({
        kind: 'input',
        message: `input moving-tags: '${version}' cannot be a tag. A tag has at most 128 letters, digits, '_', '.', '-', and starts with none of the last two`,
      }),
    );
  });
});

describe('checkTemplate', () => {
  it.each(['latest', '{version}', '{commit}', '{commit7}', '{key7}', '{date}', 'a{date}b'])('takes %s', (template) => {
    expect(() => checkTemplate('tags', template)).not.toThrow();
  });
  it.each(['{Version}', '{version }', '{}', '{commit', 'commit}', '{{version}}', '-{version}', '', '{toString}'])(
    'refuses %j',
    (template) => {
      expect(() => checkTemplate('tags', template)).toThrow(expect.objectContaining({ kind: 'input' }));
    },
  );
});

describe('expandTags', () => {
  it('keeps each kind once, and what both come to is fixed', () => {
    expect(
      expandTags({ tags: ['{version}', '0.8.1', 'a'], movingTags: ['latest', '{commit7}', '0.8.1', 'b42ed82'] }, FACTS),
    ).toEqual({ fixed: ['0.8.1', 'a'], moving: ['latest', 'b42ed82'], key: KEY_TAG });
  });

  it('come to the build key’s own tag at least, which never moves and is there once', () => {
    const none = { fixed: [], moving: [], key: KEY_TAG };
    expect(expandTags({ tags: [], movingTags: [] }, FACTS)).toEqual(none);
    expect(expandTags({ tags: [KEY_TAG], movingTags: [KEY_TAG] }, FACTS)).toEqual(none);
    expect(keyTag(`0123456789abcdef${'f'.repeat(48)}`)).toBe('key-0123456789ab');
  });
});

describe('inOrder', () => {
  it('has the build key’s tag last: it says that all others are set', () => {
    expect(inOrder({ fixed: ['a', 'b'], moving: ['c'], key: 'k' })).toEqual(['a', 'b', 'c', 'k']);
  });
});
