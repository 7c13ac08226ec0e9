import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readdirSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { expect, it } from 'vitest';
import { requireEmptyFolder } from '../../../../src/emptyFolder.js';
import { removeAbandoned } from '../../../../src/leftovers.js';
import { setEnvironment, temporaryFolder, testDeps } from '../../../support/world.js';

it('an export that was killed midway does not stand in the way of the next one', async () => {
  const [temp, out, script] = [temporaryFolder(), temporaryFolder(), join(temporaryFolder(), 'run.mts')];
  const source = (path: string) => JSON.stringify(resolve(path));
  writeFileSync(
    script,
    `import { withDeps } from ${source('src/deps.ts')};
import { deliver } from ${source('src/image/publish/deliver.ts')};
import { LOCK, imageOf } from ${source('test/support/proof.ts')};
const image = imageOf();
const blobs = {
  *[Symbol.iterator]() {
    const [first] = image.blobs;
    yield first;
    process.kill(process.pid, 'SIGKILL');
    yield first;
  },
};
await withDeps({}, ({ temp }) =>
  deliver({ ...image, blobs }, { lock: LOCK, evidence: temp, names: [], folder: ${JSON.stringify(out)} }, { temp }));`,
  );
  const env = { ...process.env, RUNNER_TEMP: temp };
  const child = spawn(process.execPath, ['--import', 'tsx', script], { env, stdio: 'inherit' });
  expect(await once(child, 'exit')).toEqual([null, 'SIGKILL']);
  const [own = ''] = readdirSync(temp);
  expect(readdirSync(out)).toEqual([`.${own}`]);
  expect(readdirSync(join(out, `.${own}`, 'oci', 'blobs', 'sha256'))).toHaveLength(1);

  setEnvironment({ RUNNER_TEMP: temp });
  const deps = testDeps();
  await removeAbandoned(deps);
  await expect(requireEmptyFolder('input export', out)).resolves.toBeUndefined();
  expect([readdirSync(temp), readdirSync(out), deps.logged]).toEqual([[], [], []]);
});
