import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { cached } from '../lab/cache.js';
import { bootstrap } from '../lab/debian.js';
import { EXAMPLES, type Finished, type Host, type Options, temporaryFolder } from './rig.js';

/** The folder of examples, in the Debian that runs the firewalls. */
export const EXAMPLES_INSIDE = '/mnt';

/**
 * A Debian in a folder with the programs that rule a whole machine's network. Their packages start them and have them started at
 * every boot, which nobody wants of a test.
 */
async function debian(): Promise<string> {
  const packages = ['firewalld', 'dbus-daemon', 'ufw', 'iptables', 'nftables', 'radvd', 'procps'];
  const folder = await cached('firewalls', ['v1', packages], async (dir) => {
    await mkdir(join(dir, 'root'));
    await bootstrap(join(dir, 'root'), packages);
  });
  return join(folder, 'root');
}

const ENTER = `
root=$1 tmp=$2
shift 2
mount --bind "$EXAMPLES" "$root/mnt"
mount --bind "$tmp" "$root/tmp"
mount --bind "$tmp/ufw" "$root/etc/ufw"
mount -t proc proc "$root/proc"
mount --bind /dev "$root/dev"
mount -t tmpfs tmpfs "$root/run"
exec chroot "$root" "$@"`;

/** That Debian as one host of the rig sees it: with its network, and an /etc/ufw and a /tmp of its own. */
export type Inside = {
  /** The folder that is /tmp inside. */
  readonly tmp: string;
  readonly execute: (command: string, args: readonly string[], env?: Record<string, string>) => Promise<Finished>;
  /** Its output, or an error with all it said. */
  readonly run: (command: string, ...args: string[]) => Promise<string>;
  /** Starts what ends with the test. */
  readonly start: (env: Record<string, string>, command: string, ...args: string[]) => void;
};

/** Prepares it for a host. */
export async function inside(on: Host): Promise<Inside> {
  const root = await debian();
  const tmp = await temporaryFolder();
  await on.run('cp', '-r', join(root, 'etc/ufw'), join(tmp, 'ufw'));
  const enter = (command: string, args: readonly string[]) => [
    ...['--mount', 'sh', '-euc', ENTER, 'sh', root, tmp, command],
    ...args,
  ];
  const options = (env: Record<string, string> = {}): Options => ({ env: { ...env, EXAMPLES } });
  const execute = (command: string, args: readonly string[], env?: Record<string, string>) =>
    on.execute('unshare', enter(command, args), options(env));
  return {
    tmp,
    execute,
    run: async (command, ...args) => {
      const { code, stdout, stderr } = await execute(command, args);
      if (code !== 0) throw new Error(`${[command, ...args].join(' ')} ended with ${code}:\n${stderr || stdout}`);
      return stdout;
    },
    start: (env, command, ...args) => {
      const words = Object.entries({ ...env, EXAMPLES }).map(([name, value]) => `${name}=${value}`);
      on.start('env', ...words, 'unshare', ...enter(command, args));
    },
  };
}
