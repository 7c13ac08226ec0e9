// What `npm test` runs: every check and every suite, each timed.
import { spawn } from 'node:child_process';
import { closeSync, existsSync, mkdtempSync, openSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { outcomeOf } from './outcome.mjs';

const root = fileURLToPath(new URL('..', import.meta.url)); // bootstrap.mjs imports this before it looks at node's version
const children = new Set();
let interrupted = false;
process.on('SIGINT', () => (interrupted = true)); // the terminal tells the children as well
process.on('SIGTERM', () => {
  interrupted = true;
  for (const child of children) child.kill('SIGTERM'); // each ends what it started
});

/** Every check and every suite; the last line says how many passed and failed. Returns the exit code. */
export async function everything(filters) {
  const tally = { passed: 0, times: [], failures: [] };
  const check = async (name, work) => {
    heading(name);
    await counted(tally, name, work);
  };
  const beside = (name, suite) => counted(tally, name, () => printedWhole(name, suite));
  await check('types', () => npx('tsc', '--noEmit'));
  await check('lint', () => run('npm', ['run', '--silent', 'lint']));
  await check('dist is what the source builds', () => run(process.execPath, ['scripts/check-dist.mjs']));
  await check('unit tests', () => vitest('unit', filters));
  await check('tests of what starts programs', () => vitest('programs', filters));
  await check('property tests', () => vitest('fuzz', filters));
  await check('linters of workflows, Dockerfile and scripts', () => vitest('lint', filters));
  // A compiler is at work on one processor for long and leaves the other one: two lanes, each suite with a lab of its own.
  await Promise.all([
    (async () => {
      await check('end-to-end tests', () => vitest('e2e', filters));
      await check('workflow tests', () => vitest('workflows', filters));
    })(),
    (async () => {
      await beside('phantun itself, beside the end-to-end tests', (output) => vitest('real', filters, output));
      await beside('tunnel tests, beside the last of them', (output) => vitest('tunnel', filters, output));
    })(),
  ]);
  const failures = tally.failures.map((failure) => `\n${failure}\n`).join('');
  console.log(`${failures}\n${tally.times.join('\n')}\n\n${tally.passed} passed, ${tally.failures.length} failed`);
  return tally.failures.length === 0 ? 0 : 1;
}

/**
 * What takes hours: a million archives, a hundred cancelled runs, an emulated compiler, Docker's engine from its source. Returns
 * the exit code.
 */
export async function long(filters) {
  process.env.CANCELLATIONS ??= '100';
  process.env.FUZZ_CASES ??= '1000000';
  const codes = [];
  for (const [project, ...files] of [
    ['fuzz'],
    ['e2e', 'faults/cancellation', 'faults/registryScripts'],
    // Two projects at once: a filter may fit one of them alone.
    ['long*', ...filters],
  ])
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
async function counted(tally, name, suite) {
  const start = Date.now();
  const outcome = await suite();
  const { passed, failures } =
    typeof outcome === 'number'
      ? { passed: outcome === 0 ? 1 : 0, failures: outcome === 0 ? [] : [`${name}: exit code ${outcome}`] }
      : outcome;
  tally.passed += passed;
  tally.failures.push(...failures);
  const minutes = ((Date.now() - start) / 60_000).toFixed(1).padStart(6);
  tally.times.push(`${minutes} min  ${name}${failures.length > 0 ? ': FAILED' : ''}`);
}

/** A suite beside others: what it prints comes in one piece when it is over. `suite` gets a file descriptor to print to. */
async function printedWhole(name, suite) {
  return await inTemporaryFolder(async (folder) => {
    const file = join(folder, 'output');
    const output = openSync(file, 'w');
    try {
      return await suite(output);
    } finally {
      closeSync(output);
      heading(name);
      console.log(readFileSync(file, 'utf8'));
    }
  });
}

function heading(name) {
  console.log(`\n==> ${name}`);
}

/** Runs one vitest project; a run that ends badly, or in which nothing ran, counts as a failure whatever it printed. */
async function vitest(project, filters, output) {
  return await inTemporaryFolder(async (folder) => {
    const file = join(folder, 'result.json');
    const reporters = ['--reporter=default', '--reporter=json', `--outputFile=${file}`];
    const program = join(root, 'node_modules', '.bin', 'vitest');
    const code = await run(program, ['run', '--project', project, ...reporters, ...filters], output);
    return outcomeOf(project, code, existsSync(file) ? JSON.parse(readFileSync(file, 'utf8')) : undefined);
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
