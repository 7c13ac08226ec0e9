import { join, resolve } from 'node:path';
import { run } from '../test/lab/exec.js';
import type { Lab } from '../test/lab/lab.js';

const ROOT = resolve(import.meta.dirname, '..');

/** Runs the built command line against the lab, its archive cache in `folder`; resolves with its stdout. */
export function runCli(lab: Lab, folder: string, words: readonly string[]): Promise<string> {
  return run(process.execPath, [join(ROOT, 'dist', 'cli.js'), ...words], {
    env: { ...process.env, ...lab.env, XDG_CACHE_HOME: join(folder, 'cache') },
    timeoutMs: 3_600_000,
  });
}

/** Flags of `build` that name the lab's own base images, and further ones. */
export function buildFlags(lab: Lab, more: Record<string, string>): string[] {
  const flags = { 'rust-image': lab.bases.rust, 'shell-image': lab.bases.shell, ...more };
  return Object.entries(flags).map(([name, value]) => `--${name}=${value}`);
}
