import { existsSync, readFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { describe, expect, it } from 'vitest';
import type { Engine } from '../../../../src/image/engine.js';
import { smokeTest, trialArguments } from '../../../../src/image/check/smoke.js';
import { fakeProgram, testDeps } from '../../../support/world.js';
import { failureOf } from '../../../support/failureOf.js';

const SAFE = [
  ...['--network', 'none', '--cap-drop', 'ALL', '--read-only', '--security-opt', 'no-new-privileges'],
  ...['--pids-limit', '1024', '--memory', '256m', '--log-driver', 'none'],
] as const;

describe('trialArguments', () => {
  const subject = { platform: 'linux/amd64', image: 'image:tag', container: 'name' } as const;

  it('without a mode', () => {
    expect(trialArguments(subject, undefined, [])).toEqual([
      ...['run', '--rm', '--name', 'name', '--pull', 'never', '--platform', 'linux/amd64'],
      ...SAFE,
      'image:tag',
    ]);
  });

  it('with a mode and arguments', () => {
    expect(trialArguments({ ...subject, platform: 'linux/arm/v7' }, 'client', ['--version', '-x'])).toEqual([
      ...['run', '--rm', '--name', 'name', '--pull', 'never', '--platform', 'linux/arm/v7'],
      ...SAFE,
      ...['--env', 'MODE=client', 'image:tag', '--version', '-x'],
    ]);
  });
});

const ENGINE: Engine = { version: '28.5.2', platform: 'linux/amd64', containerdStore: true };
const GOOD = `case "$*" in
  *MODE=router*) echo set MODE >&2; exit 64;;
  *--version*) echo phantun 0.8.1;;
  *) echo set MODE >&2; exit 64;;
esac`;

/** A docker whose `run` is `run`, and what was asked of it. */
function fakeDocker(run: string) {
  const deps = testDeps();
  const calls = join(deps.temp, 'calls');
  fakeProgram('docker', `echo "$*" >> '${calls}'\n[ $1 = run ] || exit 0\n${run}`);
  return { deps, calls: () => (existsSync(calls) ? readFileSync(calls, 'utf8').trim().split('\n') : []) };
}
const archives = (...platforms: ('linux/amd64' | 'linux/arm64')[]) =>
  new Map(platforms.map((platform) => [platform, (tag: string) => Promise.resolve(`/${tag}.tar`)] as const));

describe('smokeTest', () => {
  it('loads each platform, tries it in every way, and removes it', async () => {
    const { deps, calls } = fakeDocker(GOOD);
    expect(await smokeTest(archives('linux/amd64', 'linux/arm64'), '0.8.1', ENGINE, deps)).toEqual([
      { platform: 'linux/amd64', ran: true, reason: '' },
      { platform: 'linux/arm64', ran: true, reason: '' },
    ]);
    // By the run's own folder, so that a later step finds what a killed run left.
    const name = basename(deps.temp);
    const image = `phantun-runtime-smoke:${name}`;
    expect(calls()).toHaveLength(14);
    expect(calls()[0]).toBe(`load --quiet --input /${image}.tar`);
    expect(calls().slice(5, 7)).toEqual([`container rm --force ${name}`, `image rm --force ${image}`]);
    expect(existsSync(join(deps.temp, 'made-trial'))).toBe(false);
    const trials = calls().slice(1, 5);
    expect(trials.filter((call) => call.includes(image) && call.includes(`--name ${name} `))).toHaveLength(4);
  });

  it('says which platform could not be run here, and why', async () => {
    const { deps } = fakeDocker(
      `case "$*" in *linux/arm64*) echo 'exec /bin/sh: exec format error' >&2; exit 255;; esac\n${GOOD}`,
    );
    expect(await smokeTest(archives('linux/amd64', 'linux/arm64'), '0.8.1', ENGINE, deps)).toEqual([
      { platform: 'linux/amd64', ran: true, reason: '' },
      { platform: 'linux/arm64', ran: false, reason: 'this machine has no emulator for it' },
    ]);
    expect(await smokeTest(archives('linux/amd64'), '0.8.1', undefined, deps)).toEqual([
      { platform: 'linux/amd64', ran: false, reason: 'no docker engine on this machine' },
    ]);
  });

  it.each([
    ['the engine’s own platform has another format', "echo 'exec format error' >&2; exit 255", 'no MODE'],
    ['another version answers', GOOD.replace('0.8.1', '0.8.0'), 'client --version'],
    ['it starts without MODE', 'echo phantun 0.8.1', 'no MODE'],
    ['it is silent', GOOD.replace('echo set MODE >&2; exit 64;;\nesac', 'exit 64;;\nesac'), 'no MODE'],
  ])('fails when %s, and removes the image', async (_, run, trial) => {
    const { deps, calls } = fakeDocker(run);
    const failure = await failureOf(() => smokeTest(archives('linux/amd64'), '0.8.1', ENGINE, deps));
    expect(failure.kind).toBe('verification');
    expect(failure.message).toContain(`the image for linux/amd64 does not run as it should: with ${trial} it ended`);
    expect(calls().at(-1)).toMatch(/^image rm --force phantun-runtime-smoke:/);
  });

  it('shows no raw character of the version that was expected', async () => {
    const { deps } = fakeDocker(GOOD);
    const version = `1.0.0-\u001b[2J${'x'.repeat(400)}`;
    const failure = await failureOf(() => smokeTest(archives('linux/amd64'), version, ENGINE, deps));
    expect(failure.message).toContain(`where '1.0.0-\\u{1b}[2J${'x'.repeat(190)}…' was expected`);
  });

  it('fails when the image cannot be loaded', async () => {
    const { deps } = fakeDocker(GOOD);
    fakeProgram('docker', '[ $1 = load ] && { echo broken >&2; exit 1; }');
    expect(await failureOf(() => smokeTest(archives('linux/amd64'), '0.8.1', ENGINE, deps))).toMatchObject({
      kind: 'local',
      message: 'docker load failed: broken\\u{a}',
    });
  });

  it.each<[string, string, string[]]>([
    ['is in use', 'echo busy >&2; exit 1', ['busy\\u{a}']],
    ['was never there', "echo 'Error response from daemon: No such image: x' >&2; exit 1", []],
    ['is stuck', 'head -c 17000000 /dev/zero', ['docker image rm --force IMAGE printed more than 16777216 bytes']],
  ])('is no failure when an image that %s cannot be removed', async (_, remove, troubles) => {
    const { deps } = fakeDocker(GOOD);
    fakeProgram('docker', `[ $1 = image ] && { ${remove}; exit; }\n[ $1 = run ] || exit 0\n${GOOD}`);
    const [result] = await smokeTest(archives('linux/amd64'), '0.8.1', ENGINE, deps);
    expect(result?.ran).toBe(true);
    const image = `phantun-runtime-smoke:${basename(deps.temp)}`;
    const said = 'warning: what this run made in docker could not be removed: docker image rm --force IMAGE: ';
    expect(deps.logged).toEqual(troubles.map((text) => `${said}${text}`.replaceAll('IMAGE', image)));
    expect(existsSync(join(deps.temp, 'made-trial'))).toBe(troubles.length > 0);
  });

  it.each(['load', 'run'])('removes container and image when docker %s is cancelled', async (verb) => {
    const { deps, calls } = fakeDocker('');
    const reached = join(deps.temp, 'reached');
    const { PATH = '' } = process.env;
    fakeProgram('docker', `[ $1 = ${verb} ] && { touch '${reached}'; sleep 30; }\nPATH='${PATH}' exec docker "$@"`);
    const watch = setInterval(() => existsSync(reached) && deps.abort(), 20);
    const failure = await failureOf(() => smokeTest(archives('linux/amd64'), '0.8.1', ENGINE, deps));
    clearInterval(watch);
    expect(failure.kind).toBe('cancelled');
    const name = basename(deps.temp);
    expect(calls().slice(-2)).toEqual([
      `container rm --force ${name}`,
      `image rm --force phantun-runtime-smoke:${name}`,
    ]);
  });
});
