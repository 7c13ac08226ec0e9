import { createHash } from 'node:crypto';
import { mkdtemp, readFile, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from 'vitest';
import { EVIDENCE_TYPE } from '../../../src/proof/evidenceReferrer.js';
import { putManifest, readReferrers } from '../../lab/attach.js';
import {
  type Fault,
  type RegistryProxy,
  type Rule,
  after,
  answer,
  cutShort,
  doneThenReset,
  reset,
  saysHowLong,
  startRegistryProxy,
  status,
} from '../../lab/registryProxy.js';
import { tinyWorkspace } from '../../lab/repositories.js';
import type { Content, Repository } from '../../lab/repository.js';
import { type Upstream, startUpstream } from '../../lab/upstream.js';
import { afterThisTest } from '../../support/world.js';
import {
  type Finished,
  ROOT,
  codeOf,
  execute,
  freshImage,
  lab,
  registryDigest,
  registryTags,
  runAction,
  temporaryFolder,
} from '../harness.js';

let folder: string;
let upstream: Upstream;
let repository: Repository;
let files: Record<string, Content>;
/** What one build exported; every test publishes the same bytes to a repository of its own. */
let layout: string;
let digest: string;
let children: Record<string, string>;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'phantun-registry-'));
  upstream = await startUpstream(join(folder, 'upstream'));
  files = await tinyWorkspace();
  repository = await upstream.addRepository('dndx', 'phantun', files);
  layout = join(folder, 'out');
  const run = await runAction(
    { upstream: repository.url, smoke: 'false', export: layout },
    { folder: join(folder, 'run') },
  );
  expect(run, run.stdout).toMatchObject({ code: 0 });
  digest = run.outputs.digest ?? '';
  children = JSON.parse(run.outputs.manifests ?? '{}') as Record<string, string>;
});
afterAll(async () => {
  await upstream.stop();
  await rm(folder, { recursive: true, force: true });
});

let proxy: RegistryProxy;
/** The temporary folder of a test's runs, which must leave nothing in it. */
let temp: string;
/** The repository through the proxy, and as it really is. */
let image: string;
let real: string;
beforeEach(async () => {
  proxy = await startRegistryProxy(lab.registry);
  afterThisTest(proxy.stop);
  real = freshImage();
  image = real.replace(lab.registry, proxy.host);
  temp = await temporaryFolder();
});
afterEach(async () => expect(await readdir(temp)).toEqual([]));

function publish(tags: Record<string, string> = {}): Promise<Finished> {
  const flags = Object.entries({ image, tags: 'fixed', 'moving-tags': 'latest', ...tags });
  const args = ['publish', layout, ...flags.map(([name, value]) => `--${name}=${value}`)];
  const env = { XDG_CACHE_HOME: join(folder, 'cache'), TMPDIR: temp };
  return execute(process.execPath, [join(ROOT, 'dist', 'cli.js'), ...args], env);
}

async function expectPublished(run: Finished): Promise<void> {
  expect(run, run.stderr).toMatchObject({ code: 0 });
  for (const tag of ['fixed', 'latest']) expect(await registryDigest(`${real}:${tag}`)).toBe(digest);
  for (const child of Object.values(children)) expect(await registryDigest(`${real}@${child}`)).toBe(child);
}

/** A run that must fail: its class and sentence, and no tag of ours anywhere. */
async function expectRefused(run: Finished, kind: string, sentence: RegExp): Promise<void> {
  expect(run.stderr).toMatch(new RegExp(`\\(${kind}\\)\\s*$`));
  expect(run.stderr).toMatch(sentence);
  expect(run.code).toBe(codeOf(run.stderr));
  expect(run.stderr).not.toMatch(/^\s+at .*:\d+:\d+/m);
  expect((await registryTags(real)).filter((tag) => !tag.startsWith('sha256-'))).toEqual([]);
}

const MANIFESTS = /\/manifests\//;
const UPLOADS = /\/blobs\/uploads\//;
const writes = () => proxy.requests.filter((line) => /^(POST|PUT|PATCH|DELETE) /.test(line));
const manifestOf = (name: string) => new RegExp(`/manifests/${name}$`);

