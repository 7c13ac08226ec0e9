import { spawn } from 'node:child_process';
import { constants } from 'node:os';
import type { Deps } from './deps.js';
import { Failure, type FailureClass, errorCode, toFailure } from './errors.js';
import { lineReader } from './lines.js';

const COMMON_NAMES =
  /^(PATH|HOME|USER|LOGNAME|TMPDIR|(https?|all|no|ftp)_proxy|SSL_CERT_FILE|SSL_CERT_DIR|XDG_RUNTIME_DIR|XDG_CONFIG_HOME)$/i;
const DOCKER_NAMES =
  /^(DOCKER_.*|BUILDKIT_.*|BUILDX_.*|KUBECONFIG|SSH_AUTH_SOCK|REGISTRY_AUTH_FILE|AWS_.*|AZURE_.*|CLOUDSDK_.*|GOOGLE_APPLICATION_CREDENTIALS|GNUPGHOME|PASSWORD_STORE_DIR|DBUS_SESSION_BUS_ADDRESS)$/;
const GIT_NAMES = /^(GIT_SSL_CAINFO|GIT_SSL_CAPATH)$/;

/** What is started, but for a shell: git, or a client of engines and registries. */
export type Program = 'git' | 'docker';

/**
 * The environment a child may see: an allow-list, so that no token of the runner reaches a program that upstream or a
 * registry talks to. Messages are in English, whatever the machine speaks.
 */
export function childEnvironment(program: Program, from: NodeJS.ProcessEnv = process.env): Record<string, string> {
  const names = program === 'git' ? GIT_NAMES : DOCKER_NAMES;
  const allowed: Record<string, string> = { LC_ALL: 'C' };
  for (const [name, value] of Object.entries(from))
    if (value !== undefined && (COMMON_NAMES.test(name) || names.test(name))) allowed[name] = value;
  return allowed;
}

/** How long a program may take to say what it is. */
export const PROBE_DEADLINE_SECONDS = 10;

/** The first line a program prints of itself, or undefined when there is no such program, or it fails or does not end in 10 s. */
export async function probe(
  program: Program,
  args: readonly string[],
  { signal }: Pick<Deps, 'signal'>,
): Promise<string | undefined> {
  const what = [program, ...args].join(' ');
  const options = { env: childEnvironment(program), what, deadlineSeconds: PROBE_DEADLINE_SECONDS };
  try {
    const { code, stdout } = await execute(program, args, options, { signal });
    return code === 0 ? (stdout.toString('utf8').split('\n')[0] ?? '') : undefined;
  } catch (error) {
    // A run that is cancelled must not be told that the program is missing.
    if (signal.aborted) throw error;
    return undefined;
  }
}

/**
 * Runs a program that removes what a run made, for a run that was cancelled as well. Resolves with why it could not, or
 * undefined: never rejects, since how the run ended is decided already. What nobody waits for yet may be given a signal.
 */
export async function cleanUp(
  command: string,
  args: readonly string[],
  options: ExecuteOptions,
  deps: Pick<Deps, 'signal'> = unstoppable(),
): Promise<string | undefined> {
  try {
    const { code, stderr } = await execute(command, args, options, deps);
    return code === 0 ? undefined : stderr;
  } catch (error) {
    return toFailure(error).message;
  }
}

/** For a child that only its deadline ends. */
function unstoppable(): { signal: AbortSignal } {
  return { signal: new AbortController().signal };
}

export type ExecuteOptions = {
  env: Record<string, string>;
  /** Names the step in the message when the deadline passes. */
  what: string;
  deadlineSeconds: number;
  cwd?: string;
  /** Every line of both outputs, as it comes. */
  onLine?: (line: string) => void;
  /** Whose doing it is when it prints more than it may. Default `local`. */
  overflow?: FailureClass;
  /** What the program and each of its children may take, in bytes: memory, if that is bounded, and the size of a file. */
  bounds?: { memoryBytes?: number; fileBytes: number };
};

export type Finished = { code: number; stdout: Buffer; stderr: string };

/**
 * Sets bounds, then becomes the program; a machine that forbids it has narrower ones. ulimit counts files in blocks of 512 bytes
 * and memory in KiB.
 */
const BOUNDED = 'ulimit -f "$1" 2>/dev/null; [ -z "$2" ] || ulimit -v "$2" 2>/dev/null; shift 2; exec "$@"';

const KILL_AFTER_MS = 2_000;
/** Bytes of each output that are kept (the last ones of stderr); more of stdout ends the child. */
export const MAX_OUTPUT_BYTES = 16 * 2 ** 20;

