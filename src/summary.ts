import { dirname } from 'node:path';
import type { Failure } from './errors.js';
import { code, escape, fenced, table } from './markdown.js';
import type { Plan } from './plan.js';
import type { Reproduction } from './proof/reproduce.js';
import { type TrustCheck, trustRows } from './proof/trust.js';
import type { Product, Result } from './run.js';
import { MAX_HOLDERS } from './source/holders.js';
import type { Step } from './steps.js';
import { cappedLines, humanSeconds, humanSize, isoTime, printable } from './text.js';
import type { Verified } from './verify/verify.js';

/** The summary of a run that succeeded, as Markdown. Pure. */
export function successSummary({ plan, before, changed, outcome }: Result, steps: readonly Step[]): string {
  const [title, body] =
    outcome.kind === 'skipped'
      ? [
          'unchanged, nothing written',
          ['Every repository holds this build with all its platforms.', '', trustTable(outcome.checks), ''],
        ]
      : [
          `verified and ${outcome.published.refs.length > 0 ? 'published' : 'built'}`,
          [
            ...productLines(outcome),
            ...(before === undefined
              ? []
              : [`Changed since ${code(`${before.name}@${before.digest}`)}: ${changed.join(', ') || 'nothing'}`, '']),
          ],
        ];
  const digest = outcome.kind === 'skipped' ? outcome.digest : outcome.checked.image.index.digest;
  return [
    `## phantun ${plan.tree.version}, ${title}`,
    '',
    chainTable(plan, digest),
    '',
    ...body,
    stepTable(steps),
    '',
  ].join('\n');
}

function chainTable({ source, tree, lock, buildKey }: Plan, digest: string): string {
  const { facts, inputs } = lock;
  return table(
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
  );
}

function productLines(product: Product): string[] {
  const { checked, checks } = product;
  return [
    trustTable(checks),
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
    ...publishedLines(product),
  ];
}

/** The trust report as Markdown: what is proven of an image, and what is not. Pure. */
export function trustTable(checks: readonly TrustCheck[]): string {
  return table(
    ['What is proven', '', 'How, or why not'],
    trustRows(checks).map((cells) => cells.map((cell) => cell.replaceAll('|', '·'))),
  );
}

function publishedLines({ published, delivered, exportFolder }: Product): string[] {
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
  else lines.push(`Lock and evidence: ${code(printable(dirname(delivered.lock)))}`, '');
  return lines;
}

const SHOWN_REFS = 5;

function heldBy(references: readonly string[]): string {
  const shown = references.slice(0, SHOWN_REFS).map((name) => code(printable(name)));
  const more = references.length - shown.length;
  const least = references.length < MAX_HOLDERS ? '' : 'at least ';
  return `${shown.join(', ')}${more > 0 ? ` and ${least}${more} more` : ''}`;
}

/** The summary of a run that failed, as Markdown. Pure. */
export function failureSummary(failure: Pick<Failure, 'kind' | 'message' | 'details'>, steps: readonly Step[]): string {
  return [
    `## Failed: ${failure.kind}`,
    '',
    escape(failure.message),
    '',
    ...(failure.details.length === 0 ? [] : [fenced(cappedLines(failure.details)), '']),
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

/** So many that the whole report fits where the details of a failure do. */
const MAX_DIFFERENCES = 50;

/** What came of building an image again, as Markdown. Pure. */
export function reproductionReport({
  verdict,
  published,
  rebuilt,
  missing,
  differences,
  lock,
  checks,
}: Reproduction): string {
  const { upstream, commit, bases } = lock.inputs;
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
    'What the publisher says it was made of; whether you want that is for you to judge:',
    '',
    table(
      ['Made of', ''],
      [
        ['upstream', code(upstream)],
        ['commit', code(commit)],
        ['Rust', code(bases.rust)],
        ['shell', code(bases.shell)],
      ],
    ),
    '',
    ...(missing === undefined
      ? []
      : ['Missing:', '', fenced(cappedLines(missing.text.split('\n'), MAX_DIFFERENCES)), '']),
    ...(differences.length === 0
      ? []
      : ['Differences, the outermost first:', '', fenced(cappedLines(differences, MAX_DIFFERENCES)), '']),
    trustTable(checks),
    '',
  ].join('\n');
}

/** What was verified of an image, and whose signature says so, as a short table in Markdown. Pure. */
export function verifiedTable({ image, statement, signer, logIndex, predicateTypes, lock }: Verified): string {
  const { upstream, lock: locked, checks } = statement.predicate;
  const done = checks.filter(({ result }) => result === 'passed').map(({ name }) => name);
  const rows = [
    ['image', `${image.repository}@${image.digest}`],
    ['platforms', image.view.platforms.map(({ platform }) => platform).join(', ')],
    ['source', `${upstream.repository}, commit ${upstream.commit}`],
    ['tree', upstream.tree],
    ['build key', locked.buildKey],
    [
      'lock',
      lock === undefined ? `not beside the image; signed as SHA256 ${locked.sha256}` : 'gives build key and labels',
    ],
    ['published by', signer.source],
    ['signed by', signer.name],
    ['on', `a ${signer.runner} runner, ${signer.run}`],
    ['logged', logIndex === undefined ? 'time stamped, in no public log' : `transparency log, entry ${logIndex}`],
    ['statements', predicateTypes.join(', ')],
    ['checks the publisher signed', done.join(', ')],
  ];
  // Whoever signed it may be anybody, and verify.yml copies the table into the summary of a job.
  const cells = rows.map(([name = '', value = '']) => [name, escape(printable(value, 1_000))]);
  return `${table(['verified', ''], cells)}\n`;
}
