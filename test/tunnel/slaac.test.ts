import { setTimeout as sleep } from 'node:timers/promises';
import { expect, test } from 'vitest';
import { advertiseRoutes, until } from './daemons.js';
import { headOf } from './head.js';
import { allowForwarding, loadNft } from './hostSetup.js';
import { doctor, findings } from './doctor.js';
import { type Host, type Mode, echo, phantun, ping, twoHosts } from './rig.js';
import { shell } from './shell.js';

const defaultRoute = (on: Host) => on.run('ip', '-6', 'route', 'show', 'default');

/** Has `router` advertise itself, and waits until the other host has its address and its default route from it. */
async function advertised(on: Host, router: Host): Promise<void> {
  await advertiseRoutes(router);
  await until('the advertised route', async () => ({ code: (await defaultRoute(on)).includes('proto ra') ? 0 : 1 }));
  await until('the advertised address', async () => ({ code: (await addressOf(on)) === '' ? 1 : 0 }));
}

async function addressOf(on: Host): Promise<string> {
  const said = await on.run(
    'ip',
    '-o',
    '-6',
    'addr',
    'show',
    'dev',
    'eth0',
    'scope',
    'global',
    'dynamic',
    '-tentative',
  );
  return /inet6 ([^/]+)/.exec(said)?.[1] ?? '';
}

/** Listens to what becomes of a host's routes; the call gives the default routes that it has lost since. */
async function lostRoutes(on: Host): Promise<() => string[]> {
  let said = '';
  const monitor = on.start('ip', '-6', 'monitor', 'route');
  monitor.stdout?.on('data', (chunk: Buffer) => (said += chunk.toString()));
  await until('ip monitor', async () => {
    await on.run('ip', '-6', 'route', 'replace', 'blackhole', 'fd99::/64');
    return { code: said.includes('fd99::/64') ? 0 : 1 };
  });
  return () => said.match(/^Deleted default .*$/gm) ?? [];
}

test('forwarding alone makes a SLAAC host lose its IPv6 route, and the doctor finds it', async () => {
  const [left, right] = await twoHosts();
  await advertised(left, right);
  const warning = 'note  the IPv6 default route comes from a router';
  expect((await doctor(left, 'client')).stdout).toContain(warning);
  await left.run('sysctl', '-qw', 'net.ipv6.conf.eth0.accept_ra=0'); // as where systemd-networkd listens
  expect((await doctor(left, 'client')).stdout).not.toContain(warning);
  await left.run('sysctl', '-qw', 'net.ipv6.conf.eth0.accept_ra=1');

  const lost = await lostRoutes(left);
  await allowForwarding(left);
  await sleep(5_000); // longer than an advertisement takes to come
  expect(lost()).toHaveLength(1);
  expect(await defaultRoute(left)).toBe('');
  expect(findings(await doctor(left, 'client'))).toContain(
    'IPv6 is forwarded, so eth0 no longer listens to routers, and there is no IPv6 default route',
  );
});

test.each<Mode>(['client', 'server'])(
  'both files, loaded in the order of their names, keep the IPv6 route of a SLAAC %s, and the tunnel works',
  async (mode) => {
    const [left, right] = await twoHosts();
    const [mine, router] = mode === 'client' ? [left, right] : [right, left];
    await advertised(mine, router);
    const lost = await lostRoutes(mine);
    const { install } = await headOf('host/sysctl.d/89-phantun-slaac.conf');
    expect(await (await shell(mine))(`cd examples/host/sysctl.d\n${install}`)).toMatchObject({ code: 0 });
    await sleep(5_000);
    expect(lost()).toEqual([]);
    expect(await defaultRoute(mine)).toContain('proto ra');
    await loadNft(left, 'client');
    await loadNft(right, 'server');
    expect(findings(await doctor(mine, mode))).toEqual([]);
    for (const [host, own] of [
      [left, 'fd77::1/64'],
      [right, 'fd77::2/64'],
    ] as const)
      await host.run('ip', 'addr', 'del', own, 'dev', 'eth0');
    await echo(right);
    await phantun(right, 'server', ['--local', '4567', '--remote', '127.0.0.1:51820']);
    const server = mode === 'client' ? 'fd88::1' : await addressOf(right);
    await phantun(left, 'client', ['--local', '127.0.0.1:51820', '--remote', `[${server}]:4567`]);
    expect(await ping(left)).toMatchObject({ returned: 50 });
  },
);
