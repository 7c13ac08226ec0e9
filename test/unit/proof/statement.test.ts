import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { Failure } from '../../../src/errors.js';
import { sha256 } from '../../../src/hash.js';
import { type Lock, buildKey, lockFile } from '../../../src/proof/lock.js';
import {
  PREDICATE_TYPE,
  type Statement,
  imageOfStatement,
  parseStatement,
  requireStatement,
  statementDifferences,
  statementFile,
  statementOf,
} from '../../../src/proof/statement.js';
import { failureOf } from '../../support/failureOf.js';
import { HEX, LOCK, buildOf, imageOf, lockWith } from '../../support/proof.js';
import { IMAGE, RIGHT, STATEMENT, WRONG, statementWith } from './statementDocuments.js';

const hexOf = (digest: string | undefined) => digest?.replace('sha256:', '');

describe('a statement', () => {
  it('is about the index and the manifest of every platform', () => {
    expect(STATEMENT._type).toBe('https://in-toto.io/Statement/v1');
    expect(STATEMENT.predicateType).toBe('https://phantun-runtime.github.io/build/v1');
    expect(STATEMENT.subject).toEqual([
      { name: 'index', digest: { sha256: hexOf(IMAGE.index.digest) } },
      { name: 'linux/amd64', digest: { sha256: hexOf(IMAGE.images[0]?.manifest.digest) } },
      { name: 'linux/arm64', digest: { sha256: hexOf(IMAGE.images[1]?.manifest.digest) } },
    ]);
    expect(new Set(STATEMENT.subject.map(({ digest }) => digest.sha256)).size).toBe(3);
  });

  it('says source, archive, lock, recipe, bases and checks as the lock and the run have them', () => {
    const checks = [{ name: 'signed', result: 'not-done', detail: 'x' }] as const;
    const { inputs, facts } = LOCK;
    expect(statementOf(LOCK, IMAGE, [...checks]).predicate).toEqual({
      upstream: {
        repository: inputs.upstream,
        ref: facts.ref,
        commit: inputs.commit,
        tree: inputs.tree,
        epoch: inputs.epoch,
        reachableFrom: facts.reachableFrom,
      },
      archive: { url: facts.archiveUrl, sha256: facts.archiveSha256, tarSha256: facts.tarSha256 },
      lock: { sha256: sha256(lockFile(LOCK)), buildKey: buildKey(inputs) },
      recipe: inputs.recipe,
      bases: inputs.bases,
      checks,
    });
  });

  it('has one file: canonical JSON and a line end, which is read back as it was', () => {
    const file = statementFile(STATEMENT);
    expect(file).toMatch(/^\{"_type":"https:\/\/in-toto\.io\/Statement\/v1","predicate":\{.*\}\n$/);
    expect(parseStatement(Buffer.from(file))).toEqual(STATEMENT);
  });
});

describe('parseStatement', () => {
  it.each(RIGHT)('takes a statement with %s', (_, change) => {
    const statement = statementWith(change);
    expect(parseStatement(Buffer.from(JSON.stringify(statement)))).toEqual(statement);
  });

  it.each(WRONG)('refuses %s', async (_, change, message) => {
    const bytes = Buffer.from(JSON.stringify(statementWith(change)));
    expect(await failureOf(() => parseStatement(bytes))).toMatchObject({ kind: 'verification', message });
  });

  it.each<[string, Buffer]>([
    ['nothing', Buffer.alloc(0)],
    ['half a document', Buffer.from(JSON.stringify(STATEMENT).slice(0, 99))],
    ['bytes that are no UTF-8', Buffer.from([0x22, 0xff, 0x22])],
  ])('refuses %s', async (_, bytes) => {
    expect(await failureOf(() => parseStatement(bytes))).toMatchObject({
      kind: 'verification',
      message: 'the statement is not JSON',
    });
  });

  it('names a predicate type that is nested deeper than anything can show', async () => {
    const text = JSON.stringify({ ...STATEMENT, predicateType: 'DEEP' });
    const deep = `${'['.repeat(50_000)}${']'.repeat(50_000)}`;
    const failure = await failureOf(() => parseStatement(Buffer.from(text.replace('"DEEP"', deep))));
    expect(failure).toMatchObject({ kind: 'verification' });
    expect(failure.message).toContain('nested too deep to be shown');
  });

  it('never fails otherwise, whatever JSON it is given', () => {
    const { predicateType, _type } = STATEMENT;
    fc.assert(
      fc.property(fc.jsonValue(), fc.jsonValue(), (subject, predicate) => {
        try {
          parseStatement(Buffer.from(JSON.stringify({ _type, predicateType, subject, predicate })));
        } catch (error) {
          expect(error).toBeInstanceOf(Failure);
        }
      }),
    );
  });
});

describe('requireStatement', () => {
  it('takes one about this lock and this image, and names the first member that is about another', async () => {
    expect(() => requireStatement(STATEMENT, LOCK, IMAGE)).not.toThrow();
    const other = lockWith({ commit: 'e'.repeat(40) });
    expect(await failureOf(() => requireStatement(STATEMENT, other, IMAGE))).toMatchObject({
      kind: 'verification',
      message: expect.stringMatching(
        /^the statement in the evidence is not about this image: predicate\.lock\./,
      ) as string,
    });
  });
});

describe('imageOfStatement', () => {
  it('is the image whose statement it is', () => {
    const { index, images } = imageOfStatement(STATEMENT);
    expect(index.digest).toBe(IMAGE.index.digest);
    expect(images).toEqual(
      IMAGE.images.map(({ platform, manifest }) => ({ platform, manifest: { digest: manifest.digest } })),
    );
  });

  it.each<[string, Statement['subject']]>([
    ['nothing', []],
    ['an image whose index does not come first', STATEMENT.subject.slice(1)],
  ])('refuses a statement about %s', async (_, subject) => {
    expect(await failureOf(() => imageOfStatement({ ...STATEMENT, subject }))).toMatchObject({
      kind: 'verification',
      message: 'the statement in the evidence names no index: it is about no image',
    });
  });
});

describe('statementDifferences', () => {
  it('finds none where statement, lock and image belong together, whatever checks the signer vouches for', () => {
    expect(statementDifferences(STATEMENT, LOCK, IMAGE)).toEqual([]);
    const other = structuredClone(STATEMENT);
    other.predicate.checks = [];
    expect(statementDifferences(other, LOCK, IMAGE)).toEqual([]);
  });

  type Predicate = Statement['predicate'];
  it.each<[string, (predicate: Predicate) => void, string]>([
    [
      'upstream.repository',
      ({ upstream }) => (upstream.repository = 'x'),
      'found "x", expected "https://github.com/dndx/phantun"',
    ],
    ['upstream.ref', ({ upstream }) => (upstream.ref = 'x'), 'found "x", expected "refs/heads/main"'],
    ['upstream.commit', ({ upstream }) => (upstream.commit = 'x'), `found "x", expected "${LOCK.inputs.commit}"`],
    ['upstream.tree', ({ upstream }) => (upstream.tree = 'x'), `found "x", expected "${LOCK.inputs.tree}"`],
    ['upstream.epoch', ({ upstream }) => (upstream.epoch = 1), 'found 1, expected 1700000000'],
    [
      'upstream.reachableFrom',
      ({ upstream }) => (upstream.reachableFrom = []),
      'found [], expected ["refs/heads/main"]',
    ],
    ['archive.url', ({ archive }) => (archive.url = 'x'), `found "x", expected "${LOCK.facts.archiveUrl}"`],
    [
      'archive.sha256',
      ({ archive }) => (archive.sha256 = HEX),
      `found "${HEX}", expected "${LOCK.facts.archiveSha256}"`,
    ],
    [
      'archive.tarSha256',
      ({ archive }) => (archive.tarSha256 = HEX),
      `found "${HEX}", expected "${LOCK.facts.tarSha256}"`,
    ],
    ['lock.sha256', ({ lock }) => (lock.sha256 = HEX), `found "${HEX}", expected "${sha256(lockFile(LOCK))}"`],
    ['lock.buildKey', ({ lock }) => (lock.buildKey = HEX), `found "${HEX}", expected "${buildKey(LOCK.inputs)}"`],
    ['recipe.layout', ({ recipe }) => (recipe.layout = 9), 'found 9, expected 1'],
    ['bases.rust', ({ bases }) => (bases.rust = 'x'), `found "x", expected "${LOCK.inputs.bases.rust}"`],
    ['more', (predicate) => Object.assign(predicate, { more: 1 }), 'found 1, expected nothing'],
  ])('names %s', (member, change, words) => {
    const statement = structuredClone(STATEMENT);
    change(statement.predicate);
    expect(statementDifferences(statement, LOCK, IMAGE)).toEqual([`predicate.${member}: ${words}`]);
  });

  it.each<[string, Lock, RegExp]>([
    ['another commit', lockWith({ commit: 'e'.repeat(40) }), /^predicate\.upstream\.commit: /m],
    ['another fact', lockWith({}, { resolvedAt: 1 }), /^predicate\.lock\.sha256: .*(?!\n)$/],
    ['a label', lockWith({ labels: { a: 'b' } }), /^predicate\.lock\.buildKey: /m],
  ])('names what a lock with %s says otherwise', (_, lock, line) => {
    expect(statementDifferences(STATEMENT, lock, IMAGE).join('\n')).toMatch(line);
  });

  it('names the subjects when the image is another one', () => {
    const [amd64, arm64] = [buildOf(LOCK, 'linux/amd64'), buildOf(LOCK, 'linux/arm64', [])];
    const other = imageOf(LOCK, [amd64, arm64]);
    const expected = [other.index.digest, other.images[1]?.manifest.digest].map(hexOf);
    expect(statementDifferences(STATEMENT, LOCK, other)).toEqual([
      `subject[0].digest.sha256: found "${hexOf(IMAGE.index.digest) ?? ''}", expected "${expected[0] ?? ''}"`,
      `subject[2].digest.sha256: found "${hexOf(IMAGE.images[1]?.manifest.digest) ?? ''}", expected "${expected[1] ?? ''}"`,
    ]);
    expect(statementDifferences(STATEMENT, LOCK, imageOf(LOCK, [amd64])).join('\n')).toMatch(
      /^subject: found \[\{"name":"index".*…, expected \[/,
    );
  });

  it('names another predicate type, which parseStatement would refuse', () => {
    const other = { ...STATEMENT, predicateType: 'x' } as unknown as Statement;
    expect(statementDifferences(other, LOCK, IMAGE)).toEqual([
      `predicateType: found "x", expected "${PREDICATE_TYPE}"`,
    ]);
  });
});
