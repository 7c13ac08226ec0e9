import { spawnSync } from 'node:child_process';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { temporaryFolder } from '../../support/world.js';
import { jobOf, workflowOf } from '../../support/workflows.js';

const script = jobOf(workflowOf('build.yml'), 'guard').steps?.[0]?.run ?? '';

// bash takes a socket as its input, which is what node gives it, for a login from afar, and reads the user's start-up files.
const stdio = ['ignore', 'pipe', 'pipe'] as const;

/** What a step is run against: a command line that says what it was asked, and ends with `code`. */
function actionThatEnds(folder: string, code: number): string {
  mkdirSync(join(folder, 'action', 'dist'), { recursive: true });
  const asked = "process.stdout.write('asked ' + process.argv.slice(2).join(' '));";
  writeFileSync(join(folder, 'action', 'dist', 'cli.js'), `${asked} process.exitCode = ${code};`);
  return join(folder, 'action');
}

/** Runs the guard as the runner does, with values in its environment; without `outputs` it refused. */
function guard(values: Record<string, string>): { status: number | null; said: string; outputs: string } {
  const file = join(temporaryFolder(), 'output');
  writeFileSync(file, '');
  const env = {
    GITHUB_OUTPUT: file,
    PATH: process.env.PATH,
    SERVER: 'https://github.com',
    EVENT: 'push',
    HOSTED: 'github-hosted',
    ALLOW_SELF_HOSTED: 'false',
    PUSH: 'true',
    IMAGE: 'ghcr.io/org/phantun-runtime',
    REGISTRY: '',
    ...values,
  };
  const { status, stdout } = spawnSync('bash', ['-eo', 'pipefail', '-c', script], {
    env,
    encoding: 'utf8',
    stdio: [...stdio],
  });
  return { status, said: stdout, outputs: readFileSync(file, 'utf8') };
}

describe('the guard of build.yml', () => {
  it.each(['push', 'schedule', 'workflow_dispatch', 'release'])('lets %s publish', (EVENT) => {
    expect(guard({ EVENT })).toEqual({ status: 0, said: '', outputs: 'registry=ghcr.io\n' });
  });

  it.each(['pull_request', 'merge_group'])('lets %s build', (EVENT) => {
    expect(guard({ EVENT, PUSH: 'false', IMAGE: '' })).toMatchObject({ status: 0, said: '' });
  });

  it.each(['pull_request_target', 'workflow_run', 'issue_comment', 'issues', 'discussion', 'repository_dispatch', ''])(
    'refuses %s, even to build',
    (EVENT) => {
      const { status, said } = guard({ EVENT, PUSH: 'false' });
      expect(status).toBe(1);
      expect(said).toContain(`::error::build.yml refuses the event ${EVENT}`);
    },
  );

  it.each<[string, Record<string, string>, RegExp]>([
    ['another server than github.com', { SERVER: 'https://ghes.example.org' }, /ghes\.example\.org.*Use the action/],
    [
      'publishing for a pull request',
      { EVENT: 'pull_request' },
      /does not publish for pull_request, .* before the merge/,
    ],
    [
      'publishing from a merge queue',
      { EVENT: 'merge_group' },
      /does not publish for merge_group, .* before the merge/,
    ],
    ['a self-hosted runner', { HOSTED: 'self-hosted' }, /refuses a self-hosted runner/],
    ['a runner that does not say', { HOSTED: '' }, /refuses a self-hosted runner/],
    ['publishing to nowhere', { IMAGE: '' }, /names no repository/],
    ['two repositories on lines', { IMAGE: 'ghcr.io/a\nghcr.io/b' }, /one repository/],
    ['two repositories between commas', { IMAGE: 'ghcr.io/a,ghcr.io/b' }, /one repository/],
    ['a digest', { IMAGE: `ghcr.io/a@sha256:${'0'.repeat(64)}` }, /one repository/],
  ])('refuses %s', (_, values, sentence) => {
    const { status, said, outputs } = guard(values);
    expect([status, outputs]).toEqual([1, '']);
    expect(said).toMatch(sentence);
  });

  it.each([
    [{ IMAGE: 'quay.io/org/x' }, 'quay.io'],
    [{ IMAGE: 'localhost:5000/x' }, 'localhost:5000'],
    [{ IMAGE: 'org/x' }, 'docker.io'],
    [{ IMAGE: 'ghcr.io/org/x', REGISTRY: 'mirror.example.org' }, 'mirror.example.org'],
  ])('names the registry to log in to: %j', (values, registry) => {
    expect(guard(values)).toEqual({ status: 0, said: '', outputs: `registry=${registry}\n` });
  });

  it('takes a self-hosted runner that the caller vouches for', () => {
    expect(guard({ HOSTED: 'self-hosted', ALLOW_SELF_HOSTED: 'true' }).status).toBe(0);
  });
});

