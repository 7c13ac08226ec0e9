import { setTimeout as sleep } from 'node:timers/promises';
import { expect, test } from 'vitest';
import { applyHostSetup } from './hostSetup.js';
import { type Host, type Mode, LOCKED, docker, echo, phantun, ping, twoHosts } from './rig.js';

const ARGS = {
  client: ['--local', '127.0.0.1:51820', '--remote', '10.77.0.2:4567'],
  server: ['--local', '4567', '--remote', '127.0.0.1:51820'],
} as const;

/** All that a container with NET_ADMIN could have changed in a namespace, a line a fact. */
async function state(host: Host): Promise<string[]> {
  const said = await Promise.all([
    host.run('sysctl', '-a', '--pattern', '^net\\.'),
    host.run('ip', '-o', 'link', 'show'),
    host.run('ip', '-o', 'addr', 'show'),
    host.run('ip', '-4', 'route', 'show', 'table', 'all'),
    host.run('ip', '-6', 'route', 'show', 'table', 'all'),
    host.run('ip', 'rule', 'show'),
    host.run('ip', '-6', 'rule', 'show'),
    host.run('ip', '-o', 'neigh', 'show', 'nud', 'permanent'),
    host.run('tc', 'qdisc', 'show'),
    host.run('nft', '--stateless', 'list', 'ruleset'),
    host.run('iptables-save'),
    host.run('ip6tables-save'),
    host.run('iptables-legacy-save'),
    host.run('ip6tables-legacy-save'),
  ]);
  return said
    .join('\n')
    .split('\n')
    .filter((line) => !line.startsWith('#') && !line.startsWith(COUNT))
    .map((line) => line.replace(/^\d+: /, '').trim()) // indices of interfaces
    .filter((line) => line !== '')
    .sort();
}

// It counts traffic: no setting.
const COUNT = 'net.netfilter.nf_conntrack_count';
const OF_TUN = /\btun0\b/;

const NONE = { gone: [], come: [] };

function difference(before: readonly string[], now: readonly string[]) {
  return {
    gone: before.filter((line) => !now.includes(line)),
    come: now.filter((line) => !before.includes(line)),
  };
}

test.each<Mode>(['client', 'server'])(
  'a %s changes nothing in its namespace but its own TUN device, while it runs and after',
  async (mode) => {
    const [left, right] = await twoHosts();
    await applyHostSetup(left, right);
    await echo(right);
    const [mine, other] = mode === 'client' ? [left, right] : [right, left];
    await phantun(other, mode === 'client' ? 'server' : 'client', ARGS[mode === 'client' ? 'server' : 'client']);
    const before = await state(mine);
    expect(before.length).toBeGreaterThan(300);
    const id = await phantun(mine, mode, ARGS[mode]);
    expect(await ping(left)).toMatchObject({ returned: 50 });
    const during = await state(mine);
    expect(
      difference(
        before,
        during.filter((line) => !OF_TUN.test(line)),
      ),
    ).toEqual(NONE);
    const own = during.filter((line) => OF_TUN.test(line) && !line.startsWith('net.')).join('\n');
    expect(own).toMatch(/tun0\s+inet 192\.168\.20[01]\.1 peer/);
    await docker('stop', id);
    await sleep(200); // the kernel takes the device away after its last queue is closed
    expect(difference(before, await state(mine))).toEqual(NONE);
  },
);

test('the comparison sees a change of each kind', async () => {
  const [host] = await twoHosts();
  const changes: [string, ...string[]][] = [
    ['sysctl', '-qw', 'net.ipv4.ip_forward=1'],
    ['ip', 'addr', 'add', '10.78.0.1/32', 'dev', 'lo'],
    ['ip', 'route', 'add', '10.79.0.0/24', 'via', '10.77.0.2'],
    ['ip', '-6', 'route', 'add', 'fd79::/64', 'via', 'fd77::2'],
    ['ip', 'rule', 'add', 'from', '10.79.0.1', 'lookup', '100'],
    ['nft', 'add table inet x'],
    ['iptables', '-A', 'FORWARD', '-j', 'ACCEPT'],
    ['ip6tables', '-A', 'FORWARD', '-j', 'ACCEPT'],
  ];
  let last = await state(host);
  for (const [command, ...args] of changes) {
    await host.run(command, ...args);
    const now = await state(host);
    expect(difference(last, now).come, args.join(' ')).not.toEqual([]);
    last = now;
  }
});

test('it needs no more than the device and NET_ADMIN, and gets no more', async () => {
  const [, right] = await twoHosts();
  const id = await phantun(right, 'server', ARGS.server, LOCKED);
  // busybox is the image's shell; its applets read what the kernel says of the program.
  const status = await docker('exec', id, '/bin/sh', '-c', 'cat /proc/[0-9]*/status');
  const programs = status.split('Name:').filter((text) => text.includes('phantun-server'));
  expect(programs).toHaveLength(1);
  const NET_ADMIN = (1n << 12n).toString(16).padStart(16, '0');
  expect(programs[0]).toContain(`CapEff:\t${NET_ADMIN}`);
  expect(programs[0]).toContain(`CapBnd:\t${NET_ADMIN}`);
  expect(programs[0]).toMatch(/NoNewPrivs:\t1/);
  const refused = await docker('exec', id, '/bin/sh', '-c', 'echo 1 > /proc/sys/net/ipv4/ip_forward || echo refused');
  expect(refused).toContain('refused');
  expect(await docker('exec', id, '/bin/sh', '-c', '> /file || echo refused')).toContain('refused');
});
