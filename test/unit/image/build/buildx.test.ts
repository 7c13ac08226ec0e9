import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import type { FailureClass } from '../../../../src/errors.js';
import { type BuildSpec, buildArguments, buildFailure, buildPlatforms } from '../../../../src/image/build/buildx.js';
import { fakeProgram, testDeps } from '../../../support/world.js';
import { failureOf } from '../../../support/failureOf.js';

const HEX = 'ab'.repeat(32);
const SPEC: BuildSpec = {
  builder: 'default',
  platform: 'linux/arm/v7',
  dockerfile: '/action/Dockerfile',
  source: '/temp/source',
  context: '/temp/context',
  bases: { rust: `docker.io/library/rust:1@sha256:${HEX}`, shell: `docker.io/library/busybox:1@sha256:${HEX}` },
  epoch: 1_759_768_158,
  labels: { 'b.label': 'two words, "quotes" and $HOME', 'a.label': '', B: 'x=y' },
  layout: '/temp/linux-arm-v7',
  metadata: '/temp/linux-arm-v7.json',
};

describe('buildArguments', () => {
  it('are these', () => {
    expect(buildArguments(SPEC)).toEqual([
      'buildx',
      'build',
      '--builder',
      'default',
      '--platform',
      'linux/arm/v7',
      '--file',
      '/action/Dockerfile',
      '--build-context',
      'source=/temp/source',
      '--build-arg',
      `RUST_IMAGE=docker.io/library/rust:1@sha256:${HEX}`,
      '--build-arg',
      `SHELL_IMAGE=docker.io/library/busybox:1@sha256:${HEX}`,
      '--build-arg',
      'SOURCE_DATE_EPOCH=1759768158',
      '--label',
      'B=x=y',
      '--label',
      'a.label=',
      '--label',
      'b.label=two words, "quotes" and $HOME',
      '--provenance=false',
      '--sbom=false',
      '--progress',
      'plain',
      '--metadata-file',
      '/temp/linux-arm-v7.json',
      '--output',
      'type=oci,dest=/temp/linux-arm-v7,tar=false,compression=uncompressed,force-compression=true',
      '/temp/context',
    ]);
  });

  it('do not depend on the order of labels', () => {
    const labels = Object.fromEntries(Object.entries(SPEC.labels).reverse());
    expect(buildArguments({ ...SPEC, labels })).toEqual(buildArguments(SPEC));
  });
});

/** Last lines of buildx 0.29 with the engine 28.5, cut to what is told apart. */
const OUTPUT: [string, number, string[], FailureClass, string][] = [
  [
    'a compiler’s error',
    1,
    [
      '#7 1.551 error[E0308]: mismatched types',
      '#7 1.552  --> src/main.rs:1:25',
      '#7 1.585 error: could not compile `x` (bin "x") due to 1 previous error',
      'ERROR: failed to build: failed to solve: process "/bin/sh -c cd /s && cargo build --release" did not complete successfully: exit code: 101',
    ],
    'build',
    'the build of linux/amd64 failed, exit code 1: error[E0308]: mismatched types. The last lines are in the summary',
  ],
  [
    'a command that fails',
    1,
    [
      'ERROR: failed to build: failed to solve: process "/bin/sh -c exit 3" did not complete successfully: exit code: 3',
    ],
    'build',
    'the build of linux/amd64 failed, exit code 1. The last lines are in the summary',
  ],
  [
    'a killed command',
    1,
    [
      'ERROR: failed to build: failed to solve: process "/bin/sh -c cargo build" did not complete successfully: exit code: 137',
    ],
    'build',
    'the build of linux/amd64 failed: the machine ran out of memory (killed). Give the builder more memory, or build fewer platforms at once',
  ],
  [
    'a killed compiler',
    1,
    [
      '#9 error: could not compile `x` (bin "x")',
      '#9 Caused by:',
      '#9   process didn’t exit successfully: `rustc` (signal: 9, SIGKILL: kill)',
    ],
    'build',
    'the build of linux/amd64 failed: the machine ran out of memory (killed). Give the builder more memory, or build fewer platforms at once',
  ],
  [
    'a killed docker',
    137,
    [],
    'build',
    'the build of linux/amd64 failed: the machine ran out of memory (killed). Give the builder more memory, or build fewer platforms at once',
  ],
  [
    'a registry that limits',
    1,
    [
      'ERROR: failed to build: failed to solve: rust:1: failed to resolve source metadata for docker.io/library/rust:1: unexpected status from HEAD request to https://registry-1.docker.io/v2/library/rust/manifests/1: 429 Too Many Requests',
    ],
    'rate-limit',
    "the build of linux/amd64 failed: the registry of a base image limits how often this machine may pull. Log in with 'docker login', or name a mirror in rust-image and shell-image",
  ],
  [
    'a full disk',
    1,
    ["#5 0.669 dd: error writing '/x/y': No space left on device"],
    'local',
    "the build of linux/amd64 failed: no space left where the builder keeps its files. 'docker buildx prune' frees some",
  ],
  [
    'crates that cannot be fetched',
    1,
    [
      '#6 1.911 error: failed to get `libc` as a dependency of package `x v0.1.0 (/s)`',
      '#6 1.912   unable to update registry `crates-io`',
      '#6 1.914   [6] Could not resolve hostname (Could not resolve host: index.crates.io)',
      '   9 | >>> cargo fetch --locked --manifest-path /source/Cargo.toml \\',
    ],
    'transient',
    'the build of linux/amd64 failed: dependency source unavailable, cargo could not fetch the crates that Cargo.lock names',
  ],
  [
    'a lock that does not fit',
    1,
    [
      '#6 0.5 error: cannot update the lock file /source/Cargo.lock because --locked was passed to prevent this',
      '   9 | >>> cargo fetch --locked --manifest-path /source/Cargo.toml \\',
    ],
    'build',
    'the build of linux/amd64 failed, exit code 1: error: cannot update the lock file /source/Cargo.lock because --locked was passed to prevent this. The last lines are in the summary',
  ],
  ['silence', 1, [], 'build', 'the build of linux/amd64 failed, exit code 1. The last lines are in the summary'],
];

