import { describe, expect, it } from 'vitest';
import { requireSbom } from '../../../src/proof/requireSbom.js';
import { sbomFile } from '../../../src/proof/sbom.js';
import { failureOf } from '../../support/failureOf.js';
import { sampleImage, sampleLock } from '../../support/signed.js';

const HASH = 'c0de'.repeat(16);
const OTHER_HASH = 'e'.repeat(64);
const CARGO_LOCK = `version = 4

[[package]]
name = "phantun"
version = "0.8.1"

[[package]]
name = "cc"
version = "1.0.0"
checksum = "${HASH}"

[[package]]
name = "libc"
version = "0.2.1"
source = "registry+https://github.com/rust-lang/crates.io-index"
checksum = "${HASH}"
`;
const lock = sampleLock();
const platform = 'linux/amd64';
const manifest = sampleImage(lock).images[0]?.manifest.digest ?? `sha256:${HASH}`;
const shell = 'ab'.repeat(32);
const crate = { id: 'l', name: 'libc', version: '0.2.1', sha256: HASH, licence: 'MIT', buildOnly: false, needs: [] };
const CRATES = [
  crate,
  { ...crate, id: 'c', name: 'cc', version: '1.0.0', licence: undefined, buildOnly: true, needs: ['l'] },
  { ...crate, id: 'p', name: 'phantun', version: '0.8.1', sha256: undefined, needs: ['c', 'l'] },
];
const TOOLCHAIN = { rustc: 'rustc 1.95.0 (a 2026)', gcc: '14', glibc: '2.41', busybox: '1.37.0' };
/** What a build writes. */
const WRITTEN = sbomFile({ lock, platform, manifest, shell, crates: CRATES, toolchain: TOOLCHAIN });

type Component = Record<string, unknown> & { hashes: Record<string, unknown>[] };
type Sbom = Record<string, unknown> & {
  metadata: Record<string, unknown> & { component: Component };
  components: Component[];
  dependencies: { ref: string; dependsOn?: string[] }[];
};

/** The same with something changed, in the form that a build gives it. */
function changed(change: (sbom: Sbom) => unknown): Buffer {
  const sbom = JSON.parse(WRITTEN) as Sbom;
  change(sbom);
  return Buffer.from(`${JSON.stringify(sbom, undefined, 1)}\n`);
}
const part = (sbom: Sbom, name: string) => sbom.components.find((one) => one.name === name) ?? sbom.metadata.component;
const needsOf = ({ dependencies }: Sbom, crate: string) =>
  dependencies.find(({ ref }) => ref === `cargo:${crate}`)?.dependsOn ?? [];
const BUILD_ONLY = [{ name: 'phantun-runtime:build-only', value: 'true' }];
const inPart = (name: string, members: object) => changed((sbom) => Object.assign(part(sbom, name), members));
const judge = (bytes: Buffer) =>
  requireSbom(bytes, { lock, platform, manifest, shell, cargoLock: CARGO_LOCK, what: 'the SBOM' });

