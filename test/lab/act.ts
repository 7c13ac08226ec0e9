import { spawn } from 'node:child_process';
import { goProgram } from './go.js';

/** act, which runs workflows on this machine, compiled from its Go module. */
export async function prepareAct(): Promise<string> {
  return await goProgram('act', 'github.com/nektos/act', 'v0.2.89');
}

export type ActOptions = {
  /** Path of act. */
  readonly act: string;
  /** Folder of the repository, a git work tree whose remote names it. */
  readonly tree: string;
  /** Workflow file under `tree`. */
  readonly workflow: string;
  readonly event: string;
  /** Inputs of workflow_dispatch. */
  readonly inputs?: Readonly<Record<string, string>>;
  /** Secrets of the repository. */
  readonly secrets?: Readonly<Record<string, string>>;
  /** What every step sees. */
  readonly env: Readonly<Record<string, string>>;
  /** Folder for act's own cache; also of the home that it sees. */
  readonly home: string;
  /** `OWNER/REPO@REF` to the folder of what stands in for it. */
  readonly standIns: Readonly<Record<string, string>>;
};

export type ActRun = {
  readonly code: number;
  readonly log: string;
  /** How each job ended, by its name; one that was skipped is absent. */
  readonly jobs: Readonly<Record<string, string>>;
};

const RUNNERS = ['ubuntu-24.04', 'ubuntu-24.04-arm'];

/** Runs a workflow on this machine itself, without containers and without asking GitHub anything. */
export function runWorkflow(options: ActOptions): Promise<ActRun> {
  const { act, tree, workflow, event, inputs = {}, secrets = {}, env, home, standIns } = options;
  const args = [
    ...[event, '--workflows', workflow, '--json', '--action-offline-mode'],
    ...RUNNERS.flatMap((runner) => ['--platform', `${runner}=-self-hosted`]),
    ...Object.entries(inputs).flatMap(([name, value]) => ['--input', `${name}=${value}`]),
    ...Object.entries(env).flatMap(([name, value]) => ['--env', `${name}=${value}`]),
    ...Object.entries(standIns).flatMap(([name, folder]) => ['--local-repository', `${name}=${folder}`]),
    ...Object.entries({ GITHUB_TOKEN: 'stand-in', ...secrets }).flatMap(([name, value]) => [
      '--secret',
      `${name}=${value}`,
    ]),
    ...['--action-cache-path', `${home}/actions`],
  ];
  return new Promise((resolve, reject) => {
    const child = spawn(act, args, {
      cwd: tree,
      env: { ...process.env, ...env, HOME: home, XDG_CACHE_HOME: `${home}/cache` },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    const chunks: Buffer[] = [];
    child.stdout.on('data', (chunk: Buffer) => chunks.push(chunk));
    child.stderr.on('data', (chunk: Buffer) => chunks.push(chunk));
    child.once('error', reject);
    child.once('close', (code) => {
      const lines = Buffer.concat(chunks).toString().split('\n');
      resolve({ code: code ?? -1, log: lines.map(messageOf).join('\n'), jobs: jobsOf(lines) });
    });
  });
}

type Line = { msg?: string; job?: string; jobResult?: string };

function parse(line: string): Line | undefined {
  if (!line.startsWith('{')) return undefined;
  try {
    return JSON.parse(line) as Line;
  } catch {
    return undefined;
  }
}

function messageOf(line: string): string {
  const { msg, job } = parse(line) ?? {};
  return msg === undefined ? line : `${job ?? ''} | ${msg.trimEnd()}`;
}

function jobsOf(lines: readonly string[]): Record<string, string> {
  const jobs: Record<string, string> = {};
  for (const line of lines) {
    const { job, jobResult } = parse(line) ?? {};
    if (job !== undefined && jobResult !== undefined) jobs[job] = jobResult;
  }
  return jobs;
}
