import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { NATIVE_PLATFORM, keepImage } from '../lab/image.js';
import { PHANTUN, TINY_VERSION, phantunWorkspace, tinyWorkspace } from '../lab/repositories.js';
import { docker, execute, freshImage, lab, ownUpstream, runCli, temporaryFolder } from './harness.js';
import { elsewhere, freshBuilder, strangeBuilder, succeed } from './surroundings.js';

const DAY_MS = 24 * 60 * 60_000;

test('where a stranger builds it is another day, for the action and for the compiler', async () => {
  const { env = {} } = await elsewhere();
  const here = await execute(process.execPath, ['--print', 'Date.now()'], env);
  expect(Number(here.stdout) - Date.now()).toBeGreaterThan(11 * DAY_MS);
  const output = await temporaryFolder();
  const dockerfile = `FROM ${lab.bases.rust} AS asked\nRUN date +%s > /now\nFROM scratch\nCOPY --from=asked /now /\n`;
  await writeFile(join(output, 'Dockerfile'), dockerfile);
  await docker('buildx', 'build', '--quiet', '--builder', await strangeBuilder(), '--output', output, output);
  expect(Number(await readFile(join(output, 'now'), 'utf8')) * 1000 - Date.now()).toBeGreaterThan(11 * DAY_MS);
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

test(
  'phantun itself is built, published, run on both platforms, and reproduced by a stranger on another BuildKit',
  async () => {
    const files = await phantunWorkspace(lab.bases.rust, lab.env);
    const upstream = await ownUpstream();
    const phantun = await upstream.addRepository('dndx', 'phantun', files, { time: PHANTUN.time });
    const image = freshImage();
    const exported = join(await temporaryFolder(), 'export');
    const source = { upstream: phantun.url, ref: phantun.commit };
    const run = await succeed({ ...source, image, push: 'true', export: exported });
    await keepImage(lab, NATIVE_PLATFORM, exported); // for the tunnel tests
    const reference = `${image}@${run.outputs.digest ?? ''}`;
    expect(run.outputs).toMatchObject({ version: PHANTUN.version, refs: reference });
    for (const platform of ['linux/amd64', 'linux/arm64']) {
      await docker('pull', '--quiet', '--platform', platform, reference);
      for (const mode of ['client', 'server'])
        expect(
          await docker('run', '--rm', '--platform', platform, '--env', `MODE=${mode}`, reference, '--version'),
        ).toContain(PHANTUN.version);
      await docker('image', 'rm', '--force', reference);
    }
    const warm = await succeed({ ...source, smoke: 'false' });
    expect(warm.outputs.digest).toBe(run.outputs.digest);

    // One processor, another host name, day, folder, time zone, locale, a BuildKit that never built anything.
    const builder = await strangeBuilder();
    const stranger = await runCli(['reproduce', reference, '--builder', builder], await elsewhere());
    expect(stranger, stranger.stderr.slice(-4_000)).toMatchObject({ code: 0 });
    expect(stranger.stdout).toMatch(/^## identical\n/);
    expect(stranger.stdout).toContain(`| rebuilt | \`${run.outputs.digest ?? ''}\` |`);
  },
  60 * 60_000,
);
