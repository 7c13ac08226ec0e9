import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { digestOf } from '../../../src/hash.js';
import { writeLayout } from '../../../src/image/layout/layout.js';
import { MEDIA_TYPES } from '../../../src/image/layout/oci.js';
import { pullImage } from '../../../src/image/pulled.js';
import { parseImage } from '../../../src/image/reference.js';
import { viewOf } from '../../../src/image/view.js';
import { failureOf } from '../../support/failureOf.js';
import { REPOSITORY, fakeRegistry } from '../../support/fakeRegistry.js';
import { temporaryFolder, testDeps } from '../../support/world.js';
import { imageOf, lockWith } from '../../support/proof.js';

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
  return { registry, deps, pull: (name: string) => pullImage(parseImage(name), deps) };
}

describe('pullImage', () => {
  it.each([
    ['a tag', `${REPOSITORY}:1.0`, `${REPOSITORY}:1.0`],
    ['a digest', `${REPOSITORY}@${DIGEST}`, `${REPOSITORY}@${DIGEST}`],
    ['a digest beside a tag, which is not looked at', `${REPOSITORY}:gone@${DIGEST}`, `${REPOSITORY}@${DIGEST}`],
  ])('takes an image apart by %s', async (_, name, asked) => {
    const { registry, deps, pull } = await world();
    expect(await pull(name)).toEqual({ repository: REPOSITORY, digest: DIGEST, view: viewOf(IMAGE) });
    expect(readdirSync(deps.temp)).toEqual([]);
    // Every manifest is looked at before anything is fetched.
    const looked = [asked.slice(REPOSITORY.length + 1), ...IMAGE.images.map(({ manifest }) => manifest.digest)];
    expect(registry.calls()).toEqual([...looked.map((name) => `inspect ${name}`), `fetch ${DIGEST}`]);
  });

  it('says that there is none', async () => {
    const { pull } = await world();
    expect(await failureOf(() => pull(`${REPOSITORY}:gone`))).toMatchObject({
      kind: 'not-found',
      message: `${REPOSITORY}:gone: the registry has no such image. Check the name; a private image needs 'docker login'`,
    });
  });

  it('fetches the digest that the tag named, though the tag moves meanwhile', async () => {
    const { pull } = await world('[ $verb = fetch ] && echo "{}" > "$served/1.0"');
    expect((await pull(`${REPOSITORY}:1.0`)).digest).toBe(DIGEST);
  });

  it.each(['after a tag named it', 'that was given'])(
    'refuses other bytes than those of the digest %s',
    async (when) => {
      const other = imageOf(lockWith({ epoch: 1 }));
      const { registry, pull } = await world(
        when === 'that was given' ? '' : `[ $verb = fetch ] && cp "$served/other" "$file"`,
      );
      registry.put(other.index.bytes, 'other');
      if (when === 'that was given') registry.spoil(DIGEST, other.index.bytes);
      const failure = await failureOf(() =>
        pull(when === 'that was given' ? `${REPOSITORY}@${DIGEST}` : `${REPOSITORY}:1.0`),
      );
      expect(failure.kind).toBe('verification');
      expect(failure.message).toContain(other.index.digest);
    },
  );

  it('names a platform that is gone, and one that is not what its digest says, and fetches nothing', async () => {
    const { registry, pull } = await world();
    const arm64 = IMAGE.images[1]?.manifest.digest ?? DIGEST;
    registry.spoil(arm64, 'other');
    const changed = await failureOf(() => pull(`${REPOSITORY}:1.0`));
    expect(changed.kind).toBe('verification');
    expect(changed.message).toBe(`the manifest of linux/arm64: the registry serves ${digestOf('other')} as ${arm64}`);
    registry.remove(arm64);
    expect((await failureOf(() => pull(`${REPOSITORY}:1.0`))).message).toMatch(
      /^the manifest of linux\/arm64 is gone: /,
    );
    expect(registry.done()).toEqual([]);
  });

  it.each<[string, object, RegExp]>([
    [
      'a layer larger than any of ours',
      { layers: [{ size: 64_000_001 }] },
      /^size of a blob of linux\/amd64: expected/,
    ],
    ['a config larger than any of ours', { config: { size: 64_000_001 }, layers: [] }, /^size of a blob of/],
    ['a layer of no size', { layers: [{ size: '1' }] }, /^size of a blob of linux\/amd64: expected a number of bytes/],
    [
      'a layer of less than nothing',
      { layers: [{ size: -1 }] },
      /^size of a blob of .*: expected a number .* found -1$/,
    ],
    ['half a byte', { layers: [{ size: 0.5 }] }, /^size of a blob of .*: expected a number of bytes, found 0\.5$/],
    [
      'five layers that are too much together',
      { layers: Array(5).fill({ size: 60_000_000 }) },
      /^the image's blobs have 300000001 bytes together, more than the 256000000 that are fetched$/,
    ],
    [
      'manifests of its own',
      { layers: [], manifests: [] },
      /^manifests in the manifest of linux\/amd64: expected none/,
    ],
    ['more layers than 16', { layers: Array(17).fill({ size: 1 }) }, /^linux\/amd64 has 17 layers, more than 16$/],
  ])('fetches nothing of an image with %s', async (_, change, message) => {
    const { registry, pull } = await world();
    const manifest = JSON.stringify({ schemaVersion: 2, config: { size: 1 }, ...change });
    const platform = { os: 'linux', architecture: 'amd64' };
    const child = { mediaType: MEDIA_TYPES.manifest, digest: registry.put(manifest), size: manifest.length, platform };
    registry.put(JSON.stringify({ schemaVersion: 2, mediaType: MEDIA_TYPES.index, manifests: [child] }), 'large');
    const failure = await failureOf(() => pull(`${REPOSITORY}:large`));
    expect(failure).toMatchObject({ kind: 'verification', message: expect.stringMatching(message) as string });
    expect(registry.done()).toEqual([]);
  });

  it('fetches nothing of an image whose platforms are too much together', async () => {
    const { registry, pull } = await world();
    const layers = [{ size: 60_000_000 }, { size: 60_000_000 }];
    const children = ['amd64', 'arm64', 'arm'].map((architecture) => {
      const manifest = JSON.stringify({ config: { size: 1 }, layers, annotations: { architecture } });
      const descriptor = { mediaType: MEDIA_TYPES.manifest, digest: registry.put(manifest), size: manifest.length };
      return { ...descriptor, platform: { os: 'linux', architecture } };
    });
    registry.put(JSON.stringify({ mediaType: MEDIA_TYPES.index, manifests: children }), 'large');
    expect(await failureOf(() => pull(`${REPOSITORY}:large`))).toMatchObject({
      kind: 'verification',
      message: "the image's blobs have 360000003 bytes together, more than the 256000000 that are fetched",
    });
    expect(registry.done()).toEqual([]);
  });

  it('refuses a platform whose bytes are not its digest’s', async () => {
    const { registry, pull } = await world();
    const layer = IMAGE.images[1]?.layer.digest ?? DIGEST;
    registry.spoil(layer, Buffer.alloc(IMAGE.images[1]?.layer.size ?? 0));
    const failure = await failureOf(() => pull(`${REPOSITORY}:1.0`));
    expect(failure.kind).toBe('verification');
    expect(failure.message).toMatch(new RegExp(`^digest of layer of linux/arm64: expected ${layer}, found sha256:`));
  });

  const child = (platform: object, digest = DIGEST) => ({ mediaType: MEDIA_TYPES.manifest, digest, size: 1, platform });
  const amd64 = { os: 'linux', architecture: 'amd64' };
  const index = (manifests: unknown, mediaType: unknown = MEDIA_TYPES.index) =>
    JSON.stringify({ schemaVersion: 2, mediaType, manifests });
  it.each<[string, string, RegExp]>([
    ['no JSON', 'x', /^image index is not JSON$/],
    ['a single manifest', index([], MEDIA_TYPES.manifest), /:other is no OCI image index but "application\/vnd\.oci\./],
    ['what has no type', '{}', /:other is no OCI image index but nothing\. /],
    [
      'a type that is nested without end',
      `{"mediaType":${'['.repeat(100_000)}${']'.repeat(100_000)}}`,
      /:other is no OCI image index but what is nested too deep to be shown\. /,
    ],
    ['no manifests', index([]), /:other is an image index that names no manifest$/],
    ['more manifests than are looked at', index(Array(17).fill(child({}))), /names 17 manifests, more than 16$/],
    [
      'one platform twice',
      index([child(amd64), child({ ...amd64, variant: 'v2' }), child(amd64, digestOf('other'))]),
      /^the image index names linux\/amd64 twice, and not every client takes the same one$/,
    ],
  ])('refuses %s', async (_, bytes, message) => {
    const { registry, pull } = await world();
    registry.put(bytes, 'other');
    const failure = await failureOf(() => pull(`${REPOSITORY}:other`));
    expect(failure.kind).toBe('verification');
    expect(failure.message).toMatch(message);
    expect(registry.calls()).toEqual(['inspect other']);
  });

  it('asks a registry that stumbles again', async () => {
    const { deps, pull } = await world('[ $n -eq 1 ] && { echo "503" >&2; exit 1; }');
    expect((await pull(`${REPOSITORY}:1.0`)).digest).toBe(DIGEST);
    expect(deps.slept).toHaveLength(1);
  });
});
