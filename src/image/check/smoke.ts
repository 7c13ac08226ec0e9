import { randomBytes } from 'node:crypto';
import type { Deps } from '../../deps.js';
import { Failure } from '../../errors.js';
import type { Platform } from '../../platform.js';
import { childEnvironment, execute } from '../../process.js';
import { printable } from '../../text.js';
import type { Engine } from '../engine.js';

/** Outcome for one platform: `ran`, or why this machine could not run it. Never counted as a pass. */
export type SmokeResult = { platform: Platform; ran: boolean; reason: string };

const RUN_DEADLINE_SECONDS = 60;
const LOAD_DEADLINE_SECONDS = 300;
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

/** The arguments of `docker` for one trial: no capability, no network, nothing writable. Pure. */
export function trialArguments(image: string, platform: Platform, mode: string | undefined, args: string[]): string[] {
  return [
    ...['run', '--rm', '--pull', 'never', '--platform', platform],
    ...['--network', 'none', '--cap-drop', 'ALL', '--read-only', '--security-opt', 'no-new-privileges'],
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
  for (const [platform, writeArchive] of archives) {
    if (engine === undefined) {
      results.push({ platform, ran: false, reason: 'no docker engine on this machine' });
      continue;
    }
    const image = `phantun-runtime-smoke:${randomBytes(8).toString('hex')}`;
    await loadArchive(await writeArchive(image), deps);
    try {
      results.push(await runTrials(image, platform, version, engine, deps));
    } finally {
      await removeImage(image, deps);
    }
  }
  return results;
}

async function runTrials(
  image: string,
  platform: Platform,
  version: string,
  engine: Engine,
  deps: Deps,
): Promise<SmokeResult> {
  for (const { name, mode, args, code, says } of trials(version)) {
    const finished = await docker(trialArguments(image, platform, mode, args), RUN_DEADLINE_SECONDS, deps);
    const output = `${finished.stdout.toString('utf8')}${finished.stderr}`;
    if (finished.code !== code && platform !== engine.platform && /exec format error/i.test(output))
      return { platform, ran: false, reason: 'this machine has no emulator for it' };
    if (finished.code !== code || !output.includes(says))
      throw new Failure(
        'verification',
        `the image for ${platform} does not run as it should: with ${name} it ended with ${finished.code} instead of ${code}, saying '${printable(output.trim(), 300)}' where '${says}' was expected`,
      );
  }
  return { platform, ran: true, reason: '' };
}

/** Loads a docker-archive into the engine. */
export async function loadArchive(file: string, deps: Deps): Promise<void> {
  const { code, stderr } = await docker(['load', '--quiet', '--input', file], LOAD_DEADLINE_SECONDS, deps);
  if (code !== 0) throw new Failure('local', `docker load failed: ${printable(stderr, 400)}`);
}

async function removeImage(image: string, deps: Deps): Promise<void> {
  const { code, stderr } = await docker(['image', 'rm', '--force', image], RUN_DEADLINE_SECONDS, {
    signal: new AbortController().signal,
  });
  if (code !== 0) deps.log.warning(`the image ${image} could not be removed: ${printable(stderr, 400)}`);
}

function docker(args: readonly string[], deadlineSeconds: number, deps: Pick<Deps, 'signal'>) {
  return execute(
    'docker',
    args,
    { env: childEnvironment('docker'), what: `docker ${args[0] ?? ''}`, deadlineSeconds },
    deps,
  );
}
