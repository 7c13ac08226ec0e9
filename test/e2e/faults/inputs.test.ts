import { expect, test } from 'vitest';
import { ROOT } from '../harness.js';
import { expectFailure, upstream } from './failing.js';

const sha1 = '0123456789abcdef0123456789abcdef01234567';
test.each<[row: string, inputs: Record<string, string>, sentence: RegExp]>([
  ['1 blank ref', { ref: ' ' }, /space or an invisible character/],
  ['1 padded ref', { ref: 'main\u00a0' }, /space or an invisible character/],
  ['1 byte order mark', { ref: '\ufeffmain' }, /\\u\{feff\}main/],
  ['2 short id', { ref: 'abcdef1' }, /short commit id.*Give all 40 digits/],
  ['4 sha256 id', { ref: 'a'.repeat(64) }, /SHA-256 ids are not supported/],
  ['5 id with a newline', { ref: `${sha1}\n` }, /invisible character/],
  ['5 id with a zero-width space', { ref: `${sha1}\u200b` }, /\\u\{200b\}/],
  ['10 user in upstream', { upstream: 'https://github.com@evil.example/dndx/phantun' }, /host that is none/],
  ['10 port with tricks', { upstream: 'https://github.com:443:80/dndx/phantun' }, /host that is none/],
  ['10 fragment', { upstream: 'https://github.com/dndx/phantun#x' }, /owner or a repository name/],
  ['10 leading dash', { upstream: '--upload-pack=id' }, /not of the form/],
  ['10 parent path', { upstream: 'https://github.com/../phantun' }, /owner or a repository name/],
  ['10 escaped slash', { upstream: 'https://github.com/dndx%2fphantun/x' }, /owner or a repository name/],
  ['10 query', { upstream: 'https://github.com/dndx/phantun?x=1' }, /owner or a repository name/],
  ['10 plain http', { upstream: 'http://github.com/dndx/phantun' }, /plain http/],
  ['10 look-alike', { upstream: 'https://gіthub.com/dndx/phantun' }, /host that is none/],
  ['11 short sha256', { 'archive-sha256': 'abc' }, /64 digits/],
  ['14 unknown platform', { platforms: 'linux/amd46' }, /Known: linux\/amd64, linux\/arm64, linux\/arm\/v7/],
  ['14 unknown variant', { platforms: 'linux/arm/v8' }, /Known: linux\/amd64, linux\/arm64, linux\/arm\/v7/],
  ['14 empty item', { platforms: 'linux/amd64,,linux/arm64' }, /empty item/],
  ['15 push without image', { image: '' }, /push and image/],
  ['18 image with a digest', { image: `ghcr.io/org/x@sha256:${'a'.repeat(64)}` }, /holds a digest/],
  ['18 image with a tag', { image: 'ghcr.io/org/x:1' }, /holds a tag/],
  ['18 image with a newline inside', { image: 'ghcr.io/org/x\u2028y' }, /not the name of an image/],
  ['18 tag that is none', { tags: '-x' }, /cannot be a tag/],
  ['19 label without =', { labels: 'abc' }, /has no '='/],
  ['19 label with a bad key', { labels: 'a b=c' }, /key that is none/],
  ['19 label with a newline in its value', { labels: 'a=b\nc' }, /has no '='/],
  ['20 a tag that may and may not move', { tags: 'x', 'moving-tags': 'x' }, /tags and moving-tags/],
  ['21 boolean yes', { push: 'yes' }, /neither true nor false/],
  ['21 boolean 1', { smoke: '1' }, /neither true nor false/],
  ['22 unknown input', { platform: 'linux/amd64' }, /no input 'platform'. Did you mean platforms/],
])('%s', async (_, inputs, sentence) => {
  await expectFailure(inputs, 'input', sentence);
  expect(upstream.requests).toEqual([]);
});

test('3 an upper-case id is taken in lower case, with a notice, and 13 a double platform once', async () => {
  const run = await expectFailure(
    { ref: sha1.toUpperCase(), platforms: 'linux/amd64,linux/amd64' },
    'not-found',
    /no commit 0123456789abcdef/,
  );
  expect(run.stdout).toMatch(/::notice::.*lower case/);
  expect(run.stdout).toMatch(/::notice::.*more than once/);
});

test('18 an upper-case repository is taken in lower case, with a notice', async () => {
  const run = await expectFailure({ image: 'ghcr.io/Org/X', ref: 'nowhere' }, 'not-found', /no branch and no tag/);
  expect(run.stdout).toMatch(/::notice::input image: 'ghcr\.io\/Org\/X' is taken as ghcr\.io\/org\/x/);
});

test('an export folder that holds something is refused before anything is asked', async () => {
  await expectFailure({ export: ROOT }, 'input', /is not empty/);
  expect(upstream.requests).toEqual([]);
});

test('16 load without the own platform is refused before the build', async () => {
  const run = await expectFailure(
    { load: 'true', platforms: 'linux/arm/v7' },
    'input',
    /docker here runs linux\/amd64/,
  );
  expect(run.stdout).not.toContain('::group::Build');
});

test('a builder that does not exist is refused before the build', async () => {
  const run = await expectFailure({ builder: 'nobody' }, 'input', /no usable buildx builder 'nobody'/);
  expect(run.stdout).not.toContain('::group::Build');
});
