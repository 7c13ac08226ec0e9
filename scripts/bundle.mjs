// Bundles the action and the command line, each with the licences of what is in it, into dist/ (or the folder named).
// Two bundles stand alone: `uses:` runs index.js, a terminal cli.js, and neither needs node_modules.
import { execFileSync } from 'node:child_process';
import { cpSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';

const root = resolve(import.meta.dirname, '..');
const target = resolve(process.argv[2] ?? join(root, 'dist'));
const work = mkdtempSync(join(root, 'node_modules', '.bundle-'));
const ncc = join(root, 'node_modules', '@vercel', 'ncc', 'dist', 'ncc', 'cli.js');

try {
  rmSync(target, { recursive: true, force: true });
  mkdirSync(target, { recursive: true });
  for (const entry of ['index', 'cli']) {
    const out = join(work, entry);
    execFileSync(
      process.execPath,
      [
        ncc,
        'build',
        join('src', `${entry}.ts`),
        '--out',
        out,
        '--no-cache',
        '--license',
        'licenses.txt',
        '--target',
        'es2022',
      ],
      { cwd: root, stdio: ['ignore', 'ignore', 'inherit'] },
    );
    cpSync(join(out, 'index.js'), join(target, `${entry}.js`));
    cpSync(join(out, 'licenses.txt'), join(target, entry === 'index' ? 'licenses.txt' : `${entry}.licenses.txt`));
  }
  writeFileSync(join(target, 'package.json'), `${JSON.stringify({ type: 'module' })}\n`);
} finally {
  rmSync(work, { recursive: true, force: true });
}
