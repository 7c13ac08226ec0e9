import { getEventListeners } from 'node:events';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { describe, expect, it, vi } from 'vitest';
import {
  type ExecuteOptions,
  type Finished,
  MAX_OUTPUT_BYTES,
  PROBE_DEADLINE_SECONDS,
  cleanUp,
  execute,
  probe,
} from '../../src/process.js';
import { isAlive } from '../support/isAlive.js';
import { fakeProgram, setEnvironment, temporaryFolder, testDeps } from '../support/world.js';
import { failureOf } from '../support/failureOf.js';

const PATH = process.env.PATH ?? '';

function run(
  command: string,
  args: string[],
  options: Partial<ExecuteOptions> = {},
  signal = new AbortController().signal,
): Promise<Finished> {
  return execute(command, args, { env: { PATH }, what: 'the child', deadlineSeconds: 15, ...options }, { signal });
}

const shell = (script: string, options: Partial<ExecuteOptions> = {}, signal?: AbortSignal) =>
  run('sh', ['-c', script], options, signal);

async function ends(pid: number): Promise<boolean> {
  for (let round = 0; round < 50 && isAlive(pid); round++) await wait(20);
  return !isAlive(pid);
}

describe('execute', () => {
  it.each<[string, number]>([
    ['exit 0', 0],
    ['echo bad >&2; exit 0', 0],
    ['exit 3', 3],
    ['kill -KILL $$', 137],
    ['kill -TERM $$', 143],
    ['kill -SEGV $$', 139],
    ['kill -ABRT $$', 134],
  ])('resolves with the exit code: %s', async (script, code) => {
    expect((await shell(script)).code).toBe(code);
  });

  it('hands over both outputs apart', async () => {
    expect(await shell('echo out; echo err >&2; exit 3')).toEqual({
      code: 3,
      stdout: Buffer.from('out\n'),
      stderr: 'err\n',
    });
  });

  it('gives arguments as they are, to no shell', async () => {
    const words = ['$(touch x)', '`id`', '; exit 9', '*', '', "'", '--', 'a\nb'];
    const { stdout } = await run('printf', ['%s|', ...words]);
    expect(stdout.toString()).toBe(`${words.join('|')}|`);
  });

  it('gives a child nothing to read', async () => {
    expect(await run('cat', [])).toMatchObject({ code: 0, stdout: Buffer.alloc(0) });
  });

  it('says that a program is missing', async () => {
    expect(await failureOf(() => run('no-such-program', []))).toMatchObject({
      kind: 'local',
      message: 'no-such-program is not installed on this machine, or not on PATH',
    });
  });

  it('says that a program may not be run', async () => {
    const program = join(temporaryFolder(), 'program');
    writeFileSync(program, 'echo', { mode: 0o644 });
    expect(await failureOf(() => run(program, []))).toMatchObject({
      kind: 'local',
      message: `not permitted: spawn ${program} EACCES. Check who owns the folder and whether it can be written`,
    });
  });
});

describe.concurrent('a child that does not end in time', () => {
  it('is ended at the deadline with its whole group, and the step is named', async () => {
    let grandchild = 0;
    const failure = await failureOf(() =>
      shell('sleep 60 & echo $!; wait', { deadlineSeconds: 0.3, onLine: (line) => (grandchild = Number(line)) }),
    );
    expect(failure).toMatchObject({ kind: 'transient', message: 'the child did not end within 0.3 s' });
    expect(grandchild).toBeGreaterThan(1);
    expect(await ends(grandchild)).toBe(true);
  });

  it('is given up at the deadline even when a process that left the group keeps the output open', async () => {
    let runaway = 0;
    const started = Date.now();
    const failure = await failureOf(() =>
      shell('setsid sleep 30 & echo $!; wait', { deadlineSeconds: 0.2, onLine: (line) => (runaway = Number(line)) }),
    );
    expect(failure.kind).toBe('transient');
    expect(Date.now() - started).toBeLessThan(5_000);
    expect(isAlive(runaway)).toBe(true);
    process.kill(runaway);
  });

  it.each([
    ['a child that obeys', 'sleep 60 & echo $!; wait', 3_000],
    ['a child that ignores SIGTERM', "trap '' TERM; echo $$; while :; do sleep 0.1; done", 3_500],
  ])('is ended when the run is cancelled: %s', async (_, script, withinMs) => {
    const controller = new AbortController();
    let pid = 0;
    let aborted = 0;
    const onLine = (line: string) => {
      pid = Number(line);
      aborted = Date.now();
      controller.abort();
    };
    const failure = await failureOf(() => shell(script, { onLine }, controller.signal));
    expect(failure).toMatchObject({ kind: 'cancelled', message: 'the child was cancelled' });
    expect(Date.now() - aborted).toBeLessThan(withinMs);
    expect(await ends(pid)).toBe(true);
  });
});

