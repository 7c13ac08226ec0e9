import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { digestOf } from '../../../src/hash.js';
import { parseStatement, type Statement, statementFile } from '../../../src/proof/statement.js';
import { failureOf } from '../../support/failureOf.js';
import { filesOf, giveBuilds } from '../../support/proof.js';
import { IMAGE, LOCK, world } from './reproduceWorld.js';

const OTHER = digestOf('another image').slice('sha256:'.length);

/** Evidence whose statement somebody changed, and a builder that gives the image again. */
async function changed(change: (statement: Statement) => void) {
  const made = await world();
  const file = join(made.evidence, 'statement.json');
  const statement = parseStatement(readFileSync(file));
  change(statement);
  writeFileSync(file, statementFile(statement));
  return { ...made, builder: await made.useBuilder() };
}
const subject = (statement: Statement, name: string) =>
  statement.subject.find((one) => one.name === name) ?? { digest: { sha256: '' } };

describe('evidence whose statement is not about the image', () => {
  const refused = 'the statement in the evidence is not about this image: ';
  it.each<[string, (statement: Statement) => void, string]>([
    [
      'another index',
      (statement) => (subject(statement, 'index').digest.sha256 = OTHER),
      `subject[0].digest.sha256: found "${OTHER}", expected "${IMAGE.index.digest.slice('sha256:'.length)}"`,
    ],
    [
      'another manifest of a platform',
      (statement) => (subject(statement, 'linux/arm64').digest.sha256 = OTHER),
      `subject[2].digest.sha256: found "${OTHER}", expected "`,
    ],
    ['fewer platforms', (statement) => statement.subject.pop(), 'subject: found ['],
    ['another commit', ({ predicate }) => (predicate.upstream.commit = 'e'.repeat(40)), 'predicate.upstream.commit: '],
  ])('but about %s is refused beside it, before anything is built', async (_, change, difference) => {
    const { evidence, reference, run, builder } = await changed(change);
    const failure = await failureOf(() => run({ image: reference, evidence }));
    expect(failure.kind).toBe('verification');
    expect(failure.message).toContain(`${refused}${difference}`);
    expect(builder.builds()).toEqual([]);
  });

  it('but about none is refused where there is nothing else', async () => {
    const { evidence, run } = await changed((statement) => statement.subject.shift());
    expect(await failureOf(() => run({ evidence }))).toMatchObject({
      kind: 'verification',
      message: 'the statement in the evidence names no index: it is about no image',
    });
  });

  it('and contradicts its lock is refused where there is nothing else', async () => {
    const { evidence, run } = await changed(({ predicate }) => (predicate.archive.url = 'https://evil.example/x'));
    expect((await failureOf(() => run({ evidence }))).message).toContain(`${refused}predicate.archive.url: `);
  });
});

describe('a statement alone', () => {
  it('names the platform that differs, though the index is claimed to be the same', async () => {
    const { evidence, run } = await changed((statement) => (subject(statement, 'linux/arm64').digest.sha256 = OTHER));
    const manifest = IMAGE.images[1]?.manifest.digest ?? '';
    expect(await run({ evidence })).toMatchObject({
      verdict: 'different',
      differences: [`linux/arm64: the evidence's statement names "sha256:${OTHER}", rebuilt "${manifest}"`],
    });
  });

  it('names each platform that differs', async () => {
    const { evidence, run, builder } = await changed(() => undefined);
    await giveBuilds(builder, LOCK, {
      'linux/amd64': filesOf('linux/amd64', 1),
      'linux/arm64': filesOf('linux/arm64', 1),
    });
    const { verdict, differences } = await run({ evidence });
    expect(verdict).toBe('different');
    expect(differences.map((line) => line.split(':', 1)[0])).toEqual(['index', 'linux/amd64', 'linux/arm64']);
  });
});
