import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdirSync, readFileSync, readdirSync, readlinkSync, writeFileSync } from 'node:fs';
import { basename, join, resolve } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { describe, expect, it } from 'vitest';
import { withDeps } from '../../src/deps.js';
import { Failure, toFailure } from '../../src/errors.js';
import { makeKeptFolder } from '../../src/ownFolder.js';
import { together } from '../../src/together.js';
import { failureOf } from '../support/failureOf.js';
import { afterThisTest, fakeProgram, setEnvironment, temporaryFolder, testDeps } from '../support/world.js';

/** A log for a run whose folder is gone after the test, whatever comes of it. */
function log() {
  setEnvironment({ RUNNER_TEMP: temporaryFolder() });
  return testDeps().log;
}

describe('withDeps', () => {
  it.each(['SIGINT', 'SIGTERM', 'SIGHUP'] as const)('cancels the run at %s, and removes its folder', async (signal) => {
    const before = process.listeners(signal);
    let temp = '';
    const failure = await failureOf(() =>
      withDeps(log(), async (deps) => {
        temp = deps.temp;
        const [ours] = process.listeners(signal).filter((listener) => !before.includes(listener));
        setTimeout(() => ours?.(signal), 10);
        await Promise.race([deps.sleep(60_000), new Promise((resolve) => setTimeout(resolve, 1_000))]);
      }),
    );
    expect(failure).toMatchObject({ kind: 'cancelled', message: 'cancelled while waiting to try again' });
    expect([existsSync(temp), process.listeners(signal)]).toEqual([false, before]);
  });

  it.each<[NodeJS.Signals, NodeJS.Signals]>([
    ['SIGINT', 'SIGINT'],
    ['SIGTERM', 'SIGHUP'],
    ['SIGHUP', 'SIGTERM'],
  ])('that does not end at %s is ended by %s at once', async (first, second) => {
    const temp = temporaryFolder();
    const script = join(temp, 'run.mts');
    writeFileSync(
      script,
      `import { withDeps } from ${JSON.stringify(resolve('src/deps.ts'))};
await withDeps({}, ({ signal }) => {
  signal.addEventListener('abort', () => console.log('ending'));
  console.log('started');
  return new Promise((done) => setTimeout(done, 60_000));
});`,
    );
    const env = { ...process.env, RUNNER_TEMP: temp };
    const child = spawn(process.execPath, ['--import', 'tsx', script], { env, stdio: ['ignore', 'pipe', 'inherit'] });
    afterThisTest(() => void child.kill('SIGKILL'));
    const told = async () => String((await once(child.stdout, 'data'))[0]).trim();
    expect(await told()).toBe('started');
    child.kill(first);
    expect(await told()).toBe('ending');
    const over = once(child, 'exit');
    // What comes at once is the first one again, by way of npm.
    child.kill(second);
    await wait(1_000);
    expect([child.exitCode, child.signalCode]).toEqual([null, null]);
    child.kill(second);
    expect(await over).toEqual([null, second]);
  });

  /** A run that keeps a file, and what is in the temporary folder when it is over. */
  async function keeping(ends: () => void) {
    const temp = temporaryFolder();
    setEnvironment({ RUNNER_TEMP: temp });
    let then = '';
    const over = withDeps(testDeps().log, async (deps) => {
      const kept = await makeKeptFolder(deps.temp);
      writeFileSync(join(kept.now, 'file'), 'kept');
      then = kept.then;
      ends();
      return 'done';
    });
    const result = await over.catch((error: unknown) => toFailure(error));
    return { result, left: readdirSync(temp), file: join(then, 'file'), name: basename(then) };
  }

  it('hands over what it keeps when it has succeeded', async () => {
    const { result, left, file, name } = await keeping(() => undefined);
    expect([result, left, readFileSync(file, 'utf8')]).toEqual(['done', [name], 'kept']);
  });

  it('hands nothing over when it failed', async () => {
    const { result, left } = await keeping(() => {
      throw new Failure('build', 'broken');
    });
    expect(result).toMatchObject({ kind: 'build', message: 'broken' });
    expect(left).toEqual([]);
  });

  it('is no success when it was cancelled, even if nothing waited', async () => {
    const { result, left } = await keeping(() => process.listeners('SIGTERM').at(-1)?.('SIGTERM'));
    expect(result).toMatchObject({ kind: 'cancelled', message: 'the run was cancelled' });
    expect(left).toEqual([]);
  });

  it('fails when what it keeps cannot be handed over', async () => {
    const temp = temporaryFolder();
    setEnvironment({ RUNNER_TEMP: temp });
    const blocked = withDeps(testDeps().log, async (deps) => {
      writeFileSync((await makeKeptFolder(deps.temp)).then, 'in the way');
    });
    await expect(blocked).rejects.toMatchObject({ code: 'ENOTDIR' });
  });

  it('fails when nobody can tell what it keeps', async () => {
    setEnvironment({ RUNNER_TEMP: temporaryFolder() });
    const blocked = withDeps(testDeps().log, (deps) => {
      writeFileSync(join(deps.temp, 'kept'), 'no folder');
      return Promise.resolve();
    });
    await expect(blocked).rejects.toMatchObject({ code: 'ENOTDIR', syscall: 'scandir' });
  });

  it('is cancelled while it removes what a killed run left, and listens no more', async () => {
    const temp = temporaryFolder();
    setEnvironment({ RUNNER_TEMP: temp });
    const [reached, before] = [join(temporaryFolder(), 'reached'), process.listeners('SIGTERM')];
    fakeProgram('docker', `touch '${reached}'; sleep 60`);
    const folder = join(temp, 'phantun-runtime-aB3dE6');
    mkdirSync(folder);
    writeFileSync(join(folder, 'owner'), `999999999 1 ${readlinkSync('/proc/self/ns/pid')}`);
    writeFileSync(join(folder, 'made-builder'), '');
    const watch = setInterval(() => existsSync(reached) && process.listeners('SIGTERM').at(-1)?.('SIGTERM'), 20);
    const failure = await failureOf(() => withDeps(testDeps().log, () => Promise.reject(new Error('has begun'))));
    clearInterval(watch);
    expect(failure).toMatchObject({ kind: 'cancelled', message: 'removing what an earlier run left was cancelled' });
    expect([readdirSync(temp), process.listeners('SIGTERM')]).toEqual([['phantun-runtime-aB3dE6'], before]);
  });

  it('ends the waiting of works that are together when one of them fails', async () => {
    const started = Date.now();
    const failure = await failureOf(() =>
      withDeps(log(), (deps) =>
        together(deps, (deps) => [
          deps.sleep(60_000),
          together(deps, (deps) => [deps.sleep(60_000)]),
          Promise.reject(new Failure('build', 'this one')),
        ]),
      ),
    );
    expect(failure.message).toBe('this one');
    expect(Date.now() - started).toBeLessThan(5_000);
  });
});
