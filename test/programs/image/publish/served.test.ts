import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { digestOf } from '../../../../src/hash.js';
import { writeLayout } from '../../../../src/image/layout/layout.js';
import { publicationOf, publish } from '../../../../src/image/publish/publish.js';
import { requireServed } from '../../../../src/image/publish/served.js';
import { openRegistry } from '../../../../src/image/registry.js';
import { failureOf } from '../../../support/failureOf.js';
import { REPOSITORY, fakeRegistry } from '../../../support/fakeRegistry.js';
import { temporaryFolder, testDeps } from '../../../support/world.js';
import { LOCK, anyEvidence, imageOf, writtenEvidence } from '../../../support/proof.js';

const [NEW, OLD] = [digestOf('new'), digestOf('old')];
const NAME = `${REPOSITORY}:latest`;

/** A registry whose tag names what the test says. */
function world(before = '') {
  const registry = fakeRegistry(before);
  const deps = testDeps();
  const require = (stale?: typeof OLD) => requireServed(openRegistry(REPOSITORY, deps), NAME, NEW, deps, stale);
  return { registry, deps, require };
}

describe('requireServed', () => {
  it('does not wait for what is there', async () => {
    const { registry, deps, require } = world();
    registry.put('new', 'latest');
    await require();
    expect(deps.slept).toEqual([]);
  });

  it.each([
    ['does not show it yet', '[ $n -lt 3 ] && { echo manifest unknown >&2; exit 1; }'],
    ['shows for a moment what the tag named before', '[ $n -lt 3 ] && { printf old; exit 0; }'],
  ])('waits for a registry that %s', async (_, before) => {
    const { registry, deps, require } = world(before);
    registry.put('new', 'latest');
    await require(OLD);
    expect(deps.slept).toEqual([500, 1_000]);
  });

  it.each([
    ['shows nothing', ''],
    ['shows what the tag named before', 'printf old; exit 0'],
  ])('gives a registry up that %s', async (_, before) => {
    const { deps, require } = world(before);
    expect(await failureOf(() => require(OLD))).toMatchObject({
      kind: 'registry',
      message: `${NAME} was sent, but the registry does not show it`,
    });
    expect(deps.slept.reduce((sum, wait) => sum + wait, 0)).toBeLessThanOrEqual(60_000);
  });

  it.each([undefined, digestOf('older')])('refuses other bytes at once; the stale ones are %s', async (stale) => {
    const { registry, deps, require } = world();
    registry.put('old', 'latest');
    expect(await failureOf(() => require(stale))).toMatchObject({
      kind: 'registry',
      message: `${NAME}: the registry serves bytes whose digest is ${OLD}`,
    });
    expect(deps.slept).toEqual([]);
  });
});

describe('publish', () => {
  it('waits for a tag that it moved and that names its old digest for a moment', async () => {
    // The third look at the tag is the first after it was moved.
    const looks = '[ "$verb $name" = "inspect latest" ] && echo >> "$served/looks"';
    const registry = fakeRegistry(`${looks} && [ $(wc -l < "$served/looks") -eq 3 ] && { printf old; exit 0; }`);
    registry.put('old', 'latest');
    const deps = testDeps();
    const image = imageOf();
    const layout = join(temporaryFolder(), 'layout');
    await writeLayout(image, layout);
    const evidence = { folder: await writtenEvidence(), epochSeconds: 1, judge: anyEvidence };
    const publication = publicationOf(layout, image, LOCK.inputs.commit, evidence);
    const history = { isAncestor: () => Promise.resolve(true) };
    await publish(publication, [REPOSITORY], { fixed: [], moving: ['latest'], key: 'key-0' }, history, deps);
    expect(deps.slept).toEqual([500]);
    expect(registry.served('latest')).toEqual(image.index.bytes);
  });
});
