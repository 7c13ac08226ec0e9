import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { beforeAll, expect, test } from 'vitest';
import { EXIT_CODES } from '../../../src/errors.js';
import { tinyWorkspace } from '../../lab/repositories.js';
import type { Content } from '../../lab/repository.js';
import { HOSTILE_LINES, readCommands } from '../../support/runner.js';
import {
  type ActionRun,
  atEndOfFile,
  execute,
  freshImage,
  inFront,
  lab,
  ownUpstream,
  ROOT,
  runAction,
  temporaryFolder,
} from '../harness.js';

const TOKEN = 'ghp_0123/Secret+Secret=4567890abcdef';
/** What of a secret must show nowhere: its beginning, as it is, in base64, in a URL. */
const TRACES = [
  TOKEN.slice(0, 8),
  Buffer.from(TOKEN).toString('base64').slice(0, 8),
  encodeURIComponent(TOKEN).slice(0, 11),
];
const HEADER = Buffer.from(`x-access-token:${TOKEN}`).toString('base64');

/** What a child prints: every form of a command, in disguises, and the secret in every spelling, cut off at every place. */
const LINES = [
  ...HOSTILE_LINES,
  ...HOSTILE_LINES.map((line) => `\u001b[0m\u001b[2K${line}\u001b[0m`),
  ...HOSTILE_LINES.map((line) => `${line}\r${line}\r\n\r${line}`),
  `token ${TOKEN}, ${TOKEN}${TOKEN}`,
  `Authorization: Basic ${HEADER}`,
  `https://x:${encodeURIComponent(TOKEN)}@example.org/`,
  ...Array.from(TOKEN, (_, index) => `${'y'.repeat(290 - index)}${TOKEN.repeat(20)}`),
];
/** A line of 10 MB: commands about every place where it may be cut, and the secret across the others. */
const LONG_LINE = ['::add-path::/evil', '##[add-path]/evil', TOKEN, '\u001b[1m']
  .map((piece) => piece.repeat(Math.ceil(2_500_000 / piece.length)))
  .join('');
/** The secret alone, so that redacting makes of it a line short enough to be shown whole, cut where it may be. */
const SECRET_LINE = TOKEN.repeat(Math.ceil(1_000_000 / TOKEN.length));

/** What makes a run send. */
const PUSH = { image: freshImage(), push: 'true' };

const atEnd = atEndOfFile();
let files: Record<string, Content>;
let clean: string[];
/** Paths of files that hold those lines. */
let hostile: string;
let long: string;

beforeAll(async () => {
  files = await tinyWorkspace();
  const folder = await temporaryFolder(atEnd);
  [hostile, long] = [join(folder, 'hostile'), join(folder, 'long')];
  await writeFile(hostile, `${LINES.join('\n')}\n`);
  await writeFile(long, `${LONG_LINE}\n${SECRET_LINE}\n`);
  const run = await build(files);
  expect(run, run.stdout).toMatchObject({ code: 0 });
  clean = namesOf(run);
  expect(new Set(clean)).toEqual(new Set(['add-mask', 'group', 'endgroup', 'stop-commands', 'RESUME', 'debug']));
});

async function build(
  tree: Record<string, Content>,
  env: Record<string, string> = {},
  inputs: Record<string, string> = {},
): Promise<ActionRun> {
  const repository = await (await ownUpstream(atEnd)).addRepository('dndx', 'phantun', tree);
  return runAction(
    { upstream: repository.url, platforms: 'linux/amd64', smoke: 'false', 'upstream-token': TOKEN, ...inputs },
    { env, folder: await temporaryFolder(atEnd) },
  );
}

function namesOf({ stdout, stderr }: ActionRun): string[] {
  return readCommands(`${stdout}${stderr}`).map(({ name }) => name);
}

/** No trace of the secret, but for the one line that tells it to the runner. */
function expectMasked({ stdout, stderr, summary, outputs }: ActionRun): void {
  const shown = stdout.replace(`::add-mask::${TOKEN.replaceAll('%', '%25')}\n`, '');
  for (const text of [shown, stderr, summary, ...Object.values(outputs)])
    expect(TRACES.filter((trace) => text.includes(trace))).toEqual([]);
}

