import { cp, mkdir, readFile, readdir, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { parseAllDocuments } from 'yaml';
import { enginePrefix } from '../lab/engine.js';
import { validateManifests } from '../lab/kubernetes.js';
import { install, unpack } from '../lab/packages.js';
import { applyHostSetup } from './hostSetup.js';
import {
  EXAMPLES,
  type Mode,
  docker,
  echo,
  execute,
  lab,
  phantun,
  ping,
  ready,
  succeed,
  temporaryFolder,
  twoHosts,
} from './rig.js';
import { nameOf, shell } from './shell.js';

const ALL = { returned: 50 };
const MODES = ['server', 'client'] as const;
// The examples' clients want a server of this name.
const NAMES = ['--add-host', 'server.example.org:10.77.0.2'];

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
    onTestFinished(async () => {
      await execute('docker', ['rm', '--force', nameOf(mode)]);
    });
    const run = await (await shell(on[mode]))(`examples/docker/${mode}.sh`);
    expect(run.code, run.stderr).toBe(0);
    await ready(nameOf(mode));
    await expectLocked(nameOf(mode));
  }
  expect(await ping(on.client)).toMatchObject(ALL);
});

test('compose: the files are valid, run, carry datagrams, stop at once and leave nothing', async () => {
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

/** A folder that looks to systemd like a machine with Docker, Podman, nft and the files that the units name. */
async function machine(): Promise<string> {
  const root = await temporaryFolder();
  const put = async (path: string, text: string, mode = 0o644) => {
    await mkdir(dirname(join(root, path)), { recursive: true });
    await writeFile(join(root, path), text, { mode });
  };
  for (const program of ['bin/docker', 'bin/podman', 'sbin/nft', 'sbin/dockerd'])
    await put(`usr/${program}`, '#!/bin/sh\n', 0o755);
  await put('etc/phantun/docker-forward.sh', '#!/bin/sh\n', 0o755);
  const units = join(root, 'usr/lib/systemd/system');
  await cp(join(await enginePrefix(), 'usr/lib/systemd/system'), units, { recursive: true });
  for (const name of await readdir('/lib/systemd/system'))
    if (/^(network|sysinit|basic|multi-user|shutdown|paths|sockets|timers|slices|local-fs|swap).*\.target$/.test(name))
      await cp(join('/lib/systemd/system', name), join(units, name), { dereference: true });
  await mkdir(join(root, 'etc/systemd/system'), { recursive: true });
  return root;
}

test('systemd: the units verify without a word, and what they run carries datagrams and ends with 143', async () => {
  await install({ 'systemd-analyze': 'systemd' });
  const root = await machine();
  const on = await hosts();
  for (const mode of MODES) {
    const unit = await readFile(join(EXAMPLES, 'systemd', `phantun-${mode}.service`), 'utf8');
    await writeFile(join(root, 'etc/systemd/system', `phantun-${mode}.service`), unit);
    const verified = await execute('systemd-analyze', ['verify', `--root=${root}`, `phantun-${mode}.service`]);
    expect(verified).toEqual({ code: 0, stdout: '', stderr: '' });
  }
  const running: Promise<{ code: number }>[] = [];
  for (const mode of MODES) {
    const unit = (await readFile(join(EXAMPLES, 'systemd', `phantun-${mode}.service`), 'utf8')).replaceAll(
      /\\\n\s*/g,
      '',
    );
    const [, command = ''] = /^ExecStart=\/usr\/bin\/(.+)$/m.exec(unit) ?? [];
    const [, variables = ''] = /^Environment=(.+)$/m.exec(unit) ?? [];
    onTestFinished(async () => {
      await execute('docker', ['rm', '--force', nameOf(mode)]);
    });
    running.push((await shell(on[mode]))(`export ${variables}\n${command}`));
    await expect.poll(() => docker('ps', '--format', '{{.Names}}'), { timeout: 20_000 }).toContain(nameOf(mode));
    await ready(nameOf(mode));
    await expectLocked(nameOf(mode));
  }
  expect(await ping(on.client)).toMatchObject(ALL);
  for (const mode of MODES) await docker('stop', nameOf(mode));
  expect(await Promise.all(running)).toMatchObject([{ code: 143 }, { code: 143 }]);
});

test('quadlet: Podman’s generator takes the files, and the units it makes verify', async () => {
  const generator = join(await unpack('quadlet', [{ name: 'podman', from: 'sid' }]), 'usr/libexec/podman/quadlet');
  const root = await machine();
  for (const mode of MODES) {
    const folder = await temporaryFolder();
    await cp(join(EXAMPLES, 'quadlet', `phantun-${mode}.container`), join(folder, `phantun-${mode}.container`));
    const made = await execute(generator, ['-dryrun'], { env: { QUADLET_UNIT_DIRS: folder } });
    expect(made.code, made.stderr).toBe(0);
    const [, unit = ''] = new RegExp(`^---phantun-${mode}\\.service---\\n([^]+)`, 'm').exec(made.stdout) ?? [];
    expect(unit).toMatch(
      /^ExecStart=.*--network host .*no-new-privileges .*\/dev\/net\/tun --cap-drop all --cap-add net_admin --read-only/m,
    );
    await writeFile(join(root, 'etc/systemd/system', `phantun-${mode}.service`), unit);
    const verified = await execute('systemd-analyze', ['verify', `--root=${root}`, `phantun-${mode}.service`]);
    expect(verified, verified.stderr).toMatchObject({ code: 0 });
  }
});

type Container = { args: string[]; livenessProbe: { exec: { command: string[] } } };
type Manifest = {
  kind: string;
  data?: Record<string, string>;
  spec?: { template?: { spec: { containers: [Container] } } };
};

async function manifests(name: string): Promise<Manifest[]> {
  const text = await readFile(join(EXAMPLES, 'kubernetes', `${name}.yaml`), 'utf8');
  return parseAllDocuments(text).map((document) => document.toJS() as Manifest);
}

test('kubernetes: the manifests have the schema’s shape', async () => {
  const files = ['host-network', 'pod-network'].map((name) => join(EXAMPLES, 'kubernetes', `${name}.yaml`));
  const said = await validateManifests(...files);
  expect(said.match(/passed/g) ?? said).toHaveLength(4);
  const wrong = join(await temporaryFolder(), 'wrong.yaml');
  await writeFile(wrong, (await readFile(files[0] ?? '', 'utf8')).replace('hostNetwork:', 'hostsNetwork:'));
  await expect(validateManifests(wrong)).rejects.toThrow('hostsNetwork');
});

test('kubernetes: rules inside a pod’s network and arguments of the manifests carry datagrams, and the probe tells', async () => {
  const [node, pod] = await twoHosts(...NAMES);
  const [rules, server] = await manifests('pod-network');
  const [client] = await manifests('host-network');
  await applyHostSetup(node, pod);
  await pod.run('nft', 'delete', 'table', 'inet', 'phantun_server');
  const loaded = await pod.execute('nft', ['-f', '-'], { input: rules?.data?.['server.nft'] ?? '' });
  expect(loaded.code, loaded.stderr).toBe(0);
  await echo(pod);
  for (const [host, mode, manifest] of [
    [pod, 'server', server],
    [node, 'client', client],
  ] as const) {
    const container = manifest?.spec?.template?.spec.containers[0];
    const id = await phantun(host, mode, container?.args ?? []);
    const probe = container?.livenessProbe.exec.command ?? [];
    expect((await execute('docker', ['exec', id, ...probe])).code).toBe(0);
    const other = mode === 'server' ? 'phantun-client' : 'phantun-server';
    expect(
      (await execute('docker', ['exec', id, ...probe.map((word) => word.replace(`phantun-${mode}`, other))])).code,
    ).not.toBe(0);
  }
  expect(await ping(node)).toMatchObject(ALL);
});
