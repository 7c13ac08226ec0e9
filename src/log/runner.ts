import { randomBytes } from 'node:crypto';
import * as core from '@actions/core';
import type { Log } from './log.js';
import { redactor } from './redact.js';
import { printable, printableLines } from '../text.js';

/**
 * The log of a run on GitHub, in which no message has a control character. Everything that is not a command of ours is printed
 * while the runner's command parser is switched off by `stop-commands` and a random token; it is switched on only for our own
 * commands.
 * https://docs.github.com/actions/reference/workflow-commands-for-github-actions#stopping-and-starting-workflow-commands
 */
export function runnerLog(write: (line: string) => void = (line) => process.stdout.write(`${line}\n`)): Log {
  const secrets = redactor();
  const shown = (message: string) => printableLines(secrets.redact(message));
  let token: string | undefined;
  const inert = (line: string) => {
    if (token === undefined) {
      token = randomBytes(24).toString('hex');
      write(`::stop-commands::${token}`);
    }
    write(line);
  };
  const command = <T>(speak: () => T): T => {
    if (token !== undefined) write(`::${token}::`);
    token = undefined;
    return speak();
  };
  return {
    info: (message) => inert(shown(message)),
    notice: (message) => command(() => core.notice(shown(message))),
    warning: (message) => command(() => core.warning(shown(message))),
    group: async (name, body) => {
      command(() => core.startGroup(shown(name)));
      try {
        return await body();
      } finally {
        command(() => core.endGroup());
      }
    },
    // Redacted before it is cut: half a secret would not be found.
    child: (line, source) => inert(printable(secrets.redact(`[${source}] ${line}`), 4_000)),
    secret: (value) => {
      secrets.add(value);
      command(() => core.setSecret(value));
    },
    redact: (text) => secrets.redact(text),
    error: (message) => command(() => core.error(shown(message))),
  };
}
