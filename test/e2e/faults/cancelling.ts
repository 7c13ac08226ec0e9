import { spawn } from 'node:child_process';
import { readFile, readdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { expect } from 'vitest';
import { readContract } from '../../../src/cli/contract.js';
import { isAlive } from '../../support/isAlive.js';
import {
  type RunnerFolders,
  execute,
  freshImage,
  inFront,
  lab,
  leftBy,
  namedByTags,
  parseRunnerFile,
  registryTags,
  ROOT,
  runnerFolders,
  temporaryFolder,
} from '../harness.js';

/** What became of a run that was told to end. */
export type Cancelled = RunnerFolders & {
  /** Whether it was over before the signal came. */
  tooLate: boolean;
  code: number | null;
  /** What ended the process itself, where it did not end by itself: the code is null then. */
  endedBy: NodeJS.Signals | null;
  /** When the signal was sent, on the clock of `performance`. */
  sentAt: number;
  /** From the signal to the end of the process. */
  endedAfterMs: number;
  image: string;
  /** The image's tags just after the signal was sent, and what they named. */
  tags: Record<string, string>;
  /** Where the runner's files and folders are. */
  folder: string;
  /** What the run has said, to the log, in its outputs and in the summary. */
  stdout: string;
  outputs: Record<string, string>;
  summary: string;
  /** The run's inputs, which its post step gets as well, and what the run has told it. */
  inputs: Record<string, string>;
  state: Record<string, string>;
  /** Further environment, by which docker is reached where that is not the lab's engine. */
  engine: Record<string, string>;
};

/** What a run's own folder holds from the start of its build on. */
const BUILT_IN = 'build';

/**
 * Starts the built action, sends the signal to its node process alone at a moment, and waits for its end. `moment` gets the
 * runner's temporary folder and the image that is published. `engine` is further environment, of another engine than the lab's say.
 */
export async function cancelAt(
  inputs: Record<string, string>,
  signal: NodeJS.Signals,
  moment: (temp: string, image: string) => Promise<unknown>,
  engine: Record<string, string> = {},
): Promise<Cancelled> {
  const folder = await temporaryFolder();
  const { temp, scratch } = await runnerFolders(folder);
  const files = {
    GITHUB_OUTPUT: join(folder, 'output'),
    GITHUB_STEP_SUMMARY: join(folder, 'summary'),
    GITHUB_STATE: join(folder, 'state'),
  };
  for (const file of Object.values(files)) await writeFile(file, '');
  const { image = freshImage() } = inputs;
  const defaults = (await readContract()).map(({ name, default: value }) => [name, value] as const);
  const given = { 'rust-image': lab.bases.rust, 'shell-image': lab.bases.shell, push: 'true', image, ...inputs };
  const env: Record<string, string> = {};
  for (const [name, value] of [...defaults, ...Object.entries(given)]) env[`INPUT_${name.toUpperCase()}`] = value;
  const child = spawn(process.execPath, [join(ROOT, 'dist', 'index.js')], {
    env: {
      ...{ ...process.env, ...lab.env, RUNNER_TEMP: temp, TMPDIR: scratch, RUNNER_TOOL_CACHE: join(folder, 'tools') },
      ...{ ...engine, ...env, ...files },
    },
    stdio: ['ignore', 'pipe', 'ignore'],
  });
  let stdout = '';
  child.stdout.on('data', (chunk: Buffer) => (stdout += chunk.toString()));
  const over = new Promise<Pick<Cancelled, 'code' | 'endedBy'> & { at: number }>((resolve) =>
    child.once('exit', (code, endedBy) => {
      resolve({ code, endedBy, at: performance.now() });
    }),
  );
  await moment(temp, image);
  const tooLate = !isAlive(child.pid ?? 0);
  const sentAt = performance.now();
  child.kill(signal);
  const tags = await namedByTags(image);
  const { at, ...ended } = await over;
  const read = (name: keyof typeof files) => readFile(files[name], 'utf8');
  const outputs = parseRunnerFile(await read('GITHUB_OUTPUT'));
  const state = parseRunnerFile(await read('GITHUB_STATE'));
  const summary = await read('GITHUB_STEP_SUMMARY');
  const said = { stdout, outputs, summary, inputs: env, state };
  const places = { folder, temp, scratch, image, engine };
  return { tooLate, ...ended, sentAt, endedAfterMs: at - sentAt, tags, ...places, ...said };
}

/** The moment at which docker has been given its work. Rejects when it does not come. */
export async function whileBuilding(temp: string): Promise<void> {
  await expect.poll(() => isBuilding(temp), { timeout: 60_000, interval: 20 }).toBe(true);
  await wait(300); // for docker and what it starts
}

/** The moment at which the first tag of an image is there. Rejects when it does not come. */
export async function whileTagging(_temp: string, image: string): Promise<void> {
  const tagged = async () => (await registryTags(image)).some((tag) => !tag.startsWith('sha256-'));
  await expect.poll(tagged, { timeout: 60_000, interval: 20 }).toBe(true);
}

/** A docker whose trials of an image do not end. */
export async function endlessTrials(): Promise<Record<string, string>> {
  return inFront({
    docker: `case "$*" in "run "*) shift; exec "$real" run --entrypoint /bin/sh "$@" -c 'sleep 600';; esac`,
  });
}

/** The moment at which an image is tried. Rejects when it does not come. */
export async function whileTrying(): Promise<void> {
  const tried = async () => (await execute('docker', ['ps', '--filter', 'name=phantun-runtime-', '--quiet'])).stdout;
  await expect.poll(tried, { timeout: 60_000, interval: 20 }).not.toBe('');
}

/** The moment at which the container is there in which a run's own builder is to work. Rejects when it does not come. */
export async function whileMakingBuilder(engine: Record<string, string>): Promise<void> {
  const containers = async () => (await execute('docker', ['ps', '--all', '--quiet'], engine)).stdout;
  await expect.poll(containers, { timeout: 60_000, interval: 20 }).not.toBe('');
}

async function isBuilding(temp: string): Promise<boolean> {
  for (const name of await readdir(temp)) {
    const held: string[] = await readdir(join(temp, name)).catch(() => []);
    if (held.includes(BUILT_IN)) return true;
  }
  return false;
}

/**
 * Nothing of the run may be left: no process, no file, no builder, no container, no image that was tried; nor may anything be tagged behind the signal,
 * but for the one write that was under way when it came.
 */
export async function expectNothingLeft(ended: Cancelled): Promise<void> {
  const { code, image, tags, state, engine } = ended;
  expect(await childrenOf(ended)).toEqual([]);
  expect(await leftBy(ended, code)).toEqual([]);
  const asked = async (...args: string[]) => {
    const { code, stdout, stderr } = await execute('docker', args, engine);
    expect(code, stderr).toBe(0);
    return stdout;
  };
  const builder = state.folder?.split('/').at(-1) ?? '';
  if (builder !== '') expect(await asked('buildx', 'ls', '--format', '{{.Name}}')).not.toContain(builder);
  expect(await asked('ps', '--all', '--filter', 'name=phantun-runtime', '--quiet')).toBe('');
  expect(await asked('image', 'ls', '--quiet', 'phantun-runtime-smoke')).toBe('');
  // Where a builder keeps its cache.
  expect(await asked('volume', 'ls', '--filter', 'name=phantun-runtime', '--quiet')).toBe('');
  const later = Object.entries(await namedByTags(image)).filter(([tag, digest]) => tags[tag] !== digest);
  expect(later.length, later.join()).toBeLessThanOrEqual(1);
}

/** Those tags that name an image, not what refers to one. */
export function imageTags(tags: Record<string, string>): Record<string, string> {
  return Object.fromEntries(Object.entries(tags).filter(([tag]) => !tag.startsWith('sha256-')));
}

/** Runs the post step of a run, as the runner does whatever became of it. */
export async function runPost({
  inputs,
  state,
  temp,
  scratch,
  engine,
}: Pick<Cancelled, 'inputs' | 'state' | 'temp' | 'scratch' | 'engine'>): Promise<void> {
  const told = Object.fromEntries(Object.entries(state).map(([name, value]) => [`STATE_${name}`, value]));
  const env = { ...inputs, ...engine, ...told, RUNNER_TEMP: temp, TMPDIR: scratch };
  const post = await execute(process.execPath, [join(ROOT, 'dist', 'post.js')], env);
  expect(post).toEqual({ code: 0, stdout: '', stderr: '' });
}

/** A run that ended by being told to says so, and no more than that. */
export function expectCancelled({ code, stdout, outputs, summary }: Cancelled): void {
  expect(code).toBe(1);
  expect(outputs, stdout).toEqual({ failure: 'cancelled' });
  const errors = stdout.split('\n').filter((line) => line.startsWith('::error::'));
  expect(errors, stdout).toEqual([expect.stringContaining('cancelled')]);
  expect(summary).toContain('Failed: cancelled');
}

/** The processes that have the run's TMPDIR, as all that it starts: `PID words`. */
async function childrenOf({ scratch }: RunnerFolders): Promise<string[]> {
  const found: string[] = [];
  for (const name of await readdir('/proc')) {
    if (!/^\d+$/.test(name)) continue;
    const variables = (await readFile(`/proc/${name}/environ`, 'utf8').catch(() => '')).split('\0');
    if (!variables.includes(`TMPDIR=${scratch}`)) continue;
    const words = (await readFile(`/proc/${name}/cmdline`, 'utf8').catch(() => '')).split('\0');
    found.push(`${name} ${words.join(' ')}`);
  }
  return found;
}

/** Numbers in [0, 1) that are the same in every run of the tests (mulberry32). */
export function seeded(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}
