import { describe, expect, it } from 'vitest';
import { terminalLog } from '../../../src/log/terminal.js';
import { HOSTILE_LINES } from '../../support/runner.js';

function terminal(isTTY: boolean, columns = 20) {
  const written: string[] = [];
  const log = terminalLog({
    isTTY,
    columns,
    write: (text: string | Uint8Array) => {
      written.push(String(text));
      return true;
    },
  });
  return { log, output: () => written.join('') };
}

describe('on a terminal nobody watches', () => {
  it('everything is a line of its own', async () => {
    const { log, output } = terminal(false);
    log.info('starting');
    await log.group('Build', () => {
      log.child('compiling', 'linux/arm64');
      log.child('done');
      return Promise.resolve();
    });
    log.notice('n');
    log.warning('w');
    log.error('e');
    expect(output()).toBe('starting\n\n==> Build\n[linux/arm64] compiling\ndone\nnote: n\nwarning: w\nerror: e\n');
  });

  it('a long line stays whole', () => {
    const { log, output } = terminal(false);
    log.child('x'.repeat(300));
    expect(output()).toBe(`${'x'.repeat(300)}\n`);
  });
});

describe('on a terminal somebody watches', () => {
  it('a child has one moving line, which is gone before the next real one', () => {
    const { log, output } = terminal(true);
    log.child('one');
    log.child('two', 'linux/arm64');
    log.info('next');
    log.info('after');
    expect(output()).toBe('\r\u001b[Kone\r\u001b[K[linux/arm64] two\r\u001b[Knext\nafter\n');
  });

  it('the moving line never wraps', () => {
    const { log, output } = terminal(true, 10);
    log.child('x'.repeat(50));
    expect(output()).toBe(`\r\u001b[K${'x'.repeat(9)}`);
  });

  it('the moving line is gone after a group that failed', async () => {
    const { log, output } = terminal(true);
    const body = () => {
      log.child('one');
      return Promise.reject(new Error('broken'));
    };
    await expect(log.group('Build', body)).rejects.toThrow('broken');
    expect(output()).toBe('\n==> Build\n\r\u001b[Kone\r\u001b[K');
  });
});

describe('a child’s output', () => {
  it.each([...HOSTILE_LINES, '\u001b[2J', '\u001b]0;title\u0007', '\u009b31m'])(
    'holds no control character: %j',
    (line) => {
      const { log, output } = terminal(false);
      log.child(line);
      expect(output().slice(0, -1)).not.toMatch(/\p{Cc}/u);
      expect(output().endsWith('\n')).toBe(true);
    },
  );
});

describe('a secret', () => {
  it.each([true, false])('shows in no channel, somebody watching: %s', async (isTTY) => {
    const { log, output } = terminal(isTTY, 200);
    const secret = 'ghp_0123456789';
    log.secret(secret);
    log.info(secret);
    log.notice(secret);
    log.warning(secret);
    log.error(secret);
    log.child(`a ${secret}`, secret);
    log.child(`${'x'.repeat(3_990)}${secret}`);
    await log.group(secret, () => Promise.resolve());
    expect(output().includes(secret.slice(0, 6))).toBe(false);
    expect(output()).toContain('a ***');
  });
});
