import { mkdtemp, rm } from 'node:fs/promises';
import { join } from 'node:path';
import type { Deps } from '../deps.js';
import { Failure } from '../errors.js';
import { writeOut } from '../files.js';
import { type Digest, digestOf } from '../hash.js';
import { type ExecuteOptions, childEnvironment, execute } from '../process.js';
import { printable } from '../text.js';
import { withAskedWait } from './askedWait.js';
import { isLoopback, parseReference, registryOf } from './reference.js';

/** How long a registry may take. */
const DEADLINES = { readSeconds: 60, copySeconds: 600 };

/**
 * What it means that a registry's client failed, from what it says; its exit code has decided that it did. `asked` are the
 * references it was asked for, or the repository. Pure.
 */
export function registryFailure(stderr: string, what: string, ...asked: [string, ...string[]]): Failure {
  const said = printable(lastLine(stderr), 500);
  const registry = registryOf(asked[0]);
  const words = withoutNames(stderr, asked);
  if (isAbsent(words))
    return new Failure('not-found', `${what}: the registry has no such image. Check the name. (${said})`);
  if (/toomanyrequests|too many requests|rate limit|\b429\b/i.test(words))
    return new Failure(
      'rate-limit',
      `${what}: ${registry} limits how often this machine may ask. Log in with 'docker login ${registry}', or come back later. (${said})`,
    );
  if (/loading trust policy|policy\.json/i.test(words))
    return new Failure(
      'local',
      `${what}: skopeo copies nothing without a policy, and there is none here that it can read. Install containers-common (on Debian golang-github-containers-common), or write /etc/containers/policy.json. (${said})`,
    );
  // Before the login: docker goes on with a warning when its configuration is broken, and is then refused.
  if (/parsing config file|(reading|unmarshaling) JSON|getting (credentials|username and password)/i.test(words))
    return new Failure(
      'local',
      `${what}: docker's config.json or its credential helper cannot be used. Mend or remove it. (${said})`,
    );
  if (/unauthorized|authentication required|denied|forbidden|\b40[13]\b/i.test(words))
    return new Failure(
      'auth',
      `${what}: ${registry} refuses access. Log in with 'docker login ${registry}'; on GitHub the job may lack 'packages: write'. (${said})`,
    );
  if (/file too large/i.test(words))
    return new Failure(
      'verification',
      `${what}: ${registry} sends a file that is larger than any part of this may be. Check the name, and who published it. (${said})`,
    );
  if (/no space left/i.test(words)) return new Failure('local', `${what}: no space left on this machine. (${said})`);
  return new Failure('transient', `${what}: ${registry} did not do it. (${said})`);
}

/** Whether there is no such image, from what a client says but for names. */
function isAbsent(words: string): boolean {
  // A credential helper that is missing says `executable file not found`.
  return /(manifest|blob|name) unknown|(?<!executable file )not found|repository name not known/i.test(words);
}

