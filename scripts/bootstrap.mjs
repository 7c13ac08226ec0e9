// The way in from a fresh clone: installs the locked packages when they are missing, then does what was asked.
// Only node's own modules here, as nothing else may be there yet.
import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { everything, long, npx, run } from './suites.mjs';

const root = fileURLToPath(new URL('..', import.meta.url)); // also where node is too old for more
const [task = '', ...args] = process.argv.slice(2);

// Suites of their own, each a project of vitest's that needs a lab.
const suites = ['e2e', 'real', 'workflows', 'tunnel'].map((name) => [
  `test:${name}`,
  () => npx('vitest', 'run', '--project', name, ...args),
]);
const tasks = {
  ...Object.fromEntries(suites),
  demo: () => npx('tsx', 'test/lab/demo.ts', ...args),
  bench: () => npx('tsx', 'bench/main.ts', ...args),
  test: () => everything(args),
  'test:long': () => long(args),
  'test:mutation': () => npx('tsx', 'test/mutation/main.ts', ...args),
};

requireMachine();
if (!Object.hasOwn(tasks, task)) stop(`there is no task '${task}'; known: ${Object.keys(tasks).join(', ')}`);
if (task !== 'test:mutation') requireLab();
await installPackages();
process.exitCode = await tasks[task]();

function requireMachine() {
  if (process.platform !== 'linux')
    stop(`this needs Linux; ${process.platform} has no network namespaces and no such engine`);
  const wanted = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')).engines.node;
  if (!wanted.split(' || ').some(isIn)) stop(`this needs Node ${wanted}; here is ${process.versions.node}`);
}

/** Whether this Node is in a range `^20.19` or `>=24`. */
function isIn(range) {
  const [major, minor] = parts(process.versions.node);
  const [leastMajor, leastMinor = 0] = parts(range.replace(/^\D+/, ''));
  if (major === leastMajor) return minor >= leastMinor;
  return range.startsWith('>=') && major > leastMajor;
}

/** Where the lab's parts can be neither installed nor found, nothing is begun. */
function requireLab() {
  const isRoot = process.getuid() === 0;
  if (!isRoot && task !== 'demo') stop(`npm run ${task} makes namespaces and mounts: run it as root`);
  if (answers('docker', 'version') || (isRoot && answers('apt-get', '--version'))) return;
  stop(`npm run ${task} wants root on Debian, to install what it needs, or a Docker engine that answers`);
}

function answers(...command) {
  return spawnSync(command[0], command.slice(1), { stdio: 'ignore', timeout: 10_000 }).status === 0;
}

/** `npm ci` unless exactly these packages are there. */
async function installPackages() {
  const stamp = join(root, 'node_modules', '.installed-lock');
  const hash = createHash('sha256')
    .update(readFileSync(join(root, 'package-lock.json')))
    .digest('hex');
  if (existsSync(stamp) && readFileSync(stamp, 'utf8') === hash) return;
  if ((await run('npm', ['ci', '--no-audit', '--no-fund'])) !== 0) stop('npm ci failed; its last lines say why');
  writeFileSync(stamp, hash);
}

function parts(version) {
  return version.split('.').map(Number);
}

function stop(sentence) {
  console.error(`phantun-runtime: ${sentence}`);
  process.exit(1);
}
