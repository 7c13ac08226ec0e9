import { execFileSync, spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { figuresIn, writeFigures } from '../../bench/document.js';
import { repositoryFiles } from '../support/repositoryFiles.js';
import { GROUPS } from './groups.js';
import { type MutationReport, rowsOf, survivorsOf, withMeasured } from './report.js';

const ROOT = resolve(import.meta.dirname, '..', '..');
const STRYKER = '9.6.1';
/** Words and empty containers: which text a message has is not what these tests are for. */
const LEFT_OUT = ['StringLiteral', 'ObjectLiteral', 'ArrayDeclaration'];

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: { write: { type: 'boolean', default: false } },
});
const unknown = positionals.find((name) => !Object.hasOwn(GROUPS, name));
if (unknown !== undefined) {
  console.error(`There is no group '${unknown}'. Name one of ${Object.keys(GROUPS).join(', ')}, or none for all`);
  process.exit(2);
}

// A copy: Stryker and its 200 packages are wanted nowhere else.
const copy = mkdtempSync(join(tmpdir(), 'phantun-mutation-'));
const reports: MutationReport[] = [];
try {
  copyTree();
  const npm = (...args: string[]) => execFileSync('npm', args, { cwd: copy, stdio: ['ignore', 'ignore', 'inherit'] });
  npm('ci');
  npm('install', '--no-save', `@stryker-mutator/core@${STRYKER}`, `@stryker-mutator/vitest-runner@${STRYKER}`);
  for (const name of positionals.length === 0 ? Object.keys(GROUPS) : positionals) reports.push(mutate(name));
} finally {
  rmSync(copy, { recursive: true, force: true });
}
const survivors = reports.flatMap(survivorsOf);
console.log(survivors.join('\n'));
const today = new Date().toISOString().slice(0, 10);
const rows = reports.flatMap((report) => rowsOf(report, today));
if (values.write) writeFigures('mutation', withMeasured(figuresIn('mutation'), rows));
for (const { what, figure } of rows) console.log(`${what}: ${figure}`);
process.exitCode = survivors.length === 0 ? 0 : 1;

/** What git knows and what is new, as it lies in the working tree. */
function copyTree(): void {
  const input = repositoryFiles().join('\0');
  const tar = execFileSync('tar', ['-cf', '-', '--null', '-T', '-'], { cwd: ROOT, input, maxBuffer: 2 ** 30 });
  execFileSync('tar', ['-xf', '-'], { cwd: copy, input: tar });
}

function mutate(name: string): MutationReport {
  console.error(`==> ${name}`);
  mkdirSync(join(copy, 'reports'), { recursive: true });
  const report = join(copy, 'reports', `${name}.json`);
  const config = join(copy, 'stryker.config.json');
  const settings = {
    testRunner: 'vitest',
    plugins: ['@stryker-mutator/vitest-runner'],
    vitest: { configFile: 'test/mutation/vitest.config.ts', related: false },
    mutate: GROUPS[name]?.mutate,
    mutator: { excludedMutations: LEFT_OUT },
    coverageAnalysis: 'perTest',
    disableTypeChecks: false,
    timeoutMS: 20_000,
    reporters: ['json'],
    jsonReporter: { fileName: report },
  };
  writeFileSync(config, JSON.stringify(settings));
  const env = { ...process.env, MUTATION_GROUP: name };
  const { status } = spawnSync('npx', ['stryker', 'run', config], {
    cwd: copy,
    env,
    stdio: ['ignore', 'inherit', 'inherit'],
  });
  if (status !== 0) throw new Error(`Stryker ended with ${String(status)} for ${name}`);
  return JSON.parse(readFileSync(report, 'utf8')) as MutationReport;
}
