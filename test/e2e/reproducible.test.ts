import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { startBuildkitd } from '../lab/buildkitd.js';
import { PHANTUN, TINY_VERSION, phantunWorkspace, tinyWorkspace } from '../lab/repositories.js';
import { type ActionRun, docker, freshImage, lab, ownUpstream, runAction, temporaryFolder } from './harness.js';

/** A remote builder over a BuildKit of its own, which has never built anything. */
async function freshBuilder(): Promise<string> {
  const daemon = await startBuildkitd(join(await temporaryFolder(), 'buildkit'));
  onTestFinished(daemon.stop);
  const name = `fresh-${Math.random().toString(36).slice(2, 10)}`;
  await daemon.createRemoteBuilder(name, lab.env);
  onTestFinished(async () => {
    await docker('buildx', 'rm', name);
  });
  return name;
}

async function succeed(inputs: Record<string, string>, env: Record<string, string> = {}): Promise<ActionRun> {
  const run = await runAction(inputs, { env });
  expect(run, run.stdout.slice(-4_000)).toMatchObject({ code: 0, leftovers: [] });
  return run;
}

test('two builds without cache, in different folders and surroundings, have one index digest', async () => {
  const repository = await (await ownUpstream()).addRepository('dndx', 'phantun', await tinyWorkspace());
  const inputs = { upstream: repository.url, smoke: 'false', platforms: 'linux/amd64,linux/arm64,linux/arm/v7' };
  const first = await succeed({ ...inputs, builder: await freshBuilder() });
  const elsewhere = join(await temporaryFolder(), 'a deeper', 'folder');
  await mkdir(elsewhere, { recursive: true });
  const surroundings = { RUNNER_TEMP: elsewhere, TZ: 'Asia/Kathmandu', LANG: 'tr_TR.UTF-8' };
  const second = await succeed({ ...inputs, builder: await freshBuilder() }, surroundings);
  expect(second.outputs).toMatchObject({ digest: first.outputs.digest, manifests: first.outputs.manifests });
  expect(first.outputs.version).toBe(TINY_VERSION);
});

test(
  'phantun itself is built, published, pulled and run on both platforms; a stand-alone BuildKit gives the same digest',
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
    const again = await succeed({
      upstream: phantun.url,
      ref: phantun.commit,
      smoke: 'false',
      builder: await freshBuilder(),
    });
    expect(again.outputs).toMatchObject({ digest: run.outputs.digest, 'build-key': run.outputs['build-key'] });
  },
  45 * 60_000,
);
