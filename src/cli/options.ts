import { parseArgs } from 'node:util';
import { Failure, toFailure } from '../errors.js';
import { type InputName, nearestName } from '../inputs.js';
import { printable } from '../text.js';
import type { InputContract } from './contract.js';

/** What each command does, the arguments it takes, and which inputs are its flags. */
export const COMMANDS = {
  build: {
    usage: 'build [flags]',
    purpose: 'Resolve, verify, build, check, and publish with --push',
    flags: 'all',
    layout: false,
  },
  check: {
    usage: 'check LAYOUT [flags]',
    purpose: 'Check an exported image against its lock, and run it',
    flags: ['smoke'],
    layout: true,
  },
  publish: {
    usage: 'publish LAYOUT --image NAME [flags]',
    purpose: 'Check an exported image against its lock and publish it',
    flags: ['image', 'tags', 'moving-tags'],
    layout: true,
  },
} as const satisfies Record<
  string,
  { usage: string; purpose: string; flags: 'all' | readonly InputName[]; layout: boolean }
>;

export type CommandName = keyof typeof COMMANDS;

export type Command = {
  name: CommandName;
  /** Folder of an exported image, where the command takes one. */
  layout: string | undefined;
  /** Inputs that were given as flags, as text. */
  given: Partial<Record<InputName, string>>;
};

/** The inputs that are flags of a command. */
export function flagsOf(name: CommandName, contract: readonly InputContract[]): InputContract[] {
  const { flags } = COMMANDS[name];
  return contract.filter((input) => flags === 'all' || (flags as readonly string[]).includes(input.name));
}

/** Parses a command line; `help` when help is asked for. Failure `input` says what to change. Pure. */
export function parseCommandLine(args: readonly string[], contract: readonly InputContract[]): Command | 'help' {
  const [name, ...rest] = args;
  if (name === undefined || ['help', '--help', '-h'].includes(name) || rest.includes('--help') || rest.includes('-h'))
    return 'help';
  if (!isCommand(name))
    throw new Failure(
      'input',
      `there is no command '${printable(name)}'. Did you mean ${nearestName(name, Object.keys(COMMANDS))}? --help lists all`,
    );
  const flags = flagsOf(name, contract);
  const { values, positionals } = parseFlags(rest, flags);
  const wanted = COMMANDS[name].layout ? 1 : 0;
  if (positionals.length !== wanted) throw new Failure('input', `usage: phantun-runtime ${COMMANDS[name].usage}`);
  const given = Object.fromEntries(Object.entries(values).map(([key, value]) => [key, String(value)]));
  return { name, layout: positionals[0], given };
}

function isCommand(name: string): name is CommandName {
  return Object.hasOwn(COMMANDS, name);
}

function parseFlags(args: string[], flags: readonly InputContract[]) {
  const names: string[] = flags.map(({ name }) => name);
  for (const arg of args) {
    const name = /^--(?:no-)?([^=]+)/.exec(arg)?.[1];
    if (name !== undefined && !names.includes(name))
      throw new Failure(
        'input',
        `there is no flag --${printable(name)} here. Did you mean --${nearestName(name, names)}?`,
      );
  }
  try {
    return parseArgs({
      args,
      allowPositionals: true,
      allowNegative: true,
      options: Object.fromEntries(
        flags.map(({ name, isBoolean }) => [name, { type: isBoolean ? ('boolean' as const) : ('string' as const) }]),
      ),
    });
  } catch (error) {
    throw new Failure('input', toFailure(error).message, { cause: error });
  }
}

const HELP_WIDTH = 100;
const INDENT = ' '.repeat(6);

/** The text of --help, from the same table as the action's inputs. Pure. */
export function helpText(contract: readonly InputContract[]): string {
  const commands = Object.values(COMMANDS).flatMap(({ usage, purpose }) => [
    `  node dist/cli.js ${usage}`,
    `${INDENT}${purpose}`,
  ]);
  const flags = contract.flatMap(({ name, description, default: value, isBoolean }) => [
    isBoolean ? `  --${name}, --no-${name}` : `  --${name} TEXT`,
    ...wrap(`${description}${value === '' ? '' : ` Default: ${value}`}`),
  ]);
  return [
    'phantun-runtime: container images of phantun whose digest is bound to upstream’s history',
    '',
    'Commands',
    ...commands,
    '',
    'LAYOUT is a folder that build --export made. Flags of build (check takes --smoke; publish takes --image, --tags,',
    '--moving-tags); lists are one item a line or comma-separated:',
    ...flags,
    '',
  ].join('\n');
}

function wrap(text: string): string[] {
  const lines = [''];
  for (const word of text.split(' ')) {
    const last = lines.at(-1) ?? '';
    if (last !== '' && last.length + word.length + 1 > HELP_WIDTH - INDENT.length) lines.push(word);
    else lines[lines.length - 1] = last === '' ? word : `${last} ${word}`;
  }
  return lines.map((line) => INDENT + line);
}
