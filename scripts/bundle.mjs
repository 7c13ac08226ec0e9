// Bundles the action and the command line, each with the licences of what is in it, into dist/ (or the folder named).
// `uses:` runs index.js, and post.js after the job; a terminal cli.js. They read their numbered parts when they need them and start
// packer.js as a worker.
// None needs node_modules.
import { execFileSync } from 'node:child_process';
import { cpSync, mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import ncc from '@vercel/ncc';

const root = resolve(import.meta.dirname, '..');
const target = resolve(process.argv[2] ?? join(root, 'dist'));
// A fixed name: the bundle's comments hold it.
const work = join(root, '.bundle');
const tsc = join(root, 'node_modules', 'typescript', 'bin', 'tsc');
const LICENCES = {
  index: 'licenses.txt',
  post: 'post.licenses.txt',
  cli: 'cli.licenses.txt',
  packer: 'packer.licenses.txt',
};

try {
  const made = join(work, 'dist');
  rmSync(work, { recursive: true, force: true });
  mkdirSync(made, { recursive: true });
  // Compiled first, and src alone: ncc by itself checks the types of every test, twice.
  execFileSync(process.execPath, [tsc, '--project', 'tsconfig.bundle.json'], { cwd: root, stdio: 'inherit' });
  for (const [entry, license] of Object.entries(LICENCES)) {
    const filename = `${entry}.js`;
    const options = { cache: false, quiet: true, filename, license };
    const { code, assets } = await ncc(join(work, 'src', filename), options);
    writeFileSync(join(made, filename), code);
    for (const [name, { source }] of Object.entries(assets)) writeFileSync(join(made, name), source);
  }
  writeFileSync(join(made, 'package.json'), `${JSON.stringify({ type: 'module' })}\n`);
  rmSync(target, { recursive: true, force: true });
  cpSync(made, target, { recursive: true });
} finally {
  rmSync(work, { recursive: true, force: true });
}
