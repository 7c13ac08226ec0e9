// Rebuilds the bundles beside the committed ones and compares every file, both ways: a changed, an added and a deleted
// file are all differences.
import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';

const root = resolve(import.meta.dirname, '..');
const fresh = mkdtempSync(join(tmpdir(), 'phantun-dist-'));
try {
  execFileSync(process.execPath, [join(root, 'scripts', 'bundle.mjs'), fresh], { stdio: 'inherit' });
  const [built, committed] = [listing(fresh), listing(join(root, 'dist'))];
  const names = [...new Set([...built.keys(), ...committed.keys()])].sort();
  const differing = names.filter((name) => built.get(name) !== committed.get(name));
  if (differing.length > 0) {
    console.error(`dist is not what the source builds: ${differing.join(', ')}. Run 'npm run bundle' and commit dist`);
    process.exitCode = 1;
  } else console.log(`dist is what the source builds: ${names.join(', ')}`);
} finally {
  rmSync(fresh, { recursive: true, force: true });
}

function listing(folder) {
  const files = readdirSync(folder, { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile());
  return new Map(
    files.map((entry) => {
      const path = join(entry.parentPath ?? entry.path, entry.name);
      return [path.slice(folder.length + 1), readFileSync(path, 'latin1')];
    }),
  );
}