describe('the login of build.yml', () => {
  const script = jobOf(workflowOf('build.yml'), 'publish').steps?.find(({ name }) =>
    name?.startsWith('Require a login'),
  );

  it.each([
    ['ghcr.io', 'false', 0],
    ['quay.io', 'true', 0],
    ['quay.io', 'false', 1],
    ['docker.io', 'false', 1],
    ['ghcr.io.example.org', 'false', 1],
    ['', 'false', 1],
  ])('for %j, with secrets: %s', (REGISTRY, HAS_LOGIN, expected) => {
    const { status, stdout } = spawnSync('bash', ['-eo', 'pipefail', '-c', script?.run ?? 'exit 9'], {
      env: { PATH: process.env.PATH, REGISTRY, HAS_LOGIN },
      encoding: 'utf8',
      stdio: [...stdio],
    });
    expect(status).toBe(expected);
    expect(stdout.startsWith(`::error::build.yml has no login for ${REGISTRY}.`)).toBe(expected === 1);
  });
});

describe('the steps of verify.yml', () => {
  const { steps = [] } = jobOf(workflowOf('verify.yml'), 'verify');
  const digest = `sha256:${'ab'.repeat(32)}`;

  /** Runs a step against a command line that prints `table` and what it was asked. */
  function step(id: string, values: Record<string, string>, table = '') {
    const folder = temporaryFolder();
    mkdirSync(join(folder, '.phantun-runtime', 'dist'), { recursive: true });
    const asked = `process.stdout.write(${JSON.stringify(table)} + 'asked ' + process.argv.slice(2).join(' '));`;
    writeFileSync(join(folder, '.phantun-runtime', 'dist', 'cli.js'), asked);
    const files = { GITHUB_OUTPUT: join(folder, 'output'), GITHUB_STEP_SUMMARY: join(folder, 'summary') };
    for (const file of Object.values(files)) writeFileSync(file, '');
    const script = steps.find((each) => each.id === id)?.run ?? 'exit 9';
    const env = { PATH: process.env.PATH, ...files, ...values };
    const { status } = spawnSync('bash', ['-eo', 'pipefail', '-c', script], { cwd: folder, env, stdio: [...stdio] });
    return {
      status,
      outputs: readFileSync(files.GITHUB_OUTPUT, 'utf8'),
      summary: readFileSync(files.GITHUB_STEP_SUMMARY, 'utf8'),
    };
  }

  const asked = { IMAGE: 'ghcr.io/o/x:1', PUBLISHER: 'o/x', SIGNER: '', SIGNER_DIGEST: '' };
  it.each([
    [{}, 'asked verify ghcr.io/o/x:1 --publisher o/x'],
    [
      { SIGNER: 'o/x/w.yml@refs/tags/v1' },
      'asked verify ghcr.io/o/x:1 --publisher o/x --signer o/x/w.yml@refs/tags/v1',
    ],
    [{ SIGNER_DIGEST: 'c0' }, 'asked verify ghcr.io/o/x:1 --publisher o/x --signer-digest c0'],
  ])('verify by all that the caller names, and put out the digest: %j', (more, words) => {
    const table = `| image | ghcr.io/o/x@${digest} |\n`;
    expect(step('verify', { ...asked, ...more }, table)).toEqual({
      status: 0,
      outputs: `digest=${digest}\n`,
      summary: `${table}${words}`,
    });
  });

  it.each([
    ['ghcr.io/o/x', '', 'name=ghcr.io\nlogin=true\n'],
    ['quay.io/o/x', '', 'name=quay.io\n'],
    ['quay.io/o/x', 'u', 'name=quay.io\nlogin=true\n'],
    ['o/x', '', 'name=docker.io\n'],
    ['localhost/x', '', 'name=localhost\n'],
  ])('log in where there is a login for it: %j, user %j', (IMAGE, USERNAME, outputs) => {
    expect(step('registry', { IMAGE, USERNAME })).toMatchObject({ status: 0, outputs });
  });
});

describe('the check on a native machine', () => {
  const check = jobOf(workflowOf('build.yml'), 'check').steps?.at(-1)?.run ?? '';
  const digest = `sha256:${'a'.repeat(64)}`;

  /** Runs the step against a command line that says `lines`. */
  function checkStep(lines: string[], platform: string, manifests: Record<string, string>): number | null {
    const folder = temporaryFolder();
    const action = join(folder, 'action', 'dist');
    spawnSync('mkdir', ['-p', action]);
    writeFileSync(join(action, 'cli.js'), `process.stdout.write(${JSON.stringify(`${lines.join('\n')}\n`)});`);
    const { status } = spawnSync('bash', ['-eo', 'pipefail', '-c', check], {
      cwd: folder,
      stdio: [...stdio],
      env: {
        PATH: process.env.PATH,
        ACTION: join(folder, 'action'),
        RUNNER_TEMP: folder,
        PLATFORM: platform,
        DIGEST: digest,
        MANIFESTS: JSON.stringify(manifests),
      },
    });
    expect(readFileSync(join(folder, 'checked.txt'), 'utf8')).toBe(`${lines.join('\n')}\n`);
    return status;
  }

  const both = { 'linux/amd64': digest, 'linux/arm64': digest };
  it.each<[string, string[], string, Record<string, string>, number]>([
    ['passes what ran', ['linux/arm64: runs', digest], 'linux/arm64', both, 0],
    [
      'passes a platform that was not built',
      ['linux/amd64: runs', digest],
      'linux/arm64',
      { 'linux/amd64': digest },
      0,
    ],
    ['fails for what did not run', ['linux/arm64: not run: no emulator', digest], 'linux/arm64', both, 1],
    ['fails for what only the other ran', ['linux/amd64: runs', digest], 'linux/arm64', both, 1],
    ['fails for another image', ['linux/arm64: runs', `sha256:${'b'.repeat(64)}`], 'linux/arm64', both, 1],
  ])('%s', (_, lines, platform, manifests, expected) => {
    expect(checkStep(lines, platform, manifests)).toBe(expected);
  });
});

