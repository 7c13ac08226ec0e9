import { execFileSync, spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { chmod, cp, mkdir, mkdtemp, readFile, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { afterAll, inject, onTestFinished } from 'vitest';
import { readContract } from '../../src/cli/contract.js';
import { EXIT_CODES, type FailureClass } from '../../src/errors.js';
import { type Upstream, startUpstream } from '../lab/upstream.js';

export const ROOT = resolve(import.meta.dirname, '..', '..');
export const lab = inject('lab');

/** Takes what is to be done when a test, or a whole file, is over. */
export type AtEnd = (work: () => Promise<void>) => void;

/** For what all tests of a file share: called at its top, it gives the `atEnd` of that file. */
export function atEndOfFile(): AtEnd {
  const works: (() => Promise<void>)[] = [];
  afterAll(async () => {
    for (const work of works.reverse()) await work();
  });
  return (work) => works.push(work);
}

/** A folder that is gone after the test. */
export async function temporaryFolder(atEnd: AtEnd = onTestFinished): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'phantun-e2e-'));
  atEnd(() => rm(folder, { recursive: true, force: true }));
  return folder;
}

/** An upstream of this test's own, stopped after it. */
export async function ownUpstream(atEnd: AtEnd = onTestFinished): Promise<Upstream> {
  const upstream = await startUpstream(await temporaryFolder(atEnd));
  atEnd(upstream.stop);
  return upstream;
}

/** A repository name in the lab's registry that no other test uses. */
export function freshImage(): string {
  return `${lab.registry}/e2e/${randomBytes(6).toString('hex')}`;
}

export type Finished = { code: number; stdout: string; stderr: string };

