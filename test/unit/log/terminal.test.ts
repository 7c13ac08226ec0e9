import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { terminalLog, withoutCommands } from '../../../src/log/terminal.js';
import { HOSTILE_LINES, readCommands } from '../../support/runner.js';
import { RAW, setEnvironment } from '../../support/world.js';

function terminal(isTTY: boolean, columns = 20, onRunner = false) {
  const written: string[] = [];
  const write = (text: string | Uint8Array) => {
    written.push(String(text));
    return true;
  };
  const log = terminalLog({ isTTY, columns, write }, onRunner);
  return { log, output: () => written.join('') };
}

describe('on a terminal nobody watches', () => {
  it('everything is a line of its own', async () => {
    const { log, output } = terminal(false);
    log.info('starting');
    await log.group('Build', () => {
      log.child('compiling', 'linux/arm64');
      log.child('done', 'linux/amd64');
      return Promise.resolve();
    });
    log.notice('n');
    log.warning('w');
    log.error('e');
    expect(output()).toBe(
      'starting\n\n==> Build\n[linux/arm64] compiling\n[linux/amd64] done\nnote: n\nwarning: w\nerror: e\n',
    );
  });

  it('a long line stays whole', () => {
    const { log, output } = terminal(false);
    log.child('x'.repeat(300), 'all');
    expect(output()).toBe(`[all] ${'x'.repeat(300)}\n`);
  });
});

describe('on a terminal somebody watches', () => {
  it('a child has one moving line, which is gone before the next real one', () => {
    const { log, output } = terminal(true);
    log.child('one', 'linux/amd64');
    log.child('two', 'linux/arm64');
    log.info('next');
    log.info('after');
    expect(output()).toBe('\r\u001b[K[linux/amd64] one\r\u001b[K[linux/arm64] two\r\u001b[Knext\nafter\n');
  });

  it('the moving line never wraps', () => {
    const { log, output } = terminal(true, 10);
    log.child('x'.repeat(50), 'all');
    expect(output()).toBe('\r\u001b[K[all] xxx');
  });

  it('the moving line is gone after a group that failed', async () => {
    const { log, output } = terminal(true);
    const body = () => {
      log.child('one', 'all');
      return Promise.reject(new Error('broken'));
    };
    await expect(log.group('Build', body)).rejects.toThrow('broken');
    expect(output()).toBe('\n==> Build\n\r\u001b[K[all] one\r\u001b[K');
  });
});

describe('a child’s output', () => {
  it.each([...HOSTILE_LINES, '\u001b[2J', '\u001b]0;title\u0007', '\u009b31m'])(
    'holds no control character: %j',
    (line) => {
      const { log, output } = terminal(false);
      log.child(line, 'all');
      expect(output().slice(0, -1)).not.toMatch(/\p{Cc}/u);
      expect(output().endsWith('\n')).toBe(true);
    },
  );
});

describe('a message', () => {
  it.each([...HOSTILE_LINES, '\u001b]0;title\u0007', '\u009b31m', '\u202egpj.exe', '\b\b', 'two\rlines\u001b[A'])(
    'holds no raw character, on a runner or not, watched or not: %j',
    async (text) => {
      for (const isTTY of [false, true])
        for (const onRunner of [false, true]) {
          const { log, output } = terminal(isTTY, 200, onRunner);
          log.info(text);
          log.notice(text);
          log.warning(text);
          log.error(text);
          await log.group(text, () => Promise.resolve());
          expect(
            output()
              .split('\n')
              .filter((line) => RAW.test(line)),
          ).toEqual([]);
        }
    },
  );

  it('keeps its lines', () => {
    const { log, output } = terminal(false);
    log.error('one\r\n  two\nthree');
    expect(output()).toBe('error: one\n  two\nthree\n');
  });
});

describe('on a runner', () => {
  it.each(HOSTILE_LINES)('no line is a command, whoever says it: %j', async (line) => {
    for (const isTTY of [false, true]) {
      const { log, output } = terminal(isTTY, 200, true);
      log.child(line, 'linux/amd64');
      log.info(line);
      log.notice(line);
      log.warning(line);
      log.error(line);
      await log.group(line, () => Promise.resolve());
      expect(readCommands(output())).toEqual([]);
    }
  });

  it('is where a job runs, which its environment tells', () => {
    const written: string[] = [];
    setEnvironment({ GITHUB_ACTIONS: 'true' });
    terminalLog({ isTTY: false, columns: 80, write: (text) => written.push(String(text)) > 0 }).info('::notice::x');
    expect(written).toEqual([': :notice::x\n']);
  });

  it.each([
    ['::add-path::/evil', ': :add-path::/evil'],
    ['   ::notice::x', '   : :notice::x'],
    ['one\n::notice::x\r\ntwo', 'one\n: :notice::x\ntwo'],
    ['a ##[error]b ##[c]', 'a ## [error]b ## [c]'],
    [':::', ': ::'],
    ['  ::: src/main.rs:1:5', '  : :: src/main.rs:1:5'],
    ['error: std::path::Path', 'error: std::path::Path'],
    ['\n==> Build', '\n==> Build'],
    ['## Heading', '## Heading'],
  ])('all else reads as before: %j', (text, shown) => {
    expect(withoutCommands(text)).toBe(shown);
  });

  it('nothing is a command, whatever it holds', () => {
    const piece = fc.constantFrom(
      '::',
      ':',
      '##[',
      '#',
      '[',
      ']',
      ' ',
      '\t',
      '\r',
      '\n',
      '\u00a0',
      'add-path',
      '\ufeff',
    );
    fc.assert(
      fc.property(fc.array(piece, { maxLength: 12 }), (pieces) => {
        expect(readCommands(withoutCommands(pieces.join('')))).toEqual([]);
      }),
    );
  });
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
    log.child(`${'x'.repeat(3_984)}${secret}`, 'all');
    await log.group(secret, () => Promise.resolve());
    expect(output().includes(secret.slice(0, 6))).toBe(false);
    expect(output()).toContain('a ***');
  });
});
