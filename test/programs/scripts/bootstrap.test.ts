import { spawnSync } from 'node:child_process';
import { chmodSync, cpSync, existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { describe, expect, it } from 'vitest';
import { sha256 } from '../../../src/hash.js';
import { WRAPPER_FOLDER } from '../../../src/wrapper.js';
import { temporaryFolder } from '../../support/world.js';

const COMMAND = 'node scripts/bootstrap.mjs ';
const CI = 'npm ci --no-audit --no-fund';

type Package = { engines: { node: string }; scripts: Record<string, string> };
const own = JSON.parse(readFileSync(join(WRAPPER_FOLDER, 'package.json'), 'utf8')) as Package;
const tasks = Object.values(own.scripts)
  .filter((script) => script.startsWith(COMMAND))
  .map((script) => script.slice(COMMAND.length));

/** A fresh clone without packages, beside an npm that installs a tsx; both write down where and how they were called. */
function freshClone(install = 'mkdir -p node_modules/.bin; cp ../tsx node_modules/.bin') {
  const folder = temporaryFolder();
  const root = join(folder, 'clone');
  for (const name of ['package.json', 'package-lock.json', 'scripts'])
    cpSync(join(WRAPPER_FOLDER, name), join(root, name), { recursive: true });
  const called = (name: string) => `#!/bin/sh\necho "\${PWD#${folder}/}: ${name} $*" >> '${folder}/calls'\n`;
  const program = (path: string, script: string) => {
    mkdirSync(dirname(path), { recursive: true });
    writeFileSync(path, script);
    chmodSync(path, 0o755);
  };
  program(join(folder, 'bin', 'npm'), `${called('npm')}${install}\n`);
  program(join(folder, 'tsx'), `${called('tsx')}exit 7\n`);
  writeFileSync(join(folder, 'calls'), '');
  const file = (name: string) => join(root, name);
  return {
    file,
    stamp: join(root, 'node_modules', '.installed-lock'),
    /** The packages of some lock file, as if they had been installed. */
    installed: (lock: Buffer | string) => {
      program(file('node_modules/.bin/tsx'), readFileSync(join(folder, 'tsx'), 'utf8'));
      writeFileSync(file('node_modules/.installed-lock'), sha256(lock));
    },
    /** Asks for a task, with Node and platform as they are or as `before` redefines them. */
    run: (args: readonly string[], before = '') => {
      const preload = join(folder, 'preload.mjs');
      writeFileSync(preload, before);
      const words = ['--import', pathToFileURL(preload).href, file('scripts/bootstrap.mjs'), ...args];
      const { status, stdout, stderr } = spawnSync(process.execPath, words, {
        cwd: folder,
        env: { PATH: `${join(folder, 'bin')}:/usr/bin:/bin` },
        encoding: 'utf8',
      });
      return { status, said: stdout + stderr };
    },
    calls: () => readFileSync(join(folder, 'calls'), 'utf8').split('\n').slice(0, -1),
  };
}

/** A clone with the packages of its own lock file. */
function readyClone() {
  const clone = freshClone();
  clone.installed(readFileSync(clone.file('package-lock.json')));
  return clone;
}

const refusal = (sentence: string) => ({ status: 1, said: `phantun-runtime: ${sentence}\n` });

describe('a task', () => {
  it('is done with its arguments, and its end is the end', () => {
    const clone = readyClone();
    expect(clone.run(['demo', '--fast', 'a b'])).toEqual({ status: 7, said: '' });
    expect(clone.calls()).toEqual(['clone: tsx test/lab/demo.ts --fast a b']);
  });

  it.each([undefined, '', 'nonesuch', 'Demo', 'toString', '__proto__'])(
    'that is not there is refused with those that are, and nothing is installed for it: %j',
    (task) => {
      const clone = freshClone();
      const { status, said } = clone.run(task === undefined ? [] : [task]);
      const [, asked, known = ''] = /^phantun-runtime: there is no task '(.*)'; known: (.*)\n$/.exec(said) ?? [];
      expect([status, asked, known.split(', ').sort()]).toEqual([1, task ?? '', [...tasks].sort()]);
      expect(clone.calls()).toEqual([]);
    },
  );
});

describe('the machine', () => {
  const versions = (node: string) =>
    `Object.defineProperty(process, 'versions', { value: { ...process.versions, node: '${node}' } });`;
  const engines = (node: string) => JSON.stringify({ ...own, engines: { node } });

  it.each([
    ['18.20.8', '20.19'],
    ['20.18.3', '20.19'],
    ['20.9.0', '20.19'],
    ['9.99.9', '20.19'],
    ['20.19.5', '22.1'],
    ['22.0.99', '22.1'],
  ])('is refused with Node %s where package.json wants %s, in words', (node, oldest) => {
    const clone = freshClone();
    writeFileSync(clone.file('package.json'), engines(`>=${oldest}`));
    expect(clone.run(['demo'], versions(node))).toEqual(refusal(`this needs Node ${oldest} or newer; here is ${node}`));
    expect(clone.calls()).toEqual([]);
  });

  it.each([
    ['20.19.0', '20.19'],
    ['20.100.0', '20.19'],
    ['24.0.0', '20.19'],
    ['100.0.0', '20.19'],
  ])('is taken with Node %s where package.json wants %s', (node, oldest) => {
    const clone = readyClone();
    writeFileSync(clone.file('package.json'), engines(`>=${oldest}`));
    expect(clone.run(['demo'], versions(node))).toEqual({ status: 7, said: '' });
  });

  it('is refused where this repository wants a Node that it has not', () => {
    const oldest = own.engines.node.replace('>=', '');
    const sentence = `this needs Node ${oldest} or newer; here is 16.20.2`;
    expect(freshClone().run(['demo'], versions('16.20.2'))).toEqual(refusal(sentence));
  });

  it.each(['darwin', 'win32', 'freebsd'])('is refused when it is %s', (platform) => {
    const clone = freshClone();
    const sentence = `this needs Linux; ${platform} has no network namespaces and no such engine`;
    const before = `Object.defineProperty(process, 'platform', { value: '${platform}' });`;
    expect(clone.run(['demo'], before)).toEqual(refusal(sentence));
    expect(clone.calls()).toEqual([]);
  });
});

describe('the packages', () => {
  const demo = 'clone: tsx test/lab/demo.ts';

  it('are installed once, and again when the lock file is another one', () => {
    const clone = freshClone();
    const calls = (times: number) => {
      for (let time = 0; time < times; time++) expect(clone.run(['demo'])).toEqual({ status: 7, said: '' });
      return clone.calls();
    };
    expect(calls(2)).toEqual([`clone: ${CI}`, demo, demo]);
    writeFileSync(clone.file('package-lock.json'), '{}');
    expect(calls(2).slice(3)).toEqual([`clone: ${CI}`, demo, demo]);
    expect(readFileSync(clone.stamp, 'utf8')).toBe(sha256('{}'));
  });

  it('are installed over those of another lock file', () => {
    const clone = freshClone();
    clone.installed('of another one');
    expect(clone.run(['demo']).status).toBe(7);
    expect(clone.calls()).toEqual([`clone: ${CI}`, demo]);
  });

  it('are not installed over those of this one', () => {
    const clone = readyClone();
    expect(clone.run(['demo']).status).toBe(7);
    expect(clone.calls()).toEqual([demo]);
  });

  it.each([
    ['fails', 'echo "npm error EINTEGRITY" >&2; exit 243', 'npm error EINTEGRITY\n'],
    ['is killed', 'kill -KILL $$', ''],
  ])('are said not to be there when npm %s, and npm is asked again', (_, install, said) => {
    const clone = freshClone(install);
    const end = { status: 1, said: `${said}phantun-runtime: npm ci failed; its last lines say why\n` };
    for (let time = 0; time < 2; time++) expect(clone.run(['demo'])).toEqual(end);
    expect(clone.calls()).toEqual([`clone: ${CI}`, `clone: ${CI}`]);
    expect(existsSync(clone.stamp)).toBe(false);
  });
});
