import { mkdir, readdir, readFile, rename, rm, symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { digestOf, type Digest } from '../../../../src/hash.js';
import { blobPath } from '../../../../src/image/layout/blobs.js';
import { compose, type BuiltImage, type ComposedPlatform } from '../../../../src/image/layout/compose.js';
import { readLayout, topOfLayout, writeLayout } from '../../../../src/image/layout/layout.js';
import { MEDIA_TYPES } from '../../../../src/image/layout/oci.js';
import { PLATFORMS } from '../../../../src/platform.js';
import { temporaryFolder } from '../../../support/world.js';
import { built, editEntry, image, writtenLayout } from '../../../support/layouts.js';
import { failureOf } from '../../../support/failureOf.js';

const IMAGE = image();
const [AMD64, ARM64] = IMAGE.images as [ComposedPlatform, ComposedPlatform];

describe('writeLayout', () => {
  it('writes the same bytes each time, the index a blob that index.json points to', async () => {
    const folders = [await writtenLayout(IMAGE), await writtenLayout(IMAGE)];
    const [one, other] = await Promise.all(folders.map(allFiles));
    expect(one).toEqual(other);
    expect(one?.get('oci-layout')).toBe('{"imageLayoutVersion":"1.0.0"}');
    expect(one?.get('index.json')).toBe(
      `{"manifests":[{"digest":"${IMAGE.index.digest}","mediaType":"${MEDIA_TYPES.index}","size":${IMAGE.index.size}}],` +
        `"mediaType":"${MEDIA_TYPES.index}","schemaVersion":2}`,
    );
    expect(one?.size).toBe(2 + IMAGE.blobs.size);
  });

  it('leaves a folder that holds anything alone', async () => {
    const folder = temporaryFolder();
    await writeFile(join(folder, 'mine'), '');
    expect(await failureOf(() => writeLayout(IMAGE, folder))).toMatchObject({ kind: 'local' });
    expect(await readdir(folder)).toEqual(['mine']);
  });
});

describe('readLayout', () => {
  it.each([1, 2, 3])('reads back an image of %d platforms', async (count) => {
    const whole = image(PLATFORMS.slice(0, count).map((platform) => built(platform)));
    const back = await readLayout(await writtenLayout(whole));
    expect(back.index).toEqual(whole.index);
    expect(back.images).toEqual(whole.images);
    expect(new Map([...back.blobs].sort())).toEqual(new Map([...whole.blobs].sort()));
  });

  it('reads back an image without annotations, or with a config that says nothing', async () => {
    const builds: BuiltImage[] = [{ platform: 'linux/amd64', config: {}, layer: Buffer.alloc(1024) }];
    const bare = compose(builds, { epochSeconds: 0, annotations: {} });
    expect((await readLayout(await writtenLayout(bare))).index).toEqual(bare.index);
  });

  const everyBlob: [string, Digest, string][] = [
    ['image index', IMAGE.index.digest, 'image index'],
    ...[AMD64, ARM64].flatMap(({ platform, manifest, config, layer }): [string, Digest, string][] => [
      [`manifest of ${platform}`, manifest.digest, `manifest of ${platform}`],
      [`config of ${platform}`, config.digest, `config of ${platform}`],
      [`layer of ${platform}`, layer.digest, `layer of ${platform}`],
    ]),
  ];

  it.each(everyBlob)('refuses a changed byte in the %s', async (_, digest, name) => {
    const folder = await writtenLayout(IMAGE);
    const bytes = await readFile(blobPath(folder, digest));
    bytes[bytes.length >> 1] = (bytes[bytes.length >> 1] ?? 0) ^ 1;
    await writeFile(blobPath(folder, digest), bytes);
    const message = `digest of ${name}: expected ${digest}, found ${digestOf(bytes)}`;
    expect(await failureOf(() => readLayout(folder))).toMatchObject({ kind: 'verification', message });
  });

  it.each(everyBlob)('refuses a %s that grew', async (_, digest, name) => {
    const folder = await writtenLayout(IMAGE);
    await writeFile(blobPath(folder, digest), 'x', { flag: 'a' });
    expect((await failureOf(() => readLayout(folder))).message).toMatch(new RegExp(`^size of ${name}: expected`));
  });

  it.each(everyBlob)('refuses a missing %s', async (_, digest, name) => {
    const folder = await writtenLayout(IMAGE);
    await rm(blobPath(folder, digest));
    const failure = await failureOf(() => readLayout(folder));
    expect(failure.kind).toBe('verification');
    expect(failure.message).toContain(`${name} (${digest}) is missing`);
  });

  it.each<[string, (folder: string) => Promise<unknown>, RegExp]>([
    [
      'an extra blob',
      (folder) => writeFile(blobPath(folder, digestOf('x')), 'x'),
      /belongs to no part .*: blobs\/sha256\/2d71/,
    ],
    ['an extra file', (folder) => writeFile(join(folder, 'readme'), ''), /belongs to no part of the image: readme$/],
    ['an extra folder', (folder) => mkdir(join(folder, 'blobs', 'sha512')), /belongs to no part .*: blobs\/sha512$/],
    // Whoever walks on goes through the whole machine, or in circles that double at every step.
    ['a link to a folder', (folder) => symlink('/', join(folder, 'x')), /belongs to no part of the image: x$/],
    ['links to the folder above', circles, /belongs to no part of the image: blobs\/(one|two)$/],
    ['a link for the folder of blobs', linkedBlobs, /belongs to no part of the image: blobs$/],
    ['no oci-layout', (folder) => rm(join(folder, 'oci-layout')), /^oci-layout is missing/],
    ['another oci-layout', (folder) => writeFile(join(folder, 'oci-layout'), '{}'), /^oci-layout is not what/],
    ['no index.json', (folder) => rm(join(folder, 'index.json')), /^index\.json is missing/],
    ['an index.json that is a folder', (folder) => replaceByFolder(join(folder, 'index.json')), /not a plain file/],
    ['an empty index.json', (folder) => writeFile(join(folder, 'index.json'), ''), /^index\.json is not JSON/],
    [
      'a huge index.json',
      (folder) => writeFile(join(folder, 'index.json'), ' '.repeat(1_000_001)),
      /more than the 1000000/,
    ],
    [
      'white space in index.json',
      (folder) => writeFile(join(folder, 'index.json'), '\n', { flag: 'a' }),
      /^index\.json is not what/,
    ],
    ['a symlink for a blob', (folder) => replaceBySymlink(blobPath(folder, AMD64.layer.digest)), /not a plain file/],
    ['no folder', (folder) => rm(folder, { recursive: true }), /is missing/],
    ['another size in index.json', (folder) => editEntry(folder, { size: 1 }), /size of image index: expected 1 bytes/],
    [
      'another digest in index.json',
      (folder) => editEntry(folder, { digest: digestOf('') }),
      /image index .* is missing/,
    ],
    [
      'a digest that is a path',
      (folder) => editEntry(folder, { digest: 'sha256:../../index.json' }),
      /digest of the image index/,
    ],
    [
      'another media type in index.json',
      (folder) => editEntry(folder, { mediaType: MEDIA_TYPES.manifest }),
      /media type of the image index/,
    ],
    [
      'an annotation in index.json',
      (folder) => editEntry(folder, { annotations: { a: 'b' } }),
      /^index\.json is not what/,
    ],
  ])('refuses %s', async (_, tamper, message) => {
    const folder = await writtenLayout(IMAGE);
    await tamper(folder);
    const failure = await failureOf(() => readLayout(folder));
    expect(failure).toMatchObject({ kind: 'verification', message: expect.stringMatching(message) as string });
  });
});

async function circles(folder: string): Promise<void> {
  for (const name of ['one', 'two']) await symlink('..', join(folder, 'blobs', name));
}

/** The blobs are all there, by a way that leads out of the layout. */
async function linkedBlobs(folder: string): Promise<void> {
  const elsewhere = join(temporaryFolder(), 'blobs');
  await rename(join(folder, 'blobs'), elsewhere);
  await symlink(elsewhere, join(folder, 'blobs'));
}

async function replaceByFolder(path: string): Promise<void> {
  await rm(path);
  await mkdir(path);
}

async function replaceBySymlink(path: string): Promise<void> {
  await rename(path, `${path}.real`);
  await symlink(`${path}.real`, path);
}

async function allFiles(folder: string): Promise<Map<string, string>> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  const paths = entries.filter((entry) => entry.isFile()).map((entry) => join(entry.parentPath, entry.name));
  const files = await Promise.all(
    paths.sort().map(async (path) => [path.slice(folder.length + 1), await readFile(path, 'latin1')] as const),
  );
  return new Map(files);
}

describe('topOfLayout', () => {
  it('refuses a folder without index.json', async () => {
    expect((await failureOf(() => topOfLayout(temporaryFolder()))).message).toMatch(/^index\.json is missing: /);
  });
});
