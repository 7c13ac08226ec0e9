import { createHash } from 'node:crypto';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import type { Bases } from './bases.js';
import { cached } from './cache.js';
import { run } from './exec.js';
import { PHANTUN, phantunWorkspace } from './repositories.js';
import { startUpstream } from './upstream.js';

const ROOT = resolve(import.meta.dirname, '..', '..');
const BUILD_TIMEOUT_MS = 3_600_000;

/** What building and loading an image needs of a lab; the part that a test's worker gets has it too. */
export type ImageLab = { readonly env: Record<string, string>; readonly bases: Bases };

/** The platform of this machine, as images name it. */
export const NATIVE_PLATFORM = `linux/${process.arch === 'x64' ? 'amd64' : process.arch}`;

/**
 * Loads the image of the real phantun for `platform` into the lab's engine and returns its name. `dist` builds and checks it
 * on first use; then it comes from the cache until the Dockerfile, a base image or the source changes.
 */
export async function realImage(lab: ImageLab, platform = NATIVE_PLATFORM): Promise<string> {
  const env = { ...process.env, ...lab.env };
  const tag = `real-${platform.replaceAll('/', '-').replace('linux-', '')}`;
  await run('docker', ['load', '--quiet', '--input', await archive(lab, platform, tag)], { env });
  return `phantun-runtime:${tag}`;
}

/** The docker-archive of an image, from the cache or built. */
async function archive(lab: ImageLab, platform: string, tag: string): Promise<string> {
  const env = { ...process.env, ...lab.env };
  const folder = await mkdtemp(join(tmpdir(), 'phantun-image-'));
  const upstream = await startUpstream(join(folder, 'upstream'));
  try {
    const files = await phantunWorkspace(lab.bases.rust, lab.env);
    const repository = await upstream.addRepository('dndx', 'phantun', files, { time: PHANTUN.time });
    const dockerfile = createHash('sha256').update(await readFile(join(ROOT, 'Dockerfile')));
    const bases = await Promise.all([lab.bases.rust, lab.bases.shell].map((image) => digestOf(image, env)));
    const recipe = ['v1', platform, tag, dockerfile.digest('hex'), bases, repository.commit];
    const made = await cached('image', recipe, async (dir) => {
      const flags = {
        upstream: repository.url,
        platforms: platform,
        tags: tag,
        export: join(dir, 'out'),
        'rust-image': lab.bases.rust,
        'shell-image': lab.bases.shell,
      };
      const words = Object.entries(flags).flatMap(([name, value]) => [`--${name}`, value]);
      await run(process.execPath, [join(ROOT, 'dist', 'cli.js'), 'build', ...words], {
        env: { ...env, XDG_CACHE_HOME: join(folder, 'cache') },
        timeoutMs: BUILD_TIMEOUT_MS,
      });
    });
    return join(made, 'out', `${platform.replaceAll('/', '-')}.tar`);
  } finally {
    await upstream.stop();
    await rm(folder, { recursive: true, force: true });
  }
}

async function digestOf(image: string, env: Record<string, string | undefined>): Promise<string> {
  const inspect = ['buildx', 'imagetools', 'inspect', '--format', '{{json .Manifest}}', image];
  return (JSON.parse(await run('docker', inspect, { env })) as { digest: string }).digest;
}
