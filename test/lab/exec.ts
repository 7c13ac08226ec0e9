import { spawn } from 'node:child_process';
import { closeSync, existsSync, openSync, readFileSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';

export type Environment = Record<string, string | undefined>;

export type RunOptions = {
  readonly cwd?: string;
  readonly env?: Environment;
  readonly input?: string | Buffer;
  readonly timeoutMs?: number;
};

const DEFAULT_TIMEOUT_MS = 15 * 60_000;

/** Runs a program to its end and returns what it wrote to stdout. Throws with the last lines it wrote when it fails. */
export async function run(command: string, args: readonly string[], options: RunOptions = {}): Promise<string> {
  const child = spawn(command, args, { cwd: options.cwd, env: options.env ?? withSystemPath(process.env) });
  const timer = setTimeout(() => child.kill('SIGKILL'), options.timeoutMs ?? DEFAULT_TIMEOUT_MS);
  const stdout: Buffer[] = [];
  const stderr: Buffer[] = [];
  child.stdout.on('data', (chunk: Buffer) => stdout.push(chunk));
  child.stderr.on('data', (chunk: Buffer) => stderr.push(chunk));
  child.stdin.on('error', () => undefined); // a child that does not read its input says so by its exit code
  child.stdin.end(options.input ?? '');
  const outcome = await new Promise<string | number>((resolve) => {
    child.once('error', (error) => resolve(error.message));
    child.once('close', (code, signal) => resolve(signal ?? code ?? 'unknown'));
  });
  clearTimeout(timer);
  const text = Buffer.concat(stdout).toString();
  if (outcome === 0) return text;
  const said = lastLines(Buffer.concat(stderr).toString() || text);
  throw new Error(`${[command, ...args].join(' ')} ended with ${outcome}:\n${said}`);
}

/** Does the work of a command; what stops it is told in a sentence, not in a stack, and is its exit code. */
export async function endWithSentence(work: () => Promise<void>): Promise<void> {
  try {
    await work();
  } catch (error) {
    console.error(`\n${error instanceof Error ? error.message : String(error)}`);
    process.exitCode = 1;
  }
}

/** Sets a suite up; what stops it is told in a sentence, as vitest prints the stack of an error that has one. */
export async function setUpInWords<T>(work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    // A TypeError and its like are faults of the lab's own.
    if (error instanceof Error && error.constructor === Error) error.stack = `${error.name}: ${error.message}`;
    throw error;
  }
}

/** Whether a program runs and exits with 0. */
export async function succeeds(command: string, args: readonly string[], options: RunOptions = {}): Promise<boolean> {
  return await run(command, args, options).then(
    () => true,
    () => false,
  );
}

/** Like run, as root: directly or by sudo where that asks for no password. */
export async function runAsRoot(command: string, ...args: string[]): Promise<string> {
  return await (isRoot() ? run(command, args) : run('sudo', ['-n', command, ...args]));
}

export function isRoot(): boolean {
  return process.getuid?.() === 0;
}

export type Daemon = {
  readonly pid: number;
  /** True until the process has ended. */
  readonly alive: () => boolean;
  /** The last lines of its log. */
  readonly tail: () => string;
  /** Ends it and its process group: SIGTERM, then SIGKILL after a grace period. */
  readonly stop: () => Promise<void>;
};

const STOP_GRACE_MS = 15_000;

/** Starts a long-running program in a process group of its own. It dies with this process, even by SIGKILL. */
export function startDaemon(command: string, args: readonly string[], log: string, env: Environment): Daemon {
  const output = openSync(log, 'a');
  const child = spawn('setpriv', ['--pdeathsig', 'KILL', command, ...args], {
    env,
    detached: true,
    stdio: ['ignore', output, output],
  });
  closeSync(output);
  const { pid } = child;
  if (pid === undefined) throw new Error(`${command} cannot be started: setpriv of util-linux is missing`);
  const alive = () => child.exitCode === null && child.signalCode === null;
  return {
    pid,
    alive,
    tail: () => lastLines(readFileSync(log, 'utf8')),
    stop: async () => {
      if (!alive()) return;
      const ended = new Promise((resolve) => child.once('exit', resolve));
      killGroup(pid, 'SIGTERM');
      const timer = setTimeout(() => killGroup(pid, 'SIGKILL'), STOP_GRACE_MS);
      await ended;
      clearTimeout(timer);
    },
  };
}

function killGroup(pid: number, signal: NodeJS.Signals): void {
  try {
    process.kill(-pid, signal);
  } catch {
    // it has ended meanwhile
  }
}

/** Waits until a daemon answers. Throws with the end of its log when it ended or the deadline passed. */
export async function untilReady(what: string, daemon: Daemon, probe: () => Promise<boolean>, deadlineMs = 60_000) {
  const deadline = Date.now() + deadlineMs;
  while (!(await probe())) {
    const late = Date.now() > deadline;
    if (!late && daemon.alive()) {
      await sleep(100);
      continue;
    }
    const log = daemon.tail();
    await daemon.stop();
    throw new Error(`${what} ${late ? `did not answer within ${deadlineMs} ms` : 'ended at its start'}:\n${log}`);
  }
}

/** Where a program is: on PATH, or in the folders that root's PATH has. */
export function find(program: string): string | undefined {
  const folders = withSystemPath(process.env).PATH.split(delimiter);
  return folders.map((folder) => join(folder, program)).find((path) => existsSync(path));
}

/** An environment whose PATH has the folders for root's programs too, which a login by `su` does not give. */
export function withSystemPath(env: Environment): Environment & { readonly PATH: string } {
  return { ...env, PATH: `${env.PATH ?? '/usr/bin:/bin'}:/usr/local/sbin:/usr/sbin:/sbin` };
}

function lastLines(text: string, count = 25): string {
  return text.trimEnd().split('\n').slice(-count).join('\n');
}