/** What a client says but for addresses and for the names that it was asked for: a tag may be `1.0-429`, a repository `denied`. */
function withoutNames(said: string, names: readonly string[]): string {
  const parts = names.flatMap((name) => {
    const reference = parseReference(name);
    const repository = reference?.repository ?? name;
    const ids = [reference?.tag, reference?.digest].filter((id) => id !== undefined);
    const path = repository.slice(repository.indexOf('/') + 1);
    const manifests = ids.flatMap((id) => [`manifest ${id} in `, `manifest ${id} to `]);
    return [name, repository, registryOf(repository), `repository ${path}:`, ...manifests];
  });
  // The longest first: one may be part of another.
  const longest = parts.sort((a, b) => b.length - a.length);
  return longest.reduce((rest, part) => rest.replaceAll(part, ' '), said.replace(/\b[a-z]+:\/\/[^\s"]+/g, ' '));
}

function lastLine(text: string): string {
  return text.trim().split('\n').at(-1) ?? '';
}

/** A registry, spoken to through skopeo. Plain http is spoken to loopback addresses only, as docker does. */
export type Registry = {
  /** The bytes of the manifest that a tag or a digest names; undefined when there is none. */
  read(reference: string): Promise<Buffer | undefined>;
  /** Sends the one manifest or index of an OCI layout, with all its children, to `repository@digest`; no byte of it changes. */
  send(layout: string, target: string): Promise<void>;
  /**
   * Downloads an image or artifact with all its children into an OCI layout in `folder`. None of its files may have more than
   * `fileBytes`, whatever size it is said to have: class verification.
   */
  fetch(reference: string, folder: string, fileBytes: number): Promise<void>;
  /** Gives a list of manifests, which the repository holds, a tag: descriptors as they are, whatever they are of. */
  list(descriptors: readonly unknown[], target: string): Promise<void>;
  /** Gives what `source` (`repository@digest`) names another name in the same repository. */
  tag(source: string, target: string): Promise<void>;
};

/** skopeo's view of the registry that holds `repository`, within deadlines. */
export function openRegistry(repository: string, deps: Deps, deadlines = DEADLINES): Registry {
  const verify = String(!isLoopback(repository));
  const skopeo = (args: readonly string[], options: Omit<ExecuteOptions, 'env'>) =>
    execute('skopeo', args, { env: childEnvironment('docker'), cwd: deps.temp, ...options }, deps);
  const copy = async (source: string, target: string, options: Pick<ExecuteOptions, 'cwd' | 'bounds'> = {}) => {
    const what = target.startsWith('docker:') ? `copying to ${target.slice('docker://'.length)}` : `reading ${source}`;
    const flags = ['--all', '--preserve-digests'];
    if (source.startsWith('docker:')) flags.push(`--src-tls-verify=${verify}`);
    if (target.startsWith('docker:')) flags.push(`--dest-tls-verify=${verify}`);
    const { code, stderr } = await skopeo(['copy', ...flags, source, target], {
      what,
      deadlineSeconds: deadlines.copySeconds,
      ...options,
    });
    const [first = repository, ...others] = [target, source]
      .filter((name) => name.startsWith('docker:'))
      .map((name) => name.slice('docker://'.length));
    if (code === 0) return;
    const failure = registryFailure(stderr, what, first, ...others);
    throw target.startsWith('docker:') ? await withAskedWait(failure, repository, deps) : failure;
  };
  return {
    read: async (reference) => {
      const what = `reading ${reference}`;
      const { code, stdout, stderr } = await skopeo(
        ['inspect', '--raw', `--tls-verify=${verify}`, `docker://${reference}`],
        { what, deadlineSeconds: deadlines.readSeconds },
      );
      if (code === 0) return stdout;
      const failure = registryFailure(stderr, what, reference);
      if (failure.kind === 'not-found') return undefined;
      throw failure;
    },
    // skopeo splits `oci:PATH` at colons, so the path is always that of the working folder.
    send: (layout, target) => copy('oci:.', `docker://${target}`, { cwd: layout }),
    // It writes a blob to its end before it compares.
    fetch: (reference, folder, fileBytes) =>
      copy(`docker://${reference}`, 'oci:.', { cwd: folder, bounds: { fileBytes } }),
    // skopeo writes no list whose descriptors have members that it does not know, such as artifactType.
    list: async (descriptors, target) => {
      const folder = await mkdtemp(join(deps.temp, 'list-'));
      const files = descriptors.map((descriptor, index) => ({
        file: `${index}.json`,
        text: JSON.stringify(descriptor),
      }));
      for (const { file, text } of files) await writeOut(join(folder, file), text);
      const flags = files.flatMap(({ file }) => ['--file', file]);
      const what = `copying to ${target}`;
      const { code, stderr } = await execute(
        'docker',
        ['buildx', 'imagetools', 'create', '--tag', target, ...flags],
        { env: childEnvironment('docker'), what, deadlineSeconds: deadlines.readSeconds, cwd: folder },
        deps,
      );
      await rm(folder, { recursive: true });
      if (code !== 0) throw await withAskedWait(registryFailure(stderr, what, target), repository, deps);
    },
    tag: (source, target) => copy(`docker://${source}`, `docker://${target}`),
  };
}

/** The digest a reference has in its registry, or undefined. */
export async function readDigest(registry: Registry, reference: string): Promise<Digest | undefined> {
  const bytes = await registry.read(reference);
  return bytes === undefined ? undefined : digestOf(bytes);
}
