import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { DOCKER_TABLES, dockerEngine, publishPort } from './daemons.js';
import { doctor, findings, healthy } from './doctor.js';
import { applyHostSetup } from './hostSetup.js';
import { EXAMPLES, type Host, type Mode, twoHosts } from './rig.js';

const UNREACHED = 'has the rule, but no packet gets there: a jump is missing, or another rule comes first';

async function load(on: Host, ruleset: string): Promise<void> {
  const { code, stderr } = await on.execute('nft', ['-f', '-'], { input: `${ruleset}\n` });
  expect(code, stderr).toBe(0);
}

test.each<[Mode, string, string]>([
  ['client', 'POSTROUTING', "no rule gives packets from 192.168.200.2 that leave eth0 the host's address"],
  ['server', 'PREROUTING', 'no rule leads TCP port 4567 of eth0 to 192.168.201.2'],
])(
  'rules of a %s that no packet reaches are no rules: the jump is gone, or an accept comes first',
  async (mode, chain, finding) => {
    const [left, right] = await healthy();
    const host = mode === 'client' ? left : right;
    await host.run('nft', 'delete', 'table', 'inet', `phantun_${mode}`);
    await host.run(join(EXAMPLES, 'host', 'iptables', `${mode}.sh`), 'up');
    expect(findings(await doctor(host, mode))).toEqual([]);
    const own = `PHANTUN-${mode.toUpperCase()}`;
    await host.run('iptables', '-t', 'nat', '-D', chain, '-j', own);
    const unreached = await doctor(host, mode);
    expect(findings(unreached)).toEqual([finding]);
    expect(unreached.stdout).toContain(`note  chain ${own} of iptables/nat ${UNREACHED}`);
    await host.run('iptables', '-t', 'nat', '-A', chain, '-j', own);
    expect(findings(await doctor(host, mode))).toEqual([]);
    await host.run('iptables', '-t', 'nat', '-I', chain, '-p', 'tcp', '-j', 'ACCEPT');
    expect(findings(await doctor(host, mode))).toEqual([finding]);
  },
);

test('chains with NAT are asked in the order of their priorities, and an accept in one leaves it to the next', async () => {
  const [, right] = await twoHosts();
  await applyHostSetup(right, right);
  const early = (priority: string, verdict: string) =>
    load(
      right,
      `table inet early; delete table inet early;
      table inet early { chain pre { type nat hook prerouting priority ${priority}; tcp dport 4567 ${verdict}; }; }`,
    );
  const judged = async () => findings(await doctor(right, 'server', '--ipv4-only'));
  await early('dstnat - 10', 'accept');
  expect(await judged()).toEqual([]);
  await early('dstnat - 10', 'dnat ip to 192.168.99.9');
  expect(await judged()).toEqual(['TCP port 4567 of eth0 leads to 192.168.99.9, not to 192.168.201.2']);
  await early('dstnat + 10', 'dnat ip to 192.168.99.9');
  expect(await judged()).toEqual([]);
  await early('dstnat', 'redirect to :80');
  expect(await judged()).toEqual([
    'TCP port 4567 of eth0 leads to 192.168.201.2 or a rule that says redirect, not to 192.168.201.2',
  ]);
  await early('dstnat - 10', 'dnat ip to tcp dport map { 4567 : 192.168.201.2 }');
  const run = await doctor(right, 'server', '--ipv4-only');
  expect(run.stdout).toContain(
    'note  TCP port 4567 of eth0 leads to what a map says: look whether it is 192.168.201.2',
  );
  expect(findings(run)).toEqual([]);
});

test('a port that one of Docker’s containers publishes too is found, and other ports are not', async () => {
  const [, right] = await twoHosts();
  await applyHostSetup(right, right);
  const client = await dockerEngine(right);
  await publishPort(client, 8080);
  expect(findings(await doctor(right, 'server'))).toEqual([]);
  const address = await publishPort(client, 4567);
  expect(findings(await doctor(right, 'server'))).toEqual([
    `TCP port 4567 of eth0 leads to ${address}:80 or 192.168.201.2, not to 192.168.201.2`,
  ]);
});

