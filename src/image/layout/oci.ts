import { canonicalJson } from '../../canonical.js';
import { Failure } from '../../errors.js';
import { isDigest, type Digest } from '../../hash.js';
import { printable } from '../../text.js';

/** The media types that appear in what is published and in what buildx exports. */
export const MEDIA_TYPES = {
  index: 'application/vnd.oci.image.index.v1+json',
  manifest: 'application/vnd.oci.image.manifest.v1+json',
  config: 'application/vnd.oci.image.config.v1+json',
  layer: 'application/vnd.oci.image.layer.v1.tar',
  packedLayer: 'application/vnd.oci.image.layer.v1.tar+gzip',
} as const;

/** The bytes of `oci-layout`, the file that marks a folder as an OCI layout. */
export const LAYOUT_MARKER = Buffer.from(canonicalJson({ imageLayoutVersion: '1.0.0' }));

/** Which bytes are meant: their type, SHA256 and size in bytes. */
export type Descriptor = { mediaType: string; digest: Digest; size: number };

/** A JSON object nobody has looked into yet. */
export type JsonObject = Record<string, unknown>;

/** JSON from bytes that are not trusted. `what` names them in the failure (class verification). */
export function parseJson(bytes: Buffer, what: string): unknown {
  try {
    return JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(bytes)) as unknown;
  } catch (cause) {
    throw new Failure('verification', `${what} is not JSON`, { cause });
  }
}

/** The value as an object, or a failure that names it. */
export function asObject(value: unknown, what: string): JsonObject {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) throw wrong(what, 'an object', value);
  return value as JsonObject;
}

/** The value as a list, or a failure that names it. */
export function asList(value: unknown, what: string): unknown[] {
  if (!Array.isArray(value)) throw wrong(what, 'a list', value);
  return value;
}

/** The value as text that has UTF-8, or a failure that names it. */
export function asText(value: unknown, what: string): string {
  if (typeof value !== 'string' || /\p{Cs}/u.test(value)) throw wrong(what, 'a text', value);
  return value;
}

/** The value as a map of texts, or a failure that names it. */
export function asTexts(value: unknown, what: string): Record<string, string> {
  const entries = Object.entries(asObject(value, what));
  return Object.fromEntries(
    entries.map(([key, text]) => [asText(key, `key in ${what}`), asText(text, `${what}, ${printable(key)}`)]),
  );
}

/** The value as a descriptor of one media type; other members of it are left out. */
export function asDescriptor(value: unknown, mediaType: string, what: string): Descriptor {
  const { mediaType: found, digest, size } = asObject(value, what);
  if (found !== mediaType) throw wrong(`media type of ${what}`, mediaType, found);
  if (typeof digest !== 'string' || !isDigest(digest)) throw wrong(`digest of ${what}`, 'sha256:<64 hex>', digest);
  if (typeof size !== 'number' || !Number.isSafeInteger(size) || size < 0)
    throw wrong(`size of ${what}`, 'a number of bytes', size);
  return { mediaType, digest, size };
}

/** The failure that says what was found where something else must be. */
export function wrong(what: string, expected: string, found: unknown): Failure {
  return new Failure('verification', `${what}: expected ${expected}, found ${shown(found)}`);
}

/** A value that is not trusted, for a message: a text as it is, all else as JSON. */
export function shown(value: unknown): string {
  return printable(typeof value === 'string' ? value : jsonText(value));
}

/** A value that is not trusted as JSON, for a message that cuts it; `nothing` for undefined. */
export function jsonText(value: unknown): string {
  if (value === undefined) return 'nothing';
  try {
    return JSON.stringify(value);
  } catch {
    return 'what is nested too deep to be shown'; // JSON.parse has no such limit
  }
}
