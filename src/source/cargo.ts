import { parse } from 'smol-toml';
import { Failure } from '../errors.js';
import { printable, printablePath } from '../text.js';
import type { Entry } from './archive.js';

/** The two programs an image is made of, by the names of their Cargo targets. */
const BINARIES = ['client', 'server'] as const;
const VERSION = /^\d+\.\d+\.\d+(-[0-9A-Za-z.-]+)?(\+[0-9A-Za-z.-]+)?$/;

/** Refuses a tree that cannot be built `--locked`. */
export function requireCargoLock(entries: readonly Entry[], commit: string): void {
  if (!entries.some(({ path, kind }) => path === 'Cargo.lock' && kind === 'file'))
    throw new Failure(
      'input',
      `commit ${commit} has no Cargo.lock, so its dependencies are pinned by nothing and it cannot be built reproducibly. phantun has one since 869c79422f1126a9994b756a8ffc7a9405e4946f (2025-03-14); give a later ref`,
    );
}

/**
 * Refuses a tree whose root has a `.dockerignore`: BuildKit obeys it in named contexts too, so files that were verified would
 * silently be missing from the build.
 */
export function requireNoDockerignore(entries: readonly Entry[], commit: string): void {
  if (entries.some(({ path }) => path === '.dockerignore'))
    throw new Failure(
      'verification',
      `commit ${commit} has a .dockerignore at its root, which would keep verified files from the build. Upstream never had one; build another ref, or ask upstream to move it`,
    );
}

type Manifest = {
  package?: { name?: unknown; version?: unknown; autobins?: unknown };
  workspace?: { package?: { version?: unknown } };
  bin?: { name?: unknown }[];
};

/** The version of the one package that owns the binaries `client` and `server`, from the Cargo.toml files of a tree. Pure. */
export function packageVersion(entries: readonly Entry[]): string {
  const manifests = entries
    .filter(({ path, kind }) => kind === 'file' && /(^|\/)Cargo\.toml$/.test(path))
    .map((entry) => ({ folder: entry.path.slice(0, -'Cargo.toml'.length), manifest: parseManifest(entry) }));
  const owners = manifests.filter(({ folder, manifest }) => ownsBinaries(folder, manifest, entries));
  const [owner] = owners;
  if (owner === undefined || owners.length > 1)
    throw new Failure(
      'input',
      `${owners.length === 0 ? 'no package' : 'more than one package'} of this tree has the binaries ${BINARIES.join(' and ')}; upstream must be phantun or a fork of it`,
    );
  const root = manifests.find(({ folder }) => folder === '')?.manifest;
  const own = owner.manifest.package?.version;
  const version = isInherited(own) ? root?.workspace?.package?.version : own;
  if (typeof version !== 'string' || !VERSION.test(version))
    throw new Failure(
      'input',
      `${printablePath(owner.folder)}Cargo.toml has no version but ${version === undefined ? 'none' : printable(JSON.stringify(version))}`,
    );
  return version;
}

function parseManifest({ path, data }: Entry): Manifest {
  try {
    return parse(data.toString('utf8'));
  } catch (cause) {
    throw new Failure('input', `${printablePath(path)} cannot be read as TOML`, { cause });
  }
}

function isInherited(version: unknown): boolean {
  return (version as { workspace?: unknown } | undefined)?.workspace === true;
}

/** Cargo's target discovery: `[[bin]]` tables, and files in src/bin unless `autobins` is off. */
function ownsBinaries(folder: string, manifest: Manifest, entries: readonly Entry[]): boolean {
  if (typeof manifest.package?.name !== 'string') return false;
  const named = new Set(Array.isArray(manifest.bin) ? manifest.bin.map(({ name }) => name) : []);
  const discovers = manifest.package.autobins !== false;
  return BINARIES.every(
    (name) =>
      named.has(name) ||
      (discovers &&
        entries.some(
          ({ path }) => path === `${folder}src/bin/${name}.rs` || path === `${folder}src/bin/${name}/main.rs`,
        )),
  );
}
