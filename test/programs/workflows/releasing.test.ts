import { spawnSync } from 'node:child_process';
import { chmodSync, copyFileSync, existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { WRAPPER_FOLDER } from '../../../src/wrapper.js';
import { temporaryFolder } from '../../support/world.js';
import { type Job, jobOf, workflowOf } from '../../support/workflows.js';

const COMMIT = 'c0ffee'.padEnd(40, '0');
const OTHER = 'badc0de'.padEnd(40, '0');

/** What GitHub would put in the place of an expression. */
const CONTEXT: Record<string, string> = {
  '${{ github.ref }}': 'refs/heads/main',
  '${{ github.repository }}': 'o/r',
  '${{ github.sha }}': COMMIT,
  '${{ github.token }}': 'token',
  '${{ github.event.pull_request.head.ref }}': 'dependabot/npm_and_yarn/yaml-3',
  '${{ inputs.version }}': '1.2.3',
};

type Ran = { status: number | null; said: string };

/**
 * Runs a step of a job in `folder` as the runner does, with just the variables that the step names; `values` are expressions
 * that mean something else than in CONTEXT, `more` is the machine's own environment.
 */
function runStep(
  job: Job,
  name: string,
  folder: string,
  { shell = ['-eo', 'pipefail'], values = {} as Record<string, string>, more = {} as Record<string, string> },
): Ran {
  const step = job.steps?.find((each) => each.name === name);
  if (step?.run === undefined) throw new Error(`there is no step ${name}`);
  const meaning: Record<string, string> = { ...CONTEXT, ...values };
  const own = Object.fromEntries(Object.entries(step.env ?? {}).map(([key, text]) => [key, meaning[text]]));
  const { status, stdout } = spawnSync('bash', [...shell, '-c', step.run], {
    cwd: folder,
    env: { PATH: process.env.PATH, ...more, ...own },
    encoding: 'utf8',
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  return { status, said: stdout };
}

describe('.release-action.yml', () => {
  const release = workflowOf('.release-action.yml');

  /** What GitHub answers to the calls that begin with these words; to all others it says no. */
  type Answers = Record<string, unknown>;

  /** A `gh` that keeps what it was called with and answers from a table; `--jq` takes a path of names and numbers. */
  const GH = `#!${process.execPath}
const { appendFileSync, readFileSync } = require('node:fs');
const { join } = require('node:path');
const words = process.argv.slice(2);
const folder = join(__dirname, '..');
appendFileSync(join(folder, 'calls'), words.join(' ') + '\\n');
const answers = JSON.parse(readFileSync(join(folder, 'answers'), 'utf8'));
const key = Object.keys(answers).find((begin) => (words.join(' ') + ' ').startsWith(begin + ' '));
if (key === undefined || process.env.GH_TOKEN !== 'token') {
  console.error('gh: no (HTTP 404)');
  process.exit(1);
}
const path = words.includes('--jq') ? words[words.indexOf('--jq') + 1].match(/\\w+/g) : [];
const found = path.reduce((value, name) => value?.[name], answers[key]);
if (!words.includes('--silent')) console.log(found === undefined ? '' : found);
`;

  /** A step's end, what it said, and what it asked of GitHub. */
  function run(job: string, name: string, answers: Answers, { values = {}, folder = temporaryFolder() } = {}) {
    const bin = join(folder, 'bin');
    mkdirSync(bin);
    writeFileSync(join(bin, 'package.json'), '{"type":"commonjs"}');
    writeFileSync(join(bin, 'gh'), GH);
    chmodSync(join(bin, 'gh'), 0o755);
    writeFileSync(join(folder, 'answers'), JSON.stringify(answers));
    writeFileSync(join(folder, 'calls'), '');
    const more = { PATH: `${bin}:${process.env.PATH ?? ''}` };
    const ran = runStep(jobOf(release, job), name, folder, { values, more });
    const calls = readFileSync(join(folder, 'calls'), 'utf8').split('\n').slice(0, -1);
    return { ...ran, calls };
  }

  it('runs each script with the shell that stops at the first failure', () => {
    expect((release as { defaults?: unknown }).defaults).toEqual({ run: { shell: 'bash' } });
    expect(jobOf(release, 'release').needs).toBe('gate');
    expect(jobOf(release, 'major').needs).toBe('release');
  });

  describe('the gate’s look at ref and version', () => {
    const [REF, VERSION] = ['${{ github.ref }}', '${{ inputs.version }}'];

    function look(values: Record<string, string>, version: string): Ran {
      const folder = temporaryFolder();
      writeFileSync(join(folder, 'package.json'), JSON.stringify({ version }));
      return runStep(jobOf(release, 'gate'), 'It is main, and of this version', folder, { values });
    }

    it('lets main with the version of package.json through', () => {
      expect(look({}, '1.2.3')).toEqual({ status: 0, said: '' });
    });

    it.each(['refs/heads/other', 'refs/tags/main', 'refs/heads/main2', 'main', ''])('refuses %j', (ref) => {
      expect(look({ [REF]: ref }, '1.2.3')).toEqual({ status: 1, said: '::error::Release from main alone\n' });
    });

    it.each(['1.2', 'v1.2.3', '1.2.3-rc.1', '1.2.3.4', '1.2.x', '1.2.3\n4', ' 1.2.3', '-1.2.3', ''])(
      'refuses the version %j, whatever package.json has',
      (version) => {
        const said = '::error::The version is three numbers, 1.2.3\n';
        expect(look({ [VERSION]: version }, version)).toEqual({ status: 1, said });
      },
    );

    it.each(['1.2.4', '1.2.30', '11.2.3', ''])('refuses 1.2.3 where package.json has %j', (version) => {
      expect(look({}, version)).toEqual({ status: 1, said: '::error::package.json has another version\n' });
    });
  });

  describe('the gate’s look at the checks', () => {
    const WORKFLOWS = ['.ci.yml', '.check-dist.yml', '.lint.yml'];
    const success = [{ conclusion: 'success' }];
    const listing = (file: string) => `run list --workflow ${file} --commit ${COMMIT}`;
    const green = Object.fromEntries(WORKFLOWS.map((file) => [listing(file), success]));
    const checks = (answers: Answers) => run('gate', 'Its checks were green', answers);

    it('passes when the last run of every workflow for the commit succeeded', () => {
      expect(checks(green)).toEqual({
        status: 0,
        said: '',
        calls: WORKFLOWS.map((file) => `${listing(file)} --limit 1 --json conclusion --jq .[0].conclusion`),
      });
    });

    const ENDS: [string, { conclusion: string }[]][] = [
      ['failed', [{ conclusion: 'failure' }]],
      ['was cancelled', [{ conclusion: 'cancelled' }]],
      ['was skipped', [{ conclusion: 'skipped' }]],
      ['has not ended', [{ conclusion: '' }]],
      ['never ran', []],
    ];

    it.each(WORKFLOWS.flatMap((file) => ENDS.map(([end, runs]) => [file, end, runs] as const)))(
      'refuses when %s %s',
      (file, _, runs) => {
        const { status, said } = checks({ ...green, [listing(file)]: runs });
        expect([status, said]).toEqual([1, `::error::${file} has not succeeded for ${COMMIT}\n`]);
      },
    );

    it('refuses when GitHub does not answer', () => {
      expect(checks({}).status).toBe(1);
    });

    it('looks at workflows that are there, which each run for every commit of main', () => {
      for (const file of WORKFLOWS) expect(workflowOf(file).on.push).toEqual({ branches: ['main'] });
    });
  });

  describe('the tag and the release', () => {
    const TAG = `api repos/o/r/git/refs -f ref=refs/tags/v1.2.3 -f sha=${COMMIT}`;
    const RELEASE = 'release create v1.2.3 --verify-tag --title v1.2.3 --notes-file notes.md';

    function publish(answers: Answers, changelog = '# Changelog\n\n## 1.2.3 — 2027-01-02\n\n- New.\n') {
      const folder = temporaryFolder();
      mkdirSync(join(folder, 'scripts'));
      const script = join('scripts', 'release-notes.mjs');
      copyFileSync(join(WRAPPER_FOLDER, script), join(folder, script));
      writeFileSync(join(folder, 'CHANGELOG.md'), changelog);
      const ran = run('release', 'Tag and release', answers, { folder });
      const notes = join(folder, 'notes.md');
      return { ...ran, notes: existsSync(notes) ? readFileSync(notes, 'utf8') : undefined };
    }

    it('are made in this order, of the commit that went through the gate, with the changelog’s notes', () => {
      expect(publish({ [TAG]: {}, [RELEASE]: 'https://github.com/o/r/releases/tag/v1.2.3' })).toEqual({
        status: 0,
        said: 'https://github.com/o/r/releases/tag/v1.2.3\n',
        calls: [`${TAG} --silent`, RELEASE],
        notes: '2027-01-02\n\n- New.\n',
      });
    });

    it('are not made when the tag is there already', () => {
      expect(publish({ [RELEASE]: '' })).toMatchObject({ status: 1, calls: [`${TAG} --silent`] });
    });

    it('are not released without notes', () => {
      const { status, calls } = publish({ [TAG]: {}, [RELEASE]: '' }, '# Changelog\n\n## 1.2.3 — unreleased\n');
      expect([status, calls]).toEqual([1, [`${TAG} --silent`]]);
    });
  });

  describe('the major tag', () => {
    const RELEASED = 'api repos/o/r/commits/v1.2.3';
    const THERE = 'api repos/o/r/git/ref/tags/v1';
    const COMPARE = `api repos/o/r/compare/v1...${COMMIT}`;
    const CREATE = `api repos/o/r/git/refs -f ref=refs/tags/v1 -f sha=${COMMIT}`;
    const MOVE = `api --method PATCH repos/o/r/git/refs/tags/v1 -f sha=${COMMIT} -F force=true`;
    // All that GitHub would do, was it asked: what is not called was not tried.
    const willing = { [RELEASED]: { sha: COMMIT }, [CREATE]: {}, [MOVE]: {} };
    const asked = [`${RELEASED} --jq .sha`, `${THERE} --silent`];
    const compared = [...asked, `${COMPARE} --jq .status`];
    const point = (answers: Answers, values = {}) => run('major', 'Point vX at the release', answers, { values });

    it('is made where there is none', () => {
      expect(point(willing)).toEqual({ status: 0, said: '', calls: [...asked, `${CREATE} --silent`] });
    });

    it.each(['ahead', 'identical'])('is moved to a commit that is %s', (status) => {
      const answers = { ...willing, [THERE]: {}, [COMPARE]: { status } };
      expect(point(answers)).toEqual({ status: 0, said: '', calls: [...compared, `${MOVE} --silent`] });
    });

    it.each(['behind', 'diverged'])('is not moved to a commit that is %s', (status) => {
      const answers = { ...willing, [THERE]: {}, [COMPARE]: { status } };
      const said = `::error::v1 would not move forward (${status})\n`;
      expect(point(answers)).toEqual({ status: 1, said, calls: compared });
    });

    it('is not moved when GitHub does not compare', () => {
      expect(point({ ...willing, [THERE]: {} })).toEqual({ status: 1, said: '', calls: compared });
    });

    it('is left when the release is of another commit', () => {
      const said = `::error::v1.2.3 is ${OTHER}, not ${COMMIT}\n`;
      const calls = asked.slice(0, 1);
      expect(point({ ...willing, [RELEASED]: { sha: OTHER } })).toEqual({ status: 1, said, calls });
    });

    it('is left when there is no release', () => {
      expect(point({ [CREATE]: {} })).toEqual({ status: 1, said: '', calls: asked.slice(0, 1) });
    });

    it.each([
      ['10.2.3', 'v10'],
      ['0.1.2', 'v0'],
    ])('of %s is %s', (version, major) => {
      const answers = { [`api repos/o/r/commits/v${version}`]: { sha: COMMIT }, 'api repos/o/r/git/refs': {} };
      const create = `api repos/o/r/git/refs -f ref=refs/tags/${major} -f sha=${COMMIT} --silent`;
      const { status, calls } = point(answers, { '${{ inputs.version }}': version });
      expect([status, calls.at(-1)]).toEqual([0, create]);
    });
  });
});

describe('.dependabot-dist.yml', () => {
  const job = jobOf(workflowOf('.dependabot-dist.yml'), 'commit');
  const BRANCH = 'refs/heads/dependabot/npm_and_yarn/yaml-3';
  const DIST = { 'dist/a.js': 'a', 'dist/b.js': 'b', 'dist/old/c.js': 'c' };

  /** A clone with Dependabot's commit on its branch, of a repository whose address is the one on GitHub. */
  function checkout() {
    const root = temporaryFolder();
    const [origin, clone] = [join(root, 'github', 'o', 'r.git'), join(root, 'clone')];
    const more = {
      HOME: root,
      GIT_CONFIG_NOSYSTEM: '1',
      GIT_CONFIG_COUNT: '1',
      GIT_CONFIG_KEY_0: `url.${join(root, 'github')}/.insteadOf`,
      GIT_CONFIG_VALUE_0: 'https://x-access-token:token@github.com/',
    };
    const git = (cwd: string, ...args: string[]) => {
      const who = ['-c', 'user.name=n', '-c', 'user.email=e@example.org'];
      const { status, stdout, stderr } = spawnSync('git', [...who, ...args], {
        cwd,
        env: { PATH: process.env.PATH, ...more },
        encoding: 'utf8',
      });
      if (status !== 0) throw new Error(stderr);
      return stdout.trim();
    };
    const write = (files: Record<string, string>) => {
      for (const [name, text] of Object.entries(files)) {
        mkdirSync(dirname(join(clone, name)), { recursive: true });
        writeFileSync(join(clone, name), text);
      }
    };
    git(root, 'init', '--quiet', '--bare', origin);
    git(root, 'clone', '--quiet', origin, clone);
    write({ 'README.md': 'r', ...DIST });
    git(clone, 'add', '--all');
    git(clone, 'commit', '--quiet', '--message', 'Raise yaml');
    git(clone, 'push', '--quiet', 'origin', `HEAD:${BRANCH}`, 'HEAD:refs/heads/main');
    git(clone, 'checkout', '--quiet', '--detach');
    return {
      write,
      clone: (...args: string[]) => git(clone, ...args),
      /** Every branch of the repository, with its commit. */
      refs: () => git(origin, 'for-each-ref', '--format=%(refname) %(objectname)').split('\n'),
      origin: (...args: string[]) => git(origin, ...args),
      /** The steps between the two of others: the old dist goes, `dist` takes its place, and what changed is committed. */
      bundle: (dist: Record<string, string>): Ran => {
        const on = { shell: ['-e'], more }; // the shell of a workflow that names none
        expect(runStep(job, 'Make room', clone, on)).toEqual({ status: 0, said: '' });
        expect(existsSync(join(clone, 'dist'))).toBe(false);
        write(dist);
        return runStep(job, 'Commit', clone, on);
      },
    };
  }

  it('pushes nothing when dist is what it was, whatever else changed', () => {
    const here = checkout();
    const before = here.refs();
    here.write({ 'README.md': 'changed', 'new.txt': 'n' });
    expect(here.bundle(DIST)).toEqual({ status: 0, said: '' });
    expect(here.refs()).toEqual(before);
  });

  it('pushes changed, added and deleted files of dist to the branch, and no other file', () => {
    const here = checkout();
    const head = here.clone('rev-parse', 'HEAD');
    here.write({ 'README.md': 'changed', 'new.txt': 'n', 'src/dist/x.js': 'x' });
    expect(here.bundle({ 'dist/a.js': 'other', 'dist/b.js': 'b', 'dist/new/d.js': 'd' }).status).toBe(0);
    expect(here.refs()).toEqual([`${BRANCH} ${here.clone('rev-parse', 'HEAD')}`, `refs/heads/main ${head}`]);
    expect(here.origin('log', '--format=%an <%ae> %P %s', `${head}..${BRANCH}`)).toBe(
      `github-actions[bot] <41898282+github-actions[bot]@users.noreply.github.com> ${head} Bundle`,
    );
    expect(here.origin('diff', '--no-renames', '--name-status', head, BRANCH).split('\n')).toEqual([
      'M\tdist/a.js',
      'A\tdist/new/d.js',
      'D\tdist/old/c.js',
    ]);
    expect(here.origin('show', `${BRANCH}:dist/a.js`)).toBe('other');
  });

  it('overwrites nothing when the branch has moved on', () => {
    const here = checkout();
    here.clone('commit', '--quiet', '--allow-empty', '--message', 'Later');
    here.clone('push', '--quiet', 'origin', `HEAD:${BRANCH}`);
    here.clone('checkout', '--quiet', '--detach', 'HEAD~');
    const before = here.refs();
    expect(here.bundle({ ...DIST, 'dist/a.js': 'other' }).status).not.toBe(0);
    expect(here.refs()).toEqual(before);
  });
});
