import { describe, expect, it } from 'vitest';
import { checkImage, type ExpectedImage } from '../../../../src/image/check/check.js';
import { compose, type BuiltImage } from '../../../../src/image/layout/compose.js';
import type { RuntimeConfig } from '../../../../src/image/layout/config.js';
import { EXPECTED_FILES } from '../../../../src/image/check/files.js';
import { PLATFORMS } from '../../../../src/platform.js';
import {
  ANNOTATIONS,
  BOTH,
  built,
  ENTRYPOINT,
  EPOCH,
  EXPECTED,
  image,
  LABELS,
  rootfs,
} from '../../../support/layouts.js';
import { failureOf } from '../../../support/failureOf.js';
import { layerOf } from '../../../support/tar.js';

describe('checkImage', () => {
  it.each([1, 2, 3])('accepts a right image of %d platforms and says what it saw', (count) => {
    const platforms = PLATFORMS.slice(0, count);
    const facts = checkImage(image(platforms.map((platform) => built(platform))), { ...EXPECTED, platforms });
    expect(facts[0]).toEqual({ subject: 'index', fact: `platforms (${count}): ${platforms.join(', ')}` });
    expect(facts.map(({ subject }) => subject)).toEqual([
      'index',
      ...platforms.flatMap((platform) => [platform, platform, platform, platform]),
    ]);
    expect(facts.map(({ fact }) => fact).join('\n')).toContain(
      `${EXPECTED_FILES.length} files and nothing else, all of root, none writable by others, every time 2025-10-06T16:29:18Z`,
    );
  });

  it('accepts the platforms in any order of asking', () => {
    expect(checkImage(image(), { ...EXPECTED, platforms: [...BOTH].reverse() })).toHaveLength(9);
  });

  it.each<[string, Partial<ExpectedImage>, string]>([
    [
      'a platform less than asked',
      { platforms: PLATFORMS },
      'index: list of platforms is linux/amd64, linux/arm64, expected linux/amd64, linux/arm64, linux/arm/v7',
    ],
    [
      'a platform more than asked',
      { platforms: ['linux/arm64'] },
      'index: list of platforms is linux/amd64, linux/arm64, expected linux/arm64',
    ],
    [
      'another time',
      { epochSeconds: EPOCH + 1 },
      'linux/amd64: config: created is 2025-10-06T16:29:18Z, expected 2025-10-06T16:29:19Z',
    ],
    [
      'another entrypoint',
      { entrypoint: ['/bin/sh'] },
      'linux/amd64: config: Entrypoint is ["/bin/sh","-c","exec \\"$@\\"","phantun"], expected ["/bin/sh"]',
    ],
    [
      'a label less',
      { labels: { ...LABELS, tree: '004d5dc' } },
      'linux/amd64: config: label tree is absent, expected "004d5dc"',
    ],
    [
      'a label more',
      { labels: { revision: '7f7da10' } },
      'linux/amd64: config: label org.opencontainers.image.title is "fixture", expected absent',
    ],
    [
      'another label',
      { labels: { ...LABELS, revision: 'b42ed82' } },
      'linux/amd64: config: label revision is "7f7da10", expected "b42ed82"',
    ],
    [
      'another annotation',
      { annotations: {} },
      'index: annotation org.opencontainers.image.title is "fixture", expected absent',
    ],
  ])('refuses %s', async (_, change, difference) => {
    expect(
      await differencesOf(
        BOTH.map((platform) => built(platform)),
        change,
      ),
    ).toContain(difference);
  });

  it.each<[string, RuntimeConfig, string]>([
    ['an environment', { Env: ['PATH=/bin', 'MODE=client'] }, 'config: Env holds MODE=client, expected PATH only'],
    ['a user', { User: '1000' }, 'config: User is "1000", expected none'],
    ['arguments', { Cmd: ['--help'] }, 'config: Cmd is ["--help"], expected none'],
    ['ports', { ExposedPorts: { '1/tcp': {} } }, 'config: ExposedPorts is {"1/tcp":{}}, expected none'],
    ['volumes', { Volumes: { '/a': {} } }, 'config: Volumes is {"/a":{}}, expected none'],
    ['a stop signal', { StopSignal: 'SIGKILL' }, 'config: StopSignal is "SIGKILL", expected none'],
    ['a working directory', { WorkingDir: '/tmp' }, 'config: WorkingDir is /tmp, expected /'],
    ['no entrypoint', { Entrypoint: [] }, `config: Entrypoint is [], expected ${JSON.stringify(ENTRYPOINT)}`],
  ])('refuses %s', async (_, change, difference) => {
    const arm64 = built('linux/arm64');
    const builds = [built('linux/amd64'), { ...arm64, config: { ...arm64.config, ...change } }];
    expect(await differencesOf(builds)).toEqual([`linux/arm64: ${difference}`]);
  });

  it('shows of an entrypoint no raw character, and no more than goes on a page', async () => {
    const arm64 = built('linux/arm64');
    const refused = (script: string) =>
      differencesOf([built('linux/amd64'), { ...arm64, config: { ...arm64.config, Entrypoint: [script] } }]);
    expect(await refused('\u009b2J\u202e')).toEqual([
      `linux/arm64: config: Entrypoint is ["\\u{9b}2J\\u{202e}"], expected ${JSON.stringify(ENTRYPOINT)}`,
    ]);
    expect((await refused('x'.repeat(100_000)))[0]?.length).toBeLessThan(1_200);
  });

  it('refuses an entrypoint that differs behind all that is shown of it', async () => {
    const script = 'x'.repeat(2_000);
    const builds = BOTH.map((platform) => {
      const build = built(platform);
      return { ...build, config: { ...build.config, Entrypoint: [`${script}a`] } };
    });
    const differences = await differencesOf(builds, { entrypoint: [`${script}b`] });
    expect(differences.map((text) => text.slice(0, 40))).toEqual([
      'linux/amd64: config: Entrypoint is ["xxx',
      'linux/arm64: config: Entrypoint is ["xxx',
    ]);
  });

  it.each(['constructor', 'toString', '__proto__'])('names a label and an annotation called %s', async (name) => {
    const builds = BOTH.map((platform) => {
      const build = built(platform);
      const Labels = Object.fromEntries([...Object.entries(LABELS), [name, 'evil']]);
      return { ...build, config: { ...build.config, Labels } };
    });
    const annotations = Object.fromEntries([...Object.entries(ANNOTATIONS), [name, 'evil']]);
    expect(await differencesOf(builds)).toContain(`linux/arm64: config: label ${name} is "evil", expected absent`);
    const lacking = await differencesOf(
      BOTH.map((platform) => built(platform)),
      { annotations },
    );
    expect(lacking).toEqual([`index: annotation ${name} is absent, expected "evil"`]);
  });

  it('refuses a layer of more than 9 MB', async () => {
    const big = { path: 'big', mode: 0o644, mtimeSeconds: EPOCH, data: Buffer.alloc(9_000_000) };
    const builds = [built('linux/amd64', layerOf([...rootfs('linux/amd64'), big]))];
    const [difference] = await differencesOf(builds, { platforms: ['linux/amd64'] });
    expect(difference).toMatch(/^linux\/amd64: layer: unpacked size is \d{7} bytes, expected at most 9000000$/);
  });

  it('refuses a layer with another file', async () => {
    const inputs = rootfs('linux/arm64').filter(({ path }) => path !== 'bin/sh');
    const builds = [built('linux/amd64'), built('linux/arm64', layerOf(inputs))];
    expect(await differencesOf(builds)).toEqual(['linux/arm64: /bin/sh is missing']);
  });

  it('refuses a layer that is not a tar', async () => {
    const builds = [built('linux/amd64', Buffer.from('nonsense'))];
    const failure = await failureOf(() => checkImage(image(builds), { ...EXPECTED, platforms: ['linux/amd64'] }));
    expect(failure.message).toMatch(/^layer of linux\/amd64, tar header at byte 0/);
  });

  it('names the first difference and counts the others', async () => {
    const failure = await failureOf(() => checkImage(image(), { ...EXPECTED, labels: {} }));
    expect(failure).toMatchObject({
      kind: 'verification',
      message:
        'the image is not what it must be: linux/amd64: config: label org.opencontainers.image.title is "fixture", expected absent (and 3 more)',
    });
  });
});

async function differencesOf(builds: BuiltImage[], change: Partial<ExpectedImage> = {}): Promise<readonly string[]> {
  const composed = compose(builds, { epochSeconds: EPOCH, annotations: ANNOTATIONS });
  const failure = await failureOf(() => checkImage(composed, { ...EXPECTED, ...change }));
  expect(failure.kind).toBe('verification');
  return failure.details;
}
