import { parseArgs } from 'node:util';
import { Failure, toFailure } from '../errors.js';
import type { InputName } from '../inputs.js';
import { printable, nearestName } from '../text.js';
import type { InputContract } from './contract.js';

type CommandTable = {
  usage: string;
  purpose: string;
  /** Whether the command takes an argument, and whether it can do without. */
  argument: 'none' | 'optional' | 'required';
  /** Inputs of the action that are flags here. */
  inputs: 'all' | readonly InputName[];
  /** Flags of this command alone, each with a text as its value. */
  flags: Readonly<Record<string, string>>;
};

/** Inputs that a lock holds as they were given: with them a command says of what an image must be. */
const ASKED = ['upstream', 'platforms', 'rust-image', 'shell-image', 'labels'] as const satisfies readonly InputName[];

/** What each command does, the argument it takes, and its flags. */
export const COMMANDS = {
  build: {
    usage: 'build [flags]',
    purpose: 'Resolve, verify, build, check, and publish with --push',
    argument: 'none',
    inputs: 'all',
    flags: {},
  },
  check: {
    usage: 'check LAYOUT [--no-smoke]',
    purpose: 'Check an exported image against its lock, and run it',
    argument: 'required',
    inputs: ['smoke'],
    flags: {},
  },
  publish: {
    usage: 'publish LAYOUT --image NAME [--tags T] [--moving-tags T] [--upstream URL] [--ref REF] …',
    purpose:
      'Verify the source of an exported image anew, check the image, require it to be what the flags say, and publish it',
    argument: 'required',
    inputs: ['image', 'tags', 'moving-tags', ...ASKED, 'ref', 'archive-sha256', 'expect-digest', 'upstream-token'],
    flags: {
      signable:
        'Folder, new or empty, for what a signing job signs: predicate, SBOMs, digests. Tags are then looked at, and left; tags.json there says what they name.',
      seen: 'File with what tags named when the image was sent, as --signable leaves it. A tag that names something else now stays.',
    },
  },
  verify: {
    usage: 'verify IMAGE --publisher OWNER/REPO [--signer WORKFLOW@REF] [--signer-digest SHA]',
    purpose:
      'Verify a published image: its signature by exactly that publisher and workflow, its statement, labels, lock',
    argument: 'required',
    inputs: [],
    flags: {
      publisher: 'Repository, OWNER/REPO, whose workflow must have published the image.',
      signer: 'Workflow that must have signed, OWNER/REPO/.github/workflows/FILE@REF.',
      'signer-workflow':
        'Workflow that must have signed, OWNER/REPO/.github/workflows/FILE, at whatever ref: what a publisher asks of its image before.',
      'signer-digest': 'Full commit id that the signing workflow must be of.',
      bundle: 'File with signed bundles, instead of those in the registry.',
      'trusted-root': 'File with the keys of a Sigstore instance, instead of the public one.',
      runners: 'github-hosted (default) or any.',
    },
  },
  reproduce: {
    usage: 'reproduce [IMAGE] [--evidence DIR] [--upstream URL] [--builder NAME]',
    purpose: 'Build a published image again from its lock, and compare; with --evidence nothing is asked of upstream',
    argument: 'optional',
    inputs: ['builder', ...ASKED, 'upstream-token'],
    flags: { evidence: 'Folder of evidence to build from, instead of the evidence beside the image.' },
  },
} as const satisfies Record<string, CommandTable>;

export type CommandName = keyof typeof COMMANDS;

export type Command = {
  name: CommandName;
  /** LAYOUT or IMAGE, where the command takes one and it was given. */
  argument: string | undefined;
  /** Inputs that were given as flags, as text. */
  given: Partial<Record<InputName, string>>;
  /** The command's own flags that were given. */
  own: Record<string, string>;
};

/** The inputs that are flags of a command. */
export function flagsOf(name: CommandName, contract: readonly InputContract[]): InputContract[] {
  const { inputs } = COMMANDS[name];
  return contract.filter((input) => inputs === 'all' || (inputs as readonly string[]).includes(input.name));
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
  const { usage, argument, flags } = COMMANDS[name];
  const own = Object.keys(flags);
  const { values, positionals } = parseFlags(rest, flagsOf(name, contract), own);
  const [least, most] = { none: [0, 0], optional: [0, 1], required: [1, 1] }[argument] as [number, number];
  if (positionals.length < least || positionals.length > most)
    throw new Failure('input', `usage: phantun-runtime ${usage}`);
  const texts = Object.entries(values).map(([key, value]) => [key, String(value)] as const);
  return {
    name,
    argument: positionals[0],
    given: Object.fromEntries(texts.filter(([key]) => !own.includes(key))),
    own: Object.fromEntries(texts.filter(([key]) => own.includes(key))),
  };
}

function isCommand(name: string): name is CommandName {
  return Object.hasOwn(COMMANDS, name);
}

function parseFlags(args: string[], inputs: readonly InputContract[], own: readonly string[]) {
  const names: string[] = [...inputs.map(({ name }) => name), ...own];
  for (const arg of args) {
    const name = /^--(?:no-)?([^=]+)/.exec(arg)?.[1];
    if (name !== undefined && !names.includes(name))
      throw new Failure(
        'input',
        `there is no flag --${printable(name)} here. Did you mean --${nearestName(name, names)}?`,
      );
  }
  const types = new Map<string, 'boolean' | 'string'>([
    ...inputs.map(({ name, isBoolean }) => [name, isBoolean ? 'boolean' : 'string'] as const),
    ...own.map((name) => [name, 'string'] as const),
  ]);
  const parsed = parseWords(args, types);
  // A switch may be set anew; of two texts one would be lost.
  const texts = parsed.tokens.flatMap((token) =>
    token.kind === 'option' && types.get(token.name) === 'string' ? [token.name] : [],
  );
  const twice = texts.find((name, index) => texts.indexOf(name) < index);
  if (twice !== undefined)
    throw new Failure('input', `the flag --${twice} is given twice. Lists are one item a line or comma-separated`);
  return parsed;
}

function parseWords(args: string[], types: ReadonlyMap<string, 'boolean' | 'string'>) {
  try {
    return parseArgs({
      args,
      allowPositionals: true,
      allowNegative: true,
      tokens: true,
      options: Object.fromEntries([...types].map(([name, type]) => [name, { type }])),
    });
  } catch (error) {
    throw new Failure('input', toFailure(error).message, { cause: error });
  }
}
