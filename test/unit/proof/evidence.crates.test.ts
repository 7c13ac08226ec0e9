import { symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { sha256 } from '../../../src/hash.js';
import { readCrates } from '../../../src/proof/evidence.js';
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

  it('refuses crates that are no files, and a folder that is none', async () => {
    const folder = crates({});
    symlinkSync('/etc/passwd', join(folder, CRATE.file));
    expect((await failureOf(() => readCrates(folder, CARGO_LOCK))).message).toMatch(/is not a plain file/);
    await expect(readCrates('/etc/passwd', CARGO_LOCK)).rejects.toMatchObject({ code: 'ENOTDIR' });
  });
});
