import { join, resolve } from 'node:path';
import { describe, expect, it } from 'vitest';
import { runCommand } from '../../../src/cli/commands.js';
import { readContract, withDefaults } from '../../../src/cli/contract.js';
import { sha256 } from '../../../src/hash.js';
import { type Recipe, thisEntrypoint, thisRecipe } from '../../../src/image/build/recipe.js';
import { deliver } from '../../../src/image/publish/deliver.js';
import { REPOSITORY, fakeRegistry } from '../../support/fakeRegistry.js';
import { failureOf } from '../../support/failureOf.js';
import { EPOCH, rootfs } from '../../support/layouts.js';
import { buildOf, evidenceOf, imageOf, lockWith, writtenEvidence } from '../../support/proof.js';
import { temporaryFolder, testDeps } from '../../support/world.js';

/** A folder that something is in. */
const FULL = resolve('test');
const FOREIGN = Buffer.from('FROM evil\n');

/** What a build job would export that had built by another recipe, everything in it made to fit. */
async function exportedBy(recipe: Recipe): Promise<string> {
  const lock = lockWith({ epoch: EPOCH, recipe });
  const Entrypoint = await thisEntrypoint();
  const builds = lock.inputs.platforms.map((platform) => {
    const build = buildOf(lock, platform, rootfs(platform));
    return { ...build, config: { ...build.config, Entrypoint } };
  });
  const image = imageOf(lock, builds);
  const evidence = await writtenEvidence({ ...evidenceOf(lock, image), dockerfile: FOREIGN });
  const folder = join(temporaryFolder(), 'out');
  await deliver(image, { lock, evidence, names: ['phantun-runtime:1'], folder }, testDeps());
  return folder;
}

describe('publish', () => {
  it.each([
    ['--signable', { signable: FULL }, /^--signable: .* is not empty/],
    ['--seen', { seen: '/nonexistent' }, /^--seen: the file is missing/],
  ] as const)('refuses its %s before anything else', async (_, own, message) => {
    const deps = testDeps();
    const command = { name: 'publish' as const, argument: '/nonexistent', given: {}, own };
    const raw = withDefaults(await readContract(), { image: REPOSITORY });
    const failure = await failureOf(() => runCommand(command, raw, deps));
    expect([failure.kind, failure.message]).toEqual(['input', expect.stringMatching(message)]);
    expect(deps.logged).toEqual([]);
  });

  it.each<[string, Partial<Recipe>]>([
    ['another Dockerfile', { dockerfile: sha256(FOREIGN) }],
    ['another release', { wrapper: '0.1.0' }],
    ['another layout writer', { layout: 9 }],
  ])('refuses an image by %s before anybody is asked, and names the release to use', async (_, change) => {
    const own = await thisRecipe();
    const recipe = { ...own, ...change };
    const argument = await exportedBy(recipe);
    const registry = fakeRegistry();
    const deps = testDeps();
    const signable = join(temporaryFolder(), 'signable');
    const raw = withDefaults(await readContract(), { image: REPOSITORY });
    const command = { name: 'publish' as const, argument, given: {}, own: { signable } };
    expect(await failureOf(() => runCommand(command, raw, deps))).toMatchObject({
      kind: 'input',
      message: `the lock was made by release ${recipe.wrapper} of phantun-runtime (Dockerfile ${recipe.dockerfile.slice(0, 12)}, layout writer ${recipe.layout}), and this is ${own.wrapper} (${own.dockerfile.slice(0, 12)}, ${own.layout}). Use that release for it`,
    });
    expect(registry.calls()).toEqual([]);
    expect(deps.logged).toEqual(['group: Check']);
  });
});
