import { basename } from 'node:path';
import type { Deps } from '../../deps.js';
import { Failure } from '../../errors.js';
import { noteMade, removeMade, SMOKE_REPOSITORY } from '../../ownFolder.js';
import type { Platform } from '../../platform.js';
import { childEnvironment, execute } from '../../process.js';
import { printable } from '../../text.js';
import { type Engine, loadArchive } from '../engine.js';

/** Outcome for one platform: `ran`, or why this machine could not run it. Never counted as a pass. */
export type SmokeResult = { platform: Platform; ran: boolean; reason: string };

const RUN_DEADLINE_SECONDS = 60;
const USAGE_EXIT_CODE = 64;

/** A run of the image without any privilege, and what must come of it. */
type Trial = { name: string; mode: string | undefined; args: string[]; code: number; says: string };

function trials(version: string): Trial[] {
  return [
    { name: 'no MODE', mode: undefined, args: [], code: USAGE_EXIT_CODE, says: 'MODE' },
    { name: 'a wrong MODE', mode: 'router', args: [], code: USAGE_EXIT_CODE, says: 'MODE' },
    { name: 'client --version', mode: 'client', args: ['--version'], code: 0, says: version },
    { name: 'server --version', mode: 'server', args: ['--version'], code: 0, says: version },
  ];
}

/** One platform's image in the engine, and the name of the container that tries it. */
type Subject = { platform: Platform; image: string; container: string };

/**
 * Enough for the image of a stranger to say what it is, and not for more. phantun starts a thread a processor before it reads its
 * arguments, and threads count as processes. Its output is read as it comes, so no log of it is kept.
 */
const LIMITS = ['--pids-limit', '1024', '--memory', '256m', '--log-driver', 'none'];

/** The arguments of `docker` for one trial: no capability, no network, nothing writable, little of anything. Pure. */
export function trialArguments(subject: Subject, mode: string | undefined, args: string[]): string[] {
  const { platform, image, container } = subject;
  return [
    ...['run', '--rm', '--name', container, '--pull', 'never', '--platform', platform],
    ...['--network', 'none', '--cap-drop', 'ALL', '--read-only', '--security-opt', 'no-new-privileges'],
    ...LIMITS,
    ...(mode === undefined ? [] : ['--env', `MODE=${mode}`]),
    image,
    ...args,
  ];
}

/**
 * Loads each platform's docker-archive into the engine, runs it, removes it again. A platform that is not the engine's
 * own and cannot start here is reported as not run.
 */
export async function smokeTest(
  archives: ReadonlyMap<Platform, (tag: string) => Promise<string>>,
  version: string,
  engine: Engine | undefined,
  deps: Deps,
): Promise<SmokeResult[]> {
  const results: SmokeResult[] = [];
  const container = basename(deps.temp); // by which a later step finds it, should this one be killed
  const image = `${SMOKE_REPOSITORY}:${container}`;
  for (const [platform, writeArchive] of archives) {
    if (engine === undefined) {
      results.push({ platform, ran: false, reason: 'no docker engine on this machine' });
      continue;
    }
    const archive = await writeArchive(image);
    await noteMade('trial', deps.temp);
    try {
      await loadArchive(archive, deps);
      results.push(await runTrials({ platform, image, container }, version, engine, deps));
    } finally {
      // A docker that was told to end may have left what it started.
      await removeMade('trial', deps);
    }
  }
  return results;
}

async function runTrials(subject: Subject, version: string, engine: Engine, deps: Deps): Promise<SmokeResult> {
  const { platform } = subject;
  for (const { name, mode, args, code, says } of trials(version)) {
    const finished = await execute(
      'docker',
      trialArguments(subject, mode, args),
      { env: childEnvironment('docker'), what: 'docker run', deadlineSeconds: RUN_DEADLINE_SECONDS },
      deps,
    );
    const output = `${finished.stdout.toString('utf8')}${finished.stderr}`;
    if (finished.code !== code && platform !== engine.platform && /exec format error/i.test(output))
      return { platform, ran: false, reason: 'this machine has no emulator for it' };
    if (finished.code !== code || !output.includes(says))
      throw new Failure(
        'verification',
        `the image for ${platform} does not run as it should: with ${name} it ended with ${finished.code} instead of ${code}, saying '${printable(output.trim(), 300)}' where '${printable(says)}' was expected`,
      );
  }
  return { platform, ran: true, reason: '' };
}
