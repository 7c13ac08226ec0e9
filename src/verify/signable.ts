import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { parse } from 'smol-toml';
import { canonicalJson } from '../canonical.js';
import { Failure } from '../errors.js';
import { readCapped } from '../image/layout/blobs.js';
import type { ComposedImage } from '../image/layout/compose.js';
import { requireEmptyExport } from '../image/publish/deliver.js';
import { asList, asObject, asText, parseJson, wrong } from '../json.js';
import { lockedCrates } from '../proof/crates.js';
import { EVIDENCE } from '../proof/evidence.js';
import type { Lock } from '../proof/lock.js';
import { statementOf } from '../proof/statement.js';
import { trustReport } from '../proof/trust.js';
import type { VerifiedTree } from '../source/verify.js';
import { printable } from '../text.js';

/** What a publisher has in hand once it has verified the source and read the image itself. */
export type SignableInput = {
  lock: Lock;
  /** Read back from disk, every digest recomputed. */
  image: ComposedImage;
  /** Number of facts that were read from its bytes. */
  facts: number;
  /** The source, resolved and verified by the publisher. */
  source: { reachableFrom: readonly string[]; tree: VerifiedTree };
  /** Folder of the evidence that came with the image, for its SBOMs. */
  evidence: string;
};

const MAX_SBOM_BYTES = 16_000_000;

/**
 * Writes what a signing job signs into a folder, new or empty: `digests.json` (`index` and each platform to its digest, on one
 * line), `predicate.json` (of our statement) and an SBOM a platform. All of it is what this run computed: the checks in the
 * predicate are those done here, whatever the evidence claims. An SBOM can only be made by a build; it is refused unless it is
 * about this very manifest and every crate in it is one of the verified Cargo.lock, with its hash.
 */
export async function writeSignable(folder: string, input: SignableInput): Promise<void> {
  await requireEmptyExport(folder);
  const { lock, image, facts, source, evidence } = input;
  const cargoLock = await readFile(join(source.tree.folder, 'Cargo.lock'), 'utf8');
  const sboms: [string, Buffer][] = [];
  for (const { platform, manifest } of image.images) {
    const name = EVIDENCE.sbom(platform);
    const bytes = await readCapped(join(evidence, name), MAX_SBOM_BYTES, `the evidence's ${name}`);
    requireSbom(bytes, manifest.digest, cargoLock, `the SBOM of ${platform}`);
    sboms.push([name, bytes]);
  }
  const checks = trustReport({ lock, source, built: false, facts });
  const digests = Object.fromEntries([
    ['index', image.index.digest],
    ...image.images.map(({ platform, manifest }) => [platform, manifest.digest]),
  ]) as Record<string, string>;
  await mkdir(folder, { recursive: true });
  for (const [name, bytes] of sboms) await writeFile(join(folder, name), bytes);
  await writeFile(join(folder, 'predicate.json'), `${canonicalJson(statementOf(lock, image, checks).predicate)}\n`);
  await writeFile(join(folder, 'digests.json'), `${canonicalJson(digests)}\n`);
}

/** Refuses an SBOM that is about another manifest, or names a crate that Cargo.lock does not have just so. Pure. */
export function requireSbom(bytes: Buffer, manifest: string, cargoLock: string, what: string): void {
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
  for (const item of asList(sbom.components, `components of ${what}`)) {
    const component = asObject(item, `component of ${what}`);
    const purl = component.purl === undefined ? '' : asText(component.purl, `purl in ${what}`);
    if (!purl.startsWith('pkg:cargo/')) continue;
    const name = `${asText(component.name, `name in ${what}`)}@${asText(component.version, `version in ${what}`)}`;
    const shown = printable(name);
    const [found] = sha256sOf(component.hashes, `${shown} in ${what}`);
    if (!locked.has(name))
      throw new Failure('verification', `${what} has the crate ${shown}, which Cargo.lock does not have`);
    if (found !== locked.get(name))
      throw new Failure(
        'verification',
        `${what} has the crate ${shown} with SHA256 ${printable(found ?? 'none')}, Cargo.lock with ${locked.get(name) ?? 'none'}`,
      );
  }
}

function packagesIn(cargoLock: string): string[] {
  const packages = asList(asObject(parse(cargoLock), 'Cargo.lock').package ?? [], 'Cargo.lock');
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
