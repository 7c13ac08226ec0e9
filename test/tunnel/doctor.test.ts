import { symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { DOCTOR, doctor, findings, healthy } from './doctor.js';
import { allowForwarding, loadNft } from './hostSetup.js';
import { EXAMPLES, execute, phantun, temporaryFolder, twoHosts } from './rig.js';

test('it finds nothing on hosts that are set up, with nft files and with iptables scripts', async () => {
  const [left, right] = await healthy();
  expect(findings(await doctor(left, 'client'))).toEqual([]);
  expect(findings(await doctor(right, 'server'))).toEqual([]);
  for (const [host, mode] of [
    [left, 'client'],
    [right, 'server'],
  ] as const) {
    await host.run('nft', 'delete', 'table', 'inet', `phantun_${mode}`);
    expect(findings(await doctor(host, mode))).toHaveLength(2);
    await host.run(join(EXAMPLES, 'host', 'iptables', `${mode}.sh`), 'up');
    expect(findings(await doctor(host, mode))).toEqual([]);
  }
});

test('a host on which nothing is set up: forwarding and rules of both families, and no device is only a note', async () => {
  const [host] = await twoHosts();
  for (const [mode, rule] of [
    ['client', /^no rule gives packets from .* the host's address$/],
    ['server', /^no rule leads TCP port 4567 of eth0 to /],
  ] as const) {
    const run = await doctor(host, mode);
    expect(run.stdout).toContain('note  there is no device tun0');
    expect(findings(run)).toEqual([
      'IPv4 is not forwarded',
      'IPv6 is not forwarded',
      expect.stringMatching(rule) as string,
      expect.stringMatching(rule) as string,
    ]);
    expect(findings(await doctor(host, mode, '--ipv4-only'))).toHaveLength(2);
  }
});

test('each instance is judged by its own device, addresses and port', async () => {
  const [left, right] = await healthy();
  expect(findings(await doctor(left, 'client', '--tun-peer', '192.168.202.2', '--ipv4-only'))).toEqual([
    'tun0 does not lead to 192.168.202.2',
    "no rule gives packets from 192.168.202.2 that leave eth0 the host's address",
  ]);
  expect(findings(await doctor(right, 'server', '--port', '443', '--ipv4-only'))).toEqual([
    'no rule leads TCP port 443 of eth0 to 192.168.201.2',
  ]);
  await loadNft(right, 'server', { phantun_server: 'phantun_other', '192.168.201.2': '192.168.203.2', dstnat: '-110' });
  expect(findings(await doctor(right, 'server', '--ipv4-only', '--tun-peer', '192.168.203.2'))).toContain(
    'tun0 does not lead to 192.168.203.2',
  );
});

test('a port that leads elsewhere is said to', async () => {
  const [, right] = await healthy();
  await loadNft(right, 'server', { '192.168.201.2': '192.168.99.9' });
  expect(findings(await doctor(right, 'server', '--ipv4-only'))).toEqual([
    'TCP port 4567 of eth0 leads to 192.168.99.9, not to 192.168.201.2',
  ]);
});

test('a rule that asks for ptun0 is recognised as the reason', async () => {
  const [left] = await healthy('client');
  await left.run('nft', 'delete', 'table', 'inet', 'phantun_client');
  await left.run('nft', 'add table inet nat');
  await left.run('nft', 'add chain inet nat postrouting { type nat hook postrouting priority srcnat; }');
  await left.run('nft', 'add rule inet nat postrouting iifname ptun0 oifname eth0 masquerade');
  const run = await doctor(left, 'client', '--ipv4-only');
  expect(run.stdout).toContain("a masquerade rule asks for the device ptun0, and phantun's is tun0");
  expect(findings(run)).toEqual(["no rule gives packets from 192.168.200.2 that leave eth0 the host's address"]);
});

test('a FORWARD policy is found in iptables, as Docker sets it, and gone once DOCKER-USER accepts', async () => {
  const hosts = await healthy();
  for (const [host, mode] of [
    [hosts[0], 'client'],
    [hosts[1], 'server'],
  ] as const) {
    for (const tool of ['iptables', 'ip6tables']) {
      await host.run(tool, '-P', 'FORWARD', 'DROP');
      await host.run(tool, '-N', 'DOCKER-USER');
      await host.run(tool, '-A', 'FORWARD', '-j', 'DOCKER-USER');
    }
    expect(findings(await doctor(host, mode))).toEqual([
      "Docker's FORWARD policy drops what tun0 sends or gets (ip)",
      "Docker's FORWARD policy drops what tun0 sends or gets (ip6)",
    ]);
    await host.run(join(EXAMPLES, 'host', 'docker-forward', 'iptables.sh'), 'up');
    expect(findings(await doctor(host, mode))).toEqual([]);
  }
});

test('a closed forward chain of nftables is found until it accepts both ways', async () => {
  const [left] = await healthy('client');
  await left.run('nft', 'add table inet fence');
  await left.run('nft', 'add chain inet fence passing { type filter hook forward priority filter; policy drop; }');
  const dropped = ['ip', 'ip6'].map(
    (family) => `chain passing of inet/fence drops what tun0 sends or gets (${family})`,
  );
  expect(findings(await doctor(left, 'client'))).toEqual(dropped);
  await left.run('nft', 'add rule inet fence passing iifname tun0 accept');
  expect(findings(await doctor(left, 'client'))).toEqual(dropped);
  await left.run('nft', 'add rule inet fence passing ct state established,related accept');
  expect(findings(await doctor(left, 'client'))).toEqual([]);
});

const rejected = 'chain FORWARD of iptables/filter drops what tun0 sends or gets (ip)';

test('a filter that ends with a reject is found, until both ways are accepted before it, in chains that are reached', async () => {
  const [left] = await healthy('client');
  const add = async (...rules: string[]) => {
    for (const rule of rules) await left.run('iptables', ...rule.split(' '));
  };
  await add('-A FORWARD -m conntrack --ctstate RELATED,ESTABLISHED -j ACCEPT', '-A FORWARD -i eth0 -j RETURN');
  await left.run('iptables', '-A', 'FORWARD', '-m', 'comment', '--comment', 'all the rest', '-j', 'REJECT');
  expect(findings(await doctor(left, 'client'))).toEqual([rejected]);
  await add('-A FORWARD -i tun0 -j ACCEPT', '-N IDLE', '-A IDLE -j ACCEPT', '-I FORWARD -i eth7 -j IDLE');
  expect(findings(await doctor(left, 'client'))).toEqual([rejected]);
  await add('-I FORWARD -i tun0 -g IDLE');
  expect(findings(await doctor(left, 'client'))).toEqual([]);
  await left.run('nft', 'add table ip filter'); // that of iptables, unless it is the legacy variant
  await left.run('nft', 'add chain ip filter own { type filter hook forward priority 5; policy drop; }');
  expect(findings(await doctor(left, 'client'))).toEqual(['chain own of ip/filter drops what tun0 sends or gets (ip)']);
});

test.each(['ct status dnat accept', 'oifname tun0 tcp dport 4567 accept'])(
  'a filter with "%s" is open for a server, and closed for a client',
  async (opening) => {
    const fence = `table inet fence {
      chain passing {
        type filter hook forward priority filter; policy accept;
        ip saddr 0.0.0.0/8 drop
        ct state vmap { established : accept, invalid : drop }
        ${opening}
        counter log prefix "the rest: " reject
      }
    }
    `;
    const [left, right] = await healthy();
    for (const host of [left, right]) {
      const { code, stderr } = await host.execute('nft', ['-f', '-'], { input: fence });
      expect(code, stderr).toBe(0);
    }
    expect(findings(await doctor(right, 'server'))).toEqual([]);
    expect(findings(await doctor(left, 'client'))).toHaveLength(2);
  },
);

test('a table of the legacy iptables is found, and once, where that is what `iptables` means', async () => {
  const [left] = await healthy('client');
  await left.run('iptables-legacy', '-P', 'FORWARD', 'DROP');
  expect(findings(await doctor(left, 'client'))).toEqual([rejected.replace('iptables', 'iptables-legacy')]);
  const folder = await temporaryFolder();
  const legacy = (await left.run('sh', '-c', 'readlink -f "$(command -v iptables-legacy)"')).trim();
  for (const name of ['iptables', 'iptables-save']) await symlink(legacy, join(folder, name));
  const script = 'PATH="$1:$PATH"; shift; exec "$@"';
  const run = await left.execute('sh', ['-c', script, 'sh', folder, DOCTOR, 'client', '--wan', 'eth0']);
  expect(findings(run)).toEqual([rejected]);
});

test('two programs on one device, and two devices with one address, are clashes', async () => {
  const [left] = await healthy('client');
  await phantun(left, 'client', ['--local', '127.0.0.1:51821', '--remote', '10.77.0.2:4567', '--tun', 'tun0']);
  const [shared, ...others] = findings(await doctor(left, 'client'));
  expect(shared).toMatch(/^2 programs share the device tun0, and take each other's packets: processes \d+ \d+/);
  expect(others).toEqual([]);
  await phantun(left, 'client', ['--local', '127.0.0.1:51822', '--remote', '10.77.0.2:4567', '--tun', 'another']);
  expect(findings(await doctor(left, 'client'))).toContain('2 devices lead to 192.168.200.2');
});

test('a name that something else has, an interface that is not there, a host without a way out', async () => {
  const [left] = await healthy('client');
  await left.run('ip', 'link', 'add', 'phantun0', 'type', 'bridge');
  expect(findings(await doctor(left, 'client', '--tun', 'phantun0'))).toContain(
    'the name phantun0 is taken by something that is no TUN device',
  );
  expect(findings(await doctor(left, 'client', '--wan', 'eth9'))).toContain('there is no interface eth9');
  expect(findings(await left.execute(DOCTOR, ['client']))).toContain(
    'there is no default route, so no way out is known',
  );
  await left.run('ip', 'route', 'add', 'default', 'via', '10.77.0.2');
  expect(findings(await left.execute(DOCTOR, ['client']))).toEqual([]);
  await left.run('ip', 'link', 'set', 'tun0', 'down');
  expect(findings(await left.execute(DOCTOR, ['client']))).toEqual(['tun0 is down']);
});

test('the SLAAC trap: forwarding on, accept_ra 1, an address from a router and no default route', async () => {
  const [left] = await twoHosts();
  await left.run('ip', 'addr', 'add', 'fd88::5/64', 'dev', 'eth0', 'valid_lft', '1000', 'preferred_lft', '1000');
  await allowForwarding(left);
  const trap = 'IPv6 is forwarded, so eth0 no longer listens to routers, and there is no IPv6 default route';
  expect(findings(await doctor(left, 'client'))).toContain(trap);
  await left.run('sysctl', '-qw', 'net.ipv6.conf.eth0.accept_ra=2');
  expect(findings(await doctor(left, 'client'))).not.toContain(trap);
});

test.each([
  ['nothing', 'mount -t tmpfs none /dev/net', 'there is no /dev/net/tun'],
  ['a file', 'mount -t tmpfs none /dev/net; touch /dev/net/tun', '/dev/net/tun is not a device'],
  ['a dead device', 'mount -t tmpfs none /dev/net; mknod /dev/net/tun c 10 99', '/dev/net/tun cannot be opened'],
])('%s in place of /dev/net/tun is found', async (_, change, finding) => {
  const [left] = await healthy('client');
  const script = `${change}; exec "$@"`;
  const args = ['--mount', 'sh', '-euc', script, 'sh', DOCTOR, 'client', '--wan', 'eth0'];
  expect(findings(await left.execute('unshare', args))).toEqual([finding]);
});

test('a table of connections that is nearly full is found', async () => {
  const [left] = await healthy('client');
  const file = join(await temporaryFolder(), 'count');
  await writeFile(file, '250000\n');
  const script = 'echo 262144 > "$1.max"; cd /proc/sys/net/netfilter; mount --bind "$1" nf_conntrack_count';
  const run = ['--mount', 'sh', '-euc', `${script}; mount --bind "$1.max" nf_conntrack_max; shift; exec "$@"`, 'sh'];
  expect(findings(await left.execute('unshare', [...run, file, DOCTOR, 'client', '--wan', 'eth0']))).toEqual([
    'the table of tracked connections is nearly full: 250000 of 262144',
  ]);
});

test('it changes nothing', async () => {
  const [left] = await healthy('client');
  const state = async () =>
    await Promise.all([
      left.run('sysctl', '-a', '--pattern', '^net\\.(ipv4|ipv6|core)\\.'),
      left.run('ip', 'addr', 'show'),
      left.run('ip', 'route', 'show', 'table', 'all'),
      left.run('nft', '--stateless', 'list', 'ruleset'),
      left.execute('cat', ['/proc/net/ip_tables_names', '/proc/net/ip6_tables_names']), // not there on every kernel
    ]);
  await left.run('iptables', '-S'); // makes nothing of its own either, but warms what a first listing would load
  const before = await state();
  await doctor(left, 'client');
  await doctor(left, 'server');
  expect(await state()).toEqual(before);
});

test.each([[[]], [['both']], [['client', '--tun']], [['client', '--fix', 'all']]])(
  'called with %j it says how and ends with 64',
  async (args) => {
    const { code, stderr } = await execute(DOCTOR, args);
    expect(code).toBe(64);
    expect(stderr).toContain('doctor.sh client|server');
  },
);
