import { symlinkSync, truncateSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { sha256 } from '../../../src/hash.js';
import { readCrates } from '../../../src/proof/evidence.js';
import { packEvidence } from '../../../src/proof/packedEvidence.js';
import { failureOf } from '../../support/failureOf.js';
import { temporaryFolder } from '../../support/world.js';
import { CARGO_LOCK, CRATE } from '../../support/proof.js';

describe('readCrates', () => {
  const second = Buffer.from('another crate');
  const two = `${CARGO_LOCK}[[package]]\nname = "libc"\nversion = "0.2.1"\nchecksum = "${sha256(second)}"\n`;
  const crates = (files: Record<string, Buffer | string>): string => {
    const folder = temporaryFolder();
    for (const [name, bytes] of Object.entries(files)) writeFileSync(join(folder, name), bytes);
    return folder;
  };

  it('reads exactly those of Cargo.lock, in its order', async () => {
    const folder = crates({ 'libc-0.2.1.crate': second, [CRATE.file]: CRATE.bytes });
    expect([...(await readCrates(folder, two))]).toEqual([
      [CRATE.file, CRATE.bytes],
      ['libc-0.2.1.crate', second],
    ]);
  });

  it('needs no folder where Cargo.lock names no crate', async () => {
    expect(await readCrates(join(temporaryFolder(), 'gone'), 'version = 4\n')).toEqual(new Map());
  });

  it.each<[string, Record<string, Buffer | string>, RegExp]>([
    [
      'another content',
      { [CRATE.file]: 'evil' },
      new RegExp(
        `^crate cfg-if-1\\.0\\.0\\.crate has SHA256 ${sha256('evil')}, and Cargo\\.lock says ${sha256(CRATE.bytes)}$`,
      ),
    ],
    [
      'a byte more',
      { [CRATE.file]: Buffer.concat([CRATE.bytes, Buffer.alloc(1)]) },
      /^crate cfg-if-1\.0\.0\.crate has SHA256 /,
    ],
    ['a crate missing', {}, /^crate cfg-if-1\.0\.0\.crate is missing: /],
    [
      'a crate more',
      { [CRATE.file]: CRATE.bytes, 'x-1.0.0.crate': '' },
      /^crate x-1\.0\.0\.crate is not one that Cargo\.lock names$/,
    ],
    [
      'another version',
      { 'cfg-if-1.0.1.crate': CRATE.bytes },
      /^crate cfg-if-1\.0\.1\.crate is not one that Cargo\.lock names$/,
    ],
    ['a name that could break the line', { 'x\u202e\n': '' }, /^crate x\\u\{202e\}\\u\{a\} is not one that/],
  ])('refuses %s', async (_, files, message) => {
    const failure = await failureOf(() => readCrates(crates(files), CARGO_LOCK));
    expect(failure.kind).toBe('verification');
    expect(failure.message).toMatch(message);
  });

  it('reads no more than evidence may have, however many Cargo.lock names', async () => {
    // Files without data, so that the test takes little: the last one is not even there.
    const each = 52_000_000;
    const hash = sha256(Buffer.alloc(each));
    const names = ['a', 'b', 'c', 'd', 'e', 'f'];
    const folder = crates(Object.fromEntries(names.slice(0, 5).map((name) => [`${name}-1.0.0.crate`, ''])));
    for (const name of names.slice(0, 5)) truncateSync(join(folder, `${name}-1.0.0.crate`), each);
    const lock = names
      .map((name) => `[[package]]\nname = "${name}"\nversion = "1.0.0"\nchecksum = "${hash}"\n`)
      .join('');
    expect(await failureOf(() => readCrates(folder, lock))).toMatchObject({
      kind: 'verification',
      message:
        'the evidence has 260.0 MB, more than the 256.0 MB that it may have. This is probably another repository than phantun: check upstream and ref',
    });
  });

  it('refuses a name that the tar beside an image cannot hold, before the image is sent', async () => {
    const item = (name: string) => `[[package]]\nname = "${name}"\nversion = "1.0.0"\nchecksum = "${sha256('x')}"\n`;
    // crates/, -1.0.0 and .crate are 19 of the 100 bytes.
    const [longest, longer] = ['x'.repeat(81), 'x'.repeat(82)];
    const folder = crates({ [`${longest}-1.0.0.crate`]: 'x' });
    expect([...(await readCrates(folder, item(longest))).keys()]).toEqual([`${longest}-1.0.0.crate`]);
    await packEvidence(folder, 1);
    expect(await failureOf(() => readCrates(crates({}), item(longer)))).toMatchObject({
      kind: 'verification',
      message: `crate ${longer}-1.0.0.crate has a name too long for evidence. This is probably another repository than phantun: check upstream and ref`,
    });
  });

  it('refuses crates that are no files, and a folder that is none', async () => {
    const folder = crates({});
    symlinkSync('/etc/passwd', join(folder, CRATE.file));
    expect((await failureOf(() => readCrates(folder, CARGO_LOCK))).message).toMatch(/is not a plain file/);
    await expect(readCrates('/etc/passwd', CARGO_LOCK)).rejects.toMatchObject({ code: 'ENOTDIR' });
  });
});
