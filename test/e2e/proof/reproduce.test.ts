import { mkdir, readFile, readdir, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { beforeAll, expect, onTestFinished, test } from 'vitest';
import { run as mustRun } from '../../lab/exec.js';
import {
  atEndOfFile,
  codeOf,
  copyOfAction,
  execute,
  freshImage,
  lab,
  registryDigest,
  ROOT,
  runAction,
  runCli,
  temporaryFolder,
} from '../harness.js';
import { freshBuilder } from '../surroundings.js';
import { copyOf, CRATE, drifting, type Sample, publishSample, workspaceWithCrate } from './tiny.js';

const atEnd = atEndOfFile();
let sample: Sample;
beforeAll(async () => {
  sample = await publishSample(atEnd);
});

/** The stage that asks crates.io, as BuildKit names its steps. */
const FETCHING = /\[fetch \d\/\d\] RUN/;

const reference = () => `${sample.image}@${sample.run.outputs.digest ?? ''}`;

test('a stranger with the registry and upstream builds the same digest from the image’s name alone', async () => {
  const elsewhere = join(await temporaryFolder(), 'somewhere', 'else');
  await mkdir(elsewhere, { recursive: true });
  const result = await runCli(['reproduce', reference()], { folder: elsewhere, env: { TZ: 'Pacific/Chatham' } });
  expect(result, result.stderr.slice(-4_000)).toMatchObject({ code: 0 });
  expect(result.stdout).toMatch(/^## identical\n/);
  expect(result.stdout).toContain(`| rebuilt | \`${sample.run.outputs.digest ?? ''}\` |`);
  expect(result.stdout).toMatch(/A second build gave the same digest \| ✔ proven/);
  expect(result.stdout).toMatch(/The image is signed \| – not proven here/);
  expect(await readdir(elsewhere)).toEqual(['cache']);
});

test('the evidence is beside the image, lists what it must, and its statement is about index and platforms', async () => {
  const tag = (sample.run.outputs.digest ?? '').replace(':', '-');
  expect(await registryDigest(`${sample.image}:${tag}`)).toMatch(/^sha256:/);
  const evidence = sample.run.outputs.evidence ?? '';
  expect((await readdir(evidence)).sort()).toEqual([
    'Dockerfile',
    'README.md',
    'archive.tar.gz',
    'commit',
    'crates',
    'lock.json',
    'sbom-linux-amd64.cdx.json',
    'statement.json',
  ]);
  expect(await readdir(join(evidence, 'crates'))).toEqual([CRATE.file]);
  const statement = JSON.parse(await readFile(join(evidence, 'statement.json'), 'utf8')) as {
    subject: { name: string; digest: { sha256: string } }[];
  };
  const manifests = JSON.parse(sample.run.outputs.manifests ?? '{}') as Record<string, string>;
  expect(Object.fromEntries(statement.subject.map(({ name, digest }) => [name, `sha256:${digest.sha256}`]))).toEqual({
    index: sample.run.outputs.digest,
    ...manifests,
  });
  expect(sample.run.stdout).toMatch(/Archive, lock, crates, SBOMs and statement: \d+ kB/);
});

test('the SBOM names crate, hash, licence and what is linked beside the crates', async () => {
  const sbom = JSON.parse(await readFile(sample.run.outputs.sbom ?? '', 'utf8')) as {
    components: { name: string; purl: string; version: string; scope: string; hashes?: unknown; licenses: unknown }[];
  };
  const named = Object.fromEntries(sbom.components.map((component) => [component.name, component]));
  expect(Object.keys(named).sort()).toEqual([
    'busybox',
    'cfg-if',
    'fake-tcp',
    'glibc',
    'libgcc',
    'phantun',
    'rust-std',
  ]);
  expect(named['cfg-if']).toMatchObject({
    purl: 'pkg:cargo/cfg-if@1.0.0',
    scope: 'required',
    hashes: [{ alg: 'SHA-256', content: CRATE.sha256 }],
    licenses: [{ expression: 'MIT OR Apache-2.0' }],
  });
  for (const name of ['busybox', 'glibc']) expect(named[name]?.version).toMatch(/^\d+\.\d+/);
});

test('from evidence alone nothing is asked of upstream and nothing of crates.io', async () => {
  const evidence = join(await copyOf(sample), 'evidence');
  sample.upstream.requests.length = 0;
  // A proxy that is not there: whoever asks anything but the registry on loopback fails.
  const offline = { HTTPS_PROXY: 'http://127.0.0.1:9', https_proxy: 'http://127.0.0.1:9' };
  const result = await runCli(['reproduce', '--evidence', evidence], { env: offline });
  expect(result, result.stderr.slice(-4_000)).toMatchObject({ code: 0 });
  expect(result.stdout).toMatch(/^## identical\n/);
  expect(result.stdout).toMatch(/The commit is upstream’s \| – not proven here \| upstream was not asked/);
  expect(sample.run.stdout).toMatch(FETCHING);
  expect(result.stderr).not.toMatch(FETCHING);
  expect(sample.upstream.requests).toEqual([]);
});

test('with the base images in the evidence no network is needed at all', async () => {
  const evidence = join(await copyOf(sample), 'evidence');
  for (const [name, base] of Object.entries(lab.bases)) {
    const digest = await registryDigest(base);
    const source = `docker://${base.replace(/:[^:/]+$/, '')}@${digest ?? ''}`;
    await mkdir(join(evidence, 'bases', name), { recursive: true });
    await mustRun('skopeo', ['copy', '--all', '--preserve-digests', '--src-tls-verify=false', source, 'oci:.'], {
      cwd: join(evidence, 'bases', name),
    });
  }
  // Neither the command line nor the builder has a network to ask with.
  const folder = await temporaryFolder();
  const words = [join(ROOT, 'dist', 'cli.js'), 'reproduce', '--evidence', evidence];
  const builder = await freshBuilder({ offline: true });
  const result = await execute(
    'unshare',
    ['--net', process.execPath, ...words, '--builder', builder],
    { TMPDIR: folder, XDG_CACHE_HOME: folder },
    folder,
  );
  expect(result, result.stderr.slice(-4_000)).toMatchObject({ code: 0 });
  expect(result.stdout).toMatch(/^## identical\n/);

  await rm(join(evidence, 'bases', 'shell'), { recursive: true });
  const half = await runCli(['reproduce', '--evidence', evidence]);
  expect(half.stderr).toMatch(/bases\/shell/);
  expect(half.code).toBe(codeOf(half.stderr));
});

test('94 bases that are gone from their registry make an image unbuildable, and each is named', async () => {
  const bases: Record<string, string> = {};
  const place = freshImage();
  for (const [name, base] of Object.entries(lab.bases)) {
    bases[`${name}-image`] = `${place}-${name}:1.0`;
    const flags = ['--all', '--preserve-digests', '--src-tls-verify=false', '--dest-tls-verify=false'];
    await mustRun('skopeo', ['copy', ...flags, `docker://${base}`, `docker://${place}-${name}:1.0`]);
  }
  const { image, run } = await publishSample(onTestFinished, bases);
  for (const base of Object.values(bases)) {
    const [host = '', path = ''] = base.replace(/:1\.0$/, '').split(/\/(.*)/);
    const digest = (await registryDigest(base)) ?? '';
    const gone = await fetch(`http://${host}/v2/${path}/manifests/${digest}`, { method: 'DELETE' });
    expect(gone.status).toBe(202);
  }
  const result = await runCli(['reproduce', `${image}@${run.outputs.digest ?? ''}`]);
  expect(result.code).toBe(5);
  expect(result.stderr).toMatch(/unbuildable: base image .*\(not-found\)/s);
  for (const name of ['rust', 'shell'])
    expect(result.stderr).toMatch(
      new RegExp(`base image ${place}-${name}:1\\.0@sha256:\\w{64}: the registry has no such`),
    );
});

test('another release’s recipe is not run: the message names the release to use', async () => {
  const home = await copyOfAction();
  const dockerfile = join(home, 'Dockerfile');
  await writeFile(dockerfile, `${await readFile(dockerfile, 'utf8')}# another release\n`);
  const result = await runCli(['reproduce', reference()], { home });
  expect(result.code).toBe(5);
  expect(result.stderr).toMatch(/unbuildable: the lock was made by release 1\.0\.0 .*Use that release for it/);
});

test('a lock is replayed to the same digest; what contradicts it is refused', async () => {
  const { inputs, run } = sample;
  const lock = run.outputs.lock ?? '';
  const again = await runAction({ upstream: 'https://github.com/dndx/phantun', lock, smoke: 'false' });
  expect(again, again.stdout.slice(-4_000)).toMatchObject({
    code: 0,
    outputs: { digest: run.outputs.digest, 'build-key': run.outputs['build-key'] },
  });
  const other = await runAction({ ...inputs, lock, ref: 'e'.repeat(40) });
  expect(other).toMatchObject({ code: 1, outputs: { failure: 'input' } });
  expect(other.stdout).toMatch(/inputs ref and lock: the lock is of commit/);
  const wrong = `sha256:${'e'.repeat(64)}`;
  const expected = await runAction({ ...inputs, lock, 'expect-digest': wrong });
  expect(expected).toMatchObject({ code: 1, outputs: { failure: 'verification' }, leftovers: [] });
  expect(expected.stdout).toMatch(
    new RegExp(`expect-digest is ${wrong}, and this build gave ${run.outputs.digest ?? ''}`),
  );
});

test('rebuild builds a second time without cache and says that the digest is the same', async () => {
  const { inputs, run } = sample;
  const again = await runAction({ ...inputs, rebuild: 'true', 'expect-digest': run.outputs.digest ?? '' });
  expect(again, again.stdout.slice(-4_000)).toMatchObject({ code: 0, outputs: { digest: run.outputs.digest } });
  expect(again.stdout).toContain(`The second build gave ${run.outputs.digest ?? ''}, too`);
  expect(again.summary).toMatch(/A second build gave the same digest \| ✔ proven/);
});

test('a program that differs from build to build is told apart: platform, file and bytes are named', async () => {
  const { repository, inputs } = sample;
  const commit = await repository.addCommit(repository.commit, drifting(await workspaceWithCrate()));
  await repository.setRef('refs/heads/moving', commit);
  const run = await runAction({ ...inputs, ref: 'refs/heads/moving', push: 'false', rebuild: 'true' });
  expect(run, run.stdout.slice(-2_000)).toMatchObject({ code: 1, outputs: { failure: 'verification' }, leftovers: [] });
  expect(run.stdout).toMatch(
    /a second build gave another image \(different\): linux\/amd64: \/usr\/local\/bin\/phantun-client: bytes \d+ to \d+ differ/,
  );
  await repository.deleteRef('refs/heads/moving');
});
