import { execFileSync } from 'node:child_process';
import { truncateSync, writeFileSync } from 'node:fs';
import { type ServerResponse } from 'node:http';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { type Digest, digestOf } from '../../../src/hash.js';
import { MEDIA_TYPES } from '../../../src/image/layout/oci.js';
import { BUNDLE_TYPE, bundlesOfFile, bundlesOfRegistry } from '../../../src/verify/bundles.js';
import type { FoundBundle } from '../../../src/verify/signature.js';
import { failureOf } from '../../support/failureOf.js';
import { loopbackRegistry } from '../../support/fakeRegistry.js';
import { list } from '../../support/referrers.js';
import { temporaryFolder, testDeps } from '../../support/world.js';

const IMAGE = digestOf('an image');
const TAG = IMAGE.replace(':', '-');

/** A registry whose referrers API answers as the test says, and which holds a good bundle; nothing lists it yet. */
async function world(api?: (response: ServerResponse) => void, also = '') {
  const { registry, repository } = await loopbackRegistry(also, api);
  const deps = testDeps();
  /** Puts a bundle there; its descriptor in a list of referrers. */
  const put = (bundle: object, change: object = {}) => {
    const bytes = JSON.stringify(bundle);
    const layer = { mediaType: BUNDLE_TYPE, digest: registry.put(bytes), size: bytes.length };
    const manifest = JSON.stringify({ schemaVersion: 2, layers: [layer], subject: { digest: IMAGE }, ...change });
    const digest = registry.put(manifest);
    return { mediaType: MEDIA_TYPES.manifest, digest, size: manifest.length, artifactType: BUNDLE_TYPE };
  };
  const good = put({ good: 1 });
  return {
    ...{ registry, deps, put, good },
    wanted: { from: good.digest, bundle: { good: 1 } },
    tagLists: (...manifests: unknown[]) => void registry.put(JSON.stringify({ manifests }), TAG),
    /** As they are asked for, and all of them. */
    next: () => bundlesOfRegistry(repository, IMAGE, deps),
    bundles: async () => {
      const all: FoundBundle[] = [];
      for await (const one of bundlesOfRegistry(repository, IMAGE, deps)) all.push(one);
      return all;
    },
  };
}

const gone = { mediaType: MEDIA_TYPES.manifest, digest: digestOf('gone'), size: 4, artifactType: BUNDLE_TYPE };

describe('bundlesOfFile', () => {
  it.each<[string, (file: string) => unknown, RegExp]>([
    ['is not there', () => undefined, /^--bundle: the file is missing: there is no \/.*\/bundle$/],
    // Nobody writes to it: whoever read it would wait for ever.
    ['is a FIFO', (file) => execFileSync('mkfifo', [file]), /^--bundle: the file is not a plain file: /],
    [
      'is too large',
      (file) => {
        writeFileSync(file, '');
        truncateSync(file, 128_000_001);
      },
      /^--bundle: the file has 128000001 bytes, more than the 128000000 allowed: /,
    ],
  ])('names a file that %s', async (_, make, message) => {
    const file = join(temporaryFolder(), 'bundle');
    make(file);
    expect(await failureOf(() => bundlesOfFile(file))).toMatchObject({
      kind: 'input',
      message: expect.stringMatching(message) as string,
    });
  });
});

