import { readFile, writeFile } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { validateManifests } from '../lab/kubernetes.js';
import { install, unpack } from '../lab/packages.js';
import { dockerEngine } from './daemons.js';
import { allowForwarding, applyHostSetup, loadNft } from './hostSetup.js';
import { startPod } from './pod.js';
import {
  EXAMPLES,
  type Host,
  type Mode,
  docker,
  echo,
  execute,
  lab,
  ping,
  ready,
  succeed,
  temporaryFolder,
  twoHosts,
} from './rig.js';
import { nameOf, shell } from './shell.js';
import { installExample, loadSettings, machine, startRules, startUnit } from './unit.js';

const ALL = { returned: 50 };
const MODES = ['server', 'client'] as const;
// The examples' clients want a server of this name.
const NAMES = ['--add-host', 'server.example.org:10.77.0.2'];

/** Whatever becomes of a test, its container of an example's name goes. */
function removeAfterwards(mode: Mode): void {
  onTestFinished(async () => {
    await execute('docker', ['rm', '--force', nameOf(mode)]);
  });
}

async function hosts() {
  const [client, server] = await twoHosts(...NAMES);
  await applyHostSetup(client, server);
  await echo(server);
  return { client, server };
}

/** What an example gives a container, which must be what the documents promise. */
async function expectLocked(container: string): Promise<void> {
  const format =
    '{{json .HostConfig.CapDrop}} {{json .HostConfig.CapAdd}} {{.HostConfig.ReadonlyRootfs}} {{json .HostConfig.SecurityOpt}}';
  const said = (await docker('inspect', '--format', format, container)).replaceAll('CAP_', '');
  expect(said).toBe('["ALL"] ["NET_ADMIN"] true ["no-new-privileges"]');
  expect(await docker('inspect', '--format', '{{.HostConfig.Privileged}}', container)).toBe('false');
}

test('docker/*.sh: both run, and datagrams get through', async () => {
  const on = await hosts();
  for (const mode of MODES) {
    removeAfterwards(mode);
    const run = await (await shell(on[mode]))(`examples/docker/${mode}.sh`);
    expect(run.code, run.stderr).toBe(0);
    await ready(nameOf(mode));
    await expectLocked(nameOf(mode));
  }
  expect(await ping(on.client)).toMatchObject(ALL);
});

/** A cold cache fetches the program first. */
const PATIENT = { timeout: 300_000 };

test('compose: the files are valid, run, carry datagrams, stop at once and leave nothing', PATIENT, async () => {
  const on = await hosts();
  const compose = join(await unpack('compose', [{ name: 'docker-compose', from: 'sid' }]), COMPOSE);
  const folder = await temporaryFolder();
  const commands = new Map<Mode, string[]>();
  const env = { IMAGE: lab.image };
  for (const mode of MODES) {
    const file = join(EXAMPLES, 'compose', `${mode}.yaml`);
    await succeed(compose, ['-f', file, 'config', '--quiet'], { env });
    // the one difference: the network is a host's of the rig
    const network = join(folder, `${mode}.yaml`);
    await writeFile(network, `services: { phantun: { network_mode: "${on[mode].network}" } }\n`);
    const command = ['-f', file, '-f', network, '--project-name', `rig-${mode}-${process.pid}`];
    commands.set(mode, command);
    onTestFinished(async () => {
      await execute(compose, [...command, 'down'], { env });
    });
    for (let time = 0; time < 2; time++) await succeed(compose, [...command, 'up', '--detach'], { env });
    const id = (await succeed(compose, [...command, 'ps', '--quiet'], { env })).trim();
    await ready(id);
    await expectLocked(id);
  }
  expect(await ping(on.client)).toMatchObject(ALL);
  for (const command of commands.values()) {
    const begin = Date.now();
    await succeed(compose, [...command, 'down'], { env });
    expect(Date.now() - begin).toBeLessThan(8_000); // an engine kills after 10 s
    expect(await succeed(compose, [...command, 'ps', '--all', '--quiet'], { env })).toBe('');
  }
});

