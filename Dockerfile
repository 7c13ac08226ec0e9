# The two programs of phantun, statically linked, a shell that starts one of them, their licences: nothing else.

ARG RUST_IMAGE=docker.io/library/rust:1.95.0-slim-trixie
ARG SHELL_IMAGE=docker.io/library/busybox:1.37.0-musl
ARG PHANTUN_OWNER=dndx
ARG PHANTUN_REPO=phantun
ARG PHANTUN_UPSTREAM=https://github.com/${PHANTUN_OWNER}/${PHANTUN_REPO}
ARG PHANTUN_COMMIT
ARG PHANTUN_TARBALL_SHA256


# Without a SHA256: git brings PHANTUN_COMMIT, or else HEAD.
FROM scratch AS tree
ARG PHANTUN_UPSTREAM PHANTUN_COMMIT
ADD ${PHANTUN_UPSTREAM}.git#${PHANTUN_COMMIT} /

# With a SHA256: the archive of PHANTUN_COMMIT …
# (`--check` wants a digest in a stage that is not used, too: that of no bytes.)
FROM scratch AS commit-archive
ARG PHANTUN_UPSTREAM PHANTUN_COMMIT
ARG PHANTUN_TARBALL_SHA256=e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855
ADD --checksum=sha256:${PHANTUN_TARBALL_SHA256} ${PHANTUN_UPSTREAM}/archive/${PHANTUN_COMMIT}.tar.gz /phantun.tar.gz

# … or that of HEAD. busybox's wget does not check certificates; the SHA256 makes up for it.
FROM --platform=$BUILDPLATFORM ${SHELL_IMAGE} AS archive
ARG PHANTUN_UPSTREAM PHANTUN_TARBALL_SHA256
ADD ${PHANTUN_UPSTREAM}.git/info/refs?service=git-upload-pack /refs
RUN head=$(sed -n 's/.*\([0-9a-f]\{40\}\) HEAD.*/\1/p' /refs) \
 && wget -q -O /phantun.tar.gz "${PHANTUN_UPSTREAM}/archive/${head}.tar.gz" \
 && echo "${PHANTUN_TARBALL_SHA256}  /phantun.tar.gz" > /SHA256SUMS \
 && sha256sum -c /SHA256SUMS

FROM ${PHANTUN_COMMIT:+commit-}archive AS verified-archive

FROM --platform=$BUILDPLATFORM ${SHELL_IMAGE} AS unpacked
RUN --mount=type=bind,from=verified-archive,target=/archive \
    mkdir /tree && tar -xzf /archive/phantun.tar.gz -C /tree --strip-components=1

FROM scratch AS archive-tree
COPY --from=unpacked /tree/ /

# The action puts a tree that it has verified here instead: --build-context source=DIR.
FROM ${PHANTUN_TARBALL_SHA256:+archive-}tree AS source


# Of these two only files are taken, for any platform without an emulator: std and libc to link with, and the shell.
FROM ${RUST_IMAGE} AS target
FROM ${SHELL_IMAGE} AS shell

# Every crate that Cargo.lock names, as the registry serves it. To build without a network, put an evidence bundle's crates
# here instead: --build-context crates=DIR.
# cargo is run from / throughout: it and rustup then read no configuration that the source may bring.
FROM --platform=$BUILDPLATFORM ${RUST_IMAGE} AS fetch
ENV CARGO_NET_RETRY=10
SHELL ["/bin/bash", "-euo", "pipefail", "-c"]
RUN --mount=type=bind,from=source,target=/source <<'EOF'
[ -e /source/Cargo.lock ] || {
  echo >&2 'This commit has no Cargo.lock, so its dependencies are not pinned. phantun has one since 869c794 (2025-03-14).'
  exit 1
}
cargo fetch --locked --manifest-path /source/Cargo.toml
mkdir /crates
[ ! -d "$CARGO_HOME/registry" ] || find "$CARGO_HOME/registry" -name '*.crate' -exec mv -t /crates {} +
EOF

FROM scratch AS crates
COPY --from=fetch /crates/ /

# The crates unpacked: exactly those of Cargo.lock, each with the hash that stands there, which cargo compares once more.
FROM --platform=$BUILDPLATFORM ${RUST_IMAGE} AS vendored
ENV LC_ALL=C
SHELL ["/bin/bash", "-euo", "pipefail", "-c"]
RUN --network=none \
    --mount=type=bind,from=source,target=/source \
    --mount=type=bind,from=crates,target=/crates <<'EOF'