/** A build script that writes past cargo, straight to the step's output, in pieces; and to its own, which cargo shows if it fails. */
function buildScript(end: string): Record<string, Content> {
  const source = `use std::io::Write;
fn main() {
    let lines: &[u8] = include_bytes!("hostile");
    let mut step = std::fs::OpenOptions::new().write(true).open("/proc/1/fd/2").expect("no output");
    for piece in [&b":"[..], b":add-path::/evil\\n", b"#", b"#[add-path]/evil\\r", b"\\n::add-", b"path::/evil\\n", b"\\r", b"\\n", lines] {
        step.write_all(piece).expect("closed");
        step.flush().expect("closed");
        std::thread::sleep(std::time::Duration::from_millis(50));
    }
    for line in String::from_utf8_lossy(lines).split('\\n') {
        println!("cargo:warning={line}");
    }
    std::io::stderr().write_all(lines).expect("closed");
    ${end}
}
`;
  return { 'phantun/build.rs': source, 'phantun/hostile': `${LINES.join('\n')}\n` };
}

test('68 a build that succeeds and prints every form of command: only our own are carried out, and no secret shows', async () => {
  const run = await build({ ...files, ...buildScript('') });
  expect(run, run.stdout).toMatchObject({ code: 0, leftovers: [] });
  expect(run.stdout).toContain('##[add-path]/evil');
  expect(namesOf(run)).toEqual(clean);
  expect(`${run.stdout}${run.summary}`).toContain('***');
  expectMasked(run);
});

test('68 a build that fails and prints every form of command: inert in the log and in the summary', async () => {
  const run = await build({ ...files, ...buildScript('panic!("{}", String::from_utf8_lossy(lines));') });
  expect(run, run.stdout).toMatchObject({ code: 1, outputs: { failure: 'build' }, leftovers: [] });
  const names = namesOf(run);
  expect(names.at(-1)).toBe('error');
  expect(names.filter((name) => !clean.includes(name))).toEqual(['error']);
  expect(`${run.stdout}${run.summary}`).toContain('***');
  expectMasked(run);
});

test('68 the command line in a step of a job: what a build prints that fails is inert, on both streams', async () => {
  const tree = { ...files, ...buildScript('panic!("{}", String::from_utf8_lossy(lines));') };
  const repository = await (await ownUpstream()).addRepository('dndx', 'phantun', tree);
  const flags = { upstream: repository.url, platforms: 'linux/amd64', 'rust-image': lab.bases.rust };
  const words = Object.entries({ ...flags, 'shell-image': lab.bases.shell }).map(([name, text]) => `--${name}=${text}`);
  const env = { GITHUB_ACTIONS: 'true', UPSTREAM_TOKEN: TOKEN, XDG_CACHE_HOME: await temporaryFolder() };
  const run = await execute(process.execPath, [join(ROOT, 'dist', 'cli.js'), 'build', ...words], env);
  expect(run.code, run.stderr).toBe(EXIT_CODES.build);
  expect(run.stderr).toContain('## [add-path]/evil');
  expect([...readCommands(run.stdout), ...readCommands(run.stderr)]).toEqual([]);
  expect(run.stderr).toContain('***');
  expect(TRACES.filter((trace) => `${run.stdout}${run.stderr}`.includes(trace))).toEqual([]);
});

test('68 a compiler that quotes the source: inert', async () => {
  const source = `fn main() { ${HOSTILE_LINES.map((line) => `compile_error!(${rustText(line)});`).join('\n')} }\n`;
  const run = await build({ ...files, 'phantun/src/bin/client.rs': source });
  expect(run, run.stdout).toMatchObject({ code: 1, outputs: { failure: 'build' }, leftovers: [] });
  expect(namesOf(run).filter((name) => !clean.includes(name))).toEqual(['error']);
});

function rustText(text: string): string {
  return `"${Array.from(text, (character) => `\\u{${(character.codePointAt(0) ?? 0).toString(16)}}`).join('')}"`;
}

