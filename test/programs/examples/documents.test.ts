import { existsSync, readFileSync, statSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { dirname, join, resolve } from 'node:path';
import { expect, test } from 'vitest';
import { titlesIn } from '../../faults/titles.js';
import { repositoryFiles } from '../../support/repositoryFiles.js';

const ROOT = resolve(import.meta.dirname, '..', '..', '..');

/** What two languages of a document have in common: headings' levels, commands, code, shapes of tables, links, items. */
async function skeleton(file: string) {
  const text = (await readFile(join(ROOT, file), 'utf8')).replace(/^\[(English|简体中文)\]\(.*\)$/m, '');
  const blocks = [...text.matchAll(/^```\w*\n[\s\S]*?^```$/gm)].map(([block]) => block);
  const prose = text.replaceAll(/^```\w*\n[\s\S]*?^```$/gm, '');
  const rows = [...prose.matchAll(/^\|.*\|$/gm)].map(([row]) => row.split('|').length - 2);
  return {
    headings: [...prose.matchAll(/^#+/gm)].map(([marks]) => marks),
    blocks,
    rows,
    code: [...prose.matchAll(/`[^`\n]+`/g)].map(([code]) => code).sort(),
    numbers: [...prose.matchAll(/\| (\d+) \|/g)].map(([, number]) => number),
    links: [...prose.matchAll(/\]\(([^)]*)\)/g)].map(([, target]) => target),
    items: [...prose.matchAll(/^- /gm)].length,
  };
}

test.each([
  ['DESIGN.md', 'DESIGN-CN.md'],
  ['README.md', 'README.zh-CN.md'],
])('%s and %s have the same commands, code blocks and tables', async (one, other) => {
  const [first, second] = [await skeleton(one), await skeleton(other)];
  expect(first.rows.length).toBeGreaterThan(10);
  expect(second).toEqual(first);
});

test.each(['README.md', 'README.zh-CN.md'])('%s leads to the design and the security model', async (page) => {
  const links = linksOf(await readFile(join(ROOT, page), 'utf8'));
  expect(links).toEqual(expect.arrayContaining(['DESIGN.md', 'DESIGN-CN.md']));
});

/** The rows of a page's table, without its head, as their cells. */
const rowsOf = (text: string) =>
  [...text.matchAll(/^\| (.*) \|$/gm)].slice(1).map(([, row = '']) => row.split(' | ').map((cell) => cell.trim()));

/** What holds a promise: files, each in backticks or linked, behind a test file the title of a test in it. */
function heldBy(cell: string): { file: string; title: string | undefined }[] {
  const linked = /^\[[^\]]+\]\(\.\.\/([^)]+)\)/.exec(cell)?.[1];
  if (linked !== undefined) return [{ file: linked, title: undefined }];
  return cell.split(/[,;] (?=`)/).map((part) => {
    const [, file, title] = /^`([\w./-]+)`(?:: (.+))?$/.exec(part) ?? [];
    if (file === undefined) throw new Error(`names no file: ${part}`);
    return { file, title };
  });
}

const promises = rowsOf(readFileSync(join(ROOT, 'docs', 'seed-features.md'), 'utf8'));

test.each(promises.map(([promise = '', , held = '']) => [promise, held] as const))(
  'is held by files and by tests that are there: %s',
  (_, held) => {
    for (const { file, title } of heldBy(held)) {
      expect([file, statSync(join(ROOT, file)).isFile()]).toEqual([file, true]);
      if (title !== undefined) expect([...titlesIn(readFileSync(join(ROOT, file), 'utf8'))]).toContain(title);
    }
  },
);

test('most of the first promises are held by a test with a title', () => {
  const titled = promises.filter(([, , held = '']) => heldBy(held).some(({ title }) => title !== undefined));
  expect([promises.length > 25, titled.length > 20]).toEqual([true, true]);
});

/** The anchors that GitHub gives the headings of a page. */
function anchorsOf(text: string): Set<string> {
  const anchors = new Set<string>();
  for (const [, heading = ''] of withoutCode(text).matchAll(/^ {0,3}#{1,6} +(.*?)(?: +#+)? *$/gm)) {
    const shown = heading.replace(/\[([^\]]*)\]\([^)]*\)/g, '$1');
    const slug = shown
      .toLowerCase()
      .replace(/[^\p{L}\p{M}\p{N}\p{Pc}\- ]/gu, '')
      .replaceAll(' ', '-');
    let anchor = slug;
    for (let time = 1; anchors.has(anchor); time++) anchor = `${slug}-${time}`;
    anchors.add(anchor);
  }
  return anchors;
}

/** A page without what stands in fences. */
function withoutCode(text: string): string {
  return text.replaceAll(/^ *(`{3,}|~{3,})[^\n]*\n(?:[\s\S]*?\n)? *\1[`~]* *$/gm, '');
}

/** Where the links of a page go, but for other sites. */
function linksOf(text: string): string[] {
  const prose = withoutCode(text).replaceAll(/`[^`\n]+`/g, '``');
  const inline = [...prose.matchAll(/\]\(\s*<?([^)\s>]+)/g)];
  const named = [...prose.matchAll(/^ {0,3}\[[^\]]+\]: *<?([^\s>]+)/gm)];
  const elements = [...prose.matchAll(/<[a-z][^>]* (?:href|src)="([^"]+)"/g)];
  return [...inline, ...named, ...elements]
    .map(([, target = '']) => decodeURIComponent(target))
    .filter((target) => !/^[a-z]+:/i.test(target));
}

const PAGES = repositoryFiles('*.md');

test('there are pages to look at, and links in them', async () => {
  const links = await Promise.all(PAGES.map(async (page) => linksOf(await readFile(join(ROOT, page), 'utf8'))));
  expect([PAGES.length > 15, links.flat().length > 100]).toEqual([true, true]);
  expect(links.flat().filter((link) => link.includes('#')).length).toBeGreaterThan(2);
});

test.each(PAGES)('the links and paths of %s lead somewhere', async (page) => {
  const text = await readFile(join(ROOT, page), 'utf8');
  for (const link of linksOf(text)) {
    const [path = '', anchor] = link.split('#');
    const target = path === '' ? page : join(dirname(page), path);
    expect([link, existsSync(join(ROOT, target))]).toEqual([link, true]);
    if (anchor !== undefined)
      expect([link, [...anchorsOf(await readFile(join(ROOT, target), 'utf8'))]]).toEqual([
        link,
        expect.arrayContaining([anchor]),
      ]);
  }
  for (const [, path = ''] of text.matchAll(/`(examples\/[\w./-]+)`/g))
    expect([path, existsSync(join(ROOT, path))]).toEqual([path, true]);
});

test.each([
  ['# Run the image', ['run-the-image']],
  ['## Inputs beyond the action’s `x_y`, *now*: (a/b) & c!', ['inputs-beyond-the-actions-x_y-now-ab--c']],
  ['## A [link](x.md#y) ##', ['a-link']],
  ['# 运行 镜像', ['运行-镜像']],
  ['# A\n## a\n### A\n# b\n## A 1', ['a', 'a-1', 'a-2', 'b', 'a-1-1']],
  ['# a\n```sh\n# b\n```\n## c', ['a', 'c']],
  ['#a\ntext # b\n    # c', []],
])('the anchors of %j', (text, anchors) => {
  expect([...anchorsOf(text)]).toEqual(anchors);
});

test.each([
  ['[a](b.md) ![c](d/e.png "title") [f](#g)', ['b.md', 'd/e.png', '#g']],
  ['[a][b]\n\n[b]: c.md#d\n\n<a href="e.md">e</a> <img alt="" src="f.png">', ['c.md#d', 'e.md', 'f.png']],
  ['[a](https://example.org/x.md) [b](mailto:c@example.org)', []],
  ['`[a](b.md)` [`c`](d%20e.md)', ['d e.md']],
  ['```md\n[a](b.md)\n```\n[c](d.md)\n~~~\n[e](f.md)\n~~~', ['d.md']],
  ['````md\n```\n[a](b.md)\n```\n[a](b.md)\n````\n- a\n  ```sh\n  [a](b.md)\n  ```\n- [c](d.md)', ['d.md']],
])('the links of %j', (text, links) => {
  expect(linksOf(text)).toEqual(links);
});
