/**
 * How a build ended that failed, in words that nothing of upstream's can put into its mouth by printing or quoting them: what a
 * program prints comes before what is said of its end, and what cargo quotes of it is indented.
 */
export type Ending = {
  /** BuildKit's last word, unless it is about a command that ran. */
  buildkit: string;
  /** The command of the Dockerfile that failed. */
  step?: Step;
};

export type Step = {
  command: string;
  /** `exit code: 101`. */
  ended: string;
  /** What it printed. */
  lines: readonly string[];
};

/** An error that cargo ends with. */
export type CargoError = {
  error: string;
  causes: readonly string[];
  /** What was printed before. */
  before: readonly string[];
};

/** Reads the last lines of a build. Pure. */
export function endingOf(tail: readonly string[]): Ending {
  // A step may print a line that looks like it, behind a carriage return say, but none behind it.
  const conclusion = tail.findLast((line) => line.startsWith('ERROR: ')) ?? '';
  const [, command, ended] = /process "(.*)" did not complete successfully: (.*)$/.exec(conclusion) ?? [];
  if (command === undefined || ended === undefined) return { buildkit: conclusion };
  const failed = tail.findLast((line) => /^#\d+ ERROR: process .* did not complete successfully: /.test(line)) ?? '';
  const prefix = `${failed.split(' ')[0] ?? ''} `;
  const lines = tail
    .filter((line) => line.startsWith(prefix))
    .flatMap((line) => /^#\d+ \d+\.\d+ ?(.*)$/.exec(line)?.slice(1) ?? []);
  return { buildkit: '', step: { command, ended, lines } };
}

/** The error that cargo ended with, if it did, in what a step printed. Pure. */
export function cargoErrorIn(lines: readonly string[]): CargoError | undefined {
  const ofProgram = lines.findLastIndex((line) => /^error: (could not compile|failed to run custom build)/.test(line));
  const at = ofProgram >= 0 ? ofProgram : lines.findLastIndex((line) => line.startsWith('error: '));
  const error = lines[at];
  if (error === undefined) return undefined;
  const behind = lines.slice(at + 1);
  // What the program printed that cargo ran.
  const quoted = behind.findIndex((line) => /^ {2}--- std(out|err)$/.test(line) || /^(?!Caused by:$)\S/.test(line));
  const chain = quoted < 0 ? behind : behind.slice(0, quoted);
  const causes = chain.filter((_, index) => chain[index - 1] === 'Caused by:').map((line) => line.trim());
  return { error, causes, before: lines.slice(0, at) };
}

/** The last error of rustc's that cargo counts, if it is about no place in the source, which may decide its text. Pure. */
export function rustcErrorIn({ error, before }: CargoError): readonly string[] {
  if (!/^error: could not compile .* due to /.test(error)) return [];
  const at = before.findLastIndex((line) => /^error(\[E\d+\])?: /.test(line));
  return at < 0 || /^ *--> /.test(before[at + 1] ?? '') ? [] : before.slice(at);
}