describe('requireSbom', () => {
  it('takes what a build writes', () => {
    expect(changed(() => undefined).toString()).toBe(WRITTEN);
    expect(() => judge(Buffer.from(WRITTEN))).not.toThrow();
  });

  it.each<[string, Buffer]>([
    ['another licence', inPart('libc', { licenses: [{ expression: 'Zlib OR (MIT AND BSD-3-Clause)' }] })],
    ['a need less', changed((sbom) => needsOf(sbom, 'phantun@0.8.1').pop())],
    ['another scope', inPart('libc', { scope: 'excluded', properties: BUILD_ONLY })],
    [
      'other versions of what is in every image',
      Buffer.from(WRITTEN.replaceAll('2.41', '2.36').replaceAll('1.37.0', '1.36.1')),
    ],
    [
      'a crate less: nobody can see that here',
      changed((sbom) => {
        sbom.components = sbom.components.filter(({ name }) => name !== 'cc');
        sbom.dependencies = sbom.dependencies.filter(({ ref }) => !ref.startsWith('cargo:cc'));
        for (const one of sbom.dependencies)
          if (one.dependsOn) one.dependsOn = one.dependsOn.filter((ref) => !ref.startsWith('cargo:cc'));
      }),
    ],
  ])('takes the build’s word for %s', (_, bytes) => {
    expect(() => judge(bytes)).not.toThrow();
  });

  const NOT = 'the SBOM is not what a build writes: ';
  it.each<[string, object | ((sbom: Sbom) => unknown), string]>([
    ['an opinion on vulnerabilities', { vulnerabilities: [] }, 'vulnerabilities: found [], expected nothing'],
    ['services', { services: [{ name: 'x' }] }, 'services: found [{"name":"x"}], expected nothing'],
    ['annotations', { annotations: [] }, 'annotations: found'],
    ['references', { externalReferences: [] }, 'externalReferences: found'],
    ['another schema', { $schema: 'https://evil.example/x.json' }, '$schema: found'],
    ['another format', { bomFormat: 'SPDX' }, 'bomFormat: found "SPDX", expected "CycloneDX"'],
    ['another number', { serialNumber: 'urn:uuid:1' }, 'serialNumber: found'],
    ['tools', ({ metadata }: Sbom) => (metadata.tools = []), 'metadata.tools: found'],
    ['a supplier', ({ metadata }: Sbom) => (metadata.supplier = {}), 'metadata.supplier: found'],
    ['another time', ({ metadata }: Sbom) => (metadata.timestamp = '2001'), 'metadata.timestamp: found'],
    [
      'another image',
      ({ metadata }: Sbom) => Object.assign(metadata.component.hashes[0] ?? {}, { content: OTHER_HASH }),
      `metadata.component.hashes[0].content: found "${OTHER_HASH}", expected "${manifest.slice(7)}"`,
    ],
    [
      'properties of the image',
      ({ metadata }: Sbom) => (metadata.component.properties = []),
      'metadata.component.properties: found []',
    ],
  ])('refuses %s', async (_, change, message) => {
    const bytes = changed((sbom) => (typeof change === 'function' ? change(sbom) : Object.assign(sbom, change)));
    const failure = await failureOf(() => judge(bytes));
    expect(failure).toMatchObject({
      kind: 'verification',
      message: expect.stringContaining(`${NOT}${message}`) as string,
    });
  });

  const hash = (content: string, alg = 'SHA-256') => ({ alg, content });
  it.each<[string, string, object, string]>([
    ['a crate of another hash', 'libc', { hashes: [hash(OTHER_HASH)] }, `.hashes[0].content: found "${OTHER_HASH}"`],
    ['a crate of a second hash', 'libc', { hashes: [hash(HASH), hash('e')] }, '.hashes: found [{"alg"'],
    ['a hash of another kind', 'libc', { hashes: [hash(HASH, 'SHA-512')] }, '.hashes[0].alg: found "SHA-512"'],
    ['a crate without a hash', 'libc', { hashes: undefined }, '.hashes: found nothing'],
    ['hashes that are none', 'libc', { hashes: 5 }, '.hashes: found 5'],
    ['a hash for upstream’s own', 'phantun', { hashes: [hash(HASH)] }, '.hashes: found [{"alg"'],
    ['another shell', 'busybox', { hashes: [hash(OTHER_HASH)] }, `expected "${shell}"`],
    [
      'another package’s address',
      'libc',
      { purl: 'pkg:cargo/openssl@9.9.9' },
      '.purl: found "pkg:cargo/openssl@9.9.9"',
    ],
    ['another address of the C library', 'glibc', { purl: 'pkg:deb/glibc@2.41' }, '.purl: found "pkg:deb/glibc@2.41"'],
    ['no address', 'libc', { purl: undefined }, '.purl: found nothing'],
    ['a name in a list of faults', 'libc', { cpe: 'cpe:2.3:a:x' }, '.cpe: found'],
    ['a pedigree', 'libc', { pedigree: {} }, '.pedigree: found'],
    ['references of a crate', 'libc', { externalReferences: [] }, '.externalReferences: found'],
    ['parts of a part', 'libc', { components: [] }, '.components: found'],
    ['properties of a crate', 'libc', { properties: [] }, '.properties: found'],
    ['another type', 'libc', { type: 'file' }, '.type: found "file"'],
    ['another scope', 'libc', { scope: 'optional' }, '.scope: found "optional"'],
    ['a licence with more', 'libc', { licenses: [{ expression: 'MIT', url: 'x' }] }, '.licenses[0].url: found "x"'],
    ['two licences', 'libc', { licenses: [{ expression: 'MIT' }, {}] }, '.licenses: found'],
    ['words about the library', 'rust-std', { description: 'safe, rustc 1.95.0 (a 2026)' }, '.description: found'],
    ['another version of the library', 'rust-std', { version: '1.96.0' }, '.version: found "1.96.0"'],
  ])('refuses %s', async (_, name, members, message) => {
    const failure = await failureOf(() => judge(inPart(name, members)));
    expect(failure.kind).toBe('verification');
    expect(failure.message.startsWith(`${NOT}components[`)).toBe(true);
    expect(failure.message).toContain(message);
  });

  it.each<[string, Buffer, RegExp]>([
    ['no JSON', Buffer.from('x'), /^the SBOM is not JSON$/],
    ['no object', Buffer.from('[]'), /^the SBOM: expected an object/],
    ['no list', Buffer.from('{}'), /^dependencies of the SBOM: expected a list, found nothing$/],
    ['no parts', Buffer.from('{"dependencies":[]}'), /^components of the SBOM: expected a list, found nothing$/],
    ['another form', Buffer.from(WRITTEN.trimEnd()), /writes: its members are, their form is not$/],
    [
      'a member twice, the last one as it must be',
      Buffer.from(WRITTEN.replace('"version": 1,', '"version": 2,\n "version": 1,')),
      /writes: its members are, their form is not$/,
    ],
    [
      'a crate that is not in Cargo.lock',
      inPart('libc', { name: 'evil' }),
      /^the SBOM has cargo:libc@0\.2\.1, which Cargo\.lock does not have$/,
    ],
    ['another version', inPart('libc', { version: '0.2.2' }), /which Cargo\.lock does not have$/],
    ['a version that is none', inPart('libc', { version: 5 }), /^crate in the SBOM: expected a text, found 5$/],
    [
      'a name that could break the line',
      inPart('libc', { 'bom-ref': 'cargo:\u001b[2J', name: 'evil' }),
      /^the SBOM has cargo:\\u\{1b\}\[2J, which Cargo/,
    ],
    ['one crate twice', changed((sbom) => sbom.components.push(part(sbom, 'libc'))), /has cargo:libc@0\.2\.1 twice$/],
    [
      'one crate by two names',
      changed((sbom) => sbom.components.push({ ...part(sbom, 'libc'), 'bom-ref': 'cargo:x' })),
      /writes/,
    ],
    [
      'what nobody knows',
      changed((sbom) => sbom.components.push({ ...part(sbom, 'glibc'), 'bom-ref': 'x' })),
      /writes/,
    ],
    ['a part of no name', inPart('libc', { 'bom-ref': undefined }), /^bom-ref in the SBOM: expected a text/],
    [
      'no C library',
      changed((sbom) => (sbom.components = sbom.components.filter(({ name }) => name !== 'glibc'))),
      /^version of glibc in the SBOM: expected a text, found nothing$/,
    ],
    [
      'a licence by its name',
      inPart('libc', { licenses: [{ license: { id: 'MIT' } }] }),
      /^licence of libc@0\.2\.1 in/,
    ],
    [
      'no licence but an empty one',
      inPart('libc', { licenses: [{ expression: '' }] }),
      /licence is no plain expression$/,
    ],
    ['a licence of lines', inPart('libc', { licenses: [{ expression: 'a\nb' }] }), /licence is no plain expression$/],
    [
      'a licence without end',
      inPart('libc', { licenses: [{ expression: 'x'.repeat(1_001) }] }),
      /^the SBOM has cargo:libc@0\.2\.1, whose licence is no plain expression$/,
    ],
    ['a version of lines', inPart('glibc', { version: '2\n3' }), /^the SBOM has no plain version of glibc$/],
    [
      'needs of what is not there',
      changed(({ dependencies }) => dependencies.push({ ref: 'gone' })),
      /writes: dependencies: found \[/,
    ],
    [
      'a crate that needs what is not there',
      changed((sbom) => needsOf(sbom, 'cc@1.0.0').push('gone')),
      /writes: dependencies\[\d\]\.dependsOn: found \["cargo:libc@0\.2\.1","gone"\]/,
    ],
  ])('refuses %s', async (_, bytes, sentence) => {
    const failure = await failureOf(() => judge(bytes));
    expect(failure.kind).toBe('verification');
    expect(failure.message).toMatch(sentence);
  });
});
