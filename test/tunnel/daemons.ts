import { existsSync } from 'node:fs';
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { onTestFinished } from 'vitest';
import { enginePrefix } from '../lab/engine.js';
import { untilReady } from '../lab/exec.js';
import { startIsolated } from '../lab/namespace.js';
import { type Inside, inside } from './firewallRoot.js';
import { type Finished, type Host, lab, succeed, temporaryFolder } from './rig.js';

/**
 * What Docker's nftables backend writes for its own bridge and one container that publishes port 8080: to compile an engine that
 * has it takes minutes, so `npm run test:long` does, and compares.
 */
export const DOCKER_TABLES = join(import.meta.dirname, 'dockerTables.nft');

/** Which engine is started on a host, and how: the lab's own dockerd, where nothing else is said. */
export type HostEngine = { program?: string; flags?: readonly string[] };

/** A client of an engine: words in, what it prints out. */
export type DockerClient = (...args: string[]) => Promise<string>;

/**
 * Starts a Docker engine of its own on a host of the rig, as a machine's engine is: it manages that host's packet filter. It ends
 * with the test.
 */
export async function dockerEngine(
  on: Host,
  { program = 'dockerd', flags = [] }: HostEngine = {},
): Promise<DockerClient> {
  const dir = await temporaryFolder();
  const prefix = await enginePrefix();
  const path = `${prefix}/usr/bin:${prefix}/usr/sbin:${process.env.PATH ?? ''}:/usr/sbin:/sbin`;
  const socket = join(dir, 'docker.sock');
  const places = ['--host', `unix://${socket}`, '--data-root', join(dir, 'data'), '--exec-root', '/run/docker'];
  // the daemon gets a /proc of its own, in which the namespace has no path
  const namespace = join(dir, 'namespace');
  await writeFile(namespace, '');
  await succeed('mount', ['--bind', on.namespace, namespace]);
  onTestFinished(async () => {
    await succeed('umount', [namespace]);
  });
  const command = ['nsenter', `--net=${namespace}`, program, ...places, ...flags, '--pidfile', join(dir, 'pid')];
  const env = { ...process.env, PATH: path };
  const daemon = startIsolated(join(prefix, 'usr/bin/tini-static'), command, join(dir, 'log'), env);
  onTestFinished(daemon.stop);
  const client = join(prefix, 'usr/bin/docker');
  const host = ['--host', `unix://${socket}`];
  await untilReady('The Docker engine', daemon, async () => {
    const { code } = await on.execute(client, [...host, 'version']);
    return code === 0;
  });
  return (...args) => on.run(client, ...host, ...args);
}

/** Runs a container whose port 80 an engine publishes as a port of its host; returns the container's address. */
export async function publishPort(client: DockerClient, port: number): Promise<string> {
  const image = join(await temporaryFolder(), 'image.tar');
  await succeed('docker', ['save', '--output', image, lab.holder]);
  await client('load', '--input', image);
  const id = await client('run', '--detach', '--publish', `${port}:80`, lab.holder, 'sleep', '100000');
  const address = '{{range .NetworkSettings.Networks}}{{.IPAddress}}{{end}}';
  return (await client('inspect', '--format', address, id.trim())).trim();
}

const BUS = (socket: string) => `<!DOCTYPE busconfig PUBLIC "-//freedesktop//DTD D-Bus Bus Configuration 1.0//EN"
 "http://www.freedesktop.org/standards/dbus/1.0/busconfig.dtd">
<busconfig>
  <listen>unix:path=${socket}</listen>
  <auth>EXTERNAL</auth>
  <policy context="default"><allow send_destination="*"/><allow receive_sender="*"/><allow own="*"/></policy>
</busconfig>
`;

/** Starts firewalld on a host of the rig, with a bus and a configuration of its own. Returns how its clients are run. */
export async function firewalld(on: Host): Promise<Inside['execute']> {
  const { tmp, execute, start } = await inside(on);
  await writeFile(join(tmp, 'bus.conf'), BUS('/tmp/bus'));
  await mkdir(join(tmp, 'system'));
  start({}, 'dbus-daemon', '--config-file=/tmp/bus.conf', '--nofork');
  const env = { DBUS_SYSTEM_BUS_ADDRESS: 'unix:path=/tmp/bus' };
  await until('the bus', () => Promise.resolve({ code: existsSync(join(tmp, 'bus')) ? 0 : 1 }));
  start(env, 'firewalld', '--nofork', '--nopid', '--system-config=/tmp/system', '--log-file=/tmp/log');
  const client: Inside['execute'] = (command, args) => execute(command, args, env);
  await until('firewalld', () => client('firewall-cmd', ['--state']), 60);
  return client;
}

/** Turns UFW on on a host of the rig. Returns what runs a program there that sees that host's /etc/ufw. */
export async function ufw(on: Host): Promise<Inside['run']> {
  const { run } = await inside(on);
  await run('ufw', '--force', 'enable');
  return run;
}

/** Has a host send router advertisements. */
export async function advertiseRoutes(on: Host): Promise<void> {
  const { tmp, start } = await inside(on);
  const prefix = 'prefix fd88::/64 { AdvOnLink on; AdvAutonomous on; };';
  const timing = 'MinRtrAdvInterval 3; MaxRtrAdvInterval 4; AdvDefaultLifetime 300;';
  await writeFile(join(tmp, 'conf'), `interface eth0 { AdvSendAdvert on; ${timing} ${prefix} };\n`);
  await on.run('sysctl', '-qw', 'net.ipv6.conf.all.forwarding=1');
  await on.run('ip', 'addr', 'add', 'fd88::1/64', 'dev', 'eth0', 'nodad');
  start({}, 'radvd', '--nodaemon', '-C', '/tmp/conf', '-p', '/tmp/pid', '-m', 'logfile', '-l', '/tmp/log');
}

/** Waits until a probe succeeds. */
export async function until(what: string, probe: () => Promise<Pick<Finished, 'code'>>, seconds = 20): Promise<void> {
  for (let tries = 0; tries < seconds * 5; tries++) {
    if ((await probe()).code === 0) return;
    await sleep(200);
  }
  throw new Error(`${what} was not ready after ${seconds} s`);
}
