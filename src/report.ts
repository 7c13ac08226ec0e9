import * as core from '@actions/core';
import type { Failure } from './errors.js';
import { type TrustCheck, trustRows } from './proof/trust.js';
import type { Reproduction } from './proof/reproduce.js';
import type { Result } from './run.js';
import type { Step } from './steps.js';
import { humanSeconds, humanSize, isoTime, printable } from './text.js';

/** Every output there is. Descriptions have their home in action.yml. */
export const OUTPUT_NAMES = [
  'commit',
  'tree',
  'epoch',
  'version',
  'archive-sha256',
  'tar-sha256',
  'build-key',
  'digest',
  'manifests',
  'refs',
  'tags',
  'lock',
  'sbom',
  'evidence',
  'failure',
] as const;

export type Outputs = Record<(typeof OUTPUT_NAMES)[number], string>;

/** The outputs of a run that succeeded. Pure. */
export function outputsOf({ source, tree, lock, buildKey, checked, published, delivered }: Result): Outputs {
  const manifests = checked.image.images.map(({ platform, manifest }) => [platform, manifest.digest] as const);
  return {
    commit: source.commit,
    tree: source.tree,
    epoch: String(source.epoch),
    version: tree.version,
    'archive-sha256': lock.facts.archiveSha256,
    'tar-sha256': lock.facts.tarSha256,
    'build-key': buildKey,
    digest: checked.image.index.digest,
    manifests: JSON.stringify(Object.fromEntries(manifests)),
    refs: published.refs.join('\n'),
    tags: published.tags.join('\n'),
    lock: delivered.lock,
    sbom: delivered.sboms.join('\n'),
    evidence: delivered.evidence,
    failure: '',
  };
}

/** Hands outputs and summary of a run that succeeded to the runner. */
export async function reportSuccess(result: Result, steps: readonly Step[]): Promise<void> {
  for (const [name, value] of Object.entries(outputsOf(result))) core.setOutput(name, value);
  await writeSummary(successSummary(result, steps));
}

/** Hands class and summary of a run that failed to the runner. */
export async function reportFailure(failure: Failure, steps: readonly Step[]): Promise<void> {
  core.setOutput('failure', failure.kind);
  await writeSummary(failureSummary(failure, steps));
}

async function writeSummary(markdown: string): Promise<void> {
  // Outside a runner, in a test or by hand, there may be no summary file.
  if (process.env.GITHUB_STEP_SUMMARY) await core.summary.addRaw(markdown, true).write();
}

/** The summary of a run that succeeded, as Markdown. Pure. */
export function successSummary(result: Result, steps: readonly Step[]): string {
  const { source, tree, lock, buildKey, checked, published } = result;
  const { facts, inputs } = lock;
  const digest = checked.image.index.digest;
  return [
    `## phantun ${tree.version}, verified and ${published.refs.length > 0 ? 'published' : 'built'}`,
    '',
    table(
      ['From ref to digest', ''],
      [
        ['ref', `${code(facts.ref)} of ${code(inputs.upstream)}`],
        ['commit', `${code(source.commit)}, ${isoTime(source.epoch)}`],
        ['held by', heldBy(source.reachableFrom)],
        ['tree', code(source.tree)],
        ['archive', `SHA256 ${code(facts.archiveSha256)}, from ${tree.from}`],
        ['tar', `SHA256 ${code(facts.tarSha256)}`],
        ['compiler', code(inputs.bases.rust)],
        ['shell', code(inputs.bases.shell)],
        ['build key', code(buildKey)],
        ['**image**', `**${code(digest)}**`],
      ],
    ),
    '',
    trustTable(result.checks),
    '',
    table(
      ['The image', 'Read from its bytes'],
      checked.facts.map(({ subject, fact }) => [subject, fact] as [string, string]),
    ),
    '',
    table(
      ['Platform', 'Manifest', 'Download', 'Unpacked'],
      checked.image.images.map(({ platform, manifest, layer, unpackedSize }) => [
        platform,
        code(manifest.digest),
        humanSize(layer.size),
        humanSize(unpackedSize),
      ]),
    ),
    '',
    ...publishedLines(result),
    stepTable(steps),
    '',
  ].join('\n');
}

/** The trust report as Markdown: what is proven of an image, and what is not. Pure. */
export function trustTable(checks: readonly TrustCheck[]): string {
  return table(
    ['What is proven', '', 'How, or why not'],
    trustRows(checks).map((cells) => cells.map((cell) => cell.replaceAll('|', '·'))),
  );
}

function publishedLines({ published, exportFolder }: Result): string[] {
  const lines: string[] = [];
  if (published.refs.length > 0)
    lines.push(
      'Pull it by digest:',
      '',
      '```sh',
      ...published.refs.map((reference) => `docker pull ${reference}`),
      '```',
      '',
      `Tags: ${published.tags.map(code).join(', ')}`,
      '',
    );
  if (exportFolder !== undefined) lines.push(`Exported to ${code(printable(exportFolder))}`, '');
  return lines;
}

const SHOWN_REFS = 5;

function heldBy(references: readonly string[]): string {
  const shown = references.slice(0, SHOWN_REFS).map((name) => code(printable(name)));
  const more = references.length - shown.length;
  return `${shown.join(', ')}${more > 0 ? ` and ${more} more` : ''}`;
}

/** The summary of a run that failed, as Markdown. Pure. */
export function failureSummary(failure: Failure, steps: readonly Step[]): string {
  return [
    `## Failed: ${failure.kind}`,
    '',
    escape(failure.message),
    '',
    ...(failure.details.length === 0 ? [] : [fenced(failure.details), '']),
    stepTable(steps),
    '',
  ].join('\n');
}

function stepTable(steps: readonly Step[]): string {
  return table(
    ['Step', 'Time'],
    steps.map(({ name, seconds }) => [name, humanSeconds(seconds)]),
  );
}

function table(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const line = (cells: readonly string[]) => `| ${cells.join(' | ')} |`;
  return [line(head), line(head.map(() => '---')), ...rows.map(line)].join('\n');
}

/** Inline code; what could end it, or a table's cell, is replaced. */
function code(text: string): string {
  return `\`${text.replace(/[`|\r\n]/g, '·')}\``;
}

/** A paragraph in which nothing is markup. */
function escape(text: string): string {
  return text.replace(/\s+/g, ' ').replace(/[<>&|\\`*_~#$[\]]/g, (character) => `&#${character.charCodeAt(0)};`);
}

/** Lines in a code block whose fence is longer than any run of backticks in them. */
function fenced(lines: readonly string[]): string {
  const longest = Math.max(
    2,
    ...(lines
      .join('\n')
      .match(/`+/g)
      ?.map(({ length }) => length) ?? []),
  );
  const fence = '`'.repeat(longest + 1);
  return [`${fence}text`, ...lines, fence].join('\n');
}

/** What came of building an image again, as Markdown. Pure. */
export function reproductionReport({
  verdict,
  published,
  rebuilt,
  missing,
  differences,
  checks,
}: Reproduction): string {
  return [
    `## ${verdict}`,
    '',
    table(
      ['Digest of the index', ''],
      [
        ['published', code(published)],
        ['rebuilt', rebuilt === undefined ? 'nothing' : code(rebuilt)],
      ],
    ),
    '',
    ...(missing === undefined ? [] : ['Missing:', '', fenced(missing.split('\n')), '']),
    ...(differences.length === 0 ? [] : ['Differences, the outermost first:', '', fenced(differences), '']),
    trustTable(checks),
    '',
  ].join('\n');
}
