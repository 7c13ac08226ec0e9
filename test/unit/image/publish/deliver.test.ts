import { chmodSync, mkdirSync, readFileSync, readdirSync, statSync, symlinkSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { requireEmptyFolder } from '../../../../src/emptyFolder.js';
import { dockerArchive } from '../../../../src/image/layout/dockerArchive.js';
import { readLayout } from '../../../../src/image/layout/layout.js';
import { deliver as deliverTo, loadablePlatform } from '../../../../src/image/publish/deliver.js';
import { handOver } from '../../../../src/ownFolder.js';
import { lockFile } from '../../../../src/proof/lock.js';
import { failureOf } from '../../../support/failureOf.js';
import { EVIDENCE_FILES, LOCK, filesIn, imageOf, writtenEvidence } from '../../../support/proof.js';
import { afterThisTest, temporaryFolder, unprivileged } from '../../../support/world.js';

/** What an export folder holds. */
const WHOLE = ['evidence', 'linux-amd64.tar', 'linux-arm64.tar', 'lock.json', 'oci'];

/** A folder that anybody may write to, in one that its owner alone may, were that no root. */
function lockedIn(): string {
  const parent = temporaryFolder();
  afterThisTest(() => chmodSync(parent, 0o755));
  mkdirSync(join(parent, 'out'));
  chmodSync(join(parent, 'out'), 0o777);
  chmodSync(parent, 0o555);
  return join(parent, 'out');
}

describe('deliver', () => {
  const image = imageOf();
  const names = ['ghcr.io/a/b:1'];
  const temp = () => {
    const folder = join(temporaryFolder(), 'phantun-runtime-aB3dE6');
    mkdirSync(folder);
    return folder;
  };
  const deliver = (given: typeof image, what: Parameters<typeof deliverTo>[1]) =>
    deliverTo(given, what, { temp: temp() });
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
    expect(readdirSync(folder).sort()).toEqual(WHOLE);
    expect((await readLayout(join(folder, 'oci'))).index.digest).toBe(image.index.digest);
    expect(readFileSync(join(folder, 'linux-arm64.tar'))).toEqual(dockerArchive(image, 'linux/arm64', names));
    expect(readFileSync(join(folder, 'lock.json'), 'utf8')).toBe(lockFile(LOCK));
    expect(filesIn(join(folder, 'evidence'))).toEqual(EVIDENCE_FILES);
  });

  it('fills the empty folder that is there, and leaves nothing beside it', async () => {
    const folder = temporaryFolder();
    const out = join(folder, 'out');
    mkdirSync(out);
    const { ino } = statSync(out);
    await deliver(image, await delivery(out));
    // Another folder could not take the place of a mount point.
    expect([readdirSync(folder), statSync(out).ino]).toEqual([['out'], ino]);
    expect(readdirSync(out).sort()).toEqual(WHOLE);
  });

  it('fills a folder that a link names', async () => {
    const [out, link] = [temporaryFolder(), join(temporaryFolder(), 'link')];
    symlinkSync(out, link);
    await deliver(image, await delivery(link));
    expect(readdirSync(out).sort()).toEqual(WHOLE);
  });

  it('needs to write nowhere but in the folder', async () => {
    const out = lockedIn();
    const given = await delivery(out);
    chmodSync(dirname(given.evidence), 0o755);
    unprivileged();
    await requireEmptyFolder('input export', out);
    await deliver(image, given);
    expect(readdirSync(out).sort()).toEqual(WHOLE);
  });

  it('leaves no half of an export when the folder was filled meanwhile', async () => {
    const folder = temporaryFolder();
    mkdirSync(join(folder, 'out'));
    writeFileSync(join(folder, 'out', 'mine'), '');
    expect(await failureOf(async () => deliver(image, await delivery(join(folder, 'out'))))).toMatchObject({
      kind: 'local',
      message: `input export: ${folder}/out is not empty, it holds mine. Name a new folder, or empty this one`,
    });
    expect(readdirSync(folder)).toEqual(['out']);
    expect(readdirSync(join(folder, 'out'))).toEqual(['mine']);
  });

  it('leaves no half of an export when a part of it cannot be written', async () => {
    const out = join(temporaryFolder(), 'out');
    const given = { ...(await delivery(out)), evidence: '/nonexistent' };
    await expect(deliver(image, given)).rejects.toMatchObject({ code: 'ENOENT' });
    expect(readdirSync(out)).toEqual([]);
  });

  it('keeps lock and evidence where nothing is exported, to be handed over when the run has succeeded', async () => {
    const run = temp();
    const { lock, evidence, sboms } = await deliverTo(image, await delivery(), { temp: run });
    const kept = dirname(lock);
    expect([dirname(kept), evidence]).toEqual([dirname(run), join(kept, 'evidence')]);
    expect(readdirSync(dirname(run))).toEqual(['phantun-runtime-aB3dE6']);
    await handOver(run);
    expect(readdirSync(dirname(run))).toHaveLength(2);
    // The archive of a private upstream is in it.
    expect(statSync(kept).mode & 0o777).toBe(0o700);
    expect(readdirSync(kept).sort()).toEqual(['evidence', 'lock.json']);
    expect(readFileSync(lock, 'utf8')).toBe(lockFile(LOCK));
    expect(filesIn(evidence)).toEqual(EVIDENCE_FILES);
    expect(readFileSync(sboms[1] ?? '', 'utf8')).toBe('{"sbom":"linux/arm64"}\n');
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
