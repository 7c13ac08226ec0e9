import type { Log } from './log.js';
import { redactor } from './redact.js';
import { printable, printableLines } from '../text.js';

/**
 * The log of a run from a terminal: headings and lines on stderr; a child's output is one moving line when somebody watches.
 * Whatever a message holds, a terminal gets no control character but our own.
 */
export function terminalLog(
  out: Pick<NodeJS.WriteStream, 'write' | 'isTTY' | 'columns'> = process.stderr,
  onRunner = process.env.GITHUB_ACTIONS === 'true',
): Log {
  const secrets = redactor();
  const inert = (text: string) => inertText(text, onRunner);
  let moving = false;
  const clear = () => {
    if (moving) out.write('\r\u001b[K');
    moving = false;
  };
  const line = (text: string) => {
    clear();
    out.write(`${inert(secrets.redact(text))}\n`);
  };
  return {
    info: line,
    notice: (message) => line(`note: ${message}`),
    warning: (message) => line(`warning: ${message}`),
    error: (message) => line(`error: ${message}`),
    group: async (name, body) => {
      line(`\n==> ${name}`);
      try {
        return await body();
      } finally {
        clear();
      }
    },
    child: (text, source) => {
      const whole = printable(secrets.redact(`[${source}] ${text}`), 4_000);
      if (!out.isTTY) {
        line(whole);
        return;
      }
      out.write(`\r\u001b[K${inert(whole).slice(0, (out.columns || 80) - 1)}`);
      moving = true;
    },
    secret: (value) => secrets.add(value),
    redact: (text) => secrets.redact(text),
  };
}

/**
 * Text of some lines that does nothing where it is printed: to a terminal, and to the runner if there is one. A step of a job may
 * run the command line, too, and the runner looks for its commands in stderr as in stdout. Pure.
 */
export function inertText(text: string, onRunner: boolean): string {
  return onRunner ? withoutCommands(text) : printableLines(text);
}

/**
 * A text in which the runner finds no command of either form, `::name::` in front of a line and `##[name]` anywhere in it; all
 * else reads as before. No fence of stop-commands, as runnerLog puts one: it would have to end with this process, on a stream
 * that the runner does not read in step with the stdout of those behind it. Pure.
 */
export function withoutCommands(text: string): string {
  const lines = printableLines(text).split('\n');
  return lines.map((line) => line.replace(/^( *:)(?=:)/, '$1 ').replaceAll('##[', '## [')).join('\n');
}
