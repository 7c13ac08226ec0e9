import { afterThisTest } from './world.js';

/** A command that the runner would carry out. */
export type RunnerCommand = { name: string; data: string };

const KNOWN = [
  ...['add-mask', 'add-matcher', 'add-path', 'debug', 'echo', 'endgroup', 'error', 'group', 'notice', 'remove-matcher'],
  ...['save-state', 'set-env', 'set-output', 'stop-commands', 'warning'],
];

/**
 * The commands that the runner would carry out of a step's output, read as its own parser does: lines end at \n, \r or both; a
 * `::command::` counts at the start of a line, a `##[command]` anywhere in it; after stop-commands only the token counts.
 * https://github.com/actions/runner/blob/main/src/Runner.Common/ActionCommand.cs
 */
export function readCommands(output: string): RunnerCommand[] {
  const commands: RunnerCommand[] = [];
  let stopToken: string | undefined;
  for (const line of output.split(/\r\n|\n|\r/)) {
    const known = stopToken === undefined ? KNOWN : [...KNOWN, stopToken];
    const command = parseSecondForm(line, known) ?? parseFirstForm(line, known);
    if (command === undefined) continue;
    if (stopToken !== undefined) {
      if (command.name !== stopToken.toLowerCase()) continue;
      commands.push({ name: 'RESUME', data: '' });
      stopToken = undefined;
    } else {
      commands.push(command);
      if (command.name === 'stop-commands') stopToken = command.data;
    }
  }
  return commands;
}

function parseSecondForm(line: string, known: readonly string[]): RunnerCommand | undefined {
  // .NET takes U+0085 for a space as well.
  const text = line.replace(/^[\s\u0085]+/u, '');
  const end = text.startsWith('::') ? text.indexOf('::', 2) : -1;
  return end < 0 ? undefined : command(text.slice(2, end), text.slice(end + 2), known);
}

function parseFirstForm(line: string, known: readonly string[]): RunnerCommand | undefined {
  const start = line.indexOf('##[');
  const end = start < 0 ? -1 : line.indexOf(']', start);
  return end < 0 ? undefined : command(line.slice(start + 3, end), line.slice(end + 1), known);
}

function command(info: string, data: string, known: readonly string[]): RunnerCommand | undefined {
  const name = (info.split(' ')[0] ?? '').toLowerCase();
  return known.some((each) => each.toLowerCase() === name) ? { name, data } : undefined;
}

/** What this process writes to stdout from here to the end of the test. */
export function captureStdout(): () => string {
  const written: string[] = [];
  const write = process.stdout.write.bind(process.stdout);
  process.stdout.write = (chunk: string | Uint8Array) => {
    written.push(String(chunk));
    return true;
  };
  afterThisTest(() => {
    process.stdout.write = write;
  });
  return () => written.join('');
}

/** Every form of runner command that a child's output may hold, and disguises of them. */
export const HOSTILE_LINES = [
  '::add-path::/evil',
  '   ::add-path::/evil',
  '\t::add-path::/evil',
  '\u00a0::add-path::/evil',
  '\ufeff::add-path::/evil',
  '\u2028::add-path::/evil',
  '\u001b[31m::add-path::/evil',
  '::ADD-PATH::/evil',
  '::set-env name=PATH::/evil',
  '::set-output name=digest::sha256:evil',
  '::save-state name=x::evil',
  '::error file=a,line=1::evil',
  '::add-mask::e',
  '::add-matcher::/evil.json',
  '::group::evil',
  '::endgroup::',
  '::stop-commands::mine',
  '::mine::',
  '::stop-commands::',
  `::${'0'.repeat(48)}::`,
  '##[add-path]/evil',
  'harmless ##[add-path]/evil',
  '##[set-env name=PATH]/evil',
  '##[stop-commands]mine',
  '##[mine]',
  'progress 10 %\r::add-path::/evil',
  'progress 10 %\r##[add-path]/evil',
  'line\n::add-path::/evil',
  'line\r\n::add-path::/evil',
  '\v::add-path::/evil',
  '\u0085::add-path::/evil',
  'x\0\n::add-path::/evil',
];
