import { spawn } from 'node:child_process';
import { readFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { run } from '../test/lab/exec.js';
import type { Lab } from '../test/lab/lab.js';
import { install } from '../test/lab/packages.js';
import { type Row, median } from './measure.js';
import type { Rivals } from './rivals.js';

const ROOT = resolve(import.meta.dirname, '..');
const ROUNDS = 7;
const SECONDS = 4;
const STEADY = '100M';
const DATAGRAM = 1372;
const GOALS = { native: 0.97, musl: 1.1 };
const PORT = 5201;
const ARGS = {
  server: ['--local', '4567', '--remote', `127.0.0.1:${PORT}`],
  client: ['--local', `127.0.0.1:${PORT}`, '--remote', '10.77.0.2:4567'],
} as const;
const MODES = ['server', 'client'] as const;

type Sample = { mbits: number; cpuPerGb: number };
type Mode = 'client' | 'server';
type Hosts = Record<'client' | 'server', { namespace: string; network: string }>;

/**
 * iperf3's UDP through client and server between two network namespaces: the image, a native build with glibc, and one with musl, in
 * turn. Throughput with a sender that does not wait; processor time per gigabyte at a steady rate.
 */
export async function benchTunnel(lab: Lab, image: string, rivals: Rivals): Promise<Row[]> {
  await install({ nft: 'nftables', iperf3: 'iperf3' });
  const stops: (() => unknown)[] = [];
  try {
    const hosts = await makeHosts(lab, stops);
    const contenders: Record<string, Program> = {
      image: { image, options: [], command: () => [] },
      native: programs(lab, rivals.native, ['lib/ld.so', '--library-path', 'lib']),
      musl: programs(lab, rivals.musl),
    };
    const samples: Record<string, Sample[]> = { image: [], native: [], musl: [] };
    for (let round = 0; round < ROUNDS; round++)
      for (const [name, program] of Object.entries(contenders)) {
        const { procs, stop } = await start(lab, program, hosts);
        try {
          await sleep(700); // both have their devices then
          const { mbits } = await measure(hosts, procs, '0');
          samples[name]?.push({ mbits, cpuPerGb: (await measure(hosts, procs, STEADY)).cpuPerGb });
        } finally {
          await stop();
        }
      }
    return rows(samples);
  } finally {
    for (const stop of stops.reverse()) await stop();
  }
}

function rows(samples: Record<string, Sample[]>): Row[] {
  const of = (name: string, what: keyof Sample) => median((samples[name] ?? []).map((sample) => sample[what]));
  return (['native', 'musl'] as const).map((rival) => {
    const [mine, other] = [of('image', 'mbits'), of(rival, 'mbits')];
    const [cpu, otherCpu] = [of('image', 'cpuPerGb'), of(rival, 'cpuPerGb')];
    return {
      what: `tunnel, image against a ${rival === 'native' ? 'native glibc' : 'musl'} build, medians of ${ROUNDS}`,
      figure:
        `${mine.toFixed(0)} against ${other.toFixed(0)} Mbit/s: ratio ${(mine / other).toFixed(2)}; ` +
        `${cpu.toFixed(1)} against ${otherCpu.toFixed(1)} CPU s/GB: ratio ${(cpu / otherCpu).toFixed(2)}`,
      goal: `throughput at least ${GOALS[rival]} of it`,
      met: mine / other >= GOALS[rival],
    };
  });
}

const inside = (namespace: string, ...command: string[]): [string, string[]] => [
  'nsenter',
  [`--net=${namespace}`, ...command],
];

/** Two namespaces, held by containers, joined by a wire, with the rules of the examples. */
async function makeHosts(lab: Lab, stops: (() => unknown)[]): Promise<Hosts> {
  const env = { ...process.env, ...lab.env };
  const docker = async (...args: string[]) => (await run('docker', args, { env })).trim();
  const make = async () => {
    const id = await docker('run', '--detach', '--network', 'none', lab.bases.shell, 'sleep', '100000');
    stops.push(() => docker('rm', '--force', id));
    return { namespace: `${await lab.engine.procOf(id)}/ns/net`, network: `container:${id}` };
  };
  const hosts = { client: await make(), server: await make() };
  const on =
    (mode: 'client' | 'server') =>
    async (...command: string[]) =>
      await run(...inside(hosts[mode].namespace, ...command));
  const wire = ['eth0', 'type', 'veth', 'peer', 'name', 'eth0', 'netns', hosts.server.namespace];
  await on('client')('ip', 'link', 'add', ...wire);
  for (const [index, mode] of (['client', 'server'] as const).entries()) {
    await on(mode)('ip', 'addr', 'add', `10.77.0.${index + 1}/24`, 'dev', 'eth0');
    for (const device of ['lo', 'eth0']) await on(mode)('ip', 'link', 'set', device, 'up');
    await on(mode)('sysctl', '-q', '-p', join(ROOT, 'examples/host/sysctl.d/90-phantun.conf'));
    await on(mode)('nft', '-f', join(ROOT, 'examples/host/nftables', `${mode}.nft`));
  }
  const iperf = spawn(...inside(hosts.server.namespace, 'iperf3', '--server', '--port', `${PORT}`), {
    stdio: 'ignore',
  });
  stops.push(() => iperf.kill('SIGKILL'));
  // iperf3's control connection goes beside the tunnel
  const relay = spawn(...inside(hosts.client.namespace, process.execPath, '--input-type=module', '--eval', RELAY), {
    stdio: 'ignore',
  });
  stops.push(() => relay.kill('SIGKILL'));
  await sleep(500);
  return hosts;
}

const RELAY = `import { connect, createServer } from 'node:net';
createServer((near) => {
  const far = connect(${PORT}, '10.77.0.2');
  for (const [from, to] of [[near, far], [far, near]]) from.on('error', () => to.destroy()).pipe(to);
}).listen(${PORT}, '127.0.0.1');`;

/** What a container runs: all contenders are containers, as the scheduler gives these their share together. */
type Program = {
  readonly image: string;
  readonly options: readonly string[];
  readonly command: (mode: Mode) => string[];
};

/** Programs of a folder, by a loader in it if there is one, in a container of an image that is not otherwise used. */
function programs(lab: Lab, folder: string, loader: readonly string[] = []): Program {
  const options = ['--volume', `${folder}:/programs:ro`, '--workdir', '/programs'];
  return { image: lab.bases.shell, options, command: (mode) => [...loader, `./${mode}`] };
}

async function start(lab: Lab, { image, options, command }: Program, hosts: Hosts) {
  const env = { ...process.env, ...lab.env };
  const ids: string[] = [];
  const procs: string[] = [];
  for (const mode of MODES) {
    const locked = ['--device', '/dev/net/tun', '--cap-drop', 'ALL', '--cap-add', 'NET_ADMIN', '--read-only'];
    const common = ['run', '--detach', '--network', hosts[mode].network, ...locked, '--env', `MODE=${mode}`];
    const id = (await run('docker', [...common, ...options, image, ...command(mode), ...ARGS[mode]], { env })).trim();
    ids.push(id);
    const first = await lab.engine.procOf(id);
    const children = await readFile(`${first}/task/${first.split('/').at(-1) ?? ''}/children`, 'utf8');
    const [child] = children.split(' '); // the image's shell has phantun as its child
    procs.push(child ? join(first, '..', child) : first);
  }
  return { procs, stop: () => run('docker', ['rm', '--force', ...ids], { env }) };
}

type Report = { error?: string; end: { sum?: { packets: number; lost_packets: number; seconds: number } } };

/** One run of iperf3; what arrived counts. */
async function measure({ client }: Hosts, procs: string[], rate: string): Promise<Sample> {
  const before = await cpuSeconds(procs);
  const options = ['--udp', '--bitrate', rate, '--length', `${DATAGRAM}`, '--time', `${SECONDS}`, '--json'];
  const said = await run(
    ...inside(client.namespace, 'iperf3', '--client', '127.0.0.1', '--port', `${PORT}`, ...options),
  );
  const used = (await cpuSeconds(procs)) - before;
  const { error, end } = JSON.parse(said) as Report;
  if (error !== undefined || !end.sum) throw new Error(`iperf3: ${error ?? said.slice(-2_000)}`);
  const { sum } = end;
  const bytes = (sum.packets - sum.lost_packets) * DATAGRAM;
  return { mbits: (bytes * 8) / sum.seconds / 1e6, cpuPerGb: used / (bytes / 1e9) };
}

const TICKS_PER_SECOND = 100;

async function cpuSeconds(procs: string[]): Promise<number> {
  let ticks = 0;
  for (const proc of procs) {
    const stat = await readFile(join(proc, 'stat'), 'utf8');
    const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
    ticks += Number(fields[11]) + Number(fields[12]); // utime and stime
  }
  return ticks / TICKS_PER_SECOND;
}
