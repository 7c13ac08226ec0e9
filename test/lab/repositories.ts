import { mkdir, readFile, readdir, rm, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { type Environment, run } from './exec.js';
import { cached } from './cache.js';
import type { Lab } from './lab.js';
import type { Content, Repository } from './repository.js';

const TINY = join(dirname(fileURLToPath(import.meta.url)), 'tiny');

/** The version that the tiny workspace's programs say they have. */
export const TINY_VERSION = '0.9.9';

/** The files of a workspace shaped like phantun's that has no dependencies and compiles in seconds: see test/lab/tiny. */
export async function tinyWorkspace(): Promise<Record<string, Content>> {
  const files: Record<string, Content> = {};
  for (const entry of await readdir(TINY, { recursive: true, withFileTypes: true })) {
    const file = join(entry.parentPath, entry.name);
    const path = file.slice(TINY.length + 1);
    if (entry.isFile())
      files[path] = path.endsWith('.sh') ? { executable: await readFile(file) } : await readFile(file);
  }
  return files;
}

/** The crates' versions, and the time that their commit gets, in seconds since 1970: that of upstream's newest known commit. */
export const PHANTUN = { version: '0.8.1', fakeTcp: '0.7.1', time: 1_759_768_158 } as const;

/** Phantun itself as a repository of a lab's upstream, with the tag of its release. */
export async function addPhantun({
  upstream,
  bases,
  env,
}: Pick<Lab, 'upstream' | 'bases' | 'env'>): Promise<Repository> {
  const files = await phantunWorkspace(bases.rust, env);
  const repository = await upstream.addRepository('dndx', 'phantun', files, { time: PHANTUN.time });
  await repository.setRef(`refs/tags/v${PHANTUN.version}`, repository.commit);
  return repository;
}

/**
 * A folder with phantun's workspace, put together from the crates `phantun` and `fake-tcp` as they were published: cargo
 * downloads them in the image `rust`, built with the engine of `env`, and checks them against its registry's index. Kept in the
 * cache.
 */
export async function phantunWorkspace(rust: string, env: Environment): Promise<string> {
  return await cached('phantun', [PHANTUN, ROOT_MANIFEST, LOCKED_FAKE_TCP.source], async (dir) => {
    const crates = { phantun: PHANTUN.version, 'fake-tcp': PHANTUN.fakeTcp };
    const fetched = join(dir, '.crates');
    const commands = Object.entries(crates).map(([name, version]) => `cargo info --quiet ${name}@${version}`);
    const get = `FROM ${rust} AS get\nRUN ${commands.join(' && ')} && mkdir /crates && cp $CARGO_HOME/registry/cache/*/*.crate /crates\n`;
    const dockerfile = `${get}FROM scratch\nCOPY --from=get /crates /\n`;
    await run('docker', ['buildx', 'build', '--quiet', '--output', fetched, '-'], {
      env: { ...process.env, ...env },
      input: dockerfile,
    });
    for (const [name, version] of Object.entries(crates)) {
      await mkdir(join(dir, name));
      const file = join(fetched, `${name}-${version}.crate`);
      await run('tar', ['-C', join(dir, name), '--strip-components=1', '--exclude=*.orig', '-xzf', file]);
    }
    await rm(fetched, { recursive: true });
    const read = async (path: string) => await readFile(join(dir, path), 'utf8');
    const lock = (await read('phantun/Cargo.lock')).replace(LOCKED_FAKE_TCP, '$1');
    await writeFile(join(dir, 'Cargo.lock'), lock);
    await writeFile(join(dir, 'Cargo.toml'), ROOT_MANIFEST);
    for (const file of ['README.md', 'LICENSE-MIT', 'LICENSE-APACHE']) {
      await writeFile(join(dir, file), await read(`phantun/${file}`));
    }
    for (const name of Object.keys(crates)) await rm(join(dir, name, 'Cargo.lock'));
  });
}

const ROOT_MANIFEST = `[workspace]
members = ["fake-tcp", "phantun"]
resolver = "3"

[patch.crates-io]
fake-tcp = { path = "fake-tcp" }
`;

// As a member of the workspace fake-tcp has no registry and no checksum in the lock.
const LOCKED_FAKE_TCP = /(name = "fake-tcp"\nversion = "[^"]+"\n)source = .*\nchecksum = .*\n/;
