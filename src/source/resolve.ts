import { mkdtemp } from 'node:fs/promises';
import { join } from 'node:path';
import type { Deps } from '../deps.js';
import { Failure } from '../errors.js';
import { withRetries } from '../retry.js';
import { printable } from '../text.js';
import { provenCommit } from './commit.js';
import { type Git, gitFailure, openGit, requireGit } from './git.js';
import { type Asking, greet, withReason } from './greeting.js';
import { holders } from './holders.js';
import type { WantedRef } from './ref.js';
import type { Upstream } from './upstream.js';

/** One commit of upstream, and how upstream's history holds it. Everything later in a run uses this. */
export type Source = {
  upstream: Upstream;
  /** `HEAD`, a full ref name, or the commit id, as asked for. */
  ref: string;
  /** 40 hex digits. */
  commit: string;
  /** Id of the commit's tree, 40 hex digits. */
  tree: string;
  /** The commit's time, seconds since 1970. */
  epoch: number;
  /** Id of the annotated tag that was peeled, if `ref` named one. */
  tagObject: string | undefined;
  /**
   * Branches and tags (full names) whose history holds the commit, 100 at most; never empty, but where upstream was not asked.
   */
  reachableFrom: string[];
  /** The commit object as git has it, whose SHA-1 (with git's header) is the commit's id. */
  commitObject: Buffer;
};

/** Upstream's history, there to be asked while the run goes on: a snapshot, and upstream itself for a commit that it lacks. */
export type History = {
  /**
   * Whether the first commit is the second or an ancestor of it; false for commits that no branch or tag holds. For one that
   * the snapshot lacks upstream is asked again: somebody may have published it meanwhile.
   */
  isAncestor: (older: string, newer: string) => Promise<boolean>;
  /** What a ref names in the snapshot. A commit that it lacks is asked for by its id, whatever holds it. */
  at: (ref: WantedRef) => Promise<Named>;
};

/** A ref by its full name (`HEAD`, `refs/…`, or a commit id), its commit, and the annotated tag between them, if there is one. */
export type Named = { name: string; commit: string; tagObject: string | undefined };

const MIRROR = 'refs/upstream/';
/** What upstream has by the time that somebody asks for a commit which the snapshot lacks. */
const LATER = 'refs/later/';

/**
 * Resolves a ref by one fetch of upstream's commits (no trees, no files): git verifies every object by its hash, and what refs
 * name is answered from that one snapshot, so HEAD is read once. With the source comes the history to ask further.
 * Failure classes: those of the documents' fault table.
 */
export async function resolve(
  upstream: Upstream,
  wanted: WantedRef,
  token: string | undefined,
  deps: Deps,
): Promise<{ source: Source; history: History }> {
  await requireGit(deps);
  const greeting = () => greet(upstream, token, deps);
  const asking: Asking = (what, question) => withRetries(what, deps, () => withReason(question, greeting));
  const git = await withRetries(`resolving ${upstream.url}`, deps, async () => {
    await greeting();
    return withReason(() => snapshot(upstream, token, deps), greeting);
  });
  const { name, commit, tagObject } = await pick(git, upstream, wanted, asking, deps);
  const reachableFrom = await holders(git, MIRROR, commit, name);
  if (reachableFrom.length === 0) throw unreachable(commit, upstream);
  const commitObject = await readCommit(git, commit);
  const { tree, epoch } = provenCommit(commitObject, commit);
  if (epoch * 1_000 > deps.now())
    throw new Failure(
      'local',
      `the clock of this machine (${new Date(deps.now()).toISOString()}) is before the time of commit ${commit} (${new Date(epoch * 1_000).toISOString()}): times in the image would lie. Set the clock`,
    );
  return {
    source: { upstream, ref: name, commit, tree, epoch, tagObject, reachableFrom, commitObject },
    history: {
      isAncestor: ancestry(git, upstream, asking),
      at: (ref) => pick(git, upstream, ref, asking, deps),
    },
  };
}

async function snapshot(upstream: Upstream, token: string | undefined, deps: Deps): Promise<Git> {
  const git = await openGit(await mkdtemp(join(deps.temp, 'git-')), upstream, token, deps);
  await fetchCommits(git, upstream, MIRROR);
  return git;
}

async function fetchCommits(git: Git, upstream: Upstream, into: string): Promise<void> {
  const refs = [`+refs/heads/*:${into}heads/*`, `+refs/tags/*:${into}tags/*`];
  const fetchRefs = (...further: string[]) => git.fetch('commits', ...further, ...refs);
  const all = await fetchRefs(`+HEAD:${into}HEAD`);
  // A HEAD that names nothing is the trouble of those alone who ask for it.
  const isUnborn = all.code !== 0 && all.stderr.includes("couldn't find remote ref HEAD");
  const { code, stderr } = isUnborn ? await fetchRefs() : all;
  if (code !== 0) throw gitFailure(stderr, upstream, git.folder);
}

