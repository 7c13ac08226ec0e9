import { describe, expect, it } from 'vitest';
import type { FailureClass } from '../../../../src/errors.js';
import { buildFailure, lastLines } from '../../../../src/image/build/failure.js';
import { broken, cargo, FOLDER, limited, SCRIPT, script, step, UNREACHABLE } from './tails.js';

/** Last lines of buildx 0.29 with the engine 28.5, cut to what is told apart. */
const OUTPUT: [string, number, string[], FailureClass, string][] = [
  [
    'a compiler’s error',
    1,
    step('build', [
      'error[E0308]: mismatched types',
      ' --> src/main.rs:1:25',
      'error: could not compile `x` (bin "x") due to 1 previous error',
    ]),
    'build',
    'the build of linux/amd64 failed, exit code 1: error[E0308]: mismatched types. The last lines are in the summary',
  ],
  ['a command that fails', 1, step('build', [], 'exit code: 3'), 'build', broken()],
  [
    'a registry that limits',
    1,
    [
      'ERROR: failed to build: failed to solve: rust:1: failed to resolve source metadata for docker.io/library/rust:1: unexpected status from HEAD request to https://registry-1.docker.io/v2/library/rust/manifests/1: 429 Too Many Requests',
    ],
    'rate-limit',
    limited('docker.io'),
  ],
  [
    'a registry whose tokens are limited',
    1,
    [
      'ERROR: failed to build: failed to solve: rust:1: failed to resolve source metadata for r.example:5000/rust:1: failed to authorize: failed to fetch anonymous token: unexpected status from GET request to https://auth.example/token: 429 Too Many Requests',
    ],
    'rate-limit',
    limited('r.example:5000'),
  ],
  [
    'a registry that limits, of which no more is known than the image',
    1,
    [
      'ERROR: failed to build: failed to solve: r.example/rust:1: failed to resolve source metadata: 429 Too Many Requests',
    ],
    'rate-limit',
    limited('r.example'),
  ],
  [
    'a registry that limits, of which nothing is known',
    1,
    ['ERROR: failed to build: failed to solve: 429 Too Many Requests'],
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
    limited('r.example'),
  ],
  [
    'a command that says so, of which BuildKit says nothing',
    1,
    ['#7 1.5 toomanyrequests: 429 Too Many Requests, pull rate limit'],
    'build',
    broken(),
  ],
  [
    'crates that cannot be fetched',
    1,
    step('fetch', [
      'warning: spurious network error (1 try remaining): [6] Could not resolve hostname',
      ...cargo('failed to get `libc` as a dependency of package `x v0.1.0 (/s)`', [
        'download of config.json failed',
        '[6] Could not resolve hostname (Could not resolve host: index.crates.io)',
      ]),
    ]),
    'transient',
    UNREACHABLE,
  ],
  [
    'a crate that cannot be fetched',
    1,
    step(
      'fetch',
      cargo('failed to download from `https://static.crates.io/x`', ['failed to get successful HTTP response']),
    ),
    'transient',
    UNREACHABLE,
  ],
  [
    'crates with another checksum',
    1,
    step(
      'fetch',
      cargo('failed to download replaced source registry `crates-io`', ['failed to verify the checksum of `x v1.0.0`']),
    ),
    'build',
    broken('failed to download replaced source registry `crates-io`'),
  ],
  [
    'a dependency that is not in the source',
    1,
    step(
      'fetch',
      cargo('failed to get `y` as a dependency of package `x v0.1.0 (/s)`', ['failed to read `/source/y/Cargo.toml`']),
    ),
    'build',
    broken('failed to get `y` as a dependency of package `x v0.1.0 (/s)`'),
  ],
  [
    'a manifest that has the words of it',
    1,
    step('fetch', [
      'warning: failed to download',
      'error: expected `.`, `=`',
      ' --> /source/Cargo.toml:1:8',
      '1 | failed to download, cargo fetch, spurious network error, unable to update registry',
    ]),
    'build',
    broken('expected `.`, `=`'),
  ],
  [
    'a build script that has the words of it',
    1,
    step(
      'build',
      cargo(script, [`${SCRIPT} (exit status: 101)`], ['cargo fetch', 'failed to download from x', '[6] x']),
    ),
    'build',
    broken(script),
  ],
  [
    'a lock that does not fit',
    1,
    step('fetch', [
      'error: cannot update the lock file /source/Cargo.lock because --locked was passed to prevent this',
    ]),
    'build',
    broken('cannot update the lock file /source/Cargo.lock because --locked was passed to prevent this'),
  ],
  ['silence', 1, [], 'build', broken()],
];

const disk = { folder: FOLDER, full: false };

describe('buildFailure', () => {
  it.each(OUTPUT)('tells %s', (_, code, tail, kind, message) => {
    const failure = buildFailure(code, tail, 'linux/amd64', disk);
    expect(failure).toMatchObject({ kind, message });
    expect(failure.details).toEqual(tail);
  });

  it('makes the lines safe for the summary', () => {
    const { details, message } = buildFailure(1, ['\u001b[31m error: x\u0007', 'y'.repeat(400)], 'linux/amd64', disk);
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
