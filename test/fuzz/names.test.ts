import fc from 'fast-check';
import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { pathFault } from '../../src/source/tree.js';
import { git } from '../support/repository.js';
import { FUZZ, SCRATCH, timeFor } from './budget.js';

const BATCH = 2_000;
const EMPTY_BLOB = 'e69de29bb2d1d6434b8b29ae775ad8c2e48c5391';
/** What `git fsck` says of names that git would not check out. */
const COMPLAINTS = /in tree ([0-9a-f]{40}): (?:hasDotgit|hasDot|hasDotdot|gitmodulesSymlink|fullPathname|emptyName):/g;

/** Names that mean `.git` or `.gitmodules` on some file system, and such as only seem to; a character a byte. */
const STEMS = [
  ...['.git', '.GiT', 'git~1', 'GIT~1', 'git~2', '.gitx', 'x.git', 'git', '.', '..', '...'],
  ...['.gitmodules', '.gitModules', 'gitmod~1', 'GITMOD~4', 'gitmod~5', 'gi7eba~1', 'GI7EB~12', 'gi7~1234', '~1234567'],
  ...['gi7eba~0', 'gi7eb~1', 'gi7~123', '~123456', 'gi7ebb~1', 'gitmodules'],
];
const MARKS = ['\xe2\x80\x8c', '\xe2\x80\xae', '\xe2\x81\xaf', '\xef\xbb\xbf', '\xe2\x80\x8b'];
const ODD = ['\xff', '\xc3', '\xed\xa0\x80', '\xef\xbf\xbe', '\xef\xbf\xbd', '\xf4\x8f\xbf\xbf', '\xc3\xa9'];
const ENDS = ['.', ' ', ':', '::$DATA', '\\', 'x', '1', '~1', ...MARKS, ...ODD];
const some = (of: string[]) => fc.array(fc.constantFrom(...of), { maxLength: 2 }).map((pieces) => pieces.join(''));
const name = fc
  .tuple(fc.constantFrom(...STEMS), fc.nat(12), some([...MARKS, ...MARKS, 'x']), some(ENDS), some(ENDS))
  .map(([stem, at, inside, end, more]) => `${stem.slice(0, at)}${inside}${stem.slice(at)}${end}${more}`);
const item = fc.record({ name, kind: fc.constantFrom('file' as const, 'symlink' as const) });
type Item = { name: string; kind: 'file' | 'symlink' };

const HERMETIC = { PATH: process.env.PATH, LC_ALL: 'C', GIT_CONFIG_NOSYSTEM: '1', GIT_CONFIG_GLOBAL: '/dev/null' };
const folder = mkdtempSync(join(SCRATCH, 'phantun-fuzz-'));
afterAll(() => {
  rmSync(folder, { recursive: true });
});

/** Those that git complains of. Each is the one entry of a tree; one process makes them, one judges them. */
function refusedByGit(items: readonly Item[]): Set<Item> {
  git(folder, ['init', '--quiet', '--bare', '--template=', '.']);
  git(folder, ['hash-object', '-w', '--stdin'], '');
  const lines = items.map(
    ({ name: each, kind }) => `${kind === 'file' ? '100644' : '120000'} blob ${EMPTY_BLOB}\t${each}\0\0`,
  );
  const made = git(folder, ['-c', 'core.fsync=none', 'mktree', '-z', '--batch'], Buffer.from(lines.join(''), 'latin1'));
  const ids = made.toString().trim().split('\n');
  // What it finds goes to stderr, and into its exit code.
  const { stderr } = spawnSync('git', ['fsck', '--no-dangling', '--no-progress'], { cwd: folder, env: HERMETIC });
  const refused = new Set([...stderr.toString('latin1').matchAll(COMPLAINTS)].map(([, id]) => id));
  return new Set(items.filter((_, index) => refused.has(ids[index])));
}

test(
  'no name is accepted that git refuses, and plain ones are refused only where git does it',
  () => {
    let refusals = 0;
    for (let done = 0; done < FUZZ.cases; done += BATCH) {
      const items = fc.sample(item, { seed: FUZZ.seed + done, numRuns: Math.min(BATCH, FUZZ.cases) });
      const refused = refusedByGit(items);
      const ours = (one: Item) => pathFault(one.name, one.kind) !== undefined;
      expect(items.filter((one) => refused.has(one) && !one.name.includes('\\') && !ours(one))).toEqual([]);
      const isPlain = (one: Item) => /^[\x20-[\]-\x7e]+$/.test(one.name);
      expect(items.filter((one) => isPlain(one) && ours(one) && !refused.has(one))).toEqual([]);
      refusals += refused.size;
      rmSync(`${folder}/objects`, { recursive: true });
    }
    expect(refusals).toBeGreaterThan(FUZZ.cases / 40);
  },
  timeFor(FUZZ.cases, 5),
);
