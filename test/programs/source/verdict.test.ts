import { rmSync } from 'node:fs';
import { afterAll, describe, expect, test } from 'vitest';
import { Failure } from '../../../src/errors.js';
import { sha256 } from '../../../src/hash.js';
import { type Archive, readArchive, readArchiveTar } from '../../../src/source/archive.js';
import { pathIds, treeId } from '../../../src/source/tree.js';
import { type Expected, type Mismatch, type UpstreamFacts, type Verdict, judge } from '../../../src/source/verdict.js';
import { TAR_EPOCH, file, folder, pax, symlink, tarOf } from '../../support/tar.js';
import { commitOf, gzip, tarOfCommit, temporary } from '../../support/repository.js';

const place = temporary();
afterAll(() => {
  rmSync(place, { recursive: true });
});

const COMMIT = 'b42ed821472b78866a36e18d315de695b84e7887';
const OTHER = '14f831c02b396c757f44a016edae2f4124f52035';
const ACTUAL = 'a'.repeat(64);
const PIN = 'b'.repeat(64);

function archiveWith(members: Buffer[], comment: string | undefined = COMMIT): Archive {
  return readArchiveTar(tarOf(pax('g', { comment }), folder('r'), ...members));
}

const ARCHIVE = archiveWith([file('r/a', 'text'), folder('r/d'), file('r/d/x', '#!', { mode: 0o775 })]);
const EXPECTED: Expected = { commit: COMMIT, tree: treeId(ARCHIVE.entries), epoch: TAR_EPOCH };
const UPSTREAM: UpstreamFacts = { listing: pathIds(ARCHIVE.entries), commits: [] };

function mismatch(verdict: Verdict): Mismatch {
  if (verdict.kind === 'match') throw new Error('is a match');
  return verdict;
}

function judged(archive: Archive | Failure, expected: Partial<Expected> = {}, upstream?: UpstreamFacts): Mismatch {
  return mismatch(judge({ ...EXPECTED, ...expected }, { sha256: ACTUAL, content: archive }, upstream));
}

describe('a match has the tree, the comment, and the hashes that are expected', () => {
  test.each<[string, Partial<Expected>, Archive]>([
    ['no pin', {}, ARCHIVE],
    ['the pin', { archiveSha256: ACTUAL }, ARCHIVE],
    ['the pin and the tar', { archiveSha256: ACTUAL, tarSha256: ARCHIVE.tarSha256 }, ARCHIVE],
    ['the tar alone', { tarSha256: ARCHIVE.tarSha256 }, ARCHIVE],
    ['a packaging of its own, and nothing pinned', {}, { ...ARCHIVE, packaging: ['times'], epoch: 5 }],
    ['a packaging of its own, and pinned', { archiveSha256: ACTUAL }, { ...ARCHIVE, packaging: ['times'] }],
  ])('%s', (_name, expected, archive) => {
    expect(judge({ ...EXPECTED, ...expected }, { sha256: ACTUAL, content: archive })).toEqual({
      kind: 'match',
      archive,
    });
  });
});

