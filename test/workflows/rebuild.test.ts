import { randomBytes } from 'node:crypto';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { putManifest } from '../lab/attach.js';
import { status } from '../lab/registryProxy.js';
import { tinyWorkspace } from '../lab/repositories.js';
import type { Content, Repository } from '../lab/repository.js';
import { lab, registryDigest, registryTags } from '../e2e/harness.js';
import { PUBLISHER } from '../support/signed.js';
import { type World, createWorld } from './harness.js';

let world: World;
let repository: Repository;
let files: Record<string, Content>;
const name = `workflows/${randomBytes(6).toString('hex')}`;
const real = `${lab.registry}/${name}`;

beforeAll(async () => {
  world = await createWorld();
  files = await tinyWorkspace();
  repository = await world.upstream.addRepository('dndx', 'phantun', files);
  await world.callWith('rebuild.yml', {
    image: `${world.registry.host}/${name}`,
    upstream: repository.url,
    platforms: 'linux/amd64',
    'rust-image': lab.bases.rust,
    'shell-image': lab.bases.shell,
    'allow-self-hosted': true,
  });
});
afterAll(() => world.stop());

/** A run on the schedule, or one by hand that builds in any case. */
async function rebuild(how: 'on schedule' | 'anyway' = 'on schedule') {
  world.registry.requests.length = 0;
  world.signed.length = 0;
  const run = await (how === 'anyway'
    ? world.act('rebuild.yml', 'workflow_dispatch', { inputs: { 'build-anyway': 'true' } })
    : world.act('rebuild.yml', 'schedule'));
  const writes = world.registry.requests.filter((line) => /^(POST|PUT|PATCH|DELETE) /.test(line));
  return { ...run, writes };
}

const edge = () => registryDigest(`${real}:edge`);

// One story: every run sees what the ones before it left.
test('a registry that shows nothing without a login stops the schedule; a run by hand builds anyway, and the next one writes nothing', async () => {
  const denied = { path: new RegExp(`/v2/${name}/`), fault: status(403, 'DENIED') };
  world.registry.rules = [denied];
  const stopped = await rebuild();
  expect(stopped.code, stopped.log).not.toBe(0);
  expect(stopped.log).toMatch(/:edge: .* refuses access/);
  expect(stopped.writes).toEqual([]);

  // What the job that has no login asks; the publishing job has one.
  const once = { ...denied, times: 1 };
  world.registry.rules = [once];
  const first = await rebuild('anyway');
  expect(first, first.log).toMatchObject({ code: 0 });
  expect(once.times).toBe(0);
  expect(first.log).toContain('What was published before is not known');
  expect(await edge()).toMatch(/^sha256:/);
  expect((await registryTags(real)).some((tag) => /^key-[0-9a-f]{12}$/.test(tag))).toBe(true);

  const published = await edge();
  const second = await rebuild();
  expect(second, second.log).toMatchObject({ code: 0, writes: [] });
  expect(second.log).toMatch(/Verify what is published already +\| 🏁 +Job succeeded/);
  expect(await edge()).toBe(published);
});

test('a clean-up that takes the signatures is told with its cure, and a run that builds anyway signs the same image again', async () => {
  const published = (await edge()) ?? '';
  const type = 'application/vnd.oci.image.index.v1+json';
  const nothing = Buffer.from(JSON.stringify({ schemaVersion: 2, mediaType: type, manifests: [] }));
  await putManifest(real, published.replace(':', '-'), type, nothing);
  const red = await rebuild();
  expect(red.code, red.log).not.toBe(0);
  expect(red.log).toMatch(/is published, but not verified as signed by .* run once without skip-unchanged/);
  expect(red.writes).toEqual([]);

  const cured = await rebuild('anyway');
  expect(cured, cured.log).toMatchObject({ code: 0 });
  expect([world.signed.length, await edge()]).toEqual([4, published]);
});

test('a new HEAD is published, also where the pin of build.yml has moved, and a rewritten history stops', async () => {
  const published = await edge();
  await world.repin(`${PUBLISHER}/.github/workflows/build.yml@${'c0ffee'.padEnd(40, '0')}`);
  const next = await repository.addCommit(repository.commit, { ...files, 'NEWS.md': 'new' }, { time: 1_700_000_100 });
  await repository.setRef('refs/heads/main', next);
  const third = await rebuild();
  expect(third, third.log).toMatchObject({ code: 0 });
  expect(third.log).toMatch(/### The image before\s[\s\S]*\| signed by \|/);
  expect(third.log).not.toContain('is known from its labels alone');
  const moved = await edge();
  expect(moved).not.toBe(published);

  const rewritten = await repository.addCommit(undefined, { ...files, 'NEWS.md': 'other' }, { time: 1_700_000_200 });
  await repository.setRef('refs/heads/main', rewritten);
  const fourth = await rebuild();
  expect(fourth.code, fourth.log).not.toBe(0);
  expect(fourth.log).toMatch(/history was rewritten: .*:edge was built from/);
  expect(fourth.writes).toEqual([]);
  expect(await edge()).toBe(moved);
});
