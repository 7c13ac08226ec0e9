import { copyFile, mkdir, writeFile } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { cached } from '../test/lab/cache.js';
import { bootstrap } from '../test/lab/debian.js';
import { run } from '../test/lab/exec.js';

/** Folders with `client` and `server` of phantun, as others build them; the native one has the libc of its Debian in `lib`. */
export type Rivals = { readonly native: string; readonly musl: string };

const HOUR_MS = 3_600_000;

// libunwind comes with rustup's musl target only; libgcc's does the same here.
const BUILD = `
export CARGO_HOME=/cargo RUSTC_BOOTSTRAP=1 CARGO_BUILD_JOBS=2
musl=$(rustc -vV | sed -n 's/^host: \\(.*\\)-gnu$/\\1-musl/p')
libc=$(dirname /usr/lib/*-linux-musl/libc.a)
cp "$(gcc -print-file-name=libgcc_eh.a)" "$libc/libunwind.a"
# glibc's libgcc asks for this function, which musl has not: nothing is found by it, so a panic would end the program at once
echo 'int _dl_find_object(void *address, void *result) { return -1; }' | gcc -c -x c - -o /missing.o
ar r "$libc/libunwind.a" /missing.o
cd /phantun
cargo build --quiet --locked --release --bins --target-dir /native
flags="-Clink-self-contained=no -Ctarget-feature=+crt-static -Clinker=musl-gcc -Lnative=$libc"
RUSTFLAGS="$flags" cargo build --quiet --locked --release --bins --target-dir /musl --target "$musl" \\
  -Zbuild-std=std,panic_unwind
for program in client server; do
  install -D "/native/release/$program" "/out/native/$program"
  install -D "/musl/$musl/release/$program" "/out/musl/$program"
done
mkdir /out/native/lib
ldd /out/native/client | sed -n 's/^[^/]*\\(\\/[^ ]*\\).*/\\1/p' | xargs cp -L -t /out/native/lib
mv /out/native/lib/ld-linux* /out/native/lib/ld.so`;

/**
 * Builds the workspace at `source` in a Debian, by cargo's release profile as upstream has it: dynamically linked with glibc, and
 * statically with musl, whose std is compiled from Rust's sources. Kept in the cache, as the source is.
 */
export async function buildRivals(source: string): Promise<Rivals> {
  const folder = await cached('rivals', ['v1', BUILD, basename(source)], async (dir) => {
    const root = join(dir, 'root');
    await mkdir(root);
    await bootstrap(root, ['rustc', 'cargo', 'gcc', 'libc6-dev', 'rust-src', 'musl-tools', 'musl-dev']);
    await copyFile('/etc/resolv.conf', join(root, 'etc/resolv.conf'));
    await run('cp', ['-r', source, join(root, 'phantun')]);
    await writeFile(join(root, 'build.sh'), BUILD);
    await run('chroot', [root, 'sh', '-eu', '/build.sh'], { timeoutMs: HOUR_MS });
    await run('mv', [join(root, 'out', 'native'), join(root, 'out', 'musl'), dir]);
    await run('rm', ['-r', root]);
  });
  return { native: join(folder, 'native'), musl: join(folder, 'musl') };
}