if grep '^source = ' /source/Cargo.lock | grep -v '"registry+https://github.com/rust-lang/crates.io-index"'; then
  echo >&2 'Cargo.lock names the source above. Only crates of crates.io have a hash there, so nothing else is built.'
  exit 1
fi
mkdir /vendor
awk -F '"' '/^name = /{n=$2} /^version = /{v=$2} /^checksum = /{print $2 "  " n "-" v ".crate"}' /source/Cargo.lock > /sums
cd /crates
[ ! -s /sums ] || sha256sum --check --strict --quiet /sums
while read -r hash file; do
  crate=${file%.crate}
  tar -xzf "$file" -C /vendor --no-same-owner "$crate"
  echo "{\"files\":{},\"package\":\"$hash\"}" > "/vendor/$crate/.cargo-checksum.json"
done < /sums
cat > "$CARGO_HOME/config.toml" <<TOML
source.crates-io.replace-with = "vendored"
source.vendored.directory = "/vendor"
TOML
EOF


# Which platform's compiler builds for a platform: a builder of several nodes may give it another one.
FROM scratch AS build-platform
ARG BUILDPLATFORM
COPY <<EOF /build-platform
$BUILDPLATFORM
EOF


# What an SBOM has to know of one platform: the packages and how they depend on each other, from cargo; what is linked to them.
FROM vendored AS describe
RUN --network=none \
    --mount=type=bind,from=source,target=/source \
    --mount=type=bind,from=target,target=/target \
    --mount=type=bind,from=shell,target=/shell <<'EOF'
triple=$(basename /target/usr/local/rustup/toolchains/*/lib/rustlib/*-linux-*/)
mkdir /facts
cargo metadata --locked --offline --format-version 1 --filter-platform "$triple" --manifest-path /source/Cargo.toml \
  > /facts/metadata.json
cat > /facts/toolchain <<TEXT
target=$triple
rustc=$(rustc --version)
gcc=$(basename /target/usr/lib/gcc/*/*/)
glibc=$(grep -aoh 'GNU C Library (.*version [0-9.]*[0-9]' /target/usr/lib/*/libc.a | grep -o '[0-9.]*$' | sort -u)
busybox=$(grep -ao 'BusyBox v[0-9.]*[0-9]' /shell/bin/busybox | grep -o '[0-9.]*$' | sort -u)
TEXT
EOF

FROM scratch AS facts
COPY --from=describe /facts/ /


FROM vendored AS build
ENV CARGO_TARGET_DIR=/build \
    CARGO_PROFILE_RELEASE_LTO=fat \
    CARGO_PROFILE_RELEASE_CODEGEN_UNITS=1 \
    CARGO_PROFILE_RELEASE_STRIP=symbols

# Static glibc: as fast as a dynamic build, where musl is 15 % slower through a tunnel.
RUN --network=none \
    --mount=type=bind,from=source,target=/source \
    --mount=type=bind,from=target,target=/target <<'EOF'
sysroot=$(echo /target/usr/local/rustup/toolchains/*)
triple=$(basename "$sysroot"/lib/rustlib/*-linux-*/)
libc=$(dirname /target/usr/lib/*/libc.a)
libgcc=$(dirname /target/usr/lib/gcc/*/*/libgcc.a)

# glibc has no static-pie on 32-bit ARM. Where it has, rustc may not know it (aarch64): the linker is told.
if [ -e "$libc/rcrt1.o" ]; then
  relocation=pie start="$libc/rcrt1.o -pie --no-dynamic-linker -ztext"
else
  relocation=static start="$libc/crt1.o"
fi
flags=(
  --sysroot="$sysroot" -Ctarget-feature=+crt-static -Crelocation-model="$relocation"
  -Clinker=rust-lld -Clinker-flavor=ld.lld -Lnative="$libc" -Lnative="$libgcc"
  -Clink-args="--sysroot=/target $start $libc/crti.o $libc/crtn.o"
  --remap-path-prefix=/vendor=
)
CARGO_ENCODED_RUSTFLAGS=$(IFS=$'\x1f'; echo "${flags[*]}") \
  cargo build --frozen --release --manifest-path /source/Cargo.toml --target "$triple" --bin client --bin server
EOF


# Build scripts of crates ran as root in that stage: of it nothing is taken but the two programs.
FROM vendored AS assemble
ARG SOURCE_DATE_EPOCH=0
RUN --network=none \
    --mount=type=bind,from=source,target=/source \
    --mount=type=bind,from=target,target=/target \
    --mount=type=bind,from=shell,target=/shell \
    --mount=type=bind,from=build,source=/build,target=/build <<'EOF'
