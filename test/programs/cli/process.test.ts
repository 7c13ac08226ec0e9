import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join, resolve } from 'node:path';
import { describe, expect, it } from 'vitest';
import { readContract } from '../../../src/cli/contract.js';
import { EXIT_CODES } from '../../../src/errors.js';
import { writeLayout } from '../../../src/image/layout/layout.js';
import { lockFile } from '../../../src/proof/lock.js';
import { HOSTILE_LINES, readCommands } from '../../support/runner.js';
import { afterThisTest, RAW, temporaryFolder } from '../../support/world.js';
import { imageOf, LOCK, lockWith } from '../../support/proof.js';

/** A process of the source, and what became of it: exit code, stdout, stderr. */
function start(script: string, args: string[], env: Record<string, string>) {
  const temp = temporaryFolder();
  const child = spawn(process.execPath, ['--import', 'tsx', script, ...args], {
    env: { ...process.env, RUNNER_TEMP: temp, RUNNER_TOOL_CACHE: temp, no_proxy: '', NO_PROXY: '', ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  afterThisTest(() => void child.kill('SIGKILL'));
  const said = { stdout: '', stderr: '' };
  for (const name of ['stdout', 'stderr'] as const) child[name].on('data', (chunk) => (said[name] += String(chunk)));
  const over = once(child, 'close').then(([code]) => ({ code: code as number | null, ...said }));
  return { child, over };
}

/** A proxy that never gets to the end of its headers, and the moment at which it is first asked. */
async function drippingProxy(): Promise<{ origin: string; asked: Promise<unknown> }> {
  const server = createServer();
  const asked = once(server, 'connect');
  server.on('connect', (_, socket) => {
    socket.write('HTTP/1.1 200 OK\r\n');
    const drip = setInterval(() => socket.write('x: y\r\n'), 50);
    socket.on('error', () => undefined).on('close', () => clearInterval(drip));
    afterThisTest(() => void socket.destroy());
  });
  await new Promise<void>((listening) => server.listen(0, '127.0.0.1', listening));
  afterThisTest(() => void server.close());
  return { origin: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, asked };
}

const CLI = resolve('src/cli.ts');
const ENDS_WITHIN_MS = 10_000;

describe('what is written to stdout', () => {
  it.each(['true', ''])('does nothing where it is read, GITHUB_ACTIONS being %j', async (onRunner) => {
    const script = join(temporaryFolder(), 'cli.mts');
    const result = HOSTILE_LINES.map((line) => `${line}\n| a row |\n`).join('');
    // What the command line writes goes the same way.
    writeFileSync(
      script,
      `process.on('exit', () => process.stdout.write(${JSON.stringify(result)}));\nawait import(${JSON.stringify(CLI)});\n`,
    );
    const { stdout, code } = await start(script, ['--help'], { GITHUB_ACTIONS: onRunner }).over;
    expect(code).toBe(0);
    expect(stdout.match(/^\| a row \|$/gm)).toHaveLength(HOSTILE_LINES.length);
    expect(stdout.split('\n').filter((line) => RAW.test(line))).toEqual([]);
    if (onRunner === 'true') expect(readCommands(stdout)).toEqual([]);
    else expect(stdout).toContain('\n::add-path::/evil\n');
  });
});

describe('a reader that is gone', () => {
  it.each([
    ['stdout', ['--help'], 0],
    ['stdout', ['check', '/nonexistent'], EXIT_CODES.input],
    ['stderr', ['check', '/nonexistent'], EXIT_CODES.input],
  ] as const)('of %s does not decide how %j ends', async (stream, args, expected) => {
    const { child, over } = start(CLI, [...args], {});
    child[stream].destroy();
    const { code, stderr } = await over;
    expect(code).toBe(expected);
    expect(stderr).not.toContain('EPIPE');
  });
});

describe('where archives are kept', () => {
  it('is the user’s cache folder, also where the environment has an empty one', async () => {
    const home = temporaryFolder();
    const script = join(temporaryFolder(), 'cli.mts');
    const show = `process.on('exit', () => console.error(process.env.RUNNER_TOOL_CACHE));`;
    writeFileSync(script, `delete process.env.RUNNER_TOOL_CACHE;\n${show}\nawait import(${JSON.stringify(CLI)});\n`);
    const { stderr } = await start(script, ['--help'], { HOME: home, XDG_CACHE_HOME: '' }).over;
    expect(stderr).toBe(`${join(home, '.cache', 'phantun-runtime', 'archives')}\n`);
  });
});

describe('a failure with very many details', () => {
  it('is told with a hundred of them', async () => {
    const folder = temporaryFolder();
    await writeLayout(imageOf(LOCK), join(folder, 'oci'));
    const labels = Object.fromEntries(Array.from({ length: 300 }, (_, index) => [`label-${index}`, 'x'.repeat(150)]));
    writeFileSync(join(folder, 'lock.json'), lockFile(lockWith({ labels })));
    const { code, stderr } = await start(CLI, ['check', folder], {}).over;
    const lines = stderr.trimEnd().split('\n');
    expect(lines).toHaveLength(102);
    expect(lines[0]).toMatch(/^ {2}index: annotation /);
    expect(lines[100]).toMatch(/^ {2}\(and \d{3} lines more\)$/);
    expect(lines[101]).toMatch(/^error: the image is not what it must be: .* \(and \d{3,4} more\) \(verification\)$/);
    expect(code).toBe(EXIT_CODES.verification);
  });
});

describe('behind a proxy that never ends its headers', () => {
  const upstream = 'https://git.example.invalid/o/n';

  it('the command line ends when it has said why', async () => {
    const { origin, asked } = await drippingProxy();
    const { child, over } = start(CLI, ['build', '--upstream', upstream], { https_proxy: origin });
    await asked;
    const told = Date.now();
    child.kill('SIGTERM');
    const { code, stderr } = await over;
    expect(stderr).toMatch(/^error: git at https:\/\/git\.example\.invalid\/o\/n: cancelled \(cancelled\)$/m);
    expect(code).toBe(EXIT_CODES.cancelled);
    expect(Date.now() - told).toBeLessThan(ENDS_WITHIN_MS);
  });

  it('the action ends when it has said why', async () => {
    const { origin, asked } = await drippingProxy();
    const inputs = (await readContract()).map(({ name, default: value }) => [`INPUT_${name.toUpperCase()}`, value]);
    const env = { ...(Object.fromEntries(inputs) as Record<string, string>), INPUT_UPSTREAM: upstream };
    const { child, over } = start(resolve('src/index.ts'), [], {
      ...{ ...env, https_proxy: origin, GITHUB_OUTPUT: '', GITHUB_STATE: '', GITHUB_STEP_SUMMARY: '' },
    });
    await asked;
    const told = Date.now();
    child.kill('SIGTERM');
    const { code, stdout } = await over;
    expect(stdout).toMatch(/^::error::git at https:\/\/git\.example\.invalid\/o\/n: cancelled$/m);
    expect(code).toBe(1);
    expect(Date.now() - told).toBeLessThan(ENDS_WITHIN_MS);
  });
});
