import { differingMembers } from '../difference.js';
import { Failure } from '../errors.js';
import { asList, asObject, asText, type JsonObject, parseJson } from '../json.js';
import { isPrintable, printable } from '../text.js';
import { type Crate, isLicence, lockedCrates, parseCargoLock } from './crates.js';
import { RUST_STD_OF, type SbomInput, type Toolchain, sbomFile } from './sbom.js';

/** What only the build knows and an SBOM therefore claims. */
type Claims = Pick<SbomInput, 'crates' | 'toolchain'>;

/** What an SBOM is held against; `what` names it in messages. */
export type SbomSubject = Omit<SbomInput, keyof Claims> & { cargoLock: string; what: string };

/**
 * Requires of an SBOM that it is, byte by byte, what a build would write of the crates and versions that it names: scanners
 * believe it, whatever it says. The crates have to be Cargo.lock's, with its hashes; licences, scopes, dependencies and the versions
 * of what is in every image are the build's word, and that a crate is missing nobody can see here. Class verification. Pure.
 */
export function requireSbom(bytes: Buffer, { cargoLock, what, ...subject }: SbomSubject): void {
  const found = asObject(parseJson(bytes, what), what);
  const expected = sbomFile({ ...subject, ...claimsIn(found, cargoLock, what) });
  if (bytes.equals(Buffer.from(expected))) return;
  const [first = 'its members are, their form is not'] = differingMembers('', found, JSON.parse(expected));
  throw new Failure('verification', `${what} is not what a build writes: ${first}`);
}

function claimsIn(sbom: JsonObject, cargoLock: string, what: string): Claims {
  const locked = packagesIn(cargoLock);
  const needs = needsIn(sbom, what);
  const crates = new Map<string, Crate>();
  const others = new Map<string, JsonObject>();
  for (const item of asList(sbom.components, `components of ${what}`)) {
    const component = asObject(item, `component of ${what}`);
    const ref = asText(component['bom-ref'], `bom-ref in ${what}`);
    const refuse = (why: string) => new Failure('verification', `${what} has ${printable(ref)}${why}`);
    if (crates.has(ref) || others.has(ref)) throw refuse(' twice');
    if (!ref.startsWith('cargo:')) {
      others.set(ref, component);
      continue;
    }
    const [name, version] = [component.name, component.version].map((text) => asText(text, `crate in ${what}`));
    const id = `${name ?? ''}@${version ?? ''}`;
    if (!locked.has(id)) throw refuse(', which Cargo.lock does not have');
    const licence = licenceOf(component, `licence of ${printable(id)} in ${what}`);
    if (licence !== undefined && !isLicence(licence)) throw refuse(`, whose licence is no plain expression`);
    crates.set(ref, {
      id: ref,
      name: name ?? '',
      version: version ?? '',
      licence,
      sha256: locked.get(id),
      buildOnly: component.scope === 'excluded',
      needs: needs.get(ref) ?? [],
    });
  }
  return { crates: [...crates.values()], toolchain: toolchainIn(others, what) };
}

/** Every package of a Cargo.lock, `name@version`, to its hash; upstream's own come with the tree and have none. */
function packagesIn(cargoLock: string): Map<string, string | undefined> {
  const packages = asList(parseCargoLock(cargoLock).package ?? [], 'Cargo.lock')
    .map((item) => asObject(item, 'package in Cargo.lock'))
    .map(({ name, version }) => `${asText(name, 'name in Cargo.lock')}@${asText(version, 'version in Cargo.lock')}`);
  return new Map<string, string | undefined>([
    ...packages.map((id): [string, undefined] => [id, undefined]),
    ...lockedCrates(cargoLock).map((crate): [string, string] => [`${crate.name}@${crate.version}`, crate.sha256]),
  ]);
}

function needsIn(sbom: JsonObject, what: string): Map<string, string[]> {
  const part = `dependencies of ${what}`;
  return new Map(
    asList(sbom.dependencies, part)
      .map((item) => asObject(item, part))
      .map(({ ref, dependsOn }) => [
        asText(ref, part),
        asList(dependsOn ?? [], part).map((need) => asText(need, part)),
      ]),
  );
}

function licenceOf({ licenses }: JsonObject, what: string): string | undefined {
  const [first] = asList(licenses ?? [], what);
  return first === undefined ? undefined : asText(asObject(first, what).expression, what);
}

function toolchainIn(components: ReadonlyMap<string, JsonObject>, what: string): Toolchain {
  const said = (name: string, member: 'version' | 'description') => {
    const text = asText(components.get(name)?.[member], `${member} of ${name} in ${what}`);
    if (!isPrintable(text, 1_000)) throw new Failure('verification', `${what} has no plain ${member} of ${name}`);
    return text;
  };
  return {
    rustc: said('rust-std', 'description').replace(RUST_STD_OF, ''),
    gcc: said('libgcc', 'version'),
    glibc: said('glibc', 'version'),
    busybox: said('busybox', 'version'),
  };
}
