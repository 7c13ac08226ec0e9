import { Failure } from '../errors.js';
import { printablePath } from '../text.js';
import type { Archive } from './archive.js';
import { type Difference, explain } from './attributes.js';
import { type TreeItem, pathIds, treeId } from './tree.js';

/** What the archive must be. Ids are 40 hex digits, SHA256 values 64. */
export type Expected = {
  commit: string;
  tree: string;
  /** The commit's time in seconds since 1970, which `git archive` gives every entry. */
  epoch: number;
  /** The user's pin, or a lock's. */
  archiveSha256?: string | undefined;
  /** A lock's: tells recompressed from repackaged without guessing. */
  tarSha256?: string | undefined;
};

/** What came: the SHA256 of the bytes, and what reading them gave. */
export type Received = { sha256: string; content: Archive | Failure };

/** What upstream's git says, asked only to explain a tree that differs. */
export type UpstreamFacts = {
  /** `git ls-tree -r` of the expected commit: path (one character a byte) to mode and id, submodules as 160000. */
  listing: ReadonlyMap<string, TreeItem>;
  /** Upstream's commits that have the archive's tree or that its comment names; more do no harm. */
  commits: readonly { commit: string; tree: string }[];
};

/** Why an archive does not match: a sentence for the user, and lines for the job summary, both safe to print. */
export type Mismatch = {
  kind: 'recompressed' | 'repackaged' | 'changed' | 'wrong-commit' | 'attributes' | 'unreadable';
  message: string;
  details: string[];
  archive?: undefined;
};

/** `match`, with what was read, or why not. */
export type Verdict = { kind: 'match'; archive: Archive } | Mismatch;

const LISTED_PATHS = 20;
const REPACKED = 'A mirror, a cache or a proxy probably packed it again';

/**
 * What an archive is, measured against what it should be. `match` means: it holds the tree of the commit, says so, and
 * has the SHA256 that is expected, if one is. Without `upstream` a tree that differs is `changed` and no path is named.
 */
export function judge(expected: Expected, received: Received, upstream?: UpstreamFacts): Verdict {
  const { content } = received;
  const pinDiffers = expected.archiveSha256 !== undefined && expected.archiveSha256 !== received.sha256;
  if (content instanceof Failure)
    return {
      kind: 'unreadable',
      message: pinDiffers
        ? `the archive has SHA256 ${received.sha256} instead of ${expected.archiveSha256}, and cannot be read: ${content.message}`
        : content.message,
      details: [...hashes(expected, received), ...content.details],
    };
  const tree = treeId(content.entries);
  const details = [
    ...hashes(expected, received),
    `tree: expected ${expected.tree}, found ${tree}`,
    `commit: expected ${expected.commit}, the archive says ${content.comment ?? 'nothing'}`,
  ];
  if (tree !== expected.tree) return otherTree(expected, content, tree, details, upstream);
  if (content.comment !== undefined && content.comment !== expected.commit)
    return {
      kind: 'wrong-commit',
      message:
        `the archive says it is commit ${content.comment}, and ${expected.commit} was asked for. The files are the right ` +
        'ones, so the server probably answered for another commit that has them too. Set `ref` to the commit you mean, ' +
        'and if it is this one, check what serves the archive',
      details,
    };
  return samePackaging(expected, received.sha256, pinDiffers, content, details);
}

/** The tree is right; the bytes around it may not be. */
function samePackaging(
  expected: Expected,
  sha256: string,
  pinDiffers: boolean,
  archive: Archive,
  details: string[],
): Verdict {
  const tarDiffers = expected.tarSha256 !== undefined && expected.tarSha256 !== archive.tarSha256;
  if (archive.comment !== undefined && !pinDiffers && !tarDiffers) return { kind: 'match', archive };
  const found = [...archive.packaging];
  if (archive.epoch !== undefined && archive.epoch !== expected.epoch)
    found.push(`times of ${archive.epoch} instead of the commit's ${expected.epoch}`);
  details.push(...found.map((deviation) => `packaging: ${deviation}`));
  if (archive.comment === undefined)
    return {
      kind: 'repackaged',
      message:
        `the archive has the files of commit ${expected.commit} and does not name the commit, as git archive always ` +
        `does. ${REPACKED}. Point \`upstream\` at a host that serves the output of git archive`,
      details,
    };
  const what = pinDiffers
    ? `the archive has SHA256 ${sha256} instead of ${expected.archiveSha256 ?? ''}`
    : `the tar inside the archive has SHA256 ${archive.tarSha256} instead of ${expected.tarSha256 ?? ''}`;
  const same = `Its content is commit ${expected.commit} all the same: tree ${expected.tree} was recomputed from it`;
  const instead = `set \`archive-sha256\` to ${sha256}, or leave it empty and pin \`ref\` to ${expected.commit}`;
  if (tarDiffers || (expected.tarSha256 === undefined && found.length > 0))
    return {
      kind: 'repackaged',
      message:
        `${what}. ${same}, but it is packed differently: ${found.join('; ') || 'another tar'}. ${REPACKED}. Download ` +
        `from upstream itself; or, if these are the bytes you want, ${instead}`,
      details,
    };
  return {
    kind: 'recompressed',
    message:
      `${what}. ${same}, and only the compression differs. The host probably compresses its archives otherwise now; or ` +
      "the SHA256 was taken from a tag's or branch's archive, whose root folder has another name. A SHA256 that does " +
      `not match always fails: ${instead}, because the tree id vouches for the content whatever the compression`,
    details,
  };
}

