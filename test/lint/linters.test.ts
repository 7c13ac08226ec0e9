import { spawnSync } from 'node:child_process';
import {
  copyFileSync,
  cpSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  readdirSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { beforeAll, describe, expect, it, onTestFinished, vi } from 'vitest';
import { type Linters, prepareLinters } from '../lab/linters.js';
import { repositoryFiles } from '../support/repositoryFiles.js';

const ROOT = resolve(import.meta.dirname, '..', '..');
let linters: Linters;
beforeAll(async () => {
  linters = await prepareLinters();
});

type Said = { status: number | null; text: string };

function say(program: string, args: readonly string[], cwd = ROOT): Said {
  const { status, stdout, stderr } = spawnSync(program, args, { cwd, encoding: 'utf8' });
  return { status, text: stdout + stderr };
}

/** A copy of what the linters read, in which a test may break something; a repository, as actionlint wants one. */
function copy(): string {
  const folder = mkdtempSync(join(tmpdir(), 'phantun-lint-'));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  cpSync(join(ROOT, '.github'), join(folder, '.github'), { recursive: true });
  for (const name of ['action.yml', 'Dockerfile', '.hadolint.yaml']) copyFileSync(join(ROOT, name), join(folder, name));
  mkdirSync(join(folder, 'dist'));
  // actionlint looks whether the action's programs are there.
  for (const name of ['index.js', 'post.js']) writeFileSync(join(folder, 'dist', name), '');
  spawnSync('git', ['init', '--quiet', folder]);
  return folder;
}

function edit(file: string, change: (text: string) => string): void {
  const before = readFileSync(file, 'utf8');
  const after = change(before);
  expect(after).not.toBe(before);
  writeFileSync(file, after);
}

const ZIZMOR = ['--pedantic', '--offline', '--no-progress', '--quiet', '.'];
const workflow = (folder: string, name: string) => join(folder, '.github', 'workflows', name);

describe('zizmor, pedantic', () => {
  it('finds nothing', () => {
    const { status, text } = say(linters.zizmor, ZIZMOR, copy());
    expect(status, text).toBe(0);
  });

  it('would find an expression in a script and a credential that stays', () => {
    const folder = copy();
    edit(workflow(folder, '.ci.yml'), (text) =>
      text
        .replace('npm run check', 'echo ${{ github.head_ref }}')
        .replace('persist-credentials: false', 'fetch-depth: 1'),
    );
    const { status, text } = say(linters.zizmor, ZIZMOR, folder);
    expect(status).not.toBe(0);
    expect(text).toMatch(/template-injection[^]*artipacked|artipacked[^]*template-injection/);
  });

  it('has two exceptions, each with its reason', () => {
    const lines = readFileSync(join(ROOT, '.github', 'zizmor.yml'), 'utf8').split('\n');
    expect(lines.filter((line) => /^ {2}\S/.test(line))).toEqual(['  self-repository:', '  unpinned-images:']);
    for (const { text } of readFiles('.github/workflows')) expect(text).not.toContain('zizmor: ignore');
  });
});

describe('actionlint, with shellcheck', () => {
  const lint = (folder: string) =>
    say(linters.actionlint, ['-shellcheck', linters.shellcheck, '-pyflakes', ''], folder);

  it('finds nothing', () => {
    const { status, text } = lint(copy());
    expect(status, text).toBe(0);
  });

  it('would find an output that no job has, and a variable that is split', () => {
    const folder = copy();
    edit(workflow(folder, 'build.yml'), (text) =>
      text
        .replace('jobs.build.outputs.digest }}', 'jobs.build.outputs.digset }}')
        .replace('"$RUNNER_TEMP/image" |', '$RUNNER_TEMP/image |'),
    );
    const { status, text } = lint(folder);
    expect(status).toBe(1);
    expect(text).toContain('digset');
    expect(text).toContain('SC2086');
  });
});

describe('hadolint', () => {
  it('finds nothing in the Dockerfile', () => {
    const { status, text } = say(linters.hadolint, ['Dockerfile']);
    expect(status, text).toBe(0);
  });

  it('would find a variable that is split', () => {
    const folder = copy();
    edit(join(folder, 'Dockerfile'), (text) => `${text}\nRUN rm $X\n`);
    const { status, text } = say(linters.hadolint, ['Dockerfile'], folder);
    expect(status).toBe(1);
    expect(text).toContain('SC2086');
  });
});

describe('shellcheck', () => {
  const scripts = repositoryFiles().filter(
    (name) => name.endsWith('.sh') || (/^(\.ci|scripts)\//.test(name) && startsAsShell(join(ROOT, name))),
  );

  it('is given every shell script', () => {
    expect(scripts).toEqual(expect.arrayContaining(['.ci/run', 'test/lab/tiny/build.sh']));
  });

  it('is given them by a git that runs as another user than the files have, as in a container', () => {
    vi.stubEnv('GIT_TEST_ASSUME_DIFFERENT_OWNER', '1');
    onTestFinished(() => void vi.unstubAllEnvs());
    expect(say('git', ['ls-files']).text).toContain('dubious ownership');
    expect(repositoryFiles()).toEqual(expect.arrayContaining(scripts));
  });

  it.each(scripts)('finds nothing in %s', (script) => {
    const { status, text } = say(linters.shellcheck, [script]);
    expect(status, text).toBe(0);
  });

  it('would find a variable that is split', () => {
    const file = join(copy(), 'x.sh');
    writeFileSync(file, '#!/bin/sh\nrm $1\n');
    expect(say(linters.shellcheck, [file]).status).toBe(1);
  });
});

function startsAsShell(file: string): boolean {
  return /^#!.*sh\n/.test(readFileSync(file, 'utf8'));
}

function readFiles(folder: string): { name: string; text: string }[] {
  return readdirSync(join(ROOT, folder)).map((name) => ({
    name,
    text: readFileSync(join(ROOT, folder, name), 'utf8'),
  }));
}
