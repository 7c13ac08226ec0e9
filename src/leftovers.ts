import { lstat, mkdir, mkdtemp, readFile, readdir, readlink, rename, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { basename, dirname, join } from 'node:path';
import { SMOKE_REPOSITORY } from './image/check/smoke.js';
import { childEnvironment, cleanUp } from './process.js';

/** A run's own folder; what the run makes in docker has the folder's name. */
const OWN = /^phantun-runtime-[A-Za-z0-9]{6}$/;
/** The state in which the runner keeps the name of a step's folder for its post step. */
export const FOLDER_STATE = 'folder';

const OWNER = 'owner';
const KEPT = 'kept';
const DEADLINE_SECONDS = 60;

/** Where runs have their folders: the runner's temporary folder, which the next run on the machine has as well. */
export function temporaryPlace(): string {
  return process.env.RUNNER_TEMP ?? tmpdir();
}

/** Makes a folder of this run's own (mode 0700), which says whose it is. */
export async function makeOwnFolder(): Promise<string> {
  const folder = await mkdtemp(join(temporaryPlace(), 'phantun-runtime-'));
  await writeFile(join(folder, OWNER), `${process.pid} ${(await startOf(process.pid)) ?? ''} ${await namespace()}`);
  return folder;
}

/**
 * Makes a folder (mode 0700) for what outlives the run: `now` in the run's own, whose name nobody can foresee, `then` where
 * `handOver` moves it.
 */
export async function makeKeptFolder(folder: string): Promise<{ now: string; then: string }> {
  await mkdir(join(folder, KEPT), { recursive: true });
  const now = await mkdtemp(join(folder, KEPT, 'phantun-runtime-proof-'));
  return { now, then: join(dirname(folder), basename(now)) };
}

/** Hands over what outlives a run, if there is anything: last of all, on one file system, so that no full disk makes it fail. */
export async function handOver(folder: string): Promise<void> {
  for (const name of await readdir(join(folder, KEPT)).catch(() => []))
    await rename(join(folder, KEPT, name), join(dirname(folder), name));
}

/** Removes what runs on this machine left that were killed: those whose process is gone, and nothing else. */
export async function removeAbandoned(): Promise<void> {
  for (const name of await readdir(temporaryPlace()).catch(() => [])) {
    const folder = join(temporaryPlace(), name);
    if (OWN.test(name) && (await isMine(folder)) && (await isAbandoned(folder))) await removeLeftovers(folder);
  }
}

/** On a machine that people share, the temporary folder is theirs, too. */
async function isMine(folder: string): Promise<boolean> {
  const status = await lstat(folder).catch(() => undefined);
  return status?.isDirectory() === true && status.uid === process.getuid?.();
}

async function isAbandoned(folder: string): Promise<boolean> {
  // A folder that does not say whose it is may be about to.
  const owner = await readFile(join(folder, OWNER), 'utf8').catch(() => '');
  const [pid = '', start = '', where = ''] = owner.split(' ');
  // Containers may share the temporary folder: the processes of another one are not seen from here, and may run.
  if (!/^\d+$/.test(pid) || start === '' || where === '' || where !== (await namespace())) return false;
  return (await startOf(Number(pid))) !== start;
}

/** In which ids of processes are told apart, `pid:[4026531836]`. See pid_namespaces(7). */
async function namespace(): Promise<string> {
  return readlink('/proc/self/ns/pid').catch(() => '');
}

/** When a process started, in clock ticks since boot: tells it from a later one with the same id. See proc_pid_stat(5). */
async function startOf(pid: number): Promise<string | undefined> {
  const text = await readFile(`/proc/${pid}/stat`, 'utf8').catch(() => '');
  // The second field is the program's name in parentheses, which may hold spaces.
  return text.slice(text.lastIndexOf(')') + 2).split(' ')[19];
}

/** Removes what one run left: children that name its folder, what it made in docker, the folder. Nothing of any other folder. */
export async function removeLeftovers(folder: string): Promise<void> {
  if (!OWN.test(basename(folder)) || dirname(folder) !== temporaryPlace() || !(await isMine(folder))) return;
  for (const pid of await processesNaming(folder)) {
    try {
      process.kill(pid, 'SIGKILL');
    } catch {
      // It ended by itself.
    }
  }
  const options = { env: childEnvironment('docker'), what: 'docker', deadlineSeconds: DEADLINE_SECONDS };
  // Mostly there is none of them, and there may be no docker.
  for (const args of madeInDocker(basename(folder))) await cleanUp('docker', args, options);
  await rm(folder, { recursive: true, force: true });
}

/** A container keeps its image: it goes first. */
function madeInDocker(name: string): string[][] {
  return [
    ['container', 'rm', '--force', name],
    ['image', 'rm', '--force', `${SMOKE_REPOSITORY}:${name}`],
    ['buildx', 'rm', '--force', name],
  ];
}

async function processesNaming(folder: string): Promise<number[]> {
  const found: number[] = [];
  for (const name of await readdir('/proc')) {
    if (!/^\d+$/.test(name) || Number(name) === process.pid) continue;
    const words = (await readFile(`/proc/${name}/cmdline`, 'utf8').catch(() => '')).split('\0');
    if (words.some((word) => word === folder || word.includes(`${folder}/`))) found.push(Number(name));
  }
  return found;
}
