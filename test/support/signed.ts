import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { type ComposedImage, compose } from '../../src/image/layout/compose.js';
import { imageLabels } from '../../src/image/labels.js';
import type { PulledImage } from '../../src/image/pulled.js';
import { viewOf } from '../../src/image/view.js';
import { type Lock, buildKey } from '../../src/proof/lock.js';
import { type Statement, statementOf } from '../../src/proof/statement.js';
import type { ExpectedSigner } from '../../src/verify/identity.js';
import type { Signable, WorkflowIdentity } from '../lab/sigstore.js';
import { temporaryFolder } from './world.js';
import { layerOf } from './tar.js';

const HEX = '0a9f'.repeat(16);
export const PUBLISHER = 'org/phantun-runtime';
export const SIGNER = `${PUBLISHER}/.github/workflows/build.yml@refs/heads/main`;
export const SIGNER_DIGEST = '5eed'.repeat(10);

/** Who signs in these tests. */
export const IDENTITY: WorkflowIdentity = {
  signer: `https://github.com/${SIGNER}`,
  signerDigest: SIGNER_DIGEST,
  issuer: 'https://token.actions.githubusercontent.com',
  runner: 'github-hosted',
  source: `https://github.com/${PUBLISHER}`,
  sourceDigest: SIGNER_DIGEST,
  sourceRef: 'refs/heads/main',
  trigger: 'schedule',
  run: `https://github.com/${PUBLISHER}/actions/runs/1/attempts/1`,
};

/** Who must have signed. */
export const EXPECTED: ExpectedSigner = {
  publisher: PUBLISHER,
  signer: SIGNER,
  signerWorkflow: undefined,
  signerDigest: undefined,
  allowSelfHosted: false,
};

/** A lock, as a build for two platforms writes it. */
export function sampleLock(change: Partial<Lock['inputs']> = {}): Lock {
  return {
    inputs: {
      schema: 1,
      upstream: 'https://github.com/dndx/phantun',
      commit: '09ac'.repeat(10),
      tree: '09ad'.repeat(10),
      epoch: 1_759_768_158,
      bases: {
        rust: `docker.io/library/rust:1.95.0@sha256:${HEX}`,
        shell: `docker.io/library/busybox:1.37.0@sha256:${HEX}`,
      },
      platforms: ['linux/amd64', 'linux/arm64'],
      buildPlatforms: { 'linux/amd64': 'linux/amd64', 'linux/arm64': 'linux/amd64' },
      recipe: { dockerfile: HEX, wrapper: '1.0.0', layout: 1 },
      labels: {},
      ...change,
    },
    facts: {
      ref: 'HEAD',
      tagObject: '',
      reachableFrom: ['refs/heads/main'],
      version: '0.8.1',
      archiveUrl: 'https://github.com/dndx/phantun/archive/c.tar.gz',
      archiveSha256: HEX,
      tarSha256: HEX,
      buildkit: 'v0.26.2',
      resolvedAt: 1_763_640_000,
    },
  };
}

/** An image whose labels are those of the lock; its one file is nothing that runs. */
export function sampleImage(lock: Lock): ComposedImage {
  const labels = imageLabels(lock.inputs, lock.facts.version, buildKey(lock.inputs));
  const builds = lock.inputs.platforms.map((platform) => ({
    platform,
    config: { Entrypoint: ['/bin/sh'], Env: [], Labels: labels, WorkingDir: '/' },
    layer: layerOf([{ path: 'README', mode: 0o644, mtimeSeconds: lock.inputs.epoch, data: Buffer.from(platform) }]),
  }));
  return compose(builds, { epochSeconds: lock.inputs.epoch, annotations: labels });
}

/** The same as a registry gives it back. */
export function asPublished(image: ComposedImage, repository = 'ghcr.io/org/phantun-runtime'): PulledImage {
  return { repository, digest: image.index.digest, view: viewOf(image) };
}

/** Our statement with one subject, as actions/attest writes it from our predicate. */
export function sampleStatement(lock: Lock, image: ComposedImage, change: object = {}): Statement {
  const statement = statementOf(lock, image, [
    { name: 'tree-bound', result: 'passed', detail: 'git’s tree id' },
    { name: 'image-runs', result: 'not-done', detail: 'not asked for' },
  ]);
  const digest = { sha256: image.index.digest.replace('sha256:', '') };
  return { ...statement, subject: [{ name: 'ghcr.io/org/phantun-runtime', digest }], ...change };
}

/** A statement to be signed. */
export function signable(statement: object): Signable {
  return { payload: Buffer.from(JSON.stringify(statement)) };
}

/** A file with a trusted root, given as it is or as the file's text. */
export function rootFile(root: object | string): string {
  const file = join(temporaryFolder(), 'root.json');
  writeFileSync(file, typeof root === 'string' ? root : JSON.stringify(root));
  return file;
}

/** A copy with members changed, however deep. */
export function edited<T extends object>(original: T, change: (copy: T) => void): T {
  const copy = structuredClone(original);
  change(copy);
  return copy;
}

/** JSON of a file, as a test wants to change it. */
export function readJson(file: string): unknown {
  return JSON.parse(readFileSync(file, 'utf8')) as unknown;
}
