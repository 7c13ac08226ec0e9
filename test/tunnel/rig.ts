import { type ChildProcess, spawn } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { inject, onTestFinished } from 'vitest';

export const ROOT = resolve(import.meta.dirname, '..', '..');
export const EXAMPLES = join(ROOT, 'examples');
export const lab = inject('tunnel');

const UDP = join(import.meta.dirname, 'udp.mjs');

export type Finished = { readonly code: number; readonly stdout: string; readonly stderr: string };
export type Options = { readonly env?: Record<string, string>; readonly cwd?: string; readonly input?: string };

/** Runs a program with the lab's environment. */
export function execute(command: string, args: readonly string[], options: Options = {}): Promise<Finished> {
  return new Promise((resolve, reject) => {
    const child = spawn(command, args, { cwd: options.cwd, env: environment(options.env) });
    let stdout = '';
    let stderr = '';
    child.stdout.on('data', (chunk: Buffer) => (stdout += chunk.toString()));
    child.stderr.on('data', (chunk: Buffer) => (stderr += chunk.toString()));
    child.stdin.on('error', () => undefined); // a program that reads no input
    child.stdin.end(options.input ?? '');
    child.on('error', reject);
    child.on('close', (code) => resolve({ code: code ?? -1, stdout, stderr }));
  });
}

function environment(more: Record<string, string> = {}): Record<string, string | undefined> {
  const env = { ...process.env, ...lab.env };
  return { ...env, PATH: `${env.PATH ?? ''}:/usr/local/sbin:/usr/sbin:/sbin`, ...more };
}

/** Its output, or an error with all it said. */
export async function succeed(command: string, args: readonly string[], options?: Options): Promise<string> {
  const { code, stdout, stderr } = await execute(command, args, options);
  if (code !== 0) throw new Error(`${[command, ...args].join(' ')} ended with ${code}:\n${stderr || stdout}`);
  return stdout;
}

/** Runs docker against the lab's engine. */
export async function docker(...args: string[]): Promise<string> {
  return (await succeed('docker', args)).trim();
}

/** A folder that is gone after the test. */
export async function temporaryFolder(): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'phantun-tunnel-'));
  onTestFinished(() => rm(folder, { recursive: true, force: true }));
  return folder;
}

/** A machine of the rig: a network namespace with a wire to the other one. */
export type Host = {
  readonly v4: string;
  readonly v6: string;
  /** The container whose network others join: `container:ID`. */
  readonly network: string;
  /** The namespace's file. */
  readonly namespace: string;
  /** Runs a program in the namespace, or fails. */
  readonly run: (command: string, ...args: string[]) => Promise<string>;
  /** Runs a program in the namespace. */
  readonly execute: (command: string, args: readonly string[], options?: Options) => Promise<Finished>;
  /** Starts a program in the namespace that ends with the test. */
  readonly start: (command: string, ...args: string[]) => ChildProcess;
};

const ADDRESSES = [
  { v4: '10.77.0.1', v6: 'fd77::1' },
  { v4: '10.77.0.2', v6: 'fd77::2' },
] as const;

/**
 * Two hosts, joined by a wire that each of them calls eth0. Like every host they forward nothing and translate nothing. `holder`
 * are options of docker for the containers that hold their namespaces: what they say about names holds for who joins.
 */
export async function twoHosts(...holder: string[]): Promise<[client: Host, server: Host]> {
  const [one, two] = await Promise.all(ADDRESSES.map((each) => host(each.v4, each.v6, holder)));
  if (!one || !two) throw new Error('unreachable');
  await one.run('ip', 'link', 'add', 'eth0', 'type', 'veth', 'peer', 'name', 'eth0', 'netns', two.namespace);
  for (const each of [one, two]) {
    await each.run('sysctl', '-qw', 'net.ipv6.conf.all.disable_ipv6=0', 'net.ipv6.conf.default.disable_ipv6=0');
    await each.run('sysctl', '-qw', 'net.ipv4.ip_forward=0', 'net.ipv6.conf.all.forwarding=0');
    await each.run('ip', 'link', 'set', 'lo', 'up');
    await each.run('ip', 'addr', 'add', `${each.v4}/24`, 'dev', 'eth0');
    await each.run('ip', 'addr', 'add', `${each.v6}/64`, 'dev', 'eth0', 'nodad');
    await each.run('sysctl', '-qw', 'net.ipv6.conf.eth0.accept_dad=0'); // else its address settles seconds later
    await each.run('ip', 'link', 'set', 'eth0', 'up');
  }
  await Promise.all([one, two].map(settled));
  return [one, two];
}

