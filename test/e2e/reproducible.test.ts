import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { TINY_VERSION, tinyWorkspace } from '../lab/repositories.js';
import { docker, execute, lab, ownUpstream, temporaryFolder } from './harness.js';
import { HOST_NAME, elsewhere, freshBuilder, strangeBuilder, succeed } from './surroundings.js';

const DAY_MS = 24 * 60 * 60_000;

test('where a stranger builds it is another day on another host, for the compiler, too', async () => {
  const { env = {} } = await elsewhere();
  const here = await execute(process.execPath, ['--print', 'Date.now()'], env);
  expect(Number(here.stdout) - Date.now()).toBeGreaterThan(11 * DAY_MS);
  const output = await temporaryFolder();
  const dockerfile = `FROM ${lab.bases.rust} AS asked\nRUN date +%s > /now && cat /proc/sys/kernel/hostname > /host\nFROM scratch\nCOPY --from=asked /now /host /\n`;
  await writeFile(join(output, 'Dockerfile'), dockerfile);
  await docker('buildx', 'build', '--quiet', '--builder', await strangeBuilder(), '--output', output, output);
  expect(Number(await readFile(join(output, 'now'), 'utf8')) * 1000 - Date.now()).toBeGreaterThan(11 * DAY_MS);
  expect(await readFile(join(output, 'host'), 'utf8')).toBe(`${HOST_NAME}\n`);
});

test('two builds without cache, in different folders and surroundings, have one index digest', async () => {
  const repository = await (await ownUpstream()).addRepository('dndx', 'phantun', await tinyWorkspace());
  const inputs = { upstream: repository.url, smoke: 'false', platforms: 'linux/amd64,linux/arm64,linux/arm/v7' };
  const first = await succeed({ ...inputs, builder: await freshBuilder() });
  const other = { ...inputs, builder: await strangeBuilder() };
  const second = await succeed(other, await elsewhere());
  expect(second.outputs).toMatchObject({ digest: first.outputs.digest, manifests: first.outputs.manifests });
  expect(first.outputs.version).toBe(TINY_VERSION);
  // Warm: the same builder, which has every step in its cache.
  const warm = await succeed(other);
  expect(warm.outputs.digest).toBe(first.outputs.digest);
});
