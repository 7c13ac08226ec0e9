import { mkdir, symlink } from 'node:fs/promises';
import { join } from 'node:path';
import { cached } from './cache.js';
import { bootstrap } from './debian.js';
import type { Enclave } from './enclave.js';
import { type Environment, run, succeeds, untilReady, withSystemPath } from './exec.js';
import { findGo } from './go.js';
import { pushLayout, writeLayout } from './layout.js';
import { startIsolated } from './namespace.js';
import { otherClock, runcElsewhere } from './otherClock.js';
import { install, unpack } from './packages.js';

const VERSION = 'v0.32.2';
const MODULE = 'github.com/moby/buildkit';
const GO_NEEDED = [1, 26, 3];

export type Buildkitd = {
  /** `unix:///...`: what a builder of the remote driver is made with. */
  readonly address: string;
  /** Makes a buildx builder of the remote driver, named `name`, for the clients that use `env`. */
  readonly createRemoteBuilder: (name: string, env: Environment) => Promise<void>;
  readonly stop: () => Promise<void>;
};

/** Where a BuildKit runs that is unlike where another one does. */
export type Surroundings = {
  /** Processors it and its containers may use, `0` or `0-1` say. */
  readonly processors?: string;
  readonly hostName?: string;
  /** How far its containers' clock is off, `+12d` say; they have the host name, too, then. */
  readonly clock?: string;
  /** Whether it has no network at all, nor have its containers. */
  readonly offline?: boolean;
  /** The network that it and its containers have instead of this machine's. */
  readonly enclave?: Enclave;
  /** The platform that its compilers run on, `linux/arm64` say: emulated if it is not this machine's. */
  readonly platform?: string;
  /** Which BuildKit it is, if not the usual one; compiled by a newer Go than its own. */
  readonly version?: string;
};

/** Starts a BuildKit of its own, with the OCI worker and nothing in its cache. Compiled from its Go module on first use. */
export async function startBuildkitd(dir: string, surroundings: Surroundings = {}): Promise<Buildkitd> {
  const programs = await buildkitPrograms(surroundings.version);
  const prefix = await unpack('runc', [
    { name: 'runc', from: 'own' },
    { name: 'tini', from: 'own' },
  ]);
  await mkdir(dir, { recursive: true });
  const address = `unix://${dir}/buildkitd.sock`;
  const { processors, hostName, clock, platform, offline = false, enclave } = surroundings;
  const own = join(prefix, 'usr/sbin/runc');
  const runc = clock === undefined ? own : await runcElsewhere(own, { clock: await otherClock(clock), hostName }, dir);
  const worker = ['--containerd-worker=false', '--oci-worker=true', '--oci-worker-net=host'];
  const places = ['--addr', address, '--root', join(dir, 'root'), '--oci-worker-binary', runc];
  const command = [
    ...(offline ? ['unshare', '--net'] : []),
    ...(hostName === undefined ? [] : ['unshare', '--uts', 'sh', '-c', 'hostname "$0"; exec "$@"', hostName]),
    ...(processors === undefined ? [] : ['taskset', '--cpu-list', processors]),
    ...[join(programs, 'buildkitd'), ...worker, ...places],
    ...(platform === undefined ? [] : ['--oci-worker-platform', platform]),
  ];
  const env = withSystemPath(process.env);
  const init = join(prefix, 'usr/bin/tini-static');
  const daemon = startIsolated(init, command, join(dir, 'buildkitd.log'), env, enclave?.enter);
  const workers = ['--addr', address, 'debug', 'workers'];
  await untilReady('buildkitd', daemon, () => succeeds(join(programs, 'buildctl'), workers));
  return {
    address,
    createRemoteBuilder: async (name, clientEnv) => {
      const options = ['buildx', 'create', '--name', name, '--driver', 'remote', address];
      await run('docker', options, { env: { ...process.env, ...clientEnv } });
    },
    stop: daemon.stop,
  };
}

/**
 * Pushes an image that the docker-container driver can run to the registry `host`, and returns its reference. Builders need
 * `--driver-opt image=REFERENCE,network=host`.
 */
export async function provideBuildkitImage(host: string): Promise<string> {
  await install({ skopeo: 'skopeo' });
  const programs = await buildkitPrograms();
  const layout = await cached('buildkit-image', ['v1', VERSION], async (dir) => {
    await install({ zstd: 'zstd' });
    const root = join(dir, 'root');
    await mkdir(root);
    await bootstrap(root, ['runc', 'git']);
    await run('cp', [...['buildkitd', 'buildctl'].map((name) => join(programs, name)), join(root, 'usr/bin')]);
    await symlink('/usr/sbin/runc', join(root, 'usr/bin/buildkit-runc')); // the name that buildkitd looks for
    const config = { Env: ['PATH=/usr/sbin:/usr/bin:/sbin:/bin'], Entrypoint: ['buildkitd'] };
    const architecture = process.arch === 'x64' ? 'amd64' : process.arch;
    await writeLayout(dir, [{ root, platform: { os: 'linux', architecture }, config }]);
  });
  const reference = `${host}/moby/buildkit:${VERSION}`;
  await pushLayout(layout, reference);
  return reference;
}

/** The folder with `buildkitd` and `buildctl`. */
async function buildkitPrograms(version = VERSION): Promise<string> {
  return await cached('buildkit', [version], async (dir) => {
    const go = await findGo(GO_NEEDED);
    const env = { ...process.env, GOTOOLCHAIN: 'local', GOFLAGS: '-mod=mod -modcacherw', CGO_ENABLED: '0' };
    const download = await run(go, ['mod', 'download', '-json', `${MODULE}@${version}`], { cwd: dir, env });
    const source = join(dir, 'source'); // go install refuses a module that excludes versions, so it has to be the main one
    await run('cp', ['-r', '--no-preserve=mode', (JSON.parse(download) as { Dir: string }).Dir, source]);
    const flags = ['-trimpath', '-ldflags', `-s -w -X ${MODULE}/version.Version=${version}`];
    await run(go, ['build', ...flags, '-o', dir, './cmd/buildkitd', './cmd/buildctl'], { cwd: source, env });
    await run('rm', ['-r', source]);
  });
}