test('the same is found where Docker’s rules are for nftables', async () => {
  const [, right] = await twoHosts();
  await applyHostSetup(right, right);
  await right.run('nft', '-f', DOCKER_TABLES);
  expect(findings(await doctor(right, 'server'))).toEqual([]);
  const published = (port: number) => `iifname != "docker0" tcp dport ${port} counter dnat to 172.17.0.2:80`;
  const tables = await readFile(DOCKER_TABLES, 'utf8');
  expect(tables).toContain(published(8080));
  await load(right, `delete table ip docker-bridges; delete table ip6 docker-bridges`);
  await load(right, tables.replace(published(8080), published(4567)));
  expect(findings(await doctor(right, 'server'))).toEqual([
    'TCP port 4567 of eth0 leads to 172.17.0.2:80 or 192.168.201.2, not to 192.168.201.2',
  ]);
});

/** Rules of a client, each with whether it is for packets from fcc8::2 or 192.168.200.2 that leave eth0. */
const MASQUERADE: Record<string, boolean> = {
  'ip6 saddr fcc8::/16 masquerade': true,
  'ip6 saddr fcc8::/127 masquerade': false,
  'ip6 saddr fcc8:0:0:0::/61 oifname "eth*" masquerade random': true,
  'ip6 saddr fcc0::/12 masquerade': true,
  'ip6 saddr fcc9::/16 masquerade': false,
  'ip6 saddr { fd00::/8, fcc8::1-fcc8::3 } snat ip6 to fd77::1': true,
  'ip6 saddr { fd00::/8, fcc8::3-fcc8::9 } masquerade': false,
  'ip6 saddr != fcc9::/16 masquerade': true,
  'ip saddr 192.168.192.0/20 masquerade': true,
  'ip saddr 192.168.208.0/20 masquerade': false,
  'ip saddr 192.168.200.1-192.168.200.9 masquerade': true,
  'ip saddr @own masquerade': true,
  'ip6 saddr @own6 masquerade': true,
  'oifname vmap @ways': true,
  'ip protocol udp masquerade': false,
  'ip6 nexthdr tcp masquerade': true,
};

test('a client’s rules are understood: prefixes, ranges, sets and maps of both families', async () => {
  const [left] = await twoHosts();
  await applyHostSetup(left, left);
  await left.run('nft', 'delete', 'table', 'inet', 'phantun_client');
  for (const [rule, fits] of Object.entries(MASQUERADE)) {
    await load(
      left,
      `table inet own; delete table inet own; table inet own {
        set own { type ipv4_addr; flags interval; elements = { 10.0.0.0/8, 192.168.200.0/24 }; }
        set own6 { type ipv6_addr; elements = { fcc8::1, fcc8::2 }; }
        chain out { masquerade; }
        map ways { type ifname : verdict; elements = { "wlan0" : accept, "eth0" : jump out }; }
        chain post { type nat hook postrouting priority srcnat; ${rule}; }
      }`,
    );
    const address = rule.includes('ip6') ? 'fcc8::2' : '192.168.200.2';
    const about = findings(await doctor(left, 'client')).filter((each) => each.includes(address));
    const none = `no rule gives packets from ${address} that leave eth0 the host's address`;
    expect([rule, about]).toEqual([rule, fits ? [] : [none]]);
  }
});

/** Conditions of iptables, each with whether a packet to port 4567 of the host itself meets it. */
const PORTS: Record<string, boolean> = {
  '-p tcp --dport 4000:5000': true,
  '-p tcp --dport 4568:5000': false,
  '-p tcp -m multiport --dports 22,4000:5000': true,
  '-p tcp -m multiport --dports 22,443': false,
  '-p tcp -m multiport ! --dports 22,443': true,
  '-p tcp --dport 4567 -m addrtype --dst-type LOCAL': true,
  '-p tcp --dport 4567 -m addrtype ! --dst-type LOCAL': false,
  '-d 10.77.0.0/24 -p tcp --dport 4567': true,
  '-d 10.78.0.0/15 -p tcp --dport 4567': false,
  '-p udp --dport 4567': false,
};

test('a server’s rules are understood: ranges and lists of ports, networks, and what is meant for the host itself', async () => {
  const [, right] = await twoHosts();
  await applyHostSetup(right, right);
  await right.run('nft', 'delete', 'table', 'inet', 'phantun_server');
  for (const [condition, fits] of Object.entries(PORTS)) {
    const rule = `PREROUTING ${condition} -j DNAT --to-destination 192.168.201.2`.split(' ');
    await right.run('iptables', '-t', 'nat', '-A', ...rule);
    const found = findings(await doctor(right, 'server', '--ipv4-only'));
    const none = 'no rule leads TCP port 4567 of eth0 to 192.168.201.2';
    expect([condition, found]).toEqual([condition, fits ? [] : [none]]);
    await right.run('iptables', '-t', 'nat', '-D', ...rule);
  }
});
