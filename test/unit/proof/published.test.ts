import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import type { FailureClass } from '../../../src/errors.js';
import { digestOf } from '../../../src/hash.js';
import { OWN_PREFIX } from '../../../src/image/labels.js';
import { writeLayout } from '../../../src/image/layout/layout.js';
import { MEDIA_TYPES } from '../../../src/image/layout/oci.js';
import { buildKey } from '../../../src/proof/lock.js';
import { downloadPublished, requireKey } from '../../../src/proof/published.js';
import { type ImageView, viewOf } from '../../../src/proof/view.js';
import { failureOf } from '../../support/failureOf.js';
import { REPOSITORY, fakeRegistry } from '../../support/fakeRegistry.js';
import { temporaryFolder, testDeps } from '../../support/world.js';
import { LOCK, imageOf, lockWith } from './fixture.js';

const IMAGE = imageOf();
const DIGEST = IMAGE.index.digest;

/** A registry that holds the image under its digest and the tag `1.0`. */
async function world(before = '') {
  const registry = fakeRegistry(before);
  const layout = join(temporaryFolder(), 'layout');
  await writeLayout(IMAGE, layout);
  registry.putLayout(layout);
  registry.put(IMAGE.index.bytes, '1.0');
  const deps = testDeps();
  return { registry, deps, download: (name: string) => downloadPublished(name, deps) };
}

describe('downloadPublished', () => {
  it.each([
    ['a tag', `${REPOSITORY}:1.0`, `${REPOSITORY}:1.0`],
    ['a digest', `${REPOSITORY}@${DIGEST}`, `${REPOSITORY}@${DIGEST}`],
    ['a digest beside a tag, which is not looked at', `${REPOSITORY}:gone@${DIGEST}`, `${REPOSITORY}@${DIGEST}`],
  ])('takes an image apart by %s', async (_, name, asked) => {
    const { registry, deps, download } = await world();
    expect(await download(name)).toEqual({ repository: REPOSITORY, digest: DIGEST, view: viewOf(IMAGE) });
    expect(deps.logged).toEqual([`info: ${asked} is ${DIGEST}`]);
    // Every manifest is looked at before anything is fetched.
    const looked = [asked.slice(REPOSITORY.length + 1), ...IMAGE.images.map(({ manifest }) => manifest.digest)];
    expect(registry.calls()).toEqual([...looked.map((name) => `inspect ${name}`), `fetch ${DIGEST}`]);
  });

  it.each<[string, FailureClass, string]>([
    [
      `${REPOSITORY}:gone`,
      'not-found',
      `${REPOSITORY}:gone is not in its registry. Check the name; a private image needs 'docker login'`,
    ],
    [REPOSITORY, 'input', `'${REPOSITORY}' names no image with a tag or a digest`],
    ['UPPER:1', 'input', "'UPPER:1' names no image with a tag or a digest"],
    ['', 'input', "'' names no image with a tag or a digest"],
    ['a:b\u202e', 'input', "'a:b\\u{202e}' names no image with a tag or a digest"],
  ])('refuses %j', async (name, kind, message) => {
    const { download } = await world();
    expect(await failureOf(() => download(name))).toMatchObject({ kind, message });
  });

  it('fetches the digest that the tag named, though the tag moves meanwhile', async () => {
    const { download } = await world('[ $verb = fetch ] && echo "{}" > "$served/1.0"');
    expect((await download(`${REPOSITORY}:1.0`)).digest).toBe(DIGEST);
  });

  it('refuses other bytes than the digest’s', async () => {
    const other = imageOf(lockWith({ epoch: 1 }));
    const { registry, download } = await world();
    registry.spoil(DIGEST, other.index.bytes);
    expect(await failureOf(() => download(`${REPOSITORY}:1.0`))).toMatchObject({
      kind: 'registry',
      message: `${REPOSITORY}@${DIGEST}: the registry served ${other.index.digest}`,
    });
  });

  it('refuses other bytes than those of the digest that it was given', async () => {
    const other = imageOf(lockWith({ epoch: 1 }));
    const { registry, download } = await world();
    registry.spoil(DIGEST, other.index.bytes);
    expect(await failureOf(() => download(`${REPOSITORY}@${DIGEST}`))).toMatchObject({
      kind: 'registry',
      message: `${REPOSITORY}@${DIGEST}: the registry served ${other.index.digest}`,
    });
  });

  it.each<[string, object, RegExp]>([
    [
      'a layer larger than any of ours',
      { layers: [{ size: 64_000_001 }] },
      /^size of a blob of linux\/amd64: expected/,
    ],
    ['a config larger than any of ours', { config: { size: 64_000_001 }, layers: [] }, /^size of a blob of/],
    ['a layer of no size', { layers: [{ size: '1' }] }, /^size of a blob of linux\/amd64: expected/],
    ['more layers than 16', { layers: Array(17).fill({ size: 1 }) }, /^linux\/amd64 has 17 layers, more than 16$/],
  ])('fetches nothing of an image with %s', async (_, change, message) => {
    const { registry, download } = await world();
    const manifest = JSON.stringify({ schemaVersion: 2, config: { size: 1 }, ...change });
    const platform = { os: 'linux', architecture: 'amd64' };
    const child = { mediaType: MEDIA_TYPES.manifest, digest: registry.put(manifest), size: manifest.length, platform };
    registry.put(JSON.stringify({ schemaVersion: 2, mediaType: MEDIA_TYPES.index, manifests: [child] }), 'large');
    const failure = await failureOf(() => download(`${REPOSITORY}:large`));
    expect(failure).toMatchObject({ kind: 'verification', message: expect.stringMatching(message) as string });
    expect(registry.done()).toEqual([]);
  });

  it('refuses a platform whose bytes are not its digest’s', async () => {
    const { registry, download } = await world();
    const layer = IMAGE.images[1]?.layer.digest ?? DIGEST;
    registry.spoil(layer, Buffer.alloc(IMAGE.images[1]?.layer.size ?? 0));
    const failure = await failureOf(() => download(`${REPOSITORY}:1.0`));
    expect(failure.kind).toBe('verification');
    expect(failure.message).toMatch(new RegExp(`^digest of layer of linux/arm64: expected ${layer}, found sha256:`));
  });

  it('refuses what is no multi-platform image', async () => {
    const { registry, download } = await world();
    const manifest = registry.put(
      JSON.stringify({ schemaVersion: 2, mediaType: MEDIA_TYPES.manifest, config: {}, layers: [] }),
      'single',
    );
    const failure = await failureOf(() => download(`${REPOSITORY}:single`));
    expect(failure.kind).toBe('verification');
    expect(failure.message).toMatch(
      /^media type of the image index: expected .*index\.v1\+json, found .*manifest\.v1\+json"?$/,
    );
    expect(manifest).toBe(digestOf(registry.served('single') ?? ''));
  });

  it('asks a registry that stumbles again', async () => {
    const { deps, download } = await world('[ $n -eq 1 ] && { echo "503" >&2; exit 1; }');
    expect((await download(`${REPOSITORY}:1.0`)).digest).toBe(DIGEST);
    expect(deps.slept).toHaveLength(1);
  });
});

