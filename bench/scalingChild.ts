import { readFileSync } from 'node:fs';
import { compose } from '../src/image/layout/compose.js';
import { sha256 } from '../src/hash.js';
import { type Lock, buildKey, lockFile, parseLock } from '../src/proof/lock.js';
import { readArchive } from '../src/source/archive.js';
import { treeId } from '../src/source/tree.js';

// One measurement of bench/scaling.ts, printed as JSON. Verification first: each peak of memory is the one until then.
const peak = () => process.resourceUsage().maxRSS * 1024;
const bytes = readFileSync(process.argv[2] ?? '');
const idleBytes = peak();
const started = performance.now();
const sum = sha256(bytes);
const archive = readArchive(bytes);
const tree = treeId(archive.entries);
const verifyMs = performance.now() - started;
const peakBytes = peak();
const between = performance.now();
const lock = lockFor(sum, tree, sha256(archive.tarSha256));
const key = buildKey(parseLock(lockFile(lock)).inputs);
const lockMs = performance.now() - between;
const again = performance.now();
const layer = Buffer.concat(archive.entries.map(({ data }) => data));
const image = compose([{ platform: 'linux/amd64', config: {}, layer }], {
  epochSeconds: 0,
  annotations: { sum, tree, key },
});
const composeMs = performance.now() - again;
const { unpackedBytes } = archive;
const composePeakBytes = peak();
console.log(
  JSON.stringify({
    verifyMs,
    lockMs,
    composeMs,
    peakBytes,
    composePeakBytes,
    idleBytes,
    unpackedBytes,
    index: image.index.digest,
  }),
);

/** A lock of this archive, as a run writes it. */
function lockFor(archiveSha256: string, treeId: string, tarSha256: string): Lock {
  const base = `docker.io/library/x:1@sha256:${archiveSha256}`;
  const commit = archive.comment ?? '0'.repeat(40);
  const upstream = 'https://github.com/dndx/phantun';
  return {
    inputs: {
      ...{ schema: 1, upstream, commit, tree: treeId, epoch: 0, platforms: ['linux/amd64'], labels: {} },
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
      ...{ archiveSha256, tarSha256 },
    },
  };
}
