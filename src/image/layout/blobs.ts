import { constants } from 'node:fs';
import { open } from 'node:fs/promises';
import { join } from 'node:path';
import { errorCode, Failure } from '../../errors.js';
import { digestOf, type Digest } from '../../hash.js';
import { printable } from '../../text.js';
import type { Descriptor } from './oci.js';

/** Where an OCI layout keeps the blob. */
export function blobPath(folder: string, digest: Digest): string {
  return join(folder, 'blobs', 'sha256', digest.slice('sha256:'.length));
}

const { O_RDONLY, O_NONBLOCK, O_NOFOLLOW } = constants;

/**
 * Reads one file: a plain file of at most `maxBytes`, and no link to one unless links are followed. What is judged is what is
 * read, and nothing is waited for: a FIFO is refused as it is opened. `what` names the file in the failure, which is class
 * verification for what is not there, not a file or too large.
 */
export async function readCapped(
  path: string,
  maxBytes: number,
  what: string,
  links: 'refused' | 'followed' = 'refused',
): Promise<Buffer> {
  const shown = printable(path, 1_000);
  const refuse = (why: string, cause?: unknown) => new Failure('verification', `${what} ${why}`, { cause });
  const flags = O_RDONLY | O_NONBLOCK | (links === 'refused' ? O_NOFOLLOW : 0);
  const file = await open(path, flags).catch((error: unknown) => {
    const code = errorCode(error);
    if (code === 'ENOENT' || code === 'ENOTDIR') throw refuse(`is missing: there is no ${shown}`, error);
    // What open says of a link, and of a socket.
    if (code === 'ELOOP' || code === 'ENXIO') throw refuse(`is not a plain file: ${shown}`, error);
    throw error;
  });
  try {
    const status = await file.stat();
    if (!status.isFile()) throw refuse(`is not a plain file: ${shown}`);
    if (status.size > maxBytes) throw refuse(`has ${status.size} bytes, more than the ${maxBytes} allowed: ${shown}`);
    return await file.readFile();
  } finally {
    await file.close();
  }
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
