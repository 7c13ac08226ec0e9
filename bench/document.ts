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

/** The rows that the page has in a section. */
export function figuresIn(section: string): Row[] {
  return existsSync(FILE) ? rowsIn(readFileSync(FILE, 'utf8'), section) : [];
}

/** The rows that a page has in a section, as `report` writes them. Pure. */
export function rowsIn(page: string, section: string): Row[] {
  const place = placeOf(page, section);
  const text = place === undefined ? '' : page.slice(place.start, place.end);
  const [, , ...lines] = text.split('\n').filter((line) => line.startsWith('|'));
  return lines.map((line) => {
    const [, what = '', figure = '', goal = '', verdict = ''] = line.split('|').map((cell) => cell.trim());
    return { what, figure, goal, met: verdict === '' ? undefined : verdict === 'met' };
  });
}

/** The page with one section new; sections stay in the order in which they first came. Pure. */
export function withSection(page: string, section: string, text: string): string {
  const block = `\n## ${section}\n\n${text}`;
  const place = placeOf(page, section);
  return place === undefined ? `${page}${block}` : page.slice(0, place.start) + block + page.slice(place.end);
}

function placeOf(page: string, section: string): { start: number; end: number } | undefined {
  const heading = `\n## ${section}\n`;
  const start = page.indexOf(heading);
  if (start < 0) return undefined;
  const end = page.indexOf('\n## ', start + heading.length);
  return { start, end: end < 0 ? page.length : end };
}
