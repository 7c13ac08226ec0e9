import type { Log } from './log.js';
import { redactor } from './redact.js';
import { printable } from '../text.js';

/** The log of a run from a terminal: headings and lines on stderr; a child's output is one moving line when somebody watches. */
export function terminalLog(out: Pick<NodeJS.WriteStream, 'write' | 'isTTY' | 'columns'> = process.stderr): Log {
  const secrets = redactor();
  let moving = false;
  const clear = () => {
    if (moving) out.write('\r\u001b[K');
    moving = false;
  };
  const line = (text: string) => {
    clear();
    out.write(`${secrets.redact(text)}\n`);
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
      const whole = printable(secrets.redact(source === undefined ? text : `[${source}] ${text}`), 4_000);
      if (!out.isTTY) {
        line(whole);
        return;
      }
      out.write(`\r\u001b[K${whole.slice(0, (out.columns || 80) - 1)}`);
      moving = true;
    },
    secret: (value) => secrets.add(value),
    redact: (text) => secrets.redact(text),
  };
}
