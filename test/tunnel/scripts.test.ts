import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { install } from '../lab/packages.js';
import { EXAMPLES, execute } from './rig.js';

/** Every script of the examples: files that are `.sh`, and those that a host's tool wants under another name. */
async function scripts(): Promise<string[]> {
  const files = await readdir(EXAMPLES, { recursive: true });
  return files.filter((file) => /(\.sh|\.init)$/.test(file)).map((file) => join(EXAMPLES, file));
}

test('shellcheck has nothing to say about the scripts, and dash reads them', async () => {
  await install({ shellcheck: 'shellcheck', dash: 'dash' });
  const all = await scripts();
  expect(all.length).toBeGreaterThanOrEqual(9);
  expect(await execute('shellcheck', ['--severity=style', ...all])).toEqual({ code: 0, stdout: '', stderr: '' });
  for (const script of all) expect(await execute('dash', ['-n', script])).toEqual({ code: 0, stdout: '', stderr: '' });
});

test('a script without a verb says how it is used and changes nothing', async () => {
  for (const script of (await scripts()).filter((file) => /\/host\/.*\.sh$/.test(file))) {
    const { code, stderr } = await execute('unshare', ['--net', script]);
    expect(code, script).toBe(64);
    expect(stderr).toContain('up|down');
  }
});
