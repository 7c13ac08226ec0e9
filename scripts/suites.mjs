// What `npm test` runs: every check and every suite, each timed.
import { spawn } from 'node:child_process';
import { closeSync, existsSync, mkdtempSync, openSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';

const root = resolve(import.meta.dirname ?? '.', '..');
const children = new Set();
let interrupted = false;
process.on('SIGINT', () => (interrupted = true)); // the terminal tells the children as well
process.on('SIGTERM', () => {
  interrupted = true;
  for (const child of children) child.kill('SIGTERM'); // each ends what it started
});

/** Every check and every suite; the last line says how many passed and failed. Returns the exit code. */
export async function everything(filters) {
  const tally = { passed: 0, failed: 0, times: [] };
  await counted(tally, 'types', () => npx('tsc', '--noEmit'));
  await counted(tally, 'lint', () => run('npm', ['run', '--silent', 'lint']));
  await counted(tally, 'dist is what the source builds', () => run(process.execPath, ['scripts/check-dist.mjs']));
  await counted(tally, 'unit tests', () => vitest('unit', filters));
  await counted(tally, 'property tests', () => vitest('fuzz', filters));
  await counted(tally, 'linters of workflows, Dockerfile and scripts', () => vitest('lint', filters));
  // A compiler at work on one processor for long leaves the other one, so this has a lab of its own and runs beside the next.
  const real = aside(tally, 'phantun itself, beside the next two', (output) => vitest('real', filters, output));
  await counted(tally, 'end-to-end tests', () => vitest('e2e', filters));
  await counted(tally, 'workflow tests', () => vitest('workflows', filters));
  await real;
  await counted(tally, 'tunnel tests', () => vitest('tunnel', filters));
  console.log(`\n${tally.times.join('\n')}\n\n${tally.passed} passed, ${tally.failed} failed`);
  return tally.failed === 0 ? 0 : 1;
}

/** What takes hours: a million archives, a hundred cancelled runs, an emulated compiler. Returns the exit code. */
export async function long(filters) {
  process.env.CANCELLATIONS ??= '100';
  process.env.FUZZ_CASES ??= '1000000';
  const codes = [];
  for (const [project, ...files] of [['fuzz'], ['e2e', 'faults/cancellation'], ['long', ...filters]])
    codes.push(await npx('vitest', 'run', '--project', project, ...files));
  return Math.max(...codes);
}

/** Runs a program from the installed packages; resolves to its exit code. */
export function npx(program, ...rest) {
  return run(join(root, 'node_modules', '.bin', program), rest);
}

/**
 * Runs a command in the repository's root; resolves to its exit code, which is 1 for what was not started because this process
 * was told to end. `output` is a file descriptor for all it prints.
 */
export function run(command, rest, output = 'inherit') {
  return new Promise((settle) => {
    if (interrupted) return settle(1);
    const child = spawn(command, rest, { cwd: root, stdio: ['inherit', output, output] });
    children.add(child);
    child.on('error', (error) => console.error(String(error)));
    child.on('close', (code) => {
      children.delete(child);
      settle(code ?? 1);
    });
  });
}

/** Runs a suite, which ends with an exit code or with its counts of tests, and adds them to the tally. */
async function counted(tally, name, suite, heading = true) {
  if (heading) console.log(`\n==> ${name}`);
  const start = Date.now();
  const outcome = await suite();
  const { passed, failed } =
    typeof outcome === 'number' ? { passed: outcome === 0 ? 1 : 0, failed: outcome === 0 ? 0 : 1 } : outcome;
  tally.passed += passed;
  tally.failed += failed;
  const minutes = ((Date.now() - start) / 60_000).toFixed(1).padStart(6);
  tally.times.push(`${minutes} min  ${name}${failed > 0 ? ': FAILED' : ''}`);
}

/** A suite that runs beside others: what it prints comes in one piece when it is over. */
async function aside(tally, name, suite) {
  await inTemporaryFolder(async (folder) => {
    const file = join(folder, 'output');
    const output = openSync(file, 'w');
    await counted(tally, name, () => suite(output), false);
    closeSync(output);
    console.log(`\n==> ${name}\n${readFileSync(file, 'utf8')}`);
  });
}

/** Runs one vitest project; a run that ends badly, or in which nothing ran, counts as a failure whatever it printed. */
async function vitest(project, filters, output) {
  return await inTemporaryFolder(async (folder) => {
    const file = join(folder, 'result.json');
    const reporters = ['--reporter=default', '--reporter=json', `--outputFile=${file}`];
    const program = join(root, 'node_modules', '.bin', 'vitest');
    const code = await run(program, ['run', '--project', project, ...reporters, ...filters], output);
    const result = existsSync(file) ? JSON.parse(readFileSync(file, 'utf8')) : { numPassedTests: 0, numFailedTests: 0 };
    const unsaid = (code !== 0 || result.numPassedTests === 0) && result.numFailedTests === 0;
    const skipped = result.numPendingTests ?? 0;
    if (skipped > 0) console.log(`${skipped} tests of ${project} were skipped, which counts as failed`);
    return { passed: result.numPassedTests, failed: result.numFailedTests + skipped + (unsaid ? 1 : 0) };
  });
}

async function inTemporaryFolder(work) {
  const folder = mkdtempSync(join(tmpdir(), 'phantun-tests-'));
  try {
    return await work(folder);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}
