import { cp, mkdir, readFile, readdir, writeFile } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { enginePrefix } from '../lab/engine.js';
import { EXAMPLES, type Host, succeed, temporaryFolder } from './rig.js';
import { shell } from './shell.js';

// The rig's engine is Docker's: it gets what both understand, in the foreground, where Podman's conmon stays for systemd.
const PODMAN = `#!/bin/sh
verb=$1
for name; do
  shift
  case $name in
    run | --replace | --cgroups=split | --sdnotify=conmon | -d) ;;
    *) set -- "$@" "$name" ;;
  esac
done
case $verb in
  run) exec docker run "$@" ;;
  rm) docker stop "$name" || : ;; # its -i minds no container that is gone
  *) exit 64 ;;
esac
`;

const PROGRAMS = {
  'usr/bin/docker': '#!/bin/sh\nexec docker "$@"\n',
  'usr/bin/podman': PODMAN,
  'usr/sbin/nft': '#!/bin/sh\nexec nft "$@"\n',
  'usr/sbin/dockerd': '#!/bin/sh\n',
};

/** A folder that looks to systemd like the root of a machine with Docker, Podman and nft, whose programs work on a host of the rig. */
export async function machine(): Promise<string> {
  const root = await temporaryFolder();
  for (const [path, text] of Object.entries(PROGRAMS)) {
    await mkdir(dirname(join(root, path)), { recursive: true });
    await writeFile(join(root, path), text, { mode: 0o755 });
  }
  const units = join(root, 'usr/lib/systemd/system');
  await cp(join(await enginePrefix(), 'usr/lib/systemd/system'), units, { recursive: true });
  for (const name of await readdir('/lib/systemd/system'))
    if (/^(network|sysinit|basic|multi-user|shutdown|paths|sockets|timers|slices|local-fs|swap).*\.target$/.test(name))
      await cp(join('/lib/systemd/system', name), join(units, name), { dereference: true });
  await mkdir(join(root, 'etc/systemd/system'), { recursive: true });
  return root;
}

/** What names files of a machine, made to name them under its root. */
function under(root: string, text: string): string {
  return text.replaceAll(/(?<=^|\s)\/(?=(?:etc|usr)\/)/gm, `${root}/`);
}

/** Installs a file of examples on a machine as its head tells, or as it tells after `edit`. */
export async function installExample(root: string, path: string, edit = (head: string) => head): Promise<void> {
  const file = join(EXAMPLES, path);
  const head = edit(await readFile(file, 'utf8'));
  const commands = [...head.matchAll(/^# +(?:install or repeat +)?(install -.+)$/gm)].map(
    ([, command = '']) => command,
  );
  if (!commands.some((command) => command.includes(basename(path))))
    throw new Error(`${path} does not tell how it is installed`);
  await succeed('sh', ['-euc', under(root, commands.join('\n'))], { cwd: dirname(file) });
}

/** Loads what examples have installed on a machine for sysctl, on a host: in the order of `sysctl --system`. */
export async function loadSettings(on: Host, root: string): Promise<void> {
  const folder = join(root, 'etc/sysctl.d');
  for (const name of (await readdir(folder)).sort()) await on.run('sysctl', '-q', '-p', join(folder, name));
}

/** What a unit's directives have run on a host, as systemd runs it: in the unit's environment. */
async function directives(on: Host, root: string, unit: string) {
  const [, service = ''] = /^\[Service\]\n([^[]+)/m.exec(unit.replaceAll(/\\\n\s*/g, '')) ?? [];
  const values = (directive: string) =>
    [...service.matchAll(new RegExp(`^${directive}=(.+)$`, 'gm'))].map(([, value = '']) => value);
  const inside = await shell(on);
  const environment = values('Environment').map((variables) => `export ${variables}\n`);
  const run = (command: string) => inside([...environment, under(root, command)].join(''));
  const runAll = async (directive: string) => {
    for (const value of values(directive)) {
      const mayFail = value.startsWith('-');
      const { code, stderr } = await run(mayFail ? value.slice(1) : value);
      if (code !== 0 && !mayFail) throw new Error(`${directive}=${value} ended with ${code}:\n${stderr}`);
    }
  };
  return { values, run, runAll };
}

/** Starts a unit of the type oneshot on a host, for an instance. Returns what stops it. */
export async function startRules(on: Host, root: string, unit: string, instance: string): Promise<() => Promise<void>> {
  const { runAll } = await directives(on, root, unit.replaceAll('%i', instance));
  await runAll('ExecStart');
  return () => runAll('ExecStop');
}

/**
 * Starts a unit on a host as systemd would: what it runs before, itself, until it `works`. Returns what stops it and says the code
 * with which it ended.
 */
export async function startUnit(on: Host, root: string, unit: string, works: () => Promise<void>) {
  const { values, run, runAll } = await directives(on, root, unit);
  await runAll('ExecStartPre');
  const main = run(values('ExecStart').join('\n'));
  const ended = main.then(({ code, stderr }) => {
    throw new Error(`ExecStart ended with ${code}:\n${stderr}`);
  });
  await Promise.race([works(), ended]);
  return async () => {
    await runAll('ExecStop');
    const { code } = await main;
    await runAll('ExecStopPost');
    return code;
  };
}
