import { createHash } from 'node:crypto';

/** The id that git gives an object (git-hash-object(1)): SHA-1 of its kind, its length and its content; 40 hex digits. Pure. */
export function objectId(kind: 'blob' | 'commit' | 'tree', content: Buffer): string {
  return createHash('sha1').update(`${kind} ${content.length}\0`).update(content).digest('hex');
}
