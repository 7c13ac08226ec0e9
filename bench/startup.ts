import { spawnSync } from 'node:child_process';
import { join, resolve } from 'node:path';
import { readContract } from '../src/cli/contract.js';
import { interleaved, type Row } from './measure.js';

const ROOT = resolve(import.meta.dirname, '..');
const ROUNDS = 31;
const GOAL_MS = 100;

/** What starts, and its goal; a run that goes on has none, as all it does afterwards takes longer. */
const STARTS = {
  post: { what: 'dist/post.js with nothing to do', goalMs: GOAL_MS },
  step: { what: 'dist/index.js as a step that refuses its inputs', goalMs: GOAL_MS },
  run: {
    what: 'dist/index.js as a step that has loaded all of a run, and then finds no lock to replay',
    goalMs: undefined,
  },
  help: { what: 'dist/cli.js --help', goalMs: GOAL_MS },
} as const;

/** How long the bundles take to start, against a node that has nothing to do. */
export async function benchStartup(): Promise<Row[]> {
  const contract = await readContract();
  const inputs = Object.fromEntries(contract.map(({ name, default: value }) => [`INPUT_${name.toUpperCase()}`, value]));
  const node = (args: string[], env: Record<string, string> = {}, says = '') => {
    const { stdout } = spawnSync(process.execPath, args, { env: { ...process.env, ...env }, encoding: 'utf8' });
    if (!stdout.includes(says)) throw new Error(`node ${args.join(' ')} did not say '${says}':\n${stdout}`);
    return Promise.resolve();
  };
  const action = join(ROOT, 'dist', 'index.js');
  const times = await interleaved(ROUNDS, {
    bare: () => node(['--eval', '0']),
    post: () => node([join(ROOT, 'dist', 'post.js')], { STATE_folder: '/nothing' }),
    step: () => node([action], {}, '::error::'),
    run: () => node([action], { ...inputs, INPUT_LOCK: '/nothing' }, '::error::input lock: '),
    help: () => node([join(ROOT, 'dist', 'cli.js'), '--help']),
  });
  return (Object.keys(STARTS) as (keyof typeof STARTS)[]).map((name) => {
    const { what, goalMs } = STARTS[name];
    const more = (times[name] - times.bare) * 1_000;
    return {
      what: `${what}, against bare node, medians of ${ROUNDS}`,
      figure: `${(times[name] * 1_000).toFixed(0)} ms against ${(times.bare * 1_000).toFixed(0)} ms`,
      goal: goalMs === undefined ? '' : `at most ${goalMs} ms more`,
      met: goalMs === undefined ? undefined : more <= goalMs,
    };
  });
}
