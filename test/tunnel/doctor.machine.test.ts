import { existsSync } from 'node:fs';
import { readFile, symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { find } from '../lab/exec.js';
import { unpack } from '../lab/packages.js';
import { DOCTOR, doctor, findings, healthy } from './doctor.js';
import { applyHostSetup } from './hostSetup.js';
import { type Finished, type Host, execute, phantun, temporaryFolder, twoHosts } from './rig.js';

// What the doctor uses beside its shell.
const TOOLS = 'awk cat grep head id readlink sed sort tr wc'.split(' ');
const RULES = ['nft', 'iptables', 'ip6tables', 'iptables-save', 'ip6tables-save'];

/** A folder of programs: those of this machine, and names for another program. */
async function folderOf(own: readonly string[], named: readonly string[] = [], program = ''): Promise<string> {
  const folder = await temporaryFolder();
  for (const name of own) await symlink(find(name) ?? '', join(folder, name));
  for (const name of named) await symlink(program, join(folder, name));
  return folder;
}

/** Has the doctor look at a host that has the programs of a folder and no others. */
async function doctorWith(on: Host, folder: string, shell: readonly string[] = []): Promise<Finished> {
  return await on.execute('env', [`PATH=${folder}`, ...shell, DOCTOR, 'client', '--wan', 'eth0']);
}

test('a host with neither nft nor iptables is told so', async () => {
  const [left] = await healthy('client');
  expect(findings(await doctorWith(left, await folderOf(['ip', ...TOOLS])))).toEqual([
    'neither nft nor iptables is here, so no rule can be read or made',
  ]);
});

test('busybox’s shell and programs do for it, but for ip, which has to be iproute2’s', async () => {
  // the shell of busybox-static, which a machine may have, takes its own ip before any other
  const unpacked = await unpack('busybox-shell', [{ name: 'busybox', from: 'own' }]);
  const busybox = ['usr/bin/busybox', 'bin/busybox'].map((path) => join(unpacked, path)).find(existsSync) ?? '';
  const [left] = await healthy('client');
  const folder = await folderOf(['ip', ...RULES], TOOLS, busybox);
  expect(findings(await doctorWith(left, folder, [busybox, 'sh']))).toEqual([]);
  await left.run('nft', 'delete', 'table', 'inet', 'phantun_client');
  await left.run('nft', 'add table inet fence');
  await left.run('nft', 'add chain inet fence passing { type filter hook forward priority filter; policy drop; }');
  await phantun(left, 'client', ['--local', '127.0.0.1:1', '--remote', '10.77.0.2:4567']);
  const found = findings(await doctorWith(left, folder, [busybox, 'sh']));
  expect(found).toEqual(findings(await doctor(left, 'client')));
  expect(found).toHaveLength(5);

  const without = await folderOf(RULES, ['ip', ...TOOLS], busybox);
  const refused = await doctorWith(left, without, [busybox, 'sh']);
  expect(refused).toMatchObject({ code: 64, stdout: '' });
  expect(refused.stderr).toContain('needs the ip of iproute2');
});

test('only root gets an answer', async () => {
  const input = await readFile(DOCTOR, 'utf8');
  const { code, stdout, stderr } = await execute('setpriv', ['--reuid=65534', 'sh', '-s', 'client'], { input });
  expect({ code, stdout }).toEqual({ code: 64, stdout: '' });
  expect(stderr).toContain('only root may read the rules of a firewall');
});

test('the way out is found by an IPv6 default route, if there is none of IPv4', async () => {
  const [left] = await healthy('client');
  await left.run('ip', '-6', 'route', 'add', 'default', 'via', 'fd77::2');
  const run = await left.execute(DOCTOR, ['client']);
  expect(run.stdout).toContain('leave eth0 with the host');
  expect(findings(run)).toEqual([]);
});

test('a host that does not track connections yet gets a note, not a finding', async () => {
  const [left] = await healthy('client');
  const script = 'mount -t tmpfs none /proc/sys/net/netfilter; exec "$@"';
  const run = await left.execute('unshare', [
    ...['--mount', 'sh', '-euc', script, 'sh'],
    ...[DOCTOR, 'client', '--wan', 'eth0'],
  ]);
  expect(run.stdout).toContain('note  connections are not tracked yet; the first NAT rule starts that');
  expect(findings(run)).toEqual([]);
});

test('programs on one device are counted on a host with more open files than a command line holds', async () => {
  const [left] = await healthy('client');
  await phantun(left, 'client', ['--local', '127.0.0.1:51821', '--remote', '10.77.0.2:4567', '--tun', 'tun0']);
  const files = join(await temporaryFolder(), 'files.mjs');
  await writeFile(
    files,
    `import { openSync } from 'node:fs';
    for (let count = 0; count < 6000; count++) openSync('/dev/null', 'r');
    console.log('open');
    setInterval(() => {}, 1000);`,
  );
  const many = left.start('sh', '-c', 'ulimit -n 8000; exec "$@"', 'sh', process.execPath, files);
  await new Promise((resolve) => many.stdout?.once('data', resolve));
  // a command line may have a quarter of the stack, and 128 KiB
  const run = ['-c', 'ulimit -s 512; exec "$@"', 'sh', DOCTOR, 'client', '--wan', 'eth0'];
  expect(findings(await left.execute('sh', run))).toEqual([
    expect.stringMatching(/^2 programs share the device tun0, .* processes \d+ \d+ $/),
  ]);
});

test('a device that no program holds is no running phantun', async () => {
  const [left] = await twoHosts();
  await applyHostSetup(left, left);
  await left.run('ip', 'tuntap', 'add', 'tun0', 'mode', 'tun');
  await left.run('ip', 'addr', 'add', '192.168.200.1', 'peer', '192.168.200.2', 'dev', 'tun0');
  await left.run('ip', 'link', 'set', 'tun0', 'up');
  const run = await doctor(left, 'client');
  expect(run.stdout).toContain('note  no program holds the device tun0: phantun does not run');
  expect(findings(run)).toEqual([]);
});

test('two devices with one address of IPv6 are a clash, and another one than is said is told', async () => {
  const [left] = await twoHosts();
  await applyHostSetup(left, left);
  const remote = ['--remote', '[fd77::2]:4567'];
  await phantun(left, 'client', ['--local', '127.0.0.1:51820', ...remote]);
  expect(findings(await doctor(left, 'client'))).toEqual([]);
  expect(findings(await doctor(left, 'client', '--tun-peer6', 'fcca::2'))).toContain('tun0 does not lead to fcca::2');
  const second = ['--tun', 'another', '--tun-local', '192.168.202.1', '--tun-peer', '192.168.202.2'];
  await phantun(left, 'client', ['--local', '127.0.0.1:51821', ...remote, ...second]);
  expect(findings(await doctor(left, 'client'))).toEqual(['2 devices lead to fcc8::2']);
  expect(findings(await doctor(left, 'client', '--ipv4-only'))).toEqual([]);
});