describe('cancelling before the start', () => {
  it('starts nothing', async () => {
    const trace = join(temporaryFolder(), 'trace');
    const failure = await failureOf(() => run('touch', [trace], {}, AbortSignal.abort()));
    expect(failure.kind).toBe('cancelled');
    expect(existsSync(trace)).toBe(false);
  });
});

describe('lines', () => {
  const linesOf = async (script: string) => {
    const lines: string[] = [];
    await shell(script, { onLine: (line) => lines.push(line) });
    return lines;
  };

  it.each<[string, string, string[]]>([
    ['every kind of line end', String.raw`printf 'a\rb\nc\r\nd\n\ne'`, ['a', 'b', 'c', 'd', '', 'e']],
    ['lines that come in pieces', String.raw`printf ab; sleep 0.1; printf 'c\nd'; sleep 0.1; printf e`, ['abc', 'de']],
    [
      'a line end in two pieces',
      String.raw`printf 'a\r'; sleep 0.1; printf '\nb\r'; sleep 0.1; printf c`,
      ['a', 'b', 'c'],
    ],
    ['a letter in two pieces', String.raw`printf '\303'; sleep 0.1; printf '\251\n'`, ['é']],
    ['stderr as well', String.raw`printf 'x\n' >&2`, ['x']],
    ['nothing', 'true', []],
    ['a carriage return at the very end', String.raw`printf 'a\r'`, ['a']],
  ])('%s', async (_, script, lines) => {
    expect(await linesOf(script)).toEqual(lines);
  });

  it('without an end are cut, however long', async () => {
    const lines = await linesOf("head -c 10000000 /dev/zero | tr '\\0' x; printf '\\nlast\\n'");
    expect(lines).toEqual([`${'x'.repeat(8_192)}…`, 'last']);
  });
});

describe('the cap', () => {
  it.each([1, 300_000])('makes %i bytes more of stdout an error', async (more) => {
    expect(await failureOf(() => shell(`head -c ${MAX_OUTPUT_BYTES + more} /dev/zero`))).toMatchObject({
      kind: 'local',
      message: 'the child printed more than 16777216 bytes',
    });
  });

  it('is of the class that the caller names', async () => {
    const script = `head -c ${MAX_OUTPUT_BYTES + 1} /dev/zero`;
    expect((await failureOf(() => shell(script, { overflow: 'verification' }))).kind).toBe('verification');
  });

  it('ends a child as soon as it prints more, with all it has started', async () => {
    const started = Date.now();
    const file = join(temporaryFolder(), 'pid');
    const script = `sleep 60 & echo $! > '${file}'; head -c ${MAX_OUTPUT_BYTES + 1} /dev/zero; wait`;
    expect(await failureOf(() => shell(script))).toMatchObject({
      kind: 'local',
      message: 'the child printed more than 16777216 bytes',
    });
    expect(Date.now() - started).toBeLessThan(5_000);
    expect(await ends(Number(readFileSync(file, 'utf8')))).toBe(true);
  });

  it('lets exactly as much through', async () => {
    expect((await shell(`head -c ${MAX_OUTPUT_BYTES} /dev/zero`)).stdout).toHaveLength(MAX_OUTPUT_BYTES);
  });

  it('keeps the end of stderr', async () => {
    const { code, stderr } = await shell(
      `{ head -c ${MAX_OUTPUT_BYTES} /dev/zero | tr '\\0' x; echo why; } >&2; exit 2`,
    );
    expect([code, stderr.length, stderr.slice(-5)]).toEqual([2, MAX_OUTPUT_BYTES, 'xwhy\n']);
  });
});

