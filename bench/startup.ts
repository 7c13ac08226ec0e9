import { spawnSync } from 'node:child_process';
import { join, resolve } from 'node:path';
import { interleaved, type Row } from './measure.js';

const ROOT = resolve(import.meta.dirname, '..');
const ROUNDS = 31;
const GOAL_MS = 100;

const STARTS = {
  post: 'dist/index.js as a post step with nothing to do',
  step: 'dist/index.js as a step that refuses its inputs',
  help: 'dist/cli.js --help',
} as const;

/** How long the bundles take to start, against a node that has nothing to do. */
export async function benchStartup(): Promise<Row[]> {
  const node = (args: string[], env: Record<string, string> = {}) => {
    spawnSync(process.execPath, args, { env: { ...process.env, ...env }, stdio: 'ignore' });
    return Promise.resolve();
  };
  const times = await interleaved(ROUNDS, {
    bare: () => node(['--eval', '0']),
    post: () => node([join(ROOT, 'dist', 'index.js')], { STATE_folder: '/nothing' }),
    step: () => node([join(ROOT, 'dist', 'index.js')]),
    help: () => node([join(ROOT, 'dist', 'cli.js'), '--help']),
  });
  return (Object.keys(STARTS) as (keyof typeof STARTS)[]).map((name) => {
    const more = (times[name] - times.bare) * 1_000;
    return {
      what: `${STARTS[name]}, against bare node, medians of ${ROUNDS}`,
      figure: `${(times[name] * 1_000).toFixed(0)} ms against ${(times.bare * 1_000).toFixed(0)} ms`,
      goal: `at most ${GOAL_MS} ms more`,
      met: more <= GOAL_MS,
    };
  });
}