const COMPOSE = 'usr/libexec/docker/cli-plugins/docker-compose';

/** The rules of a host, without counts of what they met. */
async function rules(on: Host): Promise<string> {
  const tables = await Promise.all(['iptables', 'ip6tables'].map((tool) => on.run(tool, '-S')));
  return [...tables, await on.run('nft', '--stateless', 'list', 'ruleset')].join('\n');
}

async function verify(root: string, unit: string): Promise<void> {
  const verified = await execute('systemd-analyze', ['verify', `--root=${root}`, unit]);
  expect(verified).toEqual({ code: 0, stdout: '', stderr: '' });
}

/**
 * Both units, on hosts that have what their installation brought: they bring what else lets datagrams through, end as asked, and take
 * that away again.
 */
async function expectUnitsWork(on: Readonly<Record<Mode, Host>>, root: string, units: Readonly<Record<Mode, string>>) {
  for (const mode of MODES) await loadSettings(on[mode], root);
  await echo(on.server);
  const before = await Promise.all(MODES.map((mode) => rules(on[mode])));
  const stops: (() => Promise<number>)[] = [];
  for (const mode of MODES) {
    removeAfterwards(mode);
    const works = async () => {
      const names = () => docker('ps', '--format', '{{.Names}}');
      await expect.poll(names, { timeout: 20_000 }).toContain(nameOf(mode));
      await ready(nameOf(mode));
    };
    stops.push(await startUnit(on[mode], root, units[mode], works));
    await expectLocked(nameOf(mode));
  }
  expect(await ping(on.client)).toMatchObject(ALL);
  for (const stop of stops) expect(await stop()).toBe(143);
  for (const mode of MODES) expect(units[mode]).toContain('\nSuccessExitStatus=143\n');
  expect(await Promise.all(MODES.map((mode) => rules(on[mode])))).toEqual(before);
}

test('systemd: the units verify without a word, bring their rules past Docker’s, and take them away with the tunnel', async () => {
  await install({ 'systemd-analyze': 'systemd' });
  const root = await machine();
  const [client, server] = await twoHosts(...NAMES);
  const units = { client: '', server: '' };
  for (const mode of MODES) {
    const name = `phantun-${mode}.service`;
    await installExample(root, `systemd/${name}`);
    await verify(root, name);
    units[mode] = await readFile(join(root, 'etc/systemd/system', name), 'utf8');
    removeAfterwards(mode);
    await docker('create', '--name', nameOf(mode), lab.holder); // as a crash of the machine leaves it
  }
  for (const host of [client, server]) await dockerEngine(host);
  await expectUnitsWork({ client, server }, root, units);
});

test('quadlet: the units that Podman’s generator makes verify, bring their rules, and take them away with the tunnel', async () => {
  await install({ 'systemd-analyze': 'systemd' });
  const generator = join(await unpack('quadlet', [{ name: 'podman', from: 'sid' }]), 'usr/libexec/podman/quadlet');
  const root = await machine();
  const [client, server] = await twoHosts(...NAMES);
  for (const mode of MODES) await installExample(root, `quadlet/phantun-${mode}.container`);
  const env = { QUADLET_UNIT_DIRS: join(root, 'etc/containers/systemd') };
  const made = await execute(generator, ['-dryrun'], { env });
  expect(made.code, made.stderr).toBe(0);
  const units = { client: '', server: '' };
  for (const mode of MODES) {
    const name = `phantun-${mode}.service`;
    units[mode] = new RegExp(`^---${name}---\\n([^]+?)(?=^---|$(?![^]))`, 'm').exec(made.stdout)?.[1] ?? '';
    await writeFile(join(root, 'etc/systemd/system', name), units[mode]);
    await verify(root, name);
  }
  await expectUnitsWork({ client, server }, root, units);
});

const RULES = 'systemd/phantun-rules@.service';
const IPTABLES = ['/etc/phantun/%i.sh up', '/etc/phantun/%i.sh down'] as const;
const NFT = [/\/usr\/sbin\/nft -f \/etc\/phantun\/%i\.nft/, /\/usr\/sbin\/nft delete table inet phantun_%i/] as const;

