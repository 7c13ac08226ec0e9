import { spawn } from 'node:child_process';
import { once } from 'node:events';
import {
  existsSync,
  mkdirSync,
  readFileSync,
  readdirSync,
  readlinkSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { makeOwnFolder, removeAbandoned, removeLeftovers } from '../../src/leftovers.js';
import { afterThisTest, fakeProgram, setEnvironment, temporaryFolder } from '../support/world.js';

/** A temporary folder of a runner, and what was asked of docker. */
function world() {
  const temp = temporaryFolder();
  setEnvironment({ RUNNER_TEMP: temp });
  const calls = join(temporaryFolder(), 'calls');
  fakeProgram('docker', `echo "$*" >> '${calls}'; echo 'no builder' >&2; exit 1`);
  const folderOf = (owner: string | undefined, name = 'phantun-runtime-aB3dE6') => {
    const folder = join(temp, name);
    mkdirSync(folder);
    if (owner !== undefined) writeFileSync(join(folder, 'owner'), owner);
    return folder;
  };
  return {
    temp,
    folderOf,
    asked: () => (existsSync(calls) ? readFileSync(calls, 'utf8').trimEnd().split('\n') : []),
  };
}

const HERE = readlinkSync('/proc/self/ns/pid');
/** An owner that is gone: this process, had it started at another time. */
const GONE = `${process.pid} 1 ${HERE}`;

describe('a run’s own folder', () => {
  it('is nobody else’s, and says whose it is', async () => {
    const { temp } = world();
    const folder = await makeOwnFolder();
    expect(folder).toMatch(new RegExp(`^${temp}/phantun-runtime-[A-Za-z0-9]{6}$`));
    expect(statSync(folder).mode & 0o777).toBe(0o700);
    expect(readFileSync(join(folder, 'owner'), 'utf8')).toMatch(/^\d+ \d+ pid:\[\d+\]$/);
    expect(readFileSync(join(folder, 'owner'), 'utf8').split(' ')[0]).toBe(String(process.pid));
  });

  it('stays while its process runs', async () => {
    world();
    const folder = await makeOwnFolder();
    await removeAbandoned();
    expect(existsSync(folder)).toBe(true);
  });
});

describe('what a killed run left', () => {
  it.each([
    ['its process id is another process’s now', GONE],
    ['no process has its id', `999999999 1 ${HERE}`],
  ])('is removed, with what it made in docker, when %s', async (_, owner) => {
    const { folderOf, asked } = world();
    const folder = folderOf(owner);
    await removeAbandoned();
    expect(existsSync(folder)).toBe(false);
    expect(asked()).toEqual([
      'container rm --force phantun-runtime-aB3dE6',
      'image rm --force phantun-runtime-smoke:phantun-runtime-aB3dE6',
      'buildx rm --force phantun-runtime-aB3dE6',
    ]);
  });

  it.each<[string, string | undefined, string?]>([
    ['does not say whose it is, as it may be about to', undefined],
    ['says it only by half', String(process.pid)],
    ['says nonsense', `../1 1 ${HERE}`],
    ['is of a process in another container, which nobody sees from here', '999999999 1 pid:[1]'],
    ['does not say in which container its process is', '999999999 1'],
    ['has another name', GONE, 'phantun-runtime-lock-aB3dE6'],
    ['has a longer name', GONE, 'phantun-runtime-aB3dE6x'],
  ])('stays when it %s', async (_, owner, name) => {
    const { folderOf, asked } = world();
    const folder = folderOf(owner, name);
    await removeAbandoned();
    expect([existsSync(folder), asked()]).toEqual([true, []]);
  });

  it('is no link to elsewhere', async () => {
    const { temp, asked } = world();
    const elsewhere = temporaryFolder();
    writeFileSync(join(elsewhere, 'owner'), GONE);
    symlinkSync(elsewhere, join(temp, 'phantun-runtime-aB3dE6'));
    await removeAbandoned();
    await removeLeftovers(join(temp, 'phantun-runtime-aB3dE6'));
    expect([readdirSync(elsewhere), asked()]).toEqual([['owner'], []]);
  });

  it('may be nothing, in a place that is not there', async () => {
    setEnvironment({ RUNNER_TEMP: '/nonexistent' });
    await expect(removeAbandoned()).resolves.toBeUndefined();
  });

  it('includes children that name its folder, and no other process', async () => {
    const { folderOf } = world();
    const folder = folderOf(GONE);
    const child = spawn('tail', ['-f', join(folder, 'owner')], { stdio: 'ignore' });
    const other = spawn('tail', ['-f', `${folder}x`, '/dev/null'], { stdio: 'ignore' });
    afterThisTest(() => void other.kill('SIGKILL'));
    const ended = once(child, 'exit');
    await Promise.all([once(child, 'spawn'), once(other, 'spawn')]);
    await removeLeftovers(folder);
    expect(await ended).toEqual([null, 'SIGKILL']);
    expect([other.exitCode, other.signalCode, existsSync(folder)]).toEqual([null, null, false]);
  });

  it.each(['/', '/tmp', 'phantun-runtime-aB3dE6', ''])('is never another folder: %j', async (folder) => {
    const { asked } = world();
    await removeLeftovers(folder);
    expect(asked()).toEqual([]);
  });

  it('is not looked for outside the temporary folder', async () => {
    const { asked } = world();
    const folder = join(temporaryFolder(), 'phantun-runtime-aB3dE6');
    mkdirSync(folder);
    await removeLeftovers(folder);
    expect([existsSync(folder), asked()]).toEqual([true, []]);
  });
});