describe('a child that is over', () => {
  it.each<[string, string, string[]]>([
    ['well', 'true', []],
    ['missing', 'no-such-program', []],
    ['killed', 'sleep', ['60']],
  ])('%s leaves no timer and no listener behind', async (_, command, args) => {
    const controller = new AbortController();
    const timers = () => process.getActiveResourcesInfo().filter((name) => name === 'Timeout').length;
    const before = timers();
    const ending = run(command, args, {}, controller.signal).catch(() => undefined);
    if (command === 'sleep') controller.abort();
    await ending;
    expect(timers()).toBeLessThanOrEqual(before);
    expect(getEventListeners(controller.signal, 'abort')).toEqual([]);
  });
});

/** A program that does not end; the file gets the id of the child that it has. */
function hangingTalker(): string {
  const file = join(temporaryFolder(), 'pid');
  fakeProgram('docker', `sleep 60 & echo $! > '${file}.new'; mv '${file}.new' '${file}'; wait`);
  return file;
}

describe('cleanUp', () => {
  it.each<[string, string, string | undefined]>([
    ['is done', 'exit 0', undefined],
    ['fails', 'echo why >&2; exit 1', 'why\n'],
    ['fails without a word', 'exit 1', ''],
    ['does not end', 'sleep 60', 'cleaning did not end within 0.3 s'],
  ])('tells why it could not, and never rejects: %s', async (_, script, trouble) => {
    const options = { env: { PATH }, what: 'cleaning', deadlineSeconds: 0.3 };
    expect(await cleanUp('sh', ['-c', script], options)).toBe(trouble);
  });

  it('tells that a program is missing', async () => {
    const trouble = await cleanUp('no-such-program', [], { env: { PATH }, what: 'cleaning', deadlineSeconds: 15 });
    expect(trouble).toMatch(/^no-such-program is not installed/);
  });
});

describe('probe', () => {
  it('gives the first line', async () => {
    fakeProgram('docker', 'echo one; echo two');
    expect(await probe('docker', ['--version'], testDeps())).toBe('one');
  });

  it.each([
    ['fails', 'echo one; exit 1'],
    ['is killed', 'echo one; kill -KILL $$'],
  ])('gives nothing when the program %s', async (_, script) => {
    fakeProgram('docker', script);
    expect(await probe('docker', [], testDeps())).toBeUndefined();
  });

  it('gives nothing when there is no such program', async () => {
    setEnvironment({ PATH: temporaryFolder() });
    expect(await probe('git', [], testDeps())).toBeUndefined();
  });

  it('gives nothing when the program does not end in time, and ends it with all it has started', async () => {
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });
    const file = hangingTalker();
    const probing = probe('docker', [], testDeps());
    while (!existsSync(file)) await new Promise(setImmediate);
    vi.advanceTimersByTime(PROBE_DEADLINE_SECONDS * 1_000);
    vi.useRealTimers();
    expect(await probing).toBeUndefined();
    expect(await ends(Number(readFileSync(file, 'utf8')))).toBe(true);
  });

  it('is cancelled with the run, which is another thing than no such program', async () => {
    const file = hangingTalker();
    const controller = new AbortController();
    const probing = failureOf(() => probe('docker', ['--version'], controller));
    while (!existsSync(file)) await wait(20);
    controller.abort();
    expect(await probing).toMatchObject({ kind: 'cancelled', message: 'docker --version was cancelled' });
    expect(await ends(Number(readFileSync(file, 'utf8')))).toBe(true);
  });

  it('shows the program no token', async () => {
    fakeProgram('docker', 'echo "[$GITHUB_TOKEN$INPUT_REF]"');
    expect(await probe('docker', [], testDeps())).toBe('[]');
  });

  it('shows git nothing of docker’s', async () => {
    setEnvironment({ DOCKER_HOST: 'unix:///d.sock', GIT_SSL_CAINFO: '/ca.pem' });
    for (const program of ['git', 'docker'] as const) fakeProgram(program, 'echo "$DOCKER_HOST $GIT_SSL_CAINFO"');
    expect([await probe('git', [], testDeps()), await probe('docker', [], testDeps())]).toEqual([
      ' /ca.pem',
      'unix:///d.sock ',
    ]);
  });
});
