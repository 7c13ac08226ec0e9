/** The most a JSON document of an image may have. Ours have about one kilobyte. */
export const MAX_JSON_BYTES = 1_000_000;

/**
 * The most a layer may have, packed or unpacked, before it is even looked into. Ours have 9 MB at most, see check.ts.
 */
export const MAX_LAYER_BYTES = 64_000_000;
