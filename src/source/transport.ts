import { chmod, mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { writeOut } from '../files.js';
import type { Upstream } from './upstream.js';

/**
 * A transport before git's own that counts: in a partial clone git fetches what it misses from within, the child from within
 * again, and a server could keep that up until the machine has no room for another process. git 2.45 can be told not to do
 * it; older ones cannot, and a branch or tag that names a tree or a file needs it.
 */
export type Transport = {
  /** By which git fetches from an upstream through it. */
  address(upstream: Upstream): string;
  /** The environment of one call of git that fetches, and of all that it fetches from within. */
  environment(given: Readonly<Record<string, string>>): Record<string, string>;
};

/** How often one fetch may ask. */
const MOST_FETCHES = 16;
/** What is said of a fetch that wants to ask more often. */
export const ASKED_TOO_OFTEN = `more than ${MOST_FETCHES} fetches from within one another`;

const NAME = 'counted';
const COUNT = 'PHANTUN_FETCHES';
/** See gitremote-helpers(7): it becomes git's own. Each fetch adds a character to a file. */
const script = (scheme: string) => `#!/bin/sh
printf x >> "$${COUNT}" || exit 1
read -r fetches < "$${COUNT}"
[ "\${#fetches}" -le ${MOST_FETCHES} ] || {
  echo 'fatal: ${ASKED_TOO_OFTEN}' >&2
  exit 1
}
exec git remote-${scheme} "$@"
`;

/** Makes it in a new folder. `scheme` is what git may speak. */
export async function makeTransport(folder: string, scheme: 'http' | 'https'): Promise<Transport> {
  const program = join(folder, `git-remote-${NAME}`);
  await mkdir(folder, { mode: 0o700 });
  await writeOut(program, script(scheme));
  await chmod(program, 0o700);
  let calls = 0;
  return {
    address: ({ url }) => `${NAME}::${url}.git`,
    environment: (given) => ({
      GIT_ALLOW_PROTOCOL: `${NAME}:${scheme}`,
      PATH: `${folder}:${given.PATH ?? ''}`,
      [COUNT]: join(folder, `fetch-${calls++}`),
    }),
  };
}
