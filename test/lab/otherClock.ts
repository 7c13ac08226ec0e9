import { chmod, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { find } from './exec.js';
import { unpack } from './packages.js';

/** A library that shifts the clock of a program, and what the program's environment must have. */
export type OtherClock = { readonly library: string; readonly env: Record<string, string> };

/**
 * The clock of programs that are linked dynamically, shifted: `+12d`, say. File times and waits stay as they are, so that a
 * build tool sees files of the past, as it would on such a machine. It is libfaketime that does it.
 */
export async function otherClock(shift: string): Promise<OtherClock> {
  const prefix = await unpack('faketime', [{ name: 'libfaketime', from: 'own' }]);
  const multiarch = process.arch === 'arm64' ? 'aarch64-linux-gnu' : 'x86_64-linux-gnu';
  const library = join(prefix, 'usr/lib', multiarch, 'faketime/libfaketime.so.1');
  const env = { FAKETIME: shift, FAKETIME_DONT_FAKE_MONOTONIC: '1', NO_FAKE_STAT: '1', FAKE_UTIME: '0' };
  return { library, env };
}

/** The environment of a program on this machine with that clock. */
export function environmentOf({ library, env }: OtherClock): Record<string, string> {
  return { ...env, LD_PRELOAD: library };
}

// In a container /dev is in memory, so the mount leaves nothing in a layer.
const INSIDE = '/dev/libfaketime.so.1';

/** Where a container believes that it runs. Of itself BuildKit gives all of them one host name. */
type Elsewhere = { readonly clock: OtherClock; readonly hostName?: string | undefined };

/** Writes a program under `dir` that stands in for `runc` and gives every container that clock and host name; returns its path. */
export async function runcElsewhere(runc: string, { clock, hostName }: Elsewhere, dir: string): Promise<string> {
  const mount = { destination: INSIDE, type: 'bind', source: clock.library, options: ['bind', 'ro'] };
  const variables = Object.entries({ ...clock.env, LD_PRELOAD: INSIDE }).map(([name, value]) => `${name}=${value}`);
  const patch = join(dir, 'patch.mjs');
  await writeFile(
    patch,
    `import { readFileSync, writeFileSync } from 'node:fs';
const at = process.argv.indexOf('--bundle');
if (at > 0) {
  const file = process.argv[at + 1] + '/config.json';
  const config = JSON.parse(readFileSync(file, 'utf8'));
  config.mounts.push(${JSON.stringify(mount)});
${hostName === undefined ? '' : `config.hostname = ${JSON.stringify(hostName)};`}
  config.process.env.push(...${JSON.stringify(variables)});
  writeFileSync(file, JSON.stringify(config));
}
`,
  );
  const program = join(dir, 'runc');
  await writeFile(program, `#!/bin/sh -e\n${find('node') ?? process.execPath} ${patch} "$@"\nexec ${runc} "$@"\n`);
  await chmod(program, 0o755);
  return program;
}
