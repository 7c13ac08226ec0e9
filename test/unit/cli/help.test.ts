import { describe, expect, it } from 'vitest';
import { readContract } from '../../../src/cli/contract.js';
import { helpText } from '../../../src/cli/help.js';
import { COMMANDS } from '../../../src/cli/options.js';

const contract = await readContract();

describe('the help', () => {
  const help = helpText(contract);
  const words = help.replace(/\s+/g, ' ');

  it.each(contract)('explains $name and its default', ({ name, description, default: value, isBoolean }) => {
    expect(help).toContain(isBoolean ? `\n  --${name}, --no-${name}\n` : `\n  --${name} TEXT\n`);
    expect(words).toContain(`${description}${value === '' ? '' : ` Default: ${value}`}`);
  });

  it.each(Object.values(COMMANDS))('explains $usage and the flags that only it has', ({ usage, purpose, flags }) => {
    const own = Object.entries(flags).map(([name, description]) => ` --${name}: ${description}`);
    expect(help).toContain(`\n  node dist/cli.js ${usage}\n`);
    expect(words).toContain(` node dist/cli.js ${usage} ${purpose}${own.join('')} `);
  });

  it('fits a terminal, and fills its lines', () => {
    const lines = help.split('\n');
    expect(lines.filter((line) => line.length > 120)).toEqual([]);
    const wrapped = lines.filter((line, index) => {
      // A flag of one command starts a line of its own.
      const next = /^ {6}(?!--)(\S+)/.exec(lines[index + 1] ?? '')?.[1];
      return /^ {6}\S/.test(line) && next !== undefined && `${line} ${next}`.length <= 100;
    });
    expect(wrapped).toEqual([]);
    expect(lines.filter((line) => /^ {6}\S/.test(line) && line.length > 100)).toEqual([]);
  });
});
