/** A version as Cargo.toml and package.json have it (semver.org). */
export const VERSION = /^\d+\.\d+\.\d+(-[0-9A-Za-z.-]+)?(\+[0-9A-Za-z.-]+)?$/;
/** It goes into a lock and a label, and has to be read back from them. */
export const MAX_VERSION_LENGTH = 64;
