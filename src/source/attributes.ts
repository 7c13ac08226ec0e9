import { printablePath } from '../text.js';
import type { Archive } from './archive.js';
import { type TreeItem, pathIds } from './tree.js';

/** A path (one character a byte) of which upstream's listing and the archive do not have the same. */
export type Difference = { path: string; upstream: TreeItem | undefined; archive: TreeItem | undefined };

const GITLINK_MODE = '160000';
/** More of them make a regular expression slow on a long path. */
const MOST_STARS = 2;
const MOST_PATTERN_BYTES = 255;
const MOST_FILE_BYTES = 65_536;
/** Rules times the squares of the lengths of paths, which is what two stars can cost: a second or two. */
const MOST_STEPS = 5e8;
/** What a rule costs on the shortest path. */
const LEAST_LENGTH = 100;

/**
 * The causes in upstream's own settings (submodules, and what gitattributes(5) lets `git archive` leave out or rewrite),
 * if they account for every difference; else nothing. A diagnosis, never a permission: such an archive fails as well. It
 * is given up where upstream has more rules than can be tried on so many and so long paths; a .gitattributes of more
 * than 64 kB has none here.
 */
export function explain(
  differences: readonly Difference[],
  listing: ReadonlyMap<string, TreeItem>,
  archive: Archive,
): string[] {
  const steps = differences.reduce((sum, { path }) => sum + Math.max(path.length, LEAST_LENGTH) ** 2, 0);
  const rules = readRules(listing, archive, MOST_STEPS / steps);
  if (rules === undefined) return [];
  const causes = new Set<string>();
  for (const { path, upstream, archive: ours } of differences) {
    if (upstream?.mode === GITLINK_MODE && ours === undefined) {
      causes.add(`the submodule ${printablePath(path)}`);
      continue;
    }
    const rewritten = ours !== undefined && ours.mode === upstream?.mode;
    if (ours !== undefined && !rewritten) return [];
    const rule = rules.find((candidate) => candidate.rewrites === rewritten && candidate.applies(path));
    if (rule === undefined) return [];
    causes.add(rule.cause);
  }
  return [...causes];
}

type Rule = { cause: string; rewrites: boolean; applies(path: string): boolean };

/**
 * What upstream's .gitattributes files may leave out or rewrite. Only a file that the archive has unchanged can be
 * read; one that it lacks may itself be ignored, and with it anything beside it. Undefined where there are more than `most`.
 */
function readRules(listing: ReadonlyMap<string, TreeItem>, archive: Archive, most: number): Rule[] | undefined {
  const ours = pathIds(archive.entries);
  const texts = new Map(archive.entries.map(({ path, data }) => [path, data]));
  const rules: Rule[] = [];
  for (const [path, { id }] of listing) {
    if (!/(?:^|\/)\.gitattributes$/.test(path)) continue;
    const base = path.slice(0, -'.gitattributes'.length);
    const found = ours.get(path);
    if (found === undefined) {
      const cause = `${printablePath(path)}, which the archive lacks`;
      rules.push({ cause, rewrites: false, applies: (candidate) => candidate.startsWith(base) });
    } else if (found.id === id) {
      const data = texts.get(path) ?? Buffer.alloc(0);
      if (data.length > MOST_FILE_BYTES) continue;
      for (const line of data.toString('latin1').split(/\r?\n/)) rules.push(...parseRule(line, path, base));
    }
    if (rules.length > most) return undefined;
  }
  return rules;
}

/** Patterns with classes, quotes or many wildcards, and long ones, match nothing here: then the verdict is the sterner one. */
function parseRule(line: string, file: string, base: string): Rule[] {
  const [pattern = '', ...attributes] = line.trim().split(/[ \t]/);
  const stars = pattern.match(/\*+/g)?.length ?? 0;
  if (/^#|["[\]\\]/.test(pattern)) return [];
  if (stars > MOST_STARS || pattern.length > MOST_PATTERN_BYTES) return [];
  const glob = pattern
    .replace(/^\//, '')
    .replace(/[.+^${}()|]/g, '\\$&')
    .replace(/\*\*\/|\*+|\?/g, (wild) => (wild === '**/' ? '(?:.*/)?' : wild === '?' ? '[^/]' : '[^/]*'));
  const start = pattern.includes('/') ? '^' : '^(?:.*/)?';
  const rule = (attribute: string, rewrites: boolean): Rule => {
    const matcher = new RegExp(`${start}${glob}${rewrites ? '' : '(?:/.*)?'}$`, 's');
    const applies = (path: string): boolean => path.startsWith(base) && matcher.test(path.slice(base.length));
    return { cause: `${printablePath(attribute)} in ${printablePath(file)}`, rewrites, applies };
  };
  return attributes.flatMap((attribute) => {
    if (attribute === 'export-ignore') return [rule(attribute, false)];
    return /^(?:export-subst$|ident$|eol=|working-tree-encoding=)/.test(attribute) ? [rule(attribute, true)] : [];
  });
}
