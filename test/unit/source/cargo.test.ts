import { describe, expect, it } from 'vitest';
import { packageVersion, requireCargoLock, requireNoDockerignore } from '../../../src/source/cargo.js';
import type { Entry } from '../../../src/source/archive.js';

const entry = (path: string, text = '', kind: Entry['kind'] = 'file'): Entry => ({
  path,
  kind,
  executable: false,
  data: Buffer.from(text),
});
const tree = (files: Record<string, string>) => Object.entries(files).map(([path, text]) => entry(path, text));

const PACKAGE = '[package]\nname = "phantun"\nversion = "0.7.0"\n';
const BINS = '[[bin]]\nname = "client"\npath = "src/bin/client.rs"\n[[bin]]\nname = "server"\n';
const FOUND = { 'src/bin/client.rs': '', 'src/bin/server.rs': '' };

describe('requireNoDockerignore', () => {
  it('takes one below the root, which no build of ours reads, and refuses one at the root', () => {
    expect(() => requireNoDockerignore(tree({ 'docker/.dockerignore': '' }), 'c')).not.toThrow();
    expect(() => requireNoDockerignore(tree({ '.dockerignore': '*', 'Cargo.toml': '' }), 'c')).toThrow(
      /keep verified files from the build/,
    );
  });
});

describe('requireCargoLock', () => {
  it('takes a tree that has one', () => {
    expect(() => requireCargoLock(tree({ 'Cargo.lock': '', 'Cargo.toml': '' }), 'c')).not.toThrow();
  });

  it.each<[string, Entry[]]>([
    ['without one', tree({ 'Cargo.toml': '' })],
    ['with one below only', tree({ 'phantun/Cargo.lock': '' })],
    ['with a folder of that name', [entry('Cargo.lock', '', 'directory')]],
    ['with a link of that name', [entry('Cargo.lock', '/etc/passwd', 'symlink')]],
  ])('refuses a tree %s', (_, entries) => {
    expect(() => requireCargoLock(entries, 'c')).toThrow(
      expect.objectContaining({
        kind: 'input',
        message:
          'commit c has no Cargo.lock, so its dependencies are pinned by nothing and it cannot be built reproducibly. phantun has one since 869c79422f1126a9994b756a8ffc7a9405e4946f (2025-03-14); give a later ref',
      }),
    );
  });
});

const MIB = 2 ** 20;
const LARGE = (name: string) =>
  `${name} has 1048577 bytes, more than the 1048576 that are read of it. This is probably another repository than phantun: check upstream and ref`;

describe('what is too large to be parsed', () => {
  it('is a Cargo.lock of more than 1 MiB', () => {
    expect(() => requireCargoLock(tree({ 'Cargo.lock': ' '.repeat(MIB) }), 'c')).not.toThrow();
    expect(() => requireCargoLock(tree({ 'Cargo.lock': ' '.repeat(MIB + 1) }), 'c')).toThrow(
      expect.objectContaining({ kind: 'verification', message: LARGE('Cargo.lock') }),
    );
  });

  it('is a Cargo.toml of more than 1 MiB, wherever it lies', () => {
    const right = { 'Cargo.toml': PACKAGE + BINS };
    const padded = (bytes: number) => tree({ ...right, 'a\u001bb/Cargo.toml': '\n'.repeat(bytes) });
    expect(packageVersion(padded(MIB))).toBe('0.7.0');
    expect(() => packageVersion(padded(MIB + 1))).toThrow(
      expect.objectContaining({ kind: 'verification', message: LARGE('a\\u{1b}b/Cargo.toml') }),
    );
  });

  it('is a tree with more than 200 Cargo.toml', () => {
    const others = (count: number) =>
      Object.fromEntries(Array.from({ length: count }, (_, index) => [`p${index}/Cargo.toml`, '']));
    expect(packageVersion(tree({ 'Cargo.toml': PACKAGE + BINS, ...others(199) }))).toBe('0.7.0');
    // Told before any of them is parsed.
    expect(() => packageVersion(tree({ 'Cargo.toml': '=', ...others(200) }))).toThrow(
      expect.objectContaining({
        kind: 'verification',
        message:
          'this tree has 201 files called Cargo.toml, more than the 200 that are read. This is probably another repository than phantun: check upstream and ref',
      }),
    );
  });
});

