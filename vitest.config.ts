import { defineConfig } from 'vitest/config';

export default defineConfig({
  test: {
    maxWorkers: '100%',
    // A log and a summary are what a failed assertion shows of a run: not their first 40 characters.
    chaiConfig: { truncateThreshold: 4_000 },
    projects: [
      {
        extends: true,
        test: {
          name: 'unit',
          include: ['test/unit/**/*.test.ts'],
          setupFiles: ['test/support/noPrograms.ts'],
          testTimeout: 20_000,
          // A process for all files: each file cleans up behind itself, and nothing is loaded twice.
          isolate: false,
          // GitHub's workflow parser imports JSON without the attribute that node wants; a bundle of it imports none.
          deps: { optimizer: { ssr: { enabled: true, include: ['@actions/workflow-parser'] } } },
        },
      },
      {
        // What starts programs: git, tar, node, scripts in the place of docker and skopeo. Signals and deadlines are waited for.
        extends: true,
        test: {
          name: 'programs',
          include: ['test/programs/**/*.test.ts'],
          globalSetup: ['test/support/setup.ts'],
          testTimeout: 20_000,
          isolate: false,
        },
      },
      // Properties, for thousands of cases; FUZZ_CASES and FUZZ_SEED say how many and which.
      {
        extends: true,
        test: { name: 'fuzz', include: ['test/fuzz/**/*.test.ts'], globalSetup: ['test/support/setup.ts'] },
      },
      // Downloads the linters once, then needs no network.
      {
        extends: true,
        test: { name: 'lint', include: ['test/lint/**/*.test.ts'], testTimeout: 5 * 60_000, hookTimeout: 10 * 60_000 },
      },
      {
        // The workflows themselves, under act.
        extends: true,
        test: {
          name: 'workflows',
          include: ['test/workflows/**/*.test.ts'],
          globalSetup: ['test/e2e/setup.ts'],
          testTimeout: 30 * 60_000,
          hookTimeout: 20 * 60_000,
          fileParallelism: false,
        },
      },
      {
        extends: true,
        test: {
          name: 'e2e',
          include: ['test/e2e/**/*.test.ts'],
          globalSetup: ['test/support/setup.ts', 'test/e2e/setup.ts'],
          testTimeout: 15 * 60_000,
          hookTimeout: 20 * 60_000,
          fileParallelism: false,
        },
      },
      {
        // phantun itself: some twelve minutes of compiling.
        extends: true,
        test: {
          name: 'real',
          include: ['test/real/**/*.test.ts'],
          globalSetup: ['test/e2e/setup.ts'],
          testTimeout: 60 * 60_000,
          hookTimeout: 20 * 60_000,
          fileParallelism: false,
        },
      },
      {
        // What takes hours: `npm run test:long`.
        extends: true,
        test: {
          name: 'long',
          include: ['test/long/*.test.ts'],
          globalSetup: ['test/e2e/setup.ts'],
          testTimeout: 3 * 60 * 60_000,
          hookTimeout: 20 * 60_000,
          fileParallelism: false,
        },
      },
      {
        // A Docker engine compiled for it.
        extends: true,
        test: {
          name: 'long-tunnel',
          include: ['test/long/tunnel/*.test.ts'],
          globalSetup: ['test/tunnel/setup.ts'],
          testTimeout: 5 * 60_000,
          hookTimeout: 60 * 60_000,
        },
      },
      {
        extends: true,
        test: {
          name: 'tunnel',
          include: ['test/tunnel/**/*.test.ts'],
          globalSetup: ['test/tunnel/setup.ts'],
          testTimeout: 90_000,
          hookTimeout: 20 * 60_000,
        },
      },
    ],
  },
});
