// Bundles the action and the command line, each with the licences of what is in it, into dist/ (or the folder named).
// `uses:` runs index.js, a terminal cli.js; both start packer.js as a worker, and none needs node_modules.
import { execFileSync } from 'node:child_process';
import { cpSync, mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';

const root = resolve(import.meta.dirname, '..');
const target = resolve(process.argv[2] ?? join(root, 'dist'));
// A fixed name: the bundle's comments hold it.
const work = join(root, '.bundle');
const ncc = join(root, 'node_modules', '@vercel', 'ncc', 'dist', 'ncc', 'cli.js');
const tsc = join(root, 'node_modules', 'typescript', 'bin', 'tsc');

try {
  const made = join(work, 'dist');
  rmSync(work, { recursive: true, force: true });
  mkdirSync(made, { recursive: true });
  // Compiled first, and src alone: ncc by itself checks the types of every test, twice.
  execFileSync(process.execPath, [tsc, '--project', 'tsconfig.bundle.json'], { cwd: root, stdio: 'inherit' });
  for (const entry of ['index', 'cli', 'packer']) {
    const out = join(work, entry);
    execFileSync(
      process.execPath,
      [ncc, 'build', join('.bundle', 'src', `${entry}.js`), '--out', out, '--no-cache', '--license', 'licenses.txt'],
      { cwd: root, stdio: ['ignore', 'ignore', 'inherit'] },
    );
    cpSync(join(out, 'index.js'), join(made, `${entry}.js`));
    cpSync(join(out, 'licenses.txt'), join(made, entry === 'index' ? 'licenses.txt' : `${entry}.licenses.txt`));
  }
  writeFileSync(join(made, 'package.json'), `${JSON.stringify({ type: 'module' })}\n`);
  rmSync(target, { recursive: true, force: true });
  cpSync(made, target, { recursive: true });
} finally {
  rmSync(work, { recursive: true, force: true });
}
