import { mkdirSync, readFileSync, readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import type { VerifiedTree } from '../../../src/source/verify.js';
import { requireSbom, writeSignable } from '../../../src/verify/signable.js';
import { failureOf } from '../../support/failureOf.js';
import { readJson, sampleImage, sampleLock } from '../../support/signed.js';
import { temporaryFolder } from '../../support/world.js';

const HASH = 'c0de'.repeat(16);
const CARGO_LOCK = `version = 4

[[package]]
name = "phantun"
version = "0.8.1"

[[package]]
name = "libc"
version = "0.2.1"
source = "registry+https://github.com/rust-lang/crates.io-index"
checksum = "${HASH}"
`;
const lock = sampleLock();
const image = sampleImage(lock);
const manifest = image.images[0]?.manifest.digest ?? '';
const hashes = (content: string) => [{ alg: 'SHA-256', content }];

function sbom(digest: string, components: object[] = []): Buffer {
  const crates = [
    { name: 'phantun', version: '0.8.1', purl: 'pkg:cargo/phantun@0.8.1' },
    {
      name: 'libc',
      version: '0.2.1',
      purl: 'pkg:cargo/libc@0.2.1',
      hashes: [{ alg: 'SHA-512', content: HASH + HASH }, ...hashes(HASH)],
    },
    { name: 'glibc', version: '2.41', purl: 'pkg:generic/glibc@2.41' },
    { name: 'no name that anybody else knows', version: '1' },
  ];
  const metadata = { component: { hashes: hashes(digest.replace('sha256:', '')) } };
  return Buffer.from(JSON.stringify({ bomFormat: 'CycloneDX', metadata, components: [...crates, ...components] }));
}

/** A verified tree and the evidence that came with the image. */
function given() {
  const folder = temporaryFolder();
  const tree = { folder: join(folder, 'tree'), pinned: false, from: 'upstream' } as VerifiedTree;
  const evidence = join(folder, 'evidence');
  mkdirSync(tree.folder);
  mkdirSync(evidence);
  writeFileSync(join(tree.folder, 'Cargo.lock'), CARGO_LOCK);
  for (const part of image.images)
    writeFileSync(join(evidence, `sbom-${part.platform.replaceAll('/', '-')}.cdx.json`), sbom(part.manifest.digest));
  const source = { reachableFrom: ['refs/heads/main'], tree };
  return { target: join(folder, 'signable'), evidence, input: { lock, image, facts: 12, source, evidence } };
}

describe('writeSignable', () => {
  it('writes what this run computed: digests on a line, a predicate with its own checks, SBOMs', async () => {
    const { target: nested, evidence, input } = given();
    const target = join(nested, 'deeper');
    // What the build claims of itself is not asked.
    writeFileSync(
      join(evidence, 'statement.json'),
      '{"predicate":{"checks":[{"name":"image-runs","result":"passed"}]}}',
    );
    await writeSignable(target, input);
    expect(readdirSync(target).sort()).toEqual([
      ...['digests.json', 'predicate.json', 'sbom-linux-amd64.cdx.json', 'sbom-linux-arm64.cdx.json'],
    ]);
    const text = readFileSync(join(target, 'digests.json'), 'utf8');
    expect(text.trimEnd()).not.toContain('\n');
    expect(JSON.parse(text)).toEqual({
      index: image.index.digest,
      ...Object.fromEntries(image.images.map(({ platform, manifest: { digest } }) => [platform, digest])),
    });
    const predicate = readJson(join(target, 'predicate.json')) as { checks: { name: string; result: string }[] };
    const passed = predicate.checks.filter(({ result }) => result === 'passed').map(({ name }) => name);
    expect(passed).toEqual(['tree-bound', 'commit-reachable', 'image-checked']);
  });

  it('writes nothing at all when an SBOM is of another image', async () => {
    const { target, evidence, input } = given();
    writeFileSync(join(evidence, 'sbom-linux-arm64.cdx.json'), sbom(manifest));
    expect(await failureOf(() => writeSignable(target, input))).toMatchObject({ kind: 'verification' });
    expect(() => readdirSync(target)).toThrow('ENOENT');
  });

  it('names an SBOM that is missing', async () => {
    const { target, input } = given();
    const failure = await failureOf(() => writeSignable(target, { ...input, evidence: temporaryFolder() }));
    expect(failure.message).toContain('sbom-linux-amd64.cdx.json is missing');
  });

  it('overwrites nothing', async () => {
    const { target, input } = given();
    mkdirSync(target);
    writeFileSync(join(target, 'digests.json'), 'mine');
    expect(await failureOf(() => writeSignable(target, input))).toMatchObject({ kind: 'input' });
    expect(readFileSync(join(target, 'digests.json'), 'utf8')).toBe('mine');
  });
});

describe('requireSbom', () => {
  it('takes the crates of Cargo.lock, upstream’s own packages and what is no crate', () => {
    expect(() => requireSbom(sbom(manifest), manifest, CARGO_LOCK, 'the SBOM')).not.toThrow();
  });

  const crate = (name: string, version: string, hash?: string) => ({
    ...{ name, version, purl: `pkg:cargo/${name}@${version}` },
    ...(hash === undefined ? {} : { hashes: hashes(hash) }),
  });
  it.each<[string, Buffer, RegExp]>([
    ['no JSON', Buffer.from('x'), /is not JSON/],
    ['another format', Buffer.from('{"bomFormat":"SPDX"}'), /format of the SBOM: expected CycloneDX, found SPDX/],
    ['another image', sbom(`sha256:${'e'.repeat(64)}`), /subject of the SBOM: expected sha256:/],
    [
      'no subject',
      Buffer.from('{"bomFormat":"CycloneDX","metadata":{"component":{}},"components":[]}'),
      /found nothing/,
    ],
    [
      'another hash',
      sbom(manifest, [crate('libc', '0.2.1', 'e'.repeat(64))]),
      /libc@0\.2\.1 with SHA256 eeee.*Cargo\.lock with c0de/,
    ],
    ['no hash', sbom(manifest, [crate('libc', '0.2.1')]), /SHA256 none, Cargo\.lock with c0de/],
    [
      'a crate that is not in Cargo.lock',
      sbom(manifest, [crate('evil', '1.0.0', HASH)]),
      /evil@1\.0\.0, which Cargo\.lock does not have/,
    ],
    [
      'a name that could break the line',
      sbom(manifest, [crate('evil\u001b[2J\n::x::', '1\u202e', HASH)]),
      /the crate evil\\u\{1b\}\[2J\\u\{a\}::x::@1\\u\{202e\}, which Cargo/,
    ],
    ['a hash that could', sbom(manifest, [crate('libc', '0.2.1', 'e\n')]), /with SHA256 e\\u\{a\}, Cargo\.lock with/],
    [
      'a name whose hash is none',
      sbom(manifest, [{ ...crate('x\n', '1'), hashes: 5 }]),
      /^hashes of x\\u\{a\}@1 in the SBOM: expected a list, found 5$/,
    ],
    ['one that claims to be upstream’s', sbom(manifest, [crate('evil', '1.0.0')]), /evil@1\.0\.0, which Cargo/],
  ])('refuses %s', async (_, bytes, sentence) => {
    const failure = await failureOf(() => requireSbom(bytes, manifest, CARGO_LOCK, 'the SBOM'));
    expect(failure.kind).toBe('verification');
    expect(failure.message).toMatch(sentence);
  });
});
