import { execFileSync } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { parseLock } from '../../src/proof/lock.js';
import { readFile } from 'node:fs/promises';
import { startBuildkitd } from '../lab/buildkitd.js';
import { tinyWorkspace } from '../lab/repositories.js';
import { docker, ownUpstream, runAction, temporaryFolder } from './harness.js';

/** Bytes of content that a BuildKit has fetched or made. */
function contentOf(folder: string): number {
  return Number(execFileSync('du', ['--bytes', '--summarize', folder], { encoding: 'utf8' }).split('\t')[0]);
}

test('a builder of two nodes builds a platform on each, to the digest of one node', async () => {
  const folder = await temporaryFolder();
  const name = `farm-${randomBytes(4).toString('hex')}`;
  const nodes = { 'linux/amd64': join(folder, 'a'), 'linux/arm64': join(folder, 'b') };
  for (const [platform, place] of Object.entries(nodes)) {
    const node = await startBuildkitd(place);
    onTestFinished(node.stop);
    const more = platform === 'linux/amd64' ? [] : ['--append'];
    const create = ['buildx', 'create', '--name', name, '--driver', 'remote', '--platform', platform, ...more];
    await docker(...create, node.address);
  }
  onTestFinished(async () => {
    await docker('buildx', 'rm', '--force', name);
  });
  const before = Object.values(nodes).map(contentOf);

  const repository = await (await ownUpstream()).addRepository('dndx', 'phantun', await tinyWorkspace());
  const inputs = { upstream: repository.url, platforms: 'linux/amd64,linux/arm64' };
  const farm = await runAction({ ...inputs, builder: name });
  expect(farm, farm.stdout.slice(-4_000)).toMatchObject({ code: 0, leftovers: [] });
  Object.values(nodes).forEach((place, index) => {
    // The compiler's image alone has far more: each node had to fetch it and compile.
    expect(contentOf(place) - (before[index] ?? 0)).toBeGreaterThan(100_000_000);
  });

  const one = await runAction({ ...inputs, smoke: 'false' });
  expect(one, one.stdout.slice(-4_000)).toMatchObject({ code: 0 });
  expect(farm.outputs.digest).toBe(one.outputs.digest);
  const lock = parseLock(await readFile(farm.outputs.lock ?? '', 'utf8'));
  expect(Object.keys(lock.inputs.buildPlatforms)).toEqual(Object.keys(nodes));
});
