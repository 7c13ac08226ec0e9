import { readFile, readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { beforeAll, expect, test } from 'vitest';
import { parseLock } from '../../src/proof/lock.js';
import { TINY_VERSION, tinyWorkspace } from '../lab/repositories.js';
import type { Content, Repository } from '../lab/repository.js';
import {
  codeOf,
  docker,
  freshImage,
  lab,
  ownUpstream,
  registryDigest,
  registryTags,
  runAction,
  runCli,
  temporaryFolder,
} from './harness.js';

let files: Record<string, Content>;
beforeAll(async () => {
  files = await tinyWorkspace();
});

async function tinyUpstream(): Promise<Repository> {
  return (await ownUpstream()).addRepository('dndx', 'phantun', files);
}

test('one run goes from a ref to a checked image that is pulled by digest and run on both platforms', async () => {
  const repository = await tinyUpstream();
  await repository.setRef('refs/tags/v0.9.9', repository.commit);
  const image = freshImage();
  const folder = join(await temporaryFolder(), 'out');
  const run = await runAction({
    upstream: repository.url,
    ref: 'v0.9.9',
    image,
    push: 'true',
    export: folder,
    load: 'true',
  });

  expect(run, run.stdout).toMatchObject({ code: 0, leftovers: [] });
  const { outputs } = run;
  const key = outputs['build-key'] ?? '';
  expect(outputs).toMatchObject({
    commit: repository.commit,
    tree: await repository.tree(repository.commit),
    epoch: '1700000000',
    version: TINY_VERSION,
    refs: `${image}@${outputs.digest ?? ''}`,
    failure: '',
  });
  const fixed = `${TINY_VERSION}-${repository.commit.slice(0, 7)}-${key.slice(0, 7)}`;
  const moving = `${TINY_VERSION}-${repository.commit.slice(0, 7)}`;
  expect(outputs.tags).toBe([fixed, moving, `key-${key.slice(0, 12)}`].map((tag) => `${image}:${tag}`).join('\n'));
  for (const tag of [fixed, moving]) expect(await registryDigest(`${image}:${tag}`)).toBe(outputs.digest);

  for (const [platform, digest] of Object.entries(JSON.parse(outputs.manifests ?? '{}') as Record<string, string>)) {
    await docker('pull', '--quiet', '--platform', platform, `${image}@${outputs.digest ?? ''}`);
    const said = await docker(
      'run',
      '--rm',
      '--platform',
      platform,
      '--env',
      'MODE=server',
      `${image}@${outputs.digest ?? ''}`,
      '--version',
    );
    expect(said).toContain(TINY_VERSION);
    expect(await registryDigest(`${image}@${digest}`)).toBe(digest);
  }

  const lock = parseLock(await readFile(outputs.lock ?? '', 'utf8'));
  expect(lock.inputs).toMatchObject({ commit: repository.commit, platforms: ['linux/amd64', 'linux/arm64'] });
  expect(lock.facts).toMatchObject({ ref: 'refs/tags/v0.9.9', reachableFrom: ['refs/heads/main', 'refs/tags/v0.9.9'] });
  expect((await readdir(folder)).sort()).toEqual([
    'evidence',
    'linux-amd64.tar',
    'linux-arm64.tar',
    'lock.json',
    'oci',
  ]);
  expect(await docker('run', '--rm', '--env', 'MODE=client', `${image}:${fixed}`, '--version')).toContain(TINY_VERSION);
  expect(run.stdout).toContain(`Loaded linux/amd64 into docker as ${image}:${fixed}`);
  expect(run.summary).toContain(`docker pull ${image}@${outputs.digest ?? ''}`);
  expect(run.summary).toMatch(/The image runs \| ✔ proven \| .* on linux\/amd64, linux\/arm64/);
  await docker('image', 'rm', '--force', `${image}:${fixed}`, `${image}:${moving}`, `${image}@${outputs.digest ?? ''}`);
});

test('a second run of the same commit sends nothing and ends with the same digest and the same tags', async () => {
  const repository = await tinyUpstream();
  const image = freshImage();
  const inputs = { upstream: repository.url, platforms: 'linux/amd64', smoke: 'false', image, push: 'true' };
  const first = await runAction(inputs);
  const second = await runAction(inputs);
  expect(second, second.stdout).toMatchObject({
    code: 0,
    outputs: { digest: first.outputs.digest, tags: first.outputs.tags },
  });
  expect(second.stdout).toContain('is there already');
  expect(second.stdout).not.toContain('Sent ');
});

test('labels of the user are in the image, and every computed label is a function of the lock', async () => {
  const repository = await tinyUpstream();
  const folder = join(await temporaryFolder(), 'out');
  const labels = 'org.opencontainers.image.url=https://example.org/a,b\nteam=net = work';
  const run = await runAction({
    upstream: repository.url,
    platforms: 'linux/amd64',
    smoke: 'false',
    labels,
    export: folder,
  });
  expect(run, run.stdout).toMatchObject({ code: 0 });
  await docker('load', '--quiet', '--input', join(folder, 'linux-amd64.tar'));
  const name = `phantun-runtime:${TINY_VERSION}-${repository.commit.slice(0, 7)}`;
  const found = JSON.parse(await docker('image', 'inspect', '--format', '{{json .Config.Labels}}', name)) as Record<
    string,
    string
  >;
  expect(found).toMatchObject({
    'org.opencontainers.image.url': 'https://example.org/a,b',
    team: 'net = work',
    'org.opencontainers.image.version': TINY_VERSION,
    'org.opencontainers.image.revision': repository.commit,
    'org.opencontainers.image.created': '2023-11-14T22:13:20Z',
    'org.opencontainers.image.base.name': lab.bases.shell.replace(/@.*/, ''),
    'io.github.phantun-runtime.build-key': run.outputs['build-key'],
    'io.github.phantun-runtime.tree': run.outputs.tree,
  });
  await docker('image', 'rm', '--force', name, `${name}-${(run.outputs['build-key'] ?? '').slice(0, 7)}`);
});

test('the command line builds, checks and publishes, each step alone', async () => {
  const repository = await tinyUpstream();
  const folder = join(await temporaryFolder(), 'out');
  const cli = (...args: string[]) => runCli(args);
  const bases = ['--rust-image', lab.bases.rust, '--shell-image', lab.bases.shell];
  const built = await cli(
    'build',
    '--upstream',
    repository.url,
    '--platforms',
    'linux/arm64',
    '--export',
    folder,
    '--no-smoke',
    ...bases,
  );
  expect(built, built.stderr).toMatchObject({ code: 0 });
  expect(built.stdout).not.toContain('::');

  const checked = await cli('check', folder);
  expect(checked, checked.stderr).toMatchObject({ code: 0 });
  expect(checked.stdout).toContain('linux/arm64: runs');

  // A signing job says what it was asked for: another lock is refused before anybody is asked, and gets no token.
  const image = freshImage();
  const asked = ['--ref', 'main', '--platforms', 'linux/arm64', '--labels', '', ...bases];
  const signable = join(await temporaryFolder(), 'signable');
  const sent = await cli(
    'publish',
    folder,
    '--image',
    image,
    '--moving-tags',
    'latest',
    '--upstream',
    repository.url,
    ...asked,
    '--signable',
    signable,
  );
  expect(sent, sent.stderr).toMatchObject({ code: 0 });
  expect(await readdir(signable)).toEqual(['digests.json', 'predicate.json', 'sbom-linux-arm64.cdx.json', 'tags.json']);
  expect((await registryTags(image)).filter((tag) => !tag.startsWith('sha256-'))).toEqual([]);
  const stranger = await cli(
    'publish',
    folder,
    '--image',
    image,
    ...asked,
    '--upstream',
    'https://github.com/dndx/phantun',
  );
  expect(stranger).toMatchObject({ code: 2 });
  expect(stranger.stderr).toContain('this image is not the one that was asked for: upstream');
  const withToken = await runCli(['publish', folder, '--image', image], { env: { UPSTREAM_TOKEN: 'sesame' } });
  expect(withToken).toMatchObject({ code: 2 });
  expect(withToken.stderr).toContain('The token is for the upstream that --upstream names');

  const published = await cli('publish', folder, '--image', image, '--moving-tags', 'latest');
  expect(published, published.stderr).toMatchObject({ code: 0 });
  const digest = checked.stdout.trim().split('\n').at(-1);
  expect(await registryDigest(`${image}:latest`)).toBe(digest);

  const again = await cli('build', '--upstream', repository.url, '--export', folder);
  expect(again).toMatchObject({ code: codeOf(again.stderr) });
});

test('a fixed tag that names another digest stops the run before anything is sent; a moving tag moves', async () => {
  const repository = await tinyUpstream();
  const image = freshImage();
  const inputs = {
    upstream: repository.url,
    platforms: 'linux/amd64',
    smoke: 'false',
    image,
    push: 'true',
    tags: 'stable',
    'moving-tags': 'edge',
  };
  const first = await runAction(inputs);
  expect(first, first.stdout).toMatchObject({ code: 0 });
  const relabelled = { ...inputs, labels: 'a=b' };
  const second = await runAction(relabelled);
  expect(second).toMatchObject({ code: 1, outputs: { failure: 'registry' }, leftovers: [] });
  expect(second.stdout).toMatch(/stable already names sha256:.* may not move/);
  expect(await registryDigest(`${image}:edge`)).toBe(first.outputs.digest);

  const third = await runAction({ ...relabelled, tags: 'other' });
  expect(third, third.stdout).toMatchObject({ code: 0 });
  expect(await registryDigest(`${image}:edge`)).toBe(third.outputs.digest);
  expect(await registryDigest(`${image}:stable`)).toBe(first.outputs.digest);
  expect((await registryTags(image)).sort()).toEqual(expect.arrayContaining(['edge', 'other', 'stable']));
});
