import { existsSync } from 'node:fs';
import { exclusively } from './cache.js';
import { runAsRoot } from './exec.js';
import { install } from './packages.js';

const BINFMT = '/proc/sys/fs/binfmt_misc';
const FOREIGN = [process.arch === 'arm64' ? 'qemu-x86_64' : 'qemu-aarch64', 'qemu-arm'];

/**
 * Makes the kernel run programs of the other platforms by qemu, in containers too. What is registered already, under whichever name, is
 * left as it is; what is registered here stays, as after an installation of the packages.
 */
export async function enableEmulation(): Promise<void> {
  if (FOREIGN.every((name) => existsSync(`${BINFMT}/${name}`))) return;
  await install({ 'qemu-arm-static': 'qemu-user-static', 'update-binfmts': 'binfmt-support' });
  await exclusively('emulation', async () => {
    if (!existsSync(`${BINFMT}/register`)) await runAsRoot('mount', '-t', 'binfmt_misc', 'binfmt_misc', BINFMT);
    for (const name of FOREIGN.filter((each) => !existsSync(`${BINFMT}/${each}`)))
      await runAsRoot('update-binfmts', '--enable', name);
  });
}
