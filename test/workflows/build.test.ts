import { createHash, randomBytes } from 'node:crypto';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { tinyWorkspace } from '../lab/repositories.js';
import type { Repository } from '../lab/repository.js';
import { lab, registryDigest, registryTags, runAction, temporaryFolder } from '../e2e/harness.js';
import { drifting } from '../e2e/proof/tiny.js';
import { freshBuilder } from '../e2e/surroundings.js';
import { PUBLISHER, SIGNER } from '../support/signed.js';
import { type RunOptions, type World, createWorld } from './harness.js';

let world: World;
/** The tiny workspace. */
let repository: Repository;
const name = `workflows/${randomBytes(6).toString('hex')}`;
/** The repository that release.yml publishes to, without the proxy before it. */
const real = `${lab.registry}/${name}`;

beforeAll(async () => {
  world = await createWorld();
  repository = await world.upstream.addRepository('dndx', 'phantun', await tinyWorkspace());
  await world.callWith('release.yml', {
    image: `${world.registry.host}/${name}`,
    upstream: repository.url,
    platforms: 'linux/amd64',
    'rust-image': lab.bases.rust,
    'shell-image': lab.bases.shell,
    'allow-self-hosted': true,
  });
});
afterAll(() => world.stop());

async function release(change: Record<string, string> = {}, harm: Pick<RunOptions, 'spoil' | 'swap'> = {}) {
  world.registry.requests.length = 0;
  world.signed.length = 0;
  const given = { ref: 'HEAD', 'archive-sha256': '', tags: 'fixed', 'moving-tags': 'latest', 'dry-run': 'false' };
  const run = await world.act('release.yml', 'workflow_dispatch', { inputs: { ...given, ...change }, ...harm });
  const writes = world.registry.requests.filter((line) => /^(POST|PUT|PATCH|DELETE) /.test(line));
  return { ...run, writes };
}

const tags = async () => (await registryTags(real)).filter((tag) => !/^(sha256|key)-/.test(tag)).sort();

/** What the tag `latest` names: the index, and the manifests of its platforms. */
async function published(): Promise<{ digest: string; children: string[] }> {
  const accept = 'application/vnd.oci.image.index.v1+json';
  const answer = await fetch(`http://${real.replace('/', '/v2/')}/manifests/latest`, { headers: { accept } });
  const bytes = Buffer.from(await answer.arrayBuffer());
  const { manifests } = JSON.parse(bytes.toString()) as { manifests: { digest: string }[] };
  const digest = `sha256:${createHash('sha256').update(bytes).digest('hex')}`;
  return { digest, children: manifests.map((child) => child.digest) };
}

// One story: each test finds the repository as the one before left it.
test('a dry run builds, checks and rebuilds, and writes nothing', async () => {
  const run = await release({ 'dry-run': 'true' });
  expect(run, run.log).toMatchObject({ code: 0, writes: [] });
  expect(run.log).toMatch(/Rebuild elsewhere +\| 🏁 +Job succeeded/);
  expect(await registryTags(real)).toEqual([]);
  expect(world.signed).toEqual([]);
});

test('a release of a commit and its archive, for the default platforms, builds, checks, rebuilds, publishes, signs, verifies, and tags last', async () => {
  await world.callWith('release.yml', { platforms: undefined });
  const archive = await fetch(`${repository.url}/archive/${repository.commit}.tar.gz`);
  const sha256 = createHash('sha256')
    .update(new Uint8Array(await archive.arrayBuffer()))
    .digest('hex');
  const run = await release({ ref: repository.commit, 'archive-sha256': sha256 });
  expect(run, run.log).toMatchObject({ code: 0 });
  expect(Object.values(run.jobs)).not.toContain('failure');
  expect(await tags()).toEqual(['fixed', 'latest']);
  expect(await registryDigest(`${real}:latest`)).toBe(await registryDigest(`${real}:fixed`));
  for (const platform of ['linux/amd64', 'linux/arm64'])
    expect(run.log).toMatch(new RegExp(`Run on ${platform}[^|]*\\| 🏁 +Job succeeded`));
  const { digest, children } = await published();
  expect(children).toHaveLength(2);
  const statements = world.signed.map(({ predicateType, digest: about }) => `${predicateType} ${about}`);
  expect(statements.sort()).toEqual(
    [
      `https://slsa.dev/provenance/v1 ${digest}`,
      `https://phantun-runtime.github.io/build/v1 ${digest}`,
      ...children.map((child) => `https://phantun-runtime.github.io/build/v1 ${child}`),
      ...children.map((child) => `https://cyclonedx.org/bom ${child}`),
    ].sort(),
  );
  const tagged = world.registry.requests.findIndex((line) => /^PUT .*\/manifests\/(fixed|latest|key-\w+)$/.test(line));
  const attached = world.registry.requests.findLastIndex((line) => /^PUT .*\/manifests\/sha256-/.test(line));
  expect(attached).toBeGreaterThan(0);
  expect(tagged).toBeGreaterThan(attached);
});

test('a release whose fixed tag names another image already writes nothing', async () => {
  const before = await published();
  await world.callWith('release.yml', { platforms: 'linux/amd64' });
  const run = await release();
  expect(run.code, run.log).not.toBe(0);
  expect(run.log).toMatch(/:fixed already names sha256:\w+ and may not move to sha256:\w+\. Nothing was published/);
  expect(run).toMatchObject({ writes: [] });
  expect(world.signed).toEqual([]);
  expect(await published()).toEqual(before);
});

