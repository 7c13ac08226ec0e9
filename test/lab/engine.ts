import { mkdir, readFile, symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { createBridge, removeBridge } from './bridge.js';
import { find, isRoot, run, succeeds, untilReady, withSystemPath } from './exec.js';
import { startIsolated } from './namespace.js';
import { install, unpack } from './packages.js';

export type Engine = {
  /** What a client needs on top of its own environment: PATH, DOCKER_HOST, DOCKER_CONFIG. */
  readonly env: Record<string, string>;
  /** True if the machine had it; then it is not stopped. */
  readonly found: boolean;
  /** The /proc folder of a container's first process; its pid as the engine says it may count in a namespace of the engine's. */
  readonly procOf: (container: string) => Promise<string>;
  readonly stop: () => Promise<void>;
};

/** Which engine of the machine will do, and who is told that one will not. */
export type WantedEngine = {
  /** Whether it may keep images in its classic store: what is built then needs a builder of its own. */
  readonly anyStore: boolean;
  readonly log: (line: string) => void;
};

/** Uses the machine's Docker engine if one with buildx answers, else starts one of its own, with all its state under `dir`. */
export async function startEngine(dir: string, wanted: WantedEngine): Promise<Engine> {
  await mkdir(dir, { recursive: true });
  return (await findEngine(dir, wanted)) ?? (await startOwnEngine(dir));
}

/** How an engine of the lab's own differs from the usual: the classic image store, a registry that stands in for docker.io. */
export type OwnEngineOptions = { readonly containerdStore?: boolean; readonly mirror?: string };

/** The machine's own engine, if it is as wanted. */
export async function findEngine(dir: string, { anyStore, log }: WantedEngine): Promise<Engine | undefined> {
  const probe = { timeoutMs: 10_000 };
  const usable =
    find('docker') !== undefined &&
    (await succeeds('docker', ['version'], probe)) &&
    (await succeeds('docker', ['buildx', 'version'], probe));
  if (!usable) return undefined;
  if (!anyStore && !(await ask('info', '{{json .DriverStatus}}')).includes('io.containerd.snapshotter')) {
    log(
      "This machine's Docker engine keeps images in its classic store, and this needs the containerd image store (https://docs.docker.com/engine/storage/containerd/): another engine is started beside it",
    );
    return undefined;
  }
  const host = process.env.DOCKER_HOST ?? (await ask('context', 'inspect', '{{.Endpoints.docker.Host}}'));
  const plugins = await ask('info', '{{range .ClientInfo.Plugins}}{{if eq .Name "buildx"}}{{.Path}}{{end}}{{end}}');
  const env = await clientEnvironment(dir, host, plugins, process.env.PATH ?? '');
  const procOf = async (container: string) => `/proc/${await inspectPid(container, env)}`;
  return { env, found: true, procOf, stop: () => Promise.resolve() };
}

async function ask(...words: string[]): Promise<string> {
  return (await run('docker', [...words.slice(0, -1), '--format', ...words.slice(-1)])).trim();
}

/** The lab's clients have a configuration of their own: no login, builder or context of the user is used or changed. */
async function clientEnvironment(dir: string, host: string, plugin: string, path: string) {
  const config = join(dir, 'config');
  await mkdir(join(config, 'cli-plugins'), { recursive: true });
  await symlink(plugin, join(config, 'cli-plugins', 'docker-buildx'));
  await writeFile(join(config, 'config.json'), '{}');
  return { PATH: path, DOCKER_HOST: host, DOCKER_CONFIG: config };
}

/** Starts an engine with all its state under `dir`, whatever the machine has. `mirror` is a registry's `host:port`. */
export async function startOwnEngine(
  dir: string,
  { containerdStore = true, mirror }: OwnEngineOptions = {},
): Promise<Engine> {
  await mkdir(dir, { recursive: true });
  if (!isRoot())
    throw new Error('The lab finds no Docker engine with buildx that it can use, and only root can start one.');
  await install({ ip: 'iproute2', iptables: 'iptables' });
  const prefix = await enginePrefix();
  const path = `${prefix}/usr/bin:${prefix}/usr/sbin:${withSystemPath(process.env).PATH}`;
  const host = `unix://${dir}/docker.sock`;
  const env = await clientEnvironment(dir, host, join(prefix, 'usr/libexec/docker/cli-plugins/docker-buildx'), path);
  const init = join(prefix, 'usr/bin/tini-static');
  const bridge = await createBridge(dir);
  const config = {
    features: { 'containerd-snapshotter': containerdStore },
    'registry-mirrors': mirror === undefined ? [] : [`http://${mirror}`],
    hosts: [host],
    'data-root': join(dir, 'data'),
    'exec-root': '/run/docker', // a short path, for sockets; nobody else's, see startIsolated
    pidfile: join(dir, 'dockerd.pid'),
    'shutdown-timeout': 1,
    'init-path': init,
    bridge: bridge.name,
    mtu: bridge.mtu,
    iptables: false,
    ip6tables: false,
  };
  const file = join(dir, 'daemon.json');
  await writeFile(file, JSON.stringify(config));
  const command = ['dockerd', '--config-file', file];
  const daemon = startIsolated(init, command, join(dir, 'dockerd.log'), { ...process.env, ...env });
  const stop = async () => {
    await daemon.stop();
    await removeBridge(dir);
  };
  await untilReady('The Docker engine', daemon, () => succeeds('docker', ['version'], { env })).catch(
    async (error: unknown) => {
      await removeBridge(dir);
      throw error;
    },
  );
  const [first] = (await readFile(`/proc/${daemon.pid}/task/${daemon.pid}/children`, 'utf8')).split(' ');
  const procOf = async (container: string) => `/proc/${first}/root/proc/${await inspectPid(container, env)}`;
  return { env, found: false, procOf, stop };
}

/** The engine's programs, unpacked. runc is of this machine's release: sid's needs a newer libc. */
export async function enginePrefix(): Promise<string> {
  const sid = ['docker.io', 'docker-cli', 'docker-buildx', 'containerd'].map(
    (name) => ({ name, from: 'sid' }) as const,
  );
  const own = ['runc', 'tini'].map((name) => ({ name, from: 'own' }) as const);
  return await unpack('engine', [...sid, ...own]);
}

async function inspectPid(container: string, env: Record<string, string>): Promise<string> {
  return (await run('docker', ['inspect', '--format', '{{.State.Pid}}', container], { env })).trim();
}
