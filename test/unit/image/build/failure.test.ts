import { describe, expect, it } from 'vitest';
import type { FailureClass } from '../../../../src/errors.js';
import { buildFailure, lastLines } from '../../../../src/image/build/failure.js';

/** Last lines of buildx 0.29 with the engine 28.5, cut to what is told apart. */
const OUTPUT: [string, number, string[], FailureClass, string][] = [
  [
    'a compiler’s error',
    1,
    [
      '#7 1.551 error[E0308]: mismatched types',
      '#7 1.552  --> src/main.rs:1:25',
      '#7 1.585 error: could not compile `x` (bin "x") due to 1 previous error',
      'ERROR: failed to build: failed to solve: process "/bin/sh -c cd /s && cargo build --release" did not complete successfully: exit code: 101',
    ],
    'build',
    'the build of linux/amd64 failed, exit code 1: error[E0308]: mismatched types. The last lines are in the summary',
  ],
  [
    'a command that fails',
    1,
    [
      'ERROR: failed to build: failed to solve: process "/bin/sh -c exit 3" did not complete successfully: exit code: 3',
    ],
    'build',
    'the build of linux/amd64 failed, exit code 1. The last lines are in the summary',
  ],
  [
    'a killed command',
    1,
    [
      'ERROR: failed to build: failed to solve: process "/bin/sh -c cargo build" did not complete successfully: exit code: 137',
    ],
    'local',
    'the build of linux/amd64 failed: the machine ran out of memory (killed). Give the builder more memory, or build fewer platforms at once',
  ],
  [
    'a killed compiler',
    1,
    [
      '#9 error: could not compile `x` (bin "x")',
      '#9 Caused by:',
      '#9   process didn’t exit successfully: `rustc` (signal: 9, SIGKILL: kill)',
    ],
    'local',
    'the build of linux/amd64 failed: the machine ran out of memory (killed). Give the builder more memory, or build fewer platforms at once',
  ],
  [
    'a killed docker',
    137,
    [],
    'local',
    'the build of linux/amd64 failed: the machine ran out of memory (killed). Give the builder more memory, or build fewer platforms at once',
  ],
  [
    'a registry that limits',
    1,
    [
      'ERROR: failed to build: failed to solve: rust:1: failed to resolve source metadata for docker.io/library/rust:1: unexpected status from HEAD request to https://registry-1.docker.io/v2/library/rust/manifests/1: 429 Too Many Requests',
    ],
    'rate-limit',
    "the build of linux/amd64 failed: the registry of a base image limits how often this machine may pull. Log in with 'docker login', or name a mirror in rust-image and shell-image",
  ],
  [
    'a registry that limits the download of a layer',
    1,
    [
      '#5 ERROR: failed to copy: httpReadSeeker: failed open: unexpected status code https://r.example/v2/rust/blobs/sha256:0: 429 Too Many Requests',
      'ERROR: failed to build: failed to solve: failed to copy: httpReadSeeker: failed open: unexpected status code https://r.example/v2/rust/blobs/sha256:0: 429 Too Many Requests - Server message: toomanyrequests: You have reached your pull rate limit',
      'View build details: docker-desktop://dashboard/build/default/default/x',
    ],
    'rate-limit',
    "the build of linux/amd64 failed: the registry of a base image limits how often this machine may pull. Log in with 'docker login', or name a mirror in rust-image and shell-image",
  ],
  [
    'a command that only says that a registry limits',
    1,
    [
      '#7 1.5   toomanyrequests: 429 Too Many Requests, pull rate limit',
      // What a step prints behind a carriage return begins a line.
      'ERROR: failed to build: failed to solve: rust:1: 429 Too Many Requests',
      '#7 1.6 error: could not compile `x` (build script)',
      '#7 ERROR: process "/bin/sh -c cargo build" did not complete successfully: exit code: 101',
      'ERROR: failed to build: failed to solve: process "/bin/sh -c cargo build" did not complete successfully: exit code: 101',
    ],
    'build',
    'the build of linux/amd64 failed, exit code 1: error: could not compile `x` (build script). The last lines are in the summary',
  ],
  [
    'a command that says so, of which BuildKit says nothing',
    1,
    ['#7 1.5 toomanyrequests: 429 Too Many Requests, pull rate limit'],
    'build',
    'the build of linux/amd64 failed, exit code 1. The last lines are in the summary',
  ],
  [
    'a full disk',
    1,
    ["#5 0.669 dd: error writing '/x/y': No space left on device"],
    'local',
    "the build of linux/amd64 failed: no space left where the builder keeps its files. 'docker buildx prune' frees some",
  ],
  [
    'crates that cannot be fetched',
    1,
    [
      '#6 1.911 error: failed to get `libc` as a dependency of package `x v0.1.0 (/s)`',
      '#6 1.912   unable to update registry `crates-io`',
      '#6 1.914   [6] Could not resolve hostname (Could not resolve host: index.crates.io)',
      '   9 | >>> cargo fetch --locked --manifest-path /source/Cargo.toml \\',
    ],
    'transient',
    'the build of linux/amd64 failed: dependency source unavailable, cargo could not fetch the crates that Cargo.lock names',
  ],
  [
    'a lock that does not fit',
    1,
    [
      '#6 0.5 error: cannot update the lock file /source/Cargo.lock because --locked was passed to prevent this',
      '   9 | >>> cargo fetch --locked --manifest-path /source/Cargo.toml \\',
    ],
    'build',
    'the build of linux/amd64 failed, exit code 1: error: cannot update the lock file /source/Cargo.lock because --locked was passed to prevent this. The last lines are in the summary',
  ],
  ['silence', 1, [], 'build', 'the build of linux/amd64 failed, exit code 1. The last lines are in the summary'],
];

