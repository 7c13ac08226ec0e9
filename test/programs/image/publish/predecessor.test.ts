import { describe, expect, it } from 'vitest';
import type { Digest } from '../../../../src/hash.js';
import { CREATED, OWN_PREFIX, imageLabels } from '../../../../src/image/labels.js';
import {
  type Part,
  type Predecessor,
  changedParts,
  heldDigest,
  readPredecessor,
  requireForward,
} from '../../../../src/image/publish/predecessor.js';
import { keyTag } from '../../../../src/image/publish/tags.js';
import { openRegistry } from '../../../../src/image/registry.js';
import { type LockInputs, buildKey } from '../../../../src/proof/lock.js';
import { REPOSITORY, fakeRegistry } from '../../../support/fakeRegistry.js';
import { failureOf } from '../../../support/failureOf.js';
import { testDeps } from '../../../support/world.js';
import { HEX, LOCK, imageOf, lockWith } from '../../../support/proof.js';

const IMAGE = imageOf();
const KEY = buildKey(LOCK.inputs);
const NAME = `${REPOSITORY}:latest`;
const SELF: Predecessor = {
  name: NAME,
  digest: IMAGE.index.digest,
  annotations: (JSON.parse(IMAGE.index.bytes.toString()) as Predecessor).annotations,
  children: IMAGE.images.map(({ manifest }) => manifest.digest),
};

describe('the image before', () => {
  const read = (deps = testDeps()) => readPredecessor(openRegistry(REPOSITORY, deps), NAME, deps);

  it('is read from what a tag names', async () => {
    fakeRegistry().put(IMAGE.index.bytes, 'latest');
    expect(await read()).toEqual(SELF);
  });

  it.each<[string, string | undefined]>([
    ['there is none', undefined],
    ['the tag names no JSON', 'x'],
    ['the tag names a list', '[]'],
    ['the tag names an image of somebody else', JSON.stringify({ manifests: [], annotations: { a: 'b' } })],
    ['the tag names an image without annotations', JSON.stringify({ manifests: [] })],
    ['annotations are none', JSON.stringify({ annotations: { [`${OWN_PREFIX}commit`]: 1 } })],
    ['manifests are none', JSON.stringify({ annotations: { [`${OWN_PREFIX}commit`]: 'x' }, manifests: [1] })],
  ])('is undefined when %s', async (_, served) => {
    const registry = fakeRegistry();
    if (served !== undefined) registry.put(served, 'latest');
    expect(await read()).toBeUndefined();
  });

  it('is not undefined because the registry cannot be asked', async () => {
    fakeRegistry('echo unauthorized >&2; exit 1');
    expect((await failureOf(read)).kind).toBe('auth');
  });
});

const CHILDREN = SELF.children.map((digest) => ({ digest }));

describe('heldDigest', () => {
  const tag = keyTag(KEY);
  /** A registry that holds the image by the tag of its build key, with all its platforms. */
  function held() {
    const registry = fakeRegistry();
    for (const bytes of IMAGE.blobs.values()) registry.put(bytes);
    for (const name of [tag, '1.0', 'edge']) registry.put(IMAGE.index.bytes, name);
    return registry;
  }
  const WANTED = {
    labels: imageLabels(LOCK.inputs, LOCK.facts.version, KEY),
    platforms: LOCK.inputs.platforms.length,
    tags: { fixed: ['1.0'], moving: ['edge'], key: tag },
    before: [],
  };
  const ask = () => heldDigest([REPOSITORY], WANTED, testDeps());

  it('is that of the image which the build key’s tag names, with all its platforms', async () => {
    held();
    expect(await ask()).toBe(IMAGE.index.digest);
  });

  it.each<[string, (registry: ReturnType<typeof held>) => void]>([
    ['the tag is not there', (registry) => registry.remove(tag)],
    ['another fixed tag is not there', (registry) => registry.remove('1.0')],
    ['a moving tag names another image', (registry) => registry.put('other', 'edge')],
    [
      'the tag names an image with another label',
      (registry) =>
        registry.put(JSON.stringify({ annotations: { ...SELF.annotations, a: 'b' }, manifests: CHILDREN }), tag),
    ],
    [
      'the tag names an index without one of the platforms',
      (registry) => registry.put(JSON.stringify({ annotations: SELF.annotations, manifests: CHILDREN.slice(1) }), tag),
    ],
    [
      'the tag names an index with something else than digests',
      (registry) => registry.put(JSON.stringify({ annotations: SELF.annotations, manifests: [{}, {}] }), tag),
    ],
    ['a platform was cleaned away', (registry) => registry.remove(IMAGE.images[1]?.manifest.digest ?? '')],
    [
      'a platform is served with other bytes',
      (registry) => registry.spoil(IMAGE.images[1]?.manifest.digest ?? '', 'x'),
    ],
    [
      'the tag names an image of another key',
      (registry) => registry.put(imageOf(lockWith({ epoch: 1 })).index.bytes, tag),
    ],
    [
      'the tag names an index without platforms',
      (registry) => registry.put(JSON.stringify({ annotations: SELF.annotations, manifests: [] }), tag),
    ],
  ])('is undefined when %s', async (_, spoil) => {
    spoil(held());
    expect(await ask()).toBeUndefined();
  });

  it('takes what was read of a moving tag already for what the tag names', async () => {
    held();
    const edge = { ...SELF, name: `${REPOSITORY}:edge` };
    const withEdge = (digest: Digest) => ({ ...WANTED, before: [{ ...edge, digest }] });
    expect(await heldDigest([REPOSITORY], withEdge(IMAGE.index.digest), testDeps())).toBe(IMAGE.index.digest);
    expect(await heldDigest([REPOSITORY], withEdge(`sha256:${HEX}`), testDeps())).toBeUndefined();
  });

  it('is undefined when nobody is asked', async () => {
    held();
    expect(await heldDigest([], WANTED, testDeps())).toBeUndefined();
  });
});

