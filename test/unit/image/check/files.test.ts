import { describe, expect, it } from 'vitest';
import { EXPECTED_FILES, fileDifferences, parentsOf } from '../../../../src/image/check/files.js';
import { readTar } from '../../../../src/image/layout/tar.js';
import { PLATFORMS, type Platform } from '../../../../src/platform.js';
import { elfFile, EPOCH, paxHeader, paxRecord, rootfs, tarHeader, type ElfOptions } from '../../../support/layouts.js';
import { type LayerEntry, layerOf } from '../../../support/tar.js';

const CLIENT = 'usr/local/bin/phantun-client';
const LICENSE = 'usr/share/licenses/phantun-runtime/LICENSE-MIT';

describe('fileDifferences', () => {
  it.each(PLATFORMS)('finds none in a right image of %s', (platform) => {
    expect(differencesIn(layerOf(rootfs(platform)), platform)).toEqual([]);
  });

  it.each<[string, (inputs: LayerEntry[]) => unknown, string]>([
    ['a missing file', (inputs) => remove(inputs, CLIENT), `/${CLIENT} is missing`],
    ['a missing licence', (inputs) => remove(inputs, LICENSE), `/${LICENSE} is missing`],
    ['a missing directory', (inputs) => remove(inputs, 'usr/local/'), '/usr/local is missing'],
    ['an extra file', (inputs) => inputs.push(input('etc-passwd')), '/etc-passwd is a file nobody expects'],
    ['an extra directory', (inputs) => inputs.push(input('tmp/')), '/tmp is a directory nobody expects'],
    ['a whiteout', (inputs) => inputs.push(input('bin/.wh..wh..opq')), '/bin/.wh..wh..opq is a file nobody expects'],
    [
      'a directory for a file',
      (inputs) => change(inputs, CLIENT, { path: `${CLIENT}/` }),
      `/${CLIENT}: kind is directory, expected file`,
    ],
    [
      'a program anyone may write',
      (inputs) => change(inputs, CLIENT, { mode: 0o777 }),
      `/${CLIENT}: mode is 0777, expected 0755`,
    ],
    [
      'a program with setuid',
      (inputs) => change(inputs, CLIENT, { mode: 0o4755 }),
      `/${CLIENT}: mode is 04755, expected 0755`,
    ],
    [
      'a text that can be run',
      (inputs) => change(inputs, LICENSE, { mode: 0o755 }),
      `/${LICENSE}: mode is 0755, expected 0644`,
    ],
    [
      'a directory nobody may enter',
      (inputs) => change(inputs, 'usr/', { mode: 0o700 }),
      '/usr: mode is 0700, expected 0755',
    ],
    [
      'a file of another time',
      (inputs) => change(inputs, LICENSE, { mtimeSeconds: EPOCH + 1 }),
      `/${LICENSE}: time is 2025-10-06T16:29:19Z, expected 2025-10-06T16:29:18Z`,
    ],
    [
      'a directory of another time',
      (inputs) => change(inputs, 'usr/', { mtimeSeconds: 0 }),
      '/usr: time is 1970-01-01T00:00:00Z, expected 2025-10-06T16:29:18Z',
    ],
    ['an empty licence', (inputs) => change(inputs, LICENSE, { data: Buffer.alloc(0) }), `/${LICENSE} is empty`],
    [
      'a program that is a script',
      (inputs) => change(inputs, CLIENT, { data: Buffer.from('#!/bin/sh') }),
      `/${CLIENT} is not an ELF file`,
    ],
    [
      'a program cut short',
      (inputs) => change(inputs, CLIENT, { data: elfFile('linux/arm64').subarray(0, 99) }),
      `/${CLIENT} is not an ELF file`,
    ],
  ])('finds %s', (_, edit, difference) => {
    const inputs = rootfs('linux/arm64');
    edit(inputs);
    expect(differencesIn(layerOf(inputs))).toEqual([difference]);
  });

  it.each<[string, Buffer, string]>([
    [
      'a symlink',
      tarHeader('bin/sh', '2', { link: 'busybox', mode: '0000755' }),
      '/bin/sh: kind is symlink, expected file',
    ],
    [
      'a hard link',
      tarHeader('bin/sh', '1', { link: CLIENT, mode: '0000755' }),
      '/bin/sh: kind is hard link, expected file',
    ],
    ['a device', tarHeader('bin/sh', '3', { mode: '0000755' }), '/bin/sh: kind is character device, expected file'],
    [
      'capabilities',
      withPax('SCHILY.xattr.security.capability', 'x'),
      '/bin/sh: PAX records is SCHILY.xattr.security.capability, expected none',
    ],
    ['a fraction of a second', withPax('mtime', `${EPOCH}.5`), '/bin/sh: PAX records is mtime, expected none'],
    ['an owner', withPax('uid', '1000'), '/bin/sh: owner is 1000:0, expected 0:0'],
    ['a group', withPax('gid', '1000'), '/bin/sh: owner is 0:1000, expected 0:0'],
  ])('finds %s', (_, entry, difference) => {
    const inputs = rootfs('linux/arm64').filter(({ path }) => path !== 'bin/sh');
    expect(differencesIn(Buffer.concat([entry, layerOf(inputs)]))).toContain(difference);
  });

  it.each<[string, Platform, ElfOptions, string]>([
    ['a program for another processor', 'linux/arm64', { machine: 62 }, 'machine is 62, expected 183'],
    ['a 32-bit program', 'linux/amd64', { bits: 32 }, 'word size is 32, expected 64'],
    ['a 64-bit program', 'linux/arm/v7', { bits: 64 }, 'word size is 64, expected 32'],
    ['a program at a fixed address', 'linux/amd64', { type: 2 }, 'ELF type is 2, expected 3'],
    ['a position-independent program', 'linux/arm/v7', { type: 3 }, 'ELF type is 3, expected 2'],
    ['a relocatable object', 'linux/arm64', { type: 1 }, 'ELF type is 1, expected 3'],
  ])('finds %s on %s', (_, platform, options, difference) => {
    expect(differencesIn(withProgram(platform, CLIENT, options), platform)).toEqual([`/${CLIENT}: ${difference}`]);
  });

  it.each<[string, ElfOptions, string]>([
    ['a loader', { segments: [3] }, 'a loader, 0 shared libraries'],
    ['shared libraries', { dynamicTags: [1, 1] }, 'no loader, 2 shared libraries'],
  ])('finds a program with %s', (_, options, difference) => {
    expect(differencesIn(withProgram('linux/arm64', 'bin/sh', options))).toEqual([
      `/bin/sh is not static: ${difference}`,
    ]);
  });

  it.each([
    [2, []],
    [3, []],
    [1, ['/bin/sh: ELF type is 1, expected one of 2, 3']],
  ])('takes a shell of either static type: %d', (type, differences) => {
    expect(differencesIn(withProgram('linux/arm64', 'bin/sh', { type }))).toEqual(differences);
  });

  it('finds every difference, not just the first', () => {
    expect(differencesIn(layerOf([]))).toHaveLength(
      EXPECTED_FILES.length + parentsOf(EXPECTED_FILES.map(({ path }) => path)).length,
    );
  });
});