describe('packageVersion', () => {
  it.each<[string, Record<string, string>, string]>([
    ['of a package with tables for its programs', { 'Cargo.toml': PACKAGE + BINS }, '0.7.0'],
    ['of a package whose programs are found', { 'Cargo.toml': PACKAGE, ...FOUND }, '0.7.0'],
    [
      'of a package whose programs are folders',
      { 'Cargo.toml': PACKAGE, 'src/bin/client/main.rs': '', 'src/bin/server/main.rs': '' },
      '0.7.0',
    ],
    [
      'of a member of a workspace',
      {
        'Cargo.toml': '[workspace]\nmembers = ["phantun", "fake-tcp"]\n',
        'fake-tcp/Cargo.toml': '[package]\nname = "fake-tcp"\nversion = "0.6.0"\n',
        'phantun/Cargo.toml': PACKAGE,
        'phantun/src/bin/client.rs': '',
        'phantun/src/bin/server.rs': '',
      },
      '0.7.0',
    ],
    [
      'that a member inherits, wherever the root stands',
      {
        'p/Cargo.toml': `[package]\nname = "p"\nversion.workspace = true\n${BINS}`,
        'Cargo.toml': '[workspace.package]\nversion = "10.20.30"\n',
      },
      '10.20.30',
    ],
    [
      'without what only looks like a manifest',
      { 'Cargo.toml': PACKAGE + BINS, 'Cargo.toml.orig': '=', 'NotCargo.toml': '=' },
      '0.7.0',
    ],
    [
      'that a member inherits',
      {
        'Cargo.toml': '[workspace.package]\nversion = "1.2.3-rc.10+build.50"\n',
        'p/Cargo.toml': `[package]\nname = "p"\nversion.workspace = true\n${BINS}`,
      },
      '1.2.3-rc.10+build.50',
    ],
    [
      'that is as long as it may be',
      { 'Cargo.toml': `[package]\nname = "p"\nversion = "1.0.0-${'x'.repeat(58)}"\n${BINS}` },
      `1.0.0-${'x'.repeat(58)}`,
    ],
    [
      'of the one package, though another has a client only',
      {
        'Cargo.toml': PACKAGE + BINS,
        'other/Cargo.toml': '[package]\nname = "other"\nversion = "9.9.9"\n[[bin]]\nname = "client"\n',
      },
      '0.7.0',
    ],
  ])('is read: %s', (_, files, version) => {
    expect(packageVersion(tree(files))).toBe(version);
  });

  it.each<[string, Record<string, string>, string]>([
    [
      'no programs',
      { 'Cargo.toml': PACKAGE },
      'no package of this tree has the binaries client and server; upstream must be phantun or a fork of it',
    ],
    [
      'no manifest',
      { 'README.md': '' },
      'no package of this tree has the binaries client and server; upstream must be phantun or a fork of it',
    ],
    [
      'programs that autobins leaves out',
      { 'Cargo.toml': `${PACKAGE}autobins = false\n`, ...FOUND },
      'no package of this tree has the binaries client and server; upstream must be phantun or a fork of it',
    ],
    [
      'two packages with both programs',
      { 'Cargo.toml': PACKAGE + BINS, 'copy/Cargo.toml': PACKAGE + BINS },
      'more than one package of this tree has the binaries client and server; upstream must be phantun or a fork of it',
    ],
    [
      'two packages with both programs, behind which nothing more is read',
      { 'Cargo.toml': PACKAGE + BINS, 'copy/Cargo.toml': PACKAGE + BINS, 'more/Cargo.toml': '=' },
      'more than one package of this tree has the binaries client and server; upstream must be phantun or a fork of it',
    ],
    ['a manifest that is no TOML', { 'Cargo.toml': '[package\n' }, 'Cargo.toml cannot be read as TOML'],
    [
      'a manifest of an odd name that is no TOML',
      { 'a\u001bb/Cargo.toml': '=' },
      'a\\u{1b}b/Cargo.toml cannot be read as TOML',
    ],
    [
      'a version to inherit and no root',
      { 'p/Cargo.toml': `[package]\nname = "p"\nversion.workspace = true\n${BINS}` },
      'p/Cargo.toml has no version but none',
    ],
    [
      'a version to inherit and no workspace',
      { 'Cargo.toml': '', 'p/Cargo.toml': `[package]\nname = "p"\nversion.workspace = true\n${BINS}` },
      'p/Cargo.toml has no version but none',
    ],
    [
      'a version to inherit that the workspace does not have',
      { 'Cargo.toml': '[workspace]\n', 'p/Cargo.toml': `[package]\nname = "p"\nversion.workspace = true\n${BINS}` },
      'p/Cargo.toml has no version but none',
    ],
    [
      'a version that is not inherited after all',
      { 'Cargo.toml': `[package]\nname = "p"\nversion.workspace = false\n${BINS}` },
      'Cargo.toml has no version but {"workspace":false}',
    ],
    [
      'a list of versions',
      { 'Cargo.toml': `[package]\nname = "p"\nversion = ["1.2.3"]\n${BINS}` },
      'Cargo.toml has no version but ["1.2.3"]',
    ],
    [
      'a version with more behind it',
      { 'Cargo.toml': `[package]\nname = "p"\nversion = "1.2.3x"\n${BINS}` },
      'Cargo.toml has no version but "1.2.3x"',
    ],
    ['no version', { 'Cargo.toml': `[package]\nname = "p"\n${BINS}` }, 'Cargo.toml has no version but none'],
    [
      'a version that is none',
      { 'p/Cargo.toml': `[package]\nname = "p"\nversion = "1.0; rm"\n${BINS}` },
      'p/Cargo.toml has no version but "1.0; rm"',
    ],
    [
      'a version with a letter before it',
      { 'Cargo.toml': `[package]\nname = "p"\nversion = "v1.0.0"\n${BINS}` },
      'Cargo.toml has no version but "v1.0.0"',
    ],
    [
      'a version that no lock takes',
      { 'Cargo.toml': `[package]\nname = "p"\nversion = "1.0.0-${'x'.repeat(59)}"\n${BINS}` },
      `Cargo.toml has a version of 65 characters, more than the 64 that a lock takes: 1.0.0-${'x'.repeat(58)}…`,
    ],
    [
      'a version that is nested without end',
      { 'Cargo.toml': `[package]\nname = "p"\nversion${'.a'.repeat(100_000)} = 1\n${BINS}` },
      'Cargo.toml has no version but what is nested too deep to be shown',
    ],
    [
      'a number for a version',
      { 'Cargo.toml': `[package]\nname = "p"\nversion = 7\n${BINS}` },
      'Cargo.toml has no version but 7',
    ],
    [
      'a version to inherit from nobody',
      { 'Cargo.toml': `[package]\nname = "p"\nversion.workspace = true\n${BINS}` },
      'Cargo.toml has no version but none',
    ],
  ])('is refused: %s', (_, files, message) => {
    expect(() => packageVersion(tree(files))).toThrow(expect.objectContaining({ kind: 'input', message }));
  });

  it.each(['package = 1', 'bin = 1', 'bin = [1]', 'workspace = "x"', 'package = []'])('survives %s', (line) => {
    expect(() => packageVersion(tree({ 'Cargo.toml': `${line}\n` }))).toThrow(
      expect.objectContaining({ kind: 'input' }),
    );
  });
});

describe('a manifest', () => {
  it('is a file: a link of that name is not read', () => {
    const link = entry('p/Cargo.toml', '../Cargo.toml', 'symlink');
    expect(packageVersion([...tree({ 'Cargo.toml': PACKAGE + BINS }), link])).toBe('0.7.0');
  });
});