async function pick(git: Git, upstream: Upstream, wanted: WantedRef, asking: Asking, deps: Deps): Promise<Named> {
  switch (wanted.kind) {
    case 'commit': {
      if (wanted.lowered) deps.log.notice('ref is a commit id in upper case; taken in lower case');
      await asking(`asking ${upstream.url} for ${wanted.commit}`, () => requireCommit(git, upstream, wanted.commit));
      return { name: wanted.commit, commit: wanted.commit, tagObject: undefined };
    }
    case 'head': {
      const found = await lookUp(git, `${MIRROR}HEAD`, 'HEAD');
      if (!found)
        throw new Failure(
          'not-found',
          `${upstream.url} has no commit yet, or none that its HEAD names. If it has branches or tags, give one as ref`,
        );
      return found;
    }
    case 'full': {
      const found = await lookUp(git, `${MIRROR}${wanted.name.replace('refs/', '')}`, wanted.name);
      if (!found) throw new Failure('not-found', `${upstream.url} has no ${printable(wanted.name)}. Check ref`);
      return found;
    }
    case 'short': {
      const branch = await lookUp(git, `${MIRROR}heads/${wanted.name}`, `refs/heads/${wanted.name}`);
      const tag = await lookUp(git, `${MIRROR}tags/${wanted.name}`, `refs/tags/${wanted.name}`);
      if (branch && tag)
        throw new Failure(
          'input',
          `input ref: upstream has a branch and a tag '${wanted.name}'. Say which: ${branch.name} or ${tag.name}`,
        );
      const found = branch ?? tag;
      if (!found)
        throw new Failure(
          'not-found',
          `${upstream.url} has no branch and no tag '${printable(wanted.name)}'. Check ref`,
        );
      return found;
    }
  }
}

/** A mirrored ref, peeled to its commit. By show-ref: rev-parse would take `x-g1234567` for the commit 1234567…. */
async function lookUp(git: Git, mirrored: string, name: string): Promise<Named | undefined> {
  const { code, stdout } = await git.local(['show-ref', '--verify', '--hash', mirrored]);
  if (code !== 0) return undefined;
  const id = stdout.toString('latin1').trim();
  const peeled = await git.local(['rev-parse', '--verify', '--quiet', `${id}^{commit}`]);
  if (peeled.code !== 0) throw new Failure('input', `input ref: ${name} names no commit but another kind of object`);
  const commit = peeled.stdout.toString('latin1').trim();
  return { name, commit, tagObject: commit === id ? undefined : id };
}

/** Tells a commit that upstream does not have from one that it serves but that no branch or tag holds. */
async function requireCommit(git: Git, upstream: Upstream, id: string): Promise<void> {
  const type = await git.typeOf(id);
  if (type === 'commit') return;
  if (type === undefined)
    throw new Failure('not-found', `${upstream.url} has no commit ${id}. Check ref, and that the commit was pushed`);
  throw new Failure('input', `input ref: ${id} is the id of a ${type}, not of a commit. Give the commit's id`);
}

function ancestry(git: Git, upstream: Upstream, asking: Asking): History['isAncestor'] {
  let later: Promise<void> | undefined;
  const isHere = async (id: string) => (await git.local(['cat-file', '-e', `${id}^{commit}`])).code === 0;
  return async (older, newer) => {
    for (const id of [older, newer])
      if (!(await isHere(id))) {
        later ??= asking(`asking ${upstream.url} again`, () => fetchCommits(git, upstream, LATER));
        await later;
        if (!(await isHere(id))) return false;
      }
    const { code, stderr } = await git.local(['merge-base', '--is-ancestor', older, newer]);
    if (code > 1) throw new Failure('local', `git merge-base failed: ${printable(stderr)}`);
    return code === 0;
  };
}

function unreachable(commit: string, upstream: Upstream): Failure {
  return new Failure(
    'verification',
    `${upstream.url} serves commit ${commit}, but none of its branches and tags holds it. It may come from a fork or a pull request, which share upstream's addresses. Give a commit of a branch or a tag`,
  );
}

async function readCommit(git: Git, commit: string): Promise<Buffer> {
  const { code, stdout, stderr } = await git.local(['cat-file', 'commit', commit]);
  if (code !== 0) throw new Failure('local', `git cat-file failed: ${printable(stderr)}`);
  return stdout;
}
