import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, onTestFinished } from 'vitest';
import { type Surroundings, startBuildkitd } from '../lab/buildkitd.js';
import { environmentOf, otherClock } from '../lab/otherClock.js';
import { type ActionOptions, type ActionRun, docker, lab, runAction, temporaryFolder } from './harness.js';

/** How far the clock is off where a stranger builds. */
export const SHIFT = '+12d';

/** The name of the host there. */
export const HOST_NAME = 'elsewhere';

/** A remote builder over a BuildKit of its own, which has never built anything. */
export async function freshBuilder(surroundings?: Surroundings): Promise<string> {
  const daemon = await startBuildkitd(join(await temporaryFolder(), 'buildkit'), surroundings);
  onTestFinished(daemon.stop);
  const name = `fresh-${Math.random().toString(36).slice(2, 10)}`;
  await daemon.createRemoteBuilder(name, lab.env);
  onTestFinished(async () => {
    await docker('buildx', 'rm', name);
  });
  return name;
}

/** A builder with one processor, another host name and another clock than this machine. */
export async function strangeBuilder(): Promise<string> {
  return await freshBuilder({ processors: '0', hostName: HOST_NAME, clock: SHIFT });
}

/** Another folder, host name, time zone, locale, umask and clock than those of this test run. */
export async function elsewhere(): Promise<ActionOptions> {
  const folder = join(await temporaryFolder(), 'a deeper', 'folder');
  await mkdir(folder, { recursive: true });
  const clock = environmentOf(await otherClock(SHIFT));
  const place = { folder, umask: '077', hostName: HOST_NAME };
  return { ...place, env: { TZ: 'Asia/Kathmandu', LANG: 'tr_TR.UTF-8', LC_ALL: 'tr_TR.UTF-8', ...clock } };
}

/** A run of the action that must succeed and leave nothing. */
export async function succeed(inputs: Record<string, string>, options: ActionOptions = {}): Promise<ActionRun> {
  const run = await runAction(inputs, options);
  expect(run, run.stdout.slice(-4_000)).toMatchObject({ code: 0, leftovers: [] });
  return run;
}
