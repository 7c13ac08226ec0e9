import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { type Ran, runStep } from '../../support/runStep.js';
import { temporaryFolder } from '../../support/world.js';
import { jobOf, workflowOf } from '../../support/workflows.js';

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
