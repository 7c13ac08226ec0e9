import { execFileSync } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { mkdir, mkdtemp, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Row, median } from './measure.js';

const MEGABYTES = [0.2, 10, 60];
const ROUNDS = 7;
const GOAL = { memory: 4, linear: 1.5 };
const FILE_BYTES = 100_000;

/** What a child measures: times in milliseconds, and the memory it took at its peak beyond what it had before. */
type Measured = { verifyMs: number; lockMs: number; composeMs: number; extraBytes: number };

/** Verification and lock of archives that do not compress, and composing a layer of the same bytes: time by size, and memory. */
export async function benchScaling(): Promise<Row[]> {
  const folder = await mkdtemp(join(tmpdir(), 'phantun-bench-'));
  try {
    const points = await measurePoints(folder);
    const [, medium, large] = points;
    const linear = (what: string, time: 'verifyMs' | 'composeMs'): Row => {
      const growth = ((large?.[time] ?? NaN) / (medium?.[time] ?? NaN)) * (10 / 60);
      return {
        what: `${what}, time for each MB: at 60 MB against 10 MB`,
        figure: `${growth.toFixed(2)} times`,
        goal: `linear: at most ${GOAL.linear}`,
        met: growth <= GOAL.linear,
      };
    };
    return [...points.map(pointRow), linear('verification', 'verifyMs'), linear('composing', 'composeMs')];
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

/** One size: its files, how many bytes its tar has, and what was measured of it. */
type Size = {
  megabytes: number;
  archive: string;
  tar: string;
  unpacked: number;
  source: Measured[];
  layer: Measured[];
};

/** Medians of one size; memory in times the unpacked size. */
type Point = {
  megabytes: number;
  verifyMs: number;
  lockMs: number;
  composeMs: number;
  verifyMemory: number;
  composeMemory: number;
};

/** Every size in every round: a slow minute hits all of them. */
async function measurePoints(folder: string): Promise<Point[]> {
  const sizes = await Promise.all(
    MEGABYTES.map(async (megabytes): Promise<Size> => {
      const made = await makeArchive(join(folder, String(megabytes)), megabytes);
      return { ...made, megabytes, unpacked: (await stat(made.tar)).size, source: [], layer: [] };
    }),
  );
  for (let round = 0; round < ROUNDS; round++)
    for (const { archive, tar, source, layer } of sizes) {
      source.push(measureInChild('source', archive));
      layer.push(measureInChild('layer', tar));
    }
  return sizes.map(({ megabytes, unpacked, source, layer }) => {
    const middle = (runs: readonly Measured[], name: keyof Measured) => median(runs.map((one) => one[name]));
    return {
      megabytes,
      ...{
        verifyMs: middle(source, 'verifyMs'),
        lockMs: middle(source, 'lockMs'),
        composeMs: middle(layer, 'composeMs'),
      },
      verifyMemory: middle(source, 'extraBytes') / unpacked,
      composeMemory: middle(layer, 'extraBytes') / unpacked,
    };
  });
}

function pointRow({ megabytes, verifyMs, lockMs, composeMs, verifyMemory, composeMemory }: Point): Row {
  const times = [verifyMs, lockMs, composeMs].map((time) => `${time.toFixed(0)} ms`);
  const memory = [verifyMemory, composeMemory].map((one) => one.toFixed(1));
  return {
    what: `archive of ${megabytes} MB: verification, lock, composing a layer of it; memory for the source with its archive, for the image with its layer`,
    figure: `${times.join(', ')}; ${memory.join(' and ')} times the unpacked size`,
    goal: `${GOAL.memory} times`,
    // Below a megabyte the runtime's own heap decides.
    met: megabytes < 1 ? undefined : Math.max(verifyMemory, composeMemory) <= GOAL.memory,
  };
}

/** `git archive` of a commit of random files, that many megabytes in all; packed, and its tar. */
async function makeArchive(folder: string, megabytes: number): Promise<{ archive: string; tar: string }> {
  const tree = join(folder, 'tree');
  await mkdir(tree, { recursive: true });
  for (let index = 0; index < (megabytes * 1e6) / FILE_BYTES; index++)
    await writeFile(join(tree, `file-${index}`), randomBytes(FILE_BYTES));
  const git = (...args: string[]) =>
    execFileSync('git', ['-c', 'user.name=bench', '-c', 'user.email=bench@localhost', ...args], { cwd: tree });
  git('init', '--quiet');
  git('add', '--all');
  git('commit', '--quiet', '--message', 'files');
  const [archive, tar] = [join(folder, 'archive.tar.gz'), join(folder, 'archive.tar')];
  git('archive', '--format=tar.gz', '--prefix=root/', '--output', archive, 'HEAD');
  git('archive', '--format=tar', '--prefix=root/', '--output', tar, 'HEAD');
  return { archive, tar };
}

/** Each in a process of its own: memory that was once taken is not given back. */
function measureInChild(what: 'source' | 'layer', file: string): Measured {
  const child = join(import.meta.dirname, 'scalingChild.ts');
  const text = execFileSync(process.execPath, ['--import', 'tsx', child, what, file], { encoding: 'utf8' });
  return JSON.parse(text) as Measured;
}
