import { createHash } from 'node:crypto';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { canonicalJson } from '../../../src/canonical.js';
import { Failure } from '../../../src/errors.js';
import { type Lock, type LockFacts, type LockInputs, buildKey, lockFile, parseLock } from '../../../src/proof/lock.js';

const HEX = '0a9f'.repeat(16);
const INPUTS: LockInputs = {
  schema: 1,
  upstream: 'https://github.com/dndx/phantun',
  commit: '09ac'.repeat(10),
  tree: '09ad'.repeat(10),
  epoch: 1_759_768_158,
  bases: { rust: `docker.io/library/rust:1.95.0@sha256:${HEX}`, shell: `docker.io/library/busybox@sha256:${HEX}` },
  platforms: ['linux/amd64', 'linux/arm64'],
  buildPlatform: 'linux/amd64',
  recipe: { dockerfile: HEX, wrapper: '1.0.0', layout: 1 },
  labels: { 'org.example.b': 'ü', a: '' },
};
const FACTS: LockFacts = {
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
const LOCK: Lock = { inputs: INPUTS, facts: FACTS };

describe('buildKey', () => {
  // Whoever changes this value makes every lock that was published before name another image.
  it('is the SHA256 of exactly this text', () => {
    const text =
      `{"bases":{"rust":"docker.io/library/rust:1.95.0@sha256:${HEX}","shell":"docker.io/library/busybox@sha256:${HEX}"},` +
      `"buildPlatform":"linux/amd64","commit":"${'09ac'.repeat(10)}","epoch":1759768158,` +
      `"labels":{"a":"","org.example.b":"ü"},"platforms":["linux/amd64","linux/arm64"],` +
      `"recipe":{"dockerfile":"${HEX}","layout":1,"wrapper":"1.0.0"},"schema":1,"tree":"${'09ad'.repeat(10)}",` +
      `"upstream":"https://github.com/dndx/phantun"}`;
    expect(buildKey(INPUTS)).toBe(createHash('sha256').update(text).digest('hex'));
    expect(buildKey(INPUTS)).toBe('e0a11878b3c0e79fb7e5eee192a91b5aa3c5f375e075c9d60a278cf9dd906e95');
  });

  it('does not depend on the order of keys', () => {
    expect(buildKey(reversed(INPUTS) as LockInputs)).toBe(buildKey(INPUTS));
  });

  it.each<[string, Partial<LockInputs>]>([
    ['the upstream', { upstream: 'https://github.com/dndx/phantum' }],
    ['the commit', { commit: 'e'.repeat(40) }],
    ['the tree', { tree: 'e'.repeat(40) }],
    ['the time', { epoch: INPUTS.epoch + 1 }],
    ['a base', { bases: { ...INPUTS.bases, shell: `docker.io/library/busybox@sha256:${'0'.repeat(64)}` } }],
    ['the platforms', { platforms: ['linux/amd64'] }],
    ['the order of platforms', { platforms: ['linux/arm64', 'linux/amd64'] }],
    ['the build platform', { buildPlatform: 'linux/arm64' }],
    ['the recipe', { recipe: { ...INPUTS.recipe, layout: 2 } }],
    ['a label', { labels: { ...INPUTS.labels, a: 'x' } }],
  ])('depends on %s', (_, change) => {
    expect(buildKey({ ...INPUTS, ...change })).not.toBe(buildKey(INPUTS));
  });
});

function reversed(value: unknown): unknown {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return value;
  const entries = Object.entries(value).reverse();
  return Object.fromEntries(entries.map(([key, member]) => [key, reversed(member)]));
}

describe('parseLock', () => {
  it('gives back what lockFile wrote', () => {
    expect(parseLock(lockFile(LOCK))).toEqual(LOCK);
    expect(parseLock(lockFile(reversed(LOCK) as Lock))).toEqual(LOCK);
    const small: Lock = {
      inputs: { ...INPUTS, platforms: ['linux/arm/v7'], epoch: 0, labels: {}, buildPlatform: 'x'.repeat(4_096) },
      facts: { ...FACTS, reachableFrom: [] },
    };
    expect(parseLock(lockFile(small))).toEqual(small);
  });

  it.each<[string, string, string]>([
    ['nothing', '', 'the lock is not JSON'],
    ['a page', '<html>', 'the lock is not JSON'],
    ['two locks', lockFile(LOCK).repeat(2), 'the lock is not JSON'],
    ...['null', '[]', '1', '"x"', '{}', '{"inputs":{}}'].map((text): [string, string, string] => [
      text,
      text,
      'the lock has not exactly the parts inputs and facts',
    ]),
    ['a third part', canonicalJson({ ...LOCK, more: 1 }), 'the lock has not exactly the parts inputs and facts'],
    ['a list for a part', canonicalJson({ ...LOCK, inputs: [] }), 'the lock has no inputs'],
    ['null for a part', canonicalJson({ ...LOCK, facts: null }), 'the lock has no facts'],
  ])('refuses %s', (_, text, message) => {
    expect(() => parseLock(text)).toThrow(expect.objectContaining({ kind: 'input', message }));
  });

  const CANONICAL = 'the lock is not in its canonical form: it was edited or reformatted since it was written';
  const text = lockFile(LOCK);
  it.each<[string, string]>([
    ['no line end', text.trimEnd()],
    ['two line ends', `${text}\n`],
    ['another line end', text.replace('\n', '\r\n')],
    ['spaces', JSON.stringify(LOCK, undefined, 2)],
    ['another order', `${JSON.stringify({ inputs: INPUTS, facts: FACTS })}\n`],
    ['an escape that none needs', text.replace('HEAD', '\\u0048EAD')],
    ['a member twice', text.replace('"ref":"HEAD"', '"ref":"main","ref":"HEAD"')],
    ['a number in another form', text.replace('1763640000', '1.76364e9')],
    [
      'minus zero',
      lockFile({ ...LOCK, facts: { ...FACTS, resolvedAt: 0 } }).replace('"resolvedAt":0', '"resolvedAt":-0'),
    ],
    ['half a surrogate pair', text.replace('HEAD', '\\ud800')],
    ['half a surrogate pair for a label', text.replace('"a":""', '"a":"","\\udfff":""')],
  ])('refuses %s', (_, edited) => {
    expect(edited).not.toBe(text);
    expect(() => parseLock(edited)).toThrow(expect.objectContaining({ kind: 'input', message: CANONICAL }));
  });

  it('refuses a mark of byte order', () => {
    expect(() => parseLock(`\ufeff${text}`)).toThrow(expect.objectContaining({ kind: 'input' }));
  });

  /** Values that a member must not have, by part and member. */
  const WRONG: Record<string, Record<string, unknown[]>> = {
    inputs: {
      schema: [0, 2, '1', true],
      upstream: [1, null, 'x'.repeat(4_097)],
      commit: ['c'.repeat(39), 'C'.repeat(40), 'c'.repeat(64), `${'c'.repeat(40)}\n`],
      tree: ['d'.repeat(41), 'g'.repeat(40), null],
      epoch: [-1, '1', 2 ** 53, null],
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
      platforms: [[], ['linux/amd64', 'linux/mips'], 'linux/amd64', { 0: 'linux/amd64' }, [1], null],
      buildPlatform: [1, null, []],
      recipe: [
        { dockerfile: HEX, wrapper: '1.0.0' },
        { ...INPUTS.recipe, dockerfile: HEX.slice(1) },
        { ...INPUTS.recipe, wrapper: 1 },
        { ...INPUTS.recipe, layout: '1' },
        { ...INPUTS.recipe, more: 1 },
        null,
      ],
      labels: [[], { a: 1 }, { a: null }, { a: 'x', b: 1 }, null, 'a=b'],
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
  const members = Object.entries(WRONG).flatMap(([part, names]) =>
    Object.entries(names).map(([name, values]): [string, string, unknown[]] => [part, name, values]),
  );
  const refusal = (part: string, change: (members: Record<string, unknown>) => void) => {
    const lock = structuredClone(LOCK) as unknown as Record<string, Record<string, unknown>>;
    change(lock[part] ?? {});
    return () => parseLock(JSON.stringify(lock));
  };

  it('is tested with every member there is', () => {
    expect(members.map(([part, name]) => `${part}.${name}`).sort()).toEqual(
      [
        ...Object.keys(INPUTS).map((name) => `inputs.${name}`),
        ...Object.keys(FACTS).map((name) => `facts.${name}`),
      ].sort(),
    );
  });

  it.each(members)('refuses %s without %s, or with a wrong one', (part, name, values) => {
    const error = expect.objectContaining({
      kind: 'input',
      message: `the lock's ${part}.${name} is missing or malformed`,
    }) as Error;
    expect(refusal(part, (all) => Reflect.deleteProperty(all, name))).toThrow(error);
    for (const value of values) expect(refusal(part, (all) => (all[name] = value))).toThrow(error);
  });

  it.each(['more', 'constructor', 'toString', '__proto__', 'Schema', 'x\u202e'])(
    'refuses the unknown member %s',
    (name) => {
      for (const part of ['inputs', 'facts'])
        expect(
          refusal(part, (all) => {
            Object.defineProperty(all, name, { value: 1, enumerable: true });
          }),
        ).toThrow(
          expect.objectContaining({
            kind: 'input',
            message: `the lock's ${part} has the unknown member ${name.replace('\u202e', '\\u{202e}')}`,
          }),
        );
    },
  );

  it('takes nothing but what it gives back, and refuses all else as input', () => {
    const edit = fc.tuple(fc.nat(text.length), fc.nat(3), fc.string({ maxLength: 3 }));
    fc.assert(
      fc.property(edit, ([at, cut, insert]) => {
        const edited = text.slice(0, at) + insert + text.slice(at + cut);
        try {
          expect(lockFile(parseLock(edited))).toBe(edited);
        } catch (error) {
          if (!(error instanceof Failure)) throw error;
          expect(error.kind).toBe('input');
        }
      }),
      { numRuns: 500 },
    );
  });

  it('never fails otherwise, whatever JSON it is given', () => {
    fc.assert(
      fc.property(fc.json(), (json) => {
        expect(() => parseLock(json)).toThrow(expect.objectContaining({ kind: 'input' }));
      }),
    );
  });
});
