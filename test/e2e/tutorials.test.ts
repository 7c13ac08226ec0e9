import { execFileSync } from 'node:child_process';
import { beforeEach, expect, onTestFinished, test } from 'vitest';
import { provideBuildkitImage } from '../lab/buildkitd.js';
import { tinyWorkspace } from '../lab/repositories.js';
import type { Repository } from '../lab/repository.js';
import { docker, execute, freshImage, lab, ownUpstream, ROOT, temporaryFolder } from './harness.js';
import { freshBuilder } from './surroundings.js';

let repository: Repository;
let name: string;

beforeEach(async () => {
  repository = await (await ownUpstream()).addRepository('dndx', 'phantun', await tinyWorkspace());
  name = freshImage();
});

/** The arguments every tutorial needs here beside its own: where upstream and the bases are. */
function here(...args: string[]): string[] {
  const local = { PHANTUN_UPSTREAM: repository.url, RUST_IMAGE: lab.bases.rust, SHELL_IMAGE: lab.bases.shell };
  return [
    'buildx',
    'build',
    ...Object.entries(local).flatMap(([key, value]) => ['--build-arg', `${key}=${value}`]),
    ...args,
    ROOT,
  ];
}

async function expectRuns(image: string, ...options: string[]): Promise<void> {
  expect(await docker('run', '--rm', ...options, '--env', 'MODE=client', image, '--version')).toContain('0.9.9');
  await docker('image', 'rm', '--force', image);
}

async function archiveSha256(): Promise<string> {
  const response = await fetch(`${repository.url}/archive/${repository.commit}.tar.gz`);
  return execFileSync('sha256sum', { input: Buffer.from(await response.arrayBuffer()), encoding: 'utf8' }).slice(0, 64);
}

test('first tutorial: a plain build takes HEAD, and has plain labels and no provenance ones', async () => {
  await docker(...here('--load', '--tag', `${name}:dev`));
  const labels = JSON.parse(
    await docker('image', 'inspect', '--format', '{{json .Config.Labels}}', `${name}:dev`),
  ) as object;
  expect(Object.keys(labels).sort()).toEqual(
    ['description', 'licenses', 'source', 'title'].map((key) => `org.opencontainers.image.${key}`),
  );
  await expectRuns(`${name}:dev`);
});

test('second tutorial: a commit', async () => {
  const older = repository.commit;
  await repository.setRef('refs/heads/main', await repository.addCommit(older, { 'README.md': 'no source any more' }));
  await docker(...here('--load', '--tag', `${name}:commit`, '--build-arg', `PHANTUN_COMMIT=${older}`));
  await expectRuns(`${name}:commit`);
});

test('third tutorial: a SHA256, with a commit and without; a wrong one fails', async () => {
  const [sha, commit] = [`PHANTUN_TARBALL_SHA256=${await archiveSha256()}`, `PHANTUN_COMMIT=${repository.commit}`];
  const wrong = `PHANTUN_TARBALL_SHA256=${'a'.repeat(64)}`;
  await docker(...here('--load', '--tag', `${name}:verified`, '--build-arg', commit, '--build-arg', sha));
  await expectRuns(`${name}:verified`);
  const refused = await execute('docker', here('--build-arg', commit, '--build-arg', wrong));
  expect(refused.code).not.toBe(0);
  expect(refused.stderr).toMatch(/digest mismatch/);

  // Upstream is on this machine's loopback, which a build step sees only in the host's network.
  await docker(...here('--load', '--network', 'host', '--tag', `${name}:head`, '--build-arg', sha));
  await expectRuns(`${name}:head`);
  const refusedHead = await execute('docker', here('--network', 'host', '--build-arg', wrong));
  expect(refusedHead.code).not.toBe(0);
  expect(refusedHead.stderr).toMatch(/phantun\.tar\.gz: FAILED/);
});

/** `docker buildx create --use`, with what buildx would pull from docker.io, and reaching this machine's loopback. */
async function createAndUseBuilder(): Promise<void> {
  const image = await provideBuildkitImage(lab.registry);
  const builder = (await docker('buildx', 'create', '--use', '--driver-opt', `image=${image},network=host`)).trim();
  onTestFinished(async () => {
    await docker('buildx', 'rm', builder);
  });
}

test('fourth tutorial: a builder made for it; two platforms pushed, a foreign one loaded, one exported as a tar', async () => {
  await createAndUseBuilder();
  await docker(...here('--platform', 'linux/amd64,linux/arm64', '--tag', `${name}:multiarch`, '--push'));
  for (const platform of ['linux/amd64', 'linux/arm64']) {
    await docker('pull', '--quiet', '--platform', platform, `${name}:multiarch`);
    await expectRuns(`${name}:multiarch`, '--platform', platform);
  }
  await docker(...here('--platform', 'linux/arm64', '--tag', `${name}:arm64`, '--load'));
  await expectRuns(`${name}:arm64`, '--platform', 'linux/arm64');
  const tar = `${await temporaryFolder()}/phantun-runtime-arm64.tar`;
  await docker(...here('--platform', 'linux/arm64', '--tag', `${name}:tar`, '--output', `type=docker,dest=${tar}`));
  await docker('load', '--quiet', '--input', tar);
  await expectRuns(`${name}:tar`, '--platform', 'linux/arm64');
  expect(await docker('buildx', 'inspect')).toMatch(/^Driver: +docker-container$/m);
});

test('PHANTUN_OWNER and PHANTUN_REPO name the repository on GitHub, for git and for the archive', async () => {
  // Without a network a build says where it would have gone.
  const builder = await freshBuilder({ offline: true });
  const asked = async (...args: string[]) => {
    const fork = ['--build-arg', 'PHANTUN_OWNER=org', '--build-arg', 'PHANTUN_REPO=fork'];
    const { code, stderr } = await execute('docker', ['buildx', 'build', '--builder', builder, ...fork, ...args, ROOT]);
    expect(code).not.toBe(0);
    return stderr;
  };
  expect(await asked('--target', 'tree')).toMatch(/unable to access 'https:\/\/github\.com\/org\/fork\.git\/'/);
  const commit = 'b42ed821472b78866a36e18d315de695b84e7887';
  const archive = await asked('--target', 'commit-archive', '--build-arg', `PHANTUN_COMMIT=${commit}`);
  expect(archive).toContain(`Get "https://github.com/org/fork/archive/${commit}.tar.gz"`);
});

test('the Dockerfile has no warning of docker’s own check', async () => {
  const checked = await execute('docker', here('--check'));
  expect(checked, checked.stdout + checked.stderr).toMatchObject({ code: 0 });
  expect(checked.stdout).toContain('no warnings found');
});
