import { parse } from 'smol-toml';
import { Failure } from '../errors.js';
import { asList, asObject, asText, type JsonObject, shown } from '../json.js';
import { requireModestToml } from '../source/cargo.js';
import { isPrintable, printable } from '../text.js';

/** A package that goes into the programs of one platform, or that only helped to build them. */
export type Crate = {
  /** cargo's id, the node's name in the graph. */
  id: string;
  name: string;
  version: string;
  /** SPDX expression as the package has it, in today's spelling; undefined where it names a file instead. */
  licence: string | undefined;
  /** SHA256 of the crate file as Cargo.lock has it; undefined for upstream's own packages. */
  sha256: string | undefined;
  /** Whether nothing of it is linked: a build script's or a procedural macro's. */
  buildOnly: boolean;
  /** Ids of the packages it needs here. */
  needs: string[];
};

/** A crate file that Cargo.lock names, with the SHA256 it must have. */
export type LockedCrate = { name: string; version: string; sha256: string };

/** A Cargo.lock as TOML, nothing of it read yet. Failure class verification for what is none, or too large for one. Pure. */
export function parseCargoLock(cargoLock: string): JsonObject {
  requireModestToml('Cargo.lock', Buffer.byteLength(cargoLock));
  try {
    return asObject(parse(cargoLock), 'Cargo.lock');
  } catch (cause) {
    throw new Failure('verification', 'Cargo.lock is not TOML', { cause });
  }
}

/** The crates of crates.io that a Cargo.lock names. Failure class verification for a form that cargo does not write. Pure. */
export function lockedCrates(cargoLock: string): LockedCrate[] {
  const what = 'Cargo.lock';
  const document = parseCargoLock(cargoLock);
  if (Object.keys(asObject(document.metadata ?? {}, what)).some((key) => key.startsWith('checksum ')))
    throw new Failure(
      'verification',
      `${what} is of cargo's first format, which is not read here: a newer cargo rewrites it`,
    );
  return asList(document.package ?? [], what)
    .map((item) => asObject(item, `package in ${what}`))
    .filter(({ checksum }) => checksum !== undefined)
    .map((item) => {
      const [name, version, sha256] = [item.name, item.version, item.checksum].map((text) => asText(text, what));
      if (!/^[\w-]+$/.test(name ?? '') || !/^[\w.+-]+$/.test(version ?? '') || !/^[0-9a-f]{64}$/.test(sha256 ?? ''))
        throw new Failure('verification', `${what} has a package whose name, version or checksum is malformed`);
      return { name: name ?? '', version: version ?? '', sha256: sha256 ?? '' };
    });
}

type Package = { id: string; name: string; version: string; licence: string | undefined; macro: boolean; own: boolean };
type Edge = { to: string; kind: 'normal' | 'build' };

/**
 * The packages behind the binaries `client` and `server` on one platform, sorted by name and version, from what
 * `cargo metadata --filter-platform` prints (doc.rust-lang.org/cargo/commands/cargo-metadata.html) and Cargo.lock.
 * Packages that only tests need are left out. Pure.
 */
export function cratesOf(metadata: unknown, cargoLock: string): Crate[] {
  const what = 'the output of cargo metadata';
  const document = asObject(metadata, what);
  const packages = asList(document.packages, what).map((item) => packageOf(asObject(item, what), what));
  const nodes = asList(asObject(document.resolve, what).nodes, what).map((node) => asObject(node, what));
  const edges = new Map(nodes.map((node) => [asText(node.id, what), edgesOf(node, what)]));
  const byId = new Map(packages.map((one) => [one.id, one]));
  const roots = packages.filter(({ own }) => own).map(({ id }) => id);
  if (roots.length === 0)
    throw new Failure('verification', `${what} names no package with the binaries client and server`);

  const isMacro = (id: string): boolean => byId.get(id)?.macro === true;
  const linked = reach(roots, (id) =>
    isMacro(id) ? [] : (edges.get(id) ?? []).filter(({ kind, to }) => kind === 'normal' && !isMacro(to)),
  );
  const all = reach(roots, (id) => edges.get(id) ?? []);
  const hashes = new Map(lockedCrates(cargoLock).map(({ name, version, sha256 }) => [`${name} ${version}`, sha256]));
  return packages
    .filter(({ id }) => all.has(id))
    .map(({ id, name, version, licence }) => ({
      id,
      name,
      version,
      licence,
      sha256: hashes.get(`${name} ${version}`),
      buildOnly: !linked.has(id),
      needs: [...new Set((edges.get(id) ?? []).map(({ to }) => to))].sort(),
    }))
    .sort((a, b) => order(`${a.name} ${a.version}`, `${b.name} ${b.version}`));
}

function order(a: string, b: string): number {
  if (a === b) return 0;
  return a < b ? -1 : 1;
}

function packageOf(item: JsonObject, what: string): Package {
  const targets = asList(item.targets, what).map((target) => asObject(target, what));
  const binaries = targets.filter(({ kind }) => asList(kind, what).includes('bin')).map(({ name }) => name);
  return {
    id: asText(item.id, what),
    name: asText(item.name, what),
    version: asText(item.version, what),
    licence: typeof item.license === 'string' && item.license !== '' ? licenceOf(item.license, item.name) : undefined,
    macro: targets.some(({ kind }) => asList(kind, what).includes('proc-macro')),
    own: binaries.includes('client') && binaries.includes('server'),
  };
}

/** The most a licence may have; real ones have some dozens of characters. */
const MAX_LICENCE_LENGTH = 1_000;

/** Whether a text may stand as a licence in an SBOM: some characters, all of them plain to see. Pure. */
export function isLicence(text: string): boolean {
  return text !== '' && isPrintable(text, MAX_LICENCE_LENGTH);
}

/** Old crates write `MIT/Apache-2.0`, which meant a choice. */
function licenceOf(text: string, name: unknown): string {
  const parts = text.length > MAX_LICENCE_LENGTH ? [] : text.split('/');
  const licence = parts.map((part) => part.trim()).join(' OR ');
  if (!isLicence(licence))
    throw new Failure(
      'build',
      `the licence of ${shown(name)} is no SPDX expression of at most ${MAX_LICENCE_LENGTH} characters: ${printable(text)}`,
    );
  return licence;
}

/** Edges of a node that a build follows; those of tests are not. */
function edgesOf(node: JsonObject, what: string): Edge[] {
  return asList(node.deps, what)
    .map((dep) => asObject(dep, what))
    .flatMap((dep) =>
      asList(dep.dep_kinds, what)
        .map((kind) => asObject(kind, what).kind)
        .filter((kind) => kind !== 'dev')
        .map((kind): Edge => ({ to: asText(dep.pkg, what), kind: kind === 'build' ? 'build' : 'normal' })),
    );
}

function reach(roots: readonly string[], next: (id: string) => readonly Edge[]): Set<string> {
  const seen = new Set<string>();
  const pending = [...roots];
  for (let id = pending.pop(); id !== undefined; id = pending.pop()) {
    if (seen.has(id)) continue;
    seen.add(id);
    pending.push(...next(id).map(({ to }) => to));
  }
  return seen;
}
