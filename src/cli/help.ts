import { EXIT_CODES } from '../errors.js';
import type { InputContract } from './contract.js';
import { COMMANDS } from './options.js';

const HELP_WIDTH = 100;
const INDENT = ' '.repeat(6);

/** The text of --help, from the same table as the action's inputs. Pure. */
export function helpText(contract: readonly InputContract[]): string {
  const commands = Object.values(COMMANDS).flatMap(({ usage, purpose, flags }) => [
    `  node dist/cli.js ${usage}`,
    ...wrap(purpose),
    ...Object.entries(flags).flatMap(([name, description]) => wrap(`--${name}: ${description}`)),
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
    'LAYOUT is a folder that build --export made, IMAGE a name with a tag or a digest. Flags of build, which other',
    'commands share where they name them; lists are one item a line or comma-separated. A token is better given as',
    'UPSTREAM_TOKEN in the environment, which other users of the machine cannot read:',
    ...flags,
    '',
    'Exit codes: 0, or one for each class of failures, which the last line names in brackets',
    ...wrap(
      Object.entries(EXIT_CODES)
        .map(([kind, code]) => `${code} ${kind}`)
        .join(', '),
    ),
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
