import { spawn } from 'node:child_process';
import { once } from 'node:events';
import {
  existsSync,
  mkdirSync,
  readFileSync,
  readdirSync,
  readlinkSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { removeAbandoned, removeLeftovers } from '../../src/leftovers.js';
import { makeFolderIn, makeOwnFolder, noteMade, removeMade, removeOwnFolder } from '../../src/ownFolder.js';
import { failureOf } from '../support/failureOf.js';
import { afterThisTest, fakeProgram, setEnvironment, temporaryFolder, testDeps } from '../support/world.js';

/** A temporary folder of a runner, and what was asked of docker, which ends with `script`. */
function world(script = "echo 'no builder' >&2; exit 1") {
  const temp = temporaryFolder();
  setEnvironment({ RUNNER_TEMP: temp });
  const calls = join(temporaryFolder(), 'calls');
  fakeProgram('docker', `echo "$*" >> '${calls}'; ${script}`);
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
    await removeAbandoned(testDeps());
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
    await noteMade('trial', folder);
    await noteMade('builder', folder);
    await removeAbandoned(testDeps());
    expect(existsSync(folder)).toBe(false);
    expect(asked()).toEqual([
      'container rm --force phantun-runtime-aB3dE6',
      'image rm --force phantun-runtime-smoke:phantun-runtime-aB3dE6',
      'buildx rm --force phantun-runtime-aB3dE6',
    ]);
  });

  it('asks docker for nothing that it did not make', async () => {
    const { folderOf, asked } = world();
    const folder = folderOf(GONE);
    await removeAbandoned(testDeps());
    expect([existsSync(folder), asked()]).toEqual([false, []]);
  });

  it.each(['', '/', '/.'])('is found in a temporary folder that is named with %j behind it', async (end) => {
    const { temp, folderOf } = world();
    const [first, second] = [folderOf(GONE), folderOf(GONE, 'phantun-runtime-aB3dE7')];
    setEnvironment({ RUNNER_TEMP: `${temp}${end}` });
    await removeLeftovers(first);
    await removeAbandoned(testDeps());
    expect([existsSync(first), existsSync(second)]).toEqual([false, false]);
    expect(await makeOwnFolder()).toMatch(new RegExp(`^${temp}/phantun-runtime-\\w{6}$`));
  });

  it('is found in the system’s temporary folder when that of the runner is empty', async () => {
    const { temp } = world();
    setEnvironment({ RUNNER_TEMP: '', TMPDIR: temp });
    expect(await makeOwnFolder()).toMatch(new RegExp(`^${temp}/phantun-runtime-\\w{6}$`));
  });

  it('that docker would not remove stays noted, its folder empty, until docker does', async () => {
    const refused = join(temporaryFolder(), 'refused');
    writeFileSync(refused, '');
    const { folderOf } = world(`[ ! -e '${refused}' ] || { echo busy >&2; exit 1; }`);
    const folder = folderOf(GONE);
    await noteMade('builder', folder);
    mkdirSync(join(folder, 'source'));
    const deps = testDeps({ temp: folder });
    await removeMade('builder', deps);
    await removeOwnFolder(folder);
    const told = 'docker buildx rm --force phantun-runtime-aB3dE6: busy\\u{a}';
    expect(deps.logged).toEqual([`warning: what this run made in docker could not be removed: ${told}`]);
    expect(readdirSync(folder).sort()).toEqual(['made-builder', 'owner']);
    expect(await removeLeftovers(folder)).toBe(`what an earlier run made in docker could not be removed: ${told}`);
    await removeAbandoned(deps);
    expect(deps.logged[1]).toBe(`warning: what an earlier run made in docker could not be removed: ${told}`);
    expect(readdirSync(folder).sort()).toEqual(['made-builder', 'owner']);
    rmSync(refused);
    expect(await removeLeftovers(folder)).toBeUndefined();
    expect(existsSync(folder)).toBe(false);
  });

  it('that docker is about to remove itself is waited for, and its image goes after it', async () => {
    const asked = join(temporaryFolder(), 'asked');
    const busy = '"Error response from daemon: removal of container x is already in progress"';
    const { folderOf } = world(
      `echo "$1" >> '${asked}'; [ "$(wc -l < '${asked}')" -gt 2 ] || { echo ${busy} >&2; exit 1; }`,
    );
    const folder = folderOf(GONE);
    await noteMade('trial', folder);
    expect(await removeLeftovers(folder)).toBeUndefined();
    expect(readFileSync(asked, 'utf8').trim().split('\n')).toEqual(['container', 'container', 'container', 'image']);
    expect(existsSync(folder)).toBe(false);
  });

  it('is not waited for when the run is cancelled, and stays', async () => {
    const reached = join(temporaryFolder(), 'reached');
    const { folderOf } = world(`touch '${reached}'; sleep 60`);
    const folder = folderOf(GONE);
    await noteMade('builder', folder);
    const deps = testDeps();
    const watch = setInterval(() => existsSync(reached) && deps.abort(), 20);
    const started = Date.now();
    const failure = await failureOf(() => removeAbandoned(deps));
    clearInterval(watch);
    expect(failure).toMatchObject({ kind: 'cancelled', message: 'removing what an earlier run left was cancelled' });
    expect(Date.now() - started).toBeLessThan(5_000);
    expect(readdirSync(folder).sort()).toEqual(['made-builder', 'owner']);
  });

  it('includes the folder that it made in one of the user’s, and nothing else there', async () => {
    const { folderOf } = world();
    const [folder, target] = [folderOf(GONE), temporaryFolder()];
    const made = await makeFolderIn(target, folder);
    expect([made, statSync(made).mode & 0o777]).toEqual([join(target, '.phantun-runtime-aB3dE6'), 0o700]);
    writeFileSync(join(made, 'half'), '');
    mkdirSync(join(target, '.phantun-runtime-aB3dE7'));
    await removeAbandoned(testDeps());
    expect([existsSync(folder), readdirSync(target)]).toEqual([false, ['.phantun-runtime-aB3dE7']]);
  });

  it('includes no link in the place of that folder', async () => {
    const { folderOf } = world();
    const [folder, target, elsewhere] = [folderOf(GONE), temporaryFolder(), temporaryFolder()];
    writeFileSync(join(elsewhere, 'mine'), '');
    rmSync(await makeFolderIn(target, folder), { recursive: true });
    symlinkSync(elsewhere, join(target, '.phantun-runtime-aB3dE6'));
    await removeLeftovers(folder);
    expect([existsSync(folder), readdirSync(elsewhere)]).toEqual([false, ['mine']]);
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
    await removeAbandoned(testDeps());
    expect([existsSync(folder), asked()]).toEqual([true, []]);
  });

  it('is no link to elsewhere', async () => {
    const { temp, asked } = world();
    const elsewhere = temporaryFolder();
    writeFileSync(join(elsewhere, 'owner'), GONE);
    symlinkSync(elsewhere, join(temp, 'phantun-runtime-aB3dE6'));
    await removeAbandoned(testDeps());
    await removeLeftovers(join(temp, 'phantun-runtime-aB3dE6'));
    expect([readdirSync(elsewhere), asked()]).toEqual([['owner'], []]);
  });

  it('may be nothing, in a place that is not there', async () => {
    setEnvironment({ RUNNER_TEMP: '/nonexistent' });
    await expect(removeAbandoned(testDeps())).resolves.toBeUndefined();
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

  it('includes children that work in its folder, however that is reached, and no other process', async () => {
    const { temp, folderOf } = world();
    const folder = folderOf(GONE);
    mkdirSync(join(folder, 'layout'));
    const link = join(temporaryFolder(), 'link');
    symlinkSync(temp, link);
    setEnvironment({ RUNNER_TEMP: link });
    const sleepIn = (cwd: string) => spawn('sleep', ['60'], { cwd, stdio: 'ignore' });
    const [child, other] = [sleepIn(join(folder, 'layout')), sleepIn(temp)];
    afterThisTest(() => void other.kill('SIGKILL'));
    const ended = once(child, 'exit');
    await Promise.all([once(child, 'spawn'), once(other, 'spawn')]);
    await removeLeftovers(join(link, 'phantun-runtime-aB3dE6'));
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
