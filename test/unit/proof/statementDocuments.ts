import { type Statement, statementOf } from '../../../src/proof/statement.js';
import { trustReport } from '../../../src/proof/trust.js';
import { LOCK, imageOf } from '../../support/proof.js';

/** A statement of an image of two platforms. */
export const IMAGE = imageOf();
export const STATEMENT: Statement = statementOf(LOCK, IMAGE, trustReport({ lock: LOCK, built: true }));

type Change = (statement: Record<string, unknown>) => void;
/** A copy of the statement, changed. */
export function statementWith(change: Change): Record<string, unknown> {
  const copy: Record<string, unknown> = structuredClone(STATEMENT);
  change(copy);
  return copy;
}

const HASH = { sha256: '0a9f'.repeat(16) };

/** What another writer may say otherwise and is still a statement of this type. */
export const RIGHT: [string, Change][] = [
  ['as it is', () => undefined],
  ['no subject', (all) => (all.subject = [])],
  ['the name of a repository', (all) => (all.subject = [{ name: 'ghcr.io/org/image', digest: HASH }])],
  ['a second algorithm', (all) => (all.subject = [{ name: 'index', digest: { ...HASH, sha512: 'x' } }])],
  ['a member that in-toto may add', (all) => (all.more = 1)],
  [
    'the last time that four digits can write',
    ({ predicate }) => ((predicate as Predicate).upstream.epoch = 253_402_300_799),
  ],
  ['a subject with more', (all) => (all.subject = [{ name: 'index', digest: HASH, uri: 'x' }])],
];

/** What is no statement of this type, and the words in which it is refused. */
export const WRONG: [string, Change, string][] = [
  ['no type', (all) => delete all._type, 'the statement is no in-toto statement of version 1'],
  [
    'another version',
    (all) => (all._type = 'https://in-toto.io/Statement/v0.1'),
    'the statement is no in-toto statement of version 1',
  ],
  [
    'no predicate type',
    (all) => delete all.predicateType,
    'the statement has the predicate type nothing, expected https://phantun-runtime.github.io/build/v1',
  ],
  [
    'another predicate',
    (all) => (all.predicateType = 'https://slsa.dev/provenance/v1\u001b'),
    'the statement has the predicate type https://slsa.dev/provenance/v1\\u{1b}, expected https://phantun-runtime.github.io/build/v1',
  ],
  ['no subjects', (all) => delete all.subject, 'subjects of the statement: expected a list, found nothing'],
  ['an object for subjects', (all) => (all.subject = {}), 'subjects of the statement: expected a list, found {}'],
  ['a subject that is a text', (all) => (all.subject = ['x']), 'subject of the statement: expected an object, found x'],
  [
    'a subject without a name',
    (all) => (all.subject = [{ digest: HASH }]),
    'name of a subject of the statement: expected a text, found nothing',
  ],
  [
    'a name that is none',
    (all) => (all.subject = [{ name: 1, digest: HASH }]),
    'name of a subject of the statement: expected a text, found 1',
  ],
  [
    'a subject without digest',
    (all) => (all.subject = [{ name: 'index' }]),
    'digest in the statement: expected an object, found nothing',
  ],
  [
    'a digest of another algorithm alone',
    (all) => (all.subject = [{ name: 'index', digest: { sha512: 'x' } }]),
    'digest in the statement: expected a text, found nothing',
  ],
  ...[HASH.sha256.slice(1), HASH.sha256.toUpperCase(), `sha256:${HASH.sha256}`, `${HASH.sha256}\n`].map(
    (sha256): [string, Change, string] => [
      `the digest ${JSON.stringify(sha256)}`,
      (all) => (all.subject = [{ name: 'index', digest: { sha256 } }]),
      'the statement has a subject whose digest is no SHA256',
    ],
  ),
  ['no predicate', (all) => delete all.predicate, 'predicate of the statement: expected an object, found nothing'],
  ['a list for a predicate', (all) => (all.predicate = []), 'predicate of the statement: expected an object, found []'],
];

type Predicate = Statement['predicate'];
/** Members of the predicate, each with a change that makes it none. */
export const PREDICATES: [string, (predicate: Predicate) => unknown][] = [
  ...(['upstream', 'archive', 'lock', 'recipe', 'bases', 'checks'] as const).flatMap((name): typeof PREDICATES => [
    [`${name}, which is missing`, (all) => Reflect.deleteProperty(all, name)],
    [`${name}, which is null`, (all) => (all[name] = null as never)],
    [`${name}, which is a text`, (all) => (all[name] = 'x' as never)],
  ]),
  ['upstream.repository', ({ upstream }) => (upstream.repository = 1 as never)],
  ['upstream.ref', ({ upstream }) => Reflect.deleteProperty(upstream, 'ref')],
  ['upstream.commit', ({ upstream }) => (upstream.commit = 'c'.repeat(39))],
  ['upstream.tree', ({ upstream }) => (upstream.tree = `${'c'.repeat(40)}\n`)],
  ['upstream.epoch', ({ upstream }) => (upstream.epoch = 1.5)],
  ['upstream.epoch, in the year 10000', ({ upstream }) => (upstream.epoch = 253_402_300_800)],
  ['upstream.epoch, below zero', ({ upstream }) => (upstream.epoch = -1)],
  ['upstream.reachableFrom', ({ upstream }) => (upstream.reachableFrom = [1] as never)],
  ['archive.url', ({ archive }) => (archive.url = null as never)],
  ['archive.sha256', ({ archive }) => (archive.sha256 = 'x')],
  ['archive.tarSha256', ({ archive }) => (archive.tarSha256 = HASH.sha256.toUpperCase())],
  ['lock.sha256', ({ lock }) => Reflect.deleteProperty(lock, 'sha256')],
  ['lock.buildKey', ({ lock }) => (lock.buildKey = `sha256:${HASH.sha256}`)],
  ['recipe.dockerfile', ({ recipe }) => (recipe.dockerfile = 'x')],
  ['recipe.wrapper', ({ recipe }) => (recipe.wrapper = 1 as never)],
  ['recipe.layout', ({ recipe }) => (recipe.layout = '1' as never)],
  ['bases.rust', ({ bases }) => (bases.rust = 'docker.io/library/rust:1')],
  ['bases.shell', ({ bases }) => (bases.shell = `a b@sha256:${HASH.sha256}`)],
  ['a check that is a text', (all) => (all.checks = ['x'] as never)],
  ['a check of another name', ({ checks }) => checks.push({ name: 'x' as never, result: 'passed', detail: '' })],
  ['a check of another result', ({ checks }) => checks.push({ name: 'signed', result: 'maybe' as never, detail: '' })],
  ['a check without detail', ({ checks }) => checks.push({ name: 'signed', result: 'passed' } as never)],
];

/** The statement with its predicate changed. */
export function predicateWith(change: (predicate: Predicate) => unknown): Statement {
  const copy = structuredClone(STATEMENT);
  change(copy.predicate);
  return copy;
}
