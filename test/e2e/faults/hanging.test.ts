import { expect, onTestFinished, test } from 'vitest';
import { parseImage } from '../../../src/image/reference.js';
import { openRegistry } from '../../../src/image/registry.js';
import { type Fault, endless, hang, startRegistryProxy } from '../../lab/registryProxy.js';
import { failureOf } from '../../support/failureOf.js';
import { testDeps } from '../../support/world.js';
import { lab, temporaryFolder } from '../harness.js';

/** The image of the shell, by way of a registry that does this to what is asked for under the path. */
async function spoilt(path: RegExp, fault: Fault) {
  const proxy = await startRegistryProxy(lab.registry);
  onTestFinished(proxy.stop);
  proxy.rules = [{ path, fault }];
  const image = lab.bases.shell.replace(lab.registry, proxy.host);
  return { repository: parseImage(image).repository, image };
}

test('85 a registry that hangs is given up by the deadline of the step, which is named', async () => {
  const deadlines = { readSeconds: 1, copySeconds: 1 };
  const everywhere = await spoilt(/^/, hang());
  const hanging = openRegistry(everywhere.repository, testDeps(), deadlines);
  expect(await failureOf(() => hanging.read(everywhere.image))).toMatchObject({
    kind: 'transient',
    message: `reading ${everywhere.image} did not end within 1 s`,
  });
  const { repository, image } = await spoilt(/\/blobs\//, hang());
  const registry = openRegistry(repository, testDeps(), { ...deadlines, readSeconds: 60 });
  expect(await registry.read(image)).toBeDefined();
  expect(await failureOf(async () => registry.fetch(image, await temporaryFolder(), 1e9))).toMatchObject({
    kind: 'transient',
    message: `reading docker://${image} did not end within 1 s`,
  });
  expect(await failureOf(() => registry.tag(image, `${repository}:other`))).toMatchObject({
    kind: 'transient',
    message: `copying to ${repository}:other did not end within 1 s`,
  });
});

test('a registry that sends a blob without end is cut off, whatever size it said', async () => {
  const { repository, image } = await spoilt(/\/blobs\//, endless());
  const folder = await temporaryFolder();
  const failure = await failureOf(() => openRegistry(repository, testDeps()).fetch(image, folder, 4_000_000));
  expect(failure.kind).toBe('verification');
  expect(failure.message).toMatch(/sends a file that is larger than any part of this may be\. .*file too large/);
});
