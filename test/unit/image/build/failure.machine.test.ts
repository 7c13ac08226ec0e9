import { describe, expect, it } from 'vitest';
import type { FailureClass } from '../../../../src/errors.js';
import { buildFailure } from '../../../../src/image/build/failure.js';
import {
  broken,
  cargo,
  crate,
  DISK,
  FOLDER,
  FORGED,
  full,
  MEMORY,
  RUSTC,
  SCRIPT,
  script,
  step,
  WORDS,
} from './tails.js';

/** Last lines of buildx when the machine has no more memory or no more room, and when somebody only says so. */
const OUTPUT: [string, number, string[], FailureClass, string][] = [
  ['a killed command', 1, step('build', [], 'exit code: 137'), 'local', MEMORY],
  [
    'a command of which the kernel has killed a process',
    1,
    step('build', [], 'cannot allocate memory'),
    'local',
    MEMORY,
  ],
  ['a killed compiler', 1, step('build', cargo(crate, [`${RUSTC} (signal: 9, SIGKILL: kill)`])), 'local', MEMORY],
  [
    'a killed compiler beside another one',
    1,
    step('build', [
      ...cargo(crate, [`${RUSTC} (signal: 9, SIGKILL: kill)`]),
      'warning: build failed, waiting for other jobs to finish...',
      'error[E0308]: mismatched types',
    ]),
    'local',
    MEMORY,
  ],
  [
    'a killed build script',
    1,
    step('build', cargo(script, [`${SCRIPT} (signal: 9, SIGKILL: kill)`], WORDS)),
    'local',
    MEMORY,
  ],
  [
    'a killed linker',
    1,
    step('build', [
      'error: linking with `rust-lld` failed: signal: 9 (SIGKILL)',
      '  |',
      '  = note:  "rust-lld" "-flavor" "gnu"',
      '',
      `error: ${crate} due to 1 previous error`,
    ]),
    'local',
    MEMORY,
  ],
  [
    'a compiler that is given no memory',
    1,
    step('build', [
      'memory allocation of 589840 bytes failed',
      'stack backtrace:',
      ...cargo(crate, [`${RUSTC} (signal: 6, SIGABRT: process abort signal)`]),
    ]),
    'local',
    MEMORY,
  ],
  [
    'LLVM that is given no memory',
    1,
    step('build', [
      'rustc-LLVM ERROR: out of memory',
      ...cargo(crate, [`${RUSTC} (signal: 6, SIGABRT: process abort signal)`]),
    ]),
    'local',
    MEMORY,
  ],
  [
    'a compiler that no process is made for',
    1,
    step(
      'build',
      cargo('could not execute process `rustc -vV` (never executed)', ['Cannot allocate memory (os error 12)']),
    ),
    'local',
    MEMORY,
  ],
  [
    'a compiler that aborts for another reason',
    1,
    step('build', cargo(crate, [`${RUSTC} (signal: 6, SIGABRT: process abort signal)`])),
    'build',
    broken(crate),
  ],
  [
    'a build script that aborts, for want of memory as it says',
    1,
    step('build', [
      'memory allocation of 100 bytes failed',
      ...cargo(script, [`${SCRIPT} (signal: 6, SIGABRT: process abort signal)`], WORDS),
    ]),
    'build',
    broken(script),
  ],
  [
    'one of the Dockerfile’s programs without memory',
    1,
    step('vendored', ['tar: Cannot allocate memory']),
    'local',
    MEMORY,
  ],
  [
    'BuildKit without memory',
    1,
    ['ERROR: failed to solve: fork/exec /usr/bin/runc: cannot allocate memory'],
    'local',
    MEMORY,
  ],
  ['a killed docker', 137, [], 'local', MEMORY],
  [
    'a build script that has the words of every fault, in places of all kinds',
    1,
    step('build', [
      ...WORDS,
      ...cargo(script, [`${SCRIPT} (exit status: 101)`], [...WORDS, 'thread panicked', ...WORDS]),
      'warning: build failed, waiting for other jobs to finish...',
    ]).flatMap((line) => (line.includes('waiting') ? [...FORGED, line] : [line])),
    'build',
    broken(crate),
  ],
  [
    'source that quotes the words of a fault',
    1,
    step('build', [
      'error: linking with `rust-lld` failed: signal: 9 (SIGKILL)',
      ' --> src/main.rs:1:1',
      '  |',
      '1 | compile_error!("linking with `rust-lld` failed: signal: 9 (SIGKILL)");',
      'error: failed to write x: No space left on device',
      '  --> src/main.rs:12:1',
      '   = note: rust-lld: error: failed to open x: No space left on device',
      `error: ${crate} due to 2 previous errors`,
    ]),
    'build',
    broken('linking with `rust-lld` failed: signal: 9 (SIGKILL)'),
  ],
  [
    'a linker that quotes the words of a fault',
    1,
    step('build', [
      'error: linking with `rust-lld` failed: exit status: 1',
      '  |',
      '  = note: rust-lld: error: undefined symbol: No space left on device',
      '',
      `error: ${crate} due to 1 previous error`,
    ]),
    'build',
    broken('linking with `rust-lld` failed: exit status: 1'),
  ],
  [
    'a builder whose disk is full',
    1,
    ['ERROR: failed to build: failed to solve: failed to copy: write /var/lib/buildkit/x: no space left on device'],
    'local',
    DISK,
  ],
  [
    'one of the Dockerfile’s programs without room',
    1,
    step('vendored', ["dd: error writing '/x/y': No space left on device"]),
    'local',
    DISK,
  ],
  [
    'a source that one of the Dockerfile’s programs quotes',
    1,
    step(
      'vendored',
      ['source = "git" # No space left on device', 'Cargo.lock names the source above.'],
      'exit code: 1',
    ),
    'build',
    broken(),
  ],
  [
    'cargo without room',
    1,
    step('build', cargo('failed to write `/build/x/invoked.timestamp`', ['No space left on device (os error 28)'])),
    'local',
    DISK,
  ],
  [
    'a compiler without room',
    1,
    step('build', [
      'rustc-LLVM ERROR: IO failure on output stream: No space left on device',
      ...cargo(crate, [
        'No space left on device (os error 28)',
        'failed to parse process output: `rustc` (exit status: 101)',
      ]),
    ]),
    'local',
    DISK,
  ],
  [
    'a compiler without room for its own files',
    1,
    step('build', [
      'error: couldn’t create a temp dir: No space left on device (os error 28) at path "/tmp/rustc0"',
      '',
      `error: ${crate} due to 1 previous error`,
    ]),
    'local',
    DISK,
  ],
  [
    'a linker without room',
    1,
    step('build', [
      'error: linking with `rust-lld` failed: exit status: 1',
      '  |',
      '  = note:  "rust-lld" "-flavor" "gnu"',
      '  = note: rust-lld: error: failed to open /build/x: No space left on device',
      '',
      `error: ${crate} due to 1 previous error`,
    ]),
    'local',
    DISK,
  ],
  [
    'a full disk of the run’s own',
    1,
    [
      `ERROR: (*service).Write failed: rpc error: code = Unknown desc = write ${FOLDER}/build/images/a/ingest/0/ref: no space left on device`,
      `ERROR: failed to build: failed to solve: failed to copy: failed to send write: rpc error: code = Unknown desc = write ${FOLDER}/build/images/a/ingest/0/data: no space left on device`,
    ],
    'local',
    full(`${FOLDER}/build/images/a/ingest/0/data`),
  ],
  [
    'a quota of the run’s own',
    1,
    [`ERROR: write ${FOLDER}/build/images/.tmp-a.json0: disk quota exceeded`],
    'local',
    full(`${FOLDER}/build/images/.tmp-a.json0`),
  ],
  [
    'a full disk that has a folder of a like name',
    1,
    [`ERROR: failed to build: failed to solve: write ${FOLDER}x/data: no space left on device`],
    'local',
    DISK,
  ],
  ['a receiver that ends', 1, ['ERROR: failed to build: failed to solve: EOF'], 'build', broken()],
];

const disk = { folder: FOLDER, full: false };

describe('buildFailure on a machine at its limits', () => {
  it.each(OUTPUT)('tells %s', (_, code, tail, kind, message) => {
    const failure = buildFailure(code, tail, 'linux/amd64', disk);
    expect(failure).toMatchObject({ kind, message });
    expect(failure.details).toEqual(tail);
  });

  it.each([
    ['ends', 'EOF', full(FOLDER)],
    ['is cancelled', 'error from receiver: context canceled', full(FOLDER)],
    ['names another reason', 'r.example/rust:1: not found', broken()],
  ])('tells a disk that is full by a receiver that %s', (_, said, message) => {
    const tail = [`ERROR: failed to build: failed to solve: ${said}`];
    expect(buildFailure(1, tail, 'linux/amd64', { ...disk, full: true }).message).toBe(message);
  });

  it('tells a compiler’s error on a disk that is full', () => {
    const tail = step('build', [`error: ${crate} due to 1 previous error`]);
    expect(buildFailure(1, tail, 'linux/amd64', { ...disk, full: true })).toMatchObject({ kind: 'build' });
  });
});