test.each(['check', 'publish'])(
  'a layout that is spoilt on its way to job %s leaves every tag where it was',
  async (job) => {
    const before = await registryDigest(`${real}:latest`);
    await world.callWith('release.yml', { labels: `spoilt=${job}` });
    const run = await release({ tags: 'other' }, { spoil: job });
    expect(run.code, run.log).not.toBe(0);
    expect(run.log).toMatch(/digest of .*expected sha256:.*found sha256:/);
    expect(await tags()).toEqual(['fixed', 'latest']);
    expect(await registryDigest(`${real}:latest`)).toBe(before);
    expect(run.writes).toEqual([]);
  },
);

test('a second build that fails keeps the first from being published', async () => {
  const run = await release({ tags: 'other' }, { spoil: 'rebuild' });
  expect(run.code, run.log).not.toBe(0);
  expect(run.log).toMatch(/inputs\.epoch: the lock says \d+, this run found \d+/);
  expect(run.log).toMatch(/Run on linux\/amd64[^|]*\| 🏁 +Job succeeded/);
  expect(run).toMatchObject({ writes: [] });
  expect(world.signed).toEqual([]);
});

test('another image of the same inputs, in the place of the one that was checked, is not published', async () => {
  const { url } = await world.upstream.addRepository('dndx', 'drifting', drifting(await tinyWorkspace()));
  const change = { upstream: url, labels: '' };
  await world.callWith('release.yml', change);
  const image = `${world.registry.host}/${name}`;
  const folder = join(await temporaryFolder(), 'out');
  const given = { ...change, image, tags: 'other', 'moving-tags': 'latest', platforms: 'linux/amd64' };
  const other = await runAction({ ...given, export: folder, builder: await freshBuilder() });
  expect(other, other.stdout.slice(-4_000)).toMatchObject({ code: 0 });
  const run = await release({ tags: 'other' }, { swap: folder });
  expect(run.code, run.log).not.toBe(0);
  expect(run.log).toMatch(/input expect-digest is sha256:/);
  expect(run.log).toContain(`and this image has ${other.outputs.digest ?? ''}. Nothing was published`);
  expect(run).toMatchObject({ writes: [] });
  expect(await tags()).toEqual(['fixed', 'latest']);
});

test('a release whose signing services are down is sent, and no tag moves; the next run signs it, and the one after it nothing', async () => {
  const before = await registryDigest(`${real}:latest`);
  await world.callWith('release.yml', { upstream: repository.url, labels: 'signing=down' });
  world.signingDown = true;
  const run = await release({ tags: 'unsigned' }).finally(() => {
    world.signingDown = false;
  });
  expect(run.code, run.log).not.toBe(0);
  expect(run.log).toMatch(/the signing services are down/);
  expect(world.signed).toEqual([]);
  expect(run.writes.some((line) => /^PUT .*\/manifests\/sha256:/.test(line))).toBe(true);
  expect(await tags()).toEqual(['fixed', 'latest']);
  expect(await registryDigest(`${real}:latest`)).toBe(before);

  // The image and its evidence are there now: what is signed is the lock that lies beside it.
  const again = await release({ tags: 'unsigned' });
  expect(again, again.log).toMatchObject({ code: 0 });
  expect(await tags()).toContain('unsigned');
  const { length } = world.signed;

  // What is signed is not signed again.
  const third = await release({ tags: 'unsigned' });
  expect(third, third.log).toMatchObject({ code: 0 });
  expect([length, world.signed]).toEqual([4, []]);
});

test('verify.yml passes what was published, hands on its digest, and refuses another publisher and another signer', async () => {
  await world.add('consumer.yml', {
    on: { workflow_dispatch: { inputs: { publisher: {}, signer: {} } } },
    jobs: {
      image: {
        uses: './.github/workflows/verify.yml',
        permissions: { contents: 'read', packages: 'read' },
        with: {
          image: `${world.registry.host}/${name}:latest`,
          publisher: '${{ inputs.publisher }}',
          signer: '${{ inputs.signer }}',
        },
        secrets: 'inherit',
      },
      use: {
        needs: 'image',
        'runs-on': 'ubuntu-24.04',
        steps: [{ run: 'echo "runs $DIGEST"', env: { DIGEST: '${{ needs.image.outputs.digest }}' } }],
      },
    },
  });
  const verify = (publisher: string, signer = SIGNER) =>
    world.act('consumer.yml', 'workflow_dispatch', { inputs: { publisher, signer } });

  const passed = await verify(PUBLISHER);
  expect(passed, passed.log).toMatchObject({ code: 0 });
  expect(passed.log).toContain(`runs ${(await registryDigest(`${real}:latest`)) ?? 'nothing'}`);
  expect(passed.log).toContain(`| published by | https://github.com/${PUBLISHER} |`);

  for (const run of [await verify('somebody/else'), await verify(PUBLISHER, SIGNER.replace('/main', '/other'))]) {
    expect(run.code, run.log).not.toBe(0);
    expect(run.log).toMatch(/is not verified: .*expected .*found /);
    expect(run.log).not.toMatch(/runs (sha256:|nothing)/);
  }
});
