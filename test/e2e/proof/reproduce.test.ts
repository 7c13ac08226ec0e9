import { cp, mkdir, readFile, readdir, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { beforeAll, expect, onTestFinished, test } from 'vitest';
import { EVIDENCE_TYPE } from '../../../src/proof/evidenceReferrer.js';
import { startEnclave } from '../../lab/enclave.js';
import { run as mustRun } from '../../lab/exec.js';
import {
  atEndOfFile,
  codeOf,
  copyOfAction,
  execute,
  freshImage,
  lab,
  ownUpstream,
  registryDigest,
  ROOT,
  runAction,
  runCli,
  temporaryFolder,
} from '../harness.js';
import { freshBuilder } from '../surroundings.js';
import { CRATE, drifting, type Sample, publishRepacked, publishSample, workspaceWithCrate } from './tiny.js';

const atEnd = atEndOfFile();
let sample: Sample;
beforeAll(async () => {
  sample = await publishSample(atEnd);
});

/** The stage that asks crates.io, as BuildKit names its steps. */
const FETCHING = /\[fetch \d\/\d\] RUN/;

const reference = () => `${sample.image}@${sample.run.outputs.digest ?? ''}`;

/** Runs the command line in another network, with folders of its own. */
async function runIn([enter = '', ...flags]: readonly string[], args: readonly string[], cwd?: string) {
  const folder = await temporaryFolder();
  const words = [...flags, process.execPath, join(ROOT, 'dist', 'cli.js'), ...args];
  return execute(enter, words, { TMPDIR: folder, XDG_CACHE_HOME: folder }, cwd ?? folder);
}

test('a stranger with the registry and upstream, and nothing else, builds the same digest from the image’s name alone', async () => {
  const elsewhere = join(await temporaryFolder(), 'somewhere', 'else');
  await mkdir(elsewhere, { recursive: true });
  const closed = await ownUpstream();
  const port = (address: string) => Number(address.split(':').at(-1));
  // The command line and a BuildKit that never built anything, in a network with a way to these two.
  const enclave = await startEnclave(
    join(await temporaryFolder(), 'net'),
    [lab.registry, sample.upstream.origin].map(port),
  );
  onTestFinished(enclave.stop);
  const [enter = '', ...flags] = enclave.enter;
  const ask = (url: string) => execute(enter, [...flags, process.execPath, '--eval', `await fetch('${url}')`]);
  expect(await ask(sample.repository.url)).toMatchObject({ code: 0 });
  expect((await ask(closed.origin)).stderr).toMatch(/ECONNREFUSED/);
  expect((await ask('http://192.0.2.1')).stderr).toMatch(/ENETUNREACH/);

  sample.upstream.requests.length = 0;
  const builder = await freshBuilder({ enclave });
  const result = await runIn(enclave.enter, ['reproduce', reference(), '--builder', builder], elsewhere);
  expect(result, result.stderr.slice(-4_000)).toMatchObject({ code: 0 });
  expect(result.stdout).toMatch(/^## identical\n/);
  expect(result.stdout).toContain(`| rebuilt | \`${sample.run.outputs.digest ?? ''}\` |`);
  expect(result.stdout).toMatch(/A second build gave the same digest \| ✔ proven/);
  expect(result.stdout).toMatch(/The commit is upstream’s \| ✔ proven/);
  expect(result.stdout).toMatch(/The image is signed \| – not proven here/);
  // The crates are those of the evidence.
  expect(sample.run.stdout).toMatch(FETCHING);
  expect(result.stderr).not.toMatch(FETCHING);
  expect(sample.upstream.requests.join()).toContain('/archive/');
  expect(await readdir(elsewhere)).toEqual([]);
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

/** The evidence beside the image, unpacked as docs/proof.md says. */
async function evidenceInRegistry(): Promise<string> {
  const [packed, evidence] = [join(await temporaryFolder(), 'packed'), await temporaryFolder()];
  const tag = `${sample.image}:${(sample.run.outputs.digest ?? '').replace(':', '-')}`;
  const list = await mustRun('skopeo', ['inspect', '--raw', '--tls-verify=false', `docker://${tag}`]);
  const { manifests } = JSON.parse(list) as { manifests: { artifactType?: string; digest: string }[] };
  const found = manifests.find(({ artifactType }) => artifactType === EVIDENCE_TYPE)?.digest ?? '';
  await mustRun('skopeo', ['copy', '--src-tls-verify=false', `docker://${sample.image}@${found}`, `dir:${packed}`]);
  const { layers } = JSON.parse(await readFile(join(packed, 'manifest.json'), 'utf8')) as {
    layers: { digest: string }[];
  };
  await mustRun('tar', ['-xf', join(packed, layers[0]?.digest.slice('sha256:'.length) ?? ''), '-C', evidence]);
  return evidence;
}

test('from evidence alone nothing is asked of upstream and nothing of crates.io', async () => {
  const evidence = await evidenceInRegistry();
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
  // By a path that buildx would take for an address, with the characters at which it cuts.
  const folder = await temporaryFolder();
  const evidence = 'github.com/o/n@1:2';
  await cp(join(sample.folder, 'evidence'), join(folder, evidence), { recursive: true });
  for (const [name, base] of Object.entries(lab.bases)) {
    const digest = await registryDigest(base);
    const source = `docker://${base.replace(/:[^:/]+$/, '')}@${digest ?? ''}`;
    const cwd = join(folder, evidence, 'bases', name);
    await mkdir(cwd, { recursive: true });
    const flags = ['--all', '--preserve-digests', '--src-tls-verify=false'];
    await mustRun('skopeo', ['copy', ...flags, source, 'oci:.'], { cwd });
  }
  // Neither the command line nor the builder has a network to ask with.
  const before = await readdir(folder, { recursive: true });
  const words = ['reproduce', '--evidence', evidence, '--builder', await freshBuilder({ offline: true })];
  const result = await runIn(['unshare', '--net'], words, folder);
  expect(result, result.stderr.slice(-4_000)).toMatchObject({ code: 0 });
  expect(result.stdout).toMatch(/^## identical\n/);

  expect(await readdir(folder, { recursive: true })).toEqual(before);

  await rm(join(folder, evidence, 'bases', 'shell'), { recursive: true });
  const half = await runCli(['reproduce', '--evidence', join(folder, evidence)]);
  expect(half.stderr).toMatch(/unbuildable: .*bases\/shell/);
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
    new RegExp(`expect-digest is ${wrong}, and this image has ${run.outputs.digest ?? ''}`),
  );
});

test('rebuild builds a second time without cache and says that the digest is the same', async () => {
  const { inputs, run } = sample;
  const again = await runAction({ ...inputs, rebuild: 'true', 'expect-digest': run.outputs.digest ?? '' });
  expect(again, again.stdout.slice(-4_000)).toMatchObject({ code: 0, outputs: { digest: run.outputs.digest } });
  expect(again.stdout).toContain(`The second build gave ${run.outputs.digest ?? ''}, too`);
  expect(again.summary).toMatch(/A second build gave the same digest \| ✔ proven/);
});

const DRIFTED = /linux\/amd64: \/usr\/local\/bin\/phantun-client: bytes \d+ to \d+ differ/;

test('a program that differs from build to build is told apart: platform, file and bytes are named', async () => {
  const { repository, inputs } = sample;
  const commit = await repository.addCommit(repository.commit, drifting(await workspaceWithCrate()));
  await repository.setRef('refs/heads/moving', commit);
  const run = await runAction({ ...inputs, ref: 'refs/heads/moving', push: 'false', rebuild: 'true' });
  expect(run, run.stdout.slice(-2_000)).toMatchObject({ code: 1, outputs: { failure: 'verification' }, leftovers: [] });
  expect(run.stdout).toMatch(new RegExp(`a second build gave another image \\(different\\): ${DRIFTED.source}`));

  // Published all the same, it is found out by whoever builds it again.
  const image = freshImage();
  const published = await runAction({ ...inputs, ref: 'refs/heads/moving', image });
  expect(published, published.stdout.slice(-2_000)).toMatchObject({ code: 0 });
  const result = await runCli(['reproduce', `${image}@${published.outputs.digest ?? ''}`]);
  expect(result.code).toBe(codeOf(result.stderr));
  expect(result.stderr).toMatch(new RegExp(`different: ${DRIFTED.source}.* \\(verification\\)`));
  expect(result.stderr).toMatch(
    /A second build gave the same digest \| ✘ \*\*failed\*\* \| without cache.*: different/,
  );
  await repository.deleteRef('refs/heads/moving');
});

test('an image of the same files in other bytes is equivalent, and the platform is named', async () => {
  const { name, evidence } = await publishRepacked(sample);
  const result = await runCli(['reproduce', name, '--evidence', evidence]);
  expect(result.code).toBe(codeOf(result.stderr));
  expect(result.stderr).toMatch(
    /equivalent: linux\/amd64: manifest: published sha256:\w{64}, rebuilt sha256:\w{64}.*\(verification\)/,
  );
  expect(result.stderr).toContain(`| rebuilt | \`${sample.run.outputs.digest ?? ''}\` |`);
  expect(result.stderr).toMatch(/linux\/amd64: layers: published sha256:\w{64}, rebuilt/);
  expect(result.stderr).not.toMatch(/linux\/amd64: (config|\/)/);
  // With evidence that is about the other image nothing is built.
  const other = await runCli(['reproduce', name, '--evidence', join(sample.folder, 'evidence')]);
  expect(other.code).toBe(codeOf(other.stderr));
  expect(other.stderr).toMatch(/the statement in the evidence is not about this image: subject\[0\]/);
});
