import { type Daemon, type Environment, startDaemon } from './exec.js';

const NAMESPACES = ['--mount', '--propagation', 'slave', '--pid', '--fork', '--kill-child', '--mount-proc'];
const MOUNTS = `
mountpoint -q /sys/fs/cgroup || mount -t cgroup2 cgroup2 /sys/fs/cgroup
for folder in /run/docker /run/containerd /run/runc; do
  mkdir -p $folder
  mount -t tmpfs tmpfs $folder
done
exec "$@"`;

/**
 * Starts a daemon that runs containers, in namespaces of processes and of mounts: when the outermost process dies, however it
 * dies, so does all that the daemon started, and its mounts are gone. In there the folders of /run that such daemons share are
 * its own. `init` is a program like tini; `enter` is what a command begins with to run in another network.
 */
export function startIsolated(
  init: string,
  command: readonly string[],
  log: string,
  env: Environment,
  enter: readonly string[] = [],
): Daemon {
  const isolated = ['unshare', ...NAMESPACES, 'sh', '-euc', MOUNTS, 'sh', init, '--', ...command];
  const [first = '', ...rest] = [...enter, ...isolated];
  return startDaemon(first, rest, log, env);
}
