import { chmodSync, mkdirSync, readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { requireEmptyFolder } from '../../src/emptyFolder.js';
import { failureOf } from '../support/failureOf.js';
import { temporaryFolder, unprivileged } from '../support/world.js';

describe('requireEmptyFolder', () => {
  it('takes a folder that is not there, or empty', async () => {
    const folder = temporaryFolder();
    await expect(requireEmptyFolder('input export', folder)).resolves.toBeUndefined();
    await expect(requireEmptyFolder('input export', join(folder, 'new', 'one'))).resolves.toBeUndefined();
    expect(readdirSync(folder)).toEqual([]);
  });

  it.each([
    ['cannot be written to', ''],
    ['cannot be made', 'new/one'],
  ])('refuses a folder that %s', async (_, below) => {
    const locked = temporaryFolder();
    chmodSync(locked, 0o555);
    const folder = join(locked, below);
    unprivileged();
    expect(await failureOf(() => requireEmptyFolder('input export', folder))).toMatchObject({
      kind: 'input',
      message: `input export: ${folder} cannot be a folder to write to (EACCES)`,
    });
  });

  it('names what a run that was killed left in it', async () => {
    const folder = temporaryFolder();
    mkdirSync(join(folder, '.phantun-runtime-aB3dE6'));
    expect((await failureOf(() => requireEmptyFolder('input export', folder))).message).toContain(
      'it holds .phantun-runtime-aB3dE6.',
    );
  });

  it('refuses one with something in it', async () => {
    const folder = temporaryFolder();
    writeFileSync(join(folder, 'x'), '');
    expect(await failureOf(() => requireEmptyFolder('input export', folder))).toMatchObject({
      kind: 'input',
      message: `input export: ${folder} is not empty, it holds x. Name a new folder, or empty this one`,
    });
  });

  it('refuses a file, and prints its name made safe', async () => {
    const folder = temporaryFolder();
    writeFileSync(join(folder, 'a\n::b'), '');
    mkdirSync(join(folder, 'c\u001b'));
    writeFileSync(join(folder, 'c\u001b', 'x'), '');
    expect(await failureOf(() => requireEmptyFolder('input export', join(folder, 'a\n::b')))).toMatchObject({
      kind: 'input',
      message: `input export: ${folder}/a\\u{a}::b cannot be a folder to write to (ENOTDIR)`,
    });
    expect(await failureOf(() => requireEmptyFolder('input export', join(folder, 'c\u001b')))).toMatchObject({
      message: `input export: ${folder}/c\\u{1b} is not empty, it holds x. Name a new folder, or empty this one`,
    });
  });
});
