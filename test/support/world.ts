import { chmodSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { type IncomingMessage, type RequestListener, type ServerResponse, createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { onTestFinished } from 'vitest';
import type { Deps } from '../../src/deps.js';

/** Does something after the test, whatever its end; what was asked for last comes first. Not for concurrent tests. */
export function afterThisTest(cleanup: () => void | Promise<void>): void {
  onTestFinished(cleanup);
}

/** A folder that is gone after the test. */
export function temporaryFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), 'phantun-unit-'));
  afterThisTest(() => rmSync(folder, { recursive: true, force: true }));
  return folder;
}

/** Variables of this process for the length of a test; undefined removes one. */
export function setEnvironment(values: Record<string, string | undefined>): void {
  for (const [name, value] of Object.entries(values)) {
    const before = process.env[name];
    afterThisTest(() => assign(name, before));
    assign(name, value);
  }
}

function assign(name: string, value: string | undefined): void {
  if (value === undefined) Reflect.deleteProperty(process.env, name);
  else process.env[name] = value;
}

/** Puts a shell script first on PATH for the length of a test. */
export function fakeProgram(name: string, script: string): void {
  const folder = join(temporaryFolder(), 'bin');
  mkdirSync(folder);
  writeFileSync(join(folder, name), `#!/bin/sh\n${script}\n`);
  chmodSync(join(folder, name), 0o755);
  setEnvironment({ PATH: `${folder}:${process.env.PATH ?? ''}` });
}

export type TestDeps = Deps & {
  /** Everything that was logged, as `channel: text`. */
  logged: string[];
  /** Every wait in milliseconds; none of them took any time. */
  slept: number[];
  abort: () => void;
};

/** A world for one test: the clock moves only by sleeping, chance is what the test says, a log that is remembered. */
export function testDeps(options: { now?: number; random?: number; temp?: string } = {}): TestDeps {
  const controller = new AbortController();
  const logged: string[] = [];
  const slept: number[] = [];
  const say =
    (channel: string) =>
    (text: string): void =>
      void logged.push(`${channel}: ${text}`);
  // What a test left running must not reach into the next.
  if (options.temp === undefined) afterThisTest(() => controller.abort());
  let clock = options.now ?? Date.parse('2026-11-20T12:00:00Z');
  return {
    logged,
    slept,
    abort: () => controller.abort(),
    signal: controller.signal,
    temp: options.temp ?? temporaryFolder(),
    now: () => clock,
    sleep: (milliseconds) => {
      slept.push(milliseconds);
      clock += milliseconds;
      return Promise.resolve();
    },
    random: () => options.random ?? 0.5,
    log: {
      info: say('info'),
      notice: say('notice'),
      warning: say('warning'),
      error: say('error'),
      child: say('child'),
      secret: say('secret'),
      redact: (text) => text,
      group: (name, body) => {
        say('group')(name);
        return body();
      },
    },
  };
}

export type Served = { origin: string; requests: IncomingMessage[] };

/** A real server on 127.0.0.1 for one test. */
export async function serve(answer: (request: IncomingMessage, response: ServerResponse) => void): Promise<Served> {
  const requests: IncomingMessage[] = [];
  const listener: RequestListener = (request, response) => {
    requests.push(request);
    answer(request, response);
  };
  const server = createServer(listener);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  afterThisTest(async () => {
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
  });
  return { origin: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, requests };
}

/** Raw characters that a terminal or a log must never get from outside: controls, invisible ones, odd spaces. */
export const RAW = /[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\p{Cs}]|(?! )\p{Zs}/u;

/** Root may write everywhere; from here to the end of the test it is nobody. */
export function unprivileged(): void {
  if (process.geteuid?.() !== 0) return;
  process.seteuid?.(65_534);
  afterThisTest(() => process.seteuid?.(0));
}
