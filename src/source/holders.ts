import { Failure } from '../errors.js';
import { printable } from '../text.js';
import type { Git } from './git.js';

/** The most branches and tags that are named: a lock names each, and one of thousands would be too large to be read back. */
export const MAX_HOLDERS = 100;

/**
 * Full names of the branches and tags below `mirror` whose history holds the commit, as upstream has them: the branches first,
 * each kind by its names. Of more than 100 the first 100 are named, and with them always the ref that was asked for, if it is a
 * branch or a tag: that one holds its own commit.
 */
export async function holders(git: Git, mirror: string, commit: string, asked: string): Promise<string[]> {
  const { code, stdout, stderr } = await git.local([
    'for-each-ref',
    `--contains=${commit}`,
    `--count=${MAX_HOLDERS}`,
    '--format=%(refname)',
    `${mirror}heads`,
    `${mirror}tags`,
  ]);
  if (code !== 0) throw new Failure('local', `git for-each-ref failed: ${printable(stderr)}`);
  const names = stdout
    .toString('utf8')
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => line.replace(mirror, 'refs/'));
  // What is left out comes after all that is named, so the order stays that of the names.
  if (names.length === MAX_HOLDERS && asked.startsWith('refs/') && !names.includes(asked)) names.splice(-1, 1, asked);
  return names;
}

/** How many they are, for people: `7`, `100 or more`. Pure. */
export function countHolders(names: readonly string[]): string {
  return names.length < MAX_HOLDERS ? String(names.length) : `${MAX_HOLDERS} or more`;
}
