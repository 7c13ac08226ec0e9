import { execFileSync } from 'node:child_process';
import { WRAPPER_FOLDER } from '../../src/wrapper.js';

/**
 * The files of this repository, or those of them that `patterns` name: what git knows and what is new. Throws where git fails.
 * git is told whose the folder may be: a job in a container is root, and the folder is the runner's user's.
 */
export function repositoryFiles(...patterns: string[]): string[] {
  const list = ['ls-files', '-z', '--cached', '--others', '--exclude-standard', '--', ...patterns];
  const names = execFileSync('git', ['-c', 'safe.directory=*', ...list], { cwd: WRAPPER_FOLDER, encoding: 'utf8' });
  return names.split('\0').slice(0, -1);
}
