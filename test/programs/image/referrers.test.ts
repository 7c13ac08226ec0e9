import { readdirSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { digestOf } from '../../../src/hash.js';
import { MEDIA_TYPES } from '../../../src/image/layout/oci.js';
import { artifactsIn, fetchArtifact, listReferrers } from '../../../src/image/referrers.js';
import { openRegistry } from '../../../src/image/registry.js';
import { failureOf } from '../../support/failureOf.js';
import { REPOSITORY, fakeRegistry } from '../../support/fakeRegistry.js';
import { testDeps } from '../../support/world.js';

const TYPE = 'application/x.note';
const SUBJECT = digestOf('an image');
const BYTES = 'a note';
const LAYER = { mediaType: TYPE, digest: digestOf(BYTES), size: BYTES.length };
const MAX_BYTES = 100;

/** A registry that holds an artifact, changed; what fetching its layer gives. */
function world(change: object = {}, before = '') {
  const registry = fakeRegistry(before);
  registry.put(BYTES);
  const config = { mediaType: 'application/vnd.oci.empty.v1+json', digest: registry.put('{}'), size: 2 };
  const document = { schemaVersion: 2, mediaType: MEDIA_TYPES.manifest, config, layers: [LAYER] };
  const digest = registry.put(JSON.stringify({ ...document, subject: { digest: SUBJECT }, ...change }));
  const deps = testDeps();
  const artifact = { what: 'the note', digest, layerType: TYPE, maxBytes: MAX_BYTES };
  const fetch = () => fetchArtifact(openRegistry(REPOSITORY, deps), REPOSITORY, SUBJECT, artifact, deps);
  return { registry, digest, deps, fetch };
}

describe('artifactsIn', () => {
  const [one, two] = [digestOf('1'), digestOf('2')];
  const item = (digest: unknown, artifactType: unknown = TYPE) => ({ digest, artifactType });

  it.each<[string, unknown[], string[]]>([
    ['nothing', [], []],
    ['artifacts of another type, and of none', [item(one, 'x'), item(one, null), { digest: one }], []],
    ['an artifact twice', [item(one), item(two), item(one)], [one, two]],
    ['an artifact whose size and type are none', [{ ...item(one), size: -1, mediaType: 5 }], [one]],
    ['what is no item', [null, 'x', 5, [one], [item(one)]], []],
    ['a digest that is none', [item('x'), item(undefined), item([one]), item(`${one}\n`), item(two)], [two]],
  ])('of a list with %s', (_, list, digests) => {
    expect(artifactsIn(list, TYPE)).toEqual(digests);
  });
});

describe('listReferrers', () => {
  const tag = SUBJECT.replace(':', '-');
  const ask = () => {
    const deps = testDeps();
    return listReferrers(openRegistry(REPOSITORY, deps), REPOSITORY, SUBJECT, deps);
  };

  it('gives what the tag of the digest lists, unread, and nothing where there is no such tag', async () => {
    const registry = fakeRegistry();
    expect(await ask()).toEqual([]);
    registry.put(JSON.stringify({ manifests: ['x', 5] }), tag);
    expect(await ask()).toEqual(['x', 5]);
    expect(registry.calls()).toEqual([`inspect ${tag}`, `inspect ${tag}`]);
  });

  it('asks a registry that stumbles again', async () => {
    fakeRegistry('[ $n -eq 1 ] && { echo 503 >&2; exit 1; }').put('{"manifests":[1]}', tag);
    expect(await ask()).toEqual([1]);
  });

  it('looks at 256 entries, and at no more', async () => {
    const registry = fakeRegistry();
    const put = (entries: number) => registry.put(JSON.stringify({ manifests: Array(entries).fill(1) }), tag);
    put(256);
    expect(await ask()).toHaveLength(256);
    put(257);
    expect(await failureOf(ask)).toMatchObject({
      kind: 'verification',
      message: `list of referrers ${REPOSITORY}:${tag} has 257 entries, more than the 256 that are looked at. Remove what nobody needs`,
    });
  });

  it.each(['x', '5', '{}', '{"manifests":{}}'])('refuses a list that is %s', async (text) => {
    fakeRegistry().put(text, tag);
    expect(await failureOf(ask)).toMatchObject({ kind: 'verification' });
  });
});

describe('fetchArtifact', () => {
  it('gives the one layer', async () => {
    const { registry, digest, deps, fetch } = world();
    expect(String(await fetch())).toBe(BYTES);
    expect(registry.calls()).toEqual([`inspect ${digest}`, `fetch ${digest}`]);
    expect(readdirSync(deps.temp)).toEqual([]);
  });

  it.each<[string, object, RegExp]>([
    ['another image', { subject: { digest: digestOf('another') } }, /but says it is of another image$/],
    ['two layers', { layers: [LAYER, LAYER] }, /^r\.example\/a\/b@sha256:\w{64} has more than the one layer that the/],
    ['no layer', { layers: [] }, /^layer of the note: expected an object, found nothing$/],
    ['a layer of another type', { layers: [{ ...LAYER, mediaType: 'x' }] }, /^media type of layer of the note: /],
    [
      'a layer too large',
      { layers: [{ ...LAYER, size: MAX_BYTES + 1 }] },
      /^size of the note: expected at most 100 bytes, found 101$/,
    ],
    [
      'a layer of less than nothing',
      { layers: [{ ...LAYER, size: -1 }] },
      /^size of layer of the note: expected a number of bytes, found -1$/,
    ],
    ['a config of less than nothing', { config: { size: -1 } }, /^size of config of the note: .* found -1$/],
    ['a config too large', { config: { size: 1_000_001 } }, /^size of config of the note: .* found 1000001$/],
    ['a config whose size is none', { config: { size: '5' } }, /^size of config of the note: .* found 5$/],
    ['an index as well', { manifests: [] }, /has more than the one layer/],
    ['a manifest too large', { annotations: { a: 'x'.repeat(1_000_000) } }, /^size of manifest of the note: /],
  ])('refuses %s before any of it is fetched', async (_, change, message) => {
    const { registry, digest, fetch } = world(change);
    const failure = await failureOf(fetch);
    expect(failure.kind).toBe('verification');
    expect(failure.message).toMatch(message);
    expect(registry.calls()).toEqual([`inspect ${digest}`]);
  });

  it('takes a layer and a config of just the size', async () => {
    const bytes = 'x'.repeat(MAX_BYTES);
    const { registry, fetch } = world({
      layers: [{ ...LAYER, digest: digestOf(bytes), size: MAX_BYTES }],
      config: { size: 1_000_000 },
    });
    registry.put(bytes);
    expect(String(await fetch())).toBe(bytes);
  });

  it('refuses a manifest of other bytes before they are looked at', async () => {
    const { registry, digest, fetch } = world();
    registry.spoil(digest, 'other');
    expect(await failureOf(fetch)).toMatchObject({
      kind: 'verification',
      message: `${REPOSITORY}@${digest}: the registry serves other bytes, whose digest is ${digestOf('other')}`,
    });
  });

  it('says that a manifest is gone', async () => {
    const { registry, digest, fetch } = world();
    registry.remove(digest);
    expect(await failureOf(fetch)).toMatchObject({
      kind: 'not-found',
      message: `${REPOSITORY}@${digest} is listed as the note of ${SUBJECT}, and the registry no longer has it`,
    });
  });

  it('refuses a layer of other bytes', async () => {
    const { registry, fetch } = world();
    registry.spoil(LAYER.digest, 'A note');
    expect((await failureOf(fetch)).message).toMatch(/^digest of the note: expected sha256:/);
  });

  it('says what failed, also where the folder that it was fetched to is gone', async () => {
    const { fetch } = world({}, '[ $verb = fetch ] && { rm -r "$PWD"; echo unauthorized >&2; exit 1; }');
    expect(await failureOf(fetch)).toMatchObject({ kind: 'auth' });
  });

  it('asks a registry that stumbles again', async () => {
    const { deps, fetch } = world({}, '[ $n -eq 1 ] && { echo 503 >&2; exit 1; }');
    expect(String(await fetch())).toBe(BYTES);
    expect(deps.slept).toHaveLength(1);
  });
});
