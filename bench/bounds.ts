import { spawn } from 'node:child_process';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import type { ServerResponse } from 'node:http';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { gzipSync } from 'node:zlib';
import { ARCHIVE_LIMITS } from '../src/source/archive.js';
import type { Lab } from '../test/lab/lab.js';
import type { Content } from '../test/lab/repository.js';
import { tinyWorkspace } from '../test/lab/repositories.js';
import { buildFlags } from './cli.js';
import { type Row, seconds } from './measure.js';

const CLI = resolve(import.meta.dirname, '..', 'dist', 'cli.js');
const POLL_MS = 10;
const MEBIBYTE = 2 ** 20;
const DRIP_MS = 1_000;

/** What a hostile upstream does, what the run has to say about it, and how long and how much memory it may take. */
type Attack = {
  what: string;
  serve: (response: ServerResponse, path: string) => void;
  says: RegExp;
  maxSeconds: number;
  maxMebibytes: number;
};

const ATTACKS: readonly Attack[] = [
  {
    what: 'a bomb: 1 GiB in an archive of 1 MB',
    serve: (response) => response.writeHead(200).end(bomb()),
    says: /unpacks to more than 536\.9 MB/,
    maxSeconds: 10,
    maxMebibytes: 1_200,
  },
  {
    what: 'an endless archive',
    serve: (response) => void pour(response),
    says: /larger than the 6\d/,
    maxSeconds: 10,
    maxMebibytes: 400,
  },
  {
    what: 'a server that sends a byte a second, four attempts',
    serve: drip,
    says: /less than 1024 bytes a second/,
    maxSeconds: 120,
    maxMebibytes: 200,
  },
  {
    what: 'redirects without end',
    serve: (response, path) => response.writeHead(302, { location: `${path}?again` }).end(),
    says: /more than 5 redirects/,
    maxSeconds: 30,
    maxMebibytes: 200,
  },
];

/** Time and peak memory of runs against an upstream that wants to hold them or to fill the machine. */
export async function benchBounds(lab: Lab): Promise<Row[]> {
  const { upstream } = lab;
  const small = await upstream.addRepository('bench', 'bounds', await tinyWorkspace());
  const rows: Row[] = [];
  bomb();
  try {
    for (const attack of ATTACKS) {
      upstream.intercept = (request, response) => {
        const path = request.url ?? '';
        if (!path.includes('/archive/')) return false;
        attack.serve(response, path);
        return true;
      };
      rows.push(rowOf(attack, await runAgainst(lab, small.url)));
    }
  } finally {
    upstream.intercept = undefined;
  }
  const wide = await upstream.addRepository('bench', 'wide', wideTree(await tinyWorkspace()));
  const what = `${ARCHIVE_LIMITS.entries.toLocaleString('en')} entries, the most that is accepted, read, hashed and written out`;
  const accepted = { what, says: /no usable buildx builder/, maxSeconds: 30, maxMebibytes: 600 };
  rows.push(rowOf(accepted, await runAgainst(lab, wide.url, ['--builder=nobody'])));
  return rows;
}

type Ended = { said: string; elapsed: number; peakBytes: number };

function rowOf(attack: Omit<Attack, 'serve'>, { said, elapsed, peakBytes }: Ended): Row {
  if (!attack.says.test(said)) throw new Error(`${attack.what}: the run said something else:\n${said.slice(-2_000)}`);
  const mebibytes = peakBytes / MEBIBYTE;
  return {
    what: attack.what,
    figure: `${elapsed.toFixed(1)} s, ${mebibytes.toFixed(0)} MiB at the peak`,
    goal: `${attack.maxSeconds} s, ${attack.maxMebibytes} MiB`,
    met: elapsed <= attack.maxSeconds && mebibytes <= attack.maxMebibytes,
  };
}

/** A run of the command line that fails before it builds; memory is the greatest resident size of its node process. */
async function runAgainst(lab: Lab, url: string, more: readonly string[] = []): Promise<Ended> {
  const folder = await mkdtemp(join(tmpdir(), 'phantun-bench-'));
  try {
    const args = [CLI, 'build', '--no-smoke', ...buildFlags(lab, { upstream: url }), ...more];
    const child = spawn(process.execPath, args, {
      env: { ...process.env, ...lab.env, XDG_CACHE_HOME: folder },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    let said = '';
    for (const stream of [child.stdout, child.stderr]) stream.on('data', (chunk: Buffer) => (said += chunk.toString()));
    let peakBytes = 0;
    const ended = new Promise((resolve, reject) => child.once('error', reject).once('close', resolve));
    const elapsed = await seconds(async () => {
      while (child.exitCode === null && child.signalCode === null) {
        const status = await readFile(`/proc/${child.pid}/status`, 'utf8').catch(() => '');
        peakBytes = Math.max(peakBytes, Number(/^VmHWM:\s+(\d+)/m.exec(status)?.[1] ?? 0) * 1_024);
        await sleep(POLL_MS);
      }
      await ended;
    });
    return { said, elapsed, peakBytes };
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

let packed: Buffer | undefined;

/** Made once: it takes seconds. */
function bomb(): Buffer {
  return (packed ??= gzipSync(Buffer.alloc(1_024 * MEBIBYTE)));
}

async function pour(response: ServerResponse): Promise<void> {
  response.writeHead(200).write(Buffer.from([0x1f, 0x8b]));
  while (!response.destroyed) await written(response, Buffer.alloc(MEBIBYTE, 1));
}

function drip(response: ServerResponse): void {
  response.writeHead(200).write(Buffer.from([0x1f, 0x8b]));
  const timer = setInterval(() => response.write('.'), DRIP_MS);
  response.once('close', () => clearInterval(timer));
}

/** Resolves when the stream wants more, or is gone. */
function written(stream: NodeJS.WritableStream, chunk: Buffer): Promise<void> {
  return new Promise((resolve) => {
    const done = () => {
      stream.off('drain', done).off('close', done);
      resolve();
    };
    if (stream.write(chunk)) resolve();
    else stream.on('drain', done).on('close', done);
  });
}

/** As many files and folders as are accepted, and none that says what to build. */
/** A workspace with as many files and folders beside it as there may be. */
function wideTree(workspace: Record<string, Content>): Record<string, Content> {
  const files = { ...workspace };
  const paths = Object.keys(workspace);
  const folders = new Set(
    paths.flatMap((path) => path.split('/').map((_, depth, parts) => parts.slice(0, depth).join('/'))),
  );
  // The root's own entry is the one that no path has.
  let left = ARCHIVE_LIMITS.entries - paths.length - folders.size;
  for (let folder = 0; left > 0; folder++) {
    left -= 1;
    for (let file = 0; file < 1_000 && left > 0; file++, left--)
      files[`folder-${folder}/file-${file}`] = `${folder} ${file}\n`;
  }
  return files;
}
