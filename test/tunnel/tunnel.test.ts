import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { expect, test } from 'vitest';
import { applyHostSetup, loadNft } from './hostSetup.js';
import { type Host, docker, echo, flood, logs, phantun, ping, ready, twoHosts } from './rig.js';

const CLIENT = ['--local', '127.0.0.1:51820', '--remote'];
const SERVER = ['--local', '4567', '--remote', '127.0.0.1:51820'];
const ALL = { returned: 50 };

/** Two hosts that are set up, an echo behind the second, a server on it. */
async function served(...holder: string[]): Promise<[left: Host, right: Host, server: string]> {
  const [left, right] = await twoHosts(...holder);
  await applyHostSetup(left, right);
  await echo(right);
  return [left, right, await phantun(right, 'server', SERVER)];
}

test.each([
  ['IPv4', '10.77.0.2:4567', '10.77.0.1'],
  ['IPv6', '[fd77::2]:4567', 'fd77::1'],
])('datagrams go through client and server over %s and come back', async (_, remote, seen) => {
  const [left, , server] = await served();
  const client = await phantun(left, 'client', [...CLIENT, remote]);
  expect(await ping(left)).toMatchObject(ALL);
  expect(await logs(client)).toContain(`Remote address is: ${remote}`);
  expect(await logs(server)).toContain('New connection');
  expect(await logs(server)).toContain(seen);
});

test('without the host’s set-up nothing comes through', async () => {
  const [left, right] = await twoHosts();
  await echo(right);
  await phantun(right, 'server', SERVER);
  await phantun(left, 'client', [...CLIENT, '10.77.0.2:4567']);
  expect(await ping(left, { count: 1, patienceMs: 3_000 })).toMatchObject({ returned: 0 });
});

test.each([
  ['an IPv4 address', ['server.example=10.77.0.2'], [], '10.77.0.2:4567'],
  ['an IPv6 address', ['server.example=fd77::2'], [], '[fd77::2]:4567'],
  ['both, with --ipv4-only', ['server.example=10.77.0.2', 'server.example=fd77::2'], ['--ipv4-only'], '10.77.0.2:4567'],
])('a name whose DNS says %s is a remote', async (_, records, more, remote) => {
  const [left] = await served('--dns', '127.0.0.53');
  const server = left.start(process.execPath, join(import.meta.dirname, 'nameserver.mjs'), '127.0.0.53', ...records);
  await new Promise((resolve) => server.stdout?.once('data', resolve));
  const client = await phantun(left, 'client', [...CLIENT, 'server.example:4567', ...more]);
  expect(await ping(left)).toMatchObject(ALL);
  expect(await logs(client)).toContain(`Remote address is: ${remote}`);
});

test('a name in the hosts file is a remote', async () => {
  const [left] = await served('--add-host', 'server.example:10.77.0.2');
  await phantun(left, 'client', [...CLIENT, 'server.example:4567']);
  expect(await ping(left)).toMatchObject(ALL);
});

test('a server behind a name, on either side', async () => {
  const [left, right] = await twoHosts(
    '--add-host',
    'target.example:127.0.0.1',
    '--add-host',
    'server.example:fd77::2',
  );
  await applyHostSetup(left, right);
  await echo(right);
  await phantun(right, 'server', ['--local', '4567', '--remote', 'target.example:51820']);
  await phantun(left, 'client', [...CLIENT, 'server.example:4567']);
  expect(await ping(left)).toMatchObject(ALL);
});

test('a server serves several clients at once, of one host and of several programs', async () => {
  const [left] = await served();
  await loadNft(left, 'client', {
    phantun_client: 'phantun_second',
    '192.168.200.2': '192.168.202.2',
    'fcc8::2': 'fcca::2',
  });
  await phantun(left, 'client', [...CLIENT, '10.77.0.2:4567']);
  const addresses = ['--tun-local', '192.168.202.1', '--tun-peer', '192.168.202.2'];
  const addresses6 = ['--tun-local6', 'fcca::1', '--tun-peer6', 'fcca::2'];
  const second = ['--local', '127.0.0.1:51821', '--remote', '[fd77::2]:4567', ...addresses, ...addresses6];
  await phantun(left, 'client', second);
  const all = [51820, 51820, 51821, 51821].map((port) => ping(left, { port }));
  expect(await Promise.all(all)).toMatchObject([ALL, ALL, ALL, ALL]);
});

