import { expect, test } from 'vitest';
import { tinyWorkspace } from '../lab/repositories.js';
import { freshImage, ownUpstream, registryDigest, registryTags, runAction } from './harness.js';

test('a scheduled run publishes what is new, skips what is there, goes on with upstream and stops at a rewritten history', async () => {
  const files = await tinyWorkspace();
  const repository = await (await ownUpstream()).addRepository('dndx', 'phantun', files);
  const image = freshImage();
  const inputs = {
    upstream: repository.url,
    image,
    push: 'true',
    platforms: 'linux/amd64',
    smoke: 'false',
    'moving-tags': 'latest',
    'skip-unchanged': 'true',
  };
  const first = await runAction(inputs);
  expect(first, first.stdout.slice(-3_000)).toMatchObject({
    code: 0,
    outputs: { skipped: 'false', changed: 'source\nbases\nrecipe' },
  });
  const { digest = '' } = first.outputs;
  const tags = await registryTags(image);
  expect(tags).toContain(`key-${(first.outputs['build-key'] ?? '').slice(0, 12)}`);

  const second = await runAction(inputs);
  expect(second, second.stdout.slice(-3_000)).toMatchObject({
    code: 0,
    outputs: { skipped: 'true', changed: '', digest, refs: `${image}@${digest}` },
    leftovers: [],
  });
  expect(second.summary).toContain('unchanged, nothing written');
  expect(second.stdout).not.toMatch(/group::(Build|Publish)/);
  expect(await registryTags(image)).toEqual(tags);

  const next = await repository.addCommit(repository.commit, { ...files, 'README.md': 'new' }, { time: 1_700_000_500 });
  await repository.setRef('refs/heads/main', next);
  const third = await runAction(inputs);
  expect(third, third.stdout.slice(-3_000)).toMatchObject({
    code: 0,
    outputs: { skipped: 'false', changed: 'source' },
  });
  expect(third.outputs.digest).not.toBe(digest);
  expect(await registryDigest(`${image}:latest`)).toBe(third.outputs.digest);

  const back = await runAction({ ...inputs, ref: repository.commit, 'skip-unchanged': 'false', labels: 'a=b' });
  expect(back).toMatchObject({ code: 1, outputs: { failure: 'registry' }, leftovers: [] });
  expect(back.stdout).toMatch(
    /latest names an image of [0-9a-f]{40}, which comes after .*a moving tag never goes back/,
  );

  const rewritten = await repository.addCommit(undefined, { ...files, 'README.md': 'other' }, { time: 1_700_000_900 });
  await repository.setRef('refs/heads/main', rewritten);
  const fourth = await runAction(inputs);
  expect(fourth).toMatchObject({ code: 1, outputs: { failure: 'verification' }, leftovers: [] });
  expect(fourth.stdout).toMatch(/upstream's history was rewritten: .*latest was built from/);
  expect(await registryDigest(`${image}:latest`)).toBe(third.outputs.digest);
});

const OCI = 'application/vnd.oci.image.manifest.v1+json';

test('a build whose platform or tag the registry lacks is built and sent again', async () => {
  const repository = await (await ownUpstream()).addRepository('dndx', 'phantun', await tinyWorkspace());
  const image = freshImage();
  const inputs = {
    upstream: repository.url,
    image,
    push: 'true',
    platforms: 'linux/amd64',
    smoke: 'false',
    'moving-tags': 'edge',
    'skip-unchanged': 'true',
  };
  const first = await runAction(inputs);
  expect(first, first.stdout.slice(-3_000)).toMatchObject({ code: 0, outputs: { skipped: 'false' } });
  const [child = ''] = Object.values(JSON.parse(first.outputs.manifests ?? '{}') as Record<string, string>);
  const [host = '', ...path] = image.split('/');
  const deleted = await fetch(`http://${host}/v2/${path.join('/')}/manifests/${child}`, { method: 'DELETE' });
  expect(deleted.status).toBe(202);
  const second = await runAction(inputs);
  expect(second, second.stdout.slice(-3_000)).toMatchObject({
    code: 0,
    outputs: { skipped: 'false', digest: first.outputs.digest },
  });
  expect(await registryDigest(`${image}@${child}`)).toBe(child);

  // What a run leaves that was cut off among its tags: one of them is not set yet.
  const manifest = await fetch(`http://${host}/v2/${path.join('/')}/manifests/${child}`, { headers: { accept: OCI } });
  const set = { method: 'PUT', headers: { 'content-type': OCI }, body: await manifest.arrayBuffer() };
  expect((await fetch(`http://${host}/v2/${path.join('/')}/manifests/edge`, set)).status).toBe(201);
  const third = await runAction(inputs);
  expect(third, third.stdout.slice(-3_000)).toMatchObject({ code: 0, outputs: { skipped: 'false' } });
  expect(await registryDigest(`${image}:edge`)).toBe(first.outputs.digest);
  expect(await runAction(inputs)).toMatchObject({ code: 0, outputs: { skipped: 'true' } });
});
