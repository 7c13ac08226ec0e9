import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { digestOf } from '../../../../src/hash.js';
import { writeLayout } from '../../../../src/image/layout/layout.js';
import { MEDIA_TYPES } from '../../../../src/image/layout/oci.js';
import { publicationOf, publish } from '../../../../src/image/publish/publish.js';
import type { SeenTags } from '../../../../src/image/publish/seen.js';
import type { TagNames } from '../../../../src/image/publish/tags.js';
import { referrersTag } from '../../../../src/image/referrers.js';
import type { History } from '../../../../src/source/resolve.js';
import { REPOSITORY, fakeRegistry } from '../../../support/fakeRegistry.js';
import { failureOf } from '../../../support/failureOf.js';
import { temporaryFolder, testDeps } from '../../../support/world.js';
import { LOCK, anyEvidence, imageOf, lockWith, writtenEvidence } from '../../../support/proof.js';

const IMAGE = imageOf();
const DIGEST = IMAGE.index.digest;
const OTHER = digestOf('other');
const TAGS: TagNames = { fixed: ['1.0'], moving: ['latest'], key: 'key-0' };
const EVIDENCE_TAG = referrersTag('', DIGEST).slice(1);

const forward: History['isAncestor'] = () => Promise.resolve(true);

/** A registry, an image to publish in it, and a history that is asked when a tag moves. */
async function world({ before = '', isAncestor = forward } = {}) {
  const deps = testDeps();
  const registry = fakeRegistry(before.replaceAll('DIGEST', DIGEST).replaceAll('HEX', DIGEST.slice(7)));
  const layout = join(temporaryFolder(), 'layout');
  await writeLayout(IMAGE, layout);
  const folder = await writtenEvidence();
  const { commit, epoch: epochSeconds } = LOCK.inputs;
  const publication = publicationOf(layout, IMAGE, commit, { folder, epochSeconds, judge: anyEvidence });
  const history = { isAncestor };
  return {
    deps,
    registry,
    publication,
    publish: (repositories = [REPOSITORY]) => publish(publication, repositories, TAGS, history, deps),
    publishByDigest: () => publish(publication, [REPOSITORY], TAGS, history, deps, { upTo: 'evidence' }),
    publishSeen: (seen: SeenTags) => publish(publication, [REPOSITORY], TAGS, history, deps, { seen }),
    /** What was done, the evidence's own manifest by that name. */
    done: () => registry.done().map((line) => (line.includes(DIGEST) ? line : line.replace(/sha256:\w+/, 'EVIDENCE'))),
  };
}

const ALL = [`send ${DIGEST}`, 'send EVIDENCE', `list ${EVIDENCE_TAG}`, 'tag 1.0', 'tag latest', 'tag key-0'];
const RESULT = {
  refs: [`${REPOSITORY}@${DIGEST}`],
  tags: [`${REPOSITORY}:1.0`, `${REPOSITORY}:latest`, `${REPOSITORY}:key-0`],
};

describe('what is published', () => {
  it('is described by the digests of index and platforms', async () => {
    const { publication } = await world();
    expect(publication).toMatchObject({
      digest: DIGEST,
      index: { mediaType: MEDIA_TYPES.index, digest: DIGEST, size: IMAGE.index.bytes.length },
      children: IMAGE.images.map(({ platform, manifest }) => ({ name: platform, digest: manifest.digest })),
    });
  });
});