describe('bundlesOfRegistry', () => {
  it('gives what the tag lists, and what the API lists, each once', async () => {
    const byTag = await world();
    expect(await byTag.bundles()).toEqual([]);
    byTag.tagLists(byTag.good);
    expect(await byTag.bundles()).toEqual([byTag.wanted]);

    const listed: unknown[] = [];
    const byBoth = await world((response) => list(response, listed));
    const other = byBoth.put({ other: 1 });
    listed.push(byBoth.good, other);
    byBoth.tagLists(byBoth.good);
    expect(await byBoth.bundles()).toEqual([byBoth.wanted, { from: other.digest, bundle: { other: 1 } }]);
  });

  it('fetches none before it is asked for: together they may be larger than the memory', async () => {
    const { registry, put, good, wanted, tagLists, next } = await world();
    const other = put({ other: 1 });
    tagLists(good, other);
    const found = next();
    expect((await found.next()).value).toEqual(wanted);
    expect(registry.done()).toEqual([`fetch ${good.digest}`]);
    expect((await found.next()).value).toEqual({ from: other.digest, bundle: { other: 1 } });
    expect(await found.next()).toEqual({ done: true, value: undefined });
  });

  it('passes over what is gone, wherever it is listed, and says so', async () => {
    const { deps, good, wanted, tagLists, bundles } = await world((response) => list(response, [gone]));
    tagLists(gone, good);
    expect(await bundles()).toEqual([wanted]);
    expect(deps.logged).toEqual([
      expect.stringMatching(
        new RegExp(
          `^info: Passed over ${gone.digest}: .* is listed as a signed bundle of ${IMAGE}, and the registry no`,
        ),
      ),
    ]);
  });

  it.each<[string, object]>([
    ['another image’s', { subject: { digest: gone.digest } }],
    ['nobody’s', { subject: undefined }],
    ['without layers', { layers: [] }],
    ['with a layer that is missing', { layers: [{ mediaType: BUNDLE_TYPE, digest: gone.digest, size: 1 }] }],
    ['with a layer that is too large', { layers: [{ mediaType: BUNDLE_TYPE, digest: gone.digest, size: 1e9 }] }],
  ])('passes over an artifact that is %s', async (_, change) => {
    const { deps, put, good, wanted, tagLists, bundles } = await world();
    tagLists(put({ bad: 1 }, change), good);
    expect(await bundles()).toEqual([wanted]);
    expect(deps.logged).toEqual([expect.stringMatching(/^info: Passed over sha256:\w{64}: /)]);
  });

  it.each<[string, (good: { digest: Digest }) => unknown]>([
    ['a size that is none', (good) => ({ ...good, size: -1 })],
    ['a type that is none', (good) => ({ ...good, mediaType: {} })],
  ])('reads a bundle by its digest, though the list gives it %s', async (_, spoilt) => {
    const { good, wanted, tagLists, bundles } = await world();
    tagLists(spoilt(good));
    expect(await bundles()).toEqual([wanted]);
  });

  it('leaves out what is no descriptor', async () => {
    const { good, wanted, tagLists, bundles } = await world();
    tagLists(null, 'x', { artifactType: BUNDLE_TYPE }, { ...good, digest: 'x' }, { ...good, artifactType: 'x' }, good);
    expect(await bundles()).toEqual([wanted]);
  });

  it('is not empty only because the registry did not answer', async () => {
    const { good, tagLists, bundles } = await world((response) => response.writeHead(503).end());
    tagLists(good);
    expect((await failureOf(bundles)).kind).toBe('transient');
  });

  it('is not empty only because the registry refuses to give one out', async () => {
    const refused = `case "$verb $name" in *sha256:*) echo 'unauthorized: not for you' >&2; exit 1;; esac`;
    const { good, tagLists, bundles } = await world(undefined, refused);
    tagLists(good);
    expect((await failureOf(bundles)).kind).toBe('auth');
  });

  it('looks at no more than 64', async () => {
    const { deps, tagLists, bundles } = await world();
    const many = Array.from({ length: 65 }, (_, index) => ({ ...gone, digest: digestOf(String(index)) }));
    tagLists(...many.slice(1));
    expect(await bundles()).toEqual([]);
    expect(deps.logged.splice(0)).toHaveLength(64);
    tagLists(...many);
    expect(await failureOf(bundles)).toMatchObject({
      kind: 'verification',
      message: expect.stringMatching(/^the registry lists 65 signed bundles for .*, more than the 64 that/) as string,
    });
    expect(deps.logged).toEqual([]);
  });
});
