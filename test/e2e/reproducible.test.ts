import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { type Surroundings, startBuildkitd } from '../lab/buildkitd.js';
import { PHANTUN, TINY_VERSION, phantunWorkspace, tinyWorkspace } from '../lab/repositories.js';
import {
  type ActionOptions,
  type ActionRun,
  docker,
  freshImage,
  lab,
  ownUpstream,
  runAction,
  runCli,
  temporaryFolder,
} from './harness.js';

/** A remote builder over a BuildKit of its own, which has never built anything. */
async function freshBuilder(surroundings?: Surroundings): Promise<string> {
  const daemon = await startBuildkitd(join(await temporaryFolder(), 'buildkit'), surroundings);
  onTestFinished(daemon.stop);
  const name = `fresh-${Math.random().toString(36).slice(2, 10)}`;
  await daemon.createRemoteBuilder(name, lab.env);
  onTestFinished(async () => {
    await docker('buildx', 'rm', name);
  });
  return name;
}

/** Another folder, time zone, locale and umask than those of this test run. */
async function elsewhere(): Promise<ActionOptions> {
  const folder = join(await temporaryFolder(), 'a deeper', 'folder');
  await mkdir(folder, { recursive: true });
  return { folder, umask: '077', env: { TZ: 'Asia/Kathmandu', LANG: 'tr_TR.UTF-8', LC_ALL: 'tr_TR.UTF-8' } };
}

async function succeed(inputs: Record<string, string>, options: ActionOptions = {}): Promise<ActionRun> {
  const run = await runAction(inputs, options);
  expect(run, run.stdout.slice(-4_000)).toMatchObject({ code: 0, leftovers: [] });
  return run;
}

test('two builds without cache, in different folders and surroundings, have one index digest', async () => {
  const repository = await (await ownUpstream()).addRepository('dndx', 'phantun', await tinyWorkspace());
  const inputs = { upstream: repository.url, smoke: 'false', platforms: 'linux/amd64,linux/arm64,linux/arm/v7' };
  const first = await succeed({ ...inputs, builder: await freshBuilder() });
  const other = { ...inputs, builder: await freshBuilder({ processors: '0', hostName: 'elsewhere' }) };
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
    const run = await succeed({ upstream: phantun.url, ref: phantun.commit, image, push: 'true' });
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
    const warm = await succeed({ upstream: phantun.url, ref: phantun.commit, smoke: 'false' });
    expect(warm.outputs.digest).toBe(run.outputs.digest);

    // One processor, another host name, folder, time zone, locale, a BuildKit that never built anything.
    const builder = await freshBuilder({ processors: '0', hostName: 'elsewhere' });
    const stranger = await runCli(['reproduce', reference, '--builder', builder], await elsewhere());
    expect(stranger, stranger.stderr.slice(-4_000)).toMatchObject({ code: 0 });
    expect(stranger.stdout).toMatch(/^## identical\n/);
    expect(stranger.stdout).toContain(`| rebuilt | \`${run.outputs.digest ?? ''}\` |`);
  },
  60 * 60_000,
);
