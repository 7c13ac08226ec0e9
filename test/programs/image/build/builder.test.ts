import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { chooseBuilder } from '../../../../src/image/build/builder.js';
import { fakeProgram, temporaryFolder, testDeps } from '../../../support/world.js';
import { failureOf } from '../../../support/failureOf.js';
import { DOCKER, TWO_NODES, KUBERNETES, container } from '../../../support/inspected.js';

const SERVER = (version: string) => `{"Version":"${version}","Os":"linux","Arch":"amd64"}`;

type World = { inspect?: Record<string, string>; engine?: string; store?: string; create?: string; remove?: string };

/**
 * A docker with the builders `inspect` (by name, '' the current one). `engine` is its version, '' when it is down.
 * Resolves with what was asked of buildx.
 */
function fakeDocker(world: World) {
  const { inspect = {}, engine = '28.5.2', store = 'io.containerd.snapshotter.v1', create = '', remove = '' } = world;
  const folder = temporaryFolder();
  for (const [name, text] of Object.entries(inspect)) writeFileSync(join(folder, `inspect-${name}`), text);
  writeFileSync(join(folder, 'server'), SERVER(engine));
  writeFileSync(join(folder, 'info'), JSON.stringify([['driver-type', store]]));
  const down = engine === '' ? 'echo "Cannot connect to the Docker daemon" >&2; exit 1' : ':';
  fakeProgram(
    'docker',
    `cd '${folder}'
case "$1 $2" in
  '--version '*) echo Docker version 28.5.2;;
  'buildx version') echo github.com/docker/buildx v0.29.1 x;;
  'version '*) ${down}; cat server;;
  'info '*) ${down}; cat info;;
  'buildx inspect')
    echo "$*" >> calls
    case $4 in phantun-unit-*) set -- "" "" "" new;; esac
    cat "inspect-$4" 2>/dev/null || { echo "no builder $4" >&2; exit 1; };;
  'buildx create') echo "$*" >> calls; ${create};;
  *) echo "$*" >> calls; ${remove};;
esac`,
  );
  return () =>
    existsSync(join(folder, 'calls')) ? readFileSync(join(folder, 'calls'), 'utf8').trim().split('\n') : [];
}

describe('chooseBuilder', () => {
  it('takes the current builder when the engine keeps images in containerd’s store', async () => {
    const calls = fakeDocker({ inspect: { '': DOCKER } });
    const { builder, engine } = await chooseBuilder(undefined, true, testDeps());
    expect(builder).toMatchObject({
      name: 'default',
      driver: 'docker',
      buildkit: 'engine 28.5.2',
    });
    expect(engine).toEqual({ version: '28.5.2', platform: 'linux/amd64', containerdStore: true });
    await builder.remove();
    expect(calls()).toEqual(['buildx inspect --bootstrap']);
  });

  it('takes the builder that is named, and leaves it', async () => {
    const calls = fakeDocker({ inspect: { builders: TWO_NODES } });
    const { builder } = await chooseBuilder('builders', false, testDeps());
    expect(builder).toMatchObject({ name: 'builders', driver: 'docker-container', buildkit: 'v0.26.2, v0.24.0' });
    await builder.remove();
    expect(calls()).toEqual(['buildx inspect --bootstrap builders']);
  });

  it('needs no engine beside a remote builder', async () => {
    fakeDocker({ inspect: { far: TWO_NODES.replace('docker-container', 'remote') }, engine: '' });
    const { builder, engine } = await chooseBuilder('far', false, testDeps());
    expect([builder.driver, engine]).toEqual(['remote', undefined]);
  });

  it.each([undefined, 'cluster'])(
    'needs no engine beside a builder in a cluster, and leaves it: %j',
    async (wanted) => {
      const calls = fakeDocker({ inspect: { '': KUBERNETES, cluster: KUBERNETES }, engine: '' });
      const deps = testDeps();
      const { builder, engine } = await chooseBuilder(wanted, true, deps);
      expect(builder).toMatchObject({ name: 'cluster', driver: 'kubernetes', buildkit: 'v0.26.2, v0.25.1' });
      expect(engine).toBeUndefined();
      await builder.remove();
      expect([calls(), deps.logged]).toEqual([[['buildx inspect --bootstrap', wanted].join(' ').trim()], []]);
    },
  );

  it('says that the engine is down where it is needed', async () => {
    fakeDocker({ engine: '' });
    const failure = await failureOf(() => chooseBuilder(undefined, false, testDeps()));
    expect(failure.kind).toBe('local');
    expect(failure.message).toMatch(/^the docker engine does not answer/);
  });

  it('refuses a name that is no builder', async () => {
    fakeDocker({ inspect: { '': DOCKER } });
    expect(await failureOf(() => chooseBuilder('nonesuch', false, testDeps()))).toMatchObject({
      kind: 'input',
      message:
        "input builder: there is no usable buildx builder 'nonesuch'. 'docker buildx ls' lists them, 'docker buildx create' makes one",
    });
  });

  it('refuses a named builder that keeps images in the classic store, and says how to make another', async () => {
    fakeDocker({ inspect: { default: DOCKER }, store: 'overlay2' });
    expect(await failureOf(() => chooseBuilder('default', false, testDeps()))).toMatchObject({
      kind: 'input',
      message:
        "input builder: 'default' keeps images in the classic docker store and cannot export OCI layouts of several platforms. Make one that can: docker buildx create --name default-container --driver docker-container",
    });
  });

  it.each([
    [DOCKER, '25.0.5', 'the docker engine is version 25.0.5; 26.0 or newer is needed. Update it'],
    [
      container('v0.12.5'),
      '28.5.2',
      'BuildKit of builder builders is version 0.12.5; 0.13 or newer is needed. Update it',
    ],
    [
      TWO_NODES.replace('v0.24.0', 'v0.12.5'),
      '28.5.2',
      'BuildKit of builder builders is version 0.12.5; 0.13 or newer is needed. Update it',
    ],
    [
      KUBERNETES.replace('v0.26.2', 'v0.12.5'),
      '',
      'BuildKit of builder cluster is version 0.12.5; 0.13 or newer is needed. Update it',
    ],
    [container('v0.13.0-rc1~ds1'), '28.5.2', undefined],
    [container('v0.0.0+unknown'), '28.5.2', undefined],
    [container(''), '28.5.2', undefined],
  ])('judges versions: %#', async (text, engine, message) => {
    fakeDocker({ inspect: { '': text }, engine });
    if (message === undefined) await expect(chooseBuilder(undefined, false, testDeps())).resolves.toBeDefined();
    else
      expect(await failureOf(() => chooseBuilder(undefined, false, testDeps()))).toMatchObject({
        kind: 'local',
        message,
      });
  });
});