test('a restart of either side, and of both, is got over', async () => {
  const [left, , server] = await served();
  const client = await phantun(left, 'client', [...CLIENT, '10.77.0.2:4567']);
  expect(await ping(left)).toMatchObject(ALL);
  for (const restarted of [[server], [client], [server, client]]) {
    await docker('restart', ...restarted);
    for (const each of restarted) await ready(each);
    expect(await ping(left)).toMatchObject(ALL);
  }
});

test('docker stop under load ends either side at once with 143', async () => {
  const [left, , server] = await served();
  const client = await phantun(left, 'client', [...CLIENT, '10.77.0.2:4567']);
  expect(await ping(left)).toMatchObject(ALL);
  const load = flood(left, 12);
  for (const each of [server, client]) {
    await expect.poll(() => busy(left), { timeout: 10_000 }).toBe(true);
    const begin = Date.now();
    await docker('stop', each);
    const tookMs = Date.now() - begin;
    expect(await docker('inspect', '--format', '{{.State.ExitCode}}', each)).toBe('143');
    expect(tookMs).toBeLessThan(3_000); // docker would kill it after 10 s
    if (each === client) continue;
    await docker('start', each);
    await ready(each);
  }
  expect(await load).toBeGreaterThan(1_000);
});

/** Whether the client's device gets packets from its server now, by the hundred. */
async function busy(client: Host): Promise<boolean> {
  const received = async () =>
    Number(await client.run('sh', '-c', "sed -n 's/^ *tun0: *//p' /proc/net/dev | awk '{ print $10 }'"));
  const before = await received();
  await sleep(500);
  return (await received()) > before + 100;
}

test('devices and addresses can be chosen on both sides', async () => {
  const [left, right] = await twoHosts();
  await applyHostSetup(left, right);
  await loadNft(left, 'client', { '192.168.200.2': '172.31.9.2', 'fcc8::2': 'fd31:9::2' });
  await loadNft(right, 'server', { '4567': '443', '192.168.201.2': '172.31.8.2', 'fcc9::2': 'fd31:8::2' });
  await echo(right);
  const own = (name: string, net: string, net6: string) => [
    ...['--tun', name, '--tun-local', `${net}.1`, '--tun-peer', `${net}.2`],
    ...['--tun-local6', `${net6}::1`, '--tun-peer6', `${net6}::2`],
  ];
  const remote = ['--local', '443', '--remote', '127.0.0.1:51820'];
  await phantun(right, 'server', [...remote, ...own('ph-server', '172.31.8', 'fd31:8')]);
  for (const [index, address] of ['10.77.0.2:443', '[fd77::2]:443'].entries()) {
    const local = ['--local', `127.0.0.1:${51820 + index}`, '--remote', address];
    const client = await phantun(left, 'client', [...local, ...own('ph-client', '172.31.9', 'fd31:9')]);
    expect(await ping(left, { port: 51820 + index })).toMatchObject(ALL);
    expect(await left.run('ip', 'addr', 'show', 'dev', 'ph-client')).toContain('172.31.9.1 peer 172.31.9.2/32');
    await docker('rm', '--force', client);
  }
  expect(await right.run('ip', 'addr', 'show', 'dev', 'ph-server')).toContain('fd31:8::1 peer fd31:8::2/128');
});

// WireGuard adds 32 bytes to what its device's MTU is: 1428 and 1408.
test.each([
  ['IPv4', '10.77.0.2:4567', 1460],
  ['IPv6', '[fd77::2]:4567', 1440],
])('the largest datagram over %s on a wire of 1500 bytes', async (_, remote, largest) => {
  const [left] = await served();
  await phantun(left, 'client', [...CLIENT, remote]);
  expect(await ping(left, { size: largest })).toMatchObject(ALL);
  expect(await ping(left, { size: largest + 1, patienceMs: 2_000 })).toMatchObject({ returned: 0 });
});
