import { createHash } from 'node:crypto';
import { mkdirSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { sha256 } from '../../src/hash.js';
import { imageLabels } from '../../src/image/labels.js';
import { type BuiltImage, type ComposedImage, compose } from '../../src/image/layout/compose.js';
import type { Platform } from '../../src/platform.js';
import { type Evidence, writeEvidence } from '../../src/proof/evidence.js';
import { type Lock, type LockFacts, type LockInputs, buildKey } from '../../src/proof/lock.js';
import { statementOf } from '../../src/proof/statement.js';
import { trustReport } from '../../src/proof/trust.js';
import { readArchive } from '../../src/source/archive.js';
import { treeId } from '../../src/source/tree.js';
import type { FakeBuilder } from './fakeBuilder.js';
import { temporaryFolder } from './world.js';
import { writeBuildKitLayout } from './layouts.js';
import { type LayerEntry, TAR_EPOCH, file, folder, layerOf, pax, tarballOf } from './tar.js';

export const HEX = '0a9f'.repeat(16);
export const UPSTREAM = 'https://github.com/dndx/phantun';

/** Any bytes do for a crate file here: only its hash is looked at. */
export const CRATE = { file: 'cfg-if-1.0.0.crate', bytes: Buffer.from('a crate file') };

const package_ = (name: string, version: string, rest = '') =>
  `[[package]]\nname = "${name}"\nversion = "${version}"\n${rest}\n`;
export const CARGO_LOCK = [
  'version = 4\n',
  package_(
    'cfg-if',
    '1.0.0',
    `source = "registry+https://github.com/rust-lang/crates.io-index"\nchecksum = "${sha256(CRATE.bytes)}"\n`,
  ),
  package_('phantun', '0.8.1', 'dependencies = [\n "cfg-if",\n]\n'),
].join('\n');

/** A repository as small as can be that passes for phantun: path to text. */
export const FILES: Readonly<Record<string, string>> = {
  '.gitignore': 'target\n*.lock\n',
  'Cargo.lock': CARGO_LOCK,
  'Cargo.toml': '[package]\nname = "phantun"\nversion = "0.8.1"\n[dependencies]\ncfg-if = "1"\n',
  'src/bin/client.rs': 'fn main() {}\n',
  'src/bin/server.rs': 'fn main() {}\n',
};

/** A commit of these files and upstream's archive of it. */
export type Sample = { commit: string; tree: string; object: Buffer; archive: Buffer; tarSha256: string };

export function sampleOf(files: Readonly<Record<string, string>> = FILES): Sample {
  const members = membersOf(files);
  const tree = treeId(readArchive(tarballOf(...members)).entries);
  const who = `A <a@example.org> ${TAR_EPOCH} +0100`;
  const object = Buffer.from(`tree ${tree}\nauthor ${who}\ncommitter ${who}\n\na commit\n`);
  const commit = createHash('sha1').update(`commit ${object.length}\0`).update(object).digest('hex');
  const archive = tarballOf(pax('g', { comment: commit }), ...members);
  return { commit, tree, object, archive, tarSha256: readArchive(archive).tarSha256 };
}

/** The files in the order that git archive gives them, each folder in front of what it holds. */
function membersOf(files: Readonly<Record<string, string>>): Buffer[] {
  const members = new Map([['r', folder('r')]]);
  for (const path of Object.keys(files).sort()) {
    const names = `r/${path}`.split('/');
    for (const depth of names.keys()) {
      const name = names.slice(0, depth + 1).join('/');
      const isFile = depth === names.length - 1;
      if (!members.has(name)) members.set(name, isFile ? file(name, files[path]) : folder(name));
    }
  }
  return [...members.values()];
}

export const SAMPLE = sampleOf();

/** A lock of this sample, changed. */
export function lockWith(inputs: Partial<LockInputs> = {}, facts: Partial<LockFacts> = {}, sample = SAMPLE): Lock {
  return {
    inputs: {
      schema: 1,
      upstream: UPSTREAM,
      commit: sample.commit,
      tree: sample.tree,
      epoch: TAR_EPOCH,
      bases: {
        rust: `docker.io/library/rust:1.95.0-slim-trixie@sha256:${HEX}`,
        shell: `docker.io/library/busybox:1.37.0-musl@sha256:${HEX}`,
      },
      platforms: ['linux/amd64', 'linux/arm64'],
      buildPlatforms: { 'linux/amd64': 'linux/amd64', 'linux/arm64': 'linux/amd64' },
      recipe: { dockerfile: HEX, wrapper: '1.0.0', layout: 1 },
      labels: {},
      ...inputs,
    },
    facts: {
      ref: 'refs/heads/main',
      tagObject: '',
      reachableFrom: ['refs/heads/main'],
      version: '0.8.1',
      archiveUrl: `${inputs.upstream ?? UPSTREAM}/archive/${sample.commit}.tar.gz`,
      archiveSha256: sha256(sample.archive),
      tarSha256: sample.tarSha256,
      buildkit: 'v0.26.2',
      resolvedAt: 1_763_640_000,
      ...facts,
    },
  };
}

export const LOCK = lockWith();

/** What the layer of a platform holds here: a shell and a program, which nobody runs. */
export function filesOf(platform: Platform, epoch: number = TAR_EPOCH): LayerEntry[] {
  const entry = (path: string, text = '', mode = 0o755) => ({
    path,
    mode,
    mtimeSeconds: epoch,
    data: Buffer.from(text),
  });
  return [entry('bin/'), entry('bin/sh', `shell for ${platform}`), entry('phantun', `program for ${platform}`)];
}

/** What the build of a platform gives, with the labels that the lock asks for. */
export function buildOf(lock: Lock, platform: Platform, files = filesOf(platform, lock.inputs.epoch)): BuiltImage {
  const labels = imageLabels(lock.inputs, lock.facts.version, buildKey(lock.inputs));
  const config = { Entrypoint: ['/bin/sh'], Env: ['PATH=/bin'], Labels: labels, WorkingDir: '/' };
  return { platform, config, layer: layerOf(files) };
}

/** An image that carries this lock's build key, from builds of all its platforms or of those given. */
export function imageOf(
  lock: Lock = LOCK,
  builds: BuiltImage[] = lock.inputs.platforms.map((platform) => buildOf(lock, platform)),
): ComposedImage {
  const annotations = imageLabels(lock.inputs, lock.facts.version, buildKey(lock.inputs));
  return compose(builds, { epochSeconds: lock.inputs.epoch, annotations });
}

/** The evidence of an image of this lock. */
export function evidenceOf(lock: Lock = LOCK, image: ComposedImage = imageOf(lock), sample = SAMPLE): Evidence {
  return {
    lock,
    commit: sample.object,
    archive: sample.archive,
    dockerfile: Buffer.from('FROM scratch\n'),
    crates: new Map([[CRATE.file, CRATE.bytes]]),
    statement: statementOf(lock, image, trustReport({ lock, built: true })),
    sboms: new Map(lock.inputs.platforms.map((platform) => [platform, `{"sbom":"${platform}"}\n`])),
  };
}

/** Names of the files in an evidence folder of two platforms. */
export const EVIDENCE_FILES = [
  ...['Dockerfile', 'README.md', 'archive.tar.gz', 'commit', 'crates/cfg-if-1.0.0.crate', 'lock.json'],
  ...['sbom-linux-amd64.cdx.json', 'sbom-linux-arm64.cdx.json', 'statement.json'],
];

/** What a folder and its folder of crates hold. */
export function filesIn(folder: string): string[] {
  return readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .filter((name) => name !== 'crates')
    .sort();
}

/** Evidence in a folder that is gone after the test. */
export async function writtenEvidence(evidence: Evidence = evidenceOf()): Promise<string> {
  const to = join(temporaryFolder(), 'evidence');
  await writeEvidence(evidence, to);
  return to;
}

/** Judges evidence that is there already, where a test is about something else. */
export const anyEvidence = () => Promise.resolve();

/** Lets a builder give what this lock's image is made of; files of a platform may be others. */
export async function giveBuilds(
  builder: FakeBuilder,
  lock: Lock,
  files: Partial<Record<Platform, LayerEntry[]>> = {},
): Promise<void> {
  for (const platform of lock.inputs.platforms) {
    const { config, layer } = buildOf(lock, platform, files[platform]);
    rmSync(builder.gives(platform, 'image'), { recursive: true });
    await writeBuildKitLayout(builder.gives(platform, 'image'), platform, layer, { config: { config } });
    const on = lock.inputs.buildPlatforms[platform] ?? '';
    writeFileSync(join(builder.gives(platform, 'build-platform'), 'build-platform'), `${on}\n`);
  }
}

/** What the stage `facts` exports of a platform. */
export function writeFacts(folder: string): void {
  mkdirSync(folder, { recursive: true });
  writeFileSync(join(folder, 'metadata.json'), JSON.stringify(METADATA));
  writeFileSync(join(folder, 'toolchain'), TOOLCHAIN);
}

export const TOOLCHAIN = `target=x86_64-unknown-linux-gnu
rustc=rustc 1.95.0 (abcdef012 2026-04-14)
gcc=14
glibc=2.41
busybox=1.37.0
`;

const dependency = (pkg: string, kind: string | null = null) => ({
  name: pkg,
  pkg,
  dep_kinds: [{ kind, target: null }],
});

/** What `cargo metadata` prints of the sample, without the members that nobody reads. */
export const METADATA = {
  packages: [
    {
      id: 'path#phantun',
      name: 'phantun',
      version: '0.8.1',
      license: 'MIT OR Apache-2.0',
      targets: [
        { kind: ['bin'], name: 'client' },
        { kind: ['bin'], name: 'server' },
      ],
    },
    {
      id: 'registry#cfg-if',
      name: 'cfg-if',
      version: '1.0.0',
      license: 'MIT/Apache-2.0',
      targets: [{ kind: ['lib'], name: 'cfg-if' }],
    },
  ],
  resolve: {
    nodes: [
      { id: 'path#phantun', deps: [dependency('registry#cfg-if')] },
      { id: 'registry#cfg-if', deps: [] },
    ],
  },
};
