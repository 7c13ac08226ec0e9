import fc from 'fast-check';
import { test } from 'vitest';
import { lineReader } from '../../src/lines.js';
import { runnerLog } from '../../src/log/runner.js';
import { HOSTILE_LINES, readCommands } from '../support/runner.js';
import { FUZZ, timeFor } from './budget.js';

const CASES = Math.ceil(FUZZ.cases / 3);
const LONGEST = 8_192;

test(
  'the lines of a stream are the same however it is cut into chunks, and none of them is a command in the log',
  () => {
    const piece = fc.oneof(
      { weight: 3, arbitrary: fc.constantFrom('\r', '\n', '\r\n', 'é', '😀', '\ufeff', '…', 'a', '::', '##[', '\0') },
      { weight: 2, arbitrary: fc.constantFrom(...HOSTILE_LINES) },
      { weight: 1, arbitrary: fc.constantFrom(8_191, 8_192, 8_193, 20_000).map((length) => 'x'.repeat(length)) },
    );
    const stream = fc.array(piece, { maxLength: 8 }).map((pieces) => Buffer.from(pieces.join('')));
    const property = fc.property(stream, fc.array(fc.nat(), { maxLength: 12 }), (bytes, cuts) => {
      const places = [0, ...cuts.map((cut) => cut % (bytes.length + 1)).sort((a, b) => a - b), bytes.length];
      const lines: string[] = [];
      const reader = lineReader((line) => lines.push(line));
      places.slice(1).forEach((end, index) => reader.add(bytes.subarray(places[index], end)));
      reader.end();
      const expected = new TextDecoder().decode(bytes).split(/\r\n|\r|\n/);
      if (expected.at(-1) === '') expected.pop();
      const shown = expected.map((line) => (line.length > LONGEST ? `${line.slice(0, LONGEST)}…` : line));
      if (JSON.stringify(lines) !== JSON.stringify(shown)) throw new Error('other lines');
      const output: string[] = [];
      const log = runnerLog((line) => output.push(line));
      for (const line of lines) log.child(line, 'linux/amd64');
      const names = readCommands(output.join('\n')).map(({ name }) => name);
      if (names.join() !== (lines.length === 0 ? '' : 'stop-commands')) throw new Error(`commands: ${names.join()}`);
    });
    fc.assert(property, { numRuns: CASES, seed: FUZZ.seed });
  },
  timeFor(CASES, 10),
);
