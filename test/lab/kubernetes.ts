import { cached } from './cache.js';
import { run } from './exec.js';
import { install } from './packages.js';

const VALIDATOR = 'kubernetes-validate==1.37.0';

/** Checks manifests against Kubernetes' own schemas, which the validator carries. Fails with what is wrong with them. */
export async function validateManifests(...files: readonly string[]): Promise<string> {
  const folder = await cached('kubernetes-validate', [VALIDATOR], async (dir) => {
    await install({ pip3: 'python3-pip' });
    const options = ['--quiet', '--disable-pip-version-check', '--only-binary=:all:', '--target', dir];
    await run('pip3', ['install', ...options, VALIDATOR]);
  });
  const env = { ...process.env, PYTHONPATH: folder };
  return await run(`${folder}/bin/kubernetes-validate`, ['--strict', ...files], { env });
}
