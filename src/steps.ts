import type { Deps } from './deps.js';

/** A step of a run and how long it took. */
export type Step = { name: string; seconds: number };

/** Runs named steps, each in a log group, and writes down how long each took, failed ones too. */
export type Stopwatch = {
  readonly steps: readonly Step[];
  step: <T>(name: string, body: () => Promise<T>) => Promise<T>;
};

/** A stopwatch that has timed nothing yet. */
export function stopwatch({ log, now }: Pick<Deps, 'log' | 'now'>): Stopwatch {
  const steps: Step[] = [];
  return {
    steps,
    step: async (name, body) => {
      const start = now();
      try {
        return await log.group(name, body);
      } finally {
        steps.push({ name, seconds: (now() - start) / 1_000 });
      }
    },
  };
}
