import { homedir } from 'node:os';
import { join } from 'node:path';
import { readContract, withDefaults } from './cli/contract.js';
import { helpText } from './cli/help.js';
import { parseCommandLine } from './cli/options.js';
import { withDeps } from './deps.js';
import { EXIT_CODES, toFailure } from './errors.js';
import { inertText, terminalLog } from './log/terminal.js';
import { cappedLines } from './text.js';
import { requireLinux } from './wrapper.js';

// The runner's libraries write their debug commands to stdout, which here belongs to the result; and of what a result says some was
// written by others, as in the log.
const write = process.stdout.write.bind(process.stdout);
const onRunner = process.env.GITHUB_ACTIONS === 'true';
process.stdout.write = (chunk: string | Uint8Array, ...rest: []) => {
  if (typeof chunk !== 'string') return write(chunk, ...rest);
  return chunk.startsWith('::debug::') || write(inertText(chunk, onRunner), ...rest);
};
process.env.RUNNER_TOOL_CACHE ??= join(
  (process.env.XDG_CACHE_HOME ?? '') || join(homedir(), '.cache'), // nothing there means not set
  'phantun-runtime',
  'archives',
);

// A terminal or a pipe that is gone takes no more lines; that neither keeps a run from removing its things nor decides how it ended.
for (const stream of [process.stdout, process.stderr]) stream.on('error', () => undefined);

const log = terminalLog();
try {
  requireLinux();
  const contract = await readContract();
  const command = parseCommandLine(process.argv.slice(2), contract);
  if (command === 'help') process.stdout.write(helpText(contract));
  else {
    const token = process.env.UPSTREAM_TOKEN ?? '';
    if (token !== '') command.given['upstream-token'] ??= token;
    const raw = withDefaults(contract, command.given);
    const { runCommand } = await import('./cli/commands.js'); // --help needs none of it
    process.stdout.write(await withDeps(log, (deps) => runCommand(command, raw, deps)));
  }
} catch (error) {
  const failure = toFailure(error);
  for (const line of cappedLines(failure.details.map((line) => log.redact(line)))) log.info(`  ${line}`);
  log.error(`${failure.message} (${failure.kind})`);
  process.exitCode = EXIT_CODES[failure.kind];
}
// All is said. A proxy that still sends would keep its connection, and with it the process.
for (const stream of [process.stdout, process.stderr]) await new Promise((done) => stream.write('', done));
process.exit();
