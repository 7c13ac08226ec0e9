import { chmodSync, copyFileSync, existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { WRAPPER_FOLDER } from '../../../src/wrapper.js';
import { COMMIT, type Ran, runStep } from '../../support/runStep.js';
import { temporaryFolder } from '../../support/world.js';
import { jobOf, workflowOf } from '../../support/workflows.js';

const OTHER = 'badc0de'.padEnd(40, '0');

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
    const THERE = 'api repos/o/r/git/ref/tags/v1.2.3';
    const VIEW = 'release view v1.2.3 --json url';
    const RELEASE = 'release create v1.2.3 --verify-tag --title v1.2.3 --notes-file notes.md';
    const url = 'https://github.com/o/r/releases/tag/v1.2.3';
    const [tagged, looked, found] = [`${TAG} --silent`, `${THERE} --jq .object.sha`, `${VIEW} --jq .url`];

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
      expect(publish({ [TAG]: {}, [RELEASE]: url })).toEqual({
        status: 0,
        said: `${url}\n`,
        calls: [tagged, found, RELEASE],
        notes: '2027-01-02\n\n- New.\n',
      });
    });

    it('are made by a run that is repeated, as far as they are not there', () => {
      const own = { [THERE]: { object: { sha: COMMIT } } };
      expect(publish({ ...own, [RELEASE]: url })).toMatchObject({
        status: 0,
        said: `${url}\n`,
        calls: [tagged, looked, found, RELEASE],
      });
      expect(publish({ ...own, [VIEW]: { url } })).toMatchObject({
        status: 0,
        said: `${url}\n`,
        calls: [tagged, looked, found],
      });
    });

    it('are not made when the tag is there and names another commit, or GitHub does not say which', () => {
      const said = `::error::v1.2.3 is there already, and names ${OTHER}, not ${COMMIT}\n`;
      const theirs = { [THERE]: { object: { sha: OTHER } }, [VIEW]: { url }, [RELEASE]: url };
      expect(publish(theirs)).toMatchObject({ status: 1, said, calls: [tagged, looked] });
      expect(publish({ [VIEW]: { url }, [RELEASE]: url })).toMatchObject({
        status: 1,
        said: '',
        calls: [tagged, looked],
      });
    });

    it('are not made without notes', () => {
      const { status, calls } = publish({ [TAG]: {}, [RELEASE]: url }, '# Changelog\n\n## 1.2.3 — unreleased\n');
      expect([status, calls]).toEqual([1, []]);
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
