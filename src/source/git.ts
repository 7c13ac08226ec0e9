import { chmod, mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Deps } from '../deps.js';
import { Failure } from '../errors.js';
import { RATE_LIMIT_SECONDS } from '../http/failure.js';
import { type Finished, childEnvironment, execute, probe } from '../process.js';
import { printable } from '../text.js';
import { ASKED_TOO_OFTEN, makeTransport } from './transport.js';
import { type Upstream, basicAuthorization } from './upstream.js';

const OLDEST_GIT = [2, 25] as const;
const LOCAL_DEADLINE_SECONDS = 60;
/**
 * Commits and tags alone are fetched: of the largest histories they fit, and a server that sends without end is cut off. So is one
 * that sends next to nothing for `stallSeconds`.
 */
const LIMITS = { memoryBytes: 2 * 2 ** 30, fileBytes: 512 * 2 ** 20, fetchSeconds: 300, stallSeconds: 20 };

/** What is fetched: commits alone, whole histories of them, or one commit with its trees. */
type Depth = 'commits' | 'trees';
const DEPTHS: Record<Depth, string[]> = {
  commits: ['--filter=tree:0'],
  trees: ['--depth=1', '--filter=blob:none'],
};

/** A temporary bare repository that knows one upstream, with an environment that nothing on the machine reaches into. */
export type Git = {
  /** Where it is. */
  folder: string;
  /** Fetches what refspecs and ids name, all of it as `depth` says. */
  fetch(depth: Depth, ...wanted: readonly string[]): Promise<Finished>;
  /** Asks what was fetched; never the network. */
  local(args: readonly string[]): Promise<Finished>;
  /** Asks for an object by id, from upstream if it is not here: `commit`, `tree`, `blob`, `tag`, or undefined. */
  typeOf(id: string): Promise<string | undefined>;
};

/** Refuses a git that lacks what resolving needs (partial clones over URLs, `init` options). */
export async function requireGit(deps: Pick<Deps, 'signal'>): Promise<void> {
  const found = /(\d+)\.(\d+)/.exec((await probe('git', ['--version'], deps)) ?? '');
  const wanted = OLDEST_GIT.join('.');
  if (found === null)
    throw new Failure('local', `git is not installed on this machine; version ${wanted} or newer is needed`);
  const [major, minor] = [Number(found[1]), Number(found[2])];
  if (major < OLDEST_GIT[0] || (major === OLDEST_GIT[0] && minor < OLDEST_GIT[1]))
    throw new Failure('local', `git ${found[0]} is too old; version ${wanted} or newer is needed`);
}

/** Makes the repository in `folder`, which may be there and has to be empty. `limits` are what git and upstream may take. */
export async function openGit(
  folder: string,
  upstream: Upstream,
  token: string | undefined,
  deps: Deps,
  limits = LIMITS,
): Promise<Git> {
  await mkdir(join(folder, 'home'), { recursive: true, mode: 0o700 });
  const scheme = upstream.origin.startsWith('http:') ? 'http' : 'https';
  const transport = await makeTransport(join(folder, 'bin'), scheme);
  const repository = join(folder, 'repository');
  const environment: Record<string, string> = {
    ...childEnvironment('git'),
    HOME: join(folder, 'home'),
    XDG_CONFIG_HOME: join(folder, 'home'),
    GIT_CONFIG_NOSYSTEM: '1',
    GIT_CONFIG_GLOBAL: '/dev/null',
    GIT_ATTR_NOSYSTEM: '1',
    GIT_TERMINAL_PROMPT: '0',
    GIT_ASKPASS: '/bin/false',
    SSH_ASKPASS: '/bin/false',
    GIT_OPTIONAL_LOCKS: '0',
    GIT_PROTOCOL_FROM_USER: '0',
  };
  const call = (args: readonly string[], deadlineSeconds: number, more: Record<string, string> = {}) =>
    execute(
      'git',
      ['-C', repository, ...args],
      {
        env: { ...environment, GIT_ALLOW_PROTOCOL: 'none', ...more },
        what: `git ${String(args[0])}`,
        deadlineSeconds,
        bounds: limits,
        overflow: 'verification', // what it prints is upstream's
      },
      deps,
    );

  await mkdir(repository, { mode: 0o700 });
  const made = await call(['init', '--quiet', '--bare', '--template='], LOCAL_DEADLINE_SECONDS);
  if (made.code !== 0) throw new Failure('local', `git init failed: ${printable(made.stderr)}`);
  // A file, not arguments: the token must not show in the list of processes.
  await chmod(join(repository, 'config'), 0o600);
  await writeFile(join(repository, 'config'), gitConfig(upstream, token, limits.stallSeconds));

  const local = (args: readonly string[]) => call(args, LOCAL_DEADLINE_SECONDS);
  const ask = (depth: Depth, ...wanted: readonly string[]) =>
    call(
      ['fetch', '--quiet', '--no-tags', ...DEPTHS[depth], transport.address(upstream), ...wanted],
      limits.fetchSeconds,
      transport.environment(environment),
    );
  return {
    folder,
    local,
    fetch: ask,
    typeOf: async (id) => {
      const fetched = await ask('commits', id); // git asks upstream for nothing that is here
      if (fetched.code !== 0 && !/not our ref|unadvertised object/.test(fetched.stderr))
        throw gitFailure(fetched.stderr, upstream, folder);
      const { code, stdout } = await local(['cat-file', '-t', id]);
      return code === 0 ? stdout.toString('latin1').trim() : undefined;
    },
  };
}

