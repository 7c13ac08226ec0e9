import { existsSync, readFileSync, readdirSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { INPUT_NAMES } from '../../src/inputs.js';
import { OUTPUT_NAMES } from '../../src/report.js';
import { ACTION_FILE, WRAPPER_FOLDER } from '../../src/wrapper.js';

type Action = {
  inputs: Record<string, { description: string; default: unknown }>;
  outputs: Record<string, { description: string }>;
  runs: Record<string, string>;
};
const action = parse(readFileSync(ACTION_FILE, 'utf8')) as Action;

describe('action.yml', () => {
  it('has the inputs that are read, in their order, each with a text for its default', () => {
    expect(Object.keys(action.inputs)).toEqual([...INPUT_NAMES]);
    for (const [name, { default: value }] of Object.entries(action.inputs))
      expect([name, typeof value]).toEqual([name, 'string']);
  });

  it('has the outputs that are written, in their order', () => {
    expect(Object.keys(action.outputs)).toEqual([...OUTPUT_NAMES]);
  });

  it('runs the bundle on node 24', () => {
    expect(action.runs).toEqual({ using: 'node24', main: 'dist/index.js', post: 'dist/post.js' });
  });

  it('names every class of failure', () => {
    const union = /export type FailureClass =([^;]+);/.exec(readFileSync('src/errors.ts', 'utf8'))?.[1] ?? '';
    const classes = [...union.matchAll(/'([\w-]+)'/g)].map((match) => match[1]);
    const named = [...(action.outputs.failure?.description ?? '').matchAll(/`([\w-]+)`/g)].map((match) => match[1]);
    expect(classes.length).toBeGreaterThan(5);
    expect(named).toEqual(classes);
  });
});

describe('README.md', () => {
  const file = join(WRAPPER_FOLDER, 'README.md');
  const lines = existsSync(file) ? readFileSync(file, 'utf8').split('\n') : [];
  const cell = (text: string) => text.replaceAll('|', '\\|');

  it.runIf(lines.length > 0)('has the inputs of action.yml', () => {
    expect(tableAfter(lines, '| input | default | meaning |')).toEqual(
      Object.entries(action.inputs).map(([name, { description, default: value }]) => {
        const shown = value === '' ? '' : `\`${cell(String(value))}\``;
        return ['', `\`${name}\``, shown, cell(description), ''];
      }),
    );
  });

  it.runIf(lines.length > 0)('has the outputs of action.yml', () => {
    expect(tableAfter(lines, '| output | meaning |')).toEqual(
      Object.entries(action.outputs).map(([name, { description }]) => ['', `\`${name}\``, cell(description), '']),
    );
  });
});

/** The cells of a Markdown table's rows, by its head. */
function tableAfter(lines: readonly string[], head: string): string[][] {
  const start = lines.indexOf(head);
  expect(start, `the table ${head}`).toBeGreaterThanOrEqual(0);
  const rows = lines.slice(start + 2);
  const end = rows.findIndex((line) => !line.startsWith('|'));
  return rows.slice(0, end < 0 ? rows.length : end).map((line) => line.split(/(?<!\\)\|/).map((text) => text.trim()));
}

describe('src', () => {
  const files = readdirSync('src', { recursive: true, encoding: 'utf8' })
    .filter((name) => name.endsWith('.ts'))
    .map((name) => ({ name: `src/${name}`, text: readFileSync(join('src', name), 'utf8') }));
  const owners = (pattern: RegExp) => files.filter(({ text }) => pattern.test(text)).map(({ name }) => name);
  const importing = (modules: string) =>
    owners(new RegExp(`^(?:import (?!type\\b)[^;]*?|.*import\\()['"](?:${modules})['"]`, 'm'));

  it.each<[string, string[], string[]]>([
    ['reads the inputs of the runner', owners(/['"`.]INPUT_|\bget(Boolean|Multiline)?Input\b/), ['src/inputs.ts']],
    ['writes outputs and the summary', owners(/\bsetOutput\b|\bcore\.summary\b|GITHUB_OUTPUT/), ['src/report.ts']],
    ['speaks http', importing('@actions/http-client|(node:)?(https?|http2|net|tls)|undici'), ['src/http/fetch.ts']],
    // But for git's and a registry's own, called or declared.
    ['fetches without the fetcher', owners(/(?<!\b(?:git|registry)\.)\bfetch(?=\((?!\w+: )|[;,)])/), []],
    ['starts programs', importing('(node:)?child_process|@actions/exec'), ['src/process.ts']],
    ['keeps files in the tool cache', importing('@actions/tool-cache'), ['src/source/download.ts']],
    ['decides the exit code', owners(/process\.exit/), ['src/action.ts', 'src/cli.ts']],
    [
      'speaks the runner’s commands',
      importing('@actions/core'),
      ['src/action.ts', 'src/log/runner.ts', 'src/report.ts'],
    ],
    ['has a default export', owners(/^export default/m), []],
    ['imports a file without its ending', owners(/from '\.[^']*(?<!\.js)'/), []],
  ])('only these: %s', (_, found, expected) => {
    expect(found.sort()).toEqual(expected);
  });

  /** Which of the folders a file of the folder `from` imports, but for those allowed: `importer → imported`. */
  const crossings = (from: string, to: RegExp) =>
    files
      .filter(({ name }) => name.startsWith(`src/${from}/`))
      .flatMap(({ name, text }) =>
        [...text.matchAll(/from '(\.[^']*)\.js'/g)]
          .map(([, path = '']) => join(dirname(name), path))
          .filter((path) => to.test(path))
          .map((path) => `${name} → ${path}.ts`),
      );

  it.each<[string, RegExp]>([
    ['http', /^src\/(source|image|proof|verify|cli)\//],
    ['source', /^src\/(image|proof|verify|cli)\//],
    ['image/layout', /^src\/(source|image\/(build|check|publish)|proof|verify|cli)\//],
    ['image/check', /^src\/(image\/publish|proof\/(?!lock$)|verify|cli)\/?/],
    ['image/build', /^src\/(image\/(check|publish)|proof\/(?!lock$)|verify|cli)\/?/],
    ['proof', /^src\/(image\/publish|verify|cli)\//],
    ['image/publish', /^src\/(verify|cli)\//],
    ['verify', /^src\/(source|image\/(build|check|publish)|cli)\//],
  ])('goes one way: %s imports nothing of what comes after it', (from, after) => {
    expect(crossings(from, after)).toEqual([]);
  });

  it('finds what it looks for', () => {
    expect(crossings('proof', /^src\/image\/layout\//).length).toBeGreaterThan(3);
    expect(files.length).toBeGreaterThan(40);
    expect(importing('node:fs/promises').length).toBeGreaterThan(5);
  });

  it('has no file over 260 lines', () => {
    const long = files.filter(({ text }) => text.trimEnd().split('\n').length > 260).map(({ name }) => name);
    expect(long).toEqual([]);
  });
});
