import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { type Finished, type Host, type Mode, ROOT, execute, lab, temporaryFolder } from './rig.js';

/** The name that a container of the documents has in the lab's engine. */
export function nameOf(mode: Mode): string {
  return `phantun-${mode}-${process.pid}`;
}

// What a machine has and a host of the rig shares with the other one: folders, names of containers, the image's name.
const DOCKER = `#!/bin/sh
arguments=
for each; do
  shift
  case $arguments$each in
    host) each=$RIG_NETWORK ;;
    ghcr.io/org/phantun-runtime) each=$RIG_IMAGE arguments=yes ;;
    phantun-client | phantun-server) each=$each-$RIG ;;
  esac
  set -- "$@" "$each"
done
exec "$RIG_DOCKER" "$@"
`;
// What sysctl would read beside /etc/sysctl.d: settings of this machine, which are not the rig's to load.
const HIDDEN = ['/run/sysctl.d', '/usr/local/lib/sysctl.d', '/usr/lib/sysctl.d', '/lib/sysctl.d'];
const FOLDERS = { sysctl: '/etc/sysctl.d', keys: '/etc/wireguard', sockets: '/run/wireguard' };

/** A shell of a host, in which the documents' commands run as they are written. */
export async function shell(host: Host): Promise<(text: string) => Promise<Finished>> {
  const folder = await temporaryFolder();
  await mkdir(join(folder, 'bin'));
  await writeFile(join(folder, 'bin', 'docker'), DOCKER, { mode: 0o755 });
  for (const name of Object.keys(FOLDERS)) await mkdir(join(folder, name));
  await host.run('mkdir', '-p', FOLDERS.sockets);
  const mounts = [
    ...Object.entries(FOLDERS).map(([name, path]) => `[ ! -d ${path} ] || mount --bind ${join(folder, name)} ${path}`),
    ...HIDDEN.map((path) => `[ ! -d ${path} ] || mount -t tmpfs none ${path}`),
    '[ ! -e /etc/sysctl.conf ] || mount --bind /dev/null /etc/sysctl.conf',
  ];
  const path = `${join(folder, 'bin')}:${lab.env.PATH ?? ''}:/usr/local/sbin:/usr/sbin:/sbin`;
  const rig = {
    PATH: path,
    RIG_DOCKER: (await execute('sh', ['-c', 'command -v docker'])).stdout.trim(),
    RIG_NETWORK: host.network,
    RIG_IMAGE: lab.image,
    RIG: `${process.pid}`,
  };
  const script = `${mounts.join('\n')}\nexec sh -eu`;
  return async (text) =>
    await host.execute('unshare', ['--mount', 'sh', '-euc', script], { env: rig, cwd: ROOT, input: text });
}
