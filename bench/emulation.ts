import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { cached } from '../test/lab/cache.js';
import { bootstrap } from '../test/lab/debian.js';
import { run } from '../test/lab/exec.js';
import type { Lab } from '../test/lab/lab.js';
import { pushLayout, writeLayout } from '../test/lab/layout.js';
import type { Repository } from '../test/lab/repository.js';
import { type Row, seconds } from './measure.js';

const ROOT = resolve(import.meta.dirname, '..');
const GOAL_RATIO = 15;

/** An emulated build is cut off when it has taken this many seconds more than what shows the goal. */
const MARGIN_SECONDS = 60;

/**
 * The cold build of both platforms by the Dockerfile, against a native build and one in an emulated arm64 container of the same source,
 * which is called `name` in the figures. The emulated one is cut off when the goal is shown: then the ratio is a lower bound, and says so.
 */
export async function benchEmulation(lab: Lab, name: string, repository: Repository): Promise<Row[]> {
  const folder = await mkdtemp(join(tmpdir(), 'phantun-bench-'));
  try {
    return [await compareBuilds(lab, name, repository, await emulatedCompiler(lab.registry.host), folder)];
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

async function compareBuilds(
  lab: Lab,
  name: string,
  repository: Repository,
  emulated: string,
  folder: string,
): Promise<Row> {
  const buildx = (timeoutMs: number, ...args: string[]) =>
    run('docker', ['buildx', 'build', ...args], { env: { ...process.env, ...lab.env }, timeoutMs });
  const [source, empty, file] = [join(folder, 'source'), join(folder, 'empty'), join(folder, 'Dockerfile')];
  await mkdir(empty, { recursive: true });
  await run('git', ['clone', '--quiet', repository.url, source]);
  await rm(join(source, '.git'), { recursive: true });
  await writeFile(file, EMULATED);
  const alone = (platform: string, image: string) => [
    ...['--platform', platform, '--file', file, '--build-arg', `RUST_IMAGE=${image}`],
    ...['--build-context', `source=${source}`, '--output', 'type=cacheonly', '--no-cache', empty],
  ];
  const cross = await seconds(() =>
    buildx(
      3_600_000,
      ...['--platform', 'linux/amd64,linux/arm64', '--file', join(ROOT, 'Dockerfile'), '--no-cache'],
      ...['--build-arg', `RUST_IMAGE=${lab.bases.rust}`, '--build-arg', `SHELL_IMAGE=${lab.bases.shell}`],
      ...['--build-context', `source=${source}`, '--output', 'type=cacheonly', empty],
    ),
  );
  const native = await seconds(() => buildx(3_600_000, ...alone('linux/amd64', lab.bases.rust)));
  const enough = GOAL_RATIO * cross - native + MARGIN_SECONDS;
  const start = Date.now();
  const cutOff = await buildx(enough * 1_000, ...alone('linux/arm64', emulated)).then(
    () => false,
    (error: unknown) => {
      // Anything but our own cut is a broken benchmark, not a slow build.
      if (!String(error).includes('SIGKILL')) throw error;
      return true;
    },
  );
  const foreign = (Date.now() - start) / 1_000;
  const ratio = (native + foreign) / cross;
  return {
    what: `${name}: cold build of both platforms against native plus emulated arm64`,
    figure: `${cross.toFixed(0)} s against ${native.toFixed(0)} + ${cutOff ? '> ' : ''}${foreign.toFixed(0)} s: ${cutOff ? 'more than ' : ''}${ratio.toFixed(1)} times faster${cutOff ? ` (emulation cut off after ${(foreign / 60).toFixed(0)} min)` : ''}`,
    goal: `${GOAL_RATIO} times`,
    met: ratio >= GOAL_RATIO,
  };
}

const EMULATED = `ARG RUST_IMAGE
FROM scratch AS source
FROM \${RUST_IMAGE}
ENV CARGO_TARGET_DIR=/build CARGO_PROFILE_RELEASE_LTO=fat CARGO_PROFILE_RELEASE_CODEGEN_UNITS=1 CARGO_PROFILE_RELEASE_STRIP=symbols
RUN --mount=type=bind,from=source,target=/source cargo build --locked --release --bin client --bin server --manifest-path /source/Cargo.toml
`;

/** A Debian with an arm64 compiler that runs under emulation, pushed to the registry `host`. */
async function emulatedCompiler(host: string): Promise<string> {
  const layout = await cached('emulated-rust', ['v1'], async (dir) => {
    const root = join(dir, 'root');
    await mkdir(root);
    await bootstrap(root, ['rustc', 'cargo', 'gcc', 'libc6-dev'], 'arm64');
    const config = { Env: ['PATH=/usr/sbin:/usr/bin:/sbin:/bin'] };
    await writeLayout(dir, [{ root, platform: { os: 'linux', architecture: 'arm64', variant: 'v8' }, config }]);
  });
  const reference = `${host}/bench/rust:arm64`;
  await pushLayout(layout, reference);
  return reference;
}
