// The way in from a fresh clone: installs the locked packages when they are missing, then does what was asked.
// Only node's own modules here, as nothing else may be there yet.
import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';

const OLDEST_NODE = [20, 18];
const root = resolve(import.meta.dirname ?? '.', '..');
const [task = '', ...args] = process.argv.slice(2);

const tasks = {
  demo: () => tsx('test/lab/demo.ts', args),
  bench: () => tsx('bench/main.ts', args),
  test: () => everything(args),
  'test:e2e': () => npx('vitest', 'run', '--project', 'e2e', ...args),
  'test:workflows': () => npx('vitest', 'run', '--project', 'workflows', ...args),
  'test:tunnel': () => npx('vitest', 'run', '--project', 'tunnel', ...args),
  'test:long': () => long(args),
  'test:mutation': () => tsx('test/mutation/main.ts', args),
};

requireMachine();
installPackages();
if (!Object.hasOwn(tasks, task)) stop(`there is no task '${task}'; known: ${Object.keys(tasks).join(', ')}`);
process.exitCode = tasks[task]();

function requireMachine() {
  if (process.platform !== 'linux')
    stop(`this needs Linux; ${process.platform} has no network namespaces and no such engine`);
  const [major = 0, minor = 0] = process.versions.node.split('.').map(Number);
  if (major < OLDEST_NODE[0] || (major === OLDEST_NODE[0] && minor < OLDEST_NODE[1]))
    stop(`this needs Node ${OLDEST_NODE.join('.')} or newer; here is ${process.versions.node}`);
}

/** `npm ci` unless exactly these packages are there. */
function installPackages() {
  const stamp = join(root, 'node_modules', '.installed-lock');
  const hash = createHash('sha256')
    .update(readFileSync(join(root, 'package-lock.json')))
    .digest('hex');
  if (existsSync(stamp) && readFileSync(stamp, 'utf8') === hash) return;
  if (run('npm', ['ci', '--no-audit', '--no-fund']) !== 0) stop('npm ci failed; its last lines say why');
  writeFileSync(stamp, hash);
}

/** Every check and every test, each timed; ends with the count of tests. */
function everything(filters) {
  const suites = [
    ['types', () => npx('tsc', '--noEmit')],
    ['lint', () => run('npm', ['run', '--silent', 'lint'])],
    ['dist is what the source builds', () => run(process.execPath, ['scripts/check-dist.mjs'])],
    ['unit tests', () => vitest('unit', filters)],
    ['property tests', () => vitest('fuzz', filters)],
    ['linters of workflows, Dockerfile and scripts', () => vitest('lint', filters)],
    ['end-to-end tests', () => vitest('e2e', filters)],
    ['tunnel tests', () => vitest('tunnel', filters)],
    ['workflow tests', () => vitest('workflows', filters)],
  ];
  const counts = { passed: 0, failed: 0 };
  const times = [];
  for (const [name, suite] of suites) {
    console.log(`\n==> ${name}`);
    const start = Date.now();
    const outcome = suite();
    const { passed, failed } =
      typeof outcome === 'number' ? { passed: outcome === 0 ? 1 : 0, failed: outcome === 0 ? 0 : 1 } : outcome;
    counts.passed += passed;
    counts.failed += failed;
    times.push(`${((Date.now() - start) / 60_000).toFixed(1).padStart(6)} min  ${name}${failed > 0 ? ': FAILED' : ''}`);
  }
  console.log(`\n${times.join('\n')}\n\n${counts.passed} passed, ${counts.failed} failed`);
  return counts.failed === 0 ? 0 : 1;
}

/** What takes hours: a million archives, a hundred cancelled runs, an emulated compiler. */
function long(filters) {
  process.env.CANCELLATIONS ??= '100';
  process.env.FUZZ_CASES ??= '1000000';
  const runs = [['fuzz'], ['e2e', 'faults/cancellation'], ['long', ...filters]];
  return Math.max(...runs.map(([project, ...files]) => npx('vitest', 'run', '--project', project, ...files)));
}

/** Runs one vitest project; a run that ends badly, or in which nothing ran, counts as a failure whatever it printed. */
function vitest(project, filters) {
  const folder = mkdtempSync(join(tmpdir(), 'phantun-tests-'));
  try {
    const file = join(folder, 'result.json');
    const code = npx(
      'vitest',
      'run',
      '--project',
      project,
      '--reporter=default',
      '--reporter=json',
      `--outputFile=${file}`,
      ...filters,
    );
    const result = existsSync(file) ? JSON.parse(readFileSync(file, 'utf8')) : { numPassedTests: 0, numFailedTests: 0 };
    const unsaid = (code !== 0 || result.numPassedTests === 0) && result.numFailedTests === 0;
    const skipped = result.numPendingTests ?? 0;
    if (skipped > 0) console.log(`${skipped} tests of ${project} were skipped, which counts as failed`);
    return { passed: result.numPassedTests, failed: result.numFailedTests + skipped + (unsaid ? 1 : 0) };
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

function tsx(script, rest) {
  return npx('tsx', script, ...rest);
}

function npx(program, ...rest) {
  return run(join(root, 'node_modules', '.bin', program), rest);
}

function run(command, rest) {
  const { status, error } = spawnSync(command, rest, { cwd: root, stdio: 'inherit' });
  if (error) console.error(String(error));
  return status ?? 1;
}

function stop(sentence) {
  console.error(`phantun-runtime: ${sentence}`);
  process.exit(1);
}
