import { readdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { digestOf } from '../../../src/hash.js';
import { MEDIA_TYPES } from '../../../src/image/layout/oci.js';
import { lockFile } from '../../../src/proof/lock.js';
import { EVIDENCE_TYPE, lockBeside } from '../../../src/proof/evidenceReferrer.js';
import { failureOf } from '../../support/failureOf.js';
import { SUBJECT, TAG, evidenceWorld as world } from './evidenceWorld.js';
import { lockWith } from '../../support/proof.js';

const { digest } = SUBJECT;

describe('evidence that is listed and gone', () => {
  it('is published again where a clean-up took it, and what is gone is listed no longer', async () => {
    const { registry, deps, publish, fetch, list, repository } = await world();
    await publish();
    const [ours] = list().manifests;
    const other = { mediaType: MEDIA_TYPES.manifest, digest: registry.put('x'), size: 1, artifactType: 'x' };
    const gone = { ...other, digest: digestOf('gone') };
    const lost = { ...ours, digest: digestOf('lost') };
    registry.remove(String(ours?.digest));
    registry.put(
      JSON.stringify({ schemaVersion: 2, manifests: [gone, other, null, lost, { ...lost, digest: 'x' }, ours] }),
      TAG,
    );
    expect(await fetch()).toBe(false);
    expect(await lockBeside(repository, digest, deps)).toBeUndefined();
    await publish();
    expect(list().manifests).toEqual([other, ours]);
    expect(await fetch()).toBe(true);
  });

  it('is found behind what is gone, and then stays', async () => {
    const { registry, publish, fetch, list } = await world();
    await publish();
    const [ours] = list().manifests;
    const lost = { ...ours, digest: digestOf('lost') };
    registry.put(JSON.stringify({ schemaVersion: 2, manifests: [null, 'x', lost, ours] }), TAG);
    const before = registry.done();
    await publish();
    expect(registry.done()).toEqual([...before, `fetch ${String(ours?.digest)}`]);
    expect(await fetch()).toBe(true);
  });
});

describe('evidence without end', () => {
  const entry = (index: number, artifactType: string) => ({
    ...{ mediaType: MEDIA_TYPES.manifest, digest: digestOf(String(index)), size: 1, artifactType },
  });
  it.each<[string, number, string, RegExp]>([
    [
      'of evidence',
      17,
      EVIDENCE_TYPE,
      /lists 17 pieces of evidence for one image of .*, more than the 16 that are looked at/,
    ],
    [
      'of anything',
      257,
      'application/x',
      /^list of referrers .* has 257 entries, more than the 256 that are looked at/,
    ],
  ])('is not looked through: a list %s', async (_, count, type, message) => {
    const { registry, fetch, publish } = await world();
    const manifests = Array.from({ length: count }, (_, index) => entry(index, type));
    registry.put(JSON.stringify({ schemaVersion: 2, manifests }), TAG);
    for (const work of [fetch, publish]) {
      const failure = await failureOf(work);
      expect(failure.kind).toBe('verification');
      expect(failure.message).toMatch(message);
    }
    expect(registry.calls()).toEqual([`inspect ${TAG}`, `inspect ${TAG}`]);
  });
});

describe('hostile evidence', () => {
  const listed = (manifest: string | Buffer) => ({
    mediaType: MEDIA_TYPES.manifest,
    digest: digestOf(manifest),
    size: manifest.length,
    artifactType: EVIDENCE_TYPE,
  });
  const artifact = (change: object) =>
    JSON.stringify({ schemaVersion: 2, layers: [], subject: SUBJECT, artifactType: EVIDENCE_TYPE, ...change });

  it.each<[string, string, RegExp]>([
    ['a list that is no JSON', '<html>', /^list of referrers 127\.0\.0\.1:\d+\/a\/b:sha256-\w{64} is not JSON$/],
    ['a list without manifests', '{}', /^list of referrers .*: expected a list, found nothing$/],
  ])('refuses %s', async (_, list, message) => {
    const { registry, fetch } = await world();
    registry.put(list, TAG);
    const failure = await failureOf(fetch);
    expect(failure.kind).toBe('verification');
    expect(failure.message).toMatch(message);
  });

  it.each<[string, object, RegExp]>([
    [
      'another image’s',
      { subject: { ...SUBJECT, digest: digestOf('other') } },
      /^127\.0\.0\.1:\d+\/a\/b@sha256:\w{64} is listed as the evidence of sha256:\w{64}, but says it is of another image$/,
    ],
    ['nobody’s', { subject: undefined }, /says it is of another image$/],
    ['no layer', {}, /^layer of the evidence: expected an object, found nothing$/],
    [
      'a layer of another type',
      { layers: [{ mediaType: MEDIA_TYPES.layer, digest: digestOf('x'), size: 1 }] },
      /^media type of layer of the evidence: expected application\/vnd\.phantun-runtime\.evidence\.v1\.tar/,
    ],
    [
      'a layer that is not there',
      { layers: [{ mediaType: `${EVIDENCE_TYPE}.tar`, digest: digestOf('gone'), size: 1 }] },
      /^the evidence \(sha256:\w{64}\) is missing/,
    ],
  ])('refuses %s', async (_, change, message) => {
    const { registry, fetch } = await world();
    const manifest = artifact(change);
    registry.put(manifest);
    registry.put(JSON.stringify({ manifests: [listed(manifest)] }), TAG);
    const failure = await failureOf(fetch);
    expect(failure.kind).toBe('verification');
    expect(failure.message).toMatch(message);
  });

  it('refuses a layer whose bytes were changed, and a layer that is no bundle', async () => {
    const { registry, publish, fetch } = await world();
    await publish();
    const layer = registry.digests().find((name) => (registry.served(name)?.length ?? 0) > 5_000) ?? '';
    const bytes = Buffer.from(registry.served(layer) ?? '');
    bytes.writeUInt8(1, bytes.length - 1);
    registry.spoil(layer, bytes);
    expect((await failureOf(fetch)).message).toMatch(/^digest of the evidence: expected sha256:/);

    const tar = registry.put('no tar');
    const manifest = artifact({ layers: [{ mediaType: `${EVIDENCE_TYPE}.tar`, digest: tar, size: 6 }] });
    registry.put(manifest);
    registry.put(JSON.stringify({ manifests: [listed(manifest)] }), TAG);
    expect((await failureOf(fetch)).message).toBe(
      'the evidence, tar header at byte 0: the tar ends without an end mark',
    );
  });
});

describe('the lock in evidence from a registry', () => {
  it.each<[string, (folder: string) => void, RegExp]>([
    [
      'is missing',
      (folder) => rmSync(join(folder, 'lock.json')),
      /^the evidence's lock\.json is missing: there is no \//,
    ],
    [
      'is none',
      (folder) => writeFileSync(join(folder, 'lock.json'), '{}'),
      /^the lock in the evidence cannot be used: the lock has not exactly the parts inputs and facts$/,
    ],
    [
      'names an upstream that is none',
      (folder) => writeFileSync(join(folder, 'lock.json'), lockFile(lockWith({ upstream: 'ftp://x/y' }))),
      /^the lock in the evidence cannot be used: input upstream: 'ftp:\/\/x\/y' is not of the form/,
    ],
  ])('is refused when it %s: no input is to blame', async (_, spoil, message) => {
    const { deps, folder, publish, repository } = await world();
    spoil(folder);
    await publish();
    const failure = await failureOf(() => lockBeside(repository, digest, deps));
    expect(failure.kind).toBe('verification');
    expect(failure.message).toMatch(message);
    expect(readdirSync(deps.temp)).toEqual([]);
  });
});
