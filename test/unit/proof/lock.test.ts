import { createHash } from 'node:crypto';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { Failure } from '../../../src/errors.js';
import { formatReference } from '../../../src/image/reference.js';
import { PLATFORMS } from '../../../src/platform.js';
import { type Lock, type LockInputs, buildKey, lockFile, lockedBases, parseLock } from '../../../src/proof/lock.js';
import { FACTS, INPUTS, LOCK, OTHERS, RIGHT, UNKNOWN, WRONG, WRONG_TOGETHER, changed } from './lockDocuments.js';

const HEX = '0a9f'.repeat(16);

describe('buildKey', () => {
  // Whoever changes this value makes every lock that was published before name another image.
  it('is the SHA256 of exactly this text', () => {
    const text =
      `{"bases":{"rust":"docker.io/library/rust:1.95.0@sha256:${HEX}","shell":"docker.io/library/busybox@sha256:${HEX}"},` +
      `"buildPlatforms":{"linux/amd64":"linux/amd64","linux/arm64":"linux/arm64"},"commit":"${'09ac'.repeat(10)}","epoch":1759768158,` +
      `"labels":{"a":"","org.example.b":"ü"},"platforms":["linux/amd64","linux/arm64"],` +
      `"recipe":{"dockerfile":"${HEX}","layout":1,"wrapper":"1.0.0"},"schema":1,"tree":"${'09ad'.repeat(10)}",` +
      `"upstream":"https://github.com/dndx/phantun"}`;
    expect(buildKey(INPUTS)).toBe(createHash('sha256').update(text).digest('hex'));
    expect(buildKey(INPUTS)).toBe('0460158f717b18865ad6c8d96862f6624e050c9f242f6fe6ebbcc7bb36c7ce30');
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
    ['a build platform', { buildPlatforms: { ...INPUTS.buildPlatforms, 'linux/amd64': 'linux/arm64' } }],
    ['the build platforms', { buildPlatforms: {} }],
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

describe('lockedBases', () => {
  it('are the bases that the lock names, each in its place', () => {
    const { rust, shell } = lockedBases(INPUTS);
    expect({ rust: formatReference(rust), shell: formatReference(shell) }).toEqual(INPUTS.bases);
  });

  it('are references, whatever the lock says', () => {
    const bases = { ...INPUTS.bases, shell: 'A B' };
    expect(() => lockedBases({ ...INPUTS, bases })).toThrow("input lock: 'A B' is not an image reference");
  });
});

describe('parseLock', () => {
  it('takes all three platforms in their order, and in no other', () => {
    const lock = (platforms: LockInputs['platforms']) => {
      const buildPlatforms = Object.fromEntries(platforms.map((platform) => [platform, 'linux/amd64']));
      return lockFile({ ...LOCK, inputs: { ...INPUTS, platforms, buildPlatforms } });
    };
    const [one, two, three] = PLATFORMS;
    expect(parseLock(lock([one, two, three])).inputs.platforms).toEqual(PLATFORMS);
    // In the first and the last of these one stands where it belongs.
    for (const other of [
      [one, three, two],
      [three, one, two],
      [two, one, three],
    ] as const)
      expect(() => parseLock(lock([...other]))).toThrow("the lock's inputs.platforms is missing or malformed");
  });

  it.each(RIGHT)('gives back what lockFile wrote: %s', (_, lock) => {
    expect(parseLock(lockFile(lock))).toEqual(lock);
    expect(parseLock(lockFile(reversed(lock) as Lock))).toEqual(lock);
  });

  it.each<[string, string, string]>([
    ['nothing', '', 'the lock is not JSON'],
    ['a page', '<html>', 'the lock is not JSON'],
    ['two locks', lockFile(LOCK).repeat(2), 'the lock is not JSON'],
    ...OTHERS.map(([text, message]): [string, string, string] => [text.slice(0, 20), text, message]),
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
    ['half a surrogate pair in a label', text.replace('"a":""', '"a":"\\udfff"')],
  ])('refuses %s', (_, edited) => {
    expect(edited).not.toBe(text);
    expect(() => parseLock(edited)).toThrow(expect.objectContaining({ kind: 'input', message: CANONICAL }));
  });

  it('refuses a mark of byte order', () => {
    expect(() => parseLock(`\ufeff${text}`)).toThrow(expect.objectContaining({ kind: 'input' }));
  });

  const members = Object.entries(WRONG).flatMap(([part, names]) =>
    Object.entries(names).map(([name, values]): [string, string, unknown[]] => [part, name, values]),
  );
  const refusal = (...change: Parameters<typeof changed>) => {
    const text = changed(...change);
    return () => parseLock(text);
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

  it.each(WRONG_TOGETHER)('refuses %s', (_, inputs, name) => {
    const text = lockFile({ ...LOCK, inputs: { ...INPUTS, ...inputs } });
    const message = `the lock's inputs.${name} is missing or malformed`;
    expect(() => parseLock(text)).toThrow(expect.objectContaining({ kind: 'input', message }));
  });

  it.each(UNKNOWN)('refuses the unknown member %s', (name) => {
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
  });

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
