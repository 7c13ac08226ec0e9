import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { provideBuildkitImage } from '../../lab/buildkitd.js';
import { startRegistryProxy, status } from '../../lab/registryProxy.js';
import type { Content } from '../../lab/repository.js';
import { afterThisTest } from '../../support/world.js';
import { copyOfAction, docker, freshImage, inFront, lab, registryDigest, registryTags, runAction } from '../harness.js';
import { freshBuilder } from '../surroundings.js';
import { drifting, workspaceWithCrate } from '../proof/tiny.js';
import { expectFailure, files, repository } from './failing.js';

/** Upstream's HEAD becomes a commit with these files beside the tiny workspace's, or instead of them. */
async function commitOnMain(changed: Record<string, Content>): Promise<void> {
  await repository.setRef('refs/heads/main', await repository.addCommit(repository.commit, { ...files, ...changed }));
}

/** A copy of the action whose Dockerfile has other words in a place. */
async function withDockerfile(before: string, behind: string): Promise<{ home: string }> {
  const home = await copyOfAction();
  const file = join(home, 'Dockerfile');
  const text = await readFile(file, 'utf8');
  expect(text.split(before)).toHaveLength(2);
  await writeFile(file, text.replace(before, behind));
  return { home };
}

/** A running builder that has less memory than the machine. */
async function smallBuilder(): Promise<string> {
  const name = `small-${Math.random().toString(36).slice(2, 10)}`;
  const image = await provideBuildkitImage(lab.registry);
  const options = ['memory=768m', 'memory-swap=768m', 'network=host', `image=${image}`].join(',');
  onTestFinished(async () => {
    await docker('buildx', 'rm', '--force', name);
  });
  await docker(
    ...['buildx', 'create', '--bootstrap', '--name', name, '--driver', 'docker-container', '--driver-opt', options],
  );
  return name;
}

