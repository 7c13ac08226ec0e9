import programs from 'node:child_process';
import { syncBuiltinESMExports } from 'node:module';

/** Loaded before the unit tests: what starts a program has its tests in test/programs. */
const STARTERS = ['exec', 'execFile', 'execFileSync', 'execSync', 'fork', 'spawn', 'spawnSync'] as const;
const refuse = (name: string) => () => {
  throw new Error(`a unit test starts no program (${name}): its place is test/programs`);
};
Object.assign(programs, Object.fromEntries(STARTERS.map((name) => [name, refuse(name)])));
syncBuiltinESMExports();
