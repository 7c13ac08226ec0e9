import type { Deps } from '../deps.js';
import { Failure, toFailure } from '../errors.js';
import { asList, asObject, asText, parseJson } from '../json.js';
import { PROBE_DEADLINE_SECONDS, childEnvironment, execute, probe } from '../process.js';
import { printable } from '../text.js';
import { together } from '../together.js';

const LOAD_DEADLINE_SECONDS = 300;
const OLDEST_BUILDX = '0.13';

/** The docker engine that the docker client talks to. */
export type Engine = {
  version: string;
  /** Its own platform, `linux/amd64`. */
  platform: string;
  /** Whether images live in containerd's store, which can export OCI layouts. */
  containerdStore: boolean;
};

/** Refuses a machine without docker's client or without a recent buildx. */
export async function requireBuildx(deps: Pick<Deps, 'signal'>): Promise<void> {
  const line = await probe('docker', ['buildx', 'version'], deps);
  if (line === undefined)
    throw new Failure(
      'local',
      (await probe('docker', ['--version'], deps)) === undefined
        ? "docker is not installed on this machine, or not on PATH. Install Docker with its buildx plug-in, or run on a machine that has it, such as GitHub's ubuntu runners"
        : "docker has no buildx plug-in on this machine. Install 'docker-buildx-plugin'",
    );
  const version = /\bv?(\d+\.\d+(\.\d+)?)/.exec(line.replace(/^\S+ /, ''))?.[1] ?? '';
  if (isOlder(version, OLDEST_BUILDX))
    throw new Failure('local', `docker buildx ${version} is too old; ${OLDEST_BUILDX} or newer is needed. Update it`);
}

/** Whether dotted version `a` comes before `b`; what is no version is older than all. Pure. */
export function isOlder(a: string, b: string): boolean {
  const [left, right] = [a, b].map((version) => version.split('.').map(Number));
  for (let index = 0; index < (right?.length ?? 0); index++) {
    const difference = (left?.[index] ?? 0) - (right?.[index] ?? 0);
    if (Number.isNaN(difference)) return true;
    if (difference !== 0) return difference < 0;
  }
  return false;
}

/** What the engine says of itself. Failure `local` with what to try when it does not answer. */
export async function askEngine(deps: Deps): Promise<Engine> {
  const [version, status] = await together(deps, (deps) => [
    docker(['version', '--format', '{{json .Server}}'], deps),
    docker(['info', '--format', '{{json .DriverStatus}}'], deps),
  ]);
  if (version === 'null') throw engineFailure('');
  return parseEngine(version, status);
}

async function docker(args: readonly string[], deps: Pick<Deps, 'signal'>): Promise<string> {
  const { code, stdout, stderr } = await execute(
    'docker',
    args,
    { env: childEnvironment('docker'), what: 'asking the docker engine', deadlineSeconds: PROBE_DEADLINE_SECONDS },
    deps,
  );
  const answer = stdout.toString('utf8').trim();
  if (code === 0 && answer !== '') return answer;
  throw engineFailure(stderr);
}

/** Loads a docker-archive into the engine. */
export async function loadArchive(file: string, deps: Pick<Deps, 'signal'>): Promise<void> {
  const { code, stderr } = await execute(
    'docker',
    ['load', '--quiet', '--input', file],
    { env: childEnvironment('docker'), what: 'docker load', deadlineSeconds: LOAD_DEADLINE_SECONDS },
    deps,
  );
  if (code !== 0) throw new Failure('local', `docker load failed: ${printable(stderr, 400)}`);
}

/** Why the engine did not answer, and what to do. Pure. */
export function engineFailure(stderr: string): Failure {
  const said = printable(stderr.trim(), 300);
  if (/config\.json|config file/i.test(stderr) && /pars|load|invalid character|unmarshal/i.test(stderr))
    return new Failure('local', `docker's config.json cannot be read. Mend or remove it. (${said})`);
  if (/permission denied/i.test(stderr))
    return new Failure(
      'local',
      `this user may not talk to the docker engine. Add it to the group 'docker', use rootless docker, or run as root. (${said})`,
    );
  return new Failure(
    'local',
    `the docker engine does not answer. Start it ('systemctl start docker'), check DOCKER_HOST and 'docker context show', or name a remote builder in input builder. (${said})`,
  );
}

/** Reads the answers of `docker version` and `docker info`; class local for what is none. Pure. */
export function parseEngine(version: string, driverStatus: string): Engine {
  const [asked, told] = ["what 'docker version' says", "what 'docker info' says"];
  try {
    const server = asObject(parseJson(Buffer.from(version), asked), asked);
    const [number, os, arch] = [server.Version, server.Os, server.Arch].map((part) => asText(part, asked));
    const status = asList(parseJson(Buffer.from(driverStatus), told) ?? [], told).map((pair) => asList(pair, told));
    return {
      version: number ?? '',
      platform: `${os}/${arch === 'arm' ? 'arm/v7' : arch}`,
      containerdStore: status.some(
        ([key, value]) => key === 'driver-type' && asText(value, told).startsWith('io.containerd.snapshotter'),
      ),
    };
  } catch (cause) {
    const message = `the docker engine does not answer as one does: ${toFailure(cause).message}. Check DOCKER_HOST and 'docker context show'`;
    throw new Failure('local', message, { cause });
  }
}
