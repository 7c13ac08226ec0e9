import { readFile } from 'node:fs/promises';
import { expect, test } from 'vitest';
import { tinyWorkspace } from '../lab/repositories.js';
import { classicEngine } from './classicEngine.js';
import { execute, ownUpstream, runAction } from './harness.js';
import { freshBuilder, succeed } from './surroundings.js';

test('without a builder that can export layouts, one is made for the run, used and removed; a named one is refused', async () => {
  const env = await classicEngine();
  const repository = await (await ownUpstream()).addRepository('dndx', 'phantun', await tinyWorkspace());
  const inputs = { upstream: repository.url, platforms: 'linux/amd64' };

  const refused = await runAction({ ...inputs, builder: 'default' }, { env });
  expect(refused).toMatchObject({ code: 1, outputs: { failure: 'input' }, leftovers: [] });
  expect(refused.stdout).toMatch(/docker buildx create --name default-container --driver docker-container/);
  expect(refused.stdout).not.toContain('::group::Build');

  const here = await runAction(inputs);
  const there = await runAction(inputs, { env });
  expect(there, there.stdout.slice(-4_000)).toMatchObject({ code: 0, leftovers: [] });
  expect(there.stdout).toMatch(/making phantun-runtime-[A-Za-z0-9]{6} for this run/);
  expect(there.outputs.digest).toBe(here.outputs.digest);
  expect((await execute('docker', ['buildx', 'ls', '--format', '{{.Name}}'], env)).stdout).not.toContain(
    'phantun-runtime-',
  );
  expect((await execute('docker', ['ps', '--all', '--quiet'], env)).stdout).toBe('');
});

test('the oldest BuildKit that is accepted gives the same digest', async () => {
  const repository = await (await ownUpstream()).addRepository('dndx', 'phantun', await tinyWorkspace());
  // One platform: what it exports of a stage has to be told from what it exports for several.
  const inputs = { upstream: repository.url, platforms: 'linux/amd64' };
  const here = await succeed(inputs);
  const there = await succeed({ ...inputs, builder: await freshBuilder({ version: 'v0.13.0' }) });
  expect(there.outputs.digest).toBe(here.outputs.digest);
  expect(await readFile(there.outputs.lock ?? '', 'utf8')).toContain('"buildkit":"v0.13.0"');
});
