import * as core from '@actions/core';
import { type Deps, withDeps } from './deps.js';
import { toFailure } from './errors.js';
import { parseInputs, readRunnerInputs } from './inputs.js';
import { removeLeftovers } from './leftovers.js';
import { runnerLog } from './log/runner.js';
import { reportFailure, reportSuccess } from './report.js';
import { run } from './run.js';
import { stopwatch } from './steps.js';
import { requireLinux } from './wrapper.js';

/** The run's folder, kept for the post step, which the runner starts with the same bundle. */
const STATE = 'folder';

const log = runnerLog();
const watch = stopwatch({ log, now: Date.now });
const left = core.getState(STATE);
if (left === '') await main();
else await removeLeftovers(left);

async function main(): Promise<void> {
  try {
    requireLinux();
    const { inputs, notices } = parseInputs(readRunnerInputs(process.env));
    if (inputs.upstreamToken !== undefined) log.secret(inputs.upstreamToken);
    for (const notice of notices) log.notice(notice);
    const result = await withDeps(log, (deps: Deps) => {
      core.saveState(STATE, deps.temp);
      return run(inputs, deps, watch);
    });
    await reportSuccess(result, watch.steps);
  } catch (error) {
    const failure = toFailure(error);
    log.error(failure.message);
    await reportFailure(failure, watch.steps);
    process.exitCode = core.ExitCode.Failure;
  }
}
