import { createHash } from 'node:crypto';
import { existsSync } from 'node:fs';
import { chmod, link, mkdir, readFile, rename, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { cached } from './cache.js';
import { CERTIFICATES, bootstrap } from './debian.js';
import { run, succeeds } from './exec.js';
import { type Image, type Platform, pushLayout, writeLayout } from './layout.js';
import { install, nativeArchitecture, sidDepends, unpackInto } from './packages.js';

/** References of the two images that a build starts from. */
export type Bases = { readonly rust: string; readonly shell: string };

const NAMES = { rust: 'library/rust:1.95.0-slim-trixie', shell: 'library/busybox:1.37.0-musl' } as const;
const PROBE_TIMEOUT_MS = 8_000;
const SYSTEM_PATH = '/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin';

type Target = { readonly debian: string; readonly gnu: string; readonly rust: string; readonly platform: Platform };

const TARGETS: readonly Target[] = [
  {
    debian: 'amd64',
    gnu: 'x86_64-linux-gnu',
    rust: 'x86_64-unknown-linux-gnu',
    platform: { os: 'linux', architecture: 'amd64' },
  },
  {
    debian: 'arm64',
    gnu: 'aarch64-linux-gnu',
    rust: 'aarch64-unknown-linux-gnu',
    platform: { os: 'linux', architecture: 'arm64', variant: 'v8' },
  },
  {
    debian: 'armhf',
    gnu: 'arm-linux-gnueabihf',
    rust: 'armv7-unknown-linux-gnueabihf',
    platform: { os: 'linux', architecture: 'arm', variant: 'v7' },
  },
];

/** The official images if their registry answers, else stand-ins with the same layout, to be pushed. Needs no engine. */
export async function prepareBases(): Promise<(host: string) => Promise<Bases>> {
  await install({ skopeo: 'skopeo' });
  const official = { rust: `docker.io/${NAMES.rust}`, shell: `docker.io/${NAMES.shell}` };
  const probe = ['inspect', '--raw', `docker://${official.rust}`];
  if (await succeeds('skopeo', probe, { timeoutMs: PROBE_TIMEOUT_MS })) return () => Promise.resolve(official);
  const layouts = { rust: await rustLayout(), shell: await shellLayout() };
  return async (host) => {
    const bases = { rust: `${host}/${NAMES.rust}`, shell: `${host}/${NAMES.shell}` };
    await pushLayout(layouts.shell, bases.shell);
    await pushLayout(layouts.rust, bases.rust);
    return bases;
  };
}

/**
 * A rust image whose compiler runs on arm64 alone, pushed to the registry `host`: the official one, which has all, if its
 * registry answers, else a stand-in. Needs emulation where the machine is another.
 */
export async function pushArm64Rust(host: string): Promise<string> {
  const { rust } = await (await prepareBases())(host);
  if (!rust.startsWith(host)) return rust;
  const reference = `${host}/emulated/${NAMES.rust}`;
  await pushLayout(await rustLayout('arm64'), reference);
  return reference;
}

const FOLDERS = ['bin', 'etc', 'home', 'root', 'tmp', 'var'];

/** Debian's static busybox on scratch, its applets as hard links: as in the official image. */
async function shellLayout(): Promise<string> {
  return await cached('busybox', ['v1', TARGETS], async (dir) => {
    await install({ zstd: 'zstd' });
    const images: Image[] = [];
    let applets: string[] = [];
    for (const { debian, platform } of TARGETS) {
      const root = join(dir, debian);
      await unpackInto(root, [{ name: `busybox-static:${debian}`, from: 'sid' }]);
      for (const folder of FOLDERS) await mkdir(join(root, folder), { recursive: true });
      await chmod(join(root, 'tmp'), 0o1777);
      const busybox = join(root, 'bin', 'busybox');
      await rename(join(root, 'usr/bin/busybox'), busybox);
      if (debian === (await nativeArchitecture())) applets = (await run(busybox, ['--list'])).trim().split('\n');
      await writeFile(
        join(root, 'etc/passwd'),
        'root:x:0:0:root:/root:/bin/sh\nnobody:x:65534:65534:nobody:/home:/bin/false\n',
      );
      await writeFile(join(root, 'etc/group'), 'root:x:0:\nnobody:x:65534:\n');
      images.push({ root, platform, config: { Env: [`PATH=${SYSTEM_PATH}`], Cmd: ['sh'] } });
    }
    for (const { root } of images) {
      for (const applet of applets.filter((each) => each !== 'busybox')) {
        await link(join(root, 'bin/busybox'), join(root, 'bin', applet));
      }
    }
    await writeLayout(dir, images);
  });
}

/**
 * sid's rustc laid out like the official slim image. The image of one architecture is complete, by default this machine's; the
 * others hold what a cross-compilation reads from them: std, libc, gcc's start files, licences.
 */
async function rustLayout(complete?: string): Promise<string> {
  const trusted = existsSync(CERTIFICATES) ? await readFile(CERTIFICATES) : '';
  const own = complete ?? (await nativeArchitecture());
  const recipe = ['v1', own, TARGETS, LAY_OUT, createHash('sha256').update(trusted).digest('hex')];
  return await cached('rust', recipe, async (dir) => {
    await install({ zstd: 'zstd' });
    const roots = TARGETS.map(({ debian }) => join(dir, debian));
    const work = TARGETS.map(async ({ debian }) => {
      const root = join(dir, debian);
      await mkdir(root);
      await (debian === own ? bootstrap(root, await compilerPackages(), own) : extract(root, debian));
    });
    await Promise.allSettled(work); // nothing is cleared away under one that still writes
    await Promise.all(work);
    const version = /(\d+\.\d+\.\d+)/.exec(await run('chroot', [join(dir, own), 'rustc', '--version']))?.[1] ?? '';
    for (const [index, { gnu, rust }] of TARGETS.entries()) {
      await run('sh', ['-euc', LAY_OUT, 'sh', roots[index] ?? '', rust, gnu, version]);
    }
    const env = ['RUSTUP_HOME=/usr/local/rustup', 'CARGO_HOME=/usr/local/cargo', `RUST_VERSION=${version}`];
    const config = { Env: [...env, `PATH=/usr/local/cargo/bin:${SYSTEM_PATH}`], Cmd: ['bash'] };
    await writeLayout(
      dir,
      TARGETS.map(({ platform }, index) => ({ platform, root: roots[index] ?? '', config })),
    );
  });
}

async function compilerPackages(): Promise<string[]> {
  // rust-llvm names the lld that has the same LLVM as rustc: another one would bring a second LLVM
  const lld = /\blld-\d+/.exec(await sidDepends('rust-llvm'))?.[0] ?? 'lld';
  return ['rustc', 'cargo', 'gcc', 'libc6-dev', lld];
}

async function extract(root: string, architecture: string): Promise<void> {
  const gcc = /\bgcc-(\d+)/.exec(await sidDepends('gcc'))?.[1] ?? '';
  const names = [
    'base-files',
    'libc6',
    'libc6-dev',
    `libgcc-${gcc}-dev`,
    'libgcc-s1',
    `gcc-${gcc}-base`,
    'libstd-rust-dev',
  ];
  const packages = names.map((name) => ({ name: `${name}:${architecture}`, from: 'sid' }) as const);
  await unpackInto(root, packages);
}

// $1 root, $2 rust's name of the platform, $3 gcc's, $4 rustc's version
const LAY_OUT = `
cd "$1"
toolchain=usr/local/rustup/toolchains/$4-$2
mkdir -p $toolchain/bin $toolchain/lib usr/local/cargo/bin
mv usr/lib/rustlib $toolchain/lib/
if [ -e usr/bin/rustc ]; then
  for program in rustc rustdoc cargo; do
    mv usr/bin/$program $toolchain/bin/
    ln -s /$toolchain/bin/$program usr/local/cargo/bin/$program
  done
  mv usr/lib/$3/librustc_driver-* $toolchain/lib/
  echo /$toolchain/lib > etc/ld.so.conf.d/rust.conf
  chroot . /sbin/ldconfig # the root's own: another one takes no library of this architecture
  mkdir -p $toolchain/lib/rustlib/$2/bin
  cp usr/lib/llvm-*/bin/lld $toolchain/lib/rustlib/$2/bin/rust-lld
fi
rm -rf var/cache/* var/lib/apt/lists/* usr/bin/*lto-dump* usr/libexec/gcc/*/*/lto1
rm -f usr/lib/gcc/*/*/lib*san.a usr/lib/*/lib*san.so.* usr/lib/gcc/*/*/lib*san*.o
find usr/share/doc -type f ! -name copyright -delete`;