describe('the same tree with other bytes', () => {
  test('is recompressed when it is packed as git packs it', () => {
    const { kind, message, details } = judged(ARCHIVE, { archiveSha256: PIN });
    expect(kind).toBe('recompressed');
    expect(message).toContain(`the archive has SHA256 ${ACTUAL} instead of ${PIN}`);
    expect(message).toContain('only the compression differs');
    expect(message).toContain('A SHA256 that does not match always fails');
    expect(message).toContain(`set \`archive-sha256\` to ${ACTUAL}, or leave it empty and pin \`ref\` to ${COMMIT}`);
    expect(details).toContain(`SHA256 of the archive: expected ${PIN}, found ${ACTUAL}`);
  });

  test('is recompressed when a lock knows its tar, however that is packed', () => {
    const archive = { ...ARCHIVE, packaging: ['times'], epoch: 5 };
    expect(judged(archive, { archiveSha256: PIN, tarSha256: ARCHIVE.tarSha256 }).kind).toBe('recompressed');
  });

  test.each<[string, Partial<Expected>, Partial<Archive>, RegExp]>([
    [
      'it is packed otherwise',
      { archiveSha256: PIN },
      { packaging: ['x', 'y'] },
      /packed differently: x; y\. A mirror/,
    ],
    ['it has other times', { archiveSha256: PIN }, { epoch: 5 }, /times of 5 instead of the commit's 1700000000/],
    [
      'a lock knows another tar',
      { archiveSha256: PIN, tarSha256: PIN },
      {},
      /SHA256 a+ instead of b+.*: another tar\./,
    ],
    [
      'only the tar of a lock differs',
      { tarSha256: PIN },
      {},
      /^the tar inside the archive has SHA256 \w+ instead of b+/,
    ],
    ['the tar differs under a right pin', { archiveSha256: ACTUAL, tarSha256: PIN }, {}, /^the tar inside/],
    ['it does not name its commit', {}, { comment: undefined }, /does not name the commit, as git archive always does/],
    [
      'it names no commit, and is pinned',
      { archiveSha256: ACTUAL },
      { comment: undefined },
      /does not name the commit/,
    ],
  ])('is repackaged when %s', (_name, expected, changes, words) => {
    const { kind, message } = judged({ ...ARCHIVE, ...changes }, expected);
    expect(kind).toBe('repackaged');
    expect(message).toMatch(words);
  });

  test('is told with what was expected and found', () => {
    expect(judged({ ...ARCHIVE, comment: undefined }).details).toEqual([
      `SHA256 of the archive: expected any, found ${ACTUAL}`,
      `SHA256 of the tar: expected any, found ${ARCHIVE.tarSha256}`,
      `tree: expected ${EXPECTED.tree}, found ${EXPECTED.tree}`,
      `commit: expected ${COMMIT}, the archive says nothing`,
    ]);
    const odd = { ...ARCHIVE, packaging: ['x'], epoch: undefined };
    expect(judged(odd, { archiveSha256: PIN, tarSha256: PIN }).details).toEqual([
      `SHA256 of the archive: expected ${PIN}, found ${ACTUAL}`,
      `SHA256 of the tar: expected ${PIN}, found ${ARCHIVE.tarSha256}`,
      `tree: expected ${EXPECTED.tree}, found ${EXPECTED.tree}`,
      `commit: expected ${COMMIT}, the archive says ${COMMIT}`,
      'packaging: x',
    ]);
  });

  test('is the wrong commit when it names another one', () => {
    for (const expected of [{}, { archiveSha256: ACTUAL }, { archiveSha256: PIN }]) {
      const { kind, message } = judged({ ...ARCHIVE, comment: OTHER }, expected);
      expect(kind).toBe('wrong-commit');
      expect(message).toContain(`the archive says it is commit ${OTHER}, and ${COMMIT} was asked for`);
    }
  });
});

describe('another tree', () => {
  const changed = archiveWith([file('r/a', 'TEXT'), folder('r/d'), file('r/d/new\n', '')]);

  test('never matches, whatever is pinned', () => {
    for (const expected of [{}, { archiveSha256: ACTUAL }, { archiveSha256: ACTUAL, tarSha256: changed.tarSha256 }])
      expect(judged(changed, expected, UPSTREAM).kind).toBe('changed');
  });

  test('is told by its paths, escaped', () => {
    const { message, details } = judged(changed, {}, UPSTREAM);
    expect(message).toContain(`its tree is ${treeId(changed.entries)}, and the commit's is ${EXPECTED.tree}`);
    expect(message).toContain('paths added: 1, removed: 1, modified: 1.');
    expect(message).toContain('do not use it');
    expect(details.slice(-3)).toEqual(['modified: a', 'added: d/new\\u{a}', 'removed: d/x']);
    expect(details).toContain(`tree: expected ${EXPECTED.tree}, found ${treeId(changed.entries)}`);
  });

  test('may differ in modes alone', () => {
    const modes = archiveWith([file('r/a', 'text', { mode: 0o775 }), folder('r/d'), symlink('r/d/x', '#!')]);
    expect(judged(modes, {}, UPSTREAM).details.slice(-2)).toEqual([
      'modified: a (100644 → 100755)',
      'modified: d/x (100755 → 120000)',
    ]);
  });

  test('lists twenty paths and counts the rest', () => {
    const files = (count: number): Archive =>
      archiveWith(Array.from({ length: count }, (_, i) => file(`r/f${i.toString().padStart(2, '0')}`)));
    const before = UPSTREAM.listing.size - 1;
    expect(judged(files(20 - before), {}, UPSTREAM).details.at(-1)).toBe('added: f17');
    const { details } = judged(files(23), {}, UPSTREAM);
    expect(details.filter((line) => /^(added|removed): /.test(line))).toHaveLength(20);
    expect(details.at(-1)).toBe('and 5 more');
  });

  test('is changed even where upstream could not be asked', () => {
    const { kind, message } = judged(changed);
    expect(kind).toBe('changed');
    expect(message).toContain("Upstream's files could not be compared");
  });

  const tree = treeId(changed.entries);
  test.each<[string, UpstreamFacts['commits'], string | undefined, RegExp]>([
    ['the tree of', [{ commit: OTHER, tree }], COMMIT, new RegExp(`It has the files of upstream's commit ${OTHER}\\.`)],
    ['tree and name of', [{ commit: OTHER, tree }], OTHER, /It has the files of upstream's commit 14f831c\w+\./],
    [
      'the name of',
      [{ commit: OTHER, tree: '0'.repeat(40) }],
      OTHER,
      /It says it is .* 14f831c\w+, whose tree it does/,
    ],
  ])('is the wrong commit when it has %s another', (_name, commits, comment, words) => {
    const { kind, message } = judged({ ...changed, comment }, {}, { ...UPSTREAM, commits });
    expect(kind).toBe('wrong-commit');
    expect(message).toMatch(words);
  });

  test.each<[string, UpstreamFacts['commits'], string | undefined]>([
    ['its own name', [{ commit: COMMIT, tree: EXPECTED.tree }], COMMIT],
    ['a name unknown upstream', [{ commit: COMMIT, tree: EXPECTED.tree }], OTHER],
    ['no name', [{ commit: OTHER, tree: EXPECTED.tree }], undefined],
  ])('is changed when it has %s', (_name, commits, comment) => {
    expect(judged({ ...changed, comment }, {}, { ...UPSTREAM, commits }).kind).toBe('changed');
  });
});

test('what cannot be read keeps its sentence and tells the hashes, first of all the one that is not the pin', () => {
  const failure = new Failure('verification', 'the archive ends early');
  expect(judged(failure, { archiveSha256: PIN }, UPSTREAM)).toEqual({
    kind: 'unreadable',
    message: `the archive has SHA256 ${ACTUAL} instead of ${PIN}, and cannot be read: ${failure.message}`,
    details: [`SHA256 of the archive: expected ${PIN}, found ${ACTUAL}`],
  });
  for (const archiveSha256 of [ACTUAL, undefined])
    expect(judged(failure, { archiveSha256 }, UPSTREAM)).toMatchObject({ message: failure.message });
  expect(judged(new Failure('verification', 'x', { details: ['y'] })).details.at(-1)).toBe('y');
});

test('a real archive compressed again is recompressed, and matches without a pin', () => {
  const commit = commitOf(place, [{ path: 'a', mode: '100644', data: Buffer.from('text '.repeat(100)) }]);
  const [before, after] = [gzip(tarOfCommit(commit), '-6'), gzip(tarOfCommit(commit), '-1')];
  const received = { sha256: sha256(after), content: readArchive(after) };
  const expected = { commit: commit.commit, tree: commit.tree, epoch: received.content.epoch ?? 0 };
  expect(judge({ ...expected, archiveSha256: sha256(before) }, received)).toMatchObject({ kind: 'recompressed' });
  expect(judge(expected, received)).toEqual({ kind: 'match', archive: received.content });
});
