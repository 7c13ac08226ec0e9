import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Deps } from '../deps.js';
import { Failure } from '../errors.js';
import { type Digest, digestOf } from '../hash.js';
import { childEnvironment, execute } from '../process.js';
import { printable } from '../text.js';
import { isLoopback, registryOf } from './reference.js';

const READ_DEADLINE_SECONDS = 60;
const COPY_DEADLINE_SECONDS = 600;

/** What it means that a registry's client failed, from what it says; its exit code has decided that it did. Pure. */
export function registryFailure(stderr: string, what: string, registry: string): Failure {
  const said = printable(lastLine(stderr), 500);
  if (isAbsent(stderr))
    return new Failure('not-found', `${what}: the registry has no such image. Check the name. (${said})`);
  if (/toomanyrequests|too many requests|rate limit|\b429\b/i.test(stderr))
    return new Failure(
      'rate-limit',
      `${what}: ${registry} limits how often this machine may ask. Log in with 'docker login ${registry}', or come back later. (${said})`,
    );
  // Before the login: docker goes on with a warning when its configuration is broken, and is then refused.
  if (/parsing config file|(reading|unmarshaling) JSON|getting (credentials|username and password)/i.test(stderr))
    return new Failure(
      'local',
      `${what}: docker's config.json or its credential helper cannot be used. Mend or remove it. (${said})`,
    );
  if (/unauthorized|authentication required|denied|forbidden|\b40[13]\b/i.test(stderr))
    return new Failure(
      'auth',
      `${what}: ${registry} refuses access. Log in with 'docker login ${registry}'; on GitHub the job may lack 'packages: write'. (${said})`,
    );
  if (/no space left/i.test(stderr)) return new Failure('local', `${what}: no space left on this machine. (${said})`);
  return new Failure('transient', `${what}: ${registry} did not do it. (${said})`);
}

function isAbsent(stderr: string): boolean {
  // A credential helper that is missing says `executable file not found`.
  return /manifest unknown|name unknown|(?<!executable file )not found|repository name not known/i.test(stderr);
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
  /** Downloads an image or artifact with all its children into an OCI layout in `folder`. */
  fetch(reference: string, folder: string): Promise<void>;
  /** Gives a list of manifests, which the repository holds, a tag: descriptors as they are, whatever they are of. */
  list(descriptors: readonly unknown[], target: string): Promise<void>;
  /** Gives what `source` (`repository@digest`) names another name in the same repository. */
  tag(source: string, target: string): Promise<void>;
};

/** skopeo's view of the registry that holds `repository`. */
export function openRegistry(repository: string, deps: Deps): Registry {
  const verify = String(!isLoopback(repository));
  const registry = registryOf(repository);
  const skopeo = (args: readonly string[], what: string, deadlineSeconds: number, cwd = deps.temp) =>
    execute('skopeo', args, { env: childEnvironment('docker'), what, deadlineSeconds, cwd }, deps);
  const copy = async (source: string, target: string, cwd?: string) => {
    const what = target.startsWith('docker:') ? `copying to ${target.slice('docker://'.length)}` : `reading ${source}`;
    const flags = ['--all', '--preserve-digests'];
    if (source.startsWith('docker:')) flags.push(`--src-tls-verify=${verify}`);
    if (target.startsWith('docker:')) flags.push(`--dest-tls-verify=${verify}`);
    const { code, stderr } = await skopeo(['copy', ...flags, source, target], what, COPY_DEADLINE_SECONDS, cwd);
    if (code !== 0) throw registryFailure(stderr, what, registry);
  };
  return {
    read: async (reference) => {
      const { code, stdout, stderr } = await skopeo(
        ['inspect', '--raw', `--tls-verify=${verify}`, `docker://${reference}`],
        `reading ${reference}`,
        READ_DEADLINE_SECONDS,
      );
      if (code === 0) return stdout;
      if (isAbsent(stderr)) return undefined;
      throw registryFailure(stderr, `reading ${reference}`, registry);
    },
    // skopeo splits `oci:PATH` at colons, so the path is always that of the working folder.
    send: (layout, target) => copy('oci:.', `docker://${target}`, layout),
    fetch: (reference, folder) => copy(`docker://${reference}`, 'oci:.', folder),
    // skopeo writes no list whose descriptors have members that it does not know, such as artifactType.
    list: async (descriptors, target) => {
      const folder = await mkdtemp(join(deps.temp, 'list-'));
      const files = descriptors.map((descriptor, index) => ({
        file: `${index}.json`,
        text: JSON.stringify(descriptor),
      }));
      for (const { file, text } of files) await writeFile(join(folder, file), text);
      const flags = files.flatMap(({ file }) => ['--file', file]);
      const what = `copying to ${target}`;
      const { code, stderr } = await execute(
        'docker',
        ['buildx', 'imagetools', 'create', '--tag', target, ...flags],
        { env: childEnvironment('docker'), what, deadlineSeconds: READ_DEADLINE_SECONDS, cwd: folder },
        deps,
      );
      await rm(folder, { recursive: true });
      if (code !== 0) throw registryFailure(stderr, what, registry);
    },
    tag: (source, target) => copy(`docker://${source}`, `docker://${target}`),
  };
}

/** The digest a reference has in its registry, or undefined. */
export async function readDigest(registry: Registry, reference: string): Promise<Digest | undefined> {
  const bytes = await registry.read(reference);
  return bytes === undefined ? undefined : digestOf(bytes);
}
