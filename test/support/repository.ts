import fc from 'fast-check';
import { execFileSync } from 'node:child_process';
import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Entry } from '../../src/source/archive.js';

/** A blob in a commit: the path has one character a byte. */
export type Blob = { path: string; mode: '100644' | '100755' | '120000'; data: Buffer };

export type Commit = { repository: string; commit: string; tree: string };

/** Seconds since 1970 of every commit made here. */
export const COMMIT_EPOCH = 1_759_768_158;

/** Runs git where nothing of this machine's configuration reaches it. */
export function git(cwd: string, args: readonly string[], input?: Buffer | string): Buffer {
  const date = `${COMMIT_EPOCH} +0000`;
  return execFileSync('git', args, {
    cwd,
    input,
    maxBuffer: 2 ** 30,
    stdio: ['pipe', 'pipe', 'pipe'],
    env: {
      PATH: process.env.PATH,
      HOME: '/nonexistent',
      LC_ALL: 'C',
      GIT_CONFIG_NOSYSTEM: '1',
      GIT_CONFIG_GLOBAL: '/dev/null',
      GIT_AUTHOR_NAME: 'A',
      GIT_AUTHOR_EMAIL: 'a@example.org',
      GIT_AUTHOR_DATE: date,
      GIT_COMMITTER_NAME: 'A',
      GIT_COMMITTER_EMAIL: 'a@example.org',
      GIT_COMMITTER_DATE: date,
    },
  });
}

/** Bare repositories by the folder they were made in; each holds many commits that know nothing of each other. */
const repositories = new Map<string, { path: string; commits: number }>();

function repositoryIn(parent: string): { path: string; commits: number } {
  const found = repositories.get(parent) ?? { path: mkdtempSync(join(parent, 'repository-')), commits: 0 };
  if (!repositories.has(parent)) git(found.path, ['init', '--quiet', '--bare']);
  repositories.set(parent, found);
  return found;
}

/** A commit of these blobs, made by `git fast-import`: names of any bytes, no checkout. */
export function commitOf(
  parent: string,
  blobs: readonly Blob[],
  submodules: readonly { path: string; commit: string }[] = [],
): Commit {
  const repository = repositoryIn(parent);
  repository.commits += 1;
  const branch = `refs/heads/commit-${repository.commits}`;
  const head = [`commit ${branch}`, 'mark :1', `committer A <a@example.org> ${COMMIT_EPOCH} +0000`, 'data 0', ''];
  const lines = [latin1(head.join('\n'))];
  for (const { path, mode, data } of blobs)
    lines.push(latin1(`M ${mode} inline ${quote(path)}\ndata ${data.length}\n`), data, latin1('\n'));
  for (const { path, commit } of submodules) lines.push(latin1(`M 160000 ${commit} ${quote(path)}\n`));
  // What git answers: the commit's id, and its tree as `040000 tree ID`.
  lines.push(latin1('get-mark :1\nls :1 ""\n'));
  const said = git(repository.path, ['-c', 'fastimport.unpackLimit=1', 'fast-import', '--quiet'], Buffer.concat(lines));
  const [, commit = '', tree = ''] = /^([0-9a-f]{40})\n040000 tree ([0-9a-f]{40})\t$/m.exec(said.toString()) ?? [];
  return { repository: repository.path, commit, tree };
}

/** What GitHub serves: `git archive --prefix=NAME-COMMIT/ COMMIT | gzip -cn`. */
export function archiveOf({ repository, commit }: Commit, name = 'phantun'): Buffer {
  return gzip(tarOfCommit({ repository, commit }, name));
}

export function tarOfCommit({ repository, commit }: Omit<Commit, 'tree'>, name = 'phantun'): Buffer {
  return git(repository, ['archive', '--format=tar', `--prefix=${name}-${commit}/`, commit]);
}

export function gzip(bytes: Buffer, level = '-6'): Buffer {
  return execFileSync('gzip', ['-cn', level], { input: bytes, maxBuffer: 2 ** 30 });
}

/** `git ls-tree` by path, folders included. */
export function lsTree({ repository, commit }: Commit): Map<string, { mode: string; id: string }> {
  const output = git(repository, ['ls-tree', '-r', '-t', '-z', commit]).toString('latin1');
  return new Map(
    output
      .split('\0')
      .slice(0, -1)
      .map((line) => {
        const [, mode = '', id = '', path = ''] = /^(\d{6}) \w+ ([0-9a-f]{40})\t(.+)$/s.exec(line) ?? [];
        return [path, { mode, id }];
      }),
  );
}

/** A folder for one test file; vitest removes nothing, so the caller does. */
export function temporary(): string {
  return mkdtempSync(join(tmpdir(), 'phantun-source-'));
}

function latin1(text: string): Buffer {
  return Buffer.from(text, 'latin1');
}

/** A path as fast-import reads it: C-style, every odd byte in octal. */
function quote(path: string): string {
  const escaped = path.replace(/[^ !#-[\]-~]/g, (byte) => `\\${byte.charCodeAt(0).toString(8).padStart(3, '0')}`);
  return `"${escaped}"`;
}

export function entry(
  path: string,
  kind: Entry['kind'] = 'file',
  data: Buffer | string = '',
  executable = false,
): Entry {
  return { path, kind, executable, data: Buffer.from(data) };
}

/** Names of odd bytes and such as sort differently as a file and as a folder. */
const NAMES = [
  'a',
  'a.b',
  'a-',
  'a0',
  'a b',
  'A',
  'b',
  '...',
  '\xc3\xa9',
  '\xff\xfe',
  'q"\\',
  '\n',
  'git',
  'x'.repeat(90),
];

/** Entries without a contradiction: what would be a file and a folder is dropped. */
export const trees = fc
  .array(
    fc.record({
      names: fc.array(fc.constantFrom(...NAMES), { minLength: 1, maxLength: 5 }),
      kind: fc.constantFrom('file', 'file', 'symlink', 'directory'),
      executable: fc.boolean(),
      data: fc.uint8Array({ minLength: 1, maxLength: 600 }),
    }),
    { maxLength: 40 },
  )
  .map((candidates) => {
    const kinds = new Map<string, Entry['kind']>();
    const entries: Entry[] = [];
    for (const { names, kind, executable, data } of candidates) {
      const paths = names.map((_, index) => names.slice(0, index + 1).join('/'));
      const path = paths.pop() ?? '';
      if (kinds.has(path) || paths.some((parent) => (kinds.get(parent) ?? 'directory') !== 'directory')) continue;
      for (const parent of paths) kinds.set(parent, 'directory');
      kinds.set(path, kind);
      entries.push({ path, kind, executable: executable && kind === 'file', data: Buffer.from(data) });
    }
    return entries;
  });
