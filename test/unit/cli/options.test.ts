import { describe, expect, it } from 'vitest';
import { readContract, withDefaults } from '../../../src/cli/contract.js';
import { type Command, flagsOf, parseCommandLine } from '../../../src/cli/options.js';
import { INPUT_NAMES } from '../../../src/inputs.js';

const contract = await readContract();
const HEX = 'ab'.repeat(32);
const parse = (...args: string[]) => parseCommandLine(args, contract);

describe('a command line', () => {
  it.each<[string[], Partial<Command>]>([
    [['build'], {}],
    [
      ['build', '--ref', 'v1', '--push', '--image=ghcr.io/a/b', '--no-smoke'],
      { given: { ref: 'v1', push: 'true', image: 'ghcr.io/a/b', smoke: 'false' } },
    ],
    [
      ['build', '--lock', 'a/lock.json', '--rebuild', `--expect-digest=sha256:${HEX}`],
      { given: { lock: 'a/lock.json', rebuild: 'true', 'expect-digest': `sha256:${HEX}` } },
    ],
    [['build', '--no-push', '--push'], { given: { push: 'true' } }],
    [['build', '--labels', 'a=b\nc=d'], { given: { labels: 'a=b\nc=d' } }],
    [['build', '--labels', 'a=x--psh'], { given: { labels: 'a=x--psh' } }],
    [['build', '--ref', ''], { given: { ref: '' } }],
    [['build', '--ref= x '], { given: { ref: ' x ' } }],
    [['check', 'out'], { name: 'check', argument: 'out' }],
    [['check', '--no-smoke', 'out'], { name: 'check', argument: 'out', given: { smoke: 'false' } }],
    [
      ['publish', 'out', '--image', 'a/b', '--moving-tags', 'latest', '--upstream-token', 't'],
      {
        name: 'publish',
        argument: 'out',
        given: { image: 'a/b', 'moving-tags': 'latest', 'upstream-token': 't' },
      },
    ],
    [['reproduce', 'a/b:1'], { name: 'reproduce', argument: 'a/b:1' }],
    [['reproduce'], { name: 'reproduce' }],
    [['reproduce', '--evidence', 'dir'], { name: 'reproduce', own: { evidence: 'dir' } }],
    [
      ['reproduce', `a/b@sha256:${HEX}`, '--evidence=dir', '--builder', 'mine', '--upstream-token=t'],
      {
        name: 'reproduce',
        argument: `a/b@sha256:${HEX}`,
        given: { builder: 'mine', 'upstream-token': 't' },
        own: { evidence: 'dir' },
      },
    ],
  ])('%j', (args, command) => {
    expect(parse(...args)).toEqual<Command>({ name: 'build', argument: undefined, given: {}, own: {}, ...command });
  });

  it.each([[], ['help'], ['--help'], ['-h'], ['build', '--help'], ['publish', '-h'], ['nonsense', '--help']])(
    'asks for help: %j %j',
    (...args) => {
      expect(parse(...args.filter((arg) => typeof arg === 'string'))).toBe('help');
    },
  );

  it.each<[string[], string]>([
    [['biuld'], "there is no command 'biuld'. Did you mean build? --help lists all"],
    [['toString'], "there is no command 'toString'. Did you mean verify? --help lists all"],
    [['\u001b[2J'], "there is no command '\\u{1b}[2J'. Did you mean build? --help lists all"],
    [['build', '--psh'], 'there is no flag --psh here. Did you mean --push?'],
    [['build', '--no-smok'], 'there is no flag --smok here. Did you mean --smoke?'],
    [['build', '--archive-sha265=x'], 'there is no flag --archive-sha265 here. Did you mean --archive-sha256?'],
    [['build', '--evidence', 'dir'], 'there is no flag --evidence here. Did you mean --builder?'],
    [['reproduce', 'a', '--push'], 'there is no flag --push here. Did you mean --builder?'],
    [['check', 'out', '--push'], 'there is no flag --push here. Did you mean --smoke?'],
    [['publish', 'out', '--smoke'], 'there is no flag --smoke here. Did you mean --image?'],
    [
      ['build', '--image', 'a/b', '--push', '--image=a/c'],
      'the flag --image is given twice. Lists are one item a line or comma-separated',
    ],
    [
      ['reproduce', '--evidence=a', '--evidence=a'],
      'the flag --evidence is given twice. Lists are one item a line or comma-separated',
    ],
    [['build', 'extra'], 'usage: phantun-runtime build [flags]'],
    [['check'], 'usage: phantun-runtime check LAYOUT [--no-smoke]'],
    [['check', 'a', 'b'], 'usage: phantun-runtime check LAYOUT [--no-smoke]'],
    [
      ['publish'],
      'usage: phantun-runtime publish LAYOUT --image NAME [--tags T] [--moving-tags T] [--upstream URL] [--ref REF] …',
    ],
    [
      ['reproduce', 'a', 'b'],
      'usage: phantun-runtime reproduce [IMAGE] [--evidence DIR] [--upstream URL] [--builder NAME]',
    ],
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
    expect(flagsOf('publish', contract).map(({ name }) => name)).toEqual([
      ...['upstream', 'ref', 'archive-sha256', 'upstream-token', 'platforms', 'rust-image', 'shell-image', 'labels'],
      ...['image', 'tags', 'moving-tags', 'expect-digest'],
    ]);
    expect(flagsOf('reproduce', contract).map(({ name }) => name)).toEqual([
      ...['upstream', 'upstream-token', 'platforms', 'builder', 'rust-image', 'shell-image', 'labels'],
    ]);
  });

  it('have the defaults of action.yml', () => {
    expect(withDefaults(contract, { ref: 'v1' })).toEqual({
      ...Object.fromEntries(contract.map(({ name, default: value }) => [name, value])),
      ref: 'v1',
    });
  });

  it('that are switches are those whose default is true or false', () => {
    expect(contract.filter(({ isBoolean }) => isBoolean).map(({ name }) => name)).toEqual([
      ...['push', 'load', 'smoke', 'rebuild', 'skip-unchanged'],
    ]);
  });
});
