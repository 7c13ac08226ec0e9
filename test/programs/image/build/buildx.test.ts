import { existsSync, mkdirSync, readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import type { BuildSpec } from '../../../../src/image/build/arguments.js';
import { type BuildFiles, buildEach, buildFilesIn, exportStage } from '../../../../src/image/build/buildx.js';
import type { Platform } from '../../../../src/platform.js';
import { fakeProgram, testDeps } from '../../../support/world.js';
import { failureOf } from '../../../support/failureOf.js';

const HEX = 'ab'.repeat(32);
const PLATFORMS: readonly Platform[] = ['linux/amd64', 'linux/arm64'];
const SPEC: BuildSpec = {
  builder: 'default',
  dockerfile: '/action/Dockerfile',
  contexts: { source: '/temp/source' },
  bases: { rust: `docker.io/library/rust:1@sha256:${HEX}`, shell: `docker.io/library/busybox:1@sha256:${HEX}` },
  epoch: 1_759_768_158,
  labels: {},
  noCache: false,
};

const LIMITED =
  'ERROR: failed to build: failed to solve: r.example/rust:1: failed to resolve source metadata: 429 Too Many Requests';
const METADATA = '{"containerimage.digest":"sha256:0"}';
/** A docker that runs `script` with `$platform`, `$stage`, `$to` and `$n`, the count of calls for platform and stage. */
function fakeDocker(script: string) {
  const deps = testDeps();
  fakeProgram(
    'docker',
    `while [ $# -gt 0 ]; do
  case $1 in
    --platform) platform=$2;;
    --metadata-file) metadata=$2;;
    --target) stage=$2;;
    --output) to=\${2#type=local,dest=}; to=\${to%,*};;
  esac
  shift
done
calls='${deps.temp}/calls-'$(echo $platform$stage | tr /, -+)
echo x >> "$calls"; n=$(wc -l < "$calls")
good() { [ -z "$metadata" ] || echo '${METADATA}' > "$metadata"; }
${script}`,
  );
  const count = (slug: string) => {
    const file = join(deps.temp, `calls-${slug}`);
    return existsSync(file) ? readFileSync(file, 'utf8').length / 2 : 0;
  };
  const folder = join(deps.temp, 'build');
  const build = (files?: BuildFiles) => buildEach(PLATFORMS, SPEC, folder, files, deps);
  const exportFacts = () => exportStage('facts', PLATFORMS, SPEC, folder, deps);
  return { deps, folder, build, exportFacts, count };
}

describe('buildEach', () => {
  it('builds each, logs its lines under its name, and says where the layouts are', async () => {
    const { deps, folder, build } = fakeDocker('echo "one $platform" >&2; good');
    expect(await build()).toEqual(
      new Map([
        ['linux/amd64', join(folder, 'images/linux-amd64')],
        ['linux/arm64', join(folder, 'images/linux-arm64')],
      ]),
    );
    expect(deps.logged.sort()).toEqual(['child: one linux/amd64', 'child: one linux/arm64']);
  });

  it.each([
    ['names no digest', ':'],
    ['names it in what is no JSON', 'echo "{" > "$metadata"'],
    ['names it in a list', `echo '[${METADATA}]' > "$metadata"`],
    ['names another thing', `echo '{"containerimage.digest":{}}' > "$metadata"`],
  ])('fails when docker ends well and %s', async (_, script) => {
    const { build } = fakeDocker(`[ $platform = linux/amd64 ] || { good; exit; }\n${script}`);
    expect(await failureOf(build)).toMatchObject({
      kind: 'local',
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
    const { deps, build, count } = fakeDocker(`[ $n -gt 1 ] || { echo '${LIMITED}' >&2; exit 1; }\ngood`);
    await build();
    expect([count('linux-amd64'), count('linux-arm64'), deps.slept.length]).toEqual([2, 2, 2]);
  });

  it('compiles once, whatever the compiler prints', async () => {
    const { build, count, deps } = fakeDocker(
      '[ $platform = linux/amd64 ] && sleep 30; echo "#7 0.1 toomanyrequests: 429 Too Many Requests" >&2; exit 1',
    );
    expect((await failureOf(build)).kind).toBe('build');
    expect([count('linux-arm64'), deps.slept]).toEqual([1, []]);
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

describe('the files that tell what goes in', () => {
  it('have a folder each', () => {
    expect(buildFilesIn('/files', PLATFORMS)).toEqual({
      folder: '/files',
      facts: new Map([
        ['linux/amd64', '/files/facts/linux_amd64'],
        ['linux/arm64', '/files/facts/linux_arm64'],
      ]),
      crates: '/files/crates/linux_amd64',
    });
  });

  it('are exported beside the images: facts for each platform, crates once, and say nothing of their own', async () => {
    const { deps, build, count } = fakeDocker('echo "line $platform $stage" >&2; good');
    const files = buildFilesIn(join(deps.temp, 'files'), PLATFORMS);
    expect([...(await build(files)).keys()]).toEqual(PLATFORMS);
    expect(deps.logged.sort()).toEqual(['child: line linux/amd64 ', 'child: line linux/arm64 ']);
    const calls = ['linux-amd64', 'linux-arm64', 'linux-amd64+linux-arm64facts', 'linux-amd64crates'];
    expect(calls.map(count)).toEqual([1, 1, 1, 1]);
    expect(readdirSync(deps.temp).filter((name) => name.startsWith('calls-'))).toHaveLength(4);
  });

  it('fail the build when they cannot be exported, and end the compile', async () => {
    const { deps, build } = fakeDocker('[ -z "$stage" ] && sleep 30; echo "error: no crates" >&2; exit 1');
    const started = Date.now();
    const failure = await failureOf(() => build(buildFilesIn(join(deps.temp, 'files'), PLATFORMS)));
    expect(failure.message).toMatch(
      /^the build of linux\/amd64(, linux\/arm64)? failed, exit code 1: error: no crates\./,
    );
    expect(Date.now() - started).toBeLessThan(15_000);
  });
});

describe('exportStage', () => {
  it('gives the folder of each platform’s files', async () => {
    const { deps, folder, exportFacts } = fakeDocker('echo $platform $stage > "$to"');
    mkdirSync(folder);
    expect(await exportFacts()).toEqual(
      new Map([
        ['linux/amd64', join(folder, 'facts/linux_amd64')],
        ['linux/arm64', join(folder, 'facts/linux_arm64')],
      ]),
    );
    expect(readFileSync(join(folder, 'facts'), 'utf8')).toBe('linux/amd64,linux/arm64 facts\n');
    expect(deps.logged).toEqual([]);
  });

  it('fails as a build does', async () => {
    const { exportFacts } = fakeDocker(`echo '${LIMITED}' >&2; exit 1`);
    expect((await failureOf(exportFacts)).kind).toBe('rate-limit');
  });
});
