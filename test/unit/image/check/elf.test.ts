import { readFileSync } from 'node:fs';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { readElf } from '../../../../src/image/check/elf.js';
import { PLATFORMS } from '../../../../src/platform.js';
import { elfFile, type ElfOptions } from '../../../support/layouts.js';

describe('readElf', () => {
  it.each<[string, ElfOptions, object]>([
    ['64 bits', {}, { bits: 64, machine: 62, type: 3, hasInterpreter: false, neededCount: 0 }],
    [
      '32 bits',
      { bits: 32, machine: 40, type: 2 },
      { bits: 32, machine: 40, type: 2, hasInterpreter: false, neededCount: 0 },
    ],
    ['a loader', { segments: [6, 3, 1] }, { hasInterpreter: true, neededCount: 0 }],
    ['libraries', { dynamicTags: [1, 14, 1] }, { hasInterpreter: false, neededCount: 2 }],
    ['libraries in 32 bits', { bits: 32, dynamicTags: [1] }, { neededCount: 1 }],
    ['nothing after the end of the dynamic section', { dynamicTags: [0, 1] }, { neededCount: 0 }],
    ['no dynamic section', { segments: [1], dynamicTags: [1] }, { neededCount: 0 }],
  ])('reads %s', (_, options, expected) => {
    expect(readElf(elfFile('linux/amd64', options))).toMatchObject(expected);
  });

  it('reads the node that runs this test, which has a loader and libraries', () => {
    const elf = readElf(readFileSync(process.execPath));
    expect(elf).toMatchObject({ bits: 64, hasInterpreter: true });
    expect(elf?.neededCount).toBeGreaterThan(1);
  });

  it.each<[string, Buffer]>([
    ['nothing', Buffer.alloc(0)],
    ['a script', Buffer.from('#!/bin/sh\n')],
    ['a header cut short', elfFile('linux/amd64').subarray(0, 40)],
    ['program headers cut short', elfFile('linux/amd64').subarray(0, 100)],
    ['a dynamic section cut short', elfFile('linux/amd64').subarray(0, -20)],
    ['big-endian', Buffer.from(elfFile('linux/amd64')).fill(2, 5, 6)],
    ['an unknown word size', Buffer.from(elfFile('linux/amd64')).fill(3, 4, 5)],
  ])('gives undefined for %s', (_, bytes) => {
    expect(readElf(bytes)).toBeUndefined();
  });

  /** A file whose table of headers says that each has this size. */
  const withEntrySize = (bits: 32 | 64, size: number) => {
    const file = elfFile('linux/amd64', { bits });
    file.writeUInt16LE(size, bits === 64 ? 54 : 42);
    return file;
  };
  it.each<[string, Buffer]>([
    ['two loaders', elfFile('linux/amd64', { segments: [3, 2, 3] })],
    ['two dynamic sections', elfFile('linux/amd64', { segments: [2, 1, 2] })],
    ['headers of no size', withEntrySize(64, 0)],
    ['headers of the other class’s size', withEntrySize(64, 32)],
    ['headers of the other class’s size, in 32 bits', withEntrySize(32, 56)],
    ['headers a byte too large', withEntrySize(64, 57)],
  ])('gives undefined for what no linker writes: %s', (_, bytes) => {
    expect(readElf(bytes)).toBeUndefined();
  });

  it('reads a file without program headers, whatever size they have', () => {
    const file = elfFile('linux/amd64', { segments: [] });
    file.writeUInt16LE(0, 54);
    expect(readElf(file)).toMatchObject({ hasInterpreter: false, neededCount: 0 });
  });

  it('never throws', () => {
    fc.assert(
      fc.property(fc.constantFrom(...PLATFORMS), fc.array(fc.tuple(fc.nat(180), fc.nat(255))), (platform, changes) => {
        const bytes = elfFile(platform);
        for (const [at, value] of changes) bytes[at % bytes.length] = value;
        readElf(bytes);
      }),
    );
  });
});
