import { spawnSync } from 'node:child_process';
import type { Job } from './workflows.js';

/** The commit that a run is of. */
export const COMMIT = 'c0ffee'.padEnd(40, '0');

/** What GitHub would put in the place of an expression. */
const CONTEXT: Record<string, string> = {
  '${{ github.ref }}': 'refs/heads/main',
  '${{ github.repository }}': 'o/r',
  '${{ github.sha }}': COMMIT,
  '${{ github.token }}': 'token',
  '${{ github.event.pull_request.head.ref }}': 'dependabot/npm_and_yarn/yaml-3',
  '${{ inputs.version }}': '1.2.3',
};

/** How a step ended, and what it said. */
export type Ran = { status: number | null; said: string };

/**
 * Runs a step of a job in `folder` as the runner does, with just the variables that the step names; `values` are expressions
 * that mean something else than in CONTEXT, `more` is the machine's own environment.
 */
export function runStep(
  job: Job,
  name: string,
  folder: string,
  { shell = ['-eo', 'pipefail'], values = {} as Record<string, string>, more = {} as Record<string, string> },
): Ran {
  const step = job.steps?.find((each) => each.name === name);
  if (step?.run === undefined) throw new Error(`there is no step ${name}`);
  const meaning: Record<string, string> = { ...CONTEXT, ...values };
  const own = Object.fromEntries(Object.entries(step.env ?? {}).map(([key, text]) => [key, meaning[text]]));
  const { status, stdout } = spawnSync('bash', [...shell, '-c', step.run], {
    cwd: folder,
    env: { PATH: process.env.PATH, ...more, ...own },
    encoding: 'utf8',
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  return { status, said: stdout };
}
