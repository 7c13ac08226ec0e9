import { join } from 'node:path';
import { onTestFinished } from 'vitest';
import { provideBuildkitImage } from '../lab/buildkitd.js';
import { startOwnEngine } from '../lab/engine.js';
import { run } from '../lab/exec.js';
import { lab, temporaryFolder } from './harness.js';

/**
 * An engine as many machines have it, with the classic image store, which cannot export OCI layouts: a run has to make a builder.
 * Resolves with the environment in which docker talks to it; stopped after the test.
 */
export async function classicEngine(): Promise<Record<string, string>> {
  const image = await provideBuildkitImage(lab.registry);
  // What buildx asks docker.io for, and the mirror serves.
  const wanted = `${lab.registry}/moby/buildkit:buildx-stable-1`;
  await run('skopeo', [
    'copy',
    '--src-tls-verify=false',
    '--dest-tls-verify=false',
    `docker://${image}`,
    `docker://${wanted}`,
  ]);
  const engine = await startOwnEngine(join(await temporaryFolder(), 'engine'), {
    containerdStore: false,
    mirror: lab.registry,
  });
  onTestFinished(engine.stop);
  return engine.env;
}