rootfs=/rootfs/$SOURCE_DATE_EPOCH
install -D /shell/bin/busybox "$rootfs/bin/sh"
install -D /build/*/release/client "$rootfs/usr/local/bin/phantun-client"
install -D /build/*/release/server "$rootfs/usr/local/bin/phantun-server"

licences=$rootfs/usr/share/licenses/phantun-runtime
mkdir -p $licences
cp /source/LICENSE* $licences
cp /usr/share/common-licenses/GPL-2 $licences/BUSYBOX-GPL-2.0
cp /usr/share/common-licenses/LGPL-2.1 $licences/GLIBC-LGPL-2.1

busybox=$(grep -ao 'BusyBox v[0-9.]*[0-9]' /shell/bin/busybox | sort -u)
cat > $licences/BUSYBOX-SOURCE <<TEXT
/bin/sh is $busybox, under GPL-2.0-only (BUSYBOX-GPL-2.0).
Source: https://busybox.net/downloads/busybox-${busybox#*v}.tar.bz2
The official image's build of it, with musl (MIT) as its C library: https://github.com/docker-library/busybox
TEXT

glibc=$(grep -ao 'GNU C Library (.*version [0-9.]*[0-9]' /target/usr/lib/*/libc.a | sort -u)
cat > $licences/GLIBC-NOTICE <<TEXT
phantun-client and phantun-server are statically linked with the
$glibc, under LGPL-2.1-or-later (GLIBC-LGPL-2.1),
and with libgcc, under GPL-3.0-or-later WITH GCC-exception-3.1.
Source: https://snapshot.debian.org/package/glibc/
To link them with another C library, build phantun-runtime's Dockerfile with a RUST_IMAGE that holds it.
TEXT

triple=$(basename /target/usr/local/rustup/toolchains/*/lib/rustlib/*-linux-*/)
cargo tree --frozen --manifest-path /source/Cargo.toml --target "$triple" \
  --edges normal --prefix none --no-dedupe --format '{p} {l}' | sed '/^$/d' | sort -u > /crates
# Many crates share a text, but for its spacing: it is printed once.
declare -A printed
shopt -s nullglob nocaseglob
{
  echo "phantun-client and phantun-server are made of these crates and of Rust's standard library,"
  echo "$(rustc --version), MIT OR Apache-2.0."
  while read -r name version licence; do
    printf '\n==== %s\n' "$name $version ${licence:-as follows}"
    for text in /vendor/"$name-${version#v}"/*{LICEN[CS]E,COPYING,NOTICE}*; do
      file=${text#/vendor/}
      sum=$(tr -d '[:space:]' < "$text" | sha256sum)
      if [ "${printed[$sum]-}" ]; then
        printf '\n-- %s\n' "$file is the same as ${printed[$sum]}"
      else
        printf '\n-- %s\n' "$file"
        cat "$text"
        printed[$sum]=$file
      fi
    done
  done < /crates
} > $licences/THIRD-PARTY

chmod 644 $licences/*
find "$rootfs" -exec touch --no-dereference --date="@$SOURCE_DATE_EPOCH" {} +
EOF


FROM scratch
ARG PHANTUN_UPSTREAM
LABEL org.opencontainers.image.title="phantun-runtime" \
      org.opencontainers.image.description="phantun, which carries UDP in fake TCP, in a minimal image that passes every argument through" \
      org.opencontainers.image.source="${PHANTUN_UPSTREAM}" \
      org.opencontainers.image.licenses="(MIT OR Apache-2.0) AND MIT AND BSD-3-Clause AND Zlib AND GPL-2.0-only AND LGPL-2.1-or-later AND GPL-3.0-or-later WITH GCC-exception-3.1"
# One COPY: a second one into the same directory would change its time. The time is in the path because BuildKit's cache
# would otherwise take a tree with the same contents and another commit's time for this one.
ARG SOURCE_DATE_EPOCH=0
COPY --from=assemble /rootfs/${SOURCE_DATE_EPOCH}/ /
# phantun handles no signal and would be deaf to them as PID 1: the shell ends it at once.
ENTRYPOINT ["/bin/sh", "-c", "case $MODE in client|server) ;; *) echo >&2 'phantun-runtime: set MODE to client or server: docker run -e MODE=client ...'; exit 64;; esac; stop() { kill $!; exit $1; }; trap 'stop 129' HUP; trap 'stop 130' INT; trap 'stop 131' QUIT; trap 'stop 143' TERM; /usr/local/bin/phantun-$MODE \"$@\" & wait $!", "phantun-runtime"]
