import { mkdir, mkdtemp, readFile, readdir, readlink, rename, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { basename, dirname, join, resolve } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import type { Deps } from './deps.js';
import { namesIn, writeOut } from './files.js';
import { childEnvironment, cleanUp } from './process.js';
import { printable } from './text.js';

/** A run's own folder; what the run makes in docker has the folder's name. */
const OWN = /^phantun-runtime-[A-Za-z0-9]{6}$/;

/** The images that a run tries; the tag is the name of its folder. */
export const SMOKE_REPOSITORY = 'phantun-runtime-smoke';

/** What a run makes in docker, and what removes it: a container keeps its image, so it goes first. */
const REMOVAL = {
  trial: (name: string) => [
    ['container', 'rm', '--force', name],
    ['image', 'rm', '--force', `${SMOKE_REPOSITORY}:${name}`],
  ],
  builder: (name: string) => [['buildx', 'rm', '--force', name]],
};
type Made = keyof typeof REMOVAL;
const MADE = Object.keys(REMOVAL) as Made[];

const OWNER = 'owner';
const KEPT = 'kept';
const ELSEWHERE = 'elsewhere';
/** The note that something was made, or is about to be. */
const note = (made: Made) => `made-${made}`;
const DEADLINE_SECONDS = 60;
const ASK_AGAIN_MS = 100;

/** Where runs have their folders: the runner's temporary folder, which the next run on the machine has as well. */
export function temporaryPlace(): string {
  const given = process.env.RUNNER_TEMP ?? '';
  return resolve(given === '' ? tmpdir() : given);
}

/** Whether a folder is where runs have theirs, and is called so. Pure, but for where that is. */
export function isOwnFolder(folder: string): boolean {
  return OWN.test(basename(folder)) && dirname(folder) === temporaryPlace();
}

/** Makes a folder of this run's own (mode 0700), which says whose it is. */
export async function makeOwnFolder(): Promise<string> {
  const folder = await mkdtemp(join(temporaryPlace(), 'phantun-runtime-'));
  try {
    await writeOut(join(folder, OWNER), `${process.pid} ${(await startOf(process.pid)) ?? ''} ${await namespace()}`);
  } catch (error) {
    await rm(folder, { recursive: true, force: true }); // nobody else would: it does not say whose it is
    throw error;
  }
  return folder;
}

/** Whether the run of a folder is over: it says whose it is, and that process is gone. */
export async function isAbandoned(folder: string): Promise<boolean> {
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

/**
 * Removes a run's own folder, as the run's last act. What docker would not remove keeps it, empty but for its notes, so that a
 * later step tries again.
 */
export async function removeOwnFolder(folder: string): Promise<void> {
  const names = await readdir(folder);
  const notes = names.filter((name) => MADE.some((made) => name === note(made)));
  // Whose it is goes last: who tries again must be able to tell.
  for (const name of names)
    if (name !== OWNER && !notes.includes(name)) await rm(join(folder, name), { recursive: true, force: true });
  if (notes.length === 0) await rm(folder, { recursive: true, force: true });
}

/** Notes, before it is done, that the run of this folder makes something in docker, which has the folder's name. */
export async function noteMade(made: Made, folder: string): Promise<void> {
  await writeOut(join(folder, note(made)), '');
}

/** Removes what was noted. What cannot be removed is told of, and keeps its note. */
export async function removeMade(made: Made, { temp, log }: Pick<Deps, 'temp' | 'log'>): Promise<void> {
  const trouble = await removeFromDocker(made, temp);
  if (trouble !== undefined) log.warning(`what this run made in docker could not be removed: ${trouble}`);
}

/** Removes everything in docker that the run of a folder noted. Resolves with why some of it could not be removed, or undefined. */
export async function removeAllMade(folder: string, deps?: Pick<Deps, 'signal'>): Promise<string | undefined> {
  const notes = new Set(await readdir(folder));
  const troubles: string[] = [];
  for (const made of MADE) {
    const trouble = notes.has(note(made)) ? await removeFromDocker(made, folder, deps) : undefined;
    if (trouble !== undefined) troubles.push(trouble);
  }
  return troubles[0];
}

/** Why docker could not do it, or undefined; then the note is gone, too. That there is no such thing is no trouble. */
async function removeFromDocker(made: Made, folder: string, deps?: Pick<Deps, 'signal'>): Promise<string | undefined> {
  const troubles: string[] = [];
  for (const args of REMOVAL[made](basename(folder))) {
    const trouble = await removedBy(args, deps);
    if (trouble !== undefined && !/no such|no builder/i.test(trouble))
      troubles.push(`docker ${args.join(' ')}: ${printable(trouble, 400)}`);
  }
  if (troubles.length === 0) await rm(join(folder, note(made)), { force: true });
  return troubles[0];
}

/** What docker says that would not; it is asked again while it is at that itself, as it is when a container ends. */
async function removedBy(args: readonly string[], deps?: Pick<Deps, 'signal'>): Promise<string | undefined> {
  const options = {
    env: childEnvironment('docker'),
    what: `docker ${args.join(' ')}`,
    deadlineSeconds: DEADLINE_SECONDS,
  };
  const end = Date.now() + DEADLINE_SECONDS * 1_000;
  for (;;) {
    const trouble = await cleanUp('docker', args, options, deps);
    if (trouble === undefined || !trouble.includes('is already in progress') || Date.now() > end) return trouble;
    await wait(ASK_AGAIN_MS);
  }
}

/**
 * Makes a folder (mode 0700) in one of the user's. The run's own says where it is, and it has the own one's name behind a dot, so
 * that it goes with what a killed run left.
 */
export async function makeFolderIn(target: string, folder: string): Promise<string> {
  await writeOut(join(folder, ELSEWHERE), target);
  const made = folderElsewhere(target, folder);
  await mkdir(made, { mode: 0o700 });
  return made;
}

/** The folder that the run of a folder made in one of the user's, if it did. It may be gone. */
export async function elsewhere(folder: string): Promise<string | undefined> {
  const target = await readFile(join(folder, ELSEWHERE), 'utf8').catch(() => '');
  return target === '' ? undefined : folderElsewhere(target, folder);
}

function folderElsewhere(target: string, folder: string): string {
  return join(target, `.${basename(folder)}`);
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
  for (const name of await namesIn(join(folder, KEPT)))
    await rename(join(folder, KEPT, name), join(dirname(folder), name));
}
