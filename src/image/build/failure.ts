import { Failure } from '../../errors.js';
import { printable } from '../../text.js';

const LAST_LINES = 50;
const STEP_FAILED = /^#\d+ ERROR: /;
const STEP_OR_CONCLUSION = /^(#\d+ |ERROR: )/;

/**
 * The last 50 lines of the steps of a build, in `lines`. buildx tells in the end of a failed step's last lines once more and of
 * its whole text in the Dockerfile: that would push out why it failed, so nothing of it is taken but the conclusion.
 */
export function lastLines(): { add: (line: string) => void; lines: readonly string[] } {
  const lines: string[] = [];
  let failed = false;
  return {
    lines,
    add: (line) => {
      failed ||= STEP_FAILED.test(line);
      if (failed && !STEP_OR_CONCLUSION.test(line)) return;
      lines.push(line);
      if (lines.length > LAST_LINES) lines.shift();
    },
  };
}

/** What a failed build means, from its exit code and last lines, which go into the summary. Pure. */
export function buildFailure(code: number, tail: readonly string[], platform: string): Failure {
  const details = tail.map((line) => printable(line, 300));
  const text = tail.join('\n');
  const what = `the build of ${platform} failed`;
  if (code === 137 || /exit code: 137|signal: 9, SIGKILL|cannot allocate memory|out of memory|OOMKilled/i.test(text))
    return new Failure(
      'local',
      `${what}: the machine ran out of memory (killed). Give the builder more memory, or build fewer platforms at once`,
      {
        details,
      },
    );
  // By BuildKit's own last word alone: what a step printed, it printed when it had run.
  if (/toomanyrequests|429 Too Many Requests|pull rate limit/i.test(conclusionOf(tail)))
    return new Failure(
      'rate-limit',
      `${what}: the registry of a base image limits how often this machine may pull. Log in with 'docker login', or name a mirror in rust-image and shell-image`,
      { details },
    );
  if (/no space left on device/i.test(text))
    return new Failure(
      'local',
      `${what}: no space left where the builder keeps its files. 'docker buildx prune' frees some`,
      { details },
    );
  if (
    /failed to (download|get|query|load)|spurious network error|download of .* failed|unable to update registry/i.test(
      text,
    ) &&
    text.includes('cargo fetch')
  )
    return new Failure(
      'transient',
      `${what}: dependency source unavailable, cargo could not fetch the crates that Cargo.lock names`,
      { details },
    );
  const compiler = /^.*?\b(error(\[E\d+\])?: .+)$/m.exec(text)?.[1];
  return new Failure(
    'build',
    `${what}, exit code ${code}${compiler === undefined ? '' : `: ${printable(compiler)}`}. The last lines are in the summary`,
    {
      details,
    },
  );
}

/**
 * BuildKit's last word, unless it is about a command that ran. A step may print a line that looks like one, behind a carriage
 * return say, but not behind it.
 */
function conclusionOf(tail: readonly string[]): string {
  const line = tail.findLast((line) => line.startsWith('ERROR: ')) ?? '';
  return line.includes('did not complete successfully') ? '' : line;
}
