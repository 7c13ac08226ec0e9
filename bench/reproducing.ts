import { mkdir, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { run } from '../test/lab/exec.js';
import type { Lab } from '../test/lab/lab.js';
import type { Repository } from '../test/lab/repository.js';
import { buildFlags, runCli } from './cli.js';
import { type Row, interleaved } from './measure.js';

const ROOT = resolve(import.meta.dirname, '..');
const PLATFORMS = 'linux/amd64,linux/arm64';

/** `reproduce` of a published image against a bare second build of the same source, both without cache. */
export async function benchReproducing(lab: Lab, repository: Repository, rounds: number): Promise<Row[]> {
  const folder = await mkdtemp(join(tmpdir(), 'phantun-bench-'));
  const [source, empty] = [join(folder, 'source'), join(folder, 'empty')];
  const image = `${lab.registry.host}/bench/reproduced`;
  try {
    await mkdir(empty);
    await run('git', ['clone', '--quiet', repository.url, source]);
    await rm(join(source, '.git'), { recursive: true });
    const flags = buildFlags(lab, { upstream: repository.url, platforms: PLATFORMS, image, tags: 'bench' });
    await runCli(lab, folder, ['build', '--push', '--no-smoke', ...flags]);
    const times = await interleaved(rounds, {
      bare: () =>
        run(
          'docker',
          [
            ...['buildx', 'build', '--no-cache', '--platform', PLATFORMS, '--file', join(ROOT, 'Dockerfile')],
            ...['--build-context', `source=${source}`, '--provenance=false', '--sbom=false'],
            ...['--build-arg', `RUST_IMAGE=${lab.bases.rust}`, '--build-arg', `SHELL_IMAGE=${lab.bases.shell}`],
            ...['--output', `type=oci,dest=${join(folder, 'bare.tar')}`, empty],
          ],
          { env: { ...process.env, ...lab.env }, timeoutMs: 3_600_000 },
        ),
      reproduce: () => runCli(lab, folder, ['reproduce', `${image}:bench`]),
    });
    const ratio = times.reproduce / times.bare;
    return [
      {
        what: `reproduce against a bare second build of both platforms, without cache, median of ${rounds}`,
        figure: `${times.reproduce.toFixed(1)} s against ${times.bare.toFixed(1)} s, ratio ${ratio.toFixed(3)}`,
        goal: '',
        met: undefined,
      },
    ];
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}
