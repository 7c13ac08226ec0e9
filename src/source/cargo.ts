import { parse } from 'smol-toml';
import { Failure } from '../errors.js';
import { jsonText } from '../json.js';
import { printable, printablePath } from '../text.js';
import { MAX_VERSION_LENGTH, VERSION } from '../version.js';
import type { Entry } from './archive.js';

/** The two programs an image is made of, by the names of their Cargo targets. */
const BINARIES = ['client', 'server'] as const;
/** The most a Cargo.toml or a Cargo.lock may have; parsed it takes many times as much. phantun's have 2 kB and 34 kB. */
const MAX_TOML_BYTES = 2 ** 20;
/** The most Cargo.toml files a tree may have. phantun has three. */
const MAX_MANIFESTS = 200;

/** Refuses one of cargo's files, class verification, that is too large to be parsed. Pure. */
export function requireModestToml(name: string, bytes: number): void {
  if (bytes > MAX_TOML_BYTES)
    throw new Failure(
      'verification',
      `${printablePath(name)} has ${bytes} bytes, more than the ${MAX_TOML_BYTES} that are read of it. This is probably another repository than phantun: check upstream and ref`,
    );
}

/** Refuses a tree that cannot be built `--locked`. */
export function requireCargoLock(entries: readonly Entry[], commit: string): void {
  const lock = entries.find(({ path, kind }) => path === 'Cargo.lock' && kind === 'file');
  if (lock === undefined)
    throw new Failure(
      'input',
      `commit ${commit} has no Cargo.lock, so its dependencies are pinned by nothing and it cannot be built reproducibly. phantun has one since 869c79422f1126a9994b756a8ffc7a9405e4946f (2025-03-14); give a later ref`,
    );
  requireModestToml(lock.path, lock.data.length);
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
  const { root, owner } = readManifests(entries);
  const own = owner.manifest.package?.version;
  const version = isInherited(own) ? root?.workspace?.package?.version : own;
  const refuse = (what: string) => new Failure('input', `${printablePath(owner.folder)}Cargo.toml has ${what}`);
  if (typeof version !== 'string' || !VERSION.test(version))
    throw refuse(`no version but ${version === undefined ? 'none' : printable(jsonText(version))}`);
  if (version.length > MAX_VERSION_LENGTH)
    throw refuse(
      `a version of ${version.length} characters, more than the ${MAX_VERSION_LENGTH} that a lock takes: ${printable(version, MAX_VERSION_LENGTH)}`,
    );
  return version;
}

type Owner = { folder: string; manifest: Manifest };

/** The root's manifest, and that of the one package with both binaries. The others are not kept: together they may be large. */
function readManifests(entries: readonly Entry[]): { root: Manifest | undefined; owner: Owner } {
  const files = entries.filter(({ path, kind }) => kind === 'file' && /(^|\/)Cargo\.toml$/.test(path));
  if (files.length > MAX_MANIFESTS)
    throw new Failure(
      'verification',
      `this tree has ${files.length} files called Cargo.toml, more than the ${MAX_MANIFESTS} that are read. This is probably another repository than phantun: check upstream and ref`,
    );
  const paths = new Set(entries.map(({ path }) => path));
  const owners: Owner[] = [];
  let root: Manifest | undefined;
  for (const file of files) {
    const folder = file.path.slice(0, -'Cargo.toml'.length);
    const manifest = parseManifest(file);
    if (folder === '') root = manifest;
    if (ownsBinaries(folder, manifest, paths)) owners.push({ folder, manifest });
    if (owners.length > 1) break;
  }
  const [owner] = owners;
  if (owner === undefined || owners.length > 1)
    throw new Failure(
      'input',
      `${owners.length === 0 ? 'no package' : 'more than one package'} of this tree has the binaries ${BINARIES.join(' and ')}; upstream must be phantun or a fork of it`,
    );
  return { root, owner };
}

function parseManifest({ path, data }: Entry): Manifest {
  requireModestToml(path, data.length);
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
function ownsBinaries(folder: string, manifest: Manifest, paths: ReadonlySet<string>): boolean {
  if (typeof manifest.package?.name !== 'string') return false;
  const named = new Set(Array.isArray(manifest.bin) ? manifest.bin.map(({ name }) => name) : []);
  const discovers = manifest.package.autobins !== false;
  return BINARIES.every(
    (name) =>
      named.has(name) ||
      (discovers && (paths.has(`${folder}src/bin/${name}.rs`) || paths.has(`${folder}src/bin/${name}/main.rs`))),
  );
}
