import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { beforeAll, expect, test } from 'vitest';
import { applyHostSetup } from './hostSetup.js';
import {
  type Host,
  type Mode,
  LOCKED,
  ROOT,
  echo,
  execute,
  lab,
  logs,
  phantun,
  ping,
  succeed,
  temporaryFolder,
  twoHosts,
} from './rig.js';

const CLIENT = ['--local', '127.0.0.1:51820', '--remote', '10.77.0.2:4567'];
const SERVER = ['--local', '4567', '--remote', '127.0.0.1:51820'];
const without = (option: string) =>
  LOCKED.filter((_, index) => LOCKED[index] !== option && LOCKED[index - 1] !== option);

type Mishap = {
  mode: string;
  args: string[];
  options?: readonly string[];
  /** The mode of /dev/net/tun in the container, which docker takes from the host's file: 0666 where systemd's udev makes it. */
  device?: string;
  before?: (on: Host) => Promise<unknown>;
};

const client = (local: string, remote: string, ...more: string[]): Mishap => ({
  mode: 'client',
  args: ['--local', local, '--remote', remote, ...more],
});

const USER = [...without('--device'), '--user', '1000'];
const SELINUX = 'SELinux keeps containers from devices, as on Fedora and RHEL; it runs as root';

/** Ways to bring about each row of the document's first table. */
const MISHAPS: Record<string, Mishap[]> = {
  'the container has no TUN device': [{ mode: 'server', args: SERVER, options: without('--device') }],
  'the container may not make a network device': [{ mode: 'server', args: SERVER, options: without('--cap-add') }],
  'it runs as another user than root': [{ mode: 'client', args: CLIENT, options: USER, device: '666' }],
  'it runs as another user than root, where `/dev/net/tun` is root’s alone (mode 0600)': [
    { mode: 'client', args: CLIENT, options: USER, device: '600' },
  ],
  [SELINUX]: [], // no kernel of the tests has it; the line must be that of a device which may not be opened, whoever forbids it
  'the TUN name is taken by something that is no TUN device, or by one of a single queue': [
    { mode: 'server', args: [...SERVER, '--tun', 'eth0'] },
    {
      mode: 'client',
      args: [...CLIENT, '--tun', 'taken'],
      before: (on) => on.run('ip', 'tuntap', 'add', 'taken', 'mode', 'tun'),
    },
  ],
  'no name server answers': [client('127.0.0.1:1', 'nowhere.example:4567')],
  'no name server knows the name': [{ ...client('127.0.0.1:1', 'nowhere.example:4567'), before: nameServer }],
  'the name has IPv6 addresses only, and `--ipv4-only` is given': [
    { ...client('127.0.0.1:1', 'six.example:4567', '--ipv4-only'), before: nameServer },
  ],
  '`--remote` has no port': [client('127.0.0.1:1', 'server.example')],
  'a client’s `--local` is no address with a port': [
    client('51820', '10.77.0.2:4567'),
    client('localhost:1', '10.77.0.2:1'),
  ],
  'a server’s `--local` is no port': [{ mode: 'server', args: ['--local', '0.0.0.0:4567', '--remote', '127.0.0.1:1'] }],
  'a client’s `--local` is an address that the host does not have': [client('10.99.9.9:1', '10.77.0.2:4567')],
  'another program has the client’s UDP port': [
    {
      mode: 'client',
      args: CLIENT,
      before: (on) => echo(on),
    },
  ],
  'an argument is missing or unknown': [
    { mode: 'client', args: [] },
    { mode: 'server', args: [...SERVER, '--verbose'] },
  ],
  '`MODE` is missing or misspelt': [
    { mode: '', args: [] },
    { mode: 'Client', args: CLIENT },
  ],
};

async function nameServer(on: Host): Promise<void> {
  const server = on.start(
    process.execPath,
    join(import.meta.dirname, 'nameserver.mjs'),
    '127.0.0.53',
    'six.example=fd77::2',
  );
  await new Promise((resolve) => server.stdout?.once('data', resolve));
}

type Row = { what: string; line: string; code: number };
let rows: Row[] = [];
let text = '';

beforeAll(async () => {
  text = await readFile(join(ROOT, 'docs', 'troubleshooting.md'), 'utf8');
  const table = text.slice(text.indexOf('## It does not start'), text.indexOf('## It runs'));
  rows = [...table.matchAll(/^\| (.+?) \| (`.+`) \| (\d+) \|/gm)].map(([, what = '', line = '', code]) => ({
    what,
    line: line.replace(/^(`+)(.*)\1$/, '$2'),
    code: Number(code),
  }));
});

test('the document has these rows and no others', () => {
  expect(rows.map(({ what }) => what)).toEqual(Object.keys(MISHAPS));
});

test('the row on SELinux, which is not brought about, has the line of a device that may not be opened', () => {
  const lines = rows.filter(({ what }) => what === SELINUX || what.includes('mode 0600')).map(({ line }) => line);
  expect(lines).toEqual([lines[0], lines[0]]);
  expect(text).toContain('of the row on SELinux the line alone, as no kernel\nof the tests has it');
});

/** Options of docker for a device file of its own, with that mode. */
async function deviceOf(mode: string): Promise<string[]> {
  const file = join(await temporaryFolder(), 'tun');
  await succeed('mknod', ['-m', mode, file, 'c', '10', '200']);
  return ['--device', `${file}:/dev/net/tun`];
}

const PRODUCED = Object.keys(MISHAPS).filter((what) => MISHAPS[what]?.length !== 0);

test.each(PRODUCED)('%s: phantun prints the line that the document has', async (what) => {
  const row = rows.find((each) => each.what === what);
  for (const { mode, args, options: given = LOCKED, device, before } of MISHAPS[what] ?? []) {
    const [host] = await twoHosts('--dns', '127.0.0.53', '--dns-opt', 'timeout:1', '--dns-opt', 'attempts:1');
    await before?.(host);
    const options = [...given, ...(device === undefined ? [] : await deviceOf(device))];
    const run = ['run', '--rm', '--network', host.network, '--env', `MODE=${mode}`, ...options, lab.image, ...args];
    const { code, stderr } = await execute('docker', run);
    expect(stderr.split('\n'), stderr).toContain(row?.line);
    expect(code).toBe(row?.code);
  }
});

test('a file that cannot be read is an error of the system, as the document has it: a line `Error:`, exit code 1', async () => {
  expect(text).toContain(
    '| 1 | an error of the system, on a line that begins with `Error:`; the file of `--handshake-packet`',
  );
  const [host] = await twoHosts();
  const args = [...SERVER, '--handshake-packet', '/none'];
  const run = ['run', '--rm', '--network', host.network, '--env', 'MODE=server', ...LOCKED, lab.image, ...args];
  const { code, stderr } = await execute('docker', run);
  expect(code, stderr).toBe(1);
  expect(stderr).toMatch(/^Error: /m);
});

test('the log lines of a tunnel that works, and of one that does not, are the document’s', async () => {
  const [left, right] = await twoHosts();
  const server = await phantun(right, 'server', SERVER);
  const ids: Record<Mode, string> = { server, client: await phantun(left, 'client', CLIENT) };
  await ping(left, { count: 1, patienceMs: 8_000 });
  await applyHostSetup(left, right);
  await ping(left, { count: 1, patienceMs: 3_000 });
  const table = [...text.matchAll(/^\| `(.+)` \| (client|server) \|/gm)];
  expect(table).toHaveLength(3);
  for (const [, line, of] of table) expect(await logs(ids[of as Mode])).toContain(line);
});
