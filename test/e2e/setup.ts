import type { TestProject } from 'vitest/node';
import { setUpInWords } from '../lab/exec.js';
import { startLab } from '../lab/lab.js';

/** What a test file needs to reach the lab that all of them share. */
export type SharedLab = {
  /** On top of the environment: PATH, DOCKER_HOST, DOCKER_CONFIG. */
  env: Record<string, string>;
  /** `127.0.0.1:PORT` */
  registry: string;
  bases: { rust: string; shell: string };
};

declare module 'vitest' {
  // vitest merges this declaration with its own, which only an interface can.
  // eslint-disable-next-line @typescript-eslint/consistent-type-definitions
  export interface ProvidedContext {
    lab: SharedLab;
  }
}

/** Starts the lab once for all end-to-end tests. A part that is missing fails the run: nothing is skipped. */
export async function setup(project: TestProject): Promise<() => Promise<void>> {
  const lab = await setUpInWords(() => startLab({ log: (line) => console.log(`lab: ${line}`) }));
  project.provide('lab', { env: lab.env, registry: lab.registry.host, bases: lab.bases });
  return lab.stop;
}
