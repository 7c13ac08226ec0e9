import { copyFileSync, existsSync, mkdirSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import type { ServerResponse } from 'node:http';
import { join } from 'node:path';
import { type Digest, digestOf } from '../../src/hash.js';
import { fakeProgram, serve, setEnvironment, temporaryFolder } from './world.js';

/** The one repository of the registry, if the test says no other. */
export const REPOSITORY = 'r.example/a/b';

export type FakeRegistry = {
  /** What was asked of it so far, `verb name` each; verbs are inspect, send, fetch, tag and list. */
  calls: () => string[];
  /** The same without the looking. */
  done: () => string[];
  /** What a digest or a tag names. */
  served: (name: string) => Buffer | undefined;
  /** Digests of all that is served. */
  digests: () => string[];
  /** Serves bytes under their digest, and under a tag. */
  put: (bytes: Buffer | string, tag?: string) => Digest;
  /** Serves all blobs of an OCI layout. */
  putLayout: (layout: string) => void;
  /** Serves other bytes under a name than it had. */
  spoil: (name: string, bytes: Buffer | string) => void;
  remove: (name: string) => void;
};

/**
 * A skopeo and a docker for one test, whose registry is a folder: a file a tag, and a file a blob in its folder `sha256`.
 * `before` is shell that runs first in skopeo, with `$verb`, `$name`, `$served`, and `$n`, the count of calls so far.
 */
export function fakeRegistry(before = '', repository = REPOSITORY): FakeRegistry {
  const root = temporaryFolder();
  const folder = join(root, 'served');
  mkdirSync(join(folder, 'sha256'), { recursive: true });
  // Every program that the shell starts costs more than all the rest: the count is made only where it is asked for.
  const common = `served='${folder}'
say() { echo "$verb $name" >> '${root}/calls'${before.includes('$n') ? `; n=$(wc -l < '${root}/calls')` : ''}; }
strip() {
  name=\${1#docker://}; name=\${name#${repository}}; name=\${name#[:@]}
  case $name in sha256:*) file=$served/sha256/\${name#sha256:};; *) file=$served/$name;; esac
}
absent() { echo "manifest unknown" >&2; exit 1; }`;
  fakeProgram(
    'skopeo',
    `${common}
for word; do source=$target; target=$word; done
case "$1 $source $target" in
  inspect*) verb=inspect; strip "$target";;
  *' oci:. '*) verb=send; strip "$target";;
  *' oci:.') verb=fetch; strip "$source";;
  *) verb=tag; strip "$target";;
esac
say
${before}
case $verb in
  inspect) [ -e "$file" ] || absent; exec cat "$file";;
  send) exec cp blobs/sha256/* "$served/sha256/";;
  fetch)
    [ -e "$file" ] || absent
    mkdir blobs; cp -r "$served/sha256" blobs/
    kind=manifest; ! grep -q '"manifests"' "$file" || kind=index
    sum=$(sha256sum < "$file")
    printf '{"schemaVersion":2,"manifests":[{"mediaType":"application/vnd.oci.image.%s.v1+json","digest":"sha256:%s","size":%s}]}' \\
      "$kind" "\${sum%% *}" "$(wc -c < "$file")" > index.json;;
  tag) to=$file; strip "$source"; exec cp "$file" "$to";;
esac`,
  );
  fakeProgram(
    'docker',
    `${common}
[ "$1 $2 $3 $4" = 'buildx imagetools create --tag' ] || { echo "unknown: $*" >&2; exit 1; }
verb=list; strip "$5"; say
shift 5
items=
while [ $# -gt 0 ]; do read -r item < "$2" || :; items="$items\${items:+,}$item"; shift 2; done
printf '{"schemaVersion":2,"mediaType":"application/vnd.oci.image.index.v1+json","manifests":[%s]}' "$items" > "$file"`,
  );
  const pathOf = (name: string) => join(folder, name.replace(/^sha256:/, 'sha256/'));
  const calls = () =>
    existsSync(join(root, 'calls')) ? readFileSync(join(root, 'calls'), 'utf8').trimEnd().split('\n') : [];
  return {
    calls,
    done: () => calls().filter((line) => !line.startsWith('inspect ')),
    served: (name) => (existsSync(pathOf(name)) ? readFileSync(pathOf(name)) : undefined),
    digests: () => readdirSync(join(folder, 'sha256')).map((name) => `sha256:${name}`),
    put: (bytes, tag) => {
      const digest = digestOf(bytes);
      for (const name of [digest, ...(tag === undefined ? [] : [tag])]) writeFileSync(pathOf(name), bytes);
      return digest;
    },
    putLayout: (layout) => {
      const blobs = join(layout, 'blobs', 'sha256');
      for (const name of readdirSync(blobs)) copyFileSync(join(blobs, name), join(folder, 'sha256', name));
    },
    spoil: (name, bytes) => writeFileSync(pathOf(name), bytes),
    remove: (name) => rmSync(pathOf(name)),
  };
}

/** The same on this machine's loopback, where the referrers API answers as the test says: by default that there is none. */
export async function loopbackRegistry(
  before = '',
  api: (response: ServerResponse) => void = (response) => response.writeHead(404).end(),
): Promise<{ registry: FakeRegistry; repository: string }> {
  const { origin } = await serve((_, response) => api(response));
  const repository = `${origin.replace('http://', '')}/a/b`;
  setEnvironment({ DOCKER_CONFIG: temporaryFolder() });
  return { registry: fakeRegistry(before, repository), repository };
}
