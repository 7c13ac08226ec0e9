import { Validation, Spec } from '@cyclonedx/cyclonedx-library';
import { PackageURL } from 'packageurl-js';
import { describe, expect, it } from 'vitest';
import { digestOf, sha256 } from '../../../src/hash.js';
import { PLATFORMS } from '../../../src/platform.js';
import { type Crate, cratesOf } from '../../../src/proof/crates.js';
import { type SbomInput, parseToolchain, sbomFile } from '../../../src/proof/sbom.js';
import { failureOf } from '../../support/failureOf.js';
import { CARGO_LOCK, CRATE, HEX, LOCK, METADATA, SAMPLE, TOOLCHAIN, UPSTREAM, lockWith } from '../../support/proof.js';

const crate = (change: Partial<Crate> & { name: string }): Crate => ({
  id: `registry#${change.name}`,
  version: '1.0.0',
  licence: 'MIT OR Apache-2.0',
  sha256: HEX,
  buildOnly: false,
  needs: [],
  ...change,
});
const INPUT: SbomInput = {
  lock: LOCK,
  platform: 'linux/amd64',
  manifest: `sha256:${HEX}`,
  crates: cratesOf(METADATA, CARGO_LOCK),
  toolchain: parseToolchain(TOOLCHAIN),
  shell: 'ab'.repeat(32),
};

type Component = {
  'bom-ref': string;
  type: string;
  name: string;
  version: string;
  purl: string;
  scope?: string;
  hashes?: { alg: string; content: string }[];
  licenses?: unknown;
  properties?: { name: string; value: string }[];
};
type Sbom = {
  serialNumber: string;
  specVersion: string;
  metadata: { timestamp: string; component: Component };
  components: Component[];
  dependencies: { ref: string; dependsOn?: string[] }[];
};
const read = (change: Partial<SbomInput> = {}) => JSON.parse(sbomFile({ ...INPUT, ...change })) as Sbom;
const component = (sbom: Sbom, name: string) => sbom.components.find((one) => one.name === name);

