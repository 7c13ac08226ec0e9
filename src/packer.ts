import { parentPort, workerData } from 'node:worker_threads';
import { deflate } from './image/layout/gzip.js';

// A worker that packs one layer: see packAhead.
const packed = deflate(workerData as Uint8Array);
parentPort?.postMessage(packed, [packed.buffer]);
