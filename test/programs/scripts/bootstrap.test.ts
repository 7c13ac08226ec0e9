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
  const programs = (scripts: Record<string, string>) => {
    for (const [name, script] of Object.entries(scripts)) program(join(folder, 'bin', name), `#!/bin/sh\n${script}\n`);
  };
  programs({ docker: 'exit 0', 'apt-get': 'exit 0' });
  writeFileSync(join(folder, 'calls'), '');
  const file = (name: string) => join(root, name);
  return {
    file,
    /** Programs of the machine, as scripts. */
    programs,
    stamp: join(root, 'node_modules', '.installed-lock'),
    /** The packages of some lock file, as if they had been installed. */
    installed: (lock: Buffer | string) => {
      program(file('node_modules/.bin/tsx'), readFileSync(join(folder, 'tsx'), 'utf8'));
      writeFileSync(file('node_modules/.installed-lock'), sha256(lock));
    },
    /** Root asks for a task, with Node and platform as they are or as `before` redefines them, and the user. */
    run: (args: readonly string[], before = '') => {
      const preload = join(folder, 'preload.mjs');
      writeFileSync(preload, `process.getuid = () => 0;\n${before}`);
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
  const lines = '^20.19 || ^22.13 || >=24';

  it.each([
    ['18.20.8', '>=20.19'],
    ['20.18.3', '>=20.19'],
    ['9.99.9', '>=20.19'],
    ['20.19.5', '>=22.1'],
    ['22.0.99', '>=22.1'],
    ['16.20.2', lines],
    ['20.18.3', lines],
    ['20.9.0', lines],
    ['21.7.3', lines],
    ['22.12.0', lines],
    ['23.11.1', lines],
  ])('is refused with Node %s where package.json wants %s, in words', (node, wanted) => {
    const clone = freshClone();
    writeFileSync(clone.file('package.json'), engines(wanted));
    expect(clone.run(['demo'], versions(node))).toEqual(refusal(`this needs Node ${wanted}; here is ${node}`));
    expect(clone.calls()).toEqual([]);
  });

  it.each([
    ['20.19.0', '>=20.19'],
    ['20.100.0', '>=20.19'],
    ['100.0.0', '>=20.19'],
    ['20.19.0', lines],
    ['20.100.0', lines],
    ['22.13.0', lines],
    ['24.0.0', lines],
    ['25.1.0', lines],
  ])('is taken with Node %s where package.json wants %s', (node, wanted) => {
    const clone = readyClone();
    writeFileSync(clone.file('package.json'), engines(wanted));
    expect(clone.run(['demo'], versions(node))).toEqual({ status: 7, said: '' });
  });

  it('is wanted with a Node that every locked package takes, and the pages say so', () => {
    const lock = JSON.parse(readFileSync(join(WRAPPER_FOLDER, 'package-lock.json'), 'utf8')) as {
      packages: Record<string, { engines?: { node?: string } }>;
    };
    expect(lock.packages['']?.engines).toEqual(own.engines);
    // eslint's is the narrowest of them.
    expect(lock.packages['node_modules/eslint']?.engines?.node?.replaceAll('.0 ', ' ')).toBe(own.engines.node);
    for (const page of ['README.md', 'README.zh-CN.md', 'CONTRIBUTING.md'])
      expect(readFileSync(join(WRAPPER_FOLDER, page), 'utf8'), page).toContain(`Node \`${own.engines.node}\``);
  });

  it.each(['darwin', 'win32', 'freebsd'])('is refused when it is %s', (platform) => {
    const clone = freshClone();
    const sentence = `this needs Linux; ${platform} has no network namespaces and no such engine`;
    const before = `Object.defineProperty(process, 'platform', { value: '${platform}' });`;
    expect(clone.run(['demo'], before)).toEqual(refusal(sentence));
    expect(clone.calls()).toEqual([]);
  });

  const user = 'process.getuid = () => 1000;';
  const bare = { 'apt-get': 'exit 127', docker: 'exit 1' };
  it.each(tasks.filter((task) => !['demo', 'test:mutation'].includes(task)))(
    'is refused for %s when nobody is root there',
    (task) => {
      const clone = freshClone();
      const sentence = `npm run ${task} makes namespaces and mounts: run it as root`;
      expect(clone.run([task], user)).toEqual(refusal(sentence));
      expect(clone.calls()).toEqual([]);
    },
  );

  it.each([
    ['nobody is root and no engine answers', user, { docker: 'exit 1' }],
    ['there is neither apt-get nor an engine', '', bare],
  ])('is refused when %s', (_, before, programs) => {
    const clone = freshClone();
    clone.programs(programs);
    const sentence = 'npm run demo wants root on Debian, to install what it needs, or a Docker engine that answers';
    expect(clone.run(['demo'], before)).toEqual(refusal(sentence));
    expect(clone.calls()).toEqual([]);
  });

  it.each([
    ['an engine answers, whoever asks', user, { 'apt-get': 'exit 127' }],
    ['root can install', '', { docker: 'exit 1' }],
  ])('is taken when %s', (_, before, programs) => {
    const clone = readyClone();
    clone.programs(programs);
    expect(clone.run(['demo'], before)).toEqual({ status: 7, said: '' });
  });

  it('needs neither for mutation tests', () => {
    const clone = readyClone();
    clone.programs(bare);
    expect(clone.run(['test:mutation'], user).status).toBe(7);
  });
});

it.each(['test/lab/demo.ts', 'bench/main.ts'])(
  '%s is told of a flag that it has not in words, not in a stack',
  (file) => {
    const tsx = join(WRAPPER_FOLDER, 'node_modules', '.bin', 'tsx');
    const { status, stderr } = spawnSync(tsx, [file, '--nonesuch'], { cwd: WRAPPER_FOLDER, encoding: 'utf8' });
    expect([status, stderr]).toEqual([1, expect.stringMatching(/^\nUnknown option '--nonesuch'.*\n$/)]);
  },
);

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
