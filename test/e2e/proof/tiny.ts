import { cp, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { expect } from 'vitest';
import { digestOf } from '../../../src/hash.js';
import { blobPath } from '../../../src/image/layout/blobs.js';
import { blobOf, layerTar } from '../../../src/image/layout/compose.js';
import { readLayout } from '../../../src/image/layout/layout.js';
import { parseLock } from '../../../src/proof/lock.js';
import { parseStatement, statementFile, statementOf } from '../../../src/proof/statement.js';
import { run as mustRun } from '../../lab/exec.js';
import { tinyWorkspace } from '../../lab/repositories.js';
import type { Content, Repository } from '../../lab/repository.js';
import { type Upstream } from '../../lab/upstream.js';
import { type ActionRun, type AtEnd, freshImage, ownUpstream, runAction, temporaryFolder } from '../harness.js';

/** An image of the tiny workspace with one crate of crates.io, built for one platform, published and exported. */
export type Sample = {
  upstream: Upstream;
  repository: Repository;
  image: string;
  run: ActionRun;
  /** Inputs of the run, for another one like it. */
  inputs: Record<string, string>;
  /** The export folder. */
  folder: string;
};

/** The crate that the workspace depends on, and its hash as crates.io has it. */
export const CRATE = {
  file: 'cfg-if-1.0.0.crate',
  sha256: 'baf1de4339761588bc0619e3cbc0120ee582ebb74b53b4efbf79117bd2da40fd',
};

/** The tiny workspace with a dependency, so that there is a crate to tamper with. */
export async function workspaceWithCrate(sha256 = CRATE.sha256) {
  const files = await tinyWorkspace();
  const text = (path: string) => textOf(files[path]);
  const locked = `[[package]]
name = "cfg-if"
version = "1.0.0"
source = "registry+https://github.com/rust-lang/crates.io-index"
checksum = "${sha256}"

`;
  return {
    ...files,
    'phantun/Cargo.toml': `${text('phantun/Cargo.toml')}cfg-if = "=1.0.0"\n`,
    'Cargo.lock': text('Cargo.lock')
      .replace('[[package]]', `${locked}[[package]]`)
      .replace(' "fake-tcp",\n]', ' "cfg-if",\n "fake-tcp",\n]'),
  };
}

function textOf(content: Content | undefined): string {
  return Buffer.isBuffer(content) ? content.toString() : '';
}

/** A workspace whose client differs from build to build: the time of the compile is in it. */
export function drifting(files: Record<string, Content>): Record<string, Content> {
  const client = textOf(files['phantun/src/bin/client.rs']);
  const time = 'std::time::SystemTime::now().duration_since(std::time::UNIX_EPOCH).unwrap().as_nanos()';
  return {
    ...files,
    'phantun/build.rs': `fn main() { println!("cargo:rustc-env=WHEN={}", ${time}); }\n`,
    'phantun/src/bin/client.rs': client.replace('fn main() {', 'fn main() {\n    eprintln!("{}", env!("WHEN"));'),
  };
}

/** Builds and publishes a sample; a test file makes one and its tests tamper with copies of it. */
export async function publishSample(atEnd: AtEnd, more: Record<string, string> = {}): Promise<Sample> {
  const upstream = await ownUpstream(atEnd);
  const repository = await upstream.addRepository('dndx', 'phantun', await workspaceWithCrate());
  const image = freshImage();
  const own = await temporaryFolder(atEnd);
  const folder = join(own, 'out');
  const inputs = { upstream: repository.url, platforms: 'linux/amd64', smoke: 'false', image, push: 'true', ...more };
  const run = await runAction({ ...inputs, export: folder }, { folder: own });
  expect(run, run.stdout.slice(-4_000)).toMatchObject({ code: 0, leftovers: [] });
  return { upstream, repository, image, run, inputs, folder };
}

/** A copy of an export folder. */
export async function copyOf({ folder }: Sample): Promise<string> {
  const copy = join(await temporaryFolder(), 'copy');
  await cp(folder, copy, { recursive: true });
  return copy;
}

/**
 * Publishes the image once more as another gzip packs its layer, so with other digests; `evidence` is about it and has the same lock.
 */
export async function publishRepacked(sample: Sample): Promise<{ name: string; evidence: string }> {
  const folder = await copyOf(sample);
  const [layout, evidence] = [join(folder, 'oci'), join(folder, 'evidence')];
  const image = await readLayout(layout);
  const [part] = image.images;
  if (part === undefined) throw new Error('the sample has no platform');
  const write = async (bytes: Buffer) => {
    const [digest, size] = [digestOf(bytes), bytes.length];
    await writeFile(blobPath(layout, digest), bytes);
    return { digest, size };
  };
  /** A document of the image with this part of its list changed. */
  const rewritten = (bytes: Buffer, list: 'layers' | 'manifests', change: object) => {
    const document = JSON.parse(bytes.toString()) as Record<typeof list, object[]>;
    return write(Buffer.from(JSON.stringify({ ...document, [list]: [{ ...document[list][0], ...change }] })));
  };
  const layer = await write(gzipSync(layerTar(image, part), { level: 1 }));
  const manifest = await rewritten(blobOf(image, part.manifest), 'layers', layer);
  const index = await rewritten(image.index.bytes, 'manifests', manifest);
  const entry = await rewritten(await readFile(join(layout, 'index.json')), 'manifests', index);
  await cp(blobPath(layout, entry.digest), join(layout, 'index.json'));
  const file = join(evidence, 'statement.json');
  const lock = parseLock(await readFile(join(evidence, 'lock.json'), 'utf8'));
  const { predicate } = parseStatement(await readFile(file));
  const about = { index, images: [{ platform: part.platform, manifest }] };
  await writeFile(file, statementFile(statementOf(lock, about, predicate.checks)));
  const name = `${freshImage()}@${index.digest}`;
  const flags = ['--all', '--preserve-digests', '--dest-tls-verify=false'];
  await mustRun('skopeo', ['copy', ...flags, `oci:${layout}`, `docker://${name}`]);
  return { name, evidence };
}

/** Changes one byte in the middle of a file. */
export async function flipByte(file: string): Promise<void> {
  const bytes = await readFile(file);
  const middle = bytes.length >> 1;
  bytes[middle] = (bytes[middle] ?? 0) ^ 1;
  await writeFile(file, bytes);
}
