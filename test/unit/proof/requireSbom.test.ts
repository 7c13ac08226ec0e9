import { describe, expect, it } from 'vitest';
import { requireSbom } from '../../../src/proof/requireSbom.js';
import { failureOf } from '../../support/failureOf.js';
import { sampleImage, sampleLock } from '../../support/signed.js';

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
const manifest = sampleImage(lock).images[0]?.manifest.digest ?? `sha256:${HASH}`;
const hashes = (...contents: string[]) => contents.map((content) => ({ alg: 'SHA-256', content }));
const OWN = `?vcs_url=${encodeURIComponent(`git+${lock.inputs.upstream}@${lock.inputs.commit}`)}`;

const PHANTUN = { name: 'phantun', version: '0.8.1', purl: `pkg:cargo/phantun@0.8.1${OWN}` };
const LIBC = {
  ...{ name: 'libc', version: '0.2.1', purl: 'pkg:cargo/libc@0.2.1' },
  hashes: [{ alg: 'SHA-512', content: HASH + HASH }, ...hashes(HASH)],
};
const GLIBC = { name: 'glibc', version: '2.41', purl: 'pkg:generic/glibc@2.41' };

function sbom(digest: string, components: object[] = [PHANTUN, LIBC, GLIBC]): Buffer {
  const metadata = { component: { hashes: hashes(digest.replace('sha256:', '')) } };
  return Buffer.from(JSON.stringify({ bomFormat: 'CycloneDX', metadata, components }));
}
const judge = (bytes: Buffer) => requireSbom(bytes, { manifest, cargoLock: CARGO_LOCK, lock, what: 'the SBOM' });

describe('requireSbom', () => {
  it('takes the crates of Cargo.lock, upstream’s own packages and what is in every image', () => {
    expect(() => judge(sbom(manifest))).not.toThrow();
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
      'no list',
      Buffer.from(String(sbom(manifest)).replace('"components":[', '"x":[')),
      /^components of the SBOM: expected/,
    ],
    [
      'another hash',
      sbom(manifest, [crate('libc', '0.2.1', 'e'.repeat(64))]),
      /libc@0\.2\.1 with SHA256 eeee.*Cargo\.lock with c0de/,
    ],
    [
      'a second hash',
      sbom(manifest, [{ ...LIBC, hashes: hashes(HASH, 'e') }]),
      /with SHA256 (c0de)+ and e, Cargo\.lock/,
    ],
    ['no hash', sbom(manifest, [crate('libc', '0.2.1')]), /SHA256 none, Cargo\.lock with c0de/],
    ['a hash for upstream’s own', sbom(manifest, [{ ...PHANTUN, hashes: hashes(HASH) }]), /SHA256 c0de.*with none$/],
    [
      'a crate that is not in Cargo.lock',
      sbom(manifest, [crate('evil', '1.0.0', HASH)]),
      /evil@1\.0\.0, which Cargo\.lock does not have/,
    ],
    [
      'another version',
      sbom(manifest, [crate('libc', '0.2.2', HASH)]),
      /libc@0\.2\.2, which Cargo\.lock does not have/,
    ],
    [
      'another package’s address',
      sbom(manifest, [{ ...LIBC, purl: 'pkg:cargo/openssl@9.9.9' }]),
      /^purl of libc@0\.2\.1 in the SBOM: expected pkg:cargo\/libc@0\.2\.1, found pkg:cargo\/openssl@9\.9\.9$/,
    ],
    [
      'an address spelled otherwise',
      sbom(manifest, [{ ...LIBC, purl: 'pkg:Cargo/libc@0.2.1' }]),
      /^purl of libc@0\.2\.1/,
    ],
    ['no address', sbom(manifest, [{ ...LIBC, purl: undefined }]), /^purl of libc@0\.2\.1 in the SBOM: expected/],
    [
      'upstream’s own of another commit',
      sbom(manifest, [{ ...PHANTUN, purl: PHANTUN.purl.replace(/.$/, 'e') }]),
      /^purl of phantun@0\.8\.1 in the SBOM: expected/,
    ],
    [
      'another address of the C library',
      sbom(manifest, [{ ...GLIBC, purl: 'pkg:deb/glibc@2.41' }]),
      /^purl of glibc@2\.41/,
    ],
    ['one crate twice', sbom(manifest, [LIBC, GLIBC, LIBC]), /^the SBOM has libc@0\.2\.1 twice$/],
    ['parts of a part', sbom(manifest, [{ ...LIBC, components: [] }]), /libc@0\.2\.1 with parts of its own/],
    ['what nobody knows', sbom(manifest, [{ name: 'x', version: '1' }]), /x@1, which Cargo\.lock does not have/],
    [
      'a name that could break the line',
      sbom(manifest, [crate('evil\u001b[2J\n::x::', '1\u202e', HASH)]),
      /^the SBOM has evil\\u\{1b\}\[2J\\u\{a\}::x::@1\\u\{202e\}, which Cargo/,
    ],
    ['a hash that could', sbom(manifest, [crate('libc', '0.2.1', 'e\n')]), /with SHA256 e\\u\{a\}, Cargo\.lock with/],
    [
      'hashes that are none',
      sbom(manifest, [{ ...LIBC, hashes: 5 }]),
      /^hashes of libc@0\.2\.1 in the SBOM: expected a list, found 5$/,
    ],
    ['one that claims to be upstream’s', sbom(manifest, [crate('evil', '1.0.0')]), /evil@1\.0\.0, which Cargo/],
  ])('refuses %s', async (_, bytes, sentence) => {
    const failure = await failureOf(() => judge(bytes));
    expect(failure.kind).toBe('verification');
    expect(failure.message).toMatch(sentence);
  });
});
