import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { readLayout } from '../../src/image/layout/layout.js';
import { EXPORT } from '../../src/image/publish/deliver.js';
import { buildKey, parseLock } from '../../src/proof/lock.js';
import { lab, ownUpstream, temporaryFolder } from '../e2e/harness.js';
import { freshBuilder, succeed } from '../e2e/surroundings.js';
import { pushArm64Rust } from '../lab/bases.js';
import { tinyWorkspace } from '../lab/repositories.js';

test('an arm64 compiler gives the same layers as an amd64 one, and another build key', async () => {
  const { url } = await (await ownUpstream()).addRepository('dndx', 'phantun', await tinyWorkspace());
  const build = async (rust: string, platform: string) => {
    const folder = join(await temporaryFolder(), 'export');
    const builder = await freshBuilder({ platform });
    await succeed({ upstream: url, smoke: 'false', export: folder, builder, 'rust-image': rust });
    const { inputs } = parseLock(await readFile(join(folder, EXPORT.lock), 'utf8'));
    const { images } = await readLayout(join(folder, EXPORT.layout));
    return { inputs, layers: images.map(({ platform: of, layer }) => [of, layer.digest]) };
  };
  const here = await build(lab.bases.rust, 'linux/amd64');
  const there = await build(await pushArm64Rust(lab.registry), 'linux/arm64');
  expect(here.inputs.buildPlatforms).toEqual({ 'linux/amd64': 'linux/amd64', 'linux/arm64': 'linux/amd64' });
  expect(there.inputs.buildPlatforms).toEqual({ 'linux/amd64': 'linux/arm64', 'linux/arm64': 'linux/arm64' });
  expect(buildKey(there.inputs)).not.toBe(buildKey(here.inputs));
  expect(there.layers).toEqual(here.layers);
});
