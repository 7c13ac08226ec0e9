import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { report, type Row } from './measure.js';

const FILE = resolve(import.meta.dirname, '..', 'docs', 'figures.md');

const HEAD = `# Figures

Written by \`npm run bench -- --write\`, which measures on the machine it runs on, against servers on that machine; name sections to measure
only those. The section of mutants is written by \`npm run test:mutation -- --write\`. What is compared runs in one run, in turn, so that a
slow minute hits both sides: look at the ratios.

The base images are the test lab's: Debian's rustc and busybox laid out like the official images.
`;

/** Puts what was measured into the page of figures, in place of what the same section had there. */
export function writeFigures(section: string, rows: readonly Row[]): void {
  const before = existsSync(FILE) ? readFileSync(FILE, 'utf8') : HEAD;
  writeFileSync(FILE, withSection(before, section, report(rows)));
}

/** The page with one section new; sections stay in the order in which they first came. Pure. */
export function withSection(page: string, section: string, text: string): string {
  const heading = `\n## ${section}\n`;
  const start = page.indexOf(heading);
  const block = `${heading}\n${text}`;
  if (start < 0) return `${page}${block}`;
  const end = page.indexOf('\n## ', start + heading.length);
  return page.slice(0, start) + block + (end < 0 ? '' : page.slice(end));
}