test('68 programs that print lines of 10 MB, in pieces, with guesses of the token: inert, and no half of a secret shows', async () => {
  const pieces = `printf ':' >&2; sleep 0.05; printf ':add-path::/evil\\n#' >&2; sleep 0.05; printf '#[add-path]/evil\\r' >&2`;
  const noise = `${pieces}; sleep 0.05; printf '\\n' >&2; cat '${hostile}' '${long}' >&2`;
  const guesses = `for i in 0 1 2 3 4 5 6 7 8 9 a b c d e f; do printf '::%048d::\\n::add-path::/evil\\n' 0 | tr 0 $i; done`;
  const env = await inFront({
    git: noise,
    docker: `${noise}\nif [ "$2" = build ]; then cat '${hostile}' '${long}'; ${guesses}; fi`,
  });
  const run = await build(files, env);
  expect(run, run.stdout.slice(0, 10_000)).toMatchObject({ code: 0, leftovers: [] });
  expect(run.stdout).toContain('##[add-path]/evil');
  expect(run.stdout).toContain('::ffffffffffffffffffffffffffffffffffffffffffffffff::');
  expect(namesOf(run)).toEqual(clean);
  expect(`${run.stdout}${run.summary}`).toContain('***');
  expectMasked(run);
  expect(Math.max(...run.stdout.split('\n').map(({ length }) => length))).toBeLessThan(20_000);
});

test.each<[string, string, string, string, Record<string, string>?]>([
  [
    'docker that cannot build',
    'docker',
    'case "$*" in *--metadata-file*) cat HOSTILE LONG; cat HOSTILE >&2; exit 1; esac',
    'build',
  ],
  ['docker that can nothing', 'docker', 'cat HOSTILE >&2; cat HOSTILE; exit 1', 'local'],
  ['git that can nothing', 'git', '[ "$1" = --version ] || { cat HOSTILE >&2; cat HOSTILE; exit 128; }', 'local'],
  [
    'skopeo that cannot send',
    'skopeo',
    '[ "$1" != copy ] || { cat HOSTILE LONG >&2; cat HOSTILE; exit 1; }',
    'transient',
    PUSH,
  ],
])(
  '68 %s and prints every form of command: inert in the log and in the summary',
  async (_, program, script, kind, inputs) => {
    const lines = script.replaceAll('HOSTILE', `'${hostile}'`).replaceAll('LONG', `'${long}'`);
    const run = await build(files, await inFront({ [program]: lines }), inputs);
    expect(run, run.stdout.slice(0, 10_000)).toMatchObject({ code: 1, outputs: { failure: kind }, leftovers: [] });
    // What is tried again is told of before each new attempt.
    const again = kind === 'transient' ? ['warning', 'warning', 'warning'] : [];
    expect(namesOf(run).filter((name) => !clean.includes(name))).toEqual([...again, 'error']);
    expectMasked(run);
  },
);

test('68 a skopeo that prints every form of command while it sends: inert', async () => {
  const noise = `cat '${hostile}' '${long}'`;
  const run = await build(files, await inFront({ skopeo: `[ "$1" != copy ] || { ${noise} >&2; ${noise}; }` }), PUSH);
  expect(run, run.stdout.slice(0, 10_000)).toMatchObject({ code: 0, leftovers: [] });
  expect(run.outputs.refs).toContain('@sha256:');
  expect(new Set(namesOf(run))).toEqual(new Set(clean));
  expectMasked(run);
});

test('68 a server that sends the credential back in its error: masked in the log and in the summary', async () => {
  const upstream = await ownUpstream();
  const repository = await upstream.addRepository('dndx', 'phantun', files);
  let asked = 0;
  upstream.intercept = (request, response) => {
    asked += 1;
    if (asked === 1) return false; // what we ask ourselves; then git does
    const said = `ERR ${request.headers.authorization ?? ''} ${TOKEN} ${'z'.repeat(200)}${TOKEN.repeat(5)} ##[add-path]/evil`;
    const packet = `${(said.length + 4).toString(16).padStart(4, '0')}${said}`;
    response.writeHead(200, { 'content-type': 'application/x-git-upload-pack-advertisement' }).end(packet);
    return true;
  };
  const run = await runAction({ upstream: repository.url, platforms: 'linux/amd64', 'upstream-token': TOKEN });
  expect(run, run.stdout).toMatchObject({ code: 1, leftovers: [] });
  expect(run.summary).toContain('remote error');
  expect(namesOf(run).filter((name) => !['warning', ...clean].includes(name))).toEqual(['error']);
  expect(`${run.stdout}${run.summary}`).toContain('***');
  expectMasked(run);
});
