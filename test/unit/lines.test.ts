import { describe, expect, it } from 'vitest';
import { lineReader } from '../../src/lines.js';

const LONGEST = 8_192;

function linesOf(chunks: readonly Buffer[]): string[] {
  const lines: string[] = [];
  const reader = lineReader((line) => lines.push(line));
  for (const chunk of chunks) reader.add(chunk);
  reader.end();
  return lines;
}

describe('the lines of a stream', () => {
  it.each<[string, string[], string[]]>([
    ['nothing', [], []],
    ['empty chunks', ['', 'a', '', '\n', ''], ['a']],
    ['a carriage return, and a newline in the next chunk', ['a\r', '\nb'], ['a', 'b']],
    ['a carriage return, and nothing in the next chunk', ['a\r', '', '\n', 'b'], ['a', 'b']],
    ['two carriage returns in two chunks', ['a\r', '\rb\r'], ['a', '', 'b']],
    ['a carriage return alone', ['\r'], ['']],
    ['exactly the longest', ['x'.repeat(LONGEST), '\n'], ['x'.repeat(LONGEST)]],
    ['one more', ['x'.repeat(LONGEST), 'x', '\nb'], [`${'x'.repeat(LONGEST)}…`, 'b']],
    ['a long one that ends in a carriage return', ['x'.repeat(9_000), '\r', 'b'], [`${'x'.repeat(LONGEST)}…`, 'b']],
    ['half a letter at the end', ['a\xc3'], ['a\ufffd']],
  ])('%s', (_, chunks, lines) => {
    expect(linesOf(chunks.map((chunk) => Buffer.from(chunk, 'latin1')))).toEqual(lines);
  });
});
