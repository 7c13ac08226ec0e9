import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { dirname, join, resolve } from 'node:path';
import { expect, test } from 'vitest';

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

test('the table of first promises names tests that are there', async () => {
  const text = await readFile(join(ROOT, 'docs', 'seed-features.md'), 'utf8');
  const named = [...new Set([...text.matchAll(/`(test\/[^`]+)`/g)].map(([, path = '']) => path))];
  expect(named.length).toBeGreaterThan(8);
  for (const path of named) expect(existsSync(join(ROOT, path)), path).toBe(true);
});

test('links and paths of the documents lead to files', async () => {
  for (const file of DOCUMENTS) {
    const text = await readFile(join(ROOT, file), 'utf8');
    const links = [...text.matchAll(/\]\((?!https?:)([^)#]+)/g)].map(([, target = '']) => join(dirname(file), target));
    const paths = [...text.matchAll(/`(examples\/[\w./-]+)`/g)].map(([, path = '']) => path);
    for (const path of [...links, ...paths]) expect(existsSync(join(ROOT, path)), `${file}: ${path}`).toBe(true);
  }
});

const DOCUMENTS = [
  'DESIGN.md',
  'DESIGN-CN.md',
  'README.md',
  'README.zh-CN.md',
  'docs/host-setup.md',
  'docs/troubleshooting.md',
  'docs/wireguard-in-ten-minutes.md',
  'examples/README.md',
];
