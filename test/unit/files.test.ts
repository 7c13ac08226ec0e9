import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { copyOut, noRoom, writeOut } from '../../src/files.js';
import { failureOf } from '../support/failureOf.js';
import { temporaryFolder } from '../support/world.js';

describe('noRoom', () => {
  it.each<[string, string]>([
    ['ENOSPC', 'no space left for its 35.0 MB. Free some disk space and run again'],
    ['EDQUOT', 'the disk quota has no room for its 35.0 MB. Free some disk space and run again'],
    ['EROFS', 'its 35.0 MB cannot be written, the file system is read-only. Name a folder that can be written to'],
  ])('says of %s which file it is and how much it takes', (code, why) => {
    const error = Object.assign(new Error(`${code}: write`), { code });
    expect(noRoom(error, '/x/layer.tar', 35_000_000)).toMatchObject({
      kind: 'local',
      message: `cannot write /x/layer.tar: ${why}`,
      cause: error,
    });
  });

  it.each([Object.assign(new Error('no'), { code: 'EACCES' }), new Error('ENOSPC'), 'ENOSPC', undefined])(
    'is no word on anything else: %s',
    (error) => {
      expect(noRoom(error, 'file', 1)).toBeUndefined();
    },
  );
});

describe('writeOut', () => {
  it('writes', async () => {
    const file = join(temporaryFolder(), 'file');
    await writeOut(file, 'one');
    await writeOut(file, Buffer.from('two'));
    expect(readFileSync(file, 'utf8')).toBe('two');
    await expect(writeOut(file, 'three', 'wx')).rejects.toMatchObject({ code: 'EEXIST' });
  });

  it('names the file for which there is no room, and its size', async () => {
    expect(await failureOf(() => writeOut('/dev/full', 'é'.repeat(1_000)))).toMatchObject({
      kind: 'local',
      message: 'cannot write /dev/full: no space left for its 2 kB. Free some disk space and run again',
    });
  });
});

describe('copyOut', () => {
  it('copies folders', async () => {
    const folder = temporaryFolder();
    mkdirSync(join(folder, 'from', 'in'), { recursive: true });
    writeFileSync(join(folder, 'from', 'in', 'file'), 'one');
    await copyOut(join(folder, 'from'), join(folder, 'to'));
    expect(readFileSync(join(folder, 'to', 'in', 'file'), 'utf8')).toBe('one');
    await expect(copyOut(join(folder, 'none'), join(folder, 'to'))).rejects.toMatchObject({ code: 'ENOENT' });
  });
});
