import { existsSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { describe, expect, test } from 'vitest';
import { readArchive, readArchiveTar } from '../../../src/source/archive.js';
import { failureOf, file, folder, member, pax, paxRecord, symlink, tarOf, tarballOf } from '../../support/tar.js';

const COMMIT = 'b42ed821472b78866a36e18d315de695b84e7887';
const GLOBAL = pax('g', { comment: COMMIT });
const ROOT = folder('r');
const A = file('r/a', 'text');

/** Each rule of the reader has a row of its own: the tar breaks that rule and no other. */
const REFUSED: [string, Buffer[], RegExp][] = [
  // What an entry may be
  ['a hard link', [ROOT, A, member({ name: 'r/h', type: '1', link: 'r/a' })], /'r\/h' is a hard link/],
  ['a character device', [ROOT, member({ name: 'r/null', type: '3' })], /'r\/null' is a character device/],
  ['a block device', [ROOT, member({ name: 'r/sda', type: '4' })], /is a block device/],
  ['a FIFO', [ROOT, member({ name: 'r/pipe', type: '6' })], /is a FIFO/],
  ['a contiguous file', [ROOT, member({ name: 'r/c', type: '7' })], /unknown type '7'/],
  ['a GNU long name', [ROOT, member({ name: '././@LongLink', type: 'L', data: 'r/b\0' })], /unknown type 'L'/],
  ['a type of a control character', [ROOT, member({ name: 'r/c', type: '\x1b' })], /unknown type '\\u\{1b\}'/],
  ['a folder with content', [ROOT, folder('r/d', { data: 'x' })], /is a directory with content/],
  ['a link with content', [ROOT, symlink('r/l', 'a', { data: 'x' })], /is a symlink with content/],
  ['a link without a target', [ROOT, symlink('r/l', '')], /without a sound target/],
  ['a link to a NUL byte', [ROOT, pax('x', { linkpath: 'a\0b' }), symlink('r/l', 's')], /without a sound target/],
  ['a setuid file', [ROOT, file('r/a', '', { mode: 0o4755 })], /mode 4755: setuid/],
  ['a setgid folder', [ROOT, folder('r/d', { mode: 0o2775 })], /mode 2775/],
  ['a sticky folder', [ROOT, folder('r/d', { mode: 0o1777 })], /mode 1777/],
  ['a mode with a file type', [ROOT, file('r/a', '', { mode: 0o100644 })], /mode 100644/],

  // What it may be called
  ['an absolute path', [ROOT, file('/etc/passwd')], /'\/etc\/passwd': its path is absolute/],
  ['an absolute path by pax', [ROOT, pax('x', { path: '/etc/passwd' }), file('r/a')], /path is absolute/],
  ['a parent', [ROOT, file('r/../evil')], /'r\/\.\.\/evil': its path has the component '\.\.'/],
  ['a parent at the end', [ROOT, folder('r/..')], /component '\.\.'/],
  ['a parent by prefix', [ROOT, member({ name: 'evil', prefix: 'r/..' })], /component '\.\.'/],
  ['this folder', [ROOT, file('r/./a')], /component '\.'/],
  ['this folder as root', [folder('.'), file('./a')], /component '\.'/],
  ['an empty component', [ROOT, file('r//a')], /empty component/],
  ['a file with a slash at its end', [ROOT, file('r/a/')], /empty component/],
  ['a folder with two slashes', [ROOT, folder('r/d/')], /empty component/],
  ['no name', [ROOT, file('')], /empty component/],
  ['a NUL byte by pax', [ROOT, pax('x', { path: 'r/a\0b' }), file('r/a')], /'r\/a\\u\{0\}b': its name holds a NUL/],
  ['a NUL byte in a name', [ROOT, file('r/a\0b')], /NUL byte inside a name/],
  ['a NUL byte in a prefix', [ROOT, member({ name: 'x', prefix: 'r\0s' })], /NUL byte inside a name, 'r\\u\{0\}s/],
  ['a NUL byte in a link', [ROOT, symlink('r/l', 'a\0b')], /NUL byte inside a name/],
  ['a NUL byte in a user', [ROOT, file('r/a', '', { user: 'r\0t' })], /NUL byte inside a name/],
  ['a NUL byte in a group', [ROOT, file('r/a', '', { group: 'r\0t' })], /NUL byte inside a name/],
  ...['.git', '.Git', '.git ', '.git.', '.git. .', 'git~1', 'GIT~1', '.git:x', '.git\\x', '.g\xe2\x80\x8cit'].map(
    (name): [string, Buffer[], RegExp] => [
      `.git spelled ${JSON.stringify(name)}`,
      [ROOT, folder(`r/${name}`)],
      /component that means '\.git'/,
    ],
  ),
  ['.git in upper case', [ROOT, folder('r/.GIT')], /component that means '\.git'/],
  ['.git beneath a folder', [ROOT, folder('r/d'), file('r/d/.git')], /component that means '\.git'/],

  [
    'a link as .gitmodules',
    [ROOT, symlink('r/.gitmodules', 'a')],
    /is a link with a component that means '\.gitmodules'/,
  ],

  // Where it may be
  ['a second root', [ROOT, A, file('s/b')], /two roots, 'r' and 's'/],
  ['a second root folder', [ROOT, A, folder('s')], /two roots, 'r' and 's'/],
  ['a root that the first one begins', [ROOT, file('r2/b')], /two roots, 'r' and 'r2'/],
  ['a file twice', [ROOT, A, A], /'r\/a' is a duplicate/],
  ['a folder twice', [ROOT, folder('r/d'), folder('r/d')], /is a duplicate/],
  ['the root twice', [ROOT, ROOT], /'r\/' is a duplicate/],
  ['a file where a folder is', [ROOT, folder('r/d'), file('r/d')], /listed as a directory and again as a file/],
  ['a folder where a file is', [ROOT, A, folder('r/a')], /listed as a file and again as a directory/],
  ['a link where a folder is', [ROOT, folder('r/d'), symlink('r/d', '/tmp')], /as a directory and again as a symlink/],
  ['a file beneath a file', [ROOT, A, file('r/a/b')], /'r\/a\/b' lies beneath a file/],
  ['a file beneath a link', [ROOT, symlink('r/l', '/tmp'), file('r/l/b')], /'r\/l\/b' lies beneath a symlink/],
  ['a file before its folder', [ROOT, file('r/d/x'), folder('r/d')], /'r\/d\/x' is listed before the folder/],
  ['a file where the root should be', [file('r', 'x')], /its root 'r' is a file/],
  ['a root that is listed as a file later', [ROOT, file('r')], /as a directory and again as a file/],
  ['a file first', [A, ROOT], /first entry is 'r\/a' and not its root folder/],
  ['no root folder', [A], /first entry is 'r\/a'/],
  ['a folder first that is not the root', [folder('r/d')], /first entry is 'r\/d\/'/],
  ['nothing', [], /it holds nothing/],
  ['nothing but a global header', [GLOBAL], /it holds nothing/],

  // Its headers
  ['a wrong checksum', [ROOT, file('r/a', '', { checksum: '0000001\0' })], /'r\/a' does not match its checksum/],
  ['no checksum', [ROOT, file('r/a', '', { checksum: '\0'.repeat(8) })], /not plain octal/],
  ['GNU magic', [ROOT, file('r/a', '', { magic: 'ustar  \0' })], /is not ustar/],
  ['no magic', [ROOT, file('r/a', '', { magic: '\0'.repeat(8) })], /is not ustar/],
  ['another version', [ROOT, file('r/a', '', { magic: 'ustar\x0001' })], /is not ustar/],
  ...(['mode', 'uid', 'gid', 'size', 'mtime'] as const).flatMap((field) =>
    ['', '8', '-1', ' 1', '1 1', '0x1', '\x80\x00\x00\x01', '0'.repeat(12)].map((value): [string, Buffer[], RegExp] => [
      `${field} of ${JSON.stringify(value)}`,
      [ROOT, file('r/a', '', { [field]: value })],
      /'r\/a' has a number that is not plain octal/,
    ]),
  ),
  ['padding that is not zero', [ROOT, file('r/a', 'text', { padding: 1 })], /'r\/a' is padded with something/],
  ['padding of a pax header', [ROOT, pax('x', { path: 'r/a' }, { padding: 1 }), A], /is padded with something/],

  // Extended headers
  ['a second global header', [GLOBAL, GLOBAL, ROOT], /global header that is not its first/],
  ['a late global header', [ROOT, A, GLOBAL], /global header that is not its first/],
  ['a global path', [pax('g', { path: 'r/b' }), ROOT], /sets 'path'/],
  ['a global comment and more', [pax('g', { comment: COMMIT, mtime: '1' }), ROOT], /sets 'mtime'/],
  [
    'a comment that is no commit',
    [pax('g', { comment: 'hello\n' }), ROOT],
    /comment 'hello\\u\{a\}' is not a commit id/,
  ],
  ['a comment in upper case', [pax('g', { comment: COMMIT.toUpperCase() }), ROOT], /is not a commit id/],
  ['a comment of 64 digits', [pax('g', { comment: 'a'.repeat(64) }), ROOT], /is not a commit id/],
  ['an empty global header', [pax('g', ''), ROOT], /not made of whole records/],
  ['a pax size', [ROOT, pax('x', { size: '5' }), A], /sets 'size'/],
  ['a pax mtime', [ROOT, pax('x', { path: 'r/b', mtime: '5' }), A], /sets 'mtime'/],
  ['a GNU sparse key', [ROOT, pax('x', { 'GNU.sparse.name': 'r/b' }), A], /sets 'GNU\.sparse\.name'/],
  ['a local comment', [ROOT, pax('x', { comment: COMMIT }), A], /sets 'comment'/],
  ['a path twice', [ROOT, pax('x', paxRecord('path', 'r/b') + paxRecord('path', 'r/c')), A], /sets 'path' twice/],
  ['an empty path', [ROOT, pax('x', { path: '' }), A], /not made of whole records/],
  ['an empty pax header', [ROOT, pax('x', ''), A], /not made of whole records/],
  ['a record without a length', [ROOT, pax('x', 'path=r/b\n'), A], /not made of whole records/],
  ['a length of zero', [ROOT, pax('x', '0 path=r/b\n'), A], /not made of whole records/],
  ['a length with a leading zero', [ROOT, pax('x', '012 path=r/b\n'), A], /not made of whole records/],
  ['a length behind something', [ROOT, pax('x', '012 path=r/\n'), A], /not made of whole records/],
  ['an equals sign first', [ROOT, pax('x', '13 =path=r/b\n'), A], /not made of whole records/],
  ['a record that does not end its line', [ROOT, pax('x', '13 path=r/b\nx'), A], /not made of whole records/],
  ['a length too small', [ROOT, pax('x', '11 path=r/b\n'), A], /not made of whole records/],
  ['a length too large', [ROOT, pax('x', '13 path=r/b\n'), A], /not made of whole records/],
  ['a length of itself', [ROOT, pax('x', '2 path=r/b\n'), A], /not made of whole records/],
  ['a negative length', [ROOT, pax('x', '-12 path=r/b\n'), A], /not made of whole records/],
  ['two spaces', [ROOT, pax('x', '13  path=r/b\n'), A], /sets ' path'/],
  ['no equals sign', [ROOT, pax('x', '11 path r/b\n'), A], /not made of whole records/],
  ['no line break', [ROOT, pax('x', '11 path=r/b'), A], /not made of whole records/],
  ['bytes after the records', [ROOT, pax('x', `${paxRecord('path', 'r/b')}\0`), A], /not made of whole records/],
  ['a target for a file', [ROOT, pax('x', { linkpath: '/etc' }), A], /'r\/a' has a link target and is no link/],
  [
    'two pax headers',
    [ROOT, pax('x', { path: 'r/b' }), pax('x', { path: 'r/c' }), A],
    /second extended header in a row/,
  ],
  ['a pax header at the end', [ROOT, A, pax('x', { path: 'r/b' })], /belongs to no entry/],
  [
    'a pax header before a global one',
    [pax('x', { path: 'r/b' }), GLOBAL, ROOT],
    /global header that is not its first/,
  ],
  [
    'a vast pax header',
    [ROOT, pax('x', { path: `r/${'n'.repeat(16 * 1024)}` }), A],
    /extended header '0+\.paxheader' has 16 kB/,
  ],
  [
    'a pax header of one byte too many',
    [ROOT, pax('x', 'x'.repeat(16 * 1024 + 1)), A],
    /extended header '0+\.paxheader' has 16 kB/,
  ],
  ['a pax header of as many as may be', [ROOT, pax('x', 'x'.repeat(16 * 1024)), A], /not made of whole records/],
  [
    'a vast global header',
    [pax('g', 'x'.repeat(16 * 1024 + 1)), ROOT],
    /extended header 'pax_global_header' has 16 kB/,
  ],
];

describe('whatever git archive never writes is refused', () => {
  test.each(REFUSED)('%s', (_name, members, words) => {
    const failure = failureOf(() => readArchive(tarballOf(...members)));
    expect(failure.message).toMatch(words);
    expect(failure.message).toMatch(/^the archive is refused: .* check /s);
    expect(failure.kind).toBe('verification');
  });

  test('names are escaped in messages', () => {
    const failure = failureOf(() => readArchiveTar(tarOf(ROOT, file('r/../\r\n::set-output name=x::\x1b[31m\u202e'))));
    expect(failure.message).toContain('\\u{d}\\u{a}::set-output');
    expect(failure.message).not.toMatch(/[\x00-\x1f]/);
  });

  test.each([
    ['a_dev', /'phantun-x\/null' is a character device/],
    ['a_dotdot', /'phantun-x\/\.\.\/\.\.\/evil': its path has the component '\.\.'/],
    ['a_dup', /'phantun-x\/a' is a duplicate/],
    ['a_symwrite', /'phantun-x\/d\/pwned_symlink' lies beneath a symlink/],
    ['a_two', /two roots, 'phantun-x' and 'other'/],
  ])('the fixture %s, and nothing is written', (name, words) => {
    const path = fileURLToPath(new URL(`../../fixtures/archives/${name}.tgz`, import.meta.url));
    expect(failureOf(() => readArchive(readFileSync(path))).message).toMatch(words);
    expect(existsSync('/tmp/pwned_symlink')).toBe(false);
  });
});
