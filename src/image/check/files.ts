import type { Platform } from '../../platform.js';
import { isoTime, printable } from '../../text.js';
import { ELF_MACHINES, ELF_TYPES, readElf } from './elf.js';
import type { TarEntry } from '../layout/tar.js';

/** What a file of the image is, which decides its mode and what must hold of its bytes. */
export type FileRole = 'phantun' | 'shell' | 'text';

const LICENSES = 'usr/share/licenses/phantun-runtime';

/** Every file of a finished image; the directories are the parents of these, and there is nothing else. */
export const EXPECTED_FILES: readonly { path: string; role: FileRole }[] = [
  { path: 'bin/sh', role: 'shell' },
  { path: 'usr/local/bin/phantun-client', role: 'phantun' },
  { path: 'usr/local/bin/phantun-server', role: 'phantun' },
  { path: `${LICENSES}/LICENSE-MIT`, role: 'text' },
  { path: `${LICENSES}/LICENSE-APACHE`, role: 'text' },
  { path: `${LICENSES}/BUSYBOX-GPL-2.0`, role: 'text' },
  { path: `${LICENSES}/BUSYBOX-SOURCE`, role: 'text' },
  { path: `${LICENSES}/GLIBC-LGPL-2.1`, role: 'text' },
  { path: `${LICENSES}/GLIBC-NOTICE`, role: 'text' },
  { path: `${LICENSES}/THIRD-PARTY`, role: 'text' },
];

const PROGRAM_MODE = 0o755;
const TEXT_MODE = 0o644;

/** The directories that these files need, each before what is in it. */
export function parentsOf(paths: readonly string[]): string[] {
  const parents = paths.flatMap((path) => {
    const components = path.split('/').slice(0, -1);
    return components.map((_, index) => components.slice(0, index + 1).join('/'));
  });
  return [...new Set(parents)].sort();
}

/**
 * In what the entries of a layer differ from the files, owners, modes, times and programs an image must have; empty if
 * in nothing.
 */
export function fileDifferences(entries: readonly TarEntry[], platform: Platform, epochSeconds: number): string[] {
  const directories = parentsOf(EXPECTED_FILES.map(({ path }) => path));
  const known = new Set([...directories, ...EXPECTED_FILES.map(({ path }) => path)]);
  const byPath = new Map(entries.map((entry) => [entry.path, entry]));
  return [
    ...[...known].filter((path) => !byPath.has(path)).map((path) => `/${path} is missing`),
    ...entries
      .filter(({ path }) => !known.has(path))
      .map(({ path, kind }) => `/${printable(path)} is a ${kind} nobody expects`),
    ...directories.flatMap((path) => entryDifferences(byPath.get(path), 'directory', PROGRAM_MODE, epochSeconds)),
    ...EXPECTED_FILES.flatMap(({ path, role }) => [
      ...entryDifferences(byPath.get(path), 'file', role === 'text' ? TEXT_MODE : PROGRAM_MODE, epochSeconds),
      ...contentDifferences(byPath.get(path), role, platform),
    ]),
  ];
}

function entryDifferences(
  entry: TarEntry | undefined,
  kind: 'file' | 'directory',
  mode: number,
  epochSeconds: number,
): string[] {
  if (entry === undefined) return [];
  const owner = `${entry.uid}:${entry.gid}`;
  return [
    ...difference(`/${entry.path}`, 'kind', entry.kind, kind),
    ...difference(`/${entry.path}`, 'mode', `0${entry.mode.toString(8)}`, `0${mode.toString(8)}`),
    ...difference(`/${entry.path}`, 'owner', owner, '0:0'),
    ...difference(`/${entry.path}`, 'time', isoTime(entry.mtimeSeconds), isoTime(epochSeconds)),
    // An extended attribute can carry capabilities; a time as a PAX record has a fraction.
    ...difference(`/${entry.path}`, 'PAX records', entry.paxKeys.map((key) => printable(key)).join(' '), ''),
  ];
}

function contentDifferences(entry: TarEntry | undefined, role: FileRole, platform: Platform): string[] {
  if (entry?.kind !== 'file') return [];
  const name = `/${entry.path}`;
  if (entry.data.length === 0) return [`${name} is empty`];
  if (role === 'text') return [];
  const elf = readElf(entry.data);
  if (elf === undefined) return [`${name} is not an ELF file`];
  const isStatic = !elf.hasInterpreter && elf.neededCount === 0;
  return [
    ...difference(name, 'word size', elf.bits, platform === 'linux/arm/v7' ? 32 : 64),
    ...difference(name, 'machine', elf.machine, ELF_MACHINES[platform]),
    ...(role === 'shell'
      ? shellTypeDifferences(name, elf.type)
      : difference(name, 'ELF type', elf.type, typeFor(platform))),
    ...(isStatic
      ? []
      : [`${name} is not static: ${elf.hasInterpreter ? 'a' : 'no'} loader, ${elf.neededCount} shared libraries`]),
  ];
}

// glibc has no static-pie for 32-bit ARM.
function typeFor(platform: Platform): number {
  return platform === 'linux/arm/v7' ? ELF_TYPES.fixed : ELF_TYPES.positionIndependent;
}

// The shell comes ready-made, and builds of busybox differ.
function shellTypeDifferences(name: string, type: number): string[] {
  const types: number[] = Object.values(ELF_TYPES);
  return types.includes(type) ? [] : [`${name}: ELF type is ${type}, expected one of ${types.join(', ')}`];
}

/** One sentence if found and expected differ, else nothing. */
export function difference(
  subject: string,
  thing: string,
  found: string | number,
  expected: string | number,
): string[] {
  return found === expected ? [] : [`${subject}: ${thing} is ${found || 'none'}, expected ${expected || 'none'}`];
}
