import { join } from 'node:path';
import { expect, test } from 'vitest';
import { ALL, NOTHING, diagnose, tunnel } from './crossing.js';
import { DOCKER_TABLES, dockerEngine, firewalld, ufw } from './daemons.js';
import { EXAMPLES_INSIDE } from './firewallRoot.js';
import { allowForwarding, applyHostSetup } from './hostSetup.js';
import { EXAMPLES, type Host, echo, twoHosts } from './rig.js';

const DOCKER_FORWARD = join(EXAMPLES, 'host', 'docker-forward', 'iptables.sh');
// Both firewalls are slow Python: a second a command.
const PATIENT = { timeout: 360_000 };
const noRule: unknown = expect.stringMatching(/^no rule (gives|leads) /);
const NO_NAT = [noRule, noRule];

function drops(chain4: string, chain6 = chain4): string[] {
  return [`chain ${chain4} drops what tun0 sends or gets (ip)`, `chain ${chain6} drops what tun0 sends or gets (ip6)`];
}

test('Docker’s FORWARD policy stops phantun, and DOCKER-USER lets it through on both sides', async () => {
  const [left, right] = await twoHosts();
  await echo(right);
  for (const host of [left, right]) {
    await dockerEngine(host);
    expect(await host.run('iptables', '-S', 'FORWARD')).toContain('-P FORWARD DROP');
  }
  await applyHostSetup(left, right);
  expect(await tunnel(left, right, 4, false)).toMatchObject(NOTHING);
  const state = async (host: Host) =>
    (await Promise.all(['iptables', 'ip6tables'].map((tool) => host.run(tool, '-S')))).join('');
  const before = await Promise.all([left, right].map(state));
  for (const host of [left, right]) {
    await host.run(DOCKER_FORWARD, 'up');
    const once = await state(host);
    expect(once).toContain('-A DOCKER-USER -i tun0 -j ACCEPT');
    await host.run(DOCKER_FORWARD, 'up');
    expect(await state(host)).toBe(once);
  }
  expect(await tunnel(left, right, 4)).toMatchObject(ALL);
  expect(await tunnel(left, right, 6)).toMatchObject(ALL);
  for (const host of [left, right]) await host.run(DOCKER_FORWARD, 'down');
  expect(await Promise.all([left, right].map(state))).toEqual(before);
});

test('an accept in a table of nftables does not undo Docker’s drop', async () => {
  const [left, right] = await twoHosts();
  await echo(right);
  await dockerEngine(left);
  await applyHostSetup(left, right);
  await left.run('nft', 'add table inet own');
  await left.run('nft', 'add chain inet own forward { type filter hook forward priority -10; policy accept; }');
  for (const side of ['iifname', 'oifname']) await left.run('nft', `add rule inet own forward ${side} tun0 accept`);
  expect(await tunnel(left, right, 4, false)).toMatchObject(NOTHING);
});

/** Hosts that are set up, with what Docker's nftables backend writes. */
async function withDockerTables(): Promise<[client: Host, server: Host]> {
  const [left, right] = await twoHosts();
  await echo(right);
  await applyHostSetup(left, right);
  for (const host of [left, right]) await host.run('nft', '-f', DOCKER_TABLES);
  return [left, right];
}

test('Docker’s nftables backend lets phantun through, and there is no DOCKER-USER to add to', async () => {
  const [left, right] = await withDockerTables();
  for (const [host, mode] of [
    [left, 'client'],
    [right, 'server'],
  ] as const) {
    expect(await host.run(DOCKER_FORWARD, 'up')).toContain('iptables has no chain DOCKER-USER');
    expect(await diagnose(host, mode)).toEqual([]);
  }
  expect(await tunnel(left, right, 4)).toMatchObject(ALL);
  expect(await tunnel(left, right, 6)).toMatchObject(ALL);
});