/** Waits until a wire's end has noticed that the other end is up, and has its link-local address. */
async function settled(host: Host): Promise<void> {
  for (let tries = 0; tries < 100; tries++) {
    const [link, address] = await Promise.all([
      host.run('ip', '-o', 'link', 'show', 'dev', 'eth0'),
      host.run('ip', '-o', '-6', 'addr', 'show', 'dev', 'eth0', 'scope', 'link', '-tentative'),
    ]);
    if (link.includes('state UP') && address !== '') return;
    await sleep(20);
  }
  throw new Error('The wire between the two hosts does not come up.');
}

async function host(v4: string, v6: string, options: readonly string[]): Promise<Host> {
  const id = await docker('run', '--detach', '--network', 'none', ...options, lab.holder, 'sleep', '100000');
  onTestFinished(async () => {
    await docker('rm', '--force', id);
  });
  const namespace = `${lab.proc}/${await docker('inspect', '--format', '{{.State.Pid}}', id)}/ns/net`;
  const inside = (command: string, args: readonly string[]) => [`--net=${namespace}`, command, ...args];
  return {
    v4,
    v6,
    network: `container:${id}`,
    namespace,
    run: (command, ...args) => succeed('nsenter', inside(command, args)),
    execute: (command, args, more) => execute('nsenter', inside(command, args), more),
    start: (command, ...args) => {
      const child = spawn('nsenter', inside(command, args), { env: environment(), stdio: ['ignore', 'pipe', 'pipe'] });
      onTestFinished(() => void child.kill('SIGKILL'));
      return child;
    },
  };
}

/** What the documents tell to give a container, and no more. */
export const LOCKED = [
  ...['--device', '/dev/net/tun', '--cap-drop', 'ALL', '--cap-add', 'NET_ADMIN'],
  ...['--read-only', '--security-opt', 'no-new-privileges'],
] as const;

export type Mode = 'client' | 'server';

/** Starts a container of the image on a host and waits until it is at work. Returns its id. */
export async function phantun(
  on: Host,
  mode: Mode,
  args: readonly string[],
  options: readonly string[] = LOCKED,
  image = lab.image,
): Promise<string> {
  const common = ['--detach', '--network', on.network, '--env', `MODE=${mode}`, '--env', 'RUST_LOG=info'];
  const id = await docker('run', ...common, ...options, image, ...args);
  onTestFinished(async () => {
    await docker('rm', '--force', id);
  });
  await ready(id);
  return id;
}

/** Waits until a container, of its latest start, has made its TUN device; says what it printed if it ended instead. */
export async function ready(id: string): Promise<void> {
  const since = await docker('inspect', '--format', '{{.State.StartedAt}}', id);
  for (let tries = 0; tries < 100; tries++) {
    const { stderr } = await execute('docker', ['logs', '--since', since, id]);
    if (stderr.includes('Created TUN device')) return;
    if ((await docker('inspect', '--format', '{{.State.Running}}', id)) !== 'true') throw new Error(stderr);
    await sleep(100);
  }
  throw new Error(`container ${id} made no TUN device`);
}

/** What docker's log of a container holds. */
export async function logs(id: string): Promise<string> {
  const { stdout, stderr } = await execute('docker', ['logs', id]);
  return stdout + stderr;
}

/** Answers datagrams on a host until the test ends. */
export async function echo(on: Host, port = 51820, address = '127.0.0.1'): Promise<void> {
  const child = on.start(process.execPath, UDP, 'echo', address, `${port}`);
  await new Promise((resolve) => child.stdout?.once('data', resolve));
}

export type Pinged = { readonly returned: number; readonly repeated: number };

type Ping = { port?: number; address?: string; count?: number; size?: number; patienceMs?: number };

/** Sends `count` datagrams of `size` bytes to a port of a host, each until it comes back unchanged or the time is over. */
export async function ping(
  on: Host,
  { port = 51820, address = '127.0.0.1', count = 50, size = 1200, patienceMs = 20_000 }: Ping = {},
): Promise<Pinged> {
  const args = [address, port, count, size, patienceMs].map(String);
  return JSON.parse(await on.run(process.execPath, UDP, 'ping', ...args)) as Pinged;
}

/** Keeps a port of a host busy; the number of datagrams that came back. */
export async function flood(on: Host, seconds: number, port = 51820): Promise<number> {
  const said = await on.run(process.execPath, UDP, 'flood', '127.0.0.1', `${port}`, `${seconds}`, '1200');
  return (JSON.parse(said) as { returned: number }).returned;
}
