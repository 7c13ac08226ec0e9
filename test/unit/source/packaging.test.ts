import { describe, expect, test } from 'vitest';
import { readArchiveTar } from '../../../src/source/archive.js';
import { file, folder, member, pax, symlink, tarOf } from '../../support/tar.js';

const COMMIT = 'b42ed821472b78866a36e18d315de695b84e7887';
const GLOBAL = pax('g', { comment: COMMIT });
const ROOT = folder('r');
const A = file('r/a', 'text');
const SPELLING = 'header fields in another form';

describe('packaging tells where the tar differs from what git archive writes', () => {
  test.each<[string, Buffer[], string[]]>([
    ['another time', [GLOBAL, ROOT, file('r/a', '', { mtime: 5 })], ['entries with different times']],
    ['a user id', [GLOBAL, ROOT, file('r/a', '', { uid: 1000 })], ['owners other than uid 0 and gid 0']],
    ['a group id', [GLOBAL, ROOT, file('r/a', '', { gid: 1000 })], ['owners other than uid 0 and gid 0']],
    ['a user name', [GLOBAL, ROOT, file('r/a', '', { user: 'me' })], ['owner names other than root']],
    ['a group name', [GLOBAL, ROOT, file('r/a', '', { group: '' })], ['owner names other than root']],
    ['a mode', [GLOBAL, ROOT, file('r/a', '', { mode: 0o644 })], ['modes other than 0664, 0775 and 0777']],
    ['a mode of a folder', [GLOBAL, folder('r', { mode: 0o664 })], ['modes other than 0664, 0775 and 0777']],
    [
      'a mode of a link',
      [GLOBAL, ROOT, symlink('r/l', 'x', { mode: 0o775 })],
      ['modes other than 0664, 0775 and 0777'],
    ],
    [
      'a mode of a header',
      [pax('g', { comment: COMMIT }, { mode: 0o664 }), ROOT],
      ['modes other than 0664, 0775 and 0777'],
    ],
    ['a header of an entry', [GLOBAL, ROOT, pax('x', { path: 'r/b' }), A], []],
    [
      'a mode of such a header',
      [GLOBAL, ROOT, pax('x', { path: 'r/b' }, { mode: 0o664 }), A],
      ['modes other than 0664, 0775 and 0777'],
    ],
    ['another order', [GLOBAL, ROOT, file('r/b'), A], ["another order than git's"]],
    ['a folder sorted as a file', [GLOBAL, ROOT, folder('r/a'), file('r/a.b')], ["another order than git's"]],
    [
      'no slash',
      [GLOBAL, ROOT, member({ name: 'r/d', type: '5', mode: 0o775 })],
      ['folders without a slash at their end'],
    ],
    [
      'a root without slash',
      [GLOBAL, member({ name: 'r', type: '5', mode: 0o775 })],
      ['folders without a slash at their end'],
    ],
    ['no comment', [ROOT], ['no global header that names the commit']],
    ['a type of NUL', [GLOBAL, ROOT, file('r/a', '', { type: '\0' })], [SPELLING]],
    ['device fields', [GLOBAL, ROOT, file('r/a', '', { device: '\0'.repeat(8) })], [SPELLING]],
    ['fewer digits', [GLOBAL, ROOT, file('r/a', '', { size: '0' })], [SPELLING]],
    ['spaces after digits', [GLOBAL, ROOT, file('r/a', '', { mode: '000664 ' })], [SPELLING]],
    ['a target for a file', [GLOBAL, ROOT, file('r/a', '', { link: 'x' })], [SPELLING]],
  ])('%s', (_name, members, packaging) => {
    expect(readArchiveTar(tarOf(...members)).packaging).toEqual(packaging);
  });

  test('sorting of folders as if their names ended in a slash is right', () => {
    const members = [file('r/a.b'), folder('r/a'), file('r/a/x'), file('r/a0')];
    expect(readArchiveTar(tarOf(GLOBAL, ROOT, ...members)).packaging).toEqual([]);
  });

  test('another length, and no one time', () => {
    const tar = tarOf(GLOBAL, ROOT, file('r/a', '', { mtime: 5 }));
    const archive = readArchiveTar(Buffer.concat([tar, Buffer.alloc(512)]));
    expect(archive.packaging).toEqual([
      'entries with different times',
      'its length is not the next multiple of 10240 bytes',
    ]);
    expect(archive.epoch).toBeUndefined();
  });

  test.each([16, 17, 18, 19])('the length is right with %i blocks', (blocks) => {
    const data = Buffer.alloc((blocks - 4) * 512, 'x');
    expect(readArchiveTar(tarOf(GLOBAL, ROOT, file('r/a', data))).packaging).toEqual([]);
  });
});
