import { readFile } from 'node:fs/promises';
import { parse } from 'yaml';
import { INPUT_NAMES, type InputName, type RawInputs, completeInputs } from '../inputs.js';
import { ACTION_FILE } from '../wrapper.js';

/** An input as action.yml has it: the home of its default and its description. */
export type InputContract = { name: InputName; description: string; default: string; isBoolean: boolean };

/** The inputs of action.yml, in the order of the documents. */
export async function readContract(): Promise<InputContract[]> {
  const { inputs } = parse(await readFile(ACTION_FILE, 'utf8')) as {
    inputs: Record<InputName, { description: string; default: string }>;
  };
  return INPUT_NAMES.map((name) => ({
    name,
    description: inputs[name].description,
    default: inputs[name].default,
    isBoolean: inputs[name].default === 'true' || inputs[name].default === 'false',
  }));
}

/** Given values over action.yml's defaults. */
export function withDefaults(contract: readonly InputContract[], given: Record<string, string>): RawInputs {
  const defaults = Object.fromEntries(contract.map(({ name, default: value }) => [name, value]));
  return completeInputs({ ...defaults, ...given });
}
