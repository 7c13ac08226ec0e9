import { lstat, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { errorCode, Failure } from '../../errors.js';
import { digestOf, type Digest } from '../../hash.js';
import type { Descriptor } from './oci.js';

/** Where an OCI layout keeps the blob. */
export function blobPath(folder: string, digest: Digest): string {
  return join(folder, 'blobs', 'sha256', digest.slice('sha256:'.length));
}

/**
 * Reads one file of a layout: a plain file of at most `maxBytes`. `what` names it in the failure, which is class
 * verification for what is not there, not a file or too large.
 */
export async function readCapped(path: string, maxBytes: number, what: string): Promise<Buffer> {
  const status = await lstat(path).catch((error: unknown) => {
    const code = errorCode(error);
    if (code === 'ENOENT' || code === 'ENOTDIR')
      throw new Failure('verification', `${what} is missing: there is no ${path}`, { cause: error });
    throw error;
  });
  if (!status.isFile()) throw new Failure('verification', `${what} is not a plain file: ${path}`);
  if (status.size > maxBytes)
    throw new Failure('verification', `${what} has ${status.size} bytes, more than the ${maxBytes} allowed: ${path}`);
  return readFile(path);
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
