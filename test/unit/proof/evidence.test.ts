import { readFileSync, readdirSync, rmSync, symlinkSync, truncateSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { sha256 } from '../../../src/hash.js';
import {
  EVIDENCE,
  MAX_EVIDENCE_BYTES,
  type OpenedEvidence,
  openEvidence,
  readEvidenceFile,
  writeEvidence,
} from '../../../src/proof/evidence.js';
import { evidenceReadme } from '../../../src/proof/evidenceReadme.js';
import { buildKey, lockFile } from '../../../src/proof/lock.js';
import { statementFile, statementOf } from '../../../src/proof/statement.js';
import { failureOf } from '../../support/failureOf.js';
import { temporaryFolder } from '../../support/world.js';
import {
  CRATE,
  EVIDENCE_FILES,
  LOCK,
  SAMPLE,
  evidenceOf,
  filesIn,
  imageOf,
  lockWith,
  writtenEvidence,
} from '../../support/proof.js';

describe('writeEvidence', () => {
  it('writes all there is, and says how much it is', async () => {
    const folder = join(temporaryFolder(), 'new', 'evidence');
    const evidence = evidenceOf();
    const size = await writeEvidence(evidence, folder);
    expect(filesIn(folder)).toEqual(EVIDENCE_FILES);
    const read = (name: string) => readFileSync(join(folder, name));
    expect(size).toBe(EVIDENCE_FILES.reduce((sum, name) => sum + read(name).length, 0));
    expect(read(EVIDENCE.lock).toString()).toBe(lockFile(LOCK));
    expect(read(EVIDENCE.commit)).toEqual(SAMPLE.object);
    expect(read(EVIDENCE.archive)).toEqual(SAMPLE.archive);
    expect(read(EVIDENCE.dockerfile)).toEqual(evidence.dockerfile);
    expect(read(`crates/${CRATE.file}`)).toEqual(CRATE.bytes);
    expect(read(EVIDENCE.statement).toString()).toBe(statementFile(evidence.statement));
    expect(read(EVIDENCE.sbom('linux/arm64')).toString()).toBe('{"sbom":"linux/arm64"}\n');
    expect(read(EVIDENCE.readme).toString()).toBe(evidenceReadme(LOCK, evidence.statement));
  });

  it('writes nothing that is larger than what is kept', async () => {
    const folder = join(temporaryFolder(), 'evidence');
    // The same bytes many times: only the sum counts.
    const big = Buffer.alloc(MAX_EVIDENCE_BYTES / 16);
    const crates = new Map(Array.from({ length: 16 }, (_, index) => [`x-${index}.0.0.crate`, big]));
    expect(await failureOf(() => writeEvidence({ ...evidenceOf(), crates }, folder))).toMatchObject({
      kind: 'verification',
      message:
        'the evidence has 256.0 MB, more than the 256.0 MB that it may have. This is probably another repository than phantun: check upstream and ref',
    });
    expect(() => readdirSync(folder)).toThrow('ENOENT');
  });

  it('writes nothing that is larger once it is packed', async () => {
    const folder = join(temporaryFolder(), 'evidence');
    // Each file has a header, and ends with a block.
    const most = Buffer.alloc(255_500);
    const crates = new Map(Array.from({ length: 1_000 }, (_, index) => [`x-${index}.0.0.crate`, most]));
    expect(await failureOf(() => writeEvidence({ ...evidenceOf(), crates }, folder))).toMatchObject({
      message: expect.stringMatching(/^the evidence has 256\.5 MB, more than the 256\.0 MB that it may have/) as string,
    });
    expect(() => readdirSync(folder)).toThrow('ENOENT');
  });
});

describe('openEvidence', () => {
  it('gives back lock and statement of what was written', async () => {
    const folder = await writtenEvidence();
    expect(await openEvidence(folder)).toEqual({ folder, lock: LOCK, statement: evidenceOf().statement });
  });

  const replace = (name: string, text: string) => (folder: string) => writeFileSync(join(folder, name), text);
  const other = lockWith({}, { resolvedAt: 1 });
  it.each<[string, (folder: string) => void, string, RegExp]>([
    [
      'without a lock',
      (folder) => rmSync(join(folder, 'lock.json')),
      'verification',
      /^the evidence's lock\.json is missing: /,
    ],
    [
      'without a statement',
      (folder) => rmSync(join(folder, 'statement.json')),
      'verification',
      /^the evidence's statement\.json is missing: /,
    ],
    ...['lock.json', 'statement.json'].map((name): [string, (folder: string) => void, string, RegExp] => [
      `whose ${name} is too large for one`,
      (folder) => truncateSync(join(folder, name), 1_000_001),
      'verification',
      new RegExp(`^the evidence's ${name} has 1000001 bytes, more than the 1000000 allowed: `),
    ]),
    [
      'with a lock that is none',
      replace('lock.json', '{}'),
      'verification',
      /^the lock in the evidence cannot be used: the lock has not exactly the parts/,
    ],
    [
      'whose lock names an upstream that is none',
      replace('lock.json', lockFile(lockWith({ upstream: 'http://example.org/a/b' }))),
      'verification',
      /^the lock in the evidence cannot be used: input upstream: 'http:\/\/example\.org\/a\/b' is plain http/,
    ],
    ...(['rust', 'shell'] as const).map((name): [string, (folder: string) => void, string, RegExp] => [
      `whose lock names a base ${name} that is none`,
      replace(
        'lock.json',
        lockFile(lockWith({ bases: { ...LOCK.inputs.bases, [name]: `A:B@sha256:${'0'.repeat(64)}` } })),
      ),
      'verification',
      /^the lock in the evidence cannot be used: input lock: 'A:B@sha256:0+' is not an image reference$/,
    ]),
    [
      'with an edited lock',
      replace('lock.json', `${lockFile(LOCK)} `),
      'verification',
      /^the lock in the evidence cannot be used: the lock is not in its canonical form/,
    ],
    [
      'with a statement that is none',
      replace('statement.json', '{}'),
      'verification',
      /^the statement is no in-toto statement/,
    ],
    [
      'with a statement that names no lock',
      (folder) => {
        const { predicate, ...rest } = evidenceOf().statement;
        const said = { ...rest, predicate: { ...predicate, lock: undefined } };
        writeFileSync(join(folder, 'statement.json'), JSON.stringify(said));
      },
      'verification',
      /^lock in the statement: expected an object, found nothing$/,
    ],
    [
      'whose lock is not the statement’s',
      replace('lock.json', lockFile(other)),
      'verification',
      new RegExp(
        `^the evidence does not fit together: its statement is about the lock ${sha256(lockFile(LOCK))}, and its lock is ${sha256(lockFile(other))}$`,
      ),
    ],
    [
      'whose statement names another build key',
      (folder) => {
        const statement = structuredClone(evidenceOf().statement);
        statement.predicate.lock.buildKey = buildKey(lockWith({ epoch: 1 }).inputs);
        writeFileSync(join(folder, 'statement.json'), statementFile(statement));
      },
      'verification',
      /^the evidence does not fit together/,
    ],
    [
      'whose lock is a link to elsewhere',
      (folder) => {
        rmSync(join(folder, 'lock.json'));
        symlinkSync('/etc/passwd', join(folder, 'lock.json'));
      },
      'verification',
      /^the evidence's lock\.json is not a plain file: /,
    ],
  ])('refuses a folder %s', async (_, spoil, kind, message) => {
    const folder = await writtenEvidence();
    spoil(folder);
    const failure = await failureOf(() => openEvidence(folder));
    expect(failure.kind).toBe(kind);
    expect(failure.message).toMatch(message);
  });

  it('takes a statement that only says another image: that is compared with the image itself', async () => {
    const folder = await writtenEvidence();
    const statement = statementOf(LOCK, imageOf(lockWith({ platforms: ['linux/amd64'] })), []);
    writeFileSync(join(folder, 'statement.json'), statementFile(statement));
    await expect(openEvidence(folder)).resolves.toMatchObject({ statement });
  });

  it.each(['gone', 'file\u001b'])('refuses what is no folder: %j', async (name) => {
    const path = join(temporaryFolder(), name);
    if (name !== 'gone') writeFileSync(path, '');
    expect(await failureOf(() => openEvidence(path))).toMatchObject({
      kind: 'input',
      message: `${path.replace('\u001b', '\\u{1b}')} is not a folder that holds evidence`,
    });
  });
});

describe('readEvidenceFile', () => {
  it('reads commit, archive and Dockerfile, and nothing but a plain file', async () => {
    const opened: OpenedEvidence = { folder: await writtenEvidence(), lock: LOCK, statement: evidenceOf().statement };
    expect(await readEvidenceFile(opened, 'commit')).toEqual(SAMPLE.object);
    expect(await readEvidenceFile(opened, 'archive')).toEqual(SAMPLE.archive);
    expect(await readEvidenceFile(opened, 'dockerfile')).toEqual(evidenceOf().dockerfile);
    rmSync(join(opened.folder, 'commit'));
    expect((await failureOf(() => readEvidenceFile(opened, 'commit'))).message).toMatch(
      /^the evidence's commit is missing: /,
    );
  });
});