function gitConfig(upstream: Upstream, token: string | undefined, stallSeconds: number): string {
  const lines = [
    '[core]\n\trepositoryformatversion = 0\n\tbare = true\n\thooksPath = /dev/null',
    `[http]\n\tfollowRedirects = false\n\tlowSpeedLimit = 1024\n\tlowSpeedTime = ${stallSeconds}`,
    '[protocol]\n\tversion = 2',
    // One pack, one file, however few objects are in it; and no thread whose stack counts as memory.
    '[fetch]\n\tunpackLimit = 1',
    '[pack]\n\tthreads = 1',
    '[gc]\n\tauto = 0',
    '[maintenance]\n\tauto = false',
    '[credential]\n\thelper =',
    '[advice]\n\tobjectNameWarning = false',
  ];
  // As http-client, docker and skopeo have it: loopback is asked without a proxy.
  if (upstream.origin.startsWith('http:')) lines.push(`[http "${upstream.origin}/"]\n\tproxy = ""`);
  if (token !== undefined)
    lines.push(`[http "${upstream.origin}/"]\n\textraHeader = "Authorization: ${basicAuthorization(token)}"`);
  return `${lines.join('\n')}\n`;
}

/** What it means that `git fetch` into a folder failed, from what it says; the exit code has decided that it did. */
export function gitFailure(stderr: string, upstream: Upstream, folder: string): Failure {
  const said = `git fetch from ${upstream.url} failed: ${printable(stderr.trim(), 400)}`;
  if (/SHA-?1 (appears|collision)|collision (attack|detected)|SHA1 COLLISION/i.test(stderr))
    return new Failure(
      'verification',
      `git found a SHA-1 collision in what ${upstream.url} serves: this is an attack. ${said}`,
    );
  // Of an index-pack that ran into the bound of files nobody hears a word.
  if (
    /Out of memory|mmap failed|cannot allocate memory|^fatal: fetch-pack: invalid index-pack output\s*$/i.test(stderr)
  )
    return new Failure(
      'verification',
      `${upstream.url} sends more than a history of commits and tags may have. Check that it is the repository you mean. ${said}`,
    );
  if (stderr.includes(ASKED_TOO_OFTEN))
    return new Failure(
      'verification',
      `${upstream.url} answers so that git asks it again and again. Check that it is the repository you mean. ${said}`,
    );
  if (/^fatal: cannot exec /m.test(stderr))
    return new Failure(
      'local',
      `git has to run a program in ${printable(folder, 1_000)}, where this machine runs none (mount option noexec). Set RUNNER_TEMP to a folder elsewhere, or TMPDIR for the command line. ${said}`,
    );
  if (/certificate verif|SSL certificate|certificate subject name|setting certificate|SSL CA cert/i.test(stderr))
    return new Failure(
      'local',
      `git does not trust the certificate of ${upstream.origin}, and does not read NODE_EXTRA_CA_CERTS. Behind a proxy that opens TLS, add the proxy's certificate to the system's ('update-ca-certificates'), or set GIT_SSL_CAINFO to it; verification is never switched off. ${said}`,
    );
  if (/No space left on device|Disk quota exceeded/.test(stderr))
    return new Failure(
      'local',
      `no space left for git's objects in ${printable(folder, 1_000)}. Free some disk space and run again. ${said}`,
    );
  if (stderr.includes('returned error: 429'))
    return new Failure('rate-limit', said, { retryAfterSeconds: RATE_LIMIT_SECONDS });
  if (/returned error: 40[13]|Authentication failed|could not read Username/.test(stderr))
    return new Failure('auth', said);
  if (/returned error: (404|410|451|30\d)|not found/.test(stderr)) return new Failure('not-found', said);
  if (
    /(corrupt|bad object|hash mismatch|index-pack failed|fsck error)/i.test(stderr) &&
    !/RPC failed|early EOF|disconnect/.test(stderr)
  )
    return new Failure('verification', said);
  return new Failure('transient', said);
}