describe('the look at the image before', () => {
  const look = jobOf(workflowOf('build.yml'), 'build').steps?.find(
    ({ name }) => name === 'Verify the image before',
  )?.run;

  /** Runs the step against a command line that says what it was asked, and ends with `code`. */
  function lookBefore(movingTags: string, code: number): { status: number | null; said: string; summary: string } {
    const folder = temporaryFolder();
    writeFileSync(join(folder, 'summary'), '');
    const { status, stdout } = spawnSync('bash', ['-eo', 'pipefail', '-c', look ?? 'exit 9'], {
      cwd: folder,
      encoding: 'utf8',
      stdio: [...stdio],
      env: {
        PATH: process.env.PATH,
        ACTION: actionThatEnds(folder, code),
        GITHUB_STEP_SUMMARY: join(folder, 'summary'),
        GITHUB_REPOSITORY: 'org/phantun-runtime',
        IMAGE: 'ghcr.io/org/phantun-runtime',
        MOVING_TAGS: movingTags,
        SIGNER: 'org/phantun-runtime/.github/workflows/build.yml@refs/heads/a@b',
        ALLOW_SELF_HOSTED: 'false',
      },
    });
    return { status, said: stdout, summary: readFileSync(join(folder, 'summary'), 'utf8') };
  }

  it.each(['edge', 'edge,latest', 'edge\nlatest'])('verifies what the first moving tag names: %j', (tags) => {
    const { status, said, summary } = lookBefore(tags, 0);
    expect(status).toBe(0);
    expect(said).toBe(summary);
    // Whoever pins build.yml by its commit moves the pin; the image before was signed by the one that was pinned then.
    expect(summary).toContain(
      'asked verify ghcr.io/org/phantun-runtime:edge --publisher org/phantun-runtime --signer-workflow org/phantun-runtime/.github/workflows/build.yml\n',
    );
  });

  it('says that labels are all there is where it does not verify, and goes on', () => {
    const { status, said, summary } = lookBefore('edge', 1);
    expect(status).toBe(0);
    expect(said).toMatch(/^::warning::ghcr\.io\/org\/phantun-runtime:edge is not there or not verified/);
    expect(summary).toBe('');
  });

  it.each(['', '{version}-{commit7}'])('asks nothing where no tag is known yet: %j', (tags) => {
    expect(lookBefore(tags, 1)).toEqual({ status: 0, said: '', summary: '' });
  });
});

describe('the look at what is published already', () => {
  const again = jobOf(workflowOf('build.yml'), 'recheck').steps?.at(-1)?.run;

  function recheck(code: number): { status: number | null; said: string; summary: string } {
    const folder = temporaryFolder();
    writeFileSync(join(folder, 'summary'), '');
    const { status, stdout } = spawnSync('bash', ['-eo', 'pipefail', '-c', again ?? 'exit 9'], {
      encoding: 'utf8',
      stdio: [...stdio],
      env: {
        PATH: process.env.PATH,
        ACTION: actionThatEnds(folder, code),
        GITHUB_STEP_SUMMARY: join(folder, 'summary'),
        GITHUB_REPOSITORY: 'o/x',
        IMAGE: 'ghcr.io/O/x',
        DIGEST: 'sha256:0',
        SIGNER: 'o/r/.github/workflows/build.yml@c0ffee',
        ALLOW_SELF_HOSTED: 'false',
      },
    });
    return { status, said: stdout, summary: readFileSync(join(folder, 'summary'), 'utf8') };
  }

  it('asks as whoever runs the image does, by the very ref', () => {
    const said = 'asked verify ghcr.io/o/x@sha256:0 --publisher o/x --signer o/r/.github/workflows/build.yml@c0ffee\n';
    expect(recheck(0)).toEqual({ status: 0, said, summary: said });
  });

  it('says how it is healed where it does not verify', () => {
    const { status, said, summary } = recheck(1);
    expect([status, summary]).toEqual([1, '']);
    expect(said).toMatch(/^::error::ghcr\.io\/o\/x@sha256:0 is published, .* run once without skip-unchanged: /);
  });
});
