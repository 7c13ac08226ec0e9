import { rmSync } from 'node:fs';
import { afterAll, describe, expect, test } from 'vitest';
import { type Archive, readArchive } from '../../../src/source/archive.js';
import { explain } from '../../../src/source/attributes.js';
import { type TreeItem, pathIds } from '../../../src/source/tree.js';
import { type Mismatch, judge } from '../../../src/source/verdict.js';
import { COMMIT_EPOCH, archiveOf, commitOf, lsTree, temporary } from '../../support/repository.js';
import type { Blob, Commit } from '../../support/repository.js';

const OTHER = '14f831c02b396c757f44a016edae2f4124f52035';
const place = temporary();
afterAll(() => {
  rmSync(place, { recursive: true });
});

describe('attributes and submodules, with real archives', () => {
  const blob = (path: string, data = path): Blob => ({ path, mode: '100644', data: Buffer.from(data) });
  const outcome = (commit: Commit, change = (archive: Archive): Archive => archive): Mismatch => {
    const content = change(readArchive(archiveOf(commit)));
    const expected = { commit: commit.commit, tree: commit.tree, epoch: COMMIT_EPOCH };
    const verdict = judge(expected, { sha256: '', content }, { listing: lsTree(commit), commits: [] });
    if (verdict.kind === 'match') throw new Error('is a match');
    return verdict;
  };
  const withFile = (path: string, data: string) => (archive: Archive) => ({
    ...archive,
    entries: [
      ...archive.entries.filter((entry) => entry.path !== path),
      { path, kind: 'file' as const, executable: false, data: Buffer.from(data) },
    ],
  });
  /** What is explained of these paths, which an archive lacks or has otherwise, by .gitattributes files that it has as they are. */
  const explained = (files: Record<string, string>, differing: readonly string[], ours?: TreeItem) => {
    const entries = Object.entries(files).map(([path, text]) => {
      return { path, kind: 'file' as const, executable: false, data: Buffer.from(text) };
    });
    const upstream = { mode: '100644', id: OTHER };
    const differences = differing.map((path) => ({ path, upstream, archive: ours }));
    return explain(differences, pathIds(entries), { entries } as unknown as Archive);
  };
  const lines = (count: number) => Array.from({ length: count }, (_, index) => `x${index} export-ignore\n`).join('');
  const paths = (count: number) => Array.from({ length: count }, (_, index) => `${index}z`);
  const SUBST = [blob('.gitattributes', 'version export-subst\n'), blob('version', '$Format:%H$\n'), blob('z')];
  const IGNORE = [blob('.gitattributes', '# tests\n/tests export-ignore\n*.md export-ignore\n')];
  const IGNORED = [...IGNORE, blob('tests/x/y'), blob('a.md'), blob('b/c.md'), blob('kept')];

  test.each<[string, Blob[], string[]]>([
    ['export-subst', SUBST, ['export-subst in .gitattributes']],
    ['export-ignore', IGNORED, ['export-ignore in .gitattributes']],
    [
      'one that ignores itself',
      [blob('.gitattributes', '.gitattributes export-ignore\n'), blob('a')],
      ['archive lacks'],
    ],
    ['one in a folder', [blob('d/.gitattributes', 'x export-ignore\n'), blob('d/x'), blob('x')], ['d/.gitattributes']],
    ['line ends', [blob('.gitattributes', '*.bat text eol=crlf\n'), blob('a.bat', 'x\n')], ['eol=crlf in']],
    [
      'two stars',
      [blob('.gitattributes', '*er*on export-subst\n'), blob('version', '$Format:%H$\n')],
      ['export-subst'],
    ],
    [
      'a pattern with a folder',
      [blob('.gitattributes', 'd/**/x? export-ignore\n'), blob('d/e/f/xy')],
      ['export-ignore'],
    ],
  ])('explain: %s', (_name, blobs, causes) => {
    const { kind, message } = outcome(commitOf(place, blobs));
    expect(kind).toBe('attributes');
    for (const cause of causes) expect(message).toContain(cause);
  });

  test('explain: a submodule', () => {
    const { kind, message, details } = outcome(commitOf(place, [blob('a')], [{ path: 'sub', commit: OTHER }]));
    expect(kind).toBe('attributes');
    expect(message).toContain('the submodule sub');
    expect(details.at(-1)).toBe('removed: sub');
  });

  test.each<[string, Blob[], (archive: Archive) => Archive]>([
    ['a file that is added', SUBST, withFile('new', 'x')],
    ['a file that no pattern names', SUBST, withFile('z', 'x')],
    ['an ignored file that came changed', IGNORED, withFile('a.md', 'x')],
    ['a changed .gitattributes', SUBST, withFile('.gitattributes', '* export-subst')],
    [
      'a file that lost its place',
      IGNORED,
      (archive) => ({ ...archive, entries: archive.entries.filter(({ path }) => path !== 'kept') }),
    ],
  ])('do not excuse %s', (_name, blobs, change) => {
    expect(outcome(commitOf(place, blobs), change).kind).toBe('changed');
  });

  test.each([
    'version -export-subst',
    'version !export-subst',
    'version export-subst=no',
    'v export-subst',
    'vers? export-subst',
    '# version export-subst',
    '*v*e*r*s*i*o*n export-subst',
    '[v]ersion export-subst',
    '"version" export-subst',
    '\\version export-subst',
  ])('do not excuse a change with the line %j', (line) => {
    const commit = commitOf(place, [blob('.gitattributes', `${line}\n`), blob('version', 'x')]);
    expect(outcome(commit, withFile('version', 'y')).kind).toBe('changed');
  });

  test.each<[string, Record<string, string>, string[], string[]]>([
    [
      'few rules for few paths',
      { '.gitattributes': `${lines(49)}*z export-ignore` },
      paths(1_000),
      ['export-ignore in .gitattributes'],
    ],
    ['more rules for as many paths', { '.gitattributes': `${lines(49)}*z export-ignore` }, paths(1_001), []],
    [
      'rules in many files',
      { 'a/.gitattributes': lines(25), '.gitattributes': `${lines(25)}*z export-ignore` },
      paths(1_000),
      [],
    ],
    [
      'rules for long paths',
      { '.gitattributes': `${lines(49)}*z export-ignore` },
      [...paths(900), `${'x'.repeat(1_001)}z`],
      [],
    ],
    [
      'a file of 64 kB',
      { '.gitattributes': '*z export-ignore'.padEnd(65_536) },
      ['z'],
      ['export-ignore in .gitattributes'],
    ],
    ['a file of more', { '.gitattributes': '*z export-ignore'.padEnd(65_537) }, ['z'], []],
    [
      'a pattern that is long',
      { '.gitattributes': `${'z'.repeat(255)} export-ignore` },
      ['z'.repeat(255)],
      ['export-ignore in .gitattributes'],
    ],
    ['a pattern that is longer', { '.gitattributes': `${'z'.repeat(256)} export-ignore` }, ['z'.repeat(256)], []],
    ['no file of that name', { '.gitattributes.bak': 'z export-ignore' }, ['.gitz'], []],
    ['blanks', { '.gitattributes': ' z \t export-ignore ' }, ['z'], ['export-ignore in .gitattributes']],
    ['many stars in a row', { '.gitattributes': 'z**** export-ignore' }, ['zz'], ['export-ignore in .gitattributes']],
    ['# that is no comment', { '.gitattributes': 'z# export-ignore' }, ['z#'], ['export-ignore in .gitattributes']],
    ['a slash within', { '.gitattributes': 'a/z export-ignore' }, ['a/z'], ['export-ignore in .gitattributes']],
    ['no slash there', { '.gitattributes': 'a/z export-ignore' }, ['az'], []],
    [
      'a folder’s own file',
      { 'd/.gitattributes': 'a/z export-ignore' },
      ['d/a/z'],
      ['export-ignore in d/.gitattributes'],
    ],
    ['what is beside that folder', { 'd/.gitattributes': 'a/z export-ignore' }, ['a/z'], []],
    ['an attribute that only begins like one', { '.gitattributes': 'z export-ignored' }, ['z'], []],
  ])('explain: %s', (_name, files, missing, causes) => {
    expect(explained(files, missing)).toEqual(causes);
  });

  test('explain: a file that is gone, by those of its folder, which is gone as well', () => {
    const upstream = { mode: '100644', id: OTHER };
    const listing = new Map([['d/.gitattributes', upstream]]);
    const of = (path: string) =>
      explain([{ path, upstream, archive: undefined }], listing, { entries: [] } as unknown as Archive);
    expect(of('d/a')).toEqual(['d/.gitattributes, which the archive lacks']);
    expect(of('e/d/')).toEqual([]);
  });

  test.each<[string, string, TreeItem]>([
    ['another mode', '100644', { mode: '100755', id: OTHER }],
    ['a file where a submodule is', '160000', { mode: '100644', id: OTHER }],
  ])('do not excuse %s, whatever the attributes', (_name, mode, archive) => {
    for (const attribute of ['export-ignore', 'ident']) {
      const entries = [
        { path: '.gitattributes', kind: 'file' as const, executable: false, data: Buffer.from(`z ${attribute}`) },
      ];
      const differences = [{ path: 'z', upstream: { mode, id: OTHER }, archive }];
      expect(explain(differences, pathIds(entries), { entries } as unknown as Archive)).toEqual([]);
    }
  });

  test('do not excuse a change by an attribute that only begins like one that rewrites', () => {
    expect(explained({ '.gitattributes': 'z identity' }, ['z'], { mode: '100644', id: '0'.repeat(40) })).toEqual([]);
  });

  test('explain: an attribute that could break the line', () => {
    const causes = explained({ '.gitattributes': 'z eol=\u001b' }, ['z'], { mode: '100644', id: '0'.repeat(40) });
    expect(causes).toEqual(['eol=\\u{1b} in .gitattributes']);
  });

  test('do not excuse a file put where a submodule is', () => {
    const commit = commitOf(place, [blob('a')], [{ path: 'sub', commit: OTHER }]);
    const evil = { path: 'sub/evil', kind: 'file' as const, executable: false, data: Buffer.from('x') };
    expect(outcome(commit, (archive) => ({ ...archive, entries: [...archive.entries, evil] })).kind).toBe('changed');
  });
});
