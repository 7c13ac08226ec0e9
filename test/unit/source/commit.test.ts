import { describe, expect, it } from 'vitest';
import { parseCommit } from '../../../src/source/commit.js';

describe('parseCommit', () => {
  const header = [
    'tree 01234567890123456789',
    'parent x',
    'author A <a> 1 +0000',
    'committer C <c@c> 1700000000 +0130',
  ];
  const text = (...lines: string[]) => Buffer.from(`${lines.join('\n')}\n\nmessage\n`);
  const tree = '0123456789012345678901234567890123456789';
  header[0] = `tree ${tree}`;

  it.each<[string, Buffer]>([
    ['a plain one', text(...header)],
    ['one with a signature', text(...header, 'gpgsig -----BEGIN', ' committer E <e> 5 +0000', ' x')],
    ['one that talks of committers', Buffer.concat([text(...header), Buffer.from('committer E <e> 5 +0000\n')])],
    ['one whose author looks like two', text(header[0], 'author > 5 +0000', header[3] ?? '')],
    // Found by fuzzing
    ['one with carriage returns in a name', text(header[0], 'author \rcommitter > 5 +0000\r', header[3] ?? '')],
    ['one whose committer has one', text(...header.slice(0, 3), 'committer C\r <c@c> 1700000000 +0130')],
  ])('reads %s', (_, bytes) => {
    expect(parseCommit(bytes, 'c')).toEqual({ tree, epoch: 1_700_000_000 });
  });

  it.each<[string, Buffer]>([
    ['no tree', text(...header.slice(1))],
    ['a tree behind something', text(`x${header[0]}`, ...header.slice(1))],
    ['a long tree', text(`${header[0]}0`, ...header.slice(1))],
    ['a short tree', text('tree 0123', ...header.slice(1))],
    ['no committer', text(...header.slice(0, 3))],
    ['a committer in the message only', Buffer.from(`tree ${tree}\n\ncommitter C <c> 5 +0000\n`)],
    ['a time before 1970', text(header[0], 'committer C <c> -5 +0000')],
    ['a time that is none', text(header[0], 'committer C <c> 1e9 +0000')],
    ['an odd time zone', text(header[0], 'committer C <c> 5 +00000')],
    ['nothing', Buffer.alloc(0)],
  ])('refuses one with %s', (_, bytes) => {
    expect(() => parseCommit(bytes, 'c')).toThrow(
      expect.objectContaining({
        kind: 'verification',
        message: "commit c has no tree or no committer's time in the usual form",
      }),
    );
  });
});
