import { describe, expect, it } from 'vitest';
import { readContract, withDefaults } from '../../../src/cli/contract.js';
import { type Command, COMMANDS, flagsOf, helpText, parseCommandLine } from '../../../src/cli/options.js';
import { INPUT_NAMES } from '../../../src/inputs.js';

const contract = await readContract();
const parse = (...args: string[]) => parseCommandLine(args, contract);

describe('a command line', () => {
  it.each<[string[], Command]>([
    [['build'], { name: 'build', layout: undefined, given: {} }],
    [
      ['build', '--ref', 'v1', '--push', '--image=ghcr.io/a/b', '--no-smoke'],
      { name: 'build', layout: undefined, given: { ref: 'v1', push: 'true', image: 'ghcr.io/a/b', smoke: 'false' } },
    ],
    [['build', '--no-push', '--push'], { name: 'build', layout: undefined, given: { push: 'true' } }],
    [['build', '--labels', 'a=b\nc=d'], { name: 'build', layout: undefined, given: { labels: 'a=b\nc=d' } }],
    [['build', '--labels', 'a=x--psh'], { name: 'build', layout: undefined, given: { labels: 'a=x--psh' } }],
    [['build', '--ref', ''], { name: 'build', layout: undefined, given: { ref: '' } }],
    [['build', '--ref= x '], { name: 'build', layout: undefined, given: { ref: ' x ' } }],
    [['check', 'out'], { name: 'check', layout: 'out', given: {} }],
    [['check', '--no-smoke', 'out'], { name: 'check', layout: 'out', given: { smoke: 'false' } }],
    [
      ['publish', 'out', '--image', 'a/b', '--moving-tags', 'latest'],
      { name: 'publish', layout: 'out', given: { image: 'a/b', 'moving-tags': 'latest' } },
    ],
  ])('%j', (args, command) => {
    expect(parse(...args)).toEqual(command);
  });

  it.each([[], ['help'], ['--help'], ['-h'], ['build', '--help'], ['publish', '-h'], ['nonsense', '--help']])(
    'asks for help: %j %j',
    (...args) => {
      expect(parse(...args.filter((arg) => typeof arg === 'string'))).toBe('help');
    },
  );

  it.each<[string[], string]>([
    [['biuld'], "there is no command 'biuld'. Did you mean build? --help lists all"],
    [['toString'], "there is no command 'toString'. Did you mean build? --help lists all"],
    [['\u001b[2J'], "there is no command '\\u{1b}[2J'. Did you mean build? --help lists all"],
    [['build', '--psh'], 'there is no flag --psh here. Did you mean --push?'],
    [['build', '--no-smok'], 'there is no flag --smok here. Did you mean --smoke?'],
    [['build', '--archive-sha265=x'], 'there is no flag --archive-sha265 here. Did you mean --archive-sha256?'],
    [['check', 'out', '--push'], 'there is no flag --push here. Did you mean --smoke?'],
    [['publish', 'out', '--smoke'], 'there is no flag --smoke here. Did you mean --image?'],
    [['build', 'extra'], 'usage: phantun-runtime build [flags]'],
    [['check'], 'usage: phantun-runtime check LAYOUT [flags]'],
    [['check', 'a', 'b'], 'usage: phantun-runtime check LAYOUT [flags]'],
    [['publish'], 'usage: phantun-runtime publish LAYOUT --image NAME [flags]'],
  ])('%j is refused', (args, message) => {
    expect(() => parse(...args)).toThrow(expect.objectContaining({ kind: 'input', message }));
  });

  it.each([[['build', '--ref']], [['build', '--push=maybe']], [['build', '--no-ref']], [['build', '-x']]])(
    '%j is refused by node’s parser, as input',
    (args) => {
      expect(() => parse(...args)).toThrow(expect.objectContaining({ kind: 'input' }));
    },
  );
});

describe('flags', () => {
  it('of build are the inputs of the action, those of the others a part of them', () => {
    expect(flagsOf('build', contract).map(({ name }) => name)).toEqual([...INPUT_NAMES]);
    expect(flagsOf('check', contract).map(({ name }) => name)).toEqual(['smoke']);
    expect(flagsOf('publish', contract).map(({ name }) => name)).toEqual(['image', 'tags', 'moving-tags']);
  });

  it('have the defaults of action.yml', () => {
    expect(withDefaults(contract, { ref: 'v1' })).toEqual({
      ...Object.fromEntries(contract.map(({ name, default: value }) => [name, value])),
      ref: 'v1',
    });
  });

  it('that are switches are those whose default is true or false', () => {
    expect(contract.filter(({ isBoolean }) => isBoolean).map(({ name }) => name)).toEqual(['push', 'load', 'smoke']);
  });
});

describe('the help', () => {
  const help = helpText(contract);
  const words = help.replace(/\s+/g, ' ');

  it.each(contract)('explains $name and its default', ({ name, description, default: value, isBoolean }) => {
    expect(help).toContain(isBoolean ? `\n  --${name}, --no-${name}\n` : `\n  --${name} TEXT\n`);
    expect(words).toContain(`${description}${value === '' ? '' : ` Default: ${value}`}`);
  });

  it('explains every command', () => {
    for (const { usage, purpose } of Object.values(COMMANDS))
      expect(help).toContain(`  node dist/cli.js ${usage}\n      ${purpose}\n`);
  });

  it('fits a terminal, and fills its lines', () => {
    const lines = help.split('\n');
    expect(lines.filter((line) => line.length > 120)).toEqual([]);
    const wrapped = lines.filter((line, index) => {
      const next = /^ {6}(\S+)/.exec(lines[index + 1] ?? '')?.[1];
      return /^ {6}\S/.test(line) && next !== undefined && `${line} ${next}`.length <= 100;
    });
    expect(wrapped).toEqual([]);
    expect(lines.filter((line) => /^ {6}\S/.test(line) && line.length > 100)).toEqual([]);
  });
});
