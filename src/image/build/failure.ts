import { Failure } from '../../errors.js';
import { printable } from '../../text.js';
import { type Ending, type Step, cargoErrorIn, endingOf, rustcErrorIn } from './ending.js';

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

/** The folder that the run's own files are in, and whether its disk has no room for more. */
export type Disk = { folder: string; full: boolean };

/**
 * What a failed build means, from its exit code and last lines, which go into the summary. Who says something decides what it
 * means: the words of any fault may be printed by a program of upstream, or quoted from its source. Pure.
 */
export function buildFailure(code: number, tail: readonly string[], platform: string, disk: Disk): Failure {
  const details = tail.map((line) => printable(line, 300));
  const what = `the build of ${platform} failed`;
  const ending = endingOf(tail);
  if (code === 137 || isMemory(ending))
    return new Failure(
      'local',
      `${what}: the machine ran out of memory (killed). Give the builder more memory, or build fewer platforms at once`,
      {
        details,
      },
    );
  if (/toomanyrequests|429 Too Many Requests|pull rate limit/i.test(ending.buildkit)) {
    const registry = limitingRegistry(ending.buildkit);
    return new Failure(
      'rate-limit',
      `${what}: ${registry ?? 'the registry of a base image'} limits how often this machine may pull. Log in with 'docker login${registry === undefined ? '' : ` ${registry}`}', or name a mirror in rust-image and shell-image`,
      { details },
    );
  }
  const full = fullPlace(ending.buildkit, disk);
  if (full !== undefined)
    return new Failure(
      'local',
      `${what}: no space left for what docker writes to ${printable(full, 1_000)}. Free some disk space and run again`,
      { details },
    );
  if (isDisk(ending))
    return new Failure(
      'local',
      `${what}: no space left where the builder keeps its files. 'docker buildx prune' frees some`,
      { details },
    );
  if (ending.step !== undefined && isUnreachable(ending.step))
    return new Failure(
      'transient',
      `${what}: dependency source unavailable, cargo could not fetch the crates that Cargo.lock names`,
      { details },
    );
  const compiler = /^.*?\b(error(\[E\d+\])?: .+)$/m.exec(tail.join('\n'))?.[1];
  return new Failure(
    'build',
    `${what}, exit code ${code}${compiler === undefined ? '' : `: ${printable(compiler)}`}. The last lines are in the summary`,
    {
      details,
    },
  );
}

function isMemory({ buildkit, step }: Ending): boolean {
  if (step === undefined) return /cannot allocate memory|out of memory|OOMKilled/i.test(buildkit);
  // BuildKit's word for a step of which the kernel has killed a process is that of ENOMEM.
  if (/^exit code: 137$|\bcannot allocate memory$/.test(step.ended)) return true;
  const cargo = cargoErrorIn(step.lines);
  if (cargo === undefined) return toolsSay(step, 'Cannot allocate memory');
  if (
    cargo.causes.some((cause) =>
      /^process .*\(signal: 9, SIGKILL: kill\)$|Cannot allocate memory \(os error 12\)$/.test(cause),
    )
  )
    return true;
  if (/^error: linking with .* failed: signal: 9 \(SIGKILL\)$/.test(rustcErrorIn(cargo)[0] ?? '')) return true;
  // Of the compiler alone: a build script that aborts has its own reasons.
  const aborted = cargo.causes.some((cause) => /^process .*\(signal: 6, SIGABRT: /.test(cause));
  const said = /^memory allocation of \d+ bytes failed$|^(rustc-)?LLVM ERROR: out of memory/;
  return aborted && cargo.error.startsWith('error: could not compile') && cargo.before.some((line) => said.test(line));
}

function isDisk({ buildkit, step }: Ending): boolean {
  if (step === undefined) return /no space left on device/i.test(buildkit);
  const cargo = cargoErrorIn(step.lines);
  if (cargo === undefined) return toolsSay(step, 'No space left on device');
  if (cargo.causes.some((cause) => /(^|: )No space left on device \(os error 28\)$/.test(cause))) return true;
  const [error = '', ...notes] = rustcErrorIn(cargo);
  if (!error.startsWith('error: linking with '))
    return /: No space left on device( \(os error 28\))?( at path ".*")?$/.test(error);
  // lld quotes names of the source's, too.
  return notes.some((note) => /rust-lld: error: failed to (open|write output) .*: No space left on device$/.test(note));
}

/** Whether one of the Dockerfile's own programs says so, in a step that runs none of upstream's. */
function toolsSay({ command, lines }: Step, words: string): boolean {
  const said = new RegExp(`^[\\w./-]+: .*\\b${words}\\)?$`);
  return !command.includes('cargo build') && lines.some((line) => said.test(line));
}

/** Whether cargo has not come by the crates; ones that are not what Cargo.lock says it has come by. */
function isUnreachable({ command, lines }: Step): boolean {
  if (!command.includes('cargo fetch')) return false;
  const { error = '', causes = [] } = cargoErrorIn(lines) ?? {};
  const said = [error.replace('error: ', ''), ...causes];
  if (said.some((line) => line.includes('checksum'))) return false;
  return said.some((line) =>
    /^(failed to download |download of .* failed|unable to update registry|failed to get successful HTTP response|\[\d+\] )/i.test(
      line,
    ),
  );
}

/** What of the run's own has no room on its disk. buildx says of files that it cannot write no more than that it ended. */
function fullPlace(buildkit: string, { folder, full }: Disk): string | undefined {
  const at = buildkit.indexOf(`${folder}/`);
  const [path] = /^.*?(?=: (no space left on device|disk quota exceeded))/.exec(at < 0 ? '' : buildkit.slice(at)) ?? [];
  if (path !== undefined) return path;
  return full && /: (EOF|context canceled)$/.test(buildkit) ? folder : undefined;
}

/** The registry that BuildKit says it has asked. */
function limitingRegistry(buildkit: string): string | undefined {
  const host = '((?:[\\w-]+\\.)+[\\w-]+(?::\\d+)?|[\\w-]+:\\d+|localhost|\\[[\\da-f:]+\\](?::\\d+)?)/';
  const places = [`https?://${host}v2/`, `\\bfor ${host}`, `failed to solve: ${host}`];
  const [found] = places.flatMap((place) => new RegExp(place).exec(buildkit)?.[1] ?? []);
  // Where Docker Hub answers; a login is for the other name.
  return found === 'registry-1.docker.io' ? 'docker.io' : found && printable(found);
}
