import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { headOf } from './head.js';
import { allowForwarding } from './hostSetup.js';
import { EXAMPLES, ROOT, type Host, type Mode, docker, echo, logs, phantun, ping, ready, twoHosts } from './rig.js';
import { shell } from './shell.js';

const HOST = join(EXAMPLES, 'host');

/** How one kind of set-up is installed and removed on a client's and on a server's host. */
type Kind = { readonly up: (mode: Mode) => string[]; readonly down: (mode: Mode) => string[] };

const KINDS: Record<string, Kind> = {
  nftables: {
    up: (mode) => ['nft', '-f', join(HOST, 'nftables', `${mode}.nft`)],
    down: (mode) => ['nft', 'delete', 'table', 'inet', `phantun_${mode}`],
  },
  iptables: {
    up: (mode) => [join(HOST, 'iptables', `${mode}.sh`), 'up'],
    down: (mode) => [join(HOST, 'iptables', `${mode}.sh`), 'down'],
  },
};

/** The rules of a host; the chains that iptables itself makes on first use are no difference. */
async function rules(host: Host): Promise<string> {
  const saved = [await host.run('iptables-save'), await host.run('ip6tables-save')].join('');
  const own = saved
    .split('\n')
    .filter((line) => line.startsWith('-A') || (line.startsWith(':') && line.includes(' - ')));
  const tables = (await host.run('nft', 'list', 'tables')).split('\n').filter((line) => !/^table ip6? /.test(line));
  return [...own, ...tables, await host.run('nft', '--stateless', 'list', 'ruleset', 'inet')].join('\n');
}

async function apply(host: Host, [command = '', ...args]: string[]): Promise<void> {
  await host.run(command, ...args);
}

test.each(Object.entries(KINDS))(
  '%s: installed, repeated without a trace, used over both families, removed cleanly',
  async (_, { up, down }) => {
    const [left, right] = await twoHosts();
    const sides = [
      [left, 'client'],
      [right, 'server'],
    ] as const;
    for (const [host] of sides) await allowForwarding(host);
    const before = await Promise.all(sides.map(([host]) => rules(host)));
    for (const [host, mode] of sides) await apply(host, up(mode));
    const once = await Promise.all(sides.map(([host]) => rules(host)));
    for (const [index, [host, mode]] of sides.entries()) {
      expect(once[index]).not.toBe(before[index]);
      await apply(host, up(mode));
      expect(await rules(host)).toBe(once[index]);
    }
    await echo(right);
    await phantun(right, 'server', ['--local', '4567', '--remote', '127.0.0.1:51820']);
    const client = await phantun(left, 'client', ['--local', '127.0.0.1:51820', '--remote', '10.77.0.2:4567']);
    expect(await ping(left)).toMatchObject({ returned: 50 });
    await docker('rm', '--force', client);
    await phantun(left, 'client', ['--local', '127.0.0.1:51820', '--remote', '[fd77::2]:4567']);
    expect(await ping(left)).toMatchObject({ returned: 50 });
    for (const [index, [host, mode]] of sides.entries()) {
      await apply(host, down(mode));
      expect(await rules(host)).toBe(before[index]);
    }
  },
);

test.each(Object.entries(KINDS))(
  '%s: without its rules, taken away again, nothing gets through',
  async (_, { up, down }) => {
    const [left, right] = await twoHosts();
    for (const host of [left, right]) await allowForwarding(host);
    await apply(left, up('client'));
    await apply(right, up('server'));
    await echo(right);
    await phantun(right, 'server', ['--local', '4567', '--remote', '127.0.0.1:51820']);
    for (const [host, mode] of [
      [left, 'client'],
      [right, 'server'],
    ] as const) {
      await apply(host, down(mode));
      const client = await phantun(left, 'client', ['--local', '127.0.0.1:51820', '--remote', '10.77.0.2:4567']);
      expect(await ping(left, { count: 1, patienceMs: 2_000 })).toMatchObject({ returned: 0 });
      await apply(host, up(mode));
      await docker('restart', client);
      await ready(client);
      expect(await ping(left)).toMatchObject({ returned: 50 });
      await docker('rm', '--force', client);
    }
  },
);

test('sysctl.d: installed, repeated and removed as the files say', async () => {
  const [host] = await twoHosts();
  const names = ['net.ipv4.ip_forward', 'net.ipv6.conf.all.forwarding', 'net.ipv6.conf.eth0.accept_ra'];
  const settings = async () => (await host.run('sysctl', '-n', ...names)).trim().split('\n');
  const type = await shell(host);
  const inFolder = async (command: string) => {
    const { code, stderr } = await type(`cd examples/host/sysctl.d\n${command}`);
    expect(code, stderr).toBe(0);
  };
  const heads = await Promise.all(
    ['89-phantun-slaac', '90-phantun'].map((name) => headOf(`host/sysctl.d/${name}.conf`)),
  );
  expect(await settings()).toEqual(['0', '0', '1']);
  for (let time = 0; time < 2; time++)
    for (const { install } of heads) {
      await inFolder(install);
      expect(await settings()).toEqual(['1', '1', '2']);
    }
  for (const { remove } of heads) await inFolder(remove);
  expect(await settings()).toEqual(['0', '0', '1']);
  await inFolder('sysctl --system'); // as the next start of the host
  expect(await settings()).toEqual(['0', '0', '1']);
});