test.each(['nft', 'iptables'])(
  'systemd: phantun-rules@ verifies, brings with %s the rules that a reboot forgets, and takes them away',
  async (kind) => {
    await install({ 'systemd-analyze': 'systemd' });
    const root = await machine();
    const [client, server] = await twoHosts(...NAMES);
    const on = { client, server };
    let unit = await readFile(join(EXAMPLES, RULES), 'utf8');
    const [, script = ''] =
      /^#.* (install -m 755 \.\.\/host\/iptables\/client\.sh \S+\/client\.sh)\b/m.exec(unit) ?? [];
    for (const mode of MODES) {
      const other = (head: string) => (kind === 'nft' ? head : head.replace(/install -D .*/, `$&\n# ${script}`));
      await installExample(root, RULES, (head) => other(head).replaceAll('client', mode));
    }
    if (kind === 'iptables')
      for (const [index, line] of NFT.entries()) unit = unit.replace(line, IPTABLES[index] ?? '');
    await writeFile(join(root, 'etc/systemd/system', basename(RULES)), unit);
    for (const mode of MODES) await verify(root, basename(RULES).replace('@', `@${mode}`));
    if (kind === 'nft') for (const host of [client, server]) await dockerEngine(host);
    for (const host of [client, server]) await allowForwarding(host);
    await echo(server);
    const before = await Promise.all(MODES.map((mode) => rules(on[mode])));
    const start = () => Promise.all(MODES.map((mode) => startRules(on[mode], root, unit, mode)));
    let stops = await start();
    if (kind === 'iptables') {
      // as a reload of Debian's nftables does; a restart of the unit heals it
      for (const host of [client, server]) await host.run('nft', 'flush', 'ruleset');
      for (const stop of stops) await stop();
      stops = await start();
    }
    for (const mode of MODES) {
      removeAfterwards(mode);
      expect(await (await shell(on[mode]))(`examples/docker/${mode}.sh`)).toMatchObject({ code: 0 });
      await ready(nameOf(mode));
    }
    expect(await ping(client)).toMatchObject(ALL);
    for (const stop of stops) await stop();
    if (kind === 'nft') expect(await Promise.all(MODES.map((mode) => rules(on[mode])))).toEqual(before);
    for (const mode of MODES) expect(await rules(on[mode])).not.toMatch(/phantun/i);
  },
);

test('kubernetes: the manifests have the schema’s shape', async () => {
  const files = ['host-network', 'pod-network'].map((name) => join(EXAMPLES, 'kubernetes', `${name}.yaml`));
  const said = await validateManifests(...files);
  expect(said.match(/passed/g) ?? said).toHaveLength(4);
  const wrong = join(await temporaryFolder(), 'wrong.yaml');
  await writeFile(wrong, (await readFile(files[0] ?? '', 'utf8')).replace('hostNetwork:', 'hostsNetwork:'));
  await expect(validateManifests(wrong)).rejects.toThrow('hostsNetwork');
});

test('kubernetes: the manifests’ containers, with no more than the manifests give them, carry datagrams, and the probe tells', async () => {
  const [node, pod] = await twoHosts(...NAMES);
  await allowForwarding(node);
  await loadNft(node, 'client');
  await pod.run('sysctl', '-qw', 'net.ipv4.ip_forward=1'); // as its node has it
  await echo(pod);
  const server = await startPod(pod, 'pod-network');
  const client = await startPod(node, 'host-network');
  expect([server.hostNetwork, client.hostNetwork]).toEqual([false, true]);
  for (const [{ id, probe }, mode, other] of [
    [server, 'server', 'client'],
    [client, 'client', 'server'],
  ] as const) {
    await expectLocked(id);
    const wrong = probe.map((word) => word.replace(`phantun-${mode}`, `phantun-${other}`));
    expect((await execute('docker', ['exec', id, ...probe])).code).toBe(0);
    expect((await execute('docker', ['exec', id, ...wrong])).code).not.toBe(0);
  }
  expect(await ping(node)).toMatchObject(ALL);
});
