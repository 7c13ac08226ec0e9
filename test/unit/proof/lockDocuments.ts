import { type Lock, type LockFacts, type LockInputs } from '../../../src/proof/lock.js';

const HEX = '0a9f'.repeat(16);

/** A lock of constant values: its build key stands in a test. */
export const INPUTS: LockInputs = {
  schema: 1,
  upstream: 'https://github.com/dndx/phantun',
  commit: '09ac'.repeat(10),
  tree: '09ad'.repeat(10),
  epoch: 1_759_768_158,
  bases: { rust: `docker.io/library/rust:1.95.0@sha256:${HEX}`, shell: `docker.io/library/busybox@sha256:${HEX}` },
  platforms: ['linux/amd64', 'linux/arm64'],
  buildPlatforms: { 'linux/amd64': 'linux/amd64', 'linux/arm64': 'linux/arm64' },
  recipe: { dockerfile: HEX, wrapper: '1.0.0', layout: 1 },
  labels: { 'org.example.b': 'ü', a: '' },
};
export const FACTS: LockFacts = {
  ref: 'HEAD',
  tagObject: '',
  reachableFrom: ['refs/heads/main'],
  version: '0.8.1',
  archiveUrl: 'https://github.com/dndx/phantun/archive/c.tar.gz',
  archiveSha256: HEX,
  tarSha256: HEX,
  buildkit: 'v0.26.2',
  resolvedAt: 1_763_640_000,
};
export const LOCK: Lock = { inputs: INPUTS, facts: FACTS };

/** Locks of unusual, right values. */
export const RIGHT: [string, Lock][] = [
  ['the usual values', LOCK],
  [
    'the least',
    {
      inputs: {
        ...INPUTS,
        ...{
          platforms: ['linux/arm/v7'],
          epoch: 0,
          labels: {},
          buildPlatforms: { 'linux/arm/v7': 'linux/s' },
          upstream: '',
        },
      },
      facts: { ...FACTS, reachableFrom: [], resolvedAt: 0, version: '' },
    },
  ],
  [
    'the most',
    {
      inputs: {
        ...INPUTS,
        epoch: 253_402_300_799, // the last second of the year 9999
        platforms: ['linux/amd64', 'linux/arm64', 'linux/arm/v7'],
        buildPlatforms: { 'linux/amd64': 'linux/riscv64', 'linux/arm64': 'linux/arm/v7', 'linux/arm/v7': 'linux/386' },
        recipe: { dockerfile: HEX, wrapper: `1.22.333-rc.1+${'x'.repeat(49)}`, layout: 2 ** 53 - 1 },
        labels: { constructor: 'x'.repeat(4_096), 'org.opencontainers.image.base.name.x': '' },
      },
      facts: { ...FACTS, tagObject: '09ac'.repeat(10), reachableFrom: ['refs/heads/a', 'refs/tags/b'] },
    },
  ],
];

