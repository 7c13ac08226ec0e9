import { mkdir } from 'node:fs/promises';
import { type Socket, connect, createServer } from 'node:net';
import { join } from 'node:path';
import { type Daemon, startDaemon, succeeds, untilReady, withSystemPath } from './exec.js';
import { install } from './packages.js';

/** A network of its own, from which a few ports of this machine's loopback are reached and nothing else. */
export type Enclave = {
  /** What a command is to begin with to run in there. */
  readonly enter: readonly string[];
  readonly stop: () => Promise<void>;
};

/** Listens on the loopback in there; each connection goes on to the socket of that port, and so out. */
const INSIDE = `
const { connect, createServer } = require('node:net');
const { join } = require('node:path');
const [dir, ...ports] = process.argv.slice(1);
for (const port of ports)
  createServer((socket) => {
    const out = connect(join(dir, port));
    for (const [from, to] of [[socket, out], [out, socket]]) from.on('error', () => to.destroy()).pipe(to);
  }).listen(Number(port), '127.0.0.1');
`;

/** Starts one that reaches these ports of 127.0.0.1, by the same numbers. Sockets go through it: they are files. */
export async function startEnclave(dir: string, ports: readonly number[]): Promise<Enclave> {
  await install({ ip: 'iproute2' });
  await mkdir(dir, { recursive: true });
  const servers = await Promise.all(ports.map((port) => forward(join(dir, String(port)), port)));
  const program = [process.execPath, '--eval', INSIDE, dir, ...ports.map(String)];
  const command = ['--net', 'sh', '-euc', 'ip link set lo up; exec "$@"', 'sh', ...program];
  const daemon = startDaemon('unshare', command, join(dir, 'log'), withSystemPath(process.env));
  const enter = ['nsenter', '--target', String(daemon.pid), '--net'];
  const stop = async () => {
    await daemon.stop();
    for (const close of servers) close();
  };
  await untilListening(daemon, enter, ports);
  return { enter, stop };
}

async function untilListening(daemon: Daemon, [enter = '', ...flags]: readonly string[], ports: readonly number[]) {
  const asks = `for (const port of ${JSON.stringify(ports)})
    require('node:net').connect(port, '127.0.0.1').on('connect', function () { this.destroy(); });`;
  await untilReady('a network of its own', daemon, () => succeeds(enter, [...flags, process.execPath, '--eval', asks]));
}

/** Lets a socket out to a port of this machine. */
async function forward(path: string, port: number): Promise<() => void> {
  const open = new Set<Socket>();
  const server = createServer((socket) => {
    const out = connect(port, '127.0.0.1');
    for (const [from, to] of [
      [socket, out],
      [out, socket],
    ] as const) {
      open.add(from);
      from.on('error', () => to.destroy()).on('close', () => open.delete(from));
      from.pipe(to);
    }
  });
  await new Promise<void>((listening) => server.listen(path, listening));
  return () => {
    server.close();
    for (const socket of open) socket.destroy();
  };
}