describe('the SBOM of a platform', () => {
  const validator = new Validation.JsonStrictValidator(Spec.Version.v1dot6);
  it.each<[string, Partial<SbomInput>]>([
    ['the usual', {}],
    ...PLATFORMS.map((platform): [string, Partial<SbomInput>] => [platform, { platform }]),
    ['no crate at all', { crates: [] }],
    ['a crate without a licence', { crates: [crate({ name: 'a', licence: undefined })] }],
    ['a licence that is no SPDX', { crates: [crate({ name: 'a', licence: 'see LICENSE\u202e' })] }],
    [
      'two versions of a crate',
      { crates: [crate({ name: 'a' }), crate({ name: 'a', id: 'b', version: '2.0.0-rc.1+x' })] },
    ],
    ['one crate under two ids', { crates: [crate({ name: 'a' }), crate({ name: 'a', id: 'b' })] }],
    ['a crate that needs what is not there', { crates: [crate({ name: 'a', needs: ['gone'] })] }],
    ['build-only crates', { crates: [crate({ name: 'cc', buildOnly: true })] }],
    ['names in need of escapes', { crates: [crate({ name: 'a b%/@?#"<é>', version: '1 2' })] }],
    ['the first second of all', { lock: lockWith({ epoch: 0 }) }],
  ])('is valid by the official schema of CycloneDX 1.6: %s', async (_, change) => {
    expect(await validator.validate(sbomFile({ ...INPUT, ...change }))).toBeNull();
  });

  it('would be refused by that schema if it were not', async () => {
    const sbom = read();
    expect(await validator.validate(JSON.stringify({ ...sbom, serialNumber: 'urn:uuid:1' }))).not.toBeNull();
    expect(await validator.validate(JSON.stringify({ ...sbom, more: 1 }))).not.toBeNull();
  });

  it('is about the platform’s manifest, from which its number comes, and of the commit’s time', () => {
    const { serialNumber, specVersion, metadata } = read({ platform: 'linux/arm/v7' });
    expect(specVersion).toBe('1.6');
    expect(metadata.timestamp).toBe('2023-11-14T22:13:20.000Z');
    expect(metadata.component).toMatchObject({
      type: 'container',
      name: 'phantun-runtime',
      version: '0.8.1',
      hashes: [{ alg: 'SHA-256', content: HEX }],
      purl: `pkg:oci/phantun-runtime@sha256%3A${HEX}?arch=arm`,
      properties: [
        { name: 'phantun-runtime:commit', value: SAMPLE.commit },
        { name: 'phantun-runtime:platform', value: 'linux/arm/v7' },
        { name: 'phantun-runtime:tree', value: SAMPLE.tree },
      ],
    });
    // Version 8 and the variant of RFC 9562.
    expect(serialNumber).toMatch(/^urn:uuid:[0-9a-f]{8}-[0-9a-f]{4}-8[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/);
    expect(read().serialNumber).toBe(serialNumber);
    const numbers = Array.from({ length: 50 }, (_, n) => read({ manifest: digestOf(String(n)) }).serialNumber);
    expect(new Set(numbers).size).toBe(50);
    for (const number of numbers) expect(number).toMatch(/^urn:uuid:\w{8}-\w{4}-8\w{3}-[89ab]\w{3}-\w{12}$/);
  });

  it('names a crate with its address, hash and licence', () => {
    expect(component(read(), 'cfg-if')).toEqual({
      'bom-ref': 'cargo:cfg-if@1.0.0',
      type: 'library',
      name: 'cfg-if',
      version: '1.0.0',
      purl: 'pkg:cargo/cfg-if@1.0.0',
      scope: 'required',
      hashes: [{ alg: 'SHA-256', content: sha256(CRATE.bytes) }],
      licenses: [{ expression: 'MIT OR Apache-2.0' }],
    });
  });

  it('names upstream’s own package by repository and commit', () => {
    const own = component(read(), 'phantun');
    expect(own).toMatchObject({ type: 'application', version: '0.8.1', scope: 'required' });
    expect(own).not.toHaveProperty('hashes');
    expect(PackageURL.fromString(own?.purl ?? '')).toMatchObject({
      type: 'cargo',
      name: 'phantun',
      version: '0.8.1',
      qualifiers: { vcs_url: `git+${UPSTREAM}@${SAMPLE.commit}` },
    });
  });

  it('marks what was only needed to build, as excluded', () => {
    const sbom = read({ crates: [...INPUT.crates, crate({ name: 'cc', buildOnly: true })] });
    expect(component(sbom, 'cc')).toMatchObject({
      scope: 'excluded',
      properties: [{ name: 'phantun-runtime:build-only', value: 'true' }],
    });
    expect(sbom.components.filter(({ scope }) => scope !== 'required').map(({ name }) => name)).toEqual(['cc']);
    expect(component(sbom, 'cfg-if')).not.toHaveProperty('properties');
  });

  it('names what is linked or copied beside the crates', () => {
    const sbom = read();
    expect(component(sbom, 'busybox')).toMatchObject({
      type: 'application',
      version: '1.37.0',
      purl: 'pkg:generic/busybox@1.37.0',
      hashes: [{ alg: 'SHA-256', content: 'ab'.repeat(32) }],
      licenses: [{ expression: 'GPL-2.0-only' }],
    });
    expect(component(sbom, 'glibc')).toMatchObject({
      version: '2.41',
      licenses: [{ expression: 'LGPL-2.1-or-later' }],
    });
    expect(component(sbom, 'libgcc')).toMatchObject({
      version: '14',
      licenses: [{ expression: 'GPL-3.0-or-later WITH GCC-exception-3.1' }],
    });
    expect(component(sbom, 'rust-std')).toMatchObject({ version: '1.95.0', purl: 'pkg:generic/rust-std@1.95.0' });
  });

  it('says what needs what: the image its parts, each crate its own', () => {
    const crates = [
      ...INPUT.crates.map((one) =>
        one.name === 'phantun' ? { ...one, needs: [...one.needs, 'registry#cc', 'gone'] } : one,
      ),
      crate({ name: 'cc', buildOnly: true, needs: ['registry#cfg-if'] }),
    ];
    const { dependencies } = read({ crates });
    const needs = Object.fromEntries(dependencies.map(({ ref, dependsOn = [] }) => [ref, dependsOn]));
    expect(needs).toEqual({
      image: ['busybox', 'cargo:phantun@0.8.1', 'glibc', 'libgcc', 'rust-std'],
      'cargo:phantun@0.8.1': ['cargo:cc@1.0.0', 'cargo:cfg-if@1.0.0'],
      'cargo:cc@1.0.0': ['cargo:cfg-if@1.0.0'],
      ...Object.fromEntries(['cargo:cfg-if@1.0.0', 'busybox', 'glibc', 'libgcc', 'rust-std'].map((ref) => [ref, []])),
    });
  });

  it('has the same bytes for the same input, in whatever order it comes', () => {
    const crates = ['b', 'a', 'c'].map((name) => crate({ name, needs: ['registry#c', 'registry#a'] }));
    const text = sbomFile({ ...INPUT, crates });
    expect(text).toMatch(/\n\}\n$/);
    const turned = crates.map((one) => ({ ...one, needs: [...one.needs].reverse() })).reverse();
    expect(sbomFile({ ...INPUT, crates: turned })).toBe(text);
    expect(sbomFile({ ...INPUT, crates: structuredClone(crates) })).toBe(text);
  });

  it.each<[string, Partial<SbomInput>]>([
    ['another manifest', { manifest: `sha256:${'0'.repeat(64)}` }],
    ['another platform', { platform: 'linux/arm64' }],
    ['another shell', { shell: HEX }],
    ['another compiler', { toolchain: { ...INPUT.toolchain, rustc: 'rustc 1.96.0 (x)' } }],
    ['a crate less', { crates: INPUT.crates.slice(1) }],
    ['another hash', { crates: INPUT.crates.map((one) => ({ ...one, sha256: HEX })) }],
  ])('has other bytes for %s', (_, change) => {
    expect(sbomFile({ ...INPUT, ...change })).not.toBe(sbomFile(INPUT));
  });
});

describe('parseToolchain', () => {
  it('reads a value a line', () => {
    expect(parseToolchain(TOOLCHAIN)).toEqual({
      rustc: 'rustc 1.95.0 (abcdef012 2026-04-14)',
      gcc: '14',
      glibc: '2.41',
      busybox: '1.37.0',
    });
    expect(parseToolchain(TOOLCHAIN.replace('gcc=14', 'gcc=a=b\nmore=x')).gcc).toBe('a=b');
  });

  it.each(['rustc', 'gcc', 'glibc', 'busybox'])('refuses images that do not tell %s', async (name) => {
    const message = `the base images do not tell their version of ${name}; name official ones`;
    for (const line of ['', `${name}=`])
      expect(
        await failureOf(() => parseToolchain(TOOLCHAIN.replace(new RegExp(`^${name}=.*$`, 'm'), line))),
      ).toMatchObject({ kind: 'build', message });
  });

  it('makes what the images say safe to print', () => {
    expect(parseToolchain(TOOLCHAIN.replace('2.41', '2.41\u001b[2J')).glibc).toBe('2.41\\u{1b}[2J');
  });
});
