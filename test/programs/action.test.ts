import { spawnSync } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { describe, expect, it } from 'vitest';
import { readContract } from '../../src/cli/contract.js';
import { temporaryFolder } from '../support/world.js';

const defaults = (await readContract()).map(
  ({ name, default: value }) => [`INPUT_${name.toUpperCase()}`, value] as const,
);

/** Starts the action as a runner does, with inputs that it refuses; `more` is further environment. */
function start(more: Record<string, string> = {}, file = 'src/index.ts') {
  const folder = temporaryFolder();
  const [output = '', summary = '', state = ''] = ['output', 'summary', 'state'].map((name) => join(folder, name));
  for (const file of [output, summary, state]) writeFileSync(file, '');
  const env = {
    ...process.env,
    ...Object.fromEntries(defaults),
    ...{
      INPUT_REF: ' ',
      RUNNER_TEMP: folder,
      GITHUB_OUTPUT: output,
      GITHUB_STEP_SUMMARY: summary,
      GITHUB_STATE: state,
    },
    ...more,
  };
  const node = ['--import', 'tsx', resolve(file)];
  const { status, stdout, stderr } = spawnSync(process.execPath, node, { env, encoding: 'utf8' });
  const [told, saved] = [summary, state].map((file) => readFileSync(file, 'utf8'));
  return { status, stdout, stderr, told, saved };
}

describe('the action', () => {
  it('that refuses its inputs says why, and its post step has nothing to do', () => {
    const step = start();
    expect(step).toMatchObject({ status: 1, stdout: expect.stringMatching(/^::error::input ref/m) as string });
    expect(step.told).toContain('Failed: input');
    expect(step.saved).toBe('');
    expect(start({}, 'src/post.ts')).toEqual({ status: 0, stdout: '', stderr: '', told: '', saved: '' });
  });

  it.each(['GITHUB_OUTPUT', 'GITHUB_STEP_SUMMARY'])(
    'shows what failed, and fails, though there is no room for %s',
    (file) => {
      const { status, stdout, stderr } = start({ [file]: '/dev/full' });
      expect([status, stderr]).toEqual([1, '']);
      expect(stdout).toMatch(/^::error::input ref/m);
      expect(stdout).toMatch(
        /^::warning::the runner's files for outputs and summary cannot be written: no space left/m,
      );
    },
  );
});
