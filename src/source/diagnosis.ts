import { mkdtemp } from 'node:fs/promises';
import { join } from 'node:path';
import type { Deps } from '../deps.js';
import { Failure } from '../errors.js';
import { printable } from '../text.js';
import { type Git, gitFailure, openGit } from './git.js';
import type { Source } from './resolve.js';
import type { TreeItem } from './tree.js';
import type { UpstreamFacts } from './verdict.js';

/**
 * Asks upstream's git what the commit's tree really holds, and which other commits there are: only to explain an archive
 * that does not fit, which fails whatever the answer is.
 */
export async function askUpstream(source: Source, token: string | undefined, deps: Deps): Promise<UpstreamFacts> {
  const fetched = async (...what: Parameters<Git['fetch']>) => {
    const git = await openGit(await mkdtemp(join(deps.temp, 'diagnosis-')), source.upstream, token, deps);
    const { code, stderr } = await git.fetch(...what);
    if (code !== 0) throw gitFailure(stderr, source.upstream, git.folder);
    return git;
  };
  // Two repositories: git would not ask for the trees of a commit that it has already.
  const commits = await fetched('commits', '+refs/heads/*:refs/heads/*', '+refs/tags/*:refs/tags/*');
  const trees = await fetched('trees', source.commit);
  const listing = await told(trees, 'ls-tree', '-r', '-z', source.commit);
  const log = await told(commits, 'log', '--all', '--format=%H %T');
  return { listing: parseListing(listing), commits: parseLog(log) };
}

/** What git says here. Of a git that failed an empty listing would say that the archive has files that upstream has not. */
async function told(git: Git, ...args: string[]): Promise<Buffer> {
  const { code, stdout, stderr } = await git.local(args);
  if (code !== 0) throw new Failure('local', `git ${args.join(' ')} failed: ${printable(stderr)}`);
  return stdout;
}

/** `git ls-tree -r -z`: path (one character a byte) → mode and id. Pure. */
export function parseListing(output: Buffer): Map<string, TreeItem> {
  const listing = new Map<string, TreeItem>();
  for (const line of output.toString('latin1').split('\0')) {
    const [, mode = '', id = '', path] = /^(\d{6}) \w+ ([0-9a-f]{40})\t(.+)/s.exec(line) ?? [];
    if (path !== undefined) listing.set(path, { mode, id });
  }
  return listing;
}

/** Lines of a commit's id and its tree's. Pure. */
export function parseLog(output: Buffer): { commit: string; tree: string }[] {
  return [...output.toString('latin1').matchAll(/^([0-9a-f]{40}) ([0-9a-f]{40})$/gm)].map(
    ([, commit = '', tree = '']) => ({
      commit,
      tree,
    }),
  );
}
