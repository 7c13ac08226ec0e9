import { join } from 'node:path';
import { expect } from 'vitest';
import { applyHostSetup } from './hostSetup.js';
import { EXAMPLES, type Finished, type Host, phantun, twoHosts } from './rig.js';

export const DOCTOR = join(EXAMPLES, 'doctor.sh');

/** Has the doctor look at a host. */
export async function doctor(on: Host, mode: string, ...args: string[]): Promise<Finished> {
  return await on.execute(DOCTOR, [mode, '--wan', 'eth0', ...args]);
}

/** What it would have mended, a line a finding. */
export function findings({ code, stdout, stderr }: Finished): string[] {
  expect(stderr).toBe('');
  const found = [...stdout.matchAll(/^MEND {2}(.*)\n {6}do: (.+)$/gm)].map(([, what = '']) => what);
  expect(code).toBe(found.length === 0 ? 0 : 1);
  expect(stdout.trimEnd().split('\n').at(-1)).toBe(
    found.length === 0 ? 'Nothing to mend.' : `${found.length} to mend.`,
  );
  return found;
}

/** Hosts that are set up and run phantun: both, or the client's alone. */
export async function healthy(modes: 'both' | 'client' = 'both'): Promise<[client: Host, server: Host]> {
  const [left, right] = await twoHosts();
  await applyHostSetup(left, right);
  if (modes === 'both') await phantun(right, 'server', ['--local', '4567', '--remote', '127.0.0.1:51820']);
  await phantun(left, 'client', ['--local', '127.0.0.1:51820', '--remote', '10.77.0.2:4567']);
  return [left, right];
}
