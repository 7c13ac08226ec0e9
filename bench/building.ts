import { randomUUID } from 'node:crypto';
import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { run } from '../test/lab/exec.js';
import type { Lab } from '../test/lab/lab.js';
import { PHANTUN } from '../test/lab/repositories.js';
import type { Repository } from '../test/lab/repository.js';
import { buildFlags, runCli } from './cli.js';
import { type Row, interleaved, seconds } from './measure.js';

const ROOT = resolve(import.meta.dirname, '..');
const PLATFORMS = 'linux/amd64,linux/arm64';
const GOAL = { seconds: 5, ratio: 1.03 };
const WARM_ROUNDS = 5;
const MAX_UNPACKED = 9_000_000;

/** The whole action, without running the image, against a bare buildx build of the same Dockerfile and source; both cold. */
export async function benchBuilding(lab: Lab, repository: Repository, rounds: number): Promise<Row[]> {
  const env = { ...process.env, ...lab.env };
  const folder = await mkdtemp(join(tmpdir(), 'phantun-bench-'));
  const docker = (...args: string[]) => run('docker', args, { env, timeoutMs: 3_600_000 });
  const source = join(folder, 'source');
  const empty = join(folder, 'empty');
  await mkdir(empty);
  await run('git', ['clone', '--quiet', repository.url, source]);
  await rm(join(source, '.git'), { recursive: true });

  const bare = () =>
    docker(
      ...['buildx', 'build', '--platform', PLATFORMS, '--file', join(ROOT, 'Dockerfile')],
      ...['--build-context', `source=${source}`, '--provenance=false', '--sbom=false'],
      ...['--build-arg', `RUST_IMAGE=${lab.bases.rust}`, '--build-arg', `SHELL_IMAGE=${lab.bases.shell}`],
      ...['--output', `type=oci,dest=${join(folder, 'bare.tar')}`, empty],
    );
  const exported = join(folder, 'export');
  let ref = 'HEAD';
  const action = async () => {
    await rm(exported, { recursive: true, force: true });
    const flags = buildFlags(lab, { upstream: repository.url, ref, platforms: PLATFORMS, export: exported });
    await runCli(lab, folder, ['build', '--no-smoke', ...flags]);
  };
  /** Changes the source and makes a commit of it: nothing of it is in a cache, and what else is there stays. */
  const neverBuilt = async () => {
    const mark = randomUUID();
    await writeFile(join(source, 'mark'), mark);
    const commit = await repository.addCommit(repository.commit, source, { time: PHANTUN.time });
    await repository.setRef(`refs/heads/bench-${mark}`, commit);
    return commit;
  };
  try {
    // Both pull the bases once before anything is timed: the goal is about what the action adds.
    await bare();
    await action();
    const warm = await interleaved(WARM_ROUNDS, { bare, action });
    const times = { bare: [] as number[], action: [] as number[] };
    for (let round = 0; round < rounds; round++)
      for (const [name, work] of [
        ['bare', bare],
        ['action', action],
      ] as const) {
        ref = await neverBuilt();
        times[name].push(await seconds(work));
      }
    return [...buildRows(warm, times), await sizeRow(exported)];
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

function buildRows(warm: { bare: number; action: number }, cold: { bare: number[]; action: number[] }): Row[] {
  const [bare = Number.NaN, action = Number.NaN] = [cold.bare, cold.action].map((times) => Math.min(...times));
  const extra = action - bare;
  return [
    {
      what: `whole action against a bare buildx build of both platforms, cold, best of ${cold.bare.length}`,
      figure: `${action.toFixed(1)} s against ${bare.toFixed(1)} s: ${extra >= 0 ? '+' : ''}${extra.toFixed(1)} s, ratio ${(action / bare).toFixed(3)}`,
      goal: `at most ${GOAL.seconds} s and ${Math.round((GOAL.ratio - 1) * 100)} % more`,
      met: extra <= GOAL.seconds && action / bare <= GOAL.ratio,
    },
    {
      what: `the same with everything in the builder’s cache, medians of ${WARM_ROUNDS}`,
      figure: `${warm.action.toFixed(1)} s against ${warm.bare.toFixed(1)} s: +${(warm.action - warm.bare).toFixed(1)} s`,
      goal: `at most ${GOAL.seconds} s more`,
      met: warm.action - warm.bare <= GOAL.seconds,
    },
  ];
}

async function sizeRow(exported: string): Promise<Row> {
  const index = JSON.parse(await readFile(join(exported, 'oci', 'index.json'), 'utf8')) as {
    manifests: [{ digest: string }];
  };
  const blob = async (digest: string) =>
    JSON.parse(await readFile(join(exported, 'oci', 'blobs', digest.replace(':', '/')), 'utf8')) as unknown;
  const { manifests } = (await blob(index.manifests[0].digest)) as {
    manifests: { digest: string; platform: { architecture: string } }[];
  };
  const sizes: string[] = [];
  let largest = 0;
  for (const { digest, platform } of manifests) {
    const { layers } = (await blob(digest)) as { layers: [{ size: number }] };
    const unpacked = (await readFile(join(exported, `linux-${platform.architecture}.tar`))).length;
    largest = Math.max(largest, unpacked);
    sizes.push(
      `${platform.architecture} ${(unpacked / 1e6).toFixed(2)} MB (${(layers[0].size / 1e6).toFixed(2)} MB to download)`,
    );
  }
  return {
    what: 'image, unpacked',
    figure: sizes.join(', '),
    goal: `${MAX_UNPACKED / 1e6} MB`,
    met: largest <= MAX_UNPACKED,
  };
}
