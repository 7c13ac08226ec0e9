import { mkdtempSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import type { Failure, FailureClass } from '../../../src/errors.js';
import { parseRef } from '../../../src/source/ref.js';
import { resolve } from '../../../src/source/resolve.js';
import { parseUpstream } from '../../../src/source/upstream.js';
import { find, run } from '../../lab/exec.js';
import type { Repository } from '../../lab/repository.js';
import { type Upstream, startUpstream } from '../../lab/upstream.js';
import { type TestDeps, fakeProgram, setEnvironment, temporaryFolder, testDeps } from '../../support/world.js';
import { failureOf } from '../../support/failureOf.js';

const folder = mkdtempSync(join(tmpdir(), 'phantun-resolve-'));
const FIRST = { 'Cargo.lock': '1\n', 'src/main.rs': 'fn main() {}\n' };
const TIME = 1_600_000_000;
const FUTURE = 4_000_000_000;

let server: Upstream;
let repository: Repository;
/** Ids by name: first, second, stranger (in a pull request only), tree, blob, annotated, nested. */
const ids: Record<string, string> = {};

beforeAll(async () => {
  server = await startUpstream(join(folder, 'upstream'));
  repository = await server.addRepository('o', 'n', FIRST, { time: TIME });
  const git = async (...args: string[]) => (await run('git', ['-C', repository.gitDir, ...args])).trim();
  ids.first = repository.commit;
  ids.second = await repository.addCommit(ids.first, { ...FIRST, 'new.txt': 'x' }, { time: TIME + 60 });
  ids.stranger = await repository.addCommit(ids.first, { 'evil.txt': 'x' });
  ids.tree = await repository.tree(ids.first);
  ids.blob = await git('rev-parse', `${ids.first}:Cargo.lock`);
  ids.annotated = await repository.annotate('v1.0', ids.first);
  const person = ['-c', 'user.name=Lab', '-c', 'user.email=lab@example.invalid'];
  await git(...person, 'tag', '-a', '-m', 'x', 'nested', 'v1.0');
  ids.nested = await git('rev-parse', 'nested');
  await git(...person, 'tag', '-a', '-m', 'x', 'of-tree', ids.tree);
  await repository.setRef('refs/tags/of-blob', ids.blob);
  await repository.setRef('refs/tags/light', ids.first);
  await repository.setRef('refs/tags/both', ids.first);
  await repository.setRef('refs/heads/both', ids.second);
  await repository.setRef('refs/heads/main', ids.second);
  await repository.setRef('refs/pull/1/head', ids.stranger);
  const empty = await server.addRepository('o', 'empty', FIRST);
  await empty.deleteRef('refs/heads/main');
  const unborn = await server.addRepository('o', 'unborn', FIRST);
  ids.unbornTree = await unborn.tree(unborn.commit);
  await unborn.setHead('nowhere');
  await server.addRepository('o', 'future', FIRST, { time: FUTURE });
});
afterEach(() => {
  server.intercept = undefined;
  server.requests.length = 0;
});
afterAll(async () => {
  await server.stop();
  rmSync(folder, { recursive: true });
});

const testWorld = () => testDeps({ temp: mkdtempSync(join(folder, 'temp-')) });
const resolved = (ref: string, deps: TestDeps = testWorld(), token?: string, name = 'n') =>
  resolve(parseUpstream(`${server.origin}/o/${name}`), parseRef(ref), token, deps);
const ask = async (...args: Parameters<typeof resolved>) => (await resolved(...args)).source;
const refusal = (...args: Parameters<typeof ask>): Promise<Failure> => failureOf(() => ask(...args));

/** Every `NAME` in a text replaced by the id it stands for. */
const filled = (text: string) => text.replace(/[A-Z]{4,}/g, (name) => ids[name.toLowerCase()] ?? name);

describe.concurrent('a ref that names a commit', () => {
  it.each<[string, string, string, string?]>([
    ['', 'HEAD', 'second'],
    ['HEAD', 'HEAD', 'second'],
    ['main', 'refs/heads/main', 'second'],
    ['refs/heads/both', 'refs/heads/both', 'second'],
    ['refs/tags/both', 'refs/tags/both', 'first'],
    ['light', 'refs/tags/light', 'first'],
    ['v1.0', 'refs/tags/v1.0', 'first', 'annotated'],
    ['nested', 'refs/tags/nested', 'first', 'nested'],
    ['FIRST', 'FIRST', 'first'],
  ])('%s', async (ref, name, commit, tagObject) => {
    const deps = testWorld();
    const source = await ask(filled(ref), deps);
    expect(source).toMatchObject({
      ref: filled(name),
      commit: ids[commit],
      epoch: commit === 'first' ? TIME : TIME + 60,
      tagObject: tagObject === undefined ? undefined : ids[tagObject],
    });
    expect(source.tree).toBe(await repository.tree(ids[commit] ?? ''));
    const tags = ['refs/tags/both', 'refs/tags/light', 'refs/tags/nested', 'refs/tags/v1.0'];
    expect(source.reachableFrom).toEqual(['refs/heads/both', 'refs/heads/main', ...(commit === 'first' ? tags : [])]);
    const object = await run('git', ['-C', repository.gitDir, 'cat-file', 'commit', source.commit]);
    expect(source.commitObject.toString()).toBe(object);
    expect(deps.logged).toEqual([]);
  });

  it('knows upstream’s history: which commit comes before which', async () => {
    const { history } = await resolved('HEAD');
    const pairs = ['first second', 'first first', 'second first', 'first stranger', 'stranger second', 'tree second'];
    const before = [];
    for (const pair of pairs) {
      const [older = '', newer = ''] = pair.split(' ').map((name) => ids[name] ?? '');
      if (await history.isAncestor(older, newer)) before.push(pair);
    }
    expect(before).toEqual(['first second', 'first first']);
  });

  it('names at most a hundred refs that hold the commit, the branches first, and always the one that was asked for', async () => {
    const crowded = await server.addRepository('o', 'crowded', FIRST, { time: TIME });
    const branches = ['refs/heads/main', 'refs/heads/z'];
    const tags = Array.from({ length: 150 }, (_, index) => `refs/tags/v${1_000 + index}`);
    const refs = [...tags].reverse().concat(branches);
    const input = refs.map((name) => `update ${name} ${crowded.commit}\n`).join('');
    await run('git', ['-C', crowded.gitDir, 'update-ref', '--stdin'], { input });
    const held = async (ref: string) => (await ask(ref, testWorld(), undefined, 'crowded')).reachableFrom;
    const first = [...branches, ...tags.slice(0, 98)];
    expect(await held('HEAD')).toEqual(first);
    expect(await held(crowded.commit)).toEqual(first);
    expect(await held('v1097')).toEqual(first);
    expect(await held('v1149')).toEqual([...first.slice(0, 99), 'refs/tags/v1149']);
  });

  it('hears of a commit that was pushed after it asked', async () => {
    const moving = await server.addRepository('o', 'moving', FIRST, { time: TIME });
    const { source, history } = await resolved('HEAD', testWorld(), undefined, 'moving');
    const { commit } = source;
    const pushed = await moving.addCommit(commit, { ...FIRST, 'new.txt': 'x' }, { time: TIME + 60 });
    await moving.setRef('refs/heads/main', pushed);
    expect([await history.isAncestor(commit, pushed), await history.isAncestor(pushed, commit)]).toEqual([true, false]);
  });

  it('knows what another ref names', async () => {
    const { history } = await resolved('main');
    expect(await history.at(parseRef('v1.0'))).toEqual({
      name: 'refs/tags/v1.0',
      commit: ids.first,
      tagObject: ids.annotated,
    });
  });

  it('in upper case is taken in lower case, and says so', async () => {
    const deps = testWorld();
    expect(await ask(ids.first?.toUpperCase() ?? '', deps)).toMatchObject({ ref: ids.first, commit: ids.first });
    expect(deps.logged).toEqual(['notice: ref is a commit id in upper case; taken in lower case']);
  });
});

describe.concurrent('a ref that names no commit of upstream', () => {
  it.each<[string, FailureClass, string]>([
    [
      'both',
      'input',
      "input ref: upstream has a branch and a tag 'both'. Say which: refs/heads/both or refs/tags/both",
    ],
    ['gone', 'not-found', "ADDRESS has no branch and no tag 'gone'. Check ref"],
    ['refs/heads/v1.0', 'not-found', 'ADDRESS has no refs/heads/v1.0. Check ref'],
    ['refs/tags/main', 'not-found', 'ADDRESS has no refs/tags/main. Check ref'],
    ['refs/heads/gone-3-gSHORT', 'not-found', 'ADDRESS has no refs/heads/gone-3-gSHORT. Check ref'],
    ['gone-gSHORT', 'not-found', "ADDRESS has no branch and no tag 'gone-gSHORT'. Check ref"],
    ['of-tree', 'input', 'input ref: refs/tags/of-tree names no commit but another kind of object'],
    ['of-blob', 'input', 'input ref: refs/tags/of-blob names no commit but another kind of object'],
    ['TREE', 'input', "input ref: TREE is the id of a tree, not of a commit. Give the commit's id"],
    ['BLOB', 'input', "input ref: BLOB is the id of a blob, not of a commit. Give the commit's id"],
    ['ANNOTATED', 'input', "input ref: ANNOTATED is the id of a tag, not of a commit. Give the commit's id"],
    ['0'.repeat(40), 'not-found', `ADDRESS has no commit ${'0'.repeat(40)}. Check ref, and that the commit was pushed`],
    [
      'STRANGER',
      'verification',
      "ADDRESS serves commit STRANGER, but none of its branches and tags holds it. It may come from a fork or a pull request, which share upstream's addresses. Give a commit of a branch or a tag",
    ],
  ])('%s is refused', async (ref, kind, message) => {
    const known = (text: string) =>
      filled(text.replace('SHORT', (ids.first ?? '').slice(0, 7)).replace('ADDRESS', `${server.origin}/o/n`));
    const deps = testWorld();
    const failure = await refusal(known(ref), deps);
    expect([failure.kind, failure.message, deps.slept]).toEqual([kind, known(message), []]);
  });

  it.each(['empty', 'unborn'])('because the repository is %s is refused', async (name) => {
    expect(await refusal('HEAD', testWorld(), undefined, name)).toMatchObject({
      kind: 'not-found',
      message: `${server.origin}/o/${name} has no commit yet, or none that its HEAD names. If it has branches or tags, give one as ref`,
    });
    expect((await refusal('nowhere', testWorld(), undefined, name)).message).toMatch(/no branch and no tag 'nowhere'/);
  });

  it('is found where HEAD names nothing, and the branch that is asked for is there', async () => {
    expect((await ask('main', testWorld(), undefined, 'unborn')).ref).toBe('refs/heads/main');
    expect((await ask('refs/heads/main', testWorld(), undefined, 'unborn')).tree).toBe(ids.unbornTree);
  });

  it('may be of this very second', async () => {
    const deps = { ...testWorld(), now: () => TIME * 1_000 };
    expect(await ask(ids.first ?? '', deps)).toMatchObject({ epoch: TIME });
  });

  it('of the past is refused: the clock is wrong', async () => {
    const failure = await refusal('HEAD', testWorld(), undefined, 'future');
    expect(failure.kind).toBe('local');
    expect(failure.message).toMatch(
      /^the clock of this machine \(2026-11-20T12:00:00\.000Z\) is before the time of commit [0-9a-f]{40} \(2096-10-02T07:06:40\.000Z\): times in the image would lie\. Set the clock$/,
    );
  });
});

describe('upstream and git', () => {
  it('are asked no more about commits that are here already', async () => {
    const { history } = await resolved('HEAD');
    server.requests.length = 0;
    expect(await history.isAncestor(ids.first ?? '', ids.second ?? '')).toBe(true);
    expect(server.requests).toEqual([]);
  });

  it('are shown no token where there is none', async () => {
    const shown: (string | undefined)[] = [];
    server.intercept = ({ headers }) => {
      shown.push(headers.authorization);
      return false;
    };
    await ask('HEAD');
    expect(new Set(shown)).toEqual(new Set([undefined]));
  });

  it('asks once where HEAD is there, whatever a server has git say of it', async () => {
    const [git = '', asked] = [find('git'), join(temporaryFolder(), 'asked')];
    const say = `echo "remote: couldn't find remote ref HEAD" >&2; echo fetch >> '${asked}'`;
    fakeProgram('git', `case "$*" in *+refs/heads/*) ${say};; esac; exec '${git}' "$@"`);
    expect((await ask('HEAD')).commit).toBe(ids.second);
    expect(readFileSync(asked, 'utf8')).toBe('fetch\n');
  });

  it.each([
    ['for-each-ref', 'for-each-ref'],
    ['cat-file', 'cat-file commit'],
    ['merge-base', 'merge-base'],
  ])('are not believed where git fails at %s', async (name, command) => {
    const git = find('git');
    fakeProgram('git', `case "$*" in *'${command}'*) echo broken >&2; exit 128;; esac; exec ${git ?? ''} "$@"`);
    const { kind, message } = await failureOf(async () => {
      const { history } = await resolved('HEAD');
      return history.isAncestor(ids.first ?? '', ids.second ?? '');
    });
    expect([kind, message]).toEqual(['local', expect.stringMatching(new RegExp(`^git ${name} failed: broken`))]);
  });
});

describe('the machine', () => {
  it('keeps nothing outside the folder of the run, and its configuration changes nothing', async () => {
    const [home, temp] = [temporaryFolder(), temporaryFolder()];
    writeFileSync(join(home, '.gitconfig'), `[url "http://127.0.0.1:1/"]\n\tinsteadOf = ${server.origin}/\n`);
    setEnvironment({ HOME: home, TMPDIR: temp, GIT_DIR: '/nowhere', XDG_CONFIG_HOME: home });
    const deps = testWorld();
    expect((await ask('HEAD', deps)).commit).toBe(ids.second);
    expect([readdirSync(home), readdirSync(temp)]).toEqual([['.gitconfig'], []]);
    expect(readdirSync(deps.temp)).toHaveLength(1);
  });

  it('asks an upstream on its own loopback without a proxy', async () => {
    setEnvironment({ http_proxy: 'http://127.0.0.1:1', HTTP_PROXY: 'http://127.0.0.1:1', no_proxy: undefined });
    expect((await ask('HEAD')).commit).toBe(ids.second);
  });

  it('whose git hands over another object than was asked for is not believed', async () => {
    fakeProgram('git', `case "$*" in *'cat-file commit'*) echo forged;; *) exec '${find('git') ?? ''}' "$@";; esac`);
    const failure = await refusal('HEAD');
    expect(failure.kind).toBe('verification');
    expect(failure.message).toMatch(/^the object that came for commit [0-9a-f]{40} has the id [0-9a-f]{40}$/);
  });

  it('stops at once when the run is cancelled', async () => {
    const deps = testWorld();
    server.intercept = (request) => {
      if (request.method === 'POST') deps.abort();
      return request.method === 'POST';
    };
    expect((await refusal('HEAD', deps)).kind).toBe('cancelled');
  });
});
