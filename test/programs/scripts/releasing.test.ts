import { spawnSync } from 'node:child_process';
import { copyFileSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { digestOf } from '../../../src/hash.js';
import { WRAPPER_FOLDER } from '../../../src/wrapper.js';
import { fakeProgram, temporaryFolder } from '../../support/world.js';

/** A copy of a script of this repository with files of its own to work on. */
function copyOf(script: string, files: Record<string, string>) {
  const root = temporaryFolder();
  mkdirSync(join(root, 'scripts'));
  copyFileSync(join(WRAPPER_FOLDER, 'scripts', script), join(root, 'scripts', script));
  for (const [name, text] of Object.entries(files)) writeFileSync(join(root, name), text);
  return {
    run: (...args: string[]) => {
      const { status, stdout, stderr } = spawnSync(process.execPath, [join(root, 'scripts', script), ...args]);
      return { status, said: `${String(stdout)}${String(stderr)}` };
    },
    file: (name: string) => readFileSync(join(root, name), 'utf8'),
  };
}

describe('the notes of a release', () => {
  const CHANGELOG = '# Changelog\n\nWords.\n\n## 1.1.0 — 2027-01-02\n\n- New.\n\n## 1.0.0 — unreleased\n\n- First.\n';
  const notes = (version: string) => copyOf('release-notes.mjs', { 'CHANGELOG.md': CHANGELOG }).run(version);

  it('are what the changelog says of it', () => {
    expect(notes('1.1.0')).toEqual({ status: 0, said: '2027-01-02\n\n- New.\n' });
  });

  it.each([
    ['1.0.0', "release-notes: CHANGELOG.md says 'unreleased' of 1.0.0; write the day of the release there\n"],
    ['1.1', "release-notes: CHANGELOG.md has no section '## 1.1 — date'\n"],
    ['', "release-notes: CHANGELOG.md has no section '##  — date'\n"],
  ])('are not there for %j', (version, said) => {
    expect(notes(version)).toEqual({ status: 1, said });
  });

  it('are there for the version of this repository, once it has a day', () => {
    const { version } = JSON.parse(readFileSync(join(WRAPPER_FOLDER, 'package.json'), 'utf8')) as { version: string };
    expect(readFileSync(join(WRAPPER_FOLDER, 'CHANGELOG.md'), 'utf8')).toMatch(
      new RegExp(`^## ${version.replaceAll('.', '\\.')} — (unreleased|\\d{4}-\\d\\d-\\d\\d)$`, 'm'),
    );
  });
});

describe('the pins of the default bases', () => {
  const [RUST, SHELL] = ['docker.io/library/rust:1.95.0-slim', 'docker.io/library/busybox:1.37.0'];
  const action = (rust: string, shell: string) =>
    `inputs:\n  rust-image:\n    description: X\n    default: ${rust}\n  shell-image:\n    description: Y\n    default: '${shell}'\n`;
  /** A registry that serves the name of what it is asked for. */
  const registry = () => fakeProgram('skopeo', 'for last; do :; done; printf %s "${last#docker://}"');
  const pinned = (name: string) => `${name}@${digestOf(name)}`;

  it('are written wherever the default stands, pinned before or not, and nowhere else', () => {
    registry();
    const copy = copyOf('pin-bases.mjs', {
      'action.yml': action(RUST, `${SHELL}@sha256:${'0'.repeat(64)}`),
      'README.md': `${RUST} and ${RUST}-bookworm, \`${SHELL}\`.\n`,
    });
    expect(copy.run('--check')).toEqual({
      status: 1,
      said: `pin-bases: not pinned by digest: ${RUST}. Run the workflow .pins.yml and take the patch it makes\n`,
    });
    expect(copy.run()).toEqual({ status: 0, said: `${pinned(RUST)}\n${pinned(SHELL)}\n` });
    expect(copy.file('action.yml')).toBe(action(pinned(RUST), pinned(SHELL)));
    expect(copy.file('README.md')).toBe(`${pinned(RUST)} and ${RUST}-bookworm, \`${pinned(SHELL)}\`.\n`);
    expect(copy.run('--check')).toEqual({ status: 0, said: '' });
  });

  it('stay as they are when a registry does not answer', () => {
    fakeProgram('skopeo', 'echo no answer >&2; exit 1');
    const copy = copyOf('pin-bases.mjs', { 'action.yml': action(RUST, SHELL) });
    expect(copy.run()).toEqual({ status: 1, said: `pin-bases: ${RUST} cannot be read: no answer\n` });
    expect(copy.file('action.yml')).toBe(action(RUST, SHELL));
  });

  it('are looked for where this repository has its defaults', () => {
    const copy = copyOf('pin-bases.mjs', { 'action.yml': readFileSync(join(WRAPPER_FOLDER, 'action.yml'), 'utf8') });
    expect(copy.run('--check').said).not.toContain('does not have the two defaults');
  });
});