/** Another image in the same repository, under a tag: ours with other annotations. */
async function somebodyElses(tag: string, annotations: Record<string, string> = {}): Promise<string> {
  const ours = await readFile(join(layout, 'oci', 'blobs', 'sha256', digest.replace('sha256:', '')), 'utf8');
  const other = Buffer.from(JSON.stringify({ ...(JSON.parse(ours) as object), annotations }));
  await putManifest(real, tag, 'application/vnd.oci.image.index.v1+json', other);
  return `sha256:${createHash('sha256').update(other).digest('hex')}`;
}

test.each<[number, string]>([
  [401, 'UNAUTHORIZED'],
  [403, 'DENIED'],
])('69 a push that is refused with %i fails at once, and says what may be missing', async (code, error) => {
  proxy.rules = [{ method: 'POST', path: UPLOADS, fault: status(code, error) }];
  const run = await publish();
  await expectRefused(run, 'auth', /docker login .*packages: write/);
  expect(run.stderr).not.toContain('attempt 1 of');
});

test('70 a registry that asks to wait is waited for', async () => {
  proxy.rules = [
    { method: 'POST', path: UPLOADS, times: 2, fault: status(429, 'TOOMANYREQUESTS', { 'retry-after': '1' }) },
  ];
  await expectPublished(await publish());
});

test('70 a registry that asks to wait behind a body is given the time it asks for', async () => {
  const limit = { method: 'PUT', path: MANIFESTS, times: 1, fault: status(429, 'TOOMANYREQUESTS') };
  proxy.rules = [saysHowLong(3), limit];
  const run = await publish();
  await expectPublished(run);
  expect(run.stderr).toMatch(/attempt 1 of 4: .*\. Come back at 20\S+Z; again in 3\.0 s/);
});

test('70 a registry that asks for more than there is time for fails at once, and says when to come back', async () => {
  proxy.rules = [saysHowLong(3_600), { method: 'PUT', path: MANIFESTS, fault: status(429, 'TOOMANYREQUESTS') }];
  const run = await publish();
  await expectRefused(run, 'rate-limit', /limits how often this machine may ask.*\. Come back at 20\S+Z/);
  expect(run.stderr).not.toContain('attempt 1 of');
});

test('70 a registry that always asks to wait fails as what it is, and no tag moves', async () => {
  const always = status(429, 'TOOMANYREQUESTS', { 'retry-after': '1' });
  proxy.rules = [saysHowLong(1), { method: 'POST', path: UPLOADS, fault: always }];
  const run = await publish();
  await expectRefused(run, 'rate-limit', /limits how often this machine may ask/);
  expect(run.stderr).toContain('attempt 3 of 4');
});

/** A fault that strikes once, from the start. */
function once(method: string, path: RegExp, fault: Fault): Rule {
  const rule: Rule = { method, path, times: 1, fault };
  proxy.rules = [rule];
  return rule;
}

/** A fault that strikes once who reads the index when it is there. */
function onceRead(fault: Fault): Rule {
  const rule: Rule = { method: 'GET', path: manifestOf(digest), times: 1, fault };
  const begin = after(() => {
    proxy.rules = [rule];
    return Promise.resolve();
  });
  once('PUT', manifestOf(digest), begin);
  return rule;
}

const LIST = manifestOf('sha256-[0-9a-f]{64}');
const child = () => manifestOf(children['linux/amd64'] ?? '');
const waitASecond = status(429, 'TOOMANYREQUESTS', { 'retry-after': '1' });
const TRIED_AGAIN = /attempt 1 of 4/;
/** The client waits as it is asked to, and says nothing of it. */
const SAYS_NOTHING = /^(?!.*attempt 1 of)/s;

