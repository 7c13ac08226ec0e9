export const FOLDER = '/tmp/phantun-runtime-aB3dE6';
const COMMANDS = {
  fetch: '/bin/bash -euo pipefail -c cargo fetch --locked --manifest-path /source/Cargo.toml\\nmkdir /crates\\n',
  vendored: '/bin/bash -euo pipefail -c mkdir /vendor\\ncd /crates\\n',
  build: '/bin/bash -euo pipefail -c sysroot=$(echo \\"/target\\")\\ncargo build --frozen --release\\n',
};

/** The last lines of buildx when step #7 of the Dockerfile fails, which has printed these. */
export function step(name: keyof typeof COMMANDS, printed: readonly string[], ended = 'exit code: 101'): string[] {
  const end = `process "${COMMANDS[name]}" did not complete successfully: ${ended}`;
  return [
    '#6 [linux/amd64 shell 1/1] FROM r.example/busybox:1',
    ...printed.map((line) => `#7 1.5 ${line}`),
    `#7 ERROR: ${end}`,
    '#8 CANCELED',
    '#9 ERROR: context canceled',
    `ERROR: failed to build: failed to solve: ${end}`,
  ];
}

export const RUSTC = "process didn't exit successfully: `rustc --crate-name x --out-dir /build/release/deps`";
export const SCRIPT = "process didn't exit successfully: `/build/release/build/x-0/build-script-build`";

/** What cargo ends with, as 1.95 does, and quotes of a program. */
export function cargo(error: string, causes: readonly string[] = [], quoted: readonly string[] = []): string[] {
  const printed = quoted.length === 0 ? [] : ['  --- stderr', ...quoted.map((line) => `  ${line}`)];
  return [`error: ${error}`, ...causes.flatMap((cause) => ['', 'Caused by:', `  ${cause}`]), ...printed];
}
export const crate = 'could not compile `x` (bin "x")';
export const script = 'failed to run custom build command for `x v0.1.0 (/source/x)`';

/** The words of every fault of the machine's, as who has them says them. */
export const WORDS = [
  'toomanyrequests: 429 Too Many Requests, pull rate limit',
  'out of memory, OOMKilled, exit code: 137',
  'Cannot allocate memory',
  'memory allocation of 100 bytes failed',
  'rustc-LLVM ERROR: out of memory',
  'rustc-LLVM ERROR: IO failure on output stream: No space left on device',
  'tar: x: Cannot write: No space left on device',
  ...cargo(crate, [`${RUSTC} (signal: 9, SIGKILL: kill)`]),
  ...cargo('failed to write `/build/x`', ['No space left on device (os error 28)']),
  'error: linking with `rust-lld` failed: signal: 9 (SIGKILL)',
  '  |',
  '',
  ...cargo('failed to download from `https://static.crates.io/x`', ['[28] Timeout was reached']),
];
/** What a step prints behind a carriage return begins a line. */
export const FORGED = [
  `ERROR: failed to build: failed to solve: rust:1: 429 Too Many Requests`,
  `ERROR: failed to build: failed to solve: write ${FOLDER}/x: no space left on device`,
  ...step('vendored', ['tar: x: Cannot write: No space left on device'], 'cannot allocate memory'),
];

export const MEMORY =
  'the build of linux/amd64 failed: the machine ran out of memory (killed). Give the builder more memory, or build fewer platforms at once';
export const DISK =
  "the build of linux/amd64 failed: no space left where the builder keeps its files. 'docker buildx prune' frees some";
export const UNREACHABLE =
  'the build of linux/amd64 failed: dependency source unavailable, cargo could not fetch the crates that Cargo.lock names';
export const broken = (error?: string) =>
  `the build of linux/amd64 failed, exit code 1${error === undefined ? '' : `: error: ${error}`}. The last lines are in the summary`;
export const limited = (registry: string) =>
  `the build of linux/amd64 failed: ${registry} limits how often this machine may pull. Log in with 'docker login ${registry}', or name a mirror in rust-image and shell-image`;
export const full = (path: string) =>
  `the build of linux/amd64 failed: no space left for what docker writes to ${path}. Free some disk space and run again`;