describe('buildFailure', () => {
  it.each(OUTPUT)('tells %s', (_, code, tail, kind, message) => {
    const failure = buildFailure(code, tail, 'linux/amd64');
    expect(failure).toMatchObject({ kind, message });
    expect(failure.details).toEqual(tail);
  });

  it('makes the lines safe for the summary', () => {
    const { details, message } = buildFailure(1, ['\u001b[31m error: x\u0007', 'y'.repeat(400)], 'linux/amd64');
    expect(details).toEqual(['\\u{1b}[31m error: x\\u{7}', `${'y'.repeat(300)}…`]);
    expect(message).toContain('error: x\\u{7}');
  });
});

describe('lastLines', () => {
  function kept(lines: readonly string[]): readonly string[] {
    const tail = lastLines();
    lines.forEach(tail.add);
    return tail.lines;
  }

  const number = (count: number, text: string) => Array.from({ length: count }, (_, index) => `${text} ${index}`);

  it('are fifty', () => {
    const lines = number(60, '#7 0.1 line');
    expect(kept(lines.slice(0, 50))).toEqual(lines.slice(0, 50));
    expect(kept(lines)).toEqual(lines.slice(10));
  });

  it('hold a failed step’s own lines, and not what buildx tells of it in the end', () => {
    const step = ['#7 0.1 error[E0425]: cannot find type `Missing` in this scope', '#7 ERROR: exit code: 101'];
    const report = ['------', ' > [build 1/2] RUN cargo:', ': cannot find type', '------', 'Dockerfile:9', '---'];
    const text = number(60, ' 9 | >>> cargo');
    const conclusion = 'ERROR: failed to build: exit code: 101';
    expect(kept([...step, '#8 CANCELED', ...report, ...text, conclusion])).toEqual([
      ...step,
      '#8 CANCELED',
      conclusion,
    ]);
  });

  it('are all there is when no step failed', () => {
    const lines = ['------', ' > resolving', 'ERROR: failed to connect', 'x #7 ERROR: no step', 'Dockerfile:9'];
    expect(kept(lines)).toEqual(lines);
  });
});
