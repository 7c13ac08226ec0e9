import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { digestOf } from '../../../src/hash.js';
import { writeLayout } from '../../../src/image/layout/layout.js';
import { MEDIA_TYPES } from '../../../src/image/layout/oci.js';
import { parseReference } from '../../../src/image/reference.js';
import { pullImage } from '../../../src/verify/published.js';
import { failureOf } from '../../support/failureOf.js';
import { REPOSITORY, fakeRegistry } from '../../support/fakeRegistry.js';
import { asPublished, sampleImage, sampleLock } from '../../support/signed.js';
import { temporaryFolder, testDeps } from '../../support/world.js';

const LOCK = sampleLock();
const IMAGE = sampleImage(LOCK);
const DIGEST = IMAGE.index.digest;

/** A registry that holds the image under its digest and the tag `1.0`. */
async function world() {
  const registry = fakeRegistry();
  const layout = join(temporaryFolder(), 'layout');
  await writeLayout(IMAGE, layout);
  registry.putLayout(layout);
  registry.put(IMAGE.index.bytes, '1.0');
  const deps = testDeps();
  const pull = (name: string) => {
    const reference = parseReference(`${REPOSITORY}${name}`);
    if (reference === undefined) throw new Error(`${name} is no reference`);
    return pullImage(reference, deps);
  };
  return { registry, deps, pull };
}

describe('pullImage', () => {
  it.each([
    ['a tag', ':1.0', '1.0'],
    ['a digest', `@${DIGEST}`, DIGEST],
    ['a digest beside a tag, which is not looked at', `:gone@${DIGEST}`, DIGEST],
  ])('pulls an image whole by %s', async (_, name, asked) => {
    const { registry, deps, pull } = await world();
    expect(await pull(name)).toEqual({ ...asPublished(IMAGE, LOCK), repository: REPOSITORY });
    const children = IMAGE.images.map(({ manifest }) => `inspect ${manifest.digest}`);
    expect(registry.calls()).toEqual([`inspect ${asked}`, ...children, `fetch ${DIGEST}`]);
    expect(readdirSync(deps.temp)).toEqual([]);
  });

  it('says that there is none', async () => {
    const { pull } = await world();
    expect(await failureOf(() => pull(':gone'))).toMatchObject({ kind: 'not-found' });
  });

  it('refuses other bytes than the digest’s', async () => {
    const { registry, pull } = await world();
    registry.spoil(DIGEST, '{}');
    expect(await failureOf(() => pull(`@${DIGEST}`))).toMatchObject({
      kind: 'verification',
      message: `${REPOSITORY}@${DIGEST}: the registry serves other bytes, whose digest is ${digestOf('{}')}`,
    });
  });

  it('names a platform that is gone, and one that is not what its digest says', async () => {
    const { registry, pull } = await world();
    const arm64 = IMAGE.images[1]?.manifest.digest ?? DIGEST;
    registry.spoil(arm64, 'other');
    expect((await failureOf(() => pull(':1.0'))).message).toMatch(/^the manifest of linux\/arm64: the registry serves/);
    registry.remove(arm64);
    expect((await failureOf(() => pull(':1.0'))).message).toMatch(/^the manifest of linux\/arm64 is gone: /);
  });

  it.each([
    [16, /^media type of layer of linux\/amd64/],
    [17, /^linux\/amd64 has 17 layers, more than 16$/],
  ])('looks at no more than 16 layers: %i', async (count, message) => {
    const { registry, pull } = await world();
    const config = { mediaType: MEDIA_TYPES.config, digest: registry.put('{}'), size: 2 };
    const layers = Array.from({ length: count }, () => ({ size: 1 }));
    const manifest = JSON.stringify({ schemaVersion: 2, mediaType: MEDIA_TYPES.manifest, config, layers });
    registry.put(index([{ ...child(amd64, registry.put(manifest)), size: manifest.length }]), 'many');
    const failure = await failureOf(() => pull(':many'));
    expect(failure.kind).toBe('verification');
    expect(failure.message).toMatch(message);
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
    const failure = await failureOf(() => pull(':other'));
    expect(failure.kind).toBe('verification');
    expect(failure.message).toMatch(message);
    expect(registry.calls()).toEqual(['inspect other']);
  });
});
