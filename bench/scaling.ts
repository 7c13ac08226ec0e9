import { execFileSync } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Row, median } from './measure.js';

const MEGABYTES = [0.2, 10, 60];
const ROUNDS = 3;
const GOAL = { memory: 4, linear: 1.5 };
const FILE_BYTES = 100_000;

type Measured = {
  verifyMs: number;
  lockMs: number;
  composeMs: number;
  /** Of the process until verification was over, until composing was, and before both. */
  peakBytes: number;
  composePeakBytes: number;
  idleBytes: number;
  unpackedBytes: number;
};

/** Verification, and composing a layer of the same size, for archives that do not compress: time by size, and memory. */
export async function benchScaling(): Promise<Row[]> {
  const folder = await mkdtemp(join(tmpdir(), 'phantun-bench-'));
  try {
    const points: { megabytes: number; middle: (name: keyof Measured) => number }[] = [];
    for (const megabytes of MEGABYTES) {
      const archive = await makeArchive(join(folder, String(megabytes)), megabytes);
      const runs = Array.from({ length: ROUNDS }, () => measureInChild(archive));
      const middle = (name: keyof Measured) => median(runs.map((one) => one[name]));
      points.push({ megabytes, middle });
    }
    const [, medium, large] = points;
    const growth = (name: keyof Measured) => ((large?.middle(name) ?? NaN) / (medium?.middle(name) ?? NaN)) * (10 / 60);
    const linear = (what: string, name: keyof Measured): Row => ({
      what: `${what}, time for each MB: at 60 MB against 10 MB`,
      figure: `${growth(name).toFixed(2)} times`,
      goal: `linear: at most ${GOAL.linear}`,
      met: growth(name) <= GOAL.linear,
    });
    return [
      ...points.map(({ megabytes, middle }): Row => {
        const times = (name: 'peakBytes' | 'composePeakBytes') =>
          (middle(name) - middle('idleBytes')) / middle('unpackedBytes');
        const milliseconds = (['verifyMs', 'lockMs', 'composeMs'] as const).map(
          (name) => `${middle(name).toFixed(0)} ms`,
        );
        return {
          what: `archive of ${megabytes} MB: verification, lock, composing a layer of that size; memory beyond an idle process for verification, and for all`,
          figure: `${milliseconds.join(', ')}; ${times('peakBytes').toFixed(1)} and ${times('composePeakBytes').toFixed(1)} times the unpacked size`,
          goal: `${GOAL.memory} times`,
          // Below a megabyte the runtime's own heap decides.
          met: megabytes < 1 ? undefined : Math.max(times('peakBytes'), times('composePeakBytes')) <= GOAL.memory,
        };
      }),
      linear('verification', 'verifyMs'),
      linear('composing', 'composeMs'),
    ];
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

/** `git archive` of a commit of random files, that many megabytes in all. */
async function makeArchive(folder: string, megabytes: number): Promise<string> {
  const tree = join(folder, 'tree');
  await mkdir(tree, { recursive: true });
  for (let index = 0; index < (megabytes * 1e6) / FILE_BYTES; index++)
    await writeFile(join(tree, `file-${index}`), randomBytes(FILE_BYTES));
  const git = (...args: string[]) =>
    execFileSync('git', ['-c', 'user.name=bench', '-c', 'user.email=bench@localhost', ...args], { cwd: tree });
  git('init', '--quiet');
  git('add', '--all');
  git('commit', '--quiet', '--message', 'files');
  const archive = join(folder, 'archive.tar.gz');
  git('archive', '--format=tar.gz', '--prefix=root/', '--output', archive, 'HEAD');
  return archive;
}

/** Each in a process of its own: memory that was once taken is not given back. */
function measureInChild(archive: string): Measured {
  const child = join(import.meta.dirname, 'scalingChild.ts');
  const text = execFileSync(process.execPath, ['--import', 'tsx', child, archive], { encoding: 'utf8' });
  return JSON.parse(text) as Measured;
}
