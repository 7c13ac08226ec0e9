import { lstat, mkdir, readFile, readdir, readlink } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { run, succeeds } from './exec.js';

/** What is in a file: text or bytes of a plain one, or an executable, or the target of a symbolic link. */
export type Content = string | Buffer | { readonly executable: string | Buffer } | { readonly symlink: string };

/** Files by path, or the path of a folder that holds them. */
export type Files = Readonly<Record<string, Content>> | string;

export type CommitOptions = {
  readonly message?: string;
  /** Seconds since 1970, of author and committer. */
  readonly time?: number;
};

const DEFAULT_TIME = 1_700_000_000;

/** A bare repository of an upstream. Equal calls make equal commits. */
export type Repository = {
  readonly name: string;
  readonly gitDir: string;
  /** Where the upstream serves it. */
  readonly url: string;
  /** The first commit. */
  readonly commit: string;
  /** Adds a commit that no ref names yet, with `files` as its whole tree, and returns its id. */
  readonly addCommit: (parent: string | undefined, files: Files, options?: CommitOptions) => Promise<string>;
  /** Makes or moves a ref: `refs/heads/x`, `refs/tags/v1`, `refs/pull/1/head`. */
  readonly setRef: (ref: string, id: string) => Promise<void>;
  readonly deleteRef: (ref: string) => Promise<void>;
  /** Sets the branch that HEAD names. */
  readonly setHead: (branch: string) => Promise<void>;
  /** Makes an annotated tag and returns the id of the tag object. `time` in seconds since 1970. */
  readonly annotate: (tag: string, commit: string, time?: number) => Promise<string>;
  /** The tree id of a commit. */
  readonly tree: (commit: string) => Promise<string>;
  /** Whether the object store has a commit, reachable or not. */
  readonly has: (commit: string) => Promise<boolean>;
};

/** Makes a repository at `gitDir` whose branch `main` is one commit of `files`. */
export async function createRepository(
  gitDir: string,
  url: string,
  files: Files,
  options?: CommitOptions,
): Promise<Repository> {
  await mkdir(gitDir, { recursive: true });
  await git(gitDir, ['init', '--quiet', '--bare', '--initial-branch=main']);
  const settings = { 'uploadpack.allowFilter': 'true', 'uploadpack.allowAnySHA1InWant': 'true', 'gc.auto': '0' };
  for (const [key, value] of Object.entries(settings)) await git(gitDir, ['config', key, value]);
  const setRef = async (ref: string, id: string) => {
    await git(gitDir, ['update-ref', ref, id]);
  };
  const commit = await writeCommit(gitDir, files, undefined, options);
  await setRef('refs/heads/main', commit);
  return {
    name: basename(url),
    gitDir,
    url,
    commit,
    setRef,
    addCommit: async (parent, contents, how) => await writeCommit(gitDir, contents, parent, how),
    deleteRef: async (ref) => {
      await git(gitDir, ['update-ref', '-d', ref]);
    },
    setHead: async (branch) => {
      await git(gitDir, ['symbolic-ref', 'HEAD', `refs/heads/${branch}`]);
    },
    annotate: async (tag, target, time = DEFAULT_TIME) => {
      const object = `object ${target}\ntype commit\ntag ${tag}\ntagger ${PERSON} ${time} +0000\n\n${tag}\n`;
      const id = await git(gitDir, ['mktag'], object);
      await setRef(`refs/tags/${tag}`, id);
      return id;
    },
    tree: async (id) => await git(gitDir, ['rev-parse', `${id}^{tree}`]),
    has: async (id) => await succeeds('git', ['-C', gitDir, 'cat-file', '-e', `${id}^{commit}`]),
  };
}

const PERSON = 'Lab <lab@example.invalid>';
const SCRATCH_REF = 'refs/lab/scratch';

async function writeCommit(gitDir: string, files: Files, parent: string | undefined, options: CommitOptions = {}) {
  const { message = 'A commit', time = DEFAULT_TIME } = options;
  const stamp = `${PERSON} ${time} +0000`;
  const head = [`commit ${SCRATCH_REF}`, 'mark :1', `author ${stamp}`, `committer ${stamp}`, data(`${message}\n`)];
  const parts = [...head, ...(parent ? [`from ${parent}`] : []), 'deleteall'];
  const stream: Buffer[] = [Buffer.from(`${parts.join('\n')}\n`)];
  const entries = Object.entries(typeof files === 'string' ? await readFolder(files) : files);
  for (const [path, content] of entries) {
    const [mode, bytes] = modeAndBytes(content);
    stream.push(
      Buffer.from(`M ${mode} inline ${JSON.stringify(path)}\ndata ${bytes.length}\n`),
      bytes,
      Buffer.from('\n'),
    );
  }
  stream.push(Buffer.from('get-mark :1\n'));
  const id = await git(gitDir, ['fast-import', '--quiet', '--force'], Buffer.concat(stream));
  await git(gitDir, ['update-ref', '-d', SCRATCH_REF]);
  return id;
}

function data(text: string): string {
  return `data ${Buffer.byteLength(text)}\n${text}`;
}

function modeAndBytes(content: Content): [mode: string, bytes: Buffer] {
  if (typeof content === 'string' || Buffer.isBuffer(content)) return ['100644', Buffer.from(content)];
  if ('symlink' in content) return ['120000', Buffer.from(content.symlink)];
  return ['100755', Buffer.from(content.executable)];
}

async function readFolder(root: string): Promise<Record<string, Content>> {
  const files: Record<string, Content> = {};
  for (const path of (await readdir(root, { recursive: true })).sort()) {
    const file = join(root, path);
    const stat = await lstat(file);
    if (stat.isSymbolicLink()) files[path] = { symlink: await readlink(file) };
    else if (stat.isFile())
      files[path] = stat.mode & 0o100 ? { executable: await readFile(file) } : await readFile(file);
  }
  return files;
}

// Nothing of the user's own configuration may decide a commit's id or what is served.
const HERMETIC = { GIT_CONFIG_GLOBAL: '/dev/null', GIT_CONFIG_NOSYSTEM: '1', PATH: process.env.PATH };

async function git(gitDir: string, args: readonly string[], input: string | Buffer = ''): Promise<string> {
  return (await run('git', ['-C', gitDir, ...args], { env: HERMETIC, input })).trim();
}
