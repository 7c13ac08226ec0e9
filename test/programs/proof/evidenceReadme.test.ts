import { spawnSync } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { evidenceReadme } from '../../../src/proof/evidenceReadme.js';
import { readArchive } from '../../../src/source/archive.js';
import { temporaryFolder } from '../../support/world.js';
import { type Blob, archiveOf, commitOf, git } from '../../support/repository.js';
import {
  CRATE,
  FILES,
  HEX,
  LOCK,
  evidenceOf,
  filesIn,
  imageOf,
  lockWith,
  writtenEvidence,
} from '../../support/proof.js';

/** Evidence of a commit that git itself made, with what `git archive` gives of it. */
async function realEvidence(): Promise<{ folder: string; commit: string; tree: string }> {
  const odd: Blob[] = [
    { path: 'run.sh', mode: '100755', data: Buffer.from('#!/bin/sh\n') },
    { path: 'a name with spaces/and "quotes"', mode: '100644', data: Buffer.from('\r\n\0') },
    { path: 'target/ignored', mode: '100644', data: Buffer.from('but committed') },
  ];
  const plain = Object.entries(FILES).map(([path, text]): Blob => ({ path, mode: '100644', data: Buffer.from(text) }));
  const made = commitOf(temporaryFolder(), [...plain, ...odd]);
  const object = git(made.repository, ['cat-file', 'commit', made.commit]);
  const archive = archiveOf(made);
  const sample = { ...made, object, archive, tarSha256: readArchive(archive).tarSha256 };
  const lock = lockWith({}, {}, sample);
  return {
    folder: await writtenEvidence(evidenceOf(lock, imageOf(lock), sample)),
    commit: made.commit,
    tree: made.tree,
  };
}

/** The commands that the README has under a sentence, and the words behind `#` that they must print. */
function commandsOf(readme: string, sentence: string): { script: string; said: string[] } {
  const lines = readme.slice(readme.indexOf(`${sentence}\n\n    `) + sentence.length + 2).split('\n');
  const block = lines.slice(
    0,
    lines.findIndex((line) => !line.startsWith('    ')),
  );
  expect(block.length, sentence).toBeGreaterThan(0);
  return {
    script: block.map((line) => line.trim()).join('\n'),
    said: block.flatMap((line) => / {2,}# (.+)$/.exec(line)?.[1] ?? []),
  };
}

/** Runs what the README says, as a stranger would, and gives what it prints. */
function follow(folder: string, sentence: string): { printed: string[]; said: string[] } {
  const { script, said } = commandsOf(readFileSync(join(folder, 'README.md'), 'utf8'), sentence);
  const { stdout, stderr, status } = spawnSync('bash', ['-c', script], {
    cwd: folder,
    encoding: 'utf8',
    env: { PATH: process.env.PATH, HOME: folder, GIT_CONFIG_NOSYSTEM: '1', LC_ALL: 'C' },
  });
  expect([status, stderr]).toEqual([0, '']);
  const printed = stdout.split('\n').filter((line) => line !== '');
  return { printed: printed.map((line) => line.replace(/ +-$/, '')), said };
}

const COMMIT = 'The commit is what it says, and names the tree:';
const ARCHIVE = 'The archive is that tree:';
const CRATES = 'The crates are those of Cargo.lock (every line must appear there):';

describe('the commands of the README', () => {
  it('prove commit, tree and crates to a stranger with common tools', async () => {
    const { folder, commit, tree } = await realEvidence();
    const proven = follow(folder, COMMIT);
    expect(proven.printed).toEqual([commit, `tree ${tree}`]);
    expect(proven.said).toEqual(proven.printed);
    const archive = follow(folder, ARCHIVE);
    expect(archive.printed).toEqual([tree]);
    expect(archive.said).toEqual(archive.printed);
    expect(follow(folder, CRATES).printed).toEqual([]);
  });

  it('print something else when commit, archive or a crate was changed', async () => {
    const { folder, commit, tree } = await realEvidence();
    writeFileSync(join(folder, 'commit'), `${readFileSync(join(folder, 'commit'), 'utf8')}\n`);
    expect(follow(folder, COMMIT).printed[0]).toMatch(/^[0-9a-f]{40}$/);
    expect(follow(folder, COMMIT).printed[0]).not.toBe(commit);

    const blobs = Object.entries({ ...FILES, 'src/bin/client.rs': 'fn main() { evil() }\n' });
    const changed = commitOf(
      temporaryFolder(),
      blobs.map(([path, text]): Blob => ({ path, mode: '100644', data: Buffer.from(text) })),
    );
    writeFileSync(join(folder, 'archive.tar.gz'), archiveOf(changed));
    const archive = follow(folder, ARCHIVE);
    expect(archive).toEqual({ printed: [changed.tree], said: [tree] });

    writeFileSync(join(folder, 'crates', CRATE.file), 'evil');
    expect(follow(folder, CRATES).printed).toEqual([`${CRATE.file} differs`]);
  });
});

describe('the README', () => {
  const readme = evidenceReadme(LOCK, evidenceOf().statement);

  it('names the image, upstream’s commands, and the release that builds it again', () => {
    expect(readme).toMatch(/^# Evidence of an image of phantun 0\.8\.1\n/);
    expect(readme).toContain(`\n    ${imageOf().index.digest}\n`);
    expect(commandsOf(readme, "The commit is upstream's (this asks upstream):").script).toBe(
      'git clone --bare --filter=tree:0 https://github.com/dndx/phantun.git upstream\n' +
        `git -C upstream for-each-ref --contains ${LOCK.inputs.commit} refs/heads refs/tags`,
    );
    expect(readme).toContain(`With phantun-runtime 1.0.0, whose Dockerfile has the SHA256 ${HEX}:`);
  });

  it('names every file of the bundle but itself, and no other', async () => {
    const folder = await writtenEvidence();
    const named = [...readme.matchAll(/^\| `([^`]+)` \|/gm)].map(([, name = '']) => name);
    const fits = (file: string) => (name: string) =>
      new RegExp(`^${name.replaceAll('.', '\\.').replace('*', '.*').replace(/\/$/, '/.*')}$`).test(file);
    const files = filesIn(folder).filter((file) => file !== 'README.md');
    expect(files.filter((file) => !named.some(fits(file)))).toEqual([]);
    expect(named.filter((name) => !files.some((file) => fits(file)(name)))).toEqual([]);
    expect(readFileSync(join(folder, 'README.md'), 'utf8')).toBe(readme);
  });

  it.each([
    ['docker.io/library/rust:1.95.0', 'docker.io/library/rust'],
    ['docker.io/library/rust', 'docker.io/library/rust'],
    ['127.0.0.1:5000/rust:1.95.0', '127.0.0.1:5000/rust'],
    ['127.0.0.1:5000/rust', '127.0.0.1:5000/rust'],
  ])('asks skopeo for a base by its digest alone: %s', (name, repository) => {
    const bases = { ...LOCK.inputs.bases, rust: `${name}@sha256:${HEX}` };
    expect(evidenceReadme(lockWith({ bases }), evidenceOf().statement)).toContain(
      `\n    skopeo copy --all --preserve-digests docker://${repository}@sha256:${HEX} oci:bases/rust\n`,
    );
  });
});