describe('requireKey', () => {
  const key = buildKey(LOCK.inputs);
  const view = viewOf(IMAGE);
  const LABEL = `${OWN_PREFIX}build-key`;
  const withLabels = (at: number, labels: unknown): ImageView => ({
    ...view,
    platforms: view.platforms.map((part, index) =>
      index === at ? { ...part, config: { config: { Labels: labels } } } : part,
    ),
  });

  it('takes the lock of the image, whatever its facts', () => {
    expect(() => requireKey(view, LOCK)).not.toThrow();
    expect(() => requireKey(view, lockWith({}, { resolvedAt: 1 }))).not.toThrow();
  });

  it.each<[string, ImageView, string]>([
    ['an index without annotations', { ...view, index: {} }, 'the index carries none'],
    [
      'an index with another key',
      { ...view, index: { annotations: { [LABEL]: 'x\u202e' } } },
      'the index carries x\\u{202e}',
    ],
    ['a platform without labels', withLabels(0, undefined), 'linux/amd64 carries none'],
    ['a platform with null for labels', withLabels(0, null), 'linux/amd64 carries none'],
    [
      'a second platform with another key',
      withLabels(1, { [LABEL]: '0'.repeat(64) }),
      `linux/arm64 carries ${'0'.repeat(64)}`,
    ],
    ['the key under another name', withLabels(1, { 'build-key': key }), 'linux/arm64 carries none'],
  ])('refuses %s', async (_, image, words) => {
    expect(await failureOf(() => requireKey(image, LOCK))).toMatchObject({
      kind: 'verification',
      message: `the lock is not this image's: its build key is ${key}, and ${words}`,
    });
  });

  it('refuses the lock of another image', async () => {
    const other = lockWith({ commit: 'e'.repeat(40) });
    expect(await failureOf(() => requireKey(view, other))).toMatchObject({
      kind: 'verification',
      message: `the lock is not this image's: its build key is ${buildKey(other.inputs)}, and the index carries ${key}`,
    });
  });

  it('refuses labels that are none', async () => {
    expect(await failureOf(() => requireKey(withLabels(0, { a: 1 }), LOCK))).toMatchObject({ kind: 'verification' });
    expect(await failureOf(() => requireKey(withLabels(0, []), LOCK))).toMatchObject({ kind: 'verification' });
  });

  it('of an image without any platform still asks the index', () => {
    expect(() => requireKey({ ...view, platforms: [] }, LOCK)).not.toThrow();
    expect(() => requireKey({ ...view, platforms: [], index: {} }, LOCK)).toThrow('the index carries none');
  });
});
