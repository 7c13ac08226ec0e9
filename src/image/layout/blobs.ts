import { join } from 'node:path';
import { Failure } from '../../errors.js';
import { readCapped } from '../../files.js';
import { digestOf, type Digest } from '../../hash.js';
import type { Descriptor } from './oci.js';

/** Where an OCI layout keeps the blob. */
export function blobPath(folder: string, digest: Digest): string {
  return join(folder, 'blobs', 'sha256', digest.slice('sha256:'.length));
}

/**
 * Reads the blob a descriptor means, and recomputes its size and digest. Failures are class verification and name
 * `what`.
 */
export async function readBlob(folder: string, blob: Descriptor, maxBytes: number, what: string): Promise<Buffer> {
  const bytes = await readCapped(blobPath(folder, blob.digest), maxBytes, `${what} (${blob.digest})`);
  if (bytes.length !== blob.size)
    throw new Failure('verification', `size of ${what}: expected ${blob.size} bytes, found ${bytes.length}`);
  const digest = digestOf(bytes);
  if (digest !== blob.digest)
    throw new Failure('verification', `digest of ${what}: expected ${blob.digest}, found ${digest}`);
  return bytes;
}
