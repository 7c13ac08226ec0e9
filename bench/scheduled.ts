import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Lab } from '../test/lab/lab.js';
import { tinyWorkspace } from '../test/lab/repositories.js';
import { buildFlags, runCli } from './cli.js';
import { type Row, median, seconds } from './measure.js';

const ROUNDS = 5;
const GOAL_SECONDS = 3;

/** A scheduled run that finds everything unchanged: its time, what it asks of upstream and registry, and what it writes. */
export async function benchScheduled(lab: Lab): Promise<Row[]> {
  const folder = await mkdtemp(join(tmpdir(), 'phantun-bench-'));
  try {
    const repository = await lab.upstream.addRepository('bench', 'scheduled', await tinyWorkspace());
    const flags = buildFlags(lab, {
      upstream: repository.url,
      image: `${lab.registry.host}/bench/scheduled`,
      'moving-tags': 'latest',
    });
    const scheduled = () => runCli(lab, folder, ['build', '--push', '--no-smoke', '--skip-unchanged', ...flags]);
    await scheduled();
    const before = { registry: await registryRequests(lab), upstream: lab.upstream.requests.length };
    const times: number[] = [];
    for (let round = 0; round < ROUNDS; round++) times.push(await seconds(scheduled));
    const asked = (await registryRequests(lab)).slice(before.registry.length);
    const writes = asked.filter((method) => !['GET', 'HEAD'].includes(method)).length;
    const time = median(times);
    return [
      {
        what: `scheduled run with nothing new, median of ${ROUNDS}`,
        figure: `${time.toFixed(1)} s, ${writes} writes, ${Math.round(asked.length / ROUNDS)} requests to the registry, ${Math.round((lab.upstream.requests.length - before.upstream) / ROUNDS)} to upstream`,
        goal: `${GOAL_SECONDS} s, 0 writes`,
        met: time <= GOAL_SECONDS && writes === 0,
      },
    ];
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

/** The methods of all requests in the registry's access log. */
async function registryRequests(lab: Lab): Promise<string[]> {
  const log = await readFile(join(lab.dir, 'registry', 'registry.log'), 'utf8');
  return [...log.matchAll(/"(GET|HEAD|PUT|POST|PATCH|DELETE) \/v2\//g)].map(([, method = '']) => method);
}