describe('a builder made for the run', () => {
  const CLASSIC = { inspect: { '': DOCKER, new: TWO_NODES }, store: 'overlay2' };

  it.each([
    [false, ''],
    [true, ' --driver-opt network=host'],
  ])('is made, used and removed; on the host’s network: %s', async (hostNetwork, option) => {
    const calls = fakeDocker(CLASSIC);
    const deps = testDeps();
    const { builder } = await chooseBuilder(undefined, hostNetwork, deps);
    await builder.remove();
    expect(deps.logged).toEqual([
      `info: The current builder cannot export OCI layouts; making ${nameIn(calls())} for this run`,
    ]);
    const [, create = '', inspect, remove] = calls();
    const name = nameIn(calls());
    // By the run's own folder, so that a later step finds what a killed run left.
    expect(name).toBe(basename(deps.temp));
    expect(create).toBe(`buildx create --name ${name} --driver docker-container${option}`);
    expect(inspect).toBe(`buildx inspect --bootstrap ${name}`);
    expect(remove).toBe(`buildx rm --force ${name}`);
  });

  it.each([
    ['', []],
    ['echo "ERROR: no builder \\"x\\" found" >&2; exit 1', []],
    ['echo "ERROR: busy" >&2; exit 1', ['ERROR: busy\\u{a}']],
    ['exit 3', ['']],
    ['head -c 17000000 /dev/zero', ['docker buildx rm --force NAME printed more than 16777216 bytes']],
  ])('that cannot be removed is named, and stays noted: %s', async (remove, warnings) => {
    const deps = testDeps();
    const calls = fakeDocker({ ...CLASSIC, remove });
    const { builder } = await chooseBuilder(undefined, false, deps);
    await builder.remove();
    const said = 'warning: what this run made in docker could not be removed: docker buildx rm --force NAME: ';
    const name = nameIn(calls());
    expect(deps.logged.slice(1)).toEqual(warnings.map((line) => `${said}${line}`.replaceAll('NAME', name)));
    // By which a later step tries again.
    expect(existsSync(join(deps.temp, 'made-builder'))).toBe(warnings.length > 0);
  });

  it('that does not start is removed', async () => {
    const calls = fakeDocker({ ...CLASSIC, inspect: { '': DOCKER } });
    const failure = await failureOf(() => chooseBuilder(undefined, false, testDeps()));
    expect(failure.kind).toBe('local');
    expect(failure.message).toMatch(/^the builder phantun-unit-\w+ does not start\./);
    expect(calls().at(-1)).toMatch(/^buildx rm --force phantun-unit-/);
  });

  it('that can be neither made nor removed fails as what could not be made', async () => {
    fakeDocker({ ...CLASSIC, create: 'echo ERROR: no space >&2; exit 1', remove: 'head -c 17000000 /dev/zero' });
    const failure = await failureOf(() => chooseBuilder(undefined, false, testDeps()));
    expect(failure.message).toBe('docker buildx create failed: ERROR: no space\\u{a}');
  });

  it('that cannot be made fails in words', async () => {
    fakeDocker({ ...CLASSIC, create: 'echo ERROR: no space >&2; exit 1' });
    expect(await failureOf(() => chooseBuilder(undefined, false, testDeps()))).toMatchObject({
      kind: 'local',
      message: 'docker buildx create failed: ERROR: no space\\u{a}',
    });
  });

  it.each(['while it is made', 'while it starts'])('is removed when the run is cancelled %s', async (moment) => {
    const deps = testDeps();
    const reached = join(deps.temp, 'reached');
    const hang = `touch '${reached}'; sleep 30`;
    const calls = fakeDocker({ ...CLASSIC, create: moment === 'while it is made' ? hang : '' });
    if (moment === 'while it starts')
      fakeProgram('docker', `case "$4" in phantun-unit-*) [ "$2" = rm ] || { ${hang}; };; esac\n${nextDocker()}`);
    const choosing = failureOf(() => chooseBuilder(undefined, false, deps));
    const watch = setInterval(() => existsSync(reached) && deps.abort(), 20);
    const failure = await choosing;
    clearInterval(watch);
    expect(failure.kind).toBe('cancelled');
    expect(calls().at(-1)).toMatch(/^buildx rm --force phantun-unit-/);
  });
});

function nameIn(calls: readonly string[]): string {
  return /--name (phantun-unit-\w{6}) /.exec(calls.join('\n'))?.[1] ?? '';
}

/** A line of shell that goes on with the docker that is second on PATH. */
function nextDocker(): string {
  const next = (process.env.PATH ?? '').split(':')[0] ?? '';
  return `exec '${next}/docker' "$@"`;
}
