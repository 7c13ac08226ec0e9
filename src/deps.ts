import { rm } from 'node:fs/promises';
import { setTimeout as wait } from 'node:timers/promises';
import { Failure } from './errors.js';
import { makeOwnFolder, removeAbandoned } from './leftovers.js';
import type { Log } from './log/log.js';

/** What touches the world and what a test wants to replace: time, chance, cancellation, the log, a folder of this run. */
export type Deps = {
  log: Log;
  /** Folder that belongs to this run alone (mode 0700); removed when the run ends. */
  temp: string;
  /** Aborted when the run is cancelled; every wait and every child listens to it. */
  signal: AbortSignal;
  /** Milliseconds since 1970. */
  now(): number;
  /** Waits that many milliseconds, or rejects when the signal is aborted. */
  sleep(milliseconds: number): Promise<void>;
  /** A number in [0, 1), for jitter. */
  random(): number;
};

/** The real world, for the length of `body`: SIGINT and SIGTERM cancel the run, and its folder is removed whatever happens. */
export async function withDeps<T>(log: Log, body: (deps: Deps) => Promise<T>): Promise<T> {
  const controller = new AbortController();
  const cancel = () => controller.abort();
  process.on('SIGINT', cancel);
  process.on('SIGTERM', cancel);
  await removeAbandoned();
  const temp = await makeOwnFolder();
  try {
    const value = await body({
      log,
      temp,
      signal: controller.signal,
      now: Date.now,
      sleep: (milliseconds) =>
        wait(milliseconds, undefined, { signal: controller.signal }).catch((cause: unknown) => {
          throw new Failure('cancelled', 'cancelled while waiting to try again', { cause });
        }),
      random: Math.random,
    });
    // The last steps may have had no child to end: a cancelled run is no success.
    if (controller.signal.aborted) throw new Failure('cancelled', 'the run was cancelled');
    return value;
  } finally {
    await rm(temp, { recursive: true, force: true });
    process.off('SIGINT', cancel);
    process.off('SIGTERM', cancel);
  }
}
