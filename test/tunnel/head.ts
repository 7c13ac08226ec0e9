import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { EXAMPLES } from './rig.js';

/** The commands that a file of examples has at its top. */
export async function headOf(path: string): Promise<{ install: string; remove: string }> {
  const text = await readFile(join(EXAMPLES, path), 'utf8');
  const [, install] = /^# +install or repeat +(.+)$/m.exec(text) ?? [];
  const [, remove] = /^# +remove +(.+)$/m.exec(text) ?? [];
  if (install === undefined || remove === undefined)
    throw new Error(`${path} does not say how to install and remove it`);
  return { install, remove };
}
