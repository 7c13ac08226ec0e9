import { printable } from '../../src/text.js';
import type { Row, Section, TestName } from './row.js';
import { SECTIONS } from './rows.js';

const HEAD = `# Faults

What can go wrong, what the action does then, and which test shows it. The promise behind every row:

> The run ends in success with exactly the source it names, or in a failure of a named class, with no tag on anything unchecked,
> and no files, containers or builders left behind. Never success with other bytes.

What was sent by digest before a failure may stay in the registry. Tags are moved one after another: those that moved before a failure stay
where they are. With \`load\` and \`export\` the image, checked and whole, is in docker and in its folder before it is published, as a full disk
must not fail a run whose tags have moved: there it stays when publishing fails. A run that cannot write its summary warns; one that cannot
hand its outputs to the runner fails, and says what is published.

A failure has one of ten classes, the output \`failure\`: \`input\`, \`auth\`, \`not-found\`, \`rate-limit\`, \`transient\`, \`verification\`,
\`build\`, \`registry\`, \`local\`, \`cancelled\`. Only \`rate-limit\` and \`transient\` are tried again: four times at most, with growing waits that
chance spreads, as long as the other side asks for, within two minutes. A failed verification is never tried again, but for one fresh
download that tells a damaged archive from another one. A compile never is.

**real**: the built action or command line meets a real server, registry, engine or git that has the fault, or a script in its place where
none can be made to have it. Class and words are compared, and behind most failed runs of the action the writes to the registry (none),
builders, containers and the run's folders (none left). **workflow**: the workflow files run under act. inside: the same real parts, and the
code called by the test itself instead of in its bundle. fuzz: the code that decides meets thousands of generated faults. programs: the code
that decides, with real programs or scripts in their place. unit: the code that decides, alone.

This page is made from [\`test/faults\`](../test/faults) by \`node scripts/fault-table.mjs\`. A row without a test or a reason fails the unit tests,
as does a test that is not there.
`;

/** docs/faults.md. Pure. */
export function faultsDocument(sections: readonly Section[] = SECTIONS): string {
  const tables = sections.map(
    ({ title, rows }) =>
      `\n## ${title}\n\n| # | fault | what happens | shown by |\n|---|---|---|---|\n${rows.map(line).join('')}`,
  );
  return HEAD + tables.join('');
}

function line({ number, fault, outcome, tests, unproven }: Row): string {
  const cells = [String(number), fault, outcome, [...shown(tests), ...missing(unproven)].join('<br>')];
  return `| ${cells.map((cell) => cell.replaceAll('|', '\\|')).join(' | ')} |\n`;
}

/** A line for each kind of tests in each file, its tests behind it. */
function shown(tests: readonly TestName[]): string[] {
  const lines = new Map<string, string[]>();
  for (const test of tests) {
    const name = test.file.replace(/^test\/\w+\/|\.test\.ts$/g, '');
    const start = `${kindOf(test)} [${name}](../${test.file})`;
    lines.set(start, [...(lines.get(start) ?? []), `“${plain(test.title)}”`]);
  }
  return [...lines].map(([start, titles]) => `${start}: ${titles.join(', ')}`);
}

function missing(unproven: string | undefined): string[] {
  return unproven === undefined ? [] : [`not shown: ${unproven}`];
}

/** What the folder of a test's file says of it, unless its row says more. */
export function kindOf({ file, inside }: Pick<TestName, 'file' | 'inside'>): string {
  if (inside === true) return 'inside';
  const kinds: Record<string, string> = {
    e2e: '**real**',
    workflows: '**workflow**',
    fuzz: 'fuzz',
    programs: 'programs',
    unit: 'unit',
  };
  const kind = kinds[file.split('/')[1] ?? ''];
  if (kind === undefined) throw new Error(`${file} is in a folder whose tests are of no known kind`);
  return kind;
}

/** A text with what Markdown or HTML would take for a mark made plain. */
function plain(text: string): string {
  return printable(text, Infinity).replace(/[\\`*_[\]<>]/g, (mark) =>
    mark === '<' ? '&lt;' : mark === '>' ? '&gt;' : `\\${mark}`,
  );
}