test.each<[string, () => Rule, RegExp]>([
  ['a 500', () => once('PUT', MANIFESTS, status(500, 'UNKNOWN')), TRIED_AGAIN],
  ['a 503', () => once('POST', UPLOADS, status(503, 'UNAVAILABLE')), TRIED_AGAIN],
  ['an EOF', () => once('PUT', MANIFESTS, reset()), TRIED_AGAIN],
  ['a reset in mid-upload', () => once('PATCH', UPLOADS, reset(10_000)), TRIED_AGAIN],
  ['a lost answer to a layer', () => once('PUT', UPLOADS, doneThenReset()), TRIED_AGAIN],
  ['a lost answer to a platform', () => once('PUT', child(), doneThenReset()), TRIED_AGAIN],
  ['a lost answer to the index', () => once('PUT', manifestOf(digest), doneThenReset()), TRIED_AGAIN],
  ['a lost answer to a tag', () => once('PUT', manifestOf('latest'), doneThenReset()), TRIED_AGAIN],
  ['a lost answer to the list of referrers', () => once('PUT', LIST, doneThenReset()), TRIED_AGAIN],
  ['an answer cut short', () => onceRead(cutShort()), TRIED_AGAIN],
  ['a wait asked of a reader', () => onceRead(waitASecond), SAYS_NOTHING],
])('71 %s is no end: the copy is tried again, and what is there is not sent again', async (_, spoil, says) => {
  const rule = spoil();
  const run = await publish();
  await expectPublished(run);
  expect(rule.times).toBe(0);
  expect(run.stderr).toMatch(says);
  const finished = proxy.requests.filter((line) => line.startsWith('PUT ') && line.includes('digest=sha256'));
  const blobs = finished.map((line) => /digest=sha256(?:%3A|:)([0-9a-f]{64})/.exec(line)?.[1]);
  expect(blobs.length).toBeGreaterThanOrEqual(4);
  expect(new Set(blobs).size).toBe(blobs.length);
  const evidence = await readReferrers(real, digest);
  expect(evidence).toMatchObject([{ artifactType: EVIDENCE_TYPE }]);
  expect(await registryDigest(`${real}@${evidence[0]?.digest}`)).toBe(evidence[0]?.digest);
});

test('71 a registry that stays broken fails, after four attempts, and no tag moves', async () => {
  proxy.rules = [{ method: 'PUT', path: manifestOf(digest), fault: status(500, 'UNKNOWN') }];
  const run = await publish();
  await expectRefused(run, 'transient', /copying to .*did not do it/);
  expect(run.stderr).toContain('attempt 3 of 4');
});

test('65 a registry that serves other bytes than it was sent: no tag moves', async () => {
  const other = answer('{"schemaVersion":2}', { 'content-type': 'application/vnd.oci.image.index.v1+json' });
  const lie = after(() => {
    proxy.rules = [{ path: manifestOf(digest), fault: other }];
    return Promise.resolve();
  });
  proxy.rules = [{ method: 'PUT', path: manifestOf(digest), times: 1, fault: lie }];
  await expectRefused(await publish(), 'registry', /serves bytes whose digest is sha256:.*No tag was moved/);
});

test('72 a manifest that appears late is waited for', async () => {
  let sent = false;
  const hidden = { path: manifestOf(digest), times: 3, fault: status(404, 'MANIFEST_UNKNOWN') };
  const note = after(() => {
    sent = true;
    proxy.rules = [hidden];
    return Promise.resolve();
  });
  proxy.rules = [{ method: 'PUT', path: manifestOf(digest), times: 1, fault: note }];
  await expectPublished(await publish());
  expect(sent).toBe(true);
  expect(hidden.times).toBe(0);
});

test('72 a manifest that never appears fails, and no tag moves', async () => {
  const hide = after(() => {
    proxy.rules = [{ path: manifestOf(digest), fault: status(404, 'MANIFEST_UNKNOWN') }];
    return Promise.resolve();
  });
  proxy.rules = [{ method: 'PUT', path: manifestOf(digest), times: 1, fault: hide }];
  await expectRefused(await publish(), 'registry', /was sent, but the registry does not show it\. No tag was moved/);
});

