import { chmodSync, mkdirSync, readFileSync, readdirSync, truncateSync, utimesSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { MAX_EVIDENCE_BYTES, openEvidence } from '../../../src/proof/evidence.js';
import { packEvidence, unpackEvidence } from '../../../src/proof/packedEvidence.js';
import { failureOf } from '../../support/failureOf.js';
import { temporaryFolder } from '../../support/world.js';
import { tarHeader } from '../../support/layouts.js';
import { EVIDENCE_FILES, LOCK, filesIn, writtenEvidence } from '../../support/proof.js';
import { type LayerEntry, layerOf } from '../../support/tar.js';

describe('a packed bundle', () => {
  it('is unpacked to the same files', async () => {
    const folder = await writtenEvidence();
    const copy = join(temporaryFolder(), 'copy');
    await unpackEvidence(await packEvidence(folder, 1), copy);
    expect(filesIn(copy)).toEqual(EVIDENCE_FILES);
    for (const name of EVIDENCE_FILES) expect(readFileSync(join(copy, name))).toEqual(readFileSync(join(folder, name)));
    expect(await openEvidence(copy)).toMatchObject({ lock: LOCK });
  });

  it('has the same bytes whenever and however the files were written, and others for another time', async () => {
    const folder = await writtenEvidence();
    const tar = await packEvidence(folder, 1);
    utimesSync(join(folder, 'commit'), 1, 1);
    chmodSync(join(folder, 'commit'), 0o600);
    expect((await packEvidence(folder, 1)).equals(tar)).toBe(true);
    expect((await packEvidence(folder, 2)).equals(tar)).toBe(false);
  });

  it('holds no base images, which somebody may have put into the folder', async () => {
    const folder = await writtenEvidence();
    const tar = await packEvidence(folder, 1);
    mkdirSync(join(folder, 'bases', 'rust', 'blobs', 'sha256'), { recursive: true });
    writeFileSync(join(folder, 'bases', 'rust', 'index.json'), '{}');
    expect((await packEvidence(folder, 1)).equals(tar)).toBe(true);
    expect((await packEvidence(`${folder}/`, 1)).equals(tar)).toBe(true);
  });

  it.each<[string, string, number, RegExp]>([
    [
      'one file',
      'x',
      MAX_EVIDENCE_BYTES + 1,
      /^the evidence's x has 256000001 bytes, more than the 256000000 allowed: /,
    ],
    ['the folder', 'x', MAX_EVIDENCE_BYTES, /^the evidence has 256\.0 MB, more than the 256\.0 MB that it may have\./],
    [
      'the tar',
      'commit',
      MAX_EVIDENCE_BYTES,
      /^the evidence has 256\.0 MB, more than the 256\.0 MB that it may have\./,
    ],
  ])('is refused when %s has more than whoever fetches it takes', async (_, name, size, message) => {
    const folder = temporaryFolder();
    for (const each of ['commit', name]) writeFileSync(join(folder, each), 'x');
    truncateSync(join(folder, name), size);
    const failure = await failureOf(() => packEvidence(folder, 1));
    expect(failure.kind).toBe('verification');
    expect(failure.message).toMatch(message);
  });

  const file = (path: string, data = ''): LayerEntry => ({
    path,
    mode: 0o644,
    mtimeSeconds: 0,
    data: Buffer.from(data),
  });
  const raw = (...headers: Buffer[]) => Buffer.concat([...headers, Buffer.alloc(1_024)]);
  it.each<[string, Buffer, RegExp]>([
    ['a path that leads out', layerOf([file('../x')]), /path \.\.\/x is not a plain relative path$/],
    ['a path from the root', layerOf([file('/etc/x')]), /is not a plain relative path$/],
    ['a path that leads out of crates', layerOf([file('crates/../../x')]), /is not a plain relative path$/],
    ['a file named as the one folder', layerOf([file('crates')]), /^the evidence holds crates, which no evidence has$/],
    ['a folder', layerOf([file('crates/')]), /^the evidence holds crates, which no evidence has$/],
    [
      'a folder within crates',
      layerOf([file('crates/a/b')]),
      /^the evidence holds crates\/a\/b, which no evidence has$/,
    ],
    ['another folder', layerOf([file('bases/x')]), /^the evidence holds bases\/x, which no evidence has$/],
    ['a name with a space', layerOf([file('a b\u202e')]), /^the evidence holds a b\\u\{202e\}, which no evidence has$/],
    [
      'a link',
      raw(tarHeader('lock.json', '2', { link: '/etc/passwd' })),
      /^the evidence holds lock\.json, which no evidence has$/,
    ],
    [
      'a hard link',
      raw(tarHeader('lock.json', '1', { link: 'commit' })),
      /^the evidence holds lock\.json, which no evidence has$/,
    ],
    ['a device', raw(tarHeader('x', '3')), /^the evidence holds x, which no evidence has$/],
    ['one path twice', raw(tarHeader('x', '0'), tarHeader('x', '0')), /x appears twice$/],
    ['no tar', Buffer.from('x'), /ends without an end mark$/],
  ])('that holds %s is refused', async (_, tar, message) => {
    const parent = temporaryFolder();
    const failure = await failureOf(() => unpackEvidence(tar, join(parent, 'in', 'evidence')));
    expect(failure.kind).toBe('verification');
    expect(failure.message).toMatch(message);
    expect(readdirSync(parent)).toEqual(['in']);
    expect(readdirSync(join(parent, 'in'))).toEqual(['evidence']);
  });

  it('never overwrites what is there', async () => {
    const folder = temporaryFolder();
    mkdirSync(join(folder, 'crates'));
    writeFileSync(join(folder, 'x'), 'mine');
    await expect(unpackEvidence(layerOf([file('x', 'theirs')]), folder)).rejects.toMatchObject({ code: 'EEXIST' });
    expect(readFileSync(join(folder, 'x'), 'utf8')).toBe('mine');
  });
});
