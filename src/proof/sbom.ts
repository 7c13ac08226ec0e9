import * as Enums from '@cyclonedx/cyclonedx-library/Enums';
import * as Models from '@cyclonedx/cyclonedx-library/Models';
import * as Serialize from '@cyclonedx/cyclonedx-library/Serialize';
import * as Spec from '@cyclonedx/cyclonedx-library/Spec';
import { Failure } from '../errors.js';
import { type Digest, sha256 } from '../hash.js';
import type { Platform } from '../platform.js';
import { printable } from '../text.js';
import type { Crate } from './crates.js';
import type { Lock } from './lock.js';
import { cratePurl, genericPurl } from './purl.js';

/** What is linked or copied beside the crates: versions, as the build's stage `facts` names them. */
export type Toolchain = { rustc: string; gcc: string; glibc: string; busybox: string };

/** Reads the stage's file `toolchain`: one `name=value` a line. Failure class build for what is missing. Pure. */
export function parseToolchain(text: string): Toolchain {
  const lines = new Map(text.split('\n').map((line) => [line.split('=', 1)[0] ?? '', line.replace(/^[^=]*=/, '')]));
  const value = (name: string): string => {
    const found = lines.get(name);
    if (found === undefined || found === '')
      throw new Failure('build', `the base images do not tell their version of ${name}; name official ones`);
    return printable(found);
  };
  return {
    rustc: value('rustc'),
    gcc: value('gcc'),
    glibc: value('glibc'),
    busybox: value('busybox'),
  };
}

/** What one platform's SBOM is made from. `shell` is the SHA256 of the image's /bin/sh. */
export type SbomInput = {
  lock: Lock;
  platform: Platform;
  manifest: Digest;
  crates: readonly Crate[];
  toolchain: Toolchain;
  shell: string;
};

/**
 * The SBOM of one platform manifest: CycloneDX 1.6 JSON (cyclonedx.org/docs/1.6/json), the same bytes for the same input.
 * Crates that were only needed to build are of scope `excluded`.
 */
export function sbomFile(input: SbomInput): string {
  const bom = bomOf(input);
  const factory = new Serialize.JSON.Normalize.Factory(Spec.Spec1dot6);
  return `${new Serialize.JsonSerializer(factory).serialize(bom, { sortLists: true, space: 1 })}\n`;
}

function bomOf({ lock, platform, manifest, crates, toolchain, shell }: SbomInput): Models.Bom {
  const { inputs, facts } = lock;
  const image = new Models.Component(Enums.ComponentType.Container, 'phantun-runtime', {
    bomRef: 'image',
    version: facts.version,
    description: `phantun ${facts.version} for ${platform}`,
    purl: `pkg:oci/phantun-runtime@${encodeURIComponent(manifest)}?arch=${platform.split('/')[1] ?? ''}`,
    hashes: hashes(manifest.slice('sha256:'.length)),
    properties: properties({ platform, commit: inputs.commit, tree: inputs.tree }),
  });
  const bom = new Models.Bom({
    serialNumber: serialNumber(manifest),
    metadata: new Models.Metadata({ timestamp: new Date(inputs.epoch * 1_000), component: image }),
  });
  const components = new Map(crates.map((crate) => [crate.id, crateComponent(crate, inputs)]));
  for (const { id, needs } of crates) {
    const component = components.get(id) ?? image;
    for (const need of needs) {
      const found = components.get(need);
      if (found) component.dependencies.add(found.bomRef);
    }
    bom.components.add(component);
  }
  const linked = linkedComponents(toolchain, shell);
  for (const component of linked) {
    bom.components.add(component);
    image.dependencies.add(component.bomRef);
  }
  for (const crate of crates)
    if (crate.sha256 === undefined) image.dependencies.add((components.get(crate.id) ?? image).bomRef);
  return bom;
}

function crateComponent(crate: Crate, inputs: Lock['inputs']): Models.Component {
  const own = crate.sha256 === undefined;
  return new Models.Component(own ? Enums.ComponentType.Application : Enums.ComponentType.Library, crate.name, {
    bomRef: `cargo:${crate.name}@${crate.version}`,
    version: crate.version,
    purl: cratePurl(crate.name, crate.version, own ? inputs : undefined),
    scope: crate.buildOnly ? Enums.ComponentScope.Excluded : Enums.ComponentScope.Required,
    ...(crate.sha256 === undefined ? {} : { hashes: hashes(crate.sha256) }),
    ...(crate.licence === undefined ? {} : { licenses: expression(crate.licence) }),
    ...(crate.buildOnly ? { properties: properties({ 'build-only': 'true' }) } : {}),
  });
}

/** How the description of Rust's standard library begins; rustc's own words follow. */
export const RUST_STD_OF = "Rust's standard library, of ";

function linkedComponents({ rustc, gcc, glibc, busybox }: Toolchain, shell: string): Models.Component[] {
  const rust = /^rustc (\S+)/.exec(rustc)?.[1] ?? rustc;
  const component = (
    type: Enums.ComponentType,
    name: string,
    version: string,
    licence: string,
    more: { description: string; hashes?: Models.HashDictionary },
  ) =>
    new Models.Component(type, name, {
      bomRef: name,
      version,
      purl: genericPurl(name, version),
      scope: Enums.ComponentScope.Required,
      licenses: expression(licence),
      ...more,
    });
  const { Application, Library } = Enums.ComponentType;
  return [
    component(Library, 'rust-std', rust, 'MIT OR Apache-2.0', { description: `${RUST_STD_OF}${rustc}` }),
    component(Library, 'glibc', glibc, 'LGPL-2.1-or-later', { description: 'statically linked C library' }),
    component(Library, 'libgcc', gcc, 'GPL-3.0-or-later WITH GCC-exception-3.1', {
      description: 'statically linked runtime of gcc',
    }),
    component(Application, 'busybox', busybox, 'GPL-2.0-only', { description: '/bin/sh', hashes: hashes(shell) }),
  ];
}

function hashes(hex: string): Models.HashDictionary {
  return new Models.HashDictionary([[Enums.HashAlgorithm['SHA-256'], hex]]);
}

function expression(licence: string): Models.LicenseRepository {
  return new Models.LicenseRepository([new Models.LicenseExpression(licence)]);
}

function properties(values: Record<string, string>): Models.PropertyRepository {
  return new Models.PropertyRepository(
    Object.entries(values).map(([name, value]) => new Models.Property(`phantun-runtime:${name}`, value)),
  );
}

/** A UUID of version 8 (RFC 9562), made from the manifest's digest: the same image, the same number. */
function serialNumber(manifest: Digest): string {
  const hex = sha256(`phantun-runtime sbom ${manifest}`);
  const variant = ((parseInt(hex.slice(16, 17), 16) & 0x3) | 0x8).toString(16);
  return `urn:uuid:${hex.slice(0, 8)}-${hex.slice(8, 12)}-8${hex.slice(13, 16)}-${variant}${hex.slice(17, 20)}-${hex.slice(20, 32)}`;
}
