import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { expect, test } from 'vitest';
import { advertiseRoutes, dockerEngine, firewalld, ufw, until } from './daemons.js';
import { EXAMPLES_INSIDE } from './firewallRoot.js';
import { allowForwarding, applyHostSetup } from './hostSetup.js';
import { EXAMPLES, type Host, docker, echo, phantun, ping, twoHosts } from './rig.js';

const HOST = join(EXAMPLES, 'host');
const NOTHING = { returned: 0 };
const ALL = { returned: 50 };
// Both firewalls are slow Python: a second a command.
const PATIENT = { timeout: 240_000 };
const SERVER = ['--local', '4567', '--remote', '127.0.0.1:51820'];

/** What the doctor would mend on a host. */
async function findings(on: Host, mode: string): Promise<string[]> {
  const { stdout, stderr } = await on.execute(join(EXAMPLES, 'doctor.sh'), [mode, '--wan', 'eth0']);
  expect(stderr).toBe('');
  return [...stdout.matchAll(/^MEND {2}(.*)$/gm)].map(([, what = '']) => what);
}

const noRule: unknown = expect.stringMatching(/^no rule (gives|leads) /);
const NO_NAT = [noRule, noRule];

function drops(chain4: string, chain6 = chain4): string[] {
  return [`chain ${chain4} drops what tun0 sends or gets (ip)`, `chain ${chain6} drops what tun0 sends or gets (ip6)`];
}

