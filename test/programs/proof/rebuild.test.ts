import { readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { requireDigest, requireIdentical } from '../../../src/proof/rebuild.js';
import { confirmEvidence } from '../../../src/proof/confirm.js';
import { fakeBuilder } from '../../support/fakeBuilder.js';
import { failureOf } from '../../support/failureOf.js';
import { testDeps } from '../../support/world.js';
import { CARGO_LOCK, LOCK, evidenceOf, filesOf, giveBuilds, imageOf, writtenEvidence } from '../../support/proof.js';

describe('requireDigest', () => {
  const { digest } = imageOf().index;

  it('takes the digest that is expected, and any when none is', () => {
    expect(() => requireDigest(undefined, digest)).not.toThrow();
    expect(() => requireDigest(digest, digest)).not.toThrow();
  });

  it('refuses another one, with what could be the cause', async () => {
    const expected = `sha256:${'0'.repeat(64)}` as const;
    expect(await failureOf(() => requireDigest(expected, digest))).toMatchObject({
      kind: 'verification',
      message: `input expect-digest is ${expected}, and this image has ${digest}. Nothing was published. Another commit, base image, builder platform, label or release of phantun-runtime gives another digest: replay that image's lock`,
    });
  });
});

describe('a second build', () => {
  async function world(before = '') {
    const deps = testDeps();
    const { tree } = await confirmEvidence(
      { folder: await writtenEvidence(), lock: LOCK, statement: evidenceOf().statement },
      deps,
    );
    const builder = fakeBuilder(before);
    const order = { lock: LOCK, tree, builder: 'default' };
    const again = () => requireIdentical(imageOf(), order, join(deps.temp, 'again'), deps);
    return { deps, tree, builder, again };
  }
  const valueOf = (call: string[], flag: string) => call[call.indexOf(flag) + 1];

  it('that gives the same digest is identical', async () => {
    const { deps, builder, again } = await world();
    await giveBuilds(builder, LOCK);
    expect(await again()).toBe('identical');
    expect(deps.logged).toContain(`info: The second build gave ${imageOf().index.digest}, too`);
  });

  it('uses no cache, and a copy of the source of its own', async () => {
    const { tree, builder, again } = await world();
    await giveBuilds(builder, LOCK);
    rmSync(join(tree.folder, 'Cargo.lock'));
    await again();
    expect(builder.images()).toHaveLength(2);
    for (const call of builder.images()) {
      expect(call).toContain('--no-cache');
      const source = (valueOf(call, '--build-context') ?? '').replace('source=', '');
      expect(source).not.toBe(tree.folder);
      expect(readFileSync(join(source, 'Cargo.lock'), 'utf8')).toBe(CARGO_LOCK);
    }
  });

  it('that gives other bytes fails, and names the first of them and all', async () => {
    const { builder, again } = await world();
    const files = filesOf('linux/arm64').map((file) =>
      file.path === 'phantun' ? { ...file, data: Buffer.from('program for Linux/arm64') } : file,
    );
    await giveBuilds(builder, LOCK, { 'linux/arm64': files });
    const failure = await failureOf(again);
    expect(failure.kind).toBe('verification');
    expect(failure.message).toBe(
      'a second build gave another image (different): linux/arm64: /phantun: bytes 12 to 12 differ: the first build 6c696e75782f61726d3634…, the second 4c696e75782f61726d3634…. Nothing was published',
    );
    expect(failure.details[0]).toMatch(/^index: the first build sha256:\w{64}, the second sha256:\w{64}$/);
    expect(failure.details).toHaveLength(5);
  });

  it('that only gives other times fails as well', async () => {
    const { builder, again } = await world();
    await giveBuilds(builder, LOCK, { 'linux/arm64': filesOf('linux/arm64', 1) });
    const failure = await failureOf(again);
    expect(failure.message).toMatch(
      /^a second build gave another image \(equivalent\): linux\/arm64: \/bin: mtime: the first build 1700000000, the second 1/,
    );
    expect(failure.details).toContain('linux/arm64: /bin: mtime: the first build 1700000000, the second 1');
  });

  it('fails when something else writes to the source while it runs', async () => {
    const { deps, builder, again } = await world('touch "$source/evil"');
    await giveBuilds(builder, LOCK);
    const failure = await failureOf(again);
    expect(failure.kind).toBe('verification');
    expect(failure.message).toMatch(/^the verified source changed on disk while it was built: /);
    expect(deps.logged.join()).not.toContain('too');
  });
});
