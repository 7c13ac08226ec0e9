import * as core from '@actions/core';
import { type Deps, withDeps } from './deps.js';
import { toFailure } from './errors.js';
import { openInputs, readRunnerInputs } from './inputs.js';
import { FOLDER_STATE } from './leftovers.js';
import { runnerLog } from './log/runner.js';
import { reportFailure, reportSuccess } from './report.js';
import { stopwatch } from './steps.js';
import { requireLinux } from './wrapper.js';

/** The step that a job has: one run, with the runner's inputs, log, outputs and summary. */
export async function main(): Promise<void> {
  const log = runnerLog();
  const watch = stopwatch({ log, now: Date.now });
  try {
    requireLinux();
    const inputs = openInputs(readRunnerInputs(process.env), log);
    const { run } = await import('./run.js'); // inputs are refused without it
    const result = await withDeps(log, (deps: Deps) => {
      core.saveState(FOLDER_STATE, deps.temp);
      return run(inputs, deps, watch);
    });
    await reportSuccess(result, watch.steps, log);
  } catch (error) {
    const failure = toFailure(error);
    log.error(failure.message);
    process.exitCode = core.ExitCode.Failure;
    // The disk that holds the runner's files may be full: what failed has been said, and is not to be hidden by that.
    await reportFailure(failure, watch.steps, log).catch((trouble: unknown) => {
      log.warning(`the runner's files for outputs and summary cannot be written: ${toFailure(trouble).message}`);
    });
  }
  // All is said. A proxy that still sends would keep its connection, and with it the process.
  await new Promise((done) => process.stdout.write('', done));
  process.exit();
}