/** Starts both programs and says whether datagrams get through over a family. */
async function tunnel(left: Host, right: Host, family: 4 | 6 = 4, all = true) {
  const remote = family === 4 ? '10.77.0.2:4567' : '[fd77::2]:4567';
  const ids = [
    await phantun(right, 'server', SERVER),
    await phantun(left, 'client', ['--local', '127.0.0.1:51820', '--remote', remote]),
  ];
  const pinged = await ping(left, all ? {} : { count: 1, patienceMs: 2_000 });
  await docker('rm', '--force', ...ids);
  return pinged;
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
  const script = join(HOST, 'docker-forward', 'iptables.sh');
  const state = async (host: Host) =>
    (await Promise.all(['iptables', 'ip6tables'].map((tool) => host.run(tool, '-S')))).join('');
  const before = await Promise.all([left, right].map(state));
  for (const host of [left, right]) {
    await host.run(script, 'up');
    const once = await state(host);
    expect(once).toContain('-A DOCKER-USER -i tun0 -j ACCEPT');
    await host.run(script, 'up');
    expect(await state(host)).toBe(once);
  }
  expect(await tunnel(left, right, 4)).toMatchObject(ALL);
  expect(await tunnel(left, right, 6)).toMatchObject(ALL);
  for (const host of [left, right]) await host.run(script, 'down');
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

// The engine of Debian has no nftables backend yet; this is how Docker 29 documents its tables.
const NFTABLES_BACKEND = ['ip', 'ip6'].map(
  (family) => `table ${family} docker-bridges {
  map filter-forward-out__jumps { type ifname : verdict; }
  chain filter-FORWARD {
    type filter hook forward priority filter; policy accept;
    oifname vmap @filter-forward-out__jumps
  }
}
`,
);

test('the tables of Docker’s nftables backend let phantun through, and there is no DOCKER-USER to add to', async () => {
  const [left, right] = await twoHosts();
  await echo(right);
  await applyHostSetup(left, right);
  for (const host of [left, right]) {
    const { code, stderr } = await host.execute('nft', ['-f', '-'], { input: NFTABLES_BACKEND.join('') });
    expect(code, stderr).toBe(0);
    const said = await host.run(join(HOST, 'docker-forward', 'iptables.sh'), 'up');
    expect(said).toContain('iptables has no chain DOCKER-USER');
  }
  expect(await tunnel(left, right, 4)).toMatchObject(ALL);
  expect(await tunnel(left, right, 6)).toMatchObject(ALL);
});

test('UFW: before.init and two routes, through reloads, on both sides', PATIENT, async () => {
  const [left, right] = await twoHosts();
  await echo(right);
  const sides = [
    [left, 'client', await ufw(left)],
    [right, 'server', await ufw(right)],
  ] as const;
  for (const [host] of sides) await allowForwarding(host);
  expect(await tunnel(left, right, 4, false)).toMatchObject(NOTHING);
  const stopped = [...NO_NAT, ...drops('FORWARD of iptables/filter', 'FORWARD of ip6tables/filter')];
  for (const [host, mode] of sides) expect(await findings(host, mode)).toEqual(stopped);
  const nat = async (host: Host) => await host.run('iptables', '-t', 'nat', '-S');
  const up = async ([host, mode, run]: (typeof sides)[number]) => {
    const files = `${EXAMPLES_INSIDE}/host`;
    await run('install', '-m', '755', `${files}/iptables/${mode}.sh`, `/etc/ufw/phantun-${mode}.sh`);
    await run('install', '-m', '755', `${files}/ufw/before.init`, '/etc/ufw/before.init');
    for (const way of ['in', 'out']) await run('ufw', 'route', 'allow', way, 'on', 'tun0');
    await run('ufw', 'reload');
    expect((await nat(host)).match(/-j PHANTUN/g)).toHaveLength(1);
  };
  const [client, server] = sides;
  await up(server);
  for (let time = 0; time < 2; time++) await up(client);
  for (const [host, each] of sides) expect(await findings(host, each)).toEqual([]);
  expect(await tunnel(left, right, 4)).toMatchObject(ALL);
  expect(await tunnel(left, right, 6)).toMatchObject(ALL);
  const [, mode, run] = client;
  await run(`/etc/ufw/phantun-${mode}.sh`, 'down');
  await run('rm', `/etc/ufw/phantun-${mode}.sh`);
  for (const way of ['in', 'out']) await run('ufw', 'route', 'delete', 'allow', way, 'on', 'tun0');
  await run('ufw', 'reload');
  expect(await nat(left)).not.toContain('PHANTUN');
  expect(await run('ufw', 'status')).not.toContain('tun0');
  expect(await findings(left, mode)).toEqual(stopped);
});

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
  expect(await findings(left, 'client')).toEqual([...NO_NAT, ...drops('filter_FORWARD of inet/firewalld')]);
  expect(await findings(right, 'server')).toEqual(NO_NAT); // firewalld lets through what is redirected, by whomever
  const before = await Promise.all(sides.map(([host]) => rules(host)));
  for (const side of sides) await change(side, 'up');
  for (const [host, mode] of sides) expect(await findings(host, mode)).toEqual([]);
  const once = await rules(left);
  await change(sides[0], 'up');
  expect(await rules(left)).toBe(once);
  expect(await tunnel(left, right, 4)).toMatchObject(ALL);
  expect(await tunnel(left, right, 6)).toMatchObject(ALL);
  for (const side of sides) await change(side, 'down');
  expect(await Promise.all(sides.map(([host]) => rules(host)))).toEqual(before);
});

test('forwarding makes a SLAAC host lose its IPv6 route, unless accept_ra is 2', async () => {
  const [left, right] = await twoHosts();
  const route = async () => await left.run('ip', '-6', 'route', 'show', 'default');
  const learned = async () => ({ code: (await route()).includes('proto ra') ? 0 : 1 });
  await advertiseRoutes(right);
  await until('the advertised route', learned);
  await allowForwarding(left);
  await sleep(5_000); // longer than an advertisement takes to come
  expect(await route()).toBe('');

  await left.run('sysctl', '-q', '-p', join(HOST, 'sysctl.d', '91-phantun-slaac.conf'));
  await until('the advertised route, again', learned);
  await allowForwarding(left);
  await sleep(500);
  expect(await route()).toContain('proto ra');
  await applyHostSetup(left, right);
  await left.run('ip', 'addr', 'del', 'fd77::1/64', 'dev', 'eth0');
  await echo(right);
  await phantun(right, 'server', SERVER);
  await phantun(left, 'client', ['--local', '127.0.0.1:51820', '--remote', '[fd88::1]:4567']);
  expect(await ping(left)).toMatchObject(ALL);
});
