import { parentPort, workerData } from 'node:worker_threads';
import { deflate } from './image/layout/gzip.js';

// A worker that packs one layer: see packAhead.
parentPort?.postMessage(deflate(workerData as Uint8Array));
