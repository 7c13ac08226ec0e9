import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { beforeAll, expect, onTestFinished, test } from 'vitest';
import { startUpstream } from '../lab/upstream.js';
import { tinyWorkspace } from '../lab/repositories.js';
import { docker, execute, runAction, temporaryFolder } from './harness.js';

const IMAGE = 'phantun-runtime:entrypoint';

beforeAll(async () => {
  const folder = await mkdtemp(join(tmpdir(), 'phantun-e2e-'));
  const upstream = await startUpstream(folder);
  try {
    const repository = await upstream.addRepository('dndx', 'phantun', await tinyWorkspace());
    const build = {
      upstream: repository.url,
      platforms: 'linux/amd64',
      smoke: 'false',
      load: 'true',
      tags: 'entrypoint',
    };
    const run = await runAction(build, { folder: join(folder, 'run') });
    expect(run, run.stdout).toMatchObject({ code: 0 });
  } finally {
    await upstream.stop();
    await rm(folder, { recursive: true, force: true });
  }
});

/** A container that runs on until the test ends. */
async function start(mode: string, args: readonly string[], options: readonly string[] = []): Promise<string> {
  const id = (await docker('run', '--detach', ...options, '--env', `MODE=${mode}`, IMAGE, ...args)).trim();
  onTestFinished(async () => {
    await docker('rm', '--force', id);
  });
  await expect.poll(() => docker('logs', id), { timeout: 60_000 }).toContain('ready');
  return id;
}

const ODD = ['', ' ', 'a  b', '*', '$HOME', '`id`', '"\'\\', 'line\nline', '-', '--tun', '--', 'ünï', '!!', '#'];

test('every argument reaches the program untouched, as /proc/PID/cmdline in the container shows', async () => {
  const args = ['--local', '1', '--remote', '2', ...ODD.flatMap((value) => ['--tun', value])];
  const id = await start('client', args);
  // The container's shell is busybox, which has cat among its applets.
  const lines = await docker(
    'exec',
    id,
    '/bin/sh',
    '-c',
    'for file in /proc/[0-9]*/cmdline; do cat "$file"; echo; done',
  );
  expect(lines).toContain(['/usr/local/bin/phantun-client', ...args, ''].join('\0'));
});

test.each([
  ['client', [], 'Phantun Client'],
  ['server', [], 'Phantun Server'],
])('MODE=%s runs that program', async (mode, options, title) => {
  expect(await docker('run', '--rm', ...options, '--env', `MODE=${mode}`, IMAGE, '--version')).toContain(title);
});

test.each([undefined, '', 'Client', 'client ', 'client|server', 'client;id', '*', '../sh'])(
  'MODE %j says how to use it and ends with 64',
  async (mode) => {
    const options = mode === undefined ? [] : ['--env', `MODE=${mode}`];
    const run = await execute('docker', ['run', '--rm', ...options, IMAGE, '--version']);
    expect(run).toMatchObject({ code: 64, stdout: '' });
    expect(run.stderr).toMatch(/MODE.*client.*server/s);
  },
);

test.each([
  ['TERM', 143],
  ['INT', 130],
  ['HUP', 129],
  ['QUIT', 131],
  ['KILL', 137],
])('SIG%s ends it at once with %i', async (signal, code) => {
  for (const options of [[], ['--init']]) {
    const id = await start('server', ['--sleep'], options);
    const begin = Date.now();
    await docker('kill', '--signal', signal, id);
    expect((await docker('wait', id)).trim()).toBe(String(code));
    expect(Date.now() - begin).toBeLessThan(5_000);
  }
});

test.each([
  [['--exit', '0'], 0],
  [['--exit', '42'], 42],
  [['--exit', '255'], 255],
  [['--nonsense'], 2],
  [['--panic'], 101],
])('the code of the program that gets %j is the container’s', async (args, code) => {
  expect((await execute('docker', ['run', '--rm', '--env', 'MODE=client', IMAGE, ...args])).code).toBe(code);
});

test('the environment passes through, and no privilege is needed but the device’s', async () => {
  const locked = ['--read-only', '--cap-drop', 'ALL', '--cap-add', 'NET_ADMIN', '--security-opt', 'no-new-privileges'];
  const options = ['run', '--rm', ...locked, '--env', 'MODE=client', '--env', 'RUST_LOG=info,x=debug'];
  expect(await docker(...options, IMAGE, '--print-env', 'RUST_LOG')).toBe('info,x=debug\n');
});

test('the image holds nothing but its files', async () => {
  const id = (await docker('create', IMAGE)).trim();
  onTestFinished(async () => {
    await docker('rm', id);
  });
  const tar = `${await temporaryFolder()}/image.tar`;
  await docker('export', '--output', tar, id);
  const { stdout } = await execute('tar', ['-tf', tar]);
  // The engine adds mount points of its own to every container.
  const own = stdout.split('\n').filter((name) => !/^(\.dockerenv|dev\/|etc\/|proc\/|sys\/|)$|^(dev|etc)\//.test(name));
  expect(own.filter((name) => !name.endsWith('/')).sort()).toEqual([
    'bin/sh',
    'usr/local/bin/phantun-client',
    'usr/local/bin/phantun-server',
    ...[
      'BUSYBOX-GPL-2.0',
      'BUSYBOX-SOURCE',
      'GLIBC-LGPL-2.1',
      'GLIBC-NOTICE',
      'LICENSE-APACHE',
      'LICENSE-MIT',
      'THIRD-PARTY',
    ].map((name) => `usr/share/licenses/phantun-runtime/${name}`),
  ]);
});
