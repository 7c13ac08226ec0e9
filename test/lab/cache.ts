import { createHash } from 'node:crypto';
import { existsSync } from 'node:fs';
import { mkdir, mkdtemp, readFile, readdir, rename, rm, writeFile } from 'node:fs/promises';
import { homedir } from 'node:os';
import { basename, join } from 'node:path';
import { setTimeout } from 'node:timers/promises';

/** The folder that keeps what took long to make. */
export function cacheFolder(): string {
  const shared = process.env.XDG_CACHE_HOME ?? join(homedir(), '.cache');
  return process.env.PHANTUN_LAB_CACHE ?? join(shared, 'phantun-runtime', 'lab');
}

/**
 * The folder `<cache>/<name>-<key>`, where the key is the hash of `recipe`. It is made once: `make` fills a temporary folder
 * that gets its name when it is complete, so that an interrupted run leaves nothing that looks finished.
 */
export async function cached(name: string, recipe: unknown, make: (dir: string) => Promise<void>): Promise<string> {
  const key = createHash('sha256').update(JSON.stringify(recipe)).digest('hex').slice(0, 12);
  const folder = join(cacheFolder(), `${name}-${key}`);
  if (existsSync(folder)) return folder;
  const draft = await temporaryFolder(name);
  try {
    await exclusively(basename(folder), async () => {
      if (existsSync(folder)) return;
      await make(draft);
      await rename(draft, folder);
    });
  } finally {
    await rm(draft, { recursive: true, force: true }).catch(() => undefined); // removeAbandoned tries again
  }
  return folder;
}

/**
 * Works while nobody else on this machine works under that name: labs that start side by side wait for each other. Not to be
 * called from within itself.
 */
export async function exclusively<T>(name: string, work: () => Promise<T>): Promise<T> {
  const lock = join(cacheFolder(), `${name}.lock`);
  await mkdir(cacheFolder(), { recursive: true });
  const own = await identify(process.pid);
  for (;;) {
    const taken = await writeFile(lock, own, { flag: 'wx' }).then(
      () => true,
      () => false,
    );
    if (taken) return await work().finally(() => rm(lock, { force: true }));
    const owner = await readFile(lock, 'utf8').catch(() => '');
    if (owner !== '' && owner !== (await identify(Number.parseInt(owner, 10)))) await rm(lock, { force: true });
    else await setTimeout(LOOK_AGAIN_MS);
  }
}

const LOOK_AGAIN_MS = 200;

const TEMPORARY = 'tmp';

/** A new folder on the cache's disk that belongs to this process. Whoever makes it removes it; see removeAbandoned. */
export async function temporaryFolder(name: string): Promise<string> {
  const parent = join(cacheFolder(), TEMPORARY);
  await mkdir(parent, { recursive: true });
  return await mkdtemp(join(parent, `${await identify(process.pid)}-${name}-`));
}

/** Removes the temporary folders of processes that are gone; `before` gets each of them first. */
export async function removeAbandoned(before: (dir: string) => Promise<void>): Promise<void> {
  const parent = join(cacheFolder(), TEMPORARY);
  for (const name of await readdir(parent).catch(() => [])) {
    const owner = /^\d+-\d+/.exec(name)?.[0] ?? '';
    if (owner === (await identify(Number.parseInt(owner, 10)))) continue;
    await before(join(parent, name));
    await rm(join(parent, name), { recursive: true, force: true });
  }
}

/** `PID-STARTED`, which names a process for good: a pid alone is used again. */
async function identify(pid: number): Promise<string> {
  const stat = await readFile(`/proc/${pid}/stat`, 'utf8').catch(() => '');
  return `${pid}-${stat.slice(stat.lastIndexOf(')') + 2).split(' ')[19] ?? ''}`;
}
