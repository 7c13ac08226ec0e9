import { readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { readBuildPlatforms } from '../../../../src/image/build/buildPlatform.js';
import type { Platform } from '../../../../src/platform.js';
import { DOCKERFILE } from '../../../../src/wrapper.js';
import { fakeBuilder } from '../../../support/fakeBuilder.js';
import { failureOf } from '../../../support/failureOf.js';
import { testDeps } from '../../../support/world.js';

/** A builder whose nodes say these texts. */
function world(says: { 'linux/amd64': string; 'linux/arm64': string }) {
  const deps = testDeps();
  const builder = fakeBuilder();
  for (const platform of ['linux/amd64', 'linux/arm64'] as const)
    writeFileSync(join(builder.gives(platform, 'build-platform'), 'build-platform'), says[platform]);
  const read = (...platforms: Platform[]) =>
    readBuildPlatforms(platforms, 'mine', '/source', join(deps.temp, 'platforms'), deps);
  return { builder, read };
}

describe('the platforms that compile', () => {
  it('are what the builder says for each platform', async () => {
    const { builder, read } = world({ 'linux/amd64': 'linux/amd64\n', 'linux/arm64': 'linux/arm/v7' });
    expect(await read('linux/amd64', 'linux/arm64')).toEqual({
      'linux/amd64': 'linux/amd64',
      'linux/arm64': 'linux/arm/v7',
    });
    expect(builder.builds()).toHaveLength(1);
    for (const call of builder.builds()) {
      expect(call).toEqual(
        expect.arrayContaining(['--builder', 'mine', '--target', 'build-platform', 'source=/source']),
      );
      expect(call).toEqual(expect.arrayContaining(['--file', DOCKERFILE]));
    }
  });

  it('are read for one alone, too', async () => {
    const { read } = world({ 'linux/amd64': 'linux/amd64', 'linux/arm64': 'linux/amd64' });
    expect(await read('linux/arm64')).toEqual({ 'linux/arm64': 'linux/amd64' });
  });

  it('are not read from where a link leads', async () => {
    const { builder, read } = world({ 'linux/amd64': 'linux/amd64', 'linux/arm64': 'linux/amd64' });
    const folder = builder.gives('linux/arm64', 'build-platform');
    rmSync(join(folder, 'build-platform'));
    symlinkSync('../../linux_amd64/build-platform/build-platform', join(folder, 'build-platform'));
    expect((await failureOf(() => read('linux/amd64', 'linux/arm64'))).message).toMatch(
      /^the builder's word on linux\/arm64 is not a plain file: /,
    );
  });

  it('have a stage of that name in the Dockerfile', () => {
    expect(readFileSync(DOCKERFILE, 'utf8')).toMatch(/^FROM scratch AS build-platform$/m);
  });

  it.each(['', '\n', 'windows/amd64', 'linux', 'linux/amd64 x', 'linux/AMD64', 'linux/arm/v7/x', '<html>'])(
    'are not guessed where it says %j',
    async (text) => {
      const { read } = world({ 'linux/amd64': 'linux/amd64', 'linux/arm64': text });
      expect(await failureOf(() => read('linux/amd64', 'linux/arm64'))).toMatchObject({
        kind: 'local',
        message: 'the builder mine does not say which platform it runs on. Update BuildKit',
      });
    },
  );
});
