import { createHash } from 'node:crypto';
import { copyFile, mkdtemp, readFile, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { basename, join, resolve } from 'node:path';
import type { Bases } from './bases.js';
import { cached } from './cache.js';
import { type Environment, run } from './exec.js';
import { PHANTUN, phantunWorkspace } from './repositories.js';
import { startUpstream } from './upstream.js';

const ROOT = resolve(import.meta.dirname, '..', '..');
const BUILD_TIMEOUT_MS = 3_600_000;
const ARCHIVE = 'image.tar';

/** What building and loading an image needs of a lab; the part that a test's worker gets has it too. */
export type ImageLab = { readonly env: Record<string, string>; readonly bases: Bases };

/** The platform of this machine, as images name it. */
export const NATIVE_PLATFORM = `linux/${process.arch === 'x64' ? 'amd64' : process.arch}`;

/**
 * Loads the image of the real phantun for `platform` into the lab's engine and returns its name. `dist` builds and checks it
 * on first use; then it comes from the cache until dist, the Dockerfile, a base image or the source changes.
 */
export async function realImage(lab: ImageLab, platform = NATIVE_PLATFORM): Promise<string> {
  const made = await cached('image', await recipeOf(lab, platform), (dir) => build(lab, platform, dir));
  const env = { ...process.env, ...lab.env };
  const loaded = await run('docker', ['load', '--quiet', '--input', join(made, ARCHIVE)], { env });
  const name = /^Loaded image: (.+)$/m.exec(loaded)?.[1];
  if (name === undefined) throw new Error(`docker load names no image: ${loaded}`);
  return name;
}

/** Keeps what `dist` exported of the real phantun for `platform`, so that realImage need not build it. */
export async function keepImage(lab: ImageLab, platform: string, exported: string): Promise<void> {
  await cached('image', await recipeOf(lab, platform), (dir) =>
    copyFile(join(exported, archiveOf(platform)), join(dir, ARCHIVE)),
  );
}

/** Everything that decides an image but the upstream's address, which is in its labels only. */
async function recipeOf({ bases, env }: ImageLab, platform: string): Promise<unknown> {
  const bundle = (await readdir(join(ROOT, 'dist'))).sort().map((name) => join('dist', name));
  const ours = await Promise.all(['Dockerfile', ...bundle].map((name) => readFile(join(ROOT, name))));
  const digests = await Promise.all([bases.rust, bases.shell].map((image) => digestOf(image, env)));
  const source = basename(await phantunWorkspace(bases.rust, env));
  return [platform, ours.map((bytes) => createHash('sha256').update(bytes).digest('hex')), digests, source];
}

async function build({ bases, env }: ImageLab, platform: string, dir: string): Promise<void> {
  const folder = await mkdtemp(join(tmpdir(), 'phantun-image-'));
  const upstream = await startUpstream(join(folder, 'upstream'));
  try {
    const files = await phantunWorkspace(bases.rust, env);
    const repository = await upstream.addRepository('dndx', 'phantun', files, { time: PHANTUN.time });
    const exported = join(folder, 'export');
    const flags = {
      upstream: repository.url,
      platforms: platform,
      tags: platform.replaceAll('/', '-'),
      export: exported,
      'rust-image': bases.rust,
      'shell-image': bases.shell,
    };
    const words = Object.entries(flags).flatMap(([name, value]) => [`--${name}`, value]);
    await run(process.execPath, [join(ROOT, 'dist', 'cli.js'), 'build', ...words], {
      env: { ...process.env, ...env, XDG_CACHE_HOME: join(folder, 'cache') },
      timeoutMs: BUILD_TIMEOUT_MS,
    });
    await copyFile(join(exported, archiveOf(platform)), join(dir, ARCHIVE));
  } finally {
    await upstream.stop();
    await rm(folder, { recursive: true, force: true });
  }
}

function archiveOf(platform: string): string {
  return `${platform.replaceAll('/', '-')}.tar`;
}

async function digestOf(image: string, env: Environment): Promise<string> {
  const inspect = ['buildx', 'imagetools', 'inspect', '--format', '{{json .Manifest}}', image];
  const said = await run('docker', inspect, { env: { ...process.env, ...env } });
  return (JSON.parse(said) as { digest: string }).digest;
}
