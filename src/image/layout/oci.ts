import { canonicalJson } from '../../canonical.js';
import { isDigest, type Digest } from '../../hash.js';
import { asObject, wrong } from '../../json.js';

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

/** The value as a descriptor of one media type; other members of it are left out. */
export function asDescriptor(value: unknown, mediaType: string, what: string): Descriptor {
  const { mediaType: found, digest, size } = asObject(value, what);
  if (found !== mediaType) throw wrong(`media type of ${what}`, mediaType, found);
  if (typeof digest !== 'string' || !isDigest(digest)) throw wrong(`digest of ${what}`, 'sha256:<64 hex>', digest);
  return { mediaType, digest, size: asSize(size, what) };
}

/** The value as a number of bytes, or a failure that names whose size it is. */
export function asSize(value: unknown, what: string): number {
  if (typeof value !== 'number' || !Number.isSafeInteger(value) || value < 0)
    throw wrong(`size of ${what}`, 'a number of bytes', value);
  return value;
}
