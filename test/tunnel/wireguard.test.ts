import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { beforeAll, expect, onTestFinished, test } from 'vitest';
import { install } from '../lab/packages.js';
import { dockerEngine } from './daemons.js';
import { applyHostSetup } from './hostSetup.js';
import { type Host, type Mode, ROOT, docker, execute, phantun, succeed, twoHosts } from './rig.js';
import { nameOf, shell } from './shell.js';

type Block = { readonly where: string; readonly text: string };

/** The page's blocks in order: the first line of each says where it is typed. */
async function blocks(): Promise<Block[]> {
  const page = await readFile(join(ROOT, 'docs', 'wireguard-in-ten-minutes.md'), 'utf8');
  return [...page.matchAll(/^```sh\n# (.+)\n([\s\S]*?)^```$/gm)].map(([, where = '', text = '']) => ({ where, text }));
}

beforeAll(async () => {
  await install({ wg: 'wireguard-tools', ping: 'iputils-ping' });
  // wg-quick takes it where the kernel has no WireGuard
  await install({ 'wireguard-go': 'wireguard-go' });
});

test('the page takes two machines from nothing to WireGuard inside phantun', async () => {
  const [left, right] = await twoHosts();
  await right.run('ip', 'addr', 'add', '198.51.100.7/32', 'dev', 'eth0');
  await left.run('ip', 'route', 'add', 'default', 'via', right.v4);
  await right.run('ip', 'route', 'add', 'default', 'via', left.v4);
  for (const host of [left, right]) await dockerEngine(host); // which drops what is forwarded from now on
  const shells = { client: await shell(left), server: await shell(right) };
  for (const [host, side] of [
    [left, 'client'],
    [right, 'server'],
  ] as const)
    onTestFinished(async () => {
      await host.execute('ip', ['link', 'delete', 'wg0']); // ends a wireguard-go that a failure left behind
      await execute('docker', ['rm', '--force', nameOf(side)]);
    });

  const keys: Record<Mode, string> = { client: '', server: '' };
  const said: Record<Mode, string> = { client: '', server: '' };
  const type = async (side: Mode, { text }: Block) => {
    const filled = text.replace('CLIENT_KEY', keys.client).replace('SERVER_KEY', keys.server);
    const run = await shells[side](filled);
    expect(run.code, `${side}:\n${filled}\n${run.stdout}${run.stderr}`).toBe(0);
    if (text.includes('wg pubkey')) keys[side] = run.stdout.trim();
    said[side] += run.stdout;
  };
  const all = await blocks();
  expect(all.length).toBeGreaterThan(10);
  for (const block of all) {
    if (block.where.startsWith('both, the end')) {
      await expectMtu(left);
      for (const host of [left, right]) await expectDropsAllElse(host);
    }
    for (const side of ['server', 'client'] as const)
      if (block.where === side || block.where.startsWith('both')) await type(side, block);
  }
  for (const side of ['client', 'server'] as const) expect(said[side]).toContain('Nothing to mend.');
  expect(said.client).toContain('3 received, 0% packet loss');
  expect(said.server).toMatch(/^\S{43}=\t[1-9]\d+$/m);
  for (const host of [left, right]) {
    expect(await host.run('ip', '-o', 'link', 'show')).not.toMatch(/wg0|tun0/);
    expect(await host.run('nft', 'list', 'tables')).not.toContain('phantun');
    expect(await host.run('iptables', '-S', 'DOCKER-USER')).not.toContain('tun0');
  }
  expect(await docker('ps', '--all', '--format', '{{.Names}}')).not.toContain(`-${process.pid}`);
});

/** Docker's policy is still there, and phantun's device is what may pass. */
async function expectDropsAllElse(host: Host): Promise<void> {
  expect(await host.run('iptables', '-S', 'FORWARD')).toContain('-P FORWARD DROP');
  for (const side of ['-i', '-o'])
    expect(await host.run('iptables', '-S', 'DOCKER-USER')).toContain(`-A DOCKER-USER ${side} tun0 -j ACCEPT`);
}

/** The page's MTU is the largest that gets through whole. */
async function expectMtu(client: Host): Promise<void> {
  const whole = async (mtu: number) => {
    await client.run('ip', 'link', 'set', 'wg0', 'mtu', `${mtu}`);
    const headers = 28; // of IP and ICMP
    return (await client.execute('ping', ['-c1', '-W2', '-M', 'do', '-s', `${mtu - headers}`, '10.0.0.1'])).code;
  };
  expect(await client.run('ip', 'link', 'show', 'wg0')).toContain('mtu 1428');
  expect(await whole(1428)).toBe(0);
  expect(await whole(1429)).not.toBe(0);
}

test(
  'examples/wireguard: the files work as they are, and with everything through the tunnel by their two lines',
  { timeout: 150_000 },
  async () => {
    const [left, right] = await twoHosts();
    await applyHostSetup(left, right);
    await right.run('ip', 'addr', 'add', '198.51.100.7/32', 'dev', 'eth0'); // beyond the default route
    await left.run('ip', 'route', 'add', 'default', 'via', right.v4);
    await phantun(right, 'server', ['--local', '4567', '--remote', '127.0.0.1:51820']);
    await phantun(left, 'client', ['--local', '127.0.0.1:51820', '--remote', '198.51.100.7:4567']);
    const hosts = { client: left, server: right };
    const shells = { client: await shell(left), server: await shell(right) };
    const keys: Record<string, string> = {};
    for (const mode of ['client', 'server'] as const) {
      const key = (await succeed('wg', ['genkey'])).trim();
      keys[`PRIVATE_KEY_OF_THE_${mode.toUpperCase()}`] = key;
      keys[`PUBLIC_KEY_OF_THE_${mode.toUpperCase()}`] = (await succeed('wg', ['pubkey'], { input: key })).trim();
      onTestFinished(async () => {
        await hosts[mode].execute('ip', ['link', 'delete', 'wg0']);
      });
    }
    const up = async (mode: Mode, edit: (text: string) => string = (text) => text) => {
      let text = edit(await readFile(join(ROOT, 'examples', 'wireguard', `${mode}.conf`), 'utf8'));
      for (const [name, key] of Object.entries(keys)) text = text.replace(name, key);
      const run = await shells[mode](`umask 077\ncat > /etc/wireguard/wg0.conf <<'END'\n${text}END\nwg-quick up wg0`);
      expect(run.code, run.stderr).toBe(0);
    };
    const down = async () => expect(await shells.client('wg-quick down wg0')).toMatchObject({ code: 0 });
    const reached = async () => (await left.execute('ping', ['-c2', '-W2', '10.0.0.1'])).code === 0;
    const everything = (text: string) => text.replace('AllowedIPs = 10.0.0.1/32', 'AllowedIPs = 0.0.0.0/0');
    await up('server');
    await up('client');
    expect(await reached()).toBe(true);
    await down();
    const lines = (text: string) => text.replace('#PreUp', 'PreUp').replace('#PostDown', 'PostDown');
    const places = (text: string) =>
      text.replaceAll('SERVER_ADDRESS', '198.51.100.7').replace('YOUR_GATEWAY', right.v4);
    await up('client', (text) => places(lines(everything(text))));
    await expect.poll(reached, { timeout: 30_000 }).toBe(true);
    expect(await left.run('ip', 'route', 'get', '203.0.113.9')).toContain('dev wg0');
    await down();
    expect(await left.run('ip', 'route', 'show')).not.toContain('198.51.100.7');
  },
);
