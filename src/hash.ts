import { createHash } from 'node:crypto';

/** A content address as OCI writes it: `sha256:` and 64 lower-case hex digits. */
export type Digest = `sha256:${string}`;

/** SHA256 as 64 hex digits. */
export function sha256(bytes: Buffer | string): string {
  return createHash('sha256').update(bytes).digest('hex');
}

/** SHA256 as an OCI digest. */
export function digestOf(bytes: Buffer | string): Digest {
  return `sha256:${sha256(bytes)}`;
}

/** Whether the text is an OCI digest of the one algorithm used here. */
export function isDigest(text: string): text is Digest {
  return /^sha256:[0-9a-f]{64}$/.test(text);
}
