import { existsSync } from 'node:fs';
import { copyFile } from 'node:fs/promises';
import { join } from 'node:path';
import { isRoot, run } from './exec.js';
import { SID_APT_OPTIONS, install, sidSources } from './packages.js';

/** The certificates that this machine trusts. */
export const CERTIFICATES = '/etc/ssl/certs/ca-certificates.crt';

/**
 * Installs a small Debian sid with the packages `include` into the empty folder `root`, for this machine's architecture or for
 * one it can emulate. It trusts the certificates that this machine trusts, which counts where outgoing TLS is intercepted.
 */
export async function bootstrap(root: string, include: readonly string[], architecture?: string): Promise<void> {
  if (!isRoot()) throw new Error('The lab installs a Debian into a folder for an image, and only root can.');
  await install({ mmdebstrap: 'mmdebstrap', ...(architecture === undefined ? {} : { 'arch-test': 'arch-test' }) });
  const apt = Object.entries(SID_APT_OPTIONS).map(([name, value]) => `--aptopt=${name} "${value}"`);
  const unread = ['man', 'locale', 'info', 'zoneinfo'].map((folder) => `--dpkgopt=path-exclude=/usr/share/${folder}/*`);
  const packages = `--include=${['ca-certificates', ...include].join(',')}`;
  const foreign = architecture === undefined ? [] : [`--architectures=${architecture}`];
  const options = ['--mode=root', '--variant=minbase', ...foreign, packages, ...apt, ...unread, '--skip=output/dev'];
  await run('mmdebstrap', [...options, 'sid', root, await sidSources()]);
  if (existsSync(CERTIFICATES)) await copyFile(CERTIFICATES, join(root, CERTIFICATES));
}