/** Values that a member must not have, by part and member. */
export const WRONG: Record<string, Record<string, unknown[]>> = {
  inputs: {
    schema: [0, 2, '1', true],
    upstream: [1, null, 'x'.repeat(4_097)],
    commit: ['c'.repeat(39), 'C'.repeat(40), 'c'.repeat(64), `${'c'.repeat(40)}\n`],
    tree: ['d'.repeat(41), 'g'.repeat(40), null],
    epoch: [-1, '1', 253_402_300_800, 0.5, null],
    bases: [
      {},
      { rust: INPUTS.bases.rust },
      { ...INPUTS.bases, more: 'x' },
      { ...INPUTS.bases, rust: 'docker.io/library/rust:1.95.0' },
      { ...INPUTS.bases, rust: `a b@sha256:${HEX}` },
      { ...INPUTS.bases, rust: `${INPUTS.bases.rust}@sha256:${HEX}` },
      null,
      'x',
    ],
    platforms: [
      ...[[], ['linux/amd64', 'linux/mips'], 'linux/amd64', { 0: 'linux/amd64' }, [1], null],
      ['linux/amd64', 'linux/amd64'],
    ],
    buildPlatforms: [
      1,
      null,
      [],
      'linux/amd64',
      { 'linux/mips': 'linux/amd64' },
      ...[1, null, '', 'linux', 'windows/amd64', 'linux/amd64\n', 'linux/arm/v7/x', 'linux/AMD64', 'x linux/amd64'].map(
        (on) => ({ ...INPUTS.buildPlatforms, 'linux/amd64': on }),
      ),
    ],
    recipe: [
      { dockerfile: HEX, wrapper: '1.0.0' },
      { ...INPUTS.recipe, dockerfile: HEX.slice(1) },
      ...[1, '', '1.0', 'v1.0.0', '1.0.0 ', '1.0.0\n', '1.0.0\nRUN evil', `1.0.0-${'x'.repeat(59)}`].map((wrapper) => ({
        ...INPUTS.recipe,
        wrapper,
      })),
      { ...INPUTS.recipe, layout: '1' },
      { ...INPUTS.recipe, layout: -1 },
      { ...INPUTS.recipe, more: 1 },
      null,
    ],
    labels: [
      [],
      { a: 1 },
      { a: null },
      { a: 'x', b: 1 },
      { a: 'x'.repeat(4_097) },
      null,
      'a=b',
      ...[{ 'io.github.phantun-runtime.proof': 'x' }, { 'org.opencontainers.image.base.name': 'x' }, { 'a b': 'x' }],
      ...[{ '': 'x' }, { a: 'x\ny' }, { a: '\u2028' }, { ['x'.repeat(256)]: '' }],
    ],
  },
  facts: {
    ref: [1, null],
    tagObject: [null, 1],
    reachableFrom: ['refs/heads/main', [1], null, {}],
    version: [1],
    archiveUrl: [1],
    archiveSha256: [HEX.toUpperCase(), `${HEX}0`, `${HEX}\n`, `sha256:${HEX}`, ''],
    tarSha256: [HEX.slice(1), null],
    buildkit: [1],
    resolvedAt: [-1, '1', null],
  },
};

/** Values that only a reader refuses: the schema says them in words. */
export const WRONG_TOGETHER: [string, Partial<LockInputs>, string][] = [
  ['platforms in another order', { platforms: ['linux/arm64', 'linux/amd64'] }, 'platforms'],
  [
    'a platform whose compiler it does not name',
    { buildPlatforms: { 'linux/amd64': 'linux/amd64' } },
    'buildPlatforms',
  ],
  ['no compiler at all', { buildPlatforms: {} }, 'buildPlatforms'],
  [
    'a compiler of another platform',
    { buildPlatforms: { ...INPUTS.buildPlatforms, 'linux/arm/v7': 'linux/amd64' } },
    'buildPlatforms',
  ],
];

/** Names of members that no lock has. */
export const UNKNOWN = ['more', 'constructor', 'toString', '__proto__', 'Schema', 'x\u202e'];

const NOT_TWO = 'the lock has not exactly the parts inputs and facts';
/** Texts that are JSON and no lock, and why. */
export const OTHERS: [string, string][] = [
  ...['null', '[]', '1', '"x"', '{}', '{"inputs":{}}'].map((text): [string, string] => [text, NOT_TWO]),
  [JSON.stringify({ ...LOCK, more: 1 }), NOT_TWO],
  [JSON.stringify({ ...LOCK, inputs: [] }), 'the lock has no inputs'],
  [JSON.stringify({ ...LOCK, facts: null }), 'the lock has no facts'],
];

/** The lock's text after a change in one of its parts; not always in its canonical form. */
export function changed(part: string, change: (members: Record<string, unknown>) => void): string {
  const lock = structuredClone(LOCK) as unknown as Record<string, Record<string, unknown>>;
  change(lock[part] ?? {});
  return JSON.stringify(lock);
}