test('73 one platform is copied, the other fails: no tag moves, and the message says what is there', async () => {
  const failing = children['linux/arm64'] ?? '';
  proxy.rules = [{ method: 'PUT', path: manifestOf(failing), fault: status(500, 'UNKNOWN') }];
  const run = await publish();
  await expectRefused(run, 'transient', new RegExp(`copying to ${image}@${digest}`));
  const amd64 = children['linux/amd64'] ?? '';
  expect(run.stderr).toContain(`. No tag was moved. ${image} serves linux/amd64 (${amd64}) (transient)`);
  expect(await registryDigest(`${real}@${amd64}`)).toBe(amd64);
  expect(await registryDigest(`${real}@${digest}`)).toBeUndefined();
});

test('74 a fixed tag that names another digest stops the run before it writes; once published, nothing is sent again', async () => {
  await expectPublished(await publish());
  const before = writes().length;
  await expectPublished(await publish());
  expect(writes()).toHaveLength(before);

  const other = await somebodyElses('taken');
  const run = await publish({ tags: 'taken' });
  expect(run.code).toBe(8);
  expect(run.stderr).toMatch(/taken already names sha256:[0-9a-f]{64} and may not move.*\(registry\)/);
  expect(await registryDigest(`${real}:taken`)).toBe(other);
  expect(writes()).toHaveLength(before);
});

test('75 a tag that somebody else moved in between is left as it is', async () => {
  // First published without tags, so that the other's tag has its children there.
  await expectPublished(await publish());
  let other = '';
  const theirs = after(async () => {
    other = await somebodyElses('edge');
  });
  // Both looks at the tag are reads of one address: the first is let through, the other's move comes before the second.
  let looks = 0;
  proxy.rules = [
    {
      path: manifestOf('edge'),
      fault: (request, response, forward) => {
        looks += 1;
        if (looks === 2) theirs(request, response, forward);
        else forward();
      },
    },
  ];
  const run = await publish({ 'moving-tags': 'edge' });
  expect(run.code).toBe(8);
  expect(run.stderr).toMatch(/edge was moved by somebody else.*is left as it is.*\(registry\)/);
  expect(await registryDigest(`${real}:edge`)).toBe(other);
});

test('75 a tag that somebody else moved while the image was signed is left as it is', async () => {
  await expectPublished(await publish());
  await somebodyElses('edge');
  const signable = join(await temporaryFolder(), 'signable');
  const flags = { 'moving-tags': 'edge' };
  const sent = await publish({ ...flags, signable });
  expect(sent, sent.stderr).toMatchObject({ code: 0 });
  const other = await somebodyElses('edge', { by: 'somebody' });
  const before = writes().length;
  const run = await publish({ ...flags, seen: join(signable, 'tags.json') });
  expect(run.code).toBe(8);
  expect(run.stderr).toMatch(/edge was moved by somebody else.*is left as it is.*\(registry\)/);
  expect(await registryDigest(`${real}:edge`)).toBe(other);
  expect(writes()).toHaveLength(before);
});

test('76 an image of an older commit does not take a moving tag from one of a newer', async () => {
  await expectPublished(await publish());
  const next = await repository.addCommit(repository.commit, { ...files, 'NEWS.md': 'x' }, { time: 1_700_000_100 });
  await repository.setRef('refs/heads/main', next);
  const newer = await somebodyElses('edge', { 'io.github.phantun-runtime.commit': next });
  const before = writes().length;
  const run = await publish({ 'moving-tags': 'edge' });
  expect(run.code, run.stderr).toBe(8);
  expect(run.stderr).toMatch(/a moving tag never goes back.*\(registry\)/);
  expect(await registryDigest(`${real}:edge`)).toBe(newer);
  expect(writes()).toHaveLength(before);
});

test('34 a commit that upstream has taken back since it was built is not published', async () => {
  const main = repository.commit;
  await repository.setRef(
    'refs/heads/main',
    await repository.addCommit(undefined, { ...files, 'NEWS.md': 'rewritten' }),
  );
  afterThisTest(() => repository.setRef('refs/heads/main', main));
  await expectRefused(await publish(), 'verification', /none of its branches and tags holds it/);
  expect(writes()).toEqual([]);
});
