import { setTimeout as sleep } from 'node:timers/promises';
import { expect, test } from 'vitest';
import { applyHostSetup } from './hostSetup.js';
import { type Host, type Mode, LOCKED, docker, echo, phantun, ping, twoHosts } from './rig.js';

// A client takes an address of IPv6 only for a server that has one.
const ARGS = {
  client: ['--local', '127.0.0.1:51820', '--remote', '[fd77::2]:4567'],
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
    .filter((line) => !NO_CHANGE.test(line))
    .map((line) =>
      line
        .replace(/fe80::[0-9a-f:]+/, 'fe80::RANDOM')
        .replaceAll(VARYING, '')
        .replaceAll(/[\s\\]+/g, ' ')
        .trim(),
    )
    .sort();
}

// A count of traffic is no setting; a device has settings of its own, and queues that the kernel gave it: those without a handle.
const NO_CHANGE = /^$|^#|^net\.netfilter\.nf_conntrack_count|^net\.\S+\.tun0\.|^qdisc \S+ 0: dev tun0 /;

// What says nothing: indices of interfaces, counts, and words that a kernel or an ip of another version has or lacks.
const VARYING = /^\d+: | \[\d+:\d+\]| qdisc \w+(?= state)| stable-privacy| proto kernel_\w+/g;

function difference(before: readonly string[], now: readonly string[]) {
  return { gone: without(before, now), come: without(now, before) };
}

/** Its lines that the others lack, or have less often: the same rule may stand in two tables. */
function without(lines: readonly string[], others: readonly string[]): string[] {
  const rest = [...others];
  return lines.filter((line) => {
    const index = rest.indexOf(line);
    if (index >= 0) rest.splice(index, 1);
    return index < 0;
  });
}

const NONE = { gone: [], come: [] };

/** The device of a mode and all that comes with it, from phantun and the kernel: addresses and the routes to them. */
const OWN = { client: own('192.168.200', 'fcc8'), server: own('192.168.201', 'fcc9') };

function own(v4: string, v6: string): string[] {
  const lifetime = 'valid_lft forever preferred_lft forever';
  return [
    'tun0: <POINTOPOINT,MULTICAST,NOARP,UP,LOWER_UP> mtu 1500 state UNKNOWN mode DEFAULT group default qlen 500 link/none',
    `tun0 inet ${v4}.1 peer ${v4}.2/32 scope global tun0 ${lifetime}`,
    `tun0 inet6 ${v6}::1 peer ${v6}::2/128 scope global ${lifetime}`,
    `tun0 inet6 fe80::RANDOM/64 scope link ${lifetime}`,
    `${v4}.2 dev tun0 proto kernel scope link src ${v4}.1`,
    `local ${v4}.1 dev tun0 table local proto kernel scope host src ${v4}.1`,
    ...[`${v6}::1`, `${v6}::2`, 'fe80::/64'].map((to) => `${to} dev tun0 proto kernel metric 256 pref medium`),
    ...[`local ${v6}::1`, 'local fe80::RANDOM', 'anycast fe80::'].map(
      (to) => `${to} dev tun0 table local proto kernel metric 0 pref medium`,
    ),
    'multicast ff00::/8 dev tun0 table local proto kernel metric 256 pref medium',
  ];
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
    expect(difference([...before, ...OWN[mode]], await state(mine))).toEqual(NONE);
    await docker('stop', id);
    await sleep(200); // the kernel takes the device away after its last queue is closed
    expect(difference(before, await state(mine))).toEqual(NONE);
  },
);

test('the comparison sees a change of each kind', async () => {
  const [other, host] = await twoHosts();
  await applyHostSetup(other, host);
  const own = [...(await state(host)), ...OWN.server];
  await phantun(host, 'server', ARGS.server);
  await expect.poll(async () => difference(own, await state(host))).toEqual(NONE);
  const changes: [string, ...string[]][] = [
    ['sysctl', '-qw', 'net.ipv4.ip_forward=0'],
    ['ip', 'addr', 'add', '10.78.0.1/32', 'dev', 'lo'],
    ['ip', 'addr', 'add', '10.78.0.2/32', 'dev', 'tun0'],
    ['ip', 'route', 'add', '10.79.0.0/24', 'via', '10.77.0.1'],
    ['ip', 'route', 'add', 'default', 'dev', 'tun0'],
    ['ip', '-6', 'route', 'add', 'fd79::/64', 'via', 'fd77::1'],
    ['ip', '-6', 'route', 'add', 'default', 'dev', 'tun0'],
    ['ip', 'rule', 'add', 'from', '10.79.0.1', 'lookup', '100'],
    ['ip', 'rule', 'add', 'iif', 'tun0', 'lookup', '100'],
    ['tc', 'qdisc', 'replace', 'dev', 'tun0', 'root', 'pfifo'],
    ['nft', 'add table inet x'],
    ['nft', 'add rule inet phantun_server prerouting iifname tun0 accept'],
    ['iptables', '-A', 'FORWARD', '-j', 'ACCEPT'],
    ['iptables', '-A', 'FORWARD', '-i', 'tun0', '-j', 'ACCEPT'],
    ['ip6tables', '-A', 'FORWARD', '-j', 'ACCEPT'],
    ['ip6tables', '-A', 'FORWARD', '-i', 'tun0', '-j', 'ACCEPT'],
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

test('the shell in the image can do what DESIGN.md says: reach the network, and change its addresses and routes', async () => {
  const [, right] = await twoHosts();
  const id = await phantun(right, 'server', ARGS.server, LOCKED);
  const type = (command: string) => docker('exec', id, '/bin/sh', '-c', command);
  for (const applet of ['wget', 'nc']) expect(await type(`${applet} --help 2>&1 || :`)).toContain(`Usage: ${applet}`);
  await type('ip addr add 10.78.0.1/32 dev lo && ip route add 10.79.0.0/24 via 10.77.0.1');
  expect(await right.run('ip', 'addr', 'show', 'dev', 'lo')).toContain('10.78.0.1/32');
  expect(await right.run('ip', 'route', 'show')).toContain('10.79.0.0/24 via 10.77.0.1');
});
