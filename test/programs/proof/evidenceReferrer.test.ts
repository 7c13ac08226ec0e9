import { readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { canonicalJson } from '../../../src/canonical.js';
import { Failure } from '../../../src/errors.js';
import { digestOf } from '../../../src/hash.js';
import { MEDIA_TYPES } from '../../../src/image/layout/oci.js';
import { referrersTag } from '../../../src/image/referrers.js';
import { type OpenedEvidence, openEvidence } from '../../../src/proof/evidence.js';
import { EVIDENCE_TYPE, evidenceToSign } from '../../../src/proof/evidenceReferrer.js';
import { packEvidence } from '../../../src/proof/packedEvidence.js';
import { failureOf } from '../../support/failureOf.js';
import { REPOSITORY } from '../../support/fakeRegistry.js';
import { EPOCH, SUBJECT, TAG, evidenceWorld as world } from './evidenceWorld.js';
import { EVIDENCE_FILES, LOCK, anyEvidence, evidenceOf, filesIn } from '../../support/proof.js';

const { digest } = SUBJECT;
const refusing = () => Promise.reject(new Failure('verification', 'the evidence is not what was verified'));
const REFUSED = {
  kind: 'verification',
  message: expect.stringMatching(
    /^the evidence is not what was verified\. This evidence lies beside 127\.0\.0\.1:\d+\/a\/b@sha256:\w{64} already\. Find out who/,
  ) as string,
};

describe('referrersTag', () => {
  it('is the digest as a tag may have it', () => {
    expect(referrersTag(REPOSITORY, `sha256:${'0'.repeat(64)}`)).toBe(`${REPOSITORY}:sha256-${'0'.repeat(64)}`);
  });
});

describe('evidence beside an image', () => {
  it('is an artifact whose subject is the image, and is listed under the referrers’ tag', async () => {
    const { registry, deps, folder, publish, list, repository } = await world();
    await publish();
    const tar = await packEvidence(folder, EPOCH);
    const layer = { mediaType: `${EVIDENCE_TYPE}.tar`, digest: digestOf(tar), size: tar.length };
    const manifest = canonicalJson({
      schemaVersion: 2,
      mediaType: MEDIA_TYPES.manifest,
      artifactType: 'application/vnd.phantun-runtime.evidence.v1',
      config: { mediaType: 'application/vnd.oci.empty.v1+json', digest: digestOf('{}'), size: 2 },
      layers: [{ ...layer, annotations: { 'org.opencontainers.image.title': 'evidence.tar' } }],
      subject: SUBJECT,
    });
    const sent = digestOf(manifest);
    expect(registry.served(sent)?.toString()).toBe(manifest);
    expect(registry.served(layer.digest)?.equals(tar)).toBe(true);
    expect(list().manifests).toEqual([
      { mediaType: MEDIA_TYPES.manifest, digest: sent, size: manifest.length, artifactType: EVIDENCE_TYPE },
    ]);
    expect(registry.done()).toEqual([`send ${sent}`, `list ${TAG}`]);
    expect(deps.logged).toEqual([
      expect.stringMatching(new RegExp(`^info: Sent the evidence \\(\\d+ kB\\) as ${repository}@${sent}$`)),
    ]);
    expect(readdirSync(deps.temp)).toEqual([]);
  });

  it('comes back byte for byte', async () => {
    const { deps, folder, publish, fetch } = await world();
    await publish();
    expect(await fetch()).toBe(true);
    const fetched = join(deps.temp, 'fetched');
    expect(filesIn(fetched)).toEqual(EVIDENCE_FILES);
    for (const name of EVIDENCE_FILES)
      expect(readFileSync(join(fetched, name))).toEqual(readFileSync(join(folder, name)));
    expect(readdirSync(deps.temp)).toEqual(['fetched']);
  });

  it('is found where only the referrers API lists it, as with an image that was copied with its referrers', async () => {
    const listed: unknown[] = [];
    const { registry, publish, fetch, list } = await world('', (response) =>
      response.end(JSON.stringify({ schemaVersion: 2, manifests: listed })),
    );
    await publish();
    listed.push(...list().manifests);
    registry.remove(TAG);
    expect(await fetch()).toBe(true);
  });

  it('is what is signed, also when the same image is published again', async () => {
    const { deps, folder, publish, repository } = await world();
    const own = await openEvidence(folder);
    expect(await evidenceToSign(own, repository, digest, refusing, deps)).toBe(own);
    await publish();
    const again = { ...own, lock: { ...LOCK, facts: { ...LOCK.facts, resolvedAt: LOCK.facts.resolvedAt + 60 } } };
    const beside = await evidenceToSign(again, repository, digest, anyEvidence, deps);
    expect(beside.lock).toEqual(LOCK);
    expect(filesIn(beside.folder)).toEqual(EVIDENCE_FILES);
    expect(await failureOf(() => evidenceToSign(own, repository, digest, refusing, deps))).toMatchObject(REFUSED);
  });

  it('stays when it is there already, if it is what was verified', async () => {
    const judged: OpenedEvidence[] = [];
    const { registry, deps, publish, repository } = await world('', undefined, (evidence) => {
      judged.push(evidence);
      return Promise.resolve();
    });
    await publish();
    expect(judged).toEqual([]);
    const before = registry.done();
    await publish();
    expect(registry.done().filter((line) => !line.startsWith('fetch '))).toEqual(before);
    expect(judged).toMatchObject([{ lock: LOCK, statement: evidenceOf().statement }]);
    expect(deps.logged.at(-1)).toBe(`info: ${repository}@${digest} has its evidence already`);
    expect(readdirSync(deps.temp)).toEqual([]);
  });

  it('is not left there unread: what is refused is named, with the image it lies beside', async () => {
    const { publish } = await world('', undefined, refusing);
    await publish();
    expect(await failureOf(publish)).toMatchObject(REFUSED);
  });

  it('is listed with what somebody has listed while it was sent', async () => {
    const signature = {
      mediaType: MEDIA_TYPES.manifest,
      digest: digestOf('x'),
      size: 1,
      artifactType: 'application/x',
    };
    const during = JSON.stringify({ schemaVersion: 2, manifests: [signature] });
    const { registry, publish, list } = await world(`[ $verb = send ] && printf '${during}' > "$served/${TAG}"`);
    registry.put('x');
    await publish();
    expect(list().manifests).toEqual([signature, expect.objectContaining({ artifactType: EVIDENCE_TYPE })]);
  });

  it('does not push out what somebody else gave the image while it was sent', async () => {
    const rival = { mediaType: MEDIA_TYPES.manifest, digest: digestOf('x'), size: 1, artifactType: EVIDENCE_TYPE };
    const during = JSON.stringify({ schemaVersion: 2, manifests: [rival] });
    const { registry, publish, list } = await world(`[ $verb = send ] && printf '${during}' > "$served/${TAG}"`);
    registry.put('x');
    expect(await failureOf(publish)).toMatchObject({
      kind: 'registry',
      message: expect.stringMatching(
        / was given evidence by somebody else while this run sent its own\. Run again/,
      ) as string,
    });
    expect(list().manifests).toEqual([rival]);
  });

  it.each([
    ['a manifest', MEDIA_TYPES.manifest],
    ['an index', MEDIA_TYPES.index],
    ['a kind of old', 'application/vnd.oci.artifact.manifest.v1+json'],
  ])('is added to what others have listed, whose descriptors stay as they are: %s', async (_, mediaType) => {
    const { registry, publish, fetch, list } = await world();
    const other = {
      ...{ mediaType, digest: registry.put('x'), size: 1, artifactType: 'application/x.signature' },
      annotations: { a: 'b' },
    };
    registry.put(JSON.stringify({ schemaVersion: 2, manifests: [other] }), TAG);
    await publish();
    expect(list().manifests).toHaveLength(2);
    expect(list().manifests[0]).toEqual(other);
    expect(await fetch()).toBe(true);
  });

  it('is waited for until the registry shows it', async () => {
    const { deps, publish, fetch } = await world(
      '[ $verb = inspect ] && [ $n -gt 2 ] && [ $n -lt 5 ] && { echo manifest unknown >&2; exit 1; }',
    );
    await publish();
    expect(deps.slept).toEqual([500, 1_000]);
    expect(await fetch()).toBe(true);
  });

  it('is not listed when the registry does not show it', async () => {
    const { registry, publish } = await world('[ $verb = send ] && exit 0');
    expect(await failureOf(publish)).toMatchObject({
      kind: 'registry',
      message: expect.stringMatching(
        /^127\.0\.0\.1:\d+\/a\/b@sha256:\w{64} was sent, but the registry does not show it$/,
      ) as string,
    });
    expect(registry.served(TAG)).toBeUndefined();
  });

  it('is sent again when the registry stumbles', async () => {
    const { registry, deps, publish, fetch } = await world(
      '[ $verb = send ] && [ $n -lt 3 ] && { echo "503 Service Unavailable" >&2; exit 1; }',
    );
    await publish();
    expect(registry.done().map((line) => line.split(' ')[0])).toEqual(['send', 'send', 'list']);
    expect(deps.slept).toHaveLength(1);
    expect(await fetch()).toBe(true);
  });
});

describe('an image without evidence', () => {
  it('says so', async () => {
    const { registry, fetch } = await world();
    expect(await fetch()).toBe(false);
    registry.put(JSON.stringify({ manifests: [] }), TAG);
    expect(await fetch()).toBe(false);
    const signature = { mediaType: MEDIA_TYPES.manifest, digest: digestOf('x'), size: 1, artifactType: 'x' };
    registry.put(JSON.stringify({ manifests: [signature] }), TAG);
    expect(await fetch()).toBe(false);
    const nothing = { mediaType: MEDIA_TYPES.manifest, size: 1, artifactType: EVIDENCE_TYPE };
    registry.put(JSON.stringify({ manifests: [nothing, null, 'x', []] }), TAG);
    expect(await fetch()).toBe(false);
  });

  it('is not one whose registry cannot be asked', async () => {
    const { fetch } = await world('echo "unauthorized" >&2; exit 1');
    expect((await failureOf(fetch)).kind).toBe('auth');
  });
});
