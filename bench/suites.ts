import { mkdtemp, rm } from 'node:fs/promises';
import { spawn } from 'node:child_process';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { run } from '../test/lab/exec.js';
import { type Row, seconds } from './measure.js';

const ROOT = resolve(import.meta.dirname, '..');
const GOAL_MINUTES = 35;
const UNIT_GOAL_SECONDS = 20;

/** `npm test` in a fresh clone of what is committed, with nothing made before: about as long as in CI. */
export async function benchSuites(): Promise<Row[]> {
  const folder = await mkdtemp(join(tmpdir(), 'phantun-bench-'));
  try {
    await run('git', ['clone', '--quiet', ROOT, join(folder, 'clone')]);
    let output = '';
    const elapsed = await seconds(async () => {
      output = await testRun(join(folder, 'clone'), join(folder, 'cache'));
    });
    return suiteRows(output, elapsed / 60);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

/** All that it prints, however it ends: the last line says how many tests failed. */
function testRun(cwd: string, cache: string): Promise<string> {
  return new Promise((settle, reject) => {
    const env = { ...process.env, CI: 'true', PHANTUN_LAB_CACHE: cache };
    const child = spawn('npm', ['test'], { cwd, env, stdio: ['ignore', 'pipe', 'inherit'] });
    let output = '';
    child.stdout.on('data', (chunk: Buffer) => (output += chunk.toString()));
    child.on('error', reject);
    child.on('close', () => settle(output));
  });
}

/** The suites' lines at the end of what `npm test` prints, and the whole. Throws when it printed none. Pure. */
export function suiteRows(output: string, minutes: number): Row[] {
  const lines = [...output.matchAll(/^ *(\d+\.\d) min {2}(.+)$/gm)];
  // The last such line: a failure that is printed may hold others.
  const [, counts, failed] = [...output.matchAll(/^(\d+ passed, (\d+) failed)$/gm)].at(-1) ?? [];
  if (lines.length === 0 || counts === undefined) throw new Error(`npm test did not end: ${output.slice(-1_000)}`);
  return [
    {
      what: '`npm test` in a fresh clone, nothing made before',
      figure: `${minutes.toFixed(0)} min; ${counts}`,
      goal: `${GOAL_MINUTES} min`,
      met: minutes <= GOAL_MINUTES && failed === '0',
    },
    ...lines.map(([, time = '', name = '']) => ({
      what: name,
      figure: `${time} min`,
      ...(name.startsWith('unit tests')
        ? { goal: `${UNIT_GOAL_SECONDS} s`, met: name === 'unit tests' && Number(time) * 60 <= UNIT_GOAL_SECONDS }
        : { goal: '', met: undefined }),
    })),
  ];
}