/**
 * Runs a program in a process group of its own; no shell reads its arguments. Resolves with its exit code, whatever that is:
 * the caller decides what a code means. Rejects (Failure) when it cannot be started, at the deadline, on cancellation and when it
 * prints too much; then the whole group has been told to end, and is killed 2 s later.
 */
export function execute(
  command: string,
  args: readonly string[],
  options: ExecuteOptions,
  { signal }: Pick<Deps, 'signal'>,
): Promise<Finished> {
  return new Promise((resolve, reject) => {
    if (signal.aborted) {
      reject(cancelled(options.what));
      return;
    }
    const [program = '', ...words] = commandLine(command, args, options.bounds);
    const child = spawn(program, words, {
      cwd: options.cwd,
      env: options.env,
      detached: true,
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    const out = collector(options.onLine);
    const err = collector(options.onLine);
    child.stdout.on('data', (chunk: Buffer) => {
      out.add(chunk);
      if (out.overflow && failure === undefined)
        end(new Failure(options.overflow ?? 'local', `${options.what} printed more than ${MAX_OUTPUT_BYTES} bytes`));
    });
    child.stderr.on('data', (chunk: Buffer) => err.add(chunk));

    let failure: Failure | undefined;
    let killer: NodeJS.Timeout | undefined;
    const end = (reason: Failure) => {
      failure ??= reason;
      signalGroup(child.pid, 'SIGTERM');
      killer ??= setTimeout(() => {
        signalGroup(child.pid, 'SIGKILL');
        // What has left the group may hold the pipes open; nobody waits for it.
        child.stdout.destroy();
        child.stderr.destroy();
      }, KILL_AFTER_MS);
    };
    const onAbort = () => end(cancelled(options.what));
    signal.addEventListener('abort', onAbort, { once: true });
    const deadline = setTimeout(
      () => end(new Failure('transient', `${options.what} did not end within ${options.deadlineSeconds} s`)),
      options.deadlineSeconds * 1_000,
    );
    const settle = () => {
      clearTimeout(deadline);
      clearTimeout(killer);
      signal.removeEventListener('abort', onAbort);
    };

    child.on('error', (error) => {
      settle();
      reject(
        errorCode(error) === 'ENOENT'
          ? new Failure('local', `${command} is not installed on this machine, or not on PATH`, { cause: error })
          : toFailure(error),
      );
    });
    child.on('close', (code, childSignal) => {
      settle();
      // A grandchild may outlive its parent; nothing of the group may.
      if (failure) signalGroup(child.pid, 'SIGKILL');
      out.end();
      err.end();
      if (failure) reject(failure);
      else
        resolve({
          // As a shell has it.
          code: code ?? 128 + (childSignal === null ? 0 : constants.signals[childSignal]),
          stdout: out.bytes(),
          stderr: err.bytes().toString('utf8'),
        });
    });
  });
}

function commandLine(command: string, args: readonly string[], bounds: ExecuteOptions['bounds']): string[] {
  if (bounds === undefined) return [command, ...args];
  const { fileBytes, memoryBytes } = bounds;
  const memory = memoryBytes === undefined ? '' : String(Math.ceil(memoryBytes / 1024));
  return ['sh', '-c', BOUNDED, 'sh', String(Math.ceil(fileBytes / 512)), memory, command, ...args];
}

function cancelled(what: string): Failure {
  return new Failure('cancelled', `${what} was cancelled`);
}

function signalGroup(pid: number | undefined, name: NodeJS.Signals): void {
  if (pid === undefined) return;
  try {
    process.kill(-pid, name);
  } catch (error) {
    if (errorCode(error) !== 'ESRCH') throw error;
  }
}

/** Keeps the last bytes of a stream and hands on its lines. */
function collector(onLine: ((line: string) => void) | undefined) {
  const chunks: Buffer[] = [];
  let size = 0;
  const lines = onLine && lineReader(onLine);
  const state = {
    overflow: false,
    add(chunk: Buffer) {
      chunks.push(chunk);
      size += chunk.length;
      if (size > MAX_OUTPUT_BYTES) state.overflow = true;
      while (size - (chunks[0]?.length ?? 0) >= MAX_OUTPUT_BYTES) size -= chunks.shift()?.length ?? 0;
      lines?.add(chunk);
    },
    end: () => lines?.end(),
    bytes: () => Buffer.concat(chunks).subarray(-MAX_OUTPUT_BYTES),
  };
  return state;
}
