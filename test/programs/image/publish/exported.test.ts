import { execFileSync } from 'node:child_process';
import { cpSync, readFileSync, renameSync, rmSync, symlinkSync, truncateSync, writeFileSync } from 'node:fs';
import { join, relative } from 'node:path';
import { describe, expect, it } from 'vitest';
import type { FailureClass } from '../../../../src/errors.js';
import { thisEntrypoint } from '../../../../src/image/build/recipe.js';
import { deliver } from '../../../../src/image/publish/deliver.js';
import { openExport } from '../../../../src/image/publish/exported.js';
import { lockFile } from '../../../../src/proof/lock.js';
import { statementFile, statementOf } from '../../../../src/proof/statement.js';
import { failureOf } from '../../../support/failureOf.js';
import { EPOCH, rootfs } from '../../../support/layouts.js';
import { buildOf, evidenceOf, imageOf, lockWith, writtenEvidence } from '../../../support/proof.js';
import { temporaryFolder, testDeps } from '../../../support/world.js';

const LOCK = lockWith({ epoch: EPOCH });
const Entrypoint = await thisEntrypoint();
/** An image with everything that `check` wants. */
const IMAGE = imageOf(
  LOCK,
  LOCK.inputs.platforms.map((platform) => {
    const build = buildOf(LOCK, platform, rootfs(platform));
    return { ...build, config: { ...build.config, Entrypoint } };
  }),
);

async function exported(): Promise<string> {
  const folder = join(temporaryFolder(), 'out');
  const evidence = await writtenEvidence(evidenceOf(LOCK, IMAGE));
  await deliver(IMAGE, { lock: LOCK, evidence, names: ['phantun-runtime:1'], folder }, testDeps());
  return folder;
}

describe('openExport', () => {
  it.each([
    ['the folder', (folder: string) => folder],
    ['the layout in it', (folder: string) => join(folder, 'oci')],
    ['a path relative to here', (folder: string) => relative(process.cwd(), folder)],
    ['a path with a slash behind', (folder: string) => `${folder}/`],
  ])('opens what was exported, by %s', async (_, name) => {
    const folder = await exported();
    const { lock, layout, evidence, checked } = await openExport(name(folder));
    expect(lock).toEqual(LOCK);
    expect([layout, evidence.folder]).toEqual([join(folder, 'oci'), join(folder, 'evidence')]);
    expect(checked.image.index.digest).toBe(IMAGE.index.digest);
    expect(checked.facts.length).toBeGreaterThan(5);
  });

  const other = lockWith({ epoch: EPOCH }, { resolvedAt: 1 });
  it.each<[string, (folder: string) => unknown, FailureClass, RegExp]>([
    [
      'without a lock',
      (folder) => rmSync(join(folder, 'lock.json')),
      'input',
      /^the lock is missing: there is no .*\/lock\.json\. LAYOUT is a folder that build --export made, with its lock$/,
    ],
    [
      'with a FIFO for a lock, to which nobody writes',
      (folder) => {
        rmSync(join(folder, 'lock.json'));
        execFileSync('mkfifo', [join(folder, 'lock.json')]);
      },
      'input',
      /^the lock is not a plain file: .*\/lock\.json\. LAYOUT is a folder/,
    ],
    [
      'with a link for a lock',
      (folder) => {
        renameSync(join(folder, 'lock.json'), join(folder, 'other.json'));
        symlinkSync('other.json', join(folder, 'lock.json'));
      },
      'input',
      /^the lock is not a plain file: .*\/lock\.json\. LAYOUT is a folder/,
    ],
    [
      'with a lock that is too large for one',
      (folder) => truncateSync(join(folder, 'lock.json'), 1_000_001),
      'input',
      /^the lock has 1000001 bytes, more than the 1000000 allowed: .*\/lock\.json\. LAYOUT is a folder/,
    ],
    [
      'with a lock that is none',
      (folder) => writeFileSync(join(folder, 'lock.json'), '{}'),
      'verification',
      /^the lock .*\/lock\.json cannot be used: the lock has not exactly/,
    ],
    [
      'with a lock whose base is no name of an image',
      (folder) => {
        const rust = `x\u001b[2J@sha256:${'a'.repeat(64)}`;
        const bases = { ...LOCK.inputs.bases, rust };
        writeFileSync(join(folder, 'lock.json'), lockFile(lockWith({ epoch: EPOCH, bases })));
      },
      'verification',
      /^the lock .*\/lock\.json cannot be used: input lock: 'x\\u\{1b\}\[2J@sha256:a{64}' is not an image reference$/,
    ],
    [
      'with a lock whose upstream is no address',
      (folder) =>
        writeFileSync(join(folder, 'lock.json'), lockFile(lockWith({ epoch: EPOCH, upstream: 'file:///etc' }))),
      'verification',
      /^the lock .*\/lock\.json cannot be used: input upstream: /,
    ],
    [
      'with the lock of another image',
      (folder) => writeFileSync(join(folder, 'lock.json'), lockFile(lockWith({ epoch: EPOCH, labels: { a: 'b' } }))),
      'verification',
      /^the image is not what it must be: /,
    ],
    [
      'with a lock whose facts were changed',
      (folder) => writeFileSync(join(folder, 'lock.json'), lockFile(other)),
      'verification',
      /^the lock in the evidence is not .*\/lock\.json: one of the two was changed$/,
    ],
    [
      'without evidence',
      (folder) => rmSync(join(folder, 'evidence'), { recursive: true }),
      'input',
      /is not a folder that holds evidence$/,
    ],
    [
      'without the layout',
      (folder) => rmSync(join(folder, 'oci', 'index.json')),
      'verification',
      /^index\.json is missing: /,
    ],
    [
      'with a layer that was changed',
      (folder) => {
        const layer = join(folder, 'oci', 'blobs', 'sha256', (IMAGE.images[0]?.layer.digest ?? '').slice(7));
        const bytes = readFileSync(layer);
        bytes.writeUInt8(bytes.readUInt8(99) ^ 1, 99);
        writeFileSync(layer, bytes);
      },
      'verification',
      /^digest of layer of linux\/amd64: expected /,
    ],
    [
      'with a statement about another image of the same lock',
      (folder) =>
        writeFileSync(join(folder, 'evidence', 'statement.json'), statementFile(statementOf(LOCK, imageOf(LOCK), []))),
      'verification',
      /^the statement in the evidence is not about this image: subject\[0\]\.digest\.sha256: found /,
    ],
    [
      'with a statement that says another ref',
      (folder) => {
        const statement = statementOf(LOCK, IMAGE, []);
        statement.predicate.upstream.ref = 'refs/heads/other';
        writeFileSync(join(folder, 'evidence', 'statement.json'), statementFile(statement));
      },
      'verification',
      /^the statement in the evidence is not about this image: predicate\.upstream\.ref: found "refs\/heads\/other"/,
    ],
  ])('refuses one %s', async (_, spoil, kind, message) => {
    const folder = await exported();
    spoil(folder);
    const failure = await failureOf(() => openExport(folder));
    expect(failure.kind).toBe(kind);
    expect(failure.message).toMatch(message);
  });

  it('refuses a layout that was taken from its lock, and a folder that is none', async () => {
    const folder = await exported();
    const alone = join(temporaryFolder(), 'sub', 'oci');
    cpSync(join(folder, 'oci'), alone, { recursive: true });
    expect((await failureOf(() => openExport(alone))).kind).toBe('input');
    expect((await failureOf(() => openExport(join(folder, 'gone')))).kind).toBe('verification');
  });
});