describe('buildFailure', () => {
  it.each(OUTPUT)('tells %s', (_, code, tail, kind, message) => {
    const failure = buildFailure(code, tail, 'linux/amd64');
    expect(failure).toMatchObject({ kind, message });
    expect(failure.details).toEqual(tail);
  });

  it('makes the lines safe for the summary', () => {
    const { details, message } = buildFailure(1, ['\u001b[31m error: x\u0007', 'y'.repeat(400)], 'linux/amd64');
    expect(details).toEqual(['\\u{1b}[31m error: x\\u{7}', `${'y'.repeat(300)}…`]);
    expect(message).toContain('error: x\\u{7}');
  });
});

describe('buildPlatforms', () => {
  const METADATA = '{"containerimage.digest":"sha256:0"}';
  /** A docker that runs `script` with `$platform`, `$metadata` and `$n`, the count of calls for that platform. */
  function fakeDocker(script: string) {
    const deps = testDeps();
    fakeProgram(
      'docker',
      `while [ $# -gt 0 ]; do
  case $1 in --platform) platform=$2;; --metadata-file) metadata=$2;; esac
  shift
done
calls='${deps.temp}/calls-'$(echo $platform | tr / -)
echo x >> "$calls"; n=$(wc -l < "$calls")
good() { echo '${METADATA}' > "$metadata"; }
${script}`,
    );
    const count = (slug: string) => {
      const file = join(deps.temp, `calls-${slug}`);
      return existsSync(file) ? readFileSync(file, 'utf8').length / 2 : 0;
    };
    const { builder, dockerfile, source, bases, epoch, labels } = SPEC;
    const build = () =>
      buildPlatforms(
        ['linux/amd64', 'linux/arm64'],
        { builder, dockerfile, source, bases, epoch, labels },
        join(deps.temp, 'build'),
        deps,
      );
    return { deps, build, count };
  }

  it('builds each, logs its lines under its name, and says where the layouts are', async () => {
    const { deps, build } = fakeDocker('echo "one $platform" >&2; good');
    expect(await build()).toEqual(
      new Map([
        ['linux/amd64', join(deps.temp, 'build/linux-amd64')],
        ['linux/arm64', join(deps.temp, 'build/linux-arm64')],
      ]),
    );
    expect(deps.logged.sort()).toEqual(['child: one linux/amd64', 'child: one linux/arm64']);
  });

  it('fails when docker ends well and names no digest', async () => {
    const { build } = fakeDocker('[ $platform = linux/amd64 ] || good');
    expect(await failureOf(build)).toMatchObject({
      kind: 'build',
      message: 'docker buildx ended well for linux/amd64 but names no image digest. Update buildx and BuildKit',
    });
  });

  it('fails by the exit code though nothing was said, and never compiles twice', async () => {
    const { build, count } = fakeDocker('good; [ $platform = linux/amd64 ] || exit 1');
    expect(await failureOf(build)).toMatchObject({
      kind: 'build',
      message: 'the build of linux/arm64 failed, exit code 1. The last lines are in the summary',
    });
    expect(count('linux-arm64')).toBe(1);
  });

  it('ends the other platforms when one fails, and names that one', async () => {
    const { build } = fakeDocker('[ $platform = linux/amd64 ] && sleep 30; echo "error: broken" >&2; exit 1');
    const started = Date.now();
    const failure = await failureOf(build);
    expect(failure.message).toMatch(/^the build of linux\/arm64 failed/);
    expect(Date.now() - started).toBeLessThan(5_000);
  });

  it('waits for a registry that limits, and for nothing else', async () => {
    const { deps, build, count } = fakeDocker(
      '[ $n -gt 1 ] || { echo "toomanyrequests: slow down" >&2; exit 1; }\ngood',
    );
    await build();
    expect([count('linux-amd64'), count('linux-arm64'), deps.slept.length]).toEqual([2, 2, 2]);
  });

  it('keeps the last 50 lines for the summary', async () => {
    const { build } = fakeDocker('[ $platform = linux/amd64 ] && sleep 1 && exit 1; seq 1 60 >&2; exit 1');
    const { details } = await failureOf(build);
    expect([details.length, details[0], details.at(-1)]).toEqual([50, '11', '60']);
  });

  it('is cancelled with the run', async () => {
    const { deps, build } = fakeDocker('sleep 30');
    setTimeout(deps.abort, 100);
    expect((await failureOf(build)).kind).toBe('cancelled');
  });
});
