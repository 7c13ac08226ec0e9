import * as core from '@actions/core';
import { withDeps } from './deps.js';
import { toFailure } from './errors.js';
import { parseInputs, readRunnerInputs } from './inputs.js';
import { runnerLog } from './log/runner.js';
import { requireLinux } from './wrapper.js';
import { reportFailure, reportSuccess } from './report.js';
import { run } from './run.js';
import { stopwatch } from './steps.js';

const log = runnerLog();
const watch = stopwatch({ log, now: Date.now });
try {
  requireLinux();
  const { inputs, notices } = parseInputs(readRunnerInputs(process.env));
  if (inputs.upstreamToken !== undefined) log.secret(inputs.upstreamToken);
  for (const notice of notices) log.notice(notice);
  const result = await withDeps(log, (deps) => run(inputs, deps, watch));
  await reportSuccess(result, watch.steps);
} catch (error) {
  const failure = toFailure(error);
  log.error(failure.message);
  await reportFailure(failure, watch.steps);
  process.exitCode = core.ExitCode.Failure;
}
