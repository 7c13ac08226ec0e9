import { mkdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Deps } from '../../deps.js';
import { Failure } from '../../errors.js';
import { withRetries } from '../../http/retry.js';
import { type Platform, platformSlug } from '../../platform.js';
import { childEnvironment, execute } from '../../process.js';
import { printable } from '../../text.js';
import type { PinnedBases } from './bases.js';

const BUILD_DEADLINE_SECONDS = 3 * 3_600;
const LAST_LINES = 50;

/** One image build: everything that decides it, nothing read from elsewhere. */
export type BuildSpec = {
  builder: string;
  platform: Platform;
  dockerfile: string;
  /** The verified tree, handed over as the named context `source`. */
  source: string;
  /** An empty folder: the Dockerfile takes nothing from its main context. */
  context: string;
  bases: PinnedBases;
  /** Seconds since 1970, every time in the image. */
  epoch: number;
  labels: Readonly<Record<string, string>>;
  /** Folder for the uncompressed OCI layout. */
  layout: string;
  metadata: string;
};

/** The arguments of `docker` for one build. Pure. */
export function buildArguments(spec: BuildSpec): string[] {
  const labels = Object.entries(spec.labels)
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .flatMap(([key, value]) => ['--label', `${key}=${value}`]);
  return [
    ...['buildx', 'build'],
    ...['--builder', spec.builder],
    ...['--platform', spec.platform],
    ...['--file', spec.dockerfile],
    ...['--build-context', `source=${spec.source}`],
    ...['--build-arg', `RUST_IMAGE=${spec.bases.rust}`],
    ...['--build-arg', `SHELL_IMAGE=${spec.bases.shell}`],
    ...['--build-arg', `SOURCE_DATE_EPOCH=${spec.epoch}`],
    ...labels,
    ...['--provenance=false', '--sbom=false'],
    ...['--progress', 'plain'],
    ...['--metadata-file', spec.metadata],
    ...['--output', `type=oci,dest=${spec.layout},tar=false,compression=uncompressed,force-compression=true`],
    spec.context,
  ];
}

/** Builds every platform, all at once, a call each; resolves with the folder of each platform's layout. */
export async function buildPlatforms(
  platforms: readonly Platform[],
  common: Omit<BuildSpec, 'platform' | 'context' | 'layout' | 'metadata'>,
  folder: string,
  deps: Deps,
): Promise<Map<Platform, string>> {
  const context = join(folder, 'context');
  await mkdir(context, { recursive: true });
  const specs = platforms.map((platform): BuildSpec => {
    const slug = platformSlug(platform);
    return { ...common, platform, context, layout: join(folder, slug), metadata: join(folder, `${slug}.json`) };
  });
  // One failed platform ends the others: their time would be for nothing.
  const stop = new AbortController();
  const signal = AbortSignal.any([deps.signal, stop.signal]);
  const results = await Promise.allSettled(
    specs.map((spec) =>
      buildOne(spec, { ...deps, signal }).catch((error: unknown) => {
        stop.abort();
        throw error;
      }),
    ),
  );
  const failures = results.flatMap((result) => (result.status === 'rejected' ? [result.reason as Failure] : []));
  const first = failures.find(({ kind }) => kind !== 'cancelled') ?? failures[0];
  if (first !== undefined) throw first;
  return new Map(specs.map(({ platform, layout }) => [platform, layout]));
}

async function buildOne(spec: BuildSpec, deps: Deps): Promise<void> {
  // Only a registry's rate limit is waited for; a compile is never tried twice.
  await withRetries(
    `building ${spec.platform}`,
    deps,
    async () => {
      const tail: string[] = [];
      const { code } = await execute(
        'docker',
        buildArguments(spec),
        {
          env: childEnvironment('docker'),
          what: `the build of ${spec.platform}`,
          deadlineSeconds: BUILD_DEADLINE_SECONDS,
          onLine: (line) => {
            deps.log.child(line, spec.platform);
            tail.push(line);
            if (tail.length > LAST_LINES) tail.shift();
          },
        },
        deps,
      );
      if (code !== 0) throw buildFailure(code, tail, spec.platform);
    },
    ['rate-limit'],
  );
  await requireMetadata(spec);
}

/** docker may exit 0 without having built what was asked; the metadata names what it exported. */
async function requireMetadata(spec: BuildSpec): Promise<void> {
  const text = await readFile(spec.metadata, 'utf8').catch(() => '{}');
  const digest = (JSON.parse(text) as Record<string, unknown>)['containerimage.digest'];
  if (typeof digest !== 'string')
    throw new Failure(
      'build',
      `docker buildx ended well for ${spec.platform} but names no image digest. Update buildx and BuildKit`,
    );
}

/** What a failed build means, from its exit code and last lines, which go into the summary. Pure. */
export function buildFailure(code: number, tail: readonly string[], platform: string): Failure {
  const details = tail.map((line) => printable(line, 300));
  const text = tail.join('\n');
  const what = `the build of ${platform} failed`;
  if (code === 137 || /exit code: 137|signal: 9, SIGKILL|cannot allocate memory|out of memory|OOMKilled/i.test(text))
    return new Failure(
      'build',
      `${what}: the machine ran out of memory (killed). Give the builder more memory, or build fewer platforms at once`,
      {
        details,
      },
    );
  if (/toomanyrequests|429 Too Many Requests|pull rate limit/i.test(text))
    return new Failure(
      'rate-limit',
      `${what}: the registry of a base image limits how often this machine may pull. Log in with 'docker login', or name a mirror in rust-image and shell-image`,
      { details },
    );
  if (/no space left on device/i.test(text))
    return new Failure(
      'local',
      `${what}: no space left where the builder keeps its files. 'docker buildx prune' frees some`,
      { details },
    );
  if (
    /failed to (download|get|query|load)|spurious network error|download of .* failed|unable to update registry/i.test(
      text,
    ) &&
    text.includes('cargo fetch')
  )
    return new Failure(
      'transient',
      `${what}: dependency source unavailable, cargo could not fetch the crates that Cargo.lock names`,
      { details },
    );
  const compiler = /^.*?\b(error(\[E\d+\])?: .+)$/m.exec(text)?.[1];
  return new Failure(
    'build',
    `${what}, exit code ${code}${compiler === undefined ? '' : `: ${printable(compiler)}`}. The last lines are in the summary`,
    {
      details,
    },
  );
}