describe('changedParts', () => {
  const { inputs } = LOCK;
  it.each<[string, Partial<LockInputs>, Part[]]>([
    ['nothing', {}, []],
    ['the upstream', { upstream: 'https://example.org/o/n' }, ['source']],
    ['the commit', { commit: 'e'.repeat(40) }, ['source']],
    ['the tree', { tree: 'e'.repeat(40) }, ['source']],
    ['the compiler', { bases: { ...inputs.bases, rust: `rust:2@sha256:${HEX}` } }, ['bases']],
    ['the shell', { bases: { ...inputs.bases, shell: `busybox:2@sha256:${HEX}` } }, ['bases']],
    ['the Dockerfile', { recipe: { ...inputs.recipe, dockerfile: '1'.repeat(64) } }, ['recipe']],
    ['the release', { recipe: { ...inputs.recipe, wrapper: '2.0.0' } }, ['recipe']],
    ['the layout writer', { recipe: { ...inputs.recipe, layout: inputs.recipe.layout + 1 } }, ['recipe']],
    ['the platforms', { platforms: inputs.platforms.slice(0, 1) }, ['recipe']],
    ['the labels', { labels: { a: 'b' } }, ['recipe']],
    ['a commit of another time', { commit: 'e'.repeat(40), epoch: inputs.epoch + 1 }, ['source']],
    ['two of them', { tree: 'e'.repeat(40), recipe: { ...inputs.recipe, wrapper: '2.0.0' } }, ['source', 'recipe']],
  ])('sees %s', (_, change, parts) => {
    expect(changedParts(SELF, { ...inputs, ...change })).toEqual(parts);
  });

  it.each(['never', '', '9999999-01-01T00:00:00Z'])('sees another recipe where the time is %j', (time) => {
    const annotations = { ...SELF.annotations, [CREATED]: time };
    expect(changedParts({ ...SELF, annotations }, inputs)).toEqual(['recipe']);
  });

  it('are all where there was no image before', () => {
    expect(changedParts(undefined, inputs)).toEqual(['source', 'bases', 'recipe']);
  });
});

describe('requireForward', () => {
  const NEW = 'e'.repeat(40);
  const LAST = LOCK.inputs.commit;
  /** A history in which these pairs follow each other. */
  const history = (...pairs: [string, string][]) => ({
    isAncestor: (older: string, newer: string) => Promise.resolve(pairs.some(([a, b]) => a === older && b === newer)),
  });
  const forward = (onward: boolean, commit: string, ...pairs: [string, string][]) =>
    requireForward(SELF, commit, onward, history(...pairs));

  it.each([true, false])('takes the same commit, and one that comes after (onward: %s)', async (onward) => {
    await expect(forward(onward, LAST)).resolves.toBeUndefined();
    await expect(forward(onward, NEW, [LAST, NEW])).resolves.toBeUndefined();
  });

  it('refuses to go back', async () => {
    expect(await failureOf(() => forward(false, NEW, [NEW, LAST]))).toMatchObject({
      kind: 'registry',
      message: `${NAME} names an image of ${LAST}, which comes after ${NEW} in upstream's history: a moving tag never goes back. Nothing was published. Leave this tag out of moving-tags`,
    });
  });

  it('lets a person publish another line of history, and stops a scheduled run', async () => {
    await expect(forward(false, NEW)).resolves.toBeUndefined();
    for (const pairs of [[], [[NEW, LAST]]] as [string, string][][]) {
      const failure = await failureOf(() => forward(true, NEW, ...pairs));
      expect(failure.kind).toBe('verification');
      expect(failure.message).toMatch(
        new RegExp(
          `^upstream's history was rewritten: ${NAME} was built from ${LAST}, and ${NEW} does not come after it\\.`,
        ),
      );
    }
  });

  it('asks history nothing about what is no commit id', async () => {
    const odd = { ...SELF, annotations: { [`${OWN_PREFIX}commit`]: '--help\u001b' } };
    const never = { isAncestor: () => Promise.reject(new Error('was asked')) };
    await expect(requireForward(odd, NEW, false, never)).resolves.toBeUndefined();
    expect((await failureOf(() => requireForward(odd, NEW, true, never))).message).toContain(
      'built from --help\\u{1b}, ',
    );
  });
});
