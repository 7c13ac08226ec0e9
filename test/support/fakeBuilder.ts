import { existsSync, mkdirSync, readFileSync, readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { type Platform, platformFolder } from '../../src/platform.js';
import { fakeProgram, temporaryFolder } from './world.js';

export type FakeBuilder = {
  /** Arguments of each `docker buildx build` so far, those of one call in one list; calls at once come in any order. */
  builds: () => string[][];
  /** Those of them that are of images. */
  images: () => string[][];
  /** All other calls of docker, a line each. */
  others: () => string[];
  /** Folder whose files one call of a platform gives: `image` (an OCI layout) or a stage's name. Made when it is not there. */
  gives: (platform: Platform, what: string) => string;
  /** File that is printed when docker is asked for `bases`, `inspect`, `server` or `info`; without it there is no answer. */
  answer: (name: 'bases' | 'inspect' | 'server' | 'info') => string;
};

/** What the registry says of base images, whatever their name. */
export const BASE_INDEX = JSON.stringify({
  schemaVersion: 2,
  manifests: [
    { platform: { os: 'linux', architecture: 'amd64' } },
    { platform: { os: 'linux', architecture: 'arm64' } },
    { platform: { os: 'linux', architecture: 'arm', variant: 'v7' } },
  ],
});

/**
 * A docker for one test whose only builder builds nothing: it copies what the test has put into `gives`, and puts a stage's
 * files where the oldest BuildKit does that is accepted. `before` is shell that runs first in a build, with `$platform` (with
 * commas when several), `$stage` (empty for the image) and `$source`.
 */
export function fakeBuilder(before = ''): FakeBuilder {
  const root = temporaryFolder();
  writeFileSync(join(root, 'bases'), BASE_INDEX);
  writeFileSync(join(root, 'inspect'), 'Name: default\nDriver: docker\nNodes:\nStatus: running\n');
  writeFileSync(join(root, 'server'), '{"Version":"28.5.2","Os":"linux","Arch":"amd64"}');
  writeFileSync(join(root, 'info'), '[["driver-type","io.containerd.snapshotter.v1"]]');
  fakeProgram(
    'docker',
    `root='${root}'
if [ "$1 $2" != 'buildx build' ]; then
  echo "$*" >> "$root/others"
  case "$1 $2" in
    '--version '*) echo Docker version 28.5.2; exit;;
    'buildx version') echo github.com/docker/buildx v0.29.1 x; exit;;
    'version '*) exec cat "$root/server";;
    'info '*) exec cat "$root/info";;
    'buildx inspect') exec cat "$root/inspect";;
    'buildx imagetools') cat "$root/bases" 2>/dev/null || { echo "not found" >&2; exit 1; }; exit;;
  esac
  echo "unknown: $*" >&2; exit 1
fi
printf '%s\\n' "$@" > "$root/build-$$"
stage=
while [ $# -gt 0 ]; do
  case $1 in
    --platform) platform=$2;;
    --metadata-file) metadata=$2;;
    --target) stage=$2;;
    --build-context) case $2 in source=*) source=\${2#source=};; esac;;
    --build-arg) [ "$2" != BUILDKIT_MULTI_PLATFORM=true ] || split=yes;;
    --output) to=\${2#*dest=}; to=\${to%%,*};;
  esac
  shift
done
case $platform in *,*) split=yes;; esac
${before}
for each in $(echo "$platform" | tr , ' '); do
  from=$root/$(echo "$each" | tr / _)/\${stage:-image}
  [ -d "$from" ] || { echo "error: nothing to give for $each, \${stage:-image}" >&2; exit 1; }
  into=$to
  [ -z "$stage" ] || [ -z "$split" ] || into=$to/$(echo "$each" | tr / _)
  mkdir -p "$into"
  cp -r "$from/." "$into"
done
[ -z "$metadata" ] || echo '{"containerimage.digest":"sha256:0"}' > "$metadata"`,
  );
  const lines = (file: string) =>
    existsSync(join(root, file)) ? readFileSync(join(root, file), 'utf8').trimEnd().split('\n') : [];
  const builds = () =>
    readdirSync(root)
      .filter((name) => name.startsWith('build-'))
      .map(lines);
  return {
    answer: (name) => join(root, name),
    builds,
    images: () => builds().filter((call) => !call.includes('--target')),
    others: () => lines('others'),
    gives: (platform, what) => {
      const folder = join(root, platformFolder(platform), what);
      mkdirSync(folder, { recursive: true });
      return folder;
    },
  };
}