describe('parentsOf', () => {
  it('lists every directory once, outer ones first', () => {
    expect(parentsOf(['a/b/c', 'a/d', 'e'])).toEqual(['a', 'a/b']);
  });
});

function differencesIn(layer: Buffer, platform: Platform = 'linux/arm64'): string[] {
  return fileDifferences(readTar(layer, 'layer'), platform, EPOCH);
}

function withProgram(platform: Platform, path: string, options: ElfOptions): Buffer {
  const inputs = rootfs(platform);
  change(inputs, path, { data: elfFile(platform, options) });
  return layerOf(inputs);
}

function withPax(key: string, value: string): Buffer {
  return Buffer.concat([paxHeader(paxRecord(key, value)), tarHeader('bin/sh', '0', { mode: '0000755' })]);
}

function input(path: string): LayerEntry {
  return { path, mode: path.endsWith('/') ? 0o755 : 0o644, mtimeSeconds: EPOCH, data: Buffer.alloc(0) };
}

function change(inputs: LayerEntry[], path: string, values: Partial<LayerEntry>): void {
  const found = inputs.find((candidate) => candidate.path === path);
  if (found === undefined) throw new Error(`the fixture has no ${path}`);
  Object.assign(found, values, values.path?.endsWith('/') === true ? { data: Buffer.alloc(0) } : {});
}

function remove(inputs: LayerEntry[], path: string): void {
  const at = inputs.findIndex((candidate) => candidate.path === path);
  if (at === -1) throw new Error(`the fixture has no ${path}`);
  inputs.splice(at, 1);
}
