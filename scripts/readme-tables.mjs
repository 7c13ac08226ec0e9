// Writes the tables of inputs and outputs in README.md from action.yml, their only home. A test compares them.
import { readFileSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { parse } from 'yaml';

const root = resolve(import.meta.dirname, '..');
const { inputs, outputs } = parse(readFileSync(join(root, 'action.yml'), 'utf8'));
const cell = (text) => (text === '' ? '' : `\`${text}\``);
const table = (head, rows) =>
  [head, head.replace(/[^|]+/g, '---'), ...rows.map((row) => `| ${row.join(' | ')} |`)].join('\n');
const tables = [
  [
    '| input | default | meaning |',
    Object.entries(inputs).map(([name, it]) => [cell(name), cell(it.default), it.description]),
  ],
  ['| output | meaning |', Object.entries(outputs).map(([name, it]) => [cell(name), it.description])],
];

const file = join(root, 'README.md');
let text = readFileSync(file, 'utf8');
for (const [head, rows] of tables) {
  const start = text.indexOf(head);
  if (start < 0) throw new Error(`README.md has no table '${head}'`);
  const end = text.slice(start).search(/\n(?!\|)/);
  text = text.slice(0, start) + table(head, rows) + text.slice(end < 0 ? text.length : start + end);
}
writeFileSync(file, text);
