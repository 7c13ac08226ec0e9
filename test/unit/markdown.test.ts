import { describe, expect, it } from 'vitest';
import { code, escape, fenced, table } from '../../src/markdown.js';

/** Texts that want to be more than text. */
const HOSTILE: [string, string][] = [
  ['nothing', ''],
  ['spaces', ' \t\v\f\u00a0\u2028\u2029 '],
  ['a cell’s end', 'a | b || c |'],
  ['an escaped cell’s end', 'a \\| b \\\\| c'],
  ['a row of its own', 'a |\n| --- |\n| b |'],
  ['line breaks', 'a\nb\rc\r\nd\n\n# e\n'],
  ['a backtick', 'a ` b'],
  ['runs of backticks', '`` a ``` b ```` c'],
  ['nothing but backticks', '`'.repeat(1_000)],
  ['a fence', '```\n# heading\n```html\n<b>'],
  ['a fence of tildes', '~~~\n# heading'],
  ['a backslash at the end', 'a\\'],
  ['backslashes before what they could free', '\\` \\[a\\](b) \\<b> \\| \\\\'],
  ['elements', '<img src="https://evil.example/x.png"><script>x</script></td></table><a href="//evil.example">a</a>'],
  ['an open comment', 'a <!-- b'],
  ['entities', '&lt;img&gt; &#60;img&#62; &#x3c;b&#x3e; &amp; &;'],
  ['a link', '[a](https://evil.example "t")'],
  ['an image', '![a](https://evil.example/x.png)'],
  ['references', '[a][b] ![a][b] [b]\n\n[b]: https://evil.example'],
  ['an address in brackets', '<https://evil.example> <a@evil.example>'],
  ['a footnote', 'a[^1]\n\n[^1]: b'],
  ['mentions', '@org/team #1 org/repo#1 GH-1'],
  ['emphasis, strokes, mathematics', '**a** __b__ *c* _d_ ~~e~~ $f$ $`g`$'],
  ['headings, quotes, items', '# a\n> b\n- c\n1. d\n===\n---'],
  ['control characters', '\0\b\u001b[31m\u0085\u202e\ufeff\u{e0041}'],
  ['lone surrogates', '\ud800 a \udfff'],
  ['very much', '|`<[a](b)\n'.repeat(20_000)],
];

/** As a Markdown reader sees them. */
const linesOf = (text: string) => text.split(/\r\n|\n|\r/);

/** The cells of a row: what is between pipes that no backslash stands before. */
const cellsOf = (row: string) => row.split(/(?<!\\)\|/).slice(1, -1);

describe('inline code', () => {
  it.each(HOSTILE)('ends where it should, in a table and outside: %s', (_, text) => {
    const span = code(text);
    expect(span).toMatch(/^`[^`|\r\n]*`$/);
    expect(cellsOf(`| ${span} | b |`)).toEqual([` ${span} `, ' b ']);
  });

  it.each(HOSTILE)('has a dot for what could end it, and all else as it was: %s', (_, text) => {
    expect(code(text).slice(1, -1)).toBe(text.split(/[`|\r\n]/).join('·'));
  });
});

describe('a paragraph', () => {
  const decoded = (text: string) => text.replace(/&#(\d+);/g, (_, digits) => String.fromCharCode(Number(digits)));

  it.each(HOSTILE)('has no element, link, image, code, emphasis, cell or second line: %s', (_, text) => {
    const paragraph = escape(text);
    expect(paragraph).not.toMatch(/[<>|\\`*_~$[\]\r\n\u2028\u2029]/);
    // What stands for a character is the only thing with an ampersand or a hash in it.
    expect(paragraph.replace(/&#\d+;/g, '')).not.toMatch(/[&#]/);
    expect(linesOf(table(['a', 'b'], [[paragraph, 'b']])).map((row) => cellsOf(row).length)).toEqual([2, 2, 2]);
  });

  it.each(HOSTILE)('reads as what was written, on one line: %s', (_, text) => {
    expect(decoded(escape(text))).toBe(text.replace(/\s+/g, ' '));
  });
});

describe('a code block', () => {
  /** Where CommonMark sees the end of the block that the first line opens. */
  function endOf(block: string): number {
    const [first = '', ...lines] = linesOf(block);
    const fence = /^(`{3,})[^`]*$/.exec(first)?.[1] ?? '';
    return lines.findIndex((line) => /^ {0,3}(`{3,})[ \t]*$/.exec(line)?.[1]?.startsWith(fence)) + 1;
  }

  it.each<[string, string[]]>([
    ...HOSTILE.map(([name, text]): [string, string[]] => [name, [text]]),
    ['no line', []],
    ['fences of every length up to nine', Array.from({ length: 9 }, (_, index) => '`'.repeat(index + 1))],
    ['the longest fence first', ['`````', '```', '``']],
    ['fences with what may stand before and behind them', ['   ```', '``` \t', '```\r', '\r````\r']],
    ['a run of backticks over two lines', ['``', '``']],
    ['more runs than a call can have arguments', ['`a'.repeat(200_000)]],
  ])('ends with its own fence and not before: %s', (_, lines) => {
    const block = fenced(lines);
    expect(endOf(block)).toBe(linesOf(block).length - 1);
    const inside = lines.map((line) => `${line}\n`).join('');
    expect(block.slice(block.indexOf('\n') + 1, block.lastIndexOf('\n') + 1)).toBe(inside);
  });

  it.each([
    [['a', 'b'], '```text\na\nb\n```'],
    [['`a`'], '```text\n`a`\n```'],
    [['``', '``'], '```text\n``\n``\n```'],
    [['a ``` b'], '````text\na ``` b\n````'],
    [[], '```text\n```'],
  ])('has a fence that is no longer than it must be: %j', (lines, block) => {
    expect(fenced(lines)).toBe(block);
  });
});

describe('a table', () => {
  it.each<[string[], string[][], string]>([
    [['a', 'b'], [], '| a | b |\n| --- | --- |'],
    [['a', ''], [['**c**', '`d`']], '| a |  |\n| --- | --- |\n| **c** | `d` |'],
    [['a'], [['b'], ['c']], '| a |\n| --- |\n| b |\n| c |'],
  ])('has a line for its head, one below it, and one for each row: %j', (head, rows, text) => {
    expect(table(head, rows)).toBe(text);
  });

  it('keeps its shape with every hostile text in a cell', () => {
    const rows = HOSTILE.map(([, text]) => [code(text), escape(text)]);
    const lines = linesOf(table(['a', 'b'], rows));
    expect(lines).toHaveLength(HOSTILE.length + 2);
    for (const [index, line] of lines.entries()) expect([index, cellsOf(line).length]).toEqual([index, 2]);
  });
});
