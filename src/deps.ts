import { setTimeout as wait } from 'node:timers/promises';
import { Failure, toFailure } from './errors.js';
import { removeAbandoned } from './leftovers.js';
import type { Log } from './log/log.js';
import { handOver, makeOwnFolder, removeOwnFolder } from './ownFolder.js';

/** What touches the world and what a test wants to replace: time, chance, cancellation, the log, a folder of this run. */
export type Deps = {
  log: Log;
  /** Folder that belongs to this run alone (mode 0700); removed when the run ends. */
  temp: string;
  /** Aborted when the run is cancelled; every wait and every child listens to it. */
  signal: AbortSignal;
  /** Milliseconds since 1970. */
  now(): number;
  /** Waits that many milliseconds, or rejects when the signal beside it is aborted: together gives another one. */
  sleep(this: Pick<Deps, 'signal'>, milliseconds: number): Promise<void>;
  /** A number in [0, 1), for jitter. */
  random(): number;
};

/** The last for a terminal that is gone, a dropped ssh session: children have process groups of their own and would go on. */
const CANCELLING = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;

/** Within it a second signal is the first one: a terminal tells npm and us, and npm tells us, too. */
const ONE_SIGNAL_MS = 500;

/**
 * The real world, for the length of `body`: the first signal cancels the run, and its folder is removed whatever happens. A second
 * one, later, ends the process at once, as if nobody listened; what is left then is for the post step or the next run. What outlives the
 * run is handed over when it has succeeded, and only then.
 */
export async function withDeps<T>(log: Log, body: (deps: Deps) => Promise<T>): Promise<T> {
  const controller = new AbortController();
  const stopListening = () => {
    for (const name of CANCELLING) process.off(name, cancel);
  };
  const cancel = () => {
    controller.abort();
    setTimeout(stopListening, ONE_SIGNAL_MS).unref();
  };
  for (const name of CANCELLING) process.on(name, cancel);
  try {
    await removeAbandoned({ log, signal: controller.signal });
    const temp = await makeOwnFolder();
    try {
      const value = await body({
        log,
        temp,
        signal: controller.signal,
        now: Date.now,
        sleep,
        random: Math.random,
      });
      // The last steps may have had no child to end: a cancelled run is no success.
      if (controller.signal.aborted) throw new Failure('cancelled', 'the run was cancelled');
      await handOver(temp);
      return value;
    } finally {
      // How the run ended is decided.
      await removeOwnFolder(temp).catch((error: unknown) => {
        log.warning(`the folder of this run could not be removed: ${toFailure(error).message}`);
      });
    }
  } finally {
    stopListening();
  }
}

async function sleep(this: Pick<Deps, 'signal'>, milliseconds: number): Promise<void> {
  try {
    await wait(milliseconds, undefined, { signal: this.signal });
  } catch (cause) {
    throw new Failure('cancelled', 'cancelled while waiting to try again', { cause });
  }
}