describe('publish', () => {
  it('sends by digest first, then the evidence, and tags last', async () => {
    const { registry, publish, done } = await world();
    expect(await publish()).toMatchObject(RESULT);
    expect(done()).toEqual(ALL);
    for (const tag of ['1.0', 'key-0', 'latest']) expect(registry.served(tag)).toEqual(IMAGE.index.bytes);
  });

  it('sends nothing where all is there already, and looks at the evidence', async () => {
    const { publish, done } = await world();
    await publish();
    expect(await publish()).toMatchObject(RESULT);
    expect(done()).toEqual([...ALL, 'fetch EVIDENCE']);
  });

  it('sends again what a clean-up of the registry has taken away', async () => {
    const { registry, publish, done } = await world();
    await publish();
    registry.remove(IMAGE.images[1]?.manifest.digest ?? '');
    expect(await publish()).toMatchObject(RESULT);
    expect(done()).toEqual([...ALL, `send ${DIGEST}`, 'fetch EVIDENCE']);
  });

  it('moves a moving tag, whatever it named', async () => {
    const { registry, publish, done } = await world();
    registry.put('other', 'latest');
    expect(await publish()).toMatchObject(RESULT);
    expect(done()).toEqual(ALL);
  });

  it.each(['1.0', 'key-0'])('refuses before anything is sent to move the fixed tag %s', async (tag) => {
    const { registry, publish, done } = await world();
    registry.put('other', tag);
    expect(await failureOf(publish)).toMatchObject({
      kind: 'registry',
      message: `${REPOSITORY}:${tag} already names ${OTHER} and may not move to ${DIGEST}. Nothing was published. Choose another tag, or list it in moving-tags`,
    });
    expect(done()).toEqual([]);
  });

  it('moves a moving tag from an image of ours on in history, and never back', async () => {
    const newer = lockWith({ commit: 'e'.repeat(40) });
    const onward = await world({ isAncestor: (older) => Promise.resolve(older === newer.inputs.commit) });
    onward.registry.put(imageOf(newer).index.bytes, 'latest');
    expect(await onward.publish()).toMatchObject(RESULT);

    const back = await world({ isAncestor: (older) => Promise.resolve(older === LOCK.inputs.commit) });
    back.registry.put(imageOf(newer).index.bytes, 'latest');
    const failure = await failureOf(back.publish);
    expect(failure.kind).toBe('registry');
    expect(failure.message).toMatch(
      /^r\.example\/a\/b:latest names an image of e{40}, which comes after \w{40} .* Nothing was published/,
    );
    expect(back.done()).toEqual([]);
  });

  it('waits until the registry shows what it was sent, then gives up', async () => {
    const slow = await world({
      before:
        '[ "$verb $name" = "inspect DIGEST" ] && [ $n -gt 4 ] && [ $n -lt 9 ] && { echo manifest unknown >&2; exit 1; }',
    });
    expect(await slow.publish()).toMatchObject(RESULT);
    expect(slow.deps.slept.length).toBeGreaterThan(0);

    const never = await world({ before: '[ $verb = send ] && exit 0' });
    expect(await failureOf(never.publish)).toMatchObject({
      kind: 'registry',
      message: `${REPOSITORY}@${DIGEST} was sent, but the registry does not show it. No tag was moved. ${REPOSITORY} serves none of it`,
    });
    expect(never.deps.slept.reduce((sum, wait) => sum + wait, 0)).toBeLessThanOrEqual(60_000);
  });

  it('moves no tag when the registry serves other bytes', async () => {
    const { publish, done } = await world({
      before: '[ $verb = send ] && { echo x > "$served/sha256/HEX"; exit 0; }',
    });
    const failure = await failureOf(publish);
    expect(failure.kind).toBe('registry');
    expect(failure.message).toMatch(
      /: the registry serves bytes whose digest is sha256:\w+\. No tag was moved\. r\.example\/a\/b serves none of it$/,
    );
    expect(done()).toEqual([`send ${DIGEST}`]);
  });

  it('says which platforms and which repositories are served already when it fails', async () => {
    const [amd64, arm64] = IMAGE.images.map(({ manifest }) => manifest.digest);
    const half = await world({
      before: `[ $verb = send ] && { cp blobs/sha256/${amd64?.slice(7) ?? ''} "$served/sha256/"; echo "500" >&2; exit 1; }`,
    });
    expect(await failureOf(half.publish)).toMatchObject({
      kind: 'transient',
      message: expect.stringMatching(
        new RegExp(`\\. No tag was moved\\. ${REPOSITORY} serves linux/amd64 \\(${amd64 ?? ''}\\)$`),
      ) as string,
    });

    // The fake serves one repository; of another it knows nothing.
    const second = await world({ before: '[ $verb = send ] && case $target in *other*) echo 500 >&2; exit 1;; esac' });
    const other = REPOSITORY.replace('/b', '/other');
    const failure = await failureOf(() => second.publish([REPOSITORY, other]));
    const all = `linux/amd64 (${amd64 ?? ''}), linux/arm64 (${arm64 ?? ''}), the index (${DIGEST})`;
    expect(failure.message).toContain(`. No tag was moved. ${REPOSITORY} serves ${all}; ${other} serves none of it`);
  });

  it('says that a registry could not be asked what it serves, and what happened before', async () => {
    const { publish } = await world({
      before: '[ $n -gt 4 ] && { echo "received unexpected HTTP status: 503" >&2; exit 1; }',
    });
    expect(await failureOf(publish)).toMatchObject({
      kind: 'transient',
      message: expect.stringMatching(
        /did not do it\. .* No tag was moved\. What r\.example\/a\/b serves of it could not be asked$/,
      ) as string,
    });
  });

  it('leaves a tag that somebody else moved meanwhile', async () => {
    const { publish } = await world({ before: '[ $verb = send ] && printf other > "$served/latest"' });
    expect(await failureOf(publish)).toMatchObject({
      kind: 'registry',
      message: `${REPOSITORY}:latest was moved by somebody else while this run went on (absent → ${OTHER}); it is left as it is. The image is published as ${REPOSITORY}@${DIGEST}. Tags that name it: ${REPOSITORY}:1.0`,
    });
  });

  it.each([
    ['while it sets the last tag', '[ $verb = tag ] && [ $name = key-0 ] && kill -s USR2 $PPID', undefined],
    ['at its end', '', `${REPOSITORY}:key-0 names it already`],
  ])('that is cancelled %s says which tags name the image', async (_, before, last) => {
    const { deps, registry, publish } = await world({ before });
    if (last !== undefined) registry.put(IMAGE.index.bytes, 'key-0');
    process.once('SIGUSR2', deps.abort);
    const info = deps.log.info.bind(deps.log);
    deps.log.info = (text) => (text === last ? deps.abort() : info(text));
    expect(await failureOf(publish)).toMatchObject({
      kind: 'cancelled',
      message: expect.stringMatching(
        new RegExp(`cancelled.*\\. Tags that name it: ${RESULT.tags.slice(0, last === undefined ? 2 : 3).join(', ')}$`),
      ) as string,
    });
  });

  it('sends again when the registry stumbles, as a whole', async () => {
    const { registry, publish, done } = await world({
      before: '[ "$verb $name" = "send DIGEST" ] && [ $n -lt 6 ] && { echo "503 Service Unavailable" >&2; exit 1; }',
    });
    expect(await publish()).toMatchObject(RESULT);
    expect(done()).toEqual([`send ${DIGEST}`, ...ALL]);
    expect(registry.calls()).toContain(`inspect ${DIGEST}`);
  });
});

