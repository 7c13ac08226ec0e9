import { readFileSync } from 'node:fs';
import { compose } from '../src/image/layout/compose.js';
import { sha256 } from '../src/hash.js';
import { readArchive } from '../src/source/archive.js';
import { treeId } from '../src/source/tree.js';

// One measurement of bench/scaling.ts, printed as JSON. Verification first: its peak of memory is the one that is reported.
const peak = () => process.resourceUsage().maxRSS * 1024;
const bytes = readFileSync(process.argv[2] ?? '');
const idleBytes = peak();
const started = performance.now();
const sum = sha256(bytes);
const archive = readArchive(bytes);
const tree = treeId(archive.entries);
const verifyMs = performance.now() - started;
const peakBytes = peak();
const again = performance.now();
const layer = Buffer.concat(archive.entries.map(({ data }) => data));
const image = compose([{ platform: 'linux/amd64', config: {}, layer }], {
  epochSeconds: 0,
  annotations: { sum, tree },
});
const composeMs = performance.now() - again;
const { unpackedBytes } = archive;
console.log(JSON.stringify({ verifyMs, composeMs, peakBytes, idleBytes, unpackedBytes, index: image.index.digest }));