test('what flushes all rules takes phantun’s too, unless it includes them as docs/host-setup.md tells', async () => {
  const [host] = await twoHosts();
  const page = await readFile(join(ROOT, 'docs', 'host-setup.md'), 'utf8');
  const [, include = '', file = ''] = /`(include "(\/etc\/phantun\/client\.nft)")`/.exec(page) ?? [];
  const load = async (...lines: string[]) => {
    const { code, stderr } = await host.execute('nft', ['-f', '-'], { input: `${lines.join('\n')}\n` });
    expect(code, stderr).toBe(0);
    return await host.run('nft', 'list', 'tables');
  };
  await apply(host, KINDS.nftables?.up('client') ?? []);
  const debian = ['flush ruleset', 'table inet filter { }'];
  expect(await load(...debian)).not.toContain('phantun_client');
  for (let time = 0; time < 2; time++)
    expect(await load(...debian, include.replace(file, join(HOST, 'nftables', 'client.nft')))).toContain(
      'phantun_client',
    );
});

test.each(Object.entries(KINDS))(
  '%s: a server’s rules leave alone what only passes through to the same port of another host',
  async (_, { up }) => {
    const [left, right] = await twoHosts();
    for (const host of [left, right]) await allowForwarding(host);
    await apply(left, up('client'));
    await apply(right, up('server'));
    await echo(right);
    await left.run('ip', 'route', 'add', '203.0.113.0/24', 'via', right.v4);
    await right.run('ip', 'link', 'add', 'beyond', 'type', 'bridge');
    await right.run('ip', 'addr', 'add', '203.0.113.1/24', 'dev', 'beyond');
    await right.run('ip', 'link', 'set', 'beyond', 'up');
    const server = await phantun(right, 'server', ['--local', '4567', '--remote', '127.0.0.1:51820']);
    await phantun(left, 'client', ['--local', '127.0.0.1:51820', '--remote', '203.0.113.9:4567']);
    expect(await ping(left, { count: 1, patienceMs: 3_000 })).toMatchObject({ returned: 0 });
    expect(await logs(server)).not.toContain('New connection');
  },
);

test('--ipv4-only needs no IPv6 rule and no IPv6 forwarding', async () => {
  const [left, right] = await twoHosts();
  for (const host of [left, right]) await host.run('sysctl', '-qw', 'net.ipv4.ip_forward=1');
  for (const [host, mode] of [
    [left, 'client'],
    [right, 'server'],
  ] as const)
    await host.run('env', 'PEER6=', join(HOST, 'iptables', `${mode}.sh`), 'up');
  expect(await left.run('ip6tables-save')).not.toContain('PHANTUN');
  await echo(right);
  await phantun(right, 'server', ['--ipv4-only', '--local', '4567', '--remote', '127.0.0.1:51820']);
  await phantun(left, 'client', ['--ipv4-only', '--local', '127.0.0.1:51820', '--remote', '10.77.0.2:4567']);
  expect(await ping(left)).toMatchObject({ returned: 50 });
});

test('the rule that names ptun0 never matches phantun’s default device', async () => {
  const [left, right] = await twoHosts();
  for (const host of [left, right]) await allowForwarding(host);
  await apply(right, KINDS.nftables?.up('server') ?? []);
  await left.run('nft', 'add table inet nat');
  await left.run('nft', 'add chain inet nat postrouting { type nat hook postrouting priority srcnat; policy accept; }');
  await left.run('nft', 'add rule inet nat postrouting iifname ptun0 oifname eth0 masquerade');
  await echo(right);
  await phantun(right, 'server', ['--local', '4567', '--remote', '127.0.0.1:51820']);
  const args = ['--local', '127.0.0.1:51820', '--remote', '10.77.0.2:4567'];
  const client = await phantun(left, 'client', args);
  expect(await left.run('ip', '-o', 'link', 'show')).toContain('tun0');
  expect(await ping(left, { count: 1, patienceMs: 2_000 })).toMatchObject({ returned: 0 });
  await docker('rm', '--force', client);
  await phantun(left, 'client', [...args, '--tun', 'ptun0']);
  expect(await ping(left)).toMatchObject({ returned: 50 });
});
