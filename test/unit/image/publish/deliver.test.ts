import { mkdirSync, readFileSync, readdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { dockerArchive } from '../../../../src/image/layout/dockerArchive.js';
import { readLayout } from '../../../../src/image/layout/layout.js';
import { deliver, loadablePlatform, requireEmptyExport } from '../../../../src/image/publish/deliver.js';
import { lockFile } from '../../../../src/proof/lock.js';
import { setEnvironment, temporaryFolder } from '../../../support/world.js';
import { failureOf } from '../../../support/failureOf.js';
import { EVIDENCE_FILES, LOCK, filesIn, imageOf, writtenEvidence } from '../../proof/fixture.js';

describe('deliver', () => {
  const image = imageOf();
  const names = ['ghcr.io/a/b:1'];
  const delivery = async (folder?: string) => ({ lock: LOCK, evidence: await writtenEvidence(), names, folder });

  it('exports layout, docker-archives, lock and evidence', async () => {
    const folder = join(temporaryFolder(), 'new', 'out');
    expect(await deliver(image, await delivery(folder))).toEqual({
      lock: join(folder, 'lock.json'),
      evidence: join(folder, 'evidence'),
      sboms: [
        join(folder, 'evidence', 'sbom-linux-amd64.cdx.json'),
        join(folder, 'evidence', 'sbom-linux-arm64.cdx.json'),
      ],
    });
    expect(readdirSync(folder).sort()).toEqual(['evidence', 'linux-amd64.tar', 'linux-arm64.tar', 'lock.json', 'oci']);
    expect((await readLayout(join(folder, 'oci'))).index.digest).toBe(image.index.digest);
    expect(readFileSync(join(folder, 'linux-arm64.tar'))).toEqual(dockerArchive(image, 'linux/arm64', names));
    expect(readFileSync(join(folder, 'lock.json'), 'utf8')).toBe(lockFile(LOCK));
    expect(filesIn(join(folder, 'evidence'))).toEqual(EVIDENCE_FILES);
  });

  it('takes an empty folder’s place, and leaves nothing beside it', async () => {
    const folder = temporaryFolder();
    mkdirSync(join(folder, 'out'));
    await deliver(image, await delivery(join(folder, 'out')));
    expect(readdirSync(folder)).toEqual(['out']);
    expect(readdirSync(join(folder, 'out'))).toContain('oci');
  });

  it('leaves no half of an export when the folder was filled meanwhile', async () => {
    const folder = temporaryFolder();
    mkdirSync(join(folder, 'out'));
    writeFileSync(join(folder, 'out', 'mine'), '');
    await expect(deliver(image, await delivery(join(folder, 'out')))).rejects.toMatchObject({ code: 'ENOTEMPTY' });
    expect(readdirSync(folder)).toEqual(['out']);
    expect(readdirSync(join(folder, 'out'))).toEqual(['mine']);
  });

  it('keeps lock and evidence where nothing is exported, in a folder that outlives the run', async () => {
    const temp = temporaryFolder();
    setEnvironment({ RUNNER_TEMP: temp });
    const { lock, evidence, sboms } = await deliver(image, await delivery());
    expect([dirname(dirname(lock)), dirname(evidence)]).toEqual([temp, dirname(lock)]);
    expect(readdirSync(dirname(lock)).sort()).toEqual(['evidence', 'lock.json']);
    expect(readFileSync(lock, 'utf8')).toBe(lockFile(LOCK));
    expect(filesIn(evidence)).toEqual(EVIDENCE_FILES);
    expect(readFileSync(sboms[1] ?? '', 'utf8')).toBe('{"sbom":"linux/arm64"}\n');
  });
});

describe('requireEmptyExport', () => {
  it('takes a folder that is not there, or empty', async () => {
    const folder = temporaryFolder();
    await expect(requireEmptyExport(folder)).resolves.toBeUndefined();
    await expect(requireEmptyExport(join(folder, 'new'))).resolves.toBeUndefined();
  });

  it('refuses one with something in it', async () => {
    const folder = temporaryFolder();
    writeFileSync(join(folder, 'x'), '');
    expect(await failureOf(() => requireEmptyExport(folder))).toMatchObject({
      kind: 'input',
      message: `input export: ${folder} is not empty. Name a new folder, or empty this one`,
    });
  });

  it('refuses a file, and prints its name made safe', async () => {
    const folder = temporaryFolder();
    writeFileSync(join(folder, 'a\n::b'), '');
    mkdirSync(join(folder, 'c\u001b'));
    writeFileSync(join(folder, 'c\u001b', 'x'), '');
    expect(await failureOf(() => requireEmptyExport(join(folder, 'a\n::b')))).toMatchObject({
      kind: 'input',
      message: `input export: ${folder}/a\\u{a}::b cannot be a folder to write to (ENOTDIR)`,
    });
    expect(await failureOf(() => requireEmptyExport(join(folder, 'c\u001b')))).toMatchObject({
      message: `input export: ${folder}/c\\u{1b} is not empty. Name a new folder, or empty this one`,
    });
  });
});

describe('loadablePlatform', () => {
  const engine = { version: '28', platform: 'linux/arm64', containerdStore: true };

  it('is the engine’s own', () => {
    expect(loadablePlatform(['linux/amd64', 'linux/arm64'], engine)).toBe('linux/arm64');
  });

  it('is refused where it is not built, or there is no engine', () => {
    expect(() => loadablePlatform(['linux/amd64', 'linux/arm/v7'], engine)).toThrow(
      expect.objectContaining({
        kind: 'input',
        message:
          'inputs load and platforms: docker here runs linux/arm64, which is not among linux/amd64, linux/arm/v7. Add it, or leave load out',
      }),
    );
    expect(() => loadablePlatform(['linux/amd64'], undefined)).toThrow(
      expect.objectContaining({ kind: 'local', message: 'input load: no docker engine answers on this machine' }),
    );
  });
});
