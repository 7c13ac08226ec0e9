import { readFileSync } from 'node:fs';
import { compose } from '../src/image/layout/compose.js';
import { packAhead } from '../src/image/layout/gzip.js';
import { sha256 } from '../src/hash.js';
import { type Lock, buildKey, lockFile, parseLock } from '../src/proof/lock.js';
import { type Archive, readArchive } from '../src/source/archive.js';
import { treeId } from '../src/source/tree.js';

// One measurement of bench/scaling.ts, printed as JSON: verification and lock, or composing. Memory counts from before the input is
// read, and beyond what this runtime and a worker of it take for nothing.
const [, , what, file = ''] = process.argv;
const peak = () => process.resourceUsage().maxRSS * 1024;
if (what === 'layer') await packAhead([Buffer.alloc(0)]);
const idleBytes = peak();
const bytes = readFileSync(file);
const timed = async <T>(work: () => T | Promise<T>): Promise<[T, number]> => {
  const started = performance.now();
  return [await work(), performance.now() - started];
};

if (what === 'source') {
  const [{ archive, sum, tree }, verifyMs] = await timed(() => {
    const archive = readArchive(bytes);
    return { archive, sum: sha256(bytes), tree: treeId(archive.entries) };
  });
  const [key, lockMs] = await timed(() => buildKey(parseLock(lockFile(lockFor(archive, sum, tree))).inputs));
  console.log(JSON.stringify({ verifyMs, lockMs, extraBytes: peak() - idleBytes, key }));
} else {
  // As src/image/build/image.ts does it: packed in a worker, which has a copy of the layer.
  const [image, composeMs] = await timed(async () => {
    await packAhead([bytes]);
    return compose([{ platform: 'linux/amd64', config: {}, layer: bytes }], { epochSeconds: 0, annotations: {} });
  });
  console.log(JSON.stringify({ composeMs, extraBytes: peak() - idleBytes, index: image.index.digest }));
}

/** A lock of this archive, as a run writes it. */
function lockFor(archive: Archive, archiveSha256: string, tree: string): Lock {
  const base = `docker.io/library/x:1@sha256:${archiveSha256}`;
  const commit = archive.comment ?? '0'.repeat(40);
  const upstream = 'https://github.com/dndx/phantun';
  return {
    inputs: {
      ...{ schema: 1, upstream, commit, tree, epoch: 0, platforms: ['linux/amd64'], labels: {} },
      bases: { rust: base, shell: base },
      buildPlatforms: { 'linux/amd64': 'linux/amd64' },
      recipe: { dockerfile: archiveSha256, wrapper: '1.0.0', layout: 1 },
    },
    facts: {
      ...{
        ref: 'HEAD',
        tagObject: '',
        reachableFrom: ['refs/heads/main'],
        version: '0.8.1',
        buildkit: 'v0',
        resolvedAt: 0,
      },
      archiveUrl: `${upstream}/archive/${commit}.tar.gz`,
      ...{ archiveSha256, tarSha256: archive.tarSha256 },
    },
  };
}
