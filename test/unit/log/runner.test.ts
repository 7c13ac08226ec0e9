import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { runnerLog } from '../../../src/log/runner.js';
import { basicAuthorization } from '../../../src/source/upstream.js';
import { HOSTILE_LINES, captureStdout, readCommands } from '../../support/runner.js';
import { RAW } from '../../support/world.js';

describe('the reader that judges these tests', () => {
  it.each([
    ['::add-path::/evil', ['add-path']],
    ['  ::set-env name=a::b', ['set-env']],
    ['x ::add-path::/evil', []],
    ['x ##[add-path]/evil', ['add-path']],
    ['a\r::notice::b', ['notice']],
    ['::unknown::x', []],
    ['::stop-commands::tok\n::add-path::x\n##[add-path]x\n::tok::\n::notice::y', ['stop-commands', 'RESUME', 'notice']],
  ])('%j', (text, names) => {
    expect(readCommands(text).map(({ name }) => name)).toEqual(names);
  });

  it('would carry out nearly every hostile line', () => {
    const carriedOut = HOSTILE_LINES.filter((line) => readCommands(line).length > 0);
    expect(carriedOut.length).toBeGreaterThan(20);
  });
});

describe('a line that is not ours', () => {
  it.each(HOSTILE_LINES)('is inert: %j', async (line) => {
    const output = captureStdout();
    const log = runnerLog();
    await log.group('Build', () => {
      log.child(line, 'linux/amd64');
      log.info(line);
      log.notice('a notice');
      log.child(line, 'linux/amd64');
      return Promise.resolve();
    });
    log.child(line, 'linux/amd64');
    expect(readCommands(output()).map(({ name }) => name)).toEqual([
      ...['group', 'stop-commands', 'RESUME', 'notice', 'stop-commands', 'RESUME', 'endgroup', 'stop-commands'],
    ]);
  });

  it.each(HOSTILE_LINES)('cannot break out of a message of ours: %j', (line) => {
    const output = captureStdout();
    const log = runnerLog();
    log.notice(line);
    log.warning(line);
    log.error(line);
    expect(readCommands(output()).map(({ name }) => name)).toEqual(['notice', 'warning', 'error']);
  });

  it('is inert whatever it holds', () => {
    const piece = fc.constantFrom(
      '::',
      '##[',
      ']',
      ' ',
      '\r',
      '\n',
      'add-path',
      'stop-commands',
      'x',
      '\u001b',
      '%0A',
      '\0',
    );
    fc.assert(
      fc.property(fc.array(fc.array(piece, { maxLength: 8 }), { maxLength: 6 }), (lines) => {
        const output: string[] = [];
        const log = runnerLog((line) => output.push(`${line}\n`));
        for (const pieces of lines) log.child(pieces.join(''), 'linux/amd64');
        const names = readCommands(output.join('')).map(({ name }) => name);
        expect(names).toEqual(lines.length === 0 ? [] : ['stop-commands']);
      }),
    );
  });

  it('prints no control character of a child', () => {
    const output = captureStdout();
    runnerLog().child('\u001b[2J\u0007\u202e\r', 'all');
    expect(output().split('\n')[1]).toBe('[all] \\u{1b}[2J\\u{7}\\u{202e}\\u{d}');
  });
});

describe('a message', () => {
  it.each([...HOSTILE_LINES, '\u001b]0;title\u0007', '\u009b31m', '\u202egpj.exe', 'two\rlines\u001b[A'])(
    'holds no raw character in any channel: %j',
    async (text) => {
      const output = captureStdout();
      const log = runnerLog();
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
    },
  );

  it('keeps its lines', () => {
    const output = captureStdout();
    const log = runnerLog();
    log.error('one\r\ntwo');
    log.info('three\nfour');
    expect(output()).toMatch(/^::error::one%0Atwo\n::stop-commands::\w+\nthree\nfour\n$/);
  });
});

describe('the token', () => {
  it('is long, random and used once', () => {
    const output = captureStdout();
    const log = runnerLog();
    for (let round = 0; round < 3; round++) {
      log.info('x');
      log.notice('y');
    }
    runnerLog().info('z');
    const tokens = [...output().matchAll(/::stop-commands::(.*)/g)].map((match) => match[1]);
    expect(tokens).toHaveLength(4);
    expect(new Set(tokens).size).toBe(4);
    for (const token of tokens) expect(token).toMatch(/^[0-9a-f]{48}$/);
  });
});

describe('a group', () => {
  it('ends when its body fails, and the failure goes on', async () => {
    const output = captureStdout();
    const log = runnerLog();
    await expect(log.group('Build', () => Promise.reject(new Error('broken')))).rejects.toThrow('broken');
    expect(readCommands(output())).toEqual([
      { name: 'group', data: 'Build' },
      { name: 'endgroup', data: '' },
    ]);
  });
});

describe('a secret', () => {
  const SECRET = 'ghp_0123+/=abc';
  it('shows in no channel, in no spelling, however the line is cut', async () => {
    const output = captureStdout();
    const log = runnerLog();
    log.secret(SECRET);
    const texts = [
      SECRET,
      `x${SECRET}y${SECRET}`,
      basicAuthorization(SECRET),
      encodeURIComponent(SECRET),
      `${'x'.repeat(3_984)}${SECRET}`,
    ];
    for (const text of texts) {
      log.info(text);
      log.notice(text);
      log.warning(text);
      log.error(text);
      log.child(text, 'all');
      log.child(text, SECRET);
      await log.group(text, () => Promise.resolve());
    }
    const [masking, ...rest] = output().split('\n');
    expect(masking).toBe(`::add-mask::${SECRET}`);
    const shown = rest.join('\n');
    const spellings = [
      SECRET.slice(0, 8),
      encodeURIComponent(SECRET),
      Buffer.from(SECRET).toString('base64').slice(0, 8),
    ];
    expect(spellings.filter((spelling) => shown.includes(spelling))).toEqual([]);
    expect(shown.match(/\*\*\*/g)?.length).toBeGreaterThan(40);
  });
});
