import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { loadablePlatform, requireEmptyExport } from '../../../../src/image/publish/deliver.js';
import { temporaryFolder } from '../../../support/world.js';
import { failureOf } from '../../../support/failureOf.js';

describe('requireEmptyExport', () => {
  it('takes a folder that is not there, or empty', async () => {
    const folder = temporaryFolder();
    await expect(requireEmptyExport(folder)).resolves.toBeUndefined();
    await expect(requireEmptyExport(join(folder, 'new'))).resolves.toBeUndefined();
  });

  it('refuses one with something in it', async () => {
    const folder = temporaryFolder();
    writeFileSync(join(folder, 'x'), '');
    expect(await failureOf(() => requireEmptyExport(folder))).toMatchObject({
      kind: 'input',
      message: `input export: ${folder} is not empty. Name a new folder, or empty this one`,
    });
  });

  it('refuses a file, and prints its name made safe', async () => {
    const folder = temporaryFolder();
    writeFileSync(join(folder, 'a\n::b'), '');
    mkdirSync(join(folder, 'c\u001b'));
    writeFileSync(join(folder, 'c\u001b', 'x'), '');
    expect(await failureOf(() => requireEmptyExport(join(folder, 'a\n::b')))).toMatchObject({
      kind: 'input',
      message: `input export: ${folder}/a\\u{a}::b cannot be a folder to write to (ENOTDIR)`,
    });
    expect(await failureOf(() => requireEmptyExport(join(folder, 'c\u001b')))).toMatchObject({
      message: `input export: ${folder}/c\\u{1b} is not empty. Name a new folder, or empty this one`,
    });
  });
});

describe('loadablePlatform', () => {
  const engine = { version: '28', platform: 'linux/arm64', containerdStore: true };

  it('is the engine’s own', () => {
    expect(loadablePlatform(['linux/amd64', 'linux/arm64'], engine)).toBe('linux/arm64');
  });

  it('is refused where it is not built, or there is no engine', () => {
    expect(() => loadablePlatform(['linux/amd64', 'linux/arm/v7'], engine)).toThrow(
      expect.objectContaining({
        kind: 'input',
        message:
          'inputs load and platforms: docker here runs linux/arm64, which is not among linux/amd64, linux/arm/v7. Add it, or leave load out',
      }),
    );
    expect(() => loadablePlatform(['linux/amd64'], undefined)).toThrow(
      expect.objectContaining({ kind: 'local', message: 'input load: no docker engine answers on this machine' }),
    );
  });
});
