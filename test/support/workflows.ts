import { readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { parse } from 'yaml';
import { WRAPPER_FOLDER } from '../../src/wrapper.js';

export const WORKFLOWS = join(WRAPPER_FOLDER, '.github', 'workflows');

export type Step = {
  id?: string;
  name?: string;
  uses?: string;
  run?: string;
  if?: string;
  with?: Record<string, unknown>;
  env?: Record<string, string>;
};

export type Job = {
  if?: string;
  concurrency?: { group: string; 'cancel-in-progress'?: boolean };
  uses?: string;
  needs?: string | string[];
  'runs-on'?: string;
  permissions?: Record<string, string>;
  'timeout-minutes'?: number;
  steps?: Step[];
  with?: Record<string, unknown>;
  env?: Record<string, string>;
};

export type Input = { description: string; type: string; default?: unknown; required?: boolean };

export type Workflow = {
  on: Record<string, { inputs?: Record<string, Input> } | null>;
  permissions?: Record<string, string>;
  concurrency?: { group: string };
  jobs: Record<string, Job>;
};

export type WorkflowFile = { name: string; text: string; workflow: Workflow };

/** Every workflow of this repository: its file name, its text, its meaning. */
export const workflowFiles: WorkflowFile[] = readdirSync(WORKFLOWS)
  .sort()
  .map((name) => {
    const text = readFileSync(join(WORKFLOWS, name), 'utf8');
    return { name, text, workflow: parse(text) as Workflow };
  });

/** One of them, by its file name. */
export function workflowOf(name: string): Workflow {
  const found = workflowFiles.find((file) => file.name === name);
  if (found === undefined) throw new Error(`there is no workflow ${name}`);
  return found.workflow;
}

/** A job of a workflow, or an error that names it. */
export function jobOf(workflow: Workflow, id: string): Job {
  const job = workflow.jobs[id];
  if (job === undefined) throw new Error(`there is no job ${id}`);
  return job;
}

/** Every step of every job, with the job's name. */
export function stepsOf(workflow: Workflow): { job: string; step: Step }[] {
  return Object.entries(workflow.jobs).flatMap(([job, { steps }]) => (steps ?? []).map((step) => ({ job, step })));
}
