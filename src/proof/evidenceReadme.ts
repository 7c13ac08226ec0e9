import type { Lock } from './lock.js';
import { type Statement } from './statement.js';

/** What a stranger finds first in an evidence bundle: what it is, and how to check it with nothing but common tools. Pure. */
export function evidenceReadme({ inputs, facts }: Lock, { subject }: Statement): string {
  const index = subject.find(({ name }) => name === 'index')?.digest.sha256 ?? '';
  return `# Evidence of an image of phantun ${facts.version}

Everything that decides the bytes of this image, so that you can check it and build it again:

    sha256:${index}

| file | what it is |
|---|---|
| \`lock.json\` | the lock: its part \`inputs\` decides the image's digest, its part \`facts\` says what was seen on the way |
| \`archive.tar.gz\` | upstream's archive of commit ${inputs.commit} |
| \`commit\` | that commit object, as git has it; it names the tree |
| \`Dockerfile\` | the recipe |
| \`crates/\` | every crate that the archive's Cargo.lock names |
| \`sbom-*.cdx.json\` | what is in the image of each platform (CycloneDX) |
| \`statement.json\` | what was checked, and what was not (in-toto, unsigned: the signed one is beside the image) |

## Check it by hand

The commit is what it says, and names the tree:

    printf 'commit %s\\0' "$(wc -c < commit)" | cat - commit | sha1sum   # ${inputs.commit}
    head -n 1 commit                                                    # tree ${inputs.tree}

The archive is that tree:

    mkdir source && tar -xzf archive.tar.gz -C source --strip-components=1
    git init -q check && git --work-tree=source --git-dir=check/.git add --all --force
    git --git-dir=check/.git write-tree                                 # ${inputs.tree}

The commit is upstream's (this asks upstream):

    git clone --bare --filter=tree:0 ${inputs.upstream}.git upstream
    git -C upstream for-each-ref --contains ${inputs.commit} refs/heads refs/tags

The crates are those of Cargo.lock (every line must appear there):

    (cd crates && sha256sum *) | while read -r hash name; do grep -q "$hash" source/Cargo.lock || echo "$name differs"; done

## Build it again

With phantun-runtime ${inputs.recipe.wrapper}, whose Dockerfile has the SHA256 ${inputs.recipe.dockerfile}:

    node dist/cli.js reproduce --evidence DIR

compiles from these files, without cache, and compares the digest. The only network it needs is the registry of the base
images. To build without any, put those into the bundle first:

    skopeo copy --all --preserve-digests docker://${digestOnly(inputs.bases.rust)} oci:bases/rust
    skopeo copy --all --preserve-digests docker://${digestOnly(inputs.bases.shell)} oci:bases/shell
`;
}

/** skopeo takes a tag or a digest, not both. */
function digestOnly(reference: string): string {
  return reference.replace(/:[^:/@]+@/, '@');
}