test('59 a registry that limits how often a base image is asked for', async () => {
  const proxy = await startRegistryProxy(lab.registry);
  afterThisTest(proxy.stop);
  const inputs = { 'rust-image': `${proxy.host}/library/absent:1.95.0` };
  const limited = { path: /\/manifests\//, fault: status(429, 'TOOMANYREQUESTS') };
  proxy.rules = [limited];
  const run = await expectFailure(
    inputs,
    'rate-limit',
    /limits how often this machine may ask\. Log in with 'docker login 127/,
  );
  expect(run.stdout).toMatch(/::warning::resolving .*, attempt 3 of 4: /);
  // docker asks more than once before it gives up: as often as in one of the four attempts.
  const asked = proxy.requests.filter((line) => limited.path.test(line)).length;
  proxy.rules = [{ ...limited, times: asked / 4 }];
  const waited = await expectFailure(inputs, 'not-found', /base image .*: the registry has no such image/);
  expect(waited.stdout).toMatch(/::warning::resolving .*, attempt 1 of 4: /);
});

test('59 a registry that limits how often a base image is pulled', async () => {
  const proxy = await startRegistryProxy(lab.registry);
  afterThisTest(proxy.stop);
  const behind = (name: string) => name.replace(lab.registry, proxy.host);
  const inputs = {
    'rust-image': behind(lab.bases.rust),
    'shell-image': behind(lab.bases.shell),
    builder: await freshBuilder(),
  };
  proxy.rules = [{ path: /\/blobs\//, fault: status(429, 'TOOMANYREQUESTS') }];
  const sentence = new RegExp(
    `the build of linux/amd64 failed: ${proxy.host} limits how often .* may pull\\. Log in with 'docker login ${proxy.host}'`,
  );
  const run = await expectFailure(inputs, 'rate-limit', sentence);
  expect(run.stdout).toMatch(/::warning::building linux\/amd64, attempt 3 of 4: /);
  expect(proxy.requests.filter((line) => line.includes('/blobs/')).length).toBeGreaterThanOrEqual(4);
});

test('60 source that does not compile is compiled once, and the summary has the last lines', async () => {
  await commitOnMain({ 'phantun/src/lib.rs': 'this is no Rust\n' });
  const run = await expectFailure(
    {},
    'build',
    /the build of linux\/amd64 failed, exit code 1: error: expected one of .*, found `is`\. The last lines are in the summary/,
  );
  expect(run.summary).toContain('could not compile `phantun`');
  const [, block = ''] = /^(?:`{3,}|~{3,})\w*\n([\s\S]*?)^(?:`{3,}|~{3,})$/m.exec(run.summary) ?? [];
  expect(block.split('\n').length).toBeLessThanOrEqual(52);
  expect(run.stdout).not.toContain('attempt 1 of');
});

test('60 a build script that has the words of every fault of the machine’s, and fails, is taken for no more than that', async () => {
  const limited = 'toomanyrequests: 429 Too Many Requests, pull rate limit';
  // As BuildKit, cargo, rustc and tar say it.
  const words = [
    `ERROR: failed to build: failed to solve: rust:1: ${limited}`,
    'ERROR: failed to build: failed to solve: process "sh" did not complete successfully: cannot allocate memory',
    'ERROR: failed to build: failed to solve: write /x: no space left on device',
    `${limited}, out of memory, OOMKilled, exit code: 137, cannot allocate memory, spurious network error, cargo fetch`,
    'memory allocation of 100 bytes failed',
    'error: could not compile `x` (bin "x")',
    '',
    'Caused by:',
    "  process didn't exit successfully: `rustc` (signal: 9, SIGKILL: kill)",
    'error: failed to write `/build/x`',
    '',
    'Caused by:',
    '  No space left on device (os error 28)',
    'error: linking with `rust-lld` failed: signal: 9 (SIGKILL)',
    '  |',
    'tar: x: Cannot write: No space left on device',
    'error: failed to download from `https://static.crates.io/x`',
  ];
  const script = `use std::io::Write;
fn main() {
    let words = include_str!("words");
    let mut step = std::fs::OpenOptions::new().write(true).open("/proc/1/fd/2").expect("no output");
    step.write_all(format!("\\r{}\\n", words.trim_end().replace('\\n', "\\n\\r")).as_bytes()).expect("closed");
    step.write_all(words.as_bytes()).expect("closed");
    panic!("{words}");
}
`;
  await commitOnMain({ 'phantun/build.rs': script, 'phantun/words': `${words.join('\n')}\n` });
  const run = await expectFailure({}, 'build', /the build of linux\/amd64 failed, exit code 1/);
  for (const word of words) expect(run.stdout).toContain(word);
  expect(run.stdout).toMatch(/^\[linux\/amd64\] ERROR: failed to build: failed to solve: write \/x: no space left/m);
  expect(run.summary).toContain(limited);
  expect(run.stdout).not.toContain('attempt 1 of');
});

test('61 a compile that is killed for want of memory', async () => {
  const builder = await smallBuilder();
  // As much as there is: no more, where the builder should have more after all.
  const greedy = 'fn main() { let all: Vec<_> = (0..2048).map(|_| vec![1u8; 1 << 20]).collect(); drop(all); }\n';
  await commitOnMain({ 'phantun/build.rs': greedy });
  const sentence = /the machine ran out of memory \(killed\)\. Give the builder more memory/;
  const run = await expectFailure({ builder }, 'local', sentence);
  expect(run.summary).toContain('SIGKILL');
  expect(run.stdout).not.toContain('attempt 1 of');
});

test('62 a registry of crates that cannot be reached', async () => {
  await commitOnMain(await workspaceWithCrate());
  // cargo's ten retries take minutes; one does for the test.
  const offline = await withDockerfile('CARGO_NET_RETRY=10', 'CARGO_NET_RETRY=1 HTTPS_PROXY=http://127.0.0.1:9');
  const sentence = /dependency source unavailable, cargo could not fetch the crates that Cargo\.lock names/;
  const run = await expectFailure({}, 'transient', sentence, {}, offline);
  expect(run.summary).toMatch(/spurious network error|Could not connect/);
});

test('63 a platform without an emulator is read, and reported as not run', async () => {
  const refused = 'echo "exec /bin/sh: exec format error" >&2; exit 255';
  const env = await inFront({ docker: `case "$*" in "run "*linux/arm64*) ${refused};; esac` });
  const run = await runAction({ upstream: repository.url }, { env });
  expect(run, run.stdout.slice(-4_000)).toMatchObject({ code: 0, leftovers: [] });
  expect(run.summary).toMatch(/\| The image runs \| .*linux\/arm64.*no emulator/);
  expect(run.summary).not.toMatch(/\| The image runs \| ✔ proven \| .*linux\/arm64/);
});

test.each([
  ['64 a buildx that ends well and has built nothing', 'exit 0'],
  [
    '64 a buildx that ends well and whose word on it cannot be read',
    'while [ "$1" != --metadata-file ]; do shift; done; echo "{" > "$2"; exit 0',
  ],
])('%s', async (_, script) => {
  const env = await inFront({ docker: `case "$*" in *--metadata-file*) ${script};; esac` });
  await expectFailure({}, 'local', /ended well for linux\/amd64 but names no image digest/, env);
});

test('67 files with another time than the commit’s', async () => {
  const [time, other] = [1_700_000_067, 1_700_000_068];
  // A time of its own, as BuildKit's cache takes files for the same whose times differ.
  await repository.setRef('refs/heads/main', await repository.addCommit(repository.commit, files, { time }));
  const changed = await withDockerfile('--date="@$SOURCE_DATE_EPOCH"', `--date=@${other}`);
  await expectFailure({}, 'verification', /time is 2023-11-14T22:14:28Z, expected 2023-11-14T22:14:27Z/, {}, changed);
});

test('93 a new HEAD that does not compile leaves what is published as it is', async () => {
  const image = freshImage();
  const scheduled = { image, 'moving-tags': 'edge', 'skip-unchanged': 'true' };
  const inputs = { upstream: repository.url, push: 'true', platforms: 'linux/amd64', smoke: 'false', ...scheduled };
  const first = await runAction(inputs);
  expect(first, first.stdout.slice(-4_000)).toMatchObject({ code: 0 });
  const tags = await registryTags(image);
  await commitOnMain({ 'phantun/src/lib.rs': 'pub fn new_api() -> Missing { todo!() }\n' });
  const run = await runAction(inputs);
  expect(run).toMatchObject({ code: 1, outputs: { failure: 'build' }, leftovers: [] });
  expect(run.summary).toContain('cannot find type `Missing`');
  expect(await registryTags(image)).toEqual(tags);
  expect(await registryDigest(`${image}:edge`)).toBe(first.outputs.digest);
});

test('95 what a second build does not give again is not published', async () => {
  await commitOnMain(drifting(await workspaceWithCrate()));
  const sentence =
    /a second build gave another image \(different\): linux\/amd64: \/usr\/local\/bin\/phantun-client: bytes/;
  await expectFailure({ rebuild: 'true' }, 'verification', sentence);
});

test('an image with another digest than the one expected is not published', async () => {
  const wrong = `sha256:${'e'.repeat(64)}`;
  const sentence = new RegExp(`expect-digest is ${wrong}, and this image has`);
  await expectFailure({ 'expect-digest': wrong }, 'verification', sentence);
});
