import { readdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { tinyWorkspace } from '../lab/repositories.js';
import { execute, ownUpstream, ROOT } from './harness.js';

test('`npm run demo` does the whole job in a lab of its own, and ends with the summary, the image run, and where everything is', async () => {
  const out = join(ROOT, 'out', 'demo');
  onTestFinished(() => rm(out, { recursive: true, force: true }));
  const repository = await (await ownUpstream()).addRepository('dndx', 'phantun', await tinyWorkspace());
  // Without the address of the engine that the tests share: whatever a newcomer's machine has.
  const run = await execute('npm', ['run', 'demo', '--', '--upstream', repository.url], { DOCKER_HOST: '' }, ROOT);
  expect(run.code, run.stdout.slice(-2_000) + run.stderr.slice(-2_000)).toBe(0);
  const end = ['## phantun 0.9.9, verified and published', 'The image, pulled from the registry by digest and run:'];
  const places = [...end, 'Where everything is:'].map((heading) => run.stdout.indexOf(`\n${heading}`));
  expect(places).toEqual([...places].sort((a, b) => a - b));
  expect(places[0]).toBeGreaterThan(0);
  expect(run.stdout).toMatch(/^\| \*\*image\*\* \| \*\*`sha256:[0-9a-f]{64}`\*\* \|$/m);
  for (const platform of ['linux/amd64', 'linux/arm64'])
    expect(run.stdout.match(new RegExp(`^  ${platform}  .*0\\.9\\.9`, 'gm'))).toHaveLength(2);
  expect((await readdir(out)).sort()).toEqual(['evidence', 'linux-amd64.tar', 'linux-arm64.tar', 'lock.json', 'oci']);
  expect(run.stdout).toContain(`${out}/lock.json`);
});
