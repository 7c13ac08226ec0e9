import { readFileSync, readdirSync } from 'node:fs';
import { dirname, join, normalize } from 'node:path';
import { describe, expect, it } from 'vitest';

/** A TypeScript file of this repository and all that it imports. */
function withImports(file: string, seen = new Set<string>()): Set<string> {
  if (seen.has(file)) return seen;
  seen.add(file);
  for (const [, name = ''] of readFileSync(file, 'utf8').matchAll(/from '(\.[^']*)\.js'/g))
    withImports(normalize(join(dirname(file), `${name}.ts`)), seen);
  return seen;
}

/** The Debian packages of every `install({ program: 'package' })` in these files. */
function packagesOf(files: Iterable<string>): string[] {
  const calls = [...files].flatMap((file) => readFileSync(file, 'utf8').match(/\binstall\(\{[^;]*\);/g) ?? []);
  return calls.flatMap((call) => [...call.matchAll(/: '([^']+)'/g)].map(([, name = '']) => name));
}

const demo = packagesOf(withImports('test/lab/demo.ts'));
const all = packagesOf(
  readdirSync('test', { recursive: true, encoding: 'utf8' })
    .filter((name) => name.endsWith('.ts') && !name.startsWith('unit'))
    .map((name) => join('test', name)),
);

describe.each(['README.md', 'README.zh-CN.md'])('%s', (page) => {
  const listed = (command: string) => {
    const [, list = ''] = new RegExp(`^- \`${command}\`(.*(?:\\n  .*)*)`, 'm').exec(readFileSync(page, 'utf8')) ?? [];
    return [...list.matchAll(/`([^`]+)`/g)].map(([, name = '']) => name).sort();
  };
  const unique = (names: readonly string[]) => [...new Set(names)].sort();

  it('names what the demo installs', () => {
    expect(listed('npm run demo')).toEqual(unique(demo));
    expect(demo).toContain('debian-archive-keyring');
  });

  it('names what the tests install beside that', () => {
    expect(listed('npm test')).toEqual(unique(all.filter((name) => !demo.includes(name))));
  });
});