/** Runs a program with the lab's environment. */
export function execute(
  command: string,
  args: readonly string[],
  env: Record<string, string> = {},
  cwd?: string,
): Promise<Finished> {
  return new Promise((resolve, reject) => {
    const child = spawn(command, args, {
      env: { ...baseEnvironment(), ...env },
      cwd,
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    let stdout = '';
    let stderr = '';
    child.stdout.on('data', (chunk: Buffer) => (stdout += chunk.toString()));
    child.stderr.on('data', (chunk: Buffer) => (stderr += chunk.toString()));
    child.on('error', reject);
    child.on('close', (code) => resolve({ code: code ?? -1, stdout, stderr }));
  });
}

/** Runs docker against the lab's engine; its output, or an error with all it said. */
export async function docker(...args: string[]): Promise<string> {
  const { code, stdout, stderr } = await execute('docker', args);
  if (code !== 0) throw new Error(`docker ${args.join(' ')} ended with ${code}:\n${stderr}`);
  return stdout;
}

/** The environment of a runner's step, without what this test run has of its own. */
function baseEnvironment(): Record<string, string> {
  const kept = Object.entries(process.env).filter(
    ([name]) => !/^(INPUT_|GITHUB_|RUNNER_|VITEST|NODE_OPTIONS)/.test(name),
  );
  return { ...(Object.fromEntries(kept) as Record<string, string>), ...lab.env };
}

export type ActionRun = Finished & {
  outputs: Record<string, string>;
  summary: string;
  /**
   * What the step left in the runner's temporary folder, besides the lock and the evidence that it hands over, and what it or any
   * program that it started left where programs put temporary files, as `TMPDIR/name`.
   */
  leftovers: string[];
};

/** What a test sets beside the inputs: further environment, folders, the bundle to run. */
export type ActionOptions = {
  env?: Record<string, string>;
  toolCache?: string;
  /** For the runner's files; one of the test's own if it is left out. */
  folder?: string;
  /** Where the action's own files are, if not in this repository. */
  home?: string;
  /** What the file mode creation mask is, `077` say. */
  umask?: string;
  /** The host name that it finds, if not this machine's. */
  hostName?: string;
};

/** Runs the built command line with an archive cache of the test's own. */
export async function runCli(args: readonly string[], options: ActionOptions = {}): Promise<Finished> {
  const folder = options.folder ?? (await temporaryFolder());
  const cli = join(options.home ?? ROOT, 'dist', 'cli.js');
  const env = { XDG_CACHE_HOME: join(folder, 'cache'), TMPDIR: folder, ...options.env };
  return underUmask(options.umask, () => executeNode(options.hostName, [cli, ...args], env, folder));
}

/** Runs a script by node, under another host name if there is one. By bash: sh drops variables such as INPUT_RUST-IMAGE. */
function executeNode(hostName: string | undefined, words: string[], env: Record<string, string>, cwd?: string) {
  if (hostName === undefined) return execute(process.execPath, words, env, cwd);
  const named = ['--uts', 'bash', '-euc', 'hostname "$0"; exec "$@"', hostName, process.execPath, ...words];
  return execute('unshare', named, env, cwd);
}

/** Starts something under a umask. A shell could not: it drops variables such as INPUT_RUST-IMAGE. */
function underUmask<T>(umask: string | undefined, start: () => Promise<T>): Promise<T> {
  const before = process.umask(umask ?? '022');
  try {
    return start();
  } finally {
    process.umask(before);
  }
}

/** The exit code that goes with the class which the last line of the command line names. */
export function codeOf(stderr: string): number {
  return EXIT_CODES[(/\(([a-z-]+)\)\s*$/.exec(stderr)?.[1] ?? '') as FailureClass];
}

/** A copy of what `uses:` gets of this repository, to be tampered with. */
export async function copyOfAction(): Promise<string> {
  const home = join(await temporaryFolder(), 'action');
  for (const name of ['dist', 'action.yml', 'Dockerfile', 'package.json'])
    await cp(join(ROOT, name), join(home, name), { recursive: true });
  return home;
}

/** A PATH with programs in front of the real ones: name to shell lines, after which the program itself, `$real`, runs. */
export async function inFront(programs: Record<string, string>): Promise<{ PATH: string }> {
  const folder = await temporaryFolder();
  const path = lab.env.PATH ?? process.env.PATH ?? '';
  for (const [name, lines] of Object.entries(programs)) {
    const real = execFileSync('sh', ['-c', `command -v ${name}`], { env: { PATH: path }, encoding: 'utf8' }).trim();
    await writeFile(join(folder, name), `#!/bin/sh\nreal=${real}\n${lines}\nexec "$real" "$@"\n`);
    await chmod(join(folder, name), 0o755);
  }
  return { PATH: `${folder}:${path}` };
}

/** Runs the built action as a runner does: inputs as environment, defaults from action.yml, file commands. */
export async function runAction(inputs: Record<string, string>, options: ActionOptions = {}): Promise<ActionRun> {
  const folder = options.folder ?? (await temporaryFolder());
  const { temp, scratch } = await runnerFolders(folder);
  const [output = '', summary = '', state = ''] = ['output', 'summary', 'state'].map((name) => join(folder, name));
  await Promise.all([output, summary, state].map((file) => writeFile(file, '')));
  const defaults = Object.fromEntries((await readContract()).map(({ name, default: value }) => [name, value]));
  const merged = { ...defaults, 'rust-image': lab.bases.rust, 'shell-image': lab.bases.shell, ...inputs };
  const environment = Object.fromEntries(
    Object.entries(merged).map(([name, value]) => [`INPUT_${name.replaceAll(' ', '_').toUpperCase()}`, value]),
  );
  const runnerEnvironment = {
    ...environment,
    RUNNER_TEMP: temp,
    TMPDIR: scratch,
    RUNNER_TOOL_CACHE: options.toolCache ?? join(folder, 'tools'),
    GITHUB_ACTIONS: 'true',
    GITHUB_OUTPUT: output,
    GITHUB_STEP_SUMMARY: summary,
    GITHUB_STATE: state,
    ...options.env,
  };
  const bundle = join(options.home ?? ROOT, 'dist', 'index.js');
  const finished = await underUmask(options.umask, () => executeNode(options.hostName, [bundle], runnerEnvironment));
  return {
    ...finished,
    outputs: parseRunnerFile(await readFile(output, 'utf8')),
    summary: await readFile(summary, 'utf8'),
    leftovers: await leftBy({ temp, scratch }, finished.code),
  };
}

/** Where a step may write: the runner's temporary folder, and the one that all programs take for theirs, which no other run has. */
export type RunnerFolders = { temp: string; scratch: string };

/** These folders, made in one of a test's; the path of the second is short, as sockets may be put there. */
export async function runnerFolders(folder: string): Promise<RunnerFolders> {
  const folders = { temp: join(folder, 'temp'), scratch: join(folder, 'tmp') };
  for (const path of Object.values(folders)) await mkdir(path, { recursive: true });
  return folders;
}

/** What a run left in its folders. */
export async function leftBy({ temp, scratch }: RunnerFolders, code: number | null): Promise<string[]> {
  return [...(await leftIn(temp, code)), ...(await readdir(scratch)).map((name) => `TMPDIR/${name}`)];
}

/** What a run left in its temporary folder: what it hands over is nothing left, if it succeeded. */
export async function leftIn(temp: string, code: number | null): Promise<string[]> {
  return (await readdir(temp)).filter((name) => code !== 0 || !name.startsWith('phantun-runtime-proof-'));
}

/** The runner's file format, of outputs and of state: `name<<delimiter`, lines, delimiter. */
export function parseRunnerFile(text: string): Record<string, string> {
  const outputs: Record<string, string> = {};
  for (const match of text.matchAll(/^([^\n<]+)<<([^\n]+)\n([\s\S]*?)\n?^\2$/gm))
    if (match[1] !== undefined) outputs[match[1]] = match[3] ?? '';
  return outputs;
}

/** The digest that a reference has in the lab's registry; undefined when there is none. */
export async function registryDigest(reference: string): Promise<string | undefined> {
  const [, repository = '', name = ''] = /^[^/]+\/(.+?)[:@]([^:/]+(?::[0-9a-f]+)?)$/.exec(reference) ?? [];
  const response = await fetch(`http://${lab.registry}/v2/${repository}/manifests/${name}`, {
    method: 'HEAD',
    headers: { accept: 'application/vnd.oci.image.index.v1+json, application/vnd.oci.image.manifest.v1+json' },
  });
  return response.headers.get('docker-content-digest') ?? undefined;
}

/** The tags of a repository in the lab's registry; none when it does not exist. */
export async function registryTags(repository: string): Promise<string[]> {
  const path = repository.slice(repository.indexOf('/') + 1);
  const response = await fetch(`http://${lab.registry}/v2/${path}/tags/list`);
  return response.ok ? (((await response.json()) as { tags: string[] | null }).tags ?? []) : [];
}

/** What each tag of a repository in the lab's registry names. */
export async function namedByTags(repository: string): Promise<Record<string, string>> {
  const named: Record<string, string> = {};
  for (const tag of await registryTags(repository)) named[tag] = (await registryDigest(`${repository}:${tag}`)) ?? '';
  return named;
}
