import type { Platform } from '../../platform.js';
import type { PinnedBases } from './bases.js';

/** Folders that are handed over as named contexts of the Dockerfile. */
export type Contexts = {
  /** The verified tree. */
  source: string;
  /** Crate files to build with, instead of fetching them. */
  crates?: string | undefined;
};

/** What all calls of one build share: everything that decides its bytes, nothing read from elsewhere. */
export type BuildSpec = {
  builder: string;
  dockerfile: string;
  contexts: Contexts;
  /** `name:tag@digest`, or OCI layouts on disk. */
  bases: PinnedBases | LocalBases;
  /** Seconds since 1970, every time in the image. */
  epoch: number;
  labels: Readonly<Record<string, string>>;
  /** Whether every step is run, whatever the builder has kept. */
  noCache: boolean;
};

/** Base images as OCI layouts: `{ folder, digest }` of each. */
export type LocalBases = Record<keyof PinnedBases, { folder: string; digest: string }>;

/**
 * What one call gives: an image as an uncompressed OCI layout, which is one platform's, or the files of a stage, in a folder for
 * each platform below `folder`.
 */
export type Output =
  { kind: 'image'; layout: string; metadata: string } | { kind: 'files'; stage: string; folder: string };

/** One call of buildx. `context` is an empty folder: the Dockerfile takes nothing from its main context. */
export type Call = { spec: BuildSpec; platforms: readonly Platform[]; output: Output; context: string };

/** The arguments of `docker` for one call. Pure. */
export function buildArguments({ spec, platforms, output, context }: Call): string[] {
  const labels = Object.entries(spec.labels)
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .flatMap(([key, value]) => ['--label', `${key}=${value}`]);
  return [
    ...['buildx', 'build'],
    ...['--builder', spec.builder],
    ...['--platform', platforms.join(',')],
    ...['--file', spec.dockerfile],
    ...(spec.noCache ? ['--no-cache'] : []),
    ...['--build-context', `source=${spec.contexts.source}`],
    ...(spec.contexts.crates === undefined ? [] : ['--build-context', `crates=${spec.contexts.crates}`]),
    ...baseArguments('RUST_IMAGE', 'rust', spec.bases),
    ...baseArguments('SHELL_IMAGE', 'shell', spec.bases),
    ...['--build-arg', `SOURCE_DATE_EPOCH=${spec.epoch}`],
    ...['--provenance=false', '--sbom=false'],
    ...['--progress', 'plain'],
    ...(output.kind === 'image'
      ? [
          ...labels,
          ...['--metadata-file', output.metadata],
          ...['--output', `type=oci,dest=${output.layout},tar=false,compression=uncompressed,force-compression=true`],
        ]
      : [
          ...['--target', output.stage],
          // A folder for a platform, even for one alone: before BuildKit 0.23 platform-split=true does not do that.
          ...['--build-arg', 'BUILDKIT_MULTI_PLATFORM=true'],
          ...['--output', `type=local,dest=${output.folder}`],
        ]),
    context,
  ];
}

function baseArguments(argument: string, name: keyof PinnedBases, bases: PinnedBases | LocalBases): string[] {
  const base = bases[name];
  if (typeof base === 'string') return ['--build-arg', `${argument}=${base}`];
  const context = `${name}-base`;
  return [
    ...['--build-arg', `${argument}=${context}`],
    ...['--build-context', `${context}=oci-layout://${base.folder}@${base.digest}`],
  ];
}
