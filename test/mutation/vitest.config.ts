import { defineConfig } from 'vitest/config';
import { GROUPS } from './groups.js';

/** The tests of the group that is being mutated. */
export default defineConfig({
  test: {
    include: [...(GROUPS[process.env.MUTATION_GROUP ?? '']?.tests ?? [])],
    // Stryker runs tests in worker threads, which may not set the umask.
    testNamePattern: /^(?!.*whatever the umask)/,
    // On a busy machine, and counting which test reaches what. A mutant without end is ended by Stryker.
    testTimeout: 300_000,
  },
});