function otherTree(
  { commit, tree }: Expected,
  archive: Archive,
  found: string,
  details: string[],
  upstream: UpstreamFacts | undefined,
): Verdict {
  const what = `the archive is not commit ${commit}: its tree is ${found}, and the commit's is ${tree}`;
  const byTree = upstream?.commits.find((known) => known.tree === found);
  const byComment = upstream?.commits.find((known) => known.commit === archive.comment && known.commit !== commit);
  const other = byTree ?? byComment;
  if (other !== undefined)
    return {
      kind: 'wrong-commit',
      message:
        `${what}. ${byTree === undefined ? 'It says it is' : 'It has the files of'} upstream's commit ${other.commit}` +
        `${other.tree === found ? '' : ', whose tree it does not have either'}. The server probably answered for ` +
        'another commit, or the pins belong to two different ones. Set `ref` and `archive-sha256` from the same commit',
      details,
    };
  if (upstream === undefined)
    return { kind: 'changed', message: `${what}. Upstream's files could not be compared. ${UNTRUSTED}`, details };
  const differences = compare(upstream.listing, archive);
  details.push(...describe(differences));
  const causes = explain(differences, upstream.listing, archive);
  if (causes.length > 0)
    return {
      kind: 'attributes',
      message:
        `${what}. Upstream's own settings explain every difference: ${causes.join('; ')}. git archive leaves out or ` +
        'rewrites such files, so no archive of this commit can be verified against its tree. Choose a `ref` without ' +
        'them, or ask upstream to remove them',
      details,
    };
  const count = (kind: string): number => differences.filter((difference) => kindOf(difference) === kind).length;
  return {
    kind: 'changed',
    message:
      `${what}. Compared with upstream's files, paths added: ${count('added')}, removed: ${count('removed')}, ` +
      `modified: ${count('modified')}. ${UNTRUSTED}`,
    details,
  };
}

const UNTRUSTED =
  'Something on the way changed the content, or the archive was built from other files: do not use it, and do not ' +
  'change the pins to fit. Try from another network; if the content stays the same, tell upstream';

function hashes({ archiveSha256, tarSha256 }: Expected, { sha256, content }: Received): string[] {
  const lines = [`SHA256 of the archive: expected ${archiveSha256 ?? 'any'}, found ${sha256}`];
  if (!(content instanceof Failure))
    lines.push(`SHA256 of the tar: expected ${tarSha256 ?? 'any'}, found ${content.tarSha256}`);
  return lines;
}

/** Folders are left out: they differ when what they hold differs. */
function compare(listing: ReadonlyMap<string, TreeItem>, archive: Archive): Difference[] {
  const ours = pathIds(archive.entries);
  const differences: Difference[] = [];
  for (const path of [...new Set([...listing.keys(), ...ours.keys()])].sort()) {
    const [theirs, mine] = [leaf(listing.get(path)), leaf(ours.get(path))];
    if (theirs?.id !== mine?.id || theirs?.mode !== mine?.mode)
      differences.push({ path, upstream: theirs, archive: mine });
  }
  return differences;
}

function leaf(item: TreeItem | undefined): TreeItem | undefined {
  return item?.mode === '040000' ? undefined : item;
}

function kindOf({ upstream, archive }: Difference): 'added' | 'removed' | 'modified' {
  if (upstream === undefined) return 'added';
  return archive === undefined ? 'removed' : 'modified';
}

function describe(differences: readonly Difference[]): string[] {
  const lines = differences.slice(0, LISTED_PATHS).map((difference) => {
    const { path, upstream, archive } = difference;
    const modes = upstream && archive && upstream.mode !== archive.mode ? ` (${upstream.mode} → ${archive.mode})` : '';
    return `${kindOf(difference)}: ${printablePath(path)}${modes}`;
  });
  const rest = differences.length - lines.length;
  return rest > 0 ? [...lines, `and ${rest} more`] : lines;
}
