import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { run } from '../test/lab/exec.js';
import type { Lab } from '../test/lab/lab.js';
import { startRegistryProxy } from '../test/lab/registryProxy.js';
import { tinyWorkspace } from '../test/lab/repositories.js';
import { type Row, seconds } from './measure.js';

const ROOT = resolve(import.meta.dirname, '..');
const GOAL_SECONDS = 3;

/** A scheduled run that finds everything published: how long it takes, what it writes, how often it asks. */
export async function benchNoop({ upstream, registry, bases, env }: Lab): Promise<Row[]> {
  const folder = await mkdtemp(join(tmpdir(), 'phantun-noop-'));
  const proxy = await startRegistryProxy(registry.host);
  try {
    const repository = await upstream.addRepository('bench', 'noop', await tinyWorkspace());
    const flags = {
      upstream: repository.url,
      platforms: 'linux/amd64',
      image: `${proxy.host}/bench/noop`,
      'moving-tags': 'edge',
      'rust-image': bases.rust,
      'shell-image': bases.shell,
    };
    const words = Object.entries(flags).flatMap(([name, value]) => [`--${name}`, value]);
    const scheduled = () =>
      run(
        process.execPath,
        [join(ROOT, 'dist', 'cli.js'), 'build', '--push', '--skip-unchanged', '--no-smoke', ...words],
        {
          env: { ...process.env, ...env, XDG_CACHE_HOME: folder },
        },
      );
    await scheduled();
    proxy.requests.length = 0;
    const asked = upstream.requests.length;
    const took = await seconds(scheduled);
    const writes = proxy.requests.filter((line) => !/^(GET|HEAD) /.test(line)).length;
    return [
      {
        what: 'scheduled run, nothing changed',
        figure: `${took.toFixed(1)} s`,
        goal: `at most ${GOAL_SECONDS} s`,
        met: took <= GOAL_SECONDS,
      },
      { what: 'its writes to the registry', figure: String(writes), goal: '0', met: writes === 0 },
      {
        what: 'its requests to registry and upstream',
        figure: `${proxy.requests.length} and ${upstream.requests.length - asked}`,
        goal: '',
        met: undefined,
      },
    ];
  } finally {
    await proxy.stop();
    await rm(folder, { recursive: true, force: true });
  }
}