test('what iptables had before Docker’s nftables backend drops until the next start, and DOCKER-USER still helps', async () => {
  const [left, right] = await withDockerTables();
  for (const tool of ['iptables', 'ip6tables'])
    for (const rule of ['-P FORWARD DROP', '-N DOCKER-USER', '-A FORWARD -j DOCKER-USER'])
      await left.run(tool, ...rule.split(' '));
  expect(await tunnel(left, right, 4, false)).toMatchObject(NOTHING);
  const dropped: unknown = expect.stringMatching(/^Docker's FORWARD policy drops what tun0 sends or gets /);
  expect(await diagnose(left, 'client')).toEqual([dropped, dropped]);
  await left.run(DOCKER_FORWARD, 'up');
  expect(await diagnose(left, 'client')).toEqual([]);
  expect(await tunnel(left, right, 4)).toMatchObject(ALL);
});

test('UFW: before.init and two routes, through reloads, on both sides', PATIENT, async () => {
  const [left, right] = await twoHosts();
  await rename(left, 'ens3');
  await echo(right);
  const sides = [
    [left, 'client', 'ens3', await ufw(left)],
    [right, 'server', 'eth0', await ufw(right)],
  ] as const;
  for (const [host] of sides) await allowForwarding(host);
  expect(await tunnel(left, right, 4, false)).toMatchObject(NOTHING);
  const stopped = [...NO_NAT, ...drops('FORWARD of iptables/filter', 'FORWARD of ip6tables/filter')];
  for (const [host, mode, wan] of sides) expect(await diagnose(host, mode, wan)).toEqual(stopped);
  const nat = async (host: Host) => await host.run('iptables', '-t', 'nat', '-S');
  const [client, server] = sides;
  const up = async ([host, mode, wan, run]: (typeof sides)[number]) => {
    const files = `${EXAMPLES_INSIDE}/host`;
    await run('install', '-m', '755', `${files}/iptables/${mode}.sh`, `/etc/ufw/phantun-${mode}.sh`);
    await run('install', '-m', '755', `${files}/ufw/before.init`, '/etc/ufw/before.init');
    if (wan !== 'eth0') await run('sh', '-c', `echo WAN=${wan} > /etc/ufw/phantun-${mode}.conf`);
    for (const way of ['in', 'out']) await run('ufw', 'route', 'allow', way, 'on', 'tun0');
    await run('ufw', 'reload');
    expect((await nat(host)).match(/-j PHANTUN/g)).toHaveLength(1);
  };
  for (let time = 0; time < 2; time++) for (const side of sides) await up(side);
  for (const [host, mode, wan] of sides) expect(await diagnose(host, mode, wan)).toEqual([]);
  expect(await tunnel(left, right, 4)).toMatchObject(ALL);
  expect(await tunnel(left, right, 6)).toMatchObject(ALL);

  const [, , , runLeft] = client;
  await runLeft('cp', '/etc/ufw/phantun-client.sh', '/etc/ufw/phantun-second.sh');
  const second = ['WAN=ens3', 'CHAIN=PHANTUN-SECOND', 'PEER=192.168.202.2', 'PEER6='].join('\\n');
  await runLeft('sh', '-c', `printf '${second}\\n' > /etc/ufw/phantun-second.conf`);
  await runLeft('ufw', 'reload');
  for (const rule of ['CLIENT -s 192.168.200.2/32 -o ens3', 'SECOND -s 192.168.202.2/32 -o ens3'])
    expect(await nat(left)).toContain(`-A PHANTUN-${rule} -j MASQUERADE`);

  for (const [host, mode, wan, run] of [client, server]) {
    await run('/etc/ufw/before.init', 'stop');
    await run('sh', '-c', `rm /etc/ufw/phantun-${mode}.*`);
    for (const way of ['in', 'out']) await run('ufw', 'route', 'delete', 'allow', way, 'on', 'tun0');
    await run('ufw', 'reload');
    expect(await nat(host)).not.toContain(`PHANTUN-${mode.toUpperCase()}`);
    expect(await run('ufw', 'status')).not.toContain('tun0');
    expect(await diagnose(host, mode, wan)).toEqual(stopped);
  }
  expect(await nat(left)).toContain('-j PHANTUN-SECOND');
});

/** Gives a host's end of the wire another name, as most machines have. */
async function rename(on: Host, name: string): Promise<void> {
  await on.run('sysctl', '-qw', 'net.ipv6.conf.eth0.keep_addr_on_down=1');
  await on.run('ip', 'link', 'set', 'eth0', 'down');
  await on.run('ip', 'link', 'set', 'eth0', 'name', name);
  await on.run('ip', 'link', 'set', name, 'up');
}

test('firewalld: a zone and a policy for the client, redirection for the server', PATIENT, async () => {
  const [left, right] = await twoHosts();
  await echo(right);
  const sides = [
    [left, 'client', await firewalld(left)],
    [right, 'server', await firewalld(right)],
  ] as const;
  for (const [host] of sides) await allowForwarding(host);
  const [, , client] = sides[0];
  // what NetworkManager does; firewalld 2 takes its default zone for one in use anyway, 1 does not
  const assign = ['--permanent', '--zone=public', '--add-interface=eth0'];
  // a device of no zone counts as one of the default zone, which is the wire's, and forwards within itself
  const close = ['--permanent', '--zone=public', '--remove-forward'];
  for (const args of [assign, close, ['--reload']])
    expect(await client('firewall-cmd', args)).toMatchObject({ code: 0 });
  const rules = async (host: Host) => await host.run('nft', '--stateless', 'list', 'ruleset');
  const change = async ([, mode, execute]: (typeof sides)[number], verb: string) => {
    const { code, stderr } = await execute(`${EXAMPLES_INSIDE}/host/firewalld/${mode}.sh`, [verb]);
    expect(code, stderr).toBe(0);
  };
  expect(await tunnel(left, right, 4, false)).toMatchObject(NOTHING);
  expect(await diagnose(left, 'client')).toEqual([...NO_NAT, ...drops('filter_FORWARD of inet/firewalld')]);
  expect(await diagnose(right, 'server')).toEqual(NO_NAT); // firewalld lets through what is redirected, by whomever
  const before = await Promise.all(sides.map(([host]) => rules(host)));
  for (const side of sides) await change(side, 'up');
  for (const [host, mode] of sides) expect(await diagnose(host, mode)).toEqual([]);
  const once = await Promise.all(sides.map(([host]) => rules(host)));
  for (const side of sides) await change(side, 'up');
  expect(await Promise.all(sides.map(([host]) => rules(host)))).toEqual(once);
  expect(await tunnel(left, right, 4)).toMatchObject(ALL);
  expect(await tunnel(left, right, 6)).toMatchObject(ALL);
  for (const side of sides) await change(side, 'down');
  expect(await Promise.all(sides.map(([host]) => rules(host)))).toEqual(before);
});
