import { Failure } from '../errors.js';
import type { Digest } from '../hash.js';
import { asList, asObject, asText, parseJson, wrong } from '../json.js';
import { printable } from '../text.js';
import { lockedCrates, parseCargoLock } from './crates.js';
import type { Lock } from './lock.js';
import { cratePurl, genericPurl } from './purl.js';

/** What an SBOM is held against; `what` names it in messages. */
export type SbomSubject = { manifest: Digest; cargoLock: string; lock: Lock; what: string };

/** What is in every image beside crates: its versions only the build knows. */
const BESIDE_CRATES = ['rust-std', 'glibc', 'libgcc', 'busybox'];

/**
 * Refuses an SBOM that is about another manifest, or that names a crate otherwise than Cargo.lock does, or anything that is
 * neither a crate nor in every image: scanners believe it, whatever it says. That a crate is missing nobody can see here. Pure.
 */
export function requireSbom(bytes: Buffer, { manifest, cargoLock, lock, what }: SbomSubject): void {
  const sbom = asObject(parseJson(bytes, what), what);
  if (sbom.bomFormat !== 'CycloneDX') throw wrong(`format of ${what}`, 'CycloneDX', sbom.bomFormat);
  const subject = asObject(asObject(sbom.metadata, `metadata of ${what}`).component, `subject of ${what}`);
  const [hash] = sha256sOf(subject.hashes, `subject of ${what}`);
  if (`sha256:${hash ?? ''}` !== manifest) throw wrong(`subject of ${what}`, manifest, hash);
  const locked = new Map<string, string | undefined>([
    // Upstream's own packages come with the tree and so have no hash, there or in Cargo.lock; the others get theirs.
    ...packagesIn(cargoLock).map((name): [string, undefined] => [name, undefined]),
    ...lockedCrates(cargoLock).map((crate): [string, string] => [`${crate.name}@${crate.version}`, crate.sha256]),
  ]);
  const seen = new Set<string>();
  for (const item of asList(sbom.components, `components of ${what}`)) {
    const component = asObject(item, `component of ${what}`);
    const [name, version] = [
      asText(component.name, `name in ${what}`),
      asText(component.version, `version in ${what}`),
    ];
    const id = `${name}@${version}`;
    const shown = printable(id);
    const refuse = (why: string) => new Failure('verification', `${what} has ${shown}${why}`);
    if (component.components !== undefined) throw refuse(' with parts of its own, which none has');
    if (seen.has(id)) throw refuse(' twice');
    seen.add(id);
    const isCrate = locked.has(id);
    if (!isCrate && !BESIDE_CRATES.includes(name)) throw refuse(', which Cargo.lock does not have');
    const expected = locked.get(id);
    const purl = isCrate
      ? cratePurl(name, version, expected === undefined ? lock.inputs : undefined)
      : genericPurl(name, version);
    if (component.purl !== purl) throw wrong(`purl of ${shown} in ${what}`, purl, component.purl);
    if (!isCrate) continue;
    const found = sha256sOf(component.hashes, `${shown} in ${what}`);
    if (found.length > 1 || found[0] !== expected)
      throw refuse(` with SHA256 ${printable(found.join(' and ') || 'none')}, Cargo.lock with ${expected ?? 'none'}`);
  }
}

function packagesIn(cargoLock: string): string[] {
  const packages = asList(parseCargoLock(cargoLock).package ?? [], 'Cargo.lock');
  return packages
    .map((item) => asObject(item, 'package in Cargo.lock'))
    .map(({ name, version }) => `${asText(name, 'name in Cargo.lock')}@${asText(version, 'version in Cargo.lock')}`);
}

function sha256sOf(hashes: unknown, what: string): string[] {
  return asList(hashes ?? [], `hashes of ${what}`)
    .map((hash) => asObject(hash, `hash of ${what}`))
    .filter(({ alg }) => alg === 'SHA-256')
    .map(({ content }) => asText(content, `hash of ${what}`));
}