describe('publish up to the evidence', () => {
  it('sends everything and sets no tag', async () => {
    const { publishByDigest, done } = await world();
    const seen = Object.fromEntries(RESULT.tags.map((name) => [name, '']));
    expect(await publishByDigest()).toEqual({ ...RESULT, tags: [], seen });
    expect(done()).toEqual(ALL.filter((line) => !line.startsWith('tag ')));
  });

  it('refuses a tag that may not be set before anything is sent', async () => {
    const { publishByDigest, registry, done } = await world();
    registry.put('other', '1.0');
    expect((await failureOf(publishByDigest)).message).toMatch(/:1\.0 already names .* Nothing was published/);
    expect(done()).toEqual([]);
  });
});

describe('publish with what was seen when the image was sent', () => {
  const [FIXED = '', LATEST = ''] = RESULT.tags;

  it('moves the tags that are as they were', async () => {
    const { publishByDigest, publishSeen, registry } = await world();
    registry.put('other', 'latest');
    const { seen } = await publishByDigest();
    expect(seen).toMatchObject({ [FIXED]: '', [LATEST]: OTHER });
    expect(await publishSeen(seen)).toMatchObject(RESULT);
    // A run that is repeated finds them moved, by itself.
    expect(await publishSeen(seen)).toMatchObject(RESULT);
  });

  it.each([
    ['from what it named', 'one'],
    ['to something', undefined],
  ])('leaves all where somebody moved one %s since then', async (_, before) => {
    const { publishByDigest, publishSeen, registry, done } = await world();
    if (before !== undefined) registry.put(before, 'latest');
    const { seen } = await publishByDigest();
    registry.put('other', 'latest');
    expect(await failureOf(() => publishSeen(seen))).toMatchObject({
      kind: 'registry',
      message: `${LATEST} was moved by somebody else while this run went on (${before === undefined ? 'absent' : digestOf(before)} → ${OTHER}); it is left as it is. The image is published as ${REPOSITORY}@${DIGEST}`,
    });
    expect(done().filter((line) => line.startsWith('tag '))).toEqual([]);
  });

  it('wants to know of every tag', async () => {
    const { publishSeen, done } = await world();
    expect(await failureOf(() => publishSeen({ [FIXED]: '' }))).toMatchObject({
      kind: 'input',
      message: `--seen says nothing of ${LATEST}. Give what --signable left for this image and these tags`,
    });
    expect(done()).toEqual([]);
  });
});
