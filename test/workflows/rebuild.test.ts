import { randomBytes } from 'node:crypto';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { tinyWorkspace } from '../lab/repositories.js';
import type { Content, Repository } from '../lab/repository.js';
import { lab, registryDigest, registryTags } from '../e2e/harness.js';
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

async function rebuild() {
  world.registry.requests.length = 0;
  const run = await world.act('rebuild.yml', 'workflow_dispatch');
  const writes = world.registry.requests.filter((line) => /^(POST|PUT|PATCH|DELETE) /.test(line));
  return { ...run, writes };
}

const edge = () => registryDigest(`${real}:edge`);

// One story: every run sees what the ones before it left.
test('the first run publishes, the second writes nothing, a new HEAD is published, a rewritten history stops', async () => {
  const first = await rebuild();
  expect(first, first.log).toMatchObject({ code: 0 });
  const published = await edge();
  expect(published).toMatch(/^sha256:/);
  expect((await registryTags(real)).some((tag) => /^key-[0-9a-f]{12}$/.test(tag))).toBe(true);

  const second = await rebuild();
  expect(second, second.log).toMatchObject({ code: 0, writes: [] });
  expect(second.log).toMatch(/Verify what is published already +\| 🏁 +Job succeeded/);
  expect(await edge()).toBe(published);

  const next = await repository.addCommit(repository.commit, { ...files, 'NEWS.md': 'new' }, { time: 1_700_000_100 });
  await repository.setRef('refs/heads/main', next);
  const third = await rebuild();
  expect(third, third.log).toMatchObject({ code: 0 });
  expect(third.log).toMatch(/### The image before\s[\s\S]*\| signed by \|/);
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
