import { rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { type BuildOrder, buildImage, readFacts } from '../../../../src/image/build/image.js';
import { buildFilesIn } from '../../../../src/image/build/buildx.js';
import { imageLabels } from '../../../../src/image/labels.js';
import { confirmEvidence } from '../../../../src/proof/confirm.js';
import { buildKey } from '../../../../src/proof/lock.js';
import { DOCKERFILE } from '../../../../src/wrapper.js';
import { fakeBuilder } from '../../../support/fakeBuilder.js';
import { failureOf } from '../../../support/failureOf.js';
import { testDeps } from '../../../support/world.js';
import * as proof from '../../../support/proof.js';

const { LOCK } = proof;

async function world(before = '') {
  const deps = testDeps();
  const evidence = { folder: await proof.writtenEvidence(), lock: LOCK, statement: proof.evidenceOf().statement };
  const { tree } = await confirmEvidence(evidence, deps);
  const builder = fakeBuilder(before);
  await proof.giveBuilds(builder, LOCK);
  const build = (order: Partial<BuildOrder> = {}) =>
    buildImage({ lock: LOCK, tree, builder: 'mine', noCache: false, ...order }, join(deps.temp, 'build'), deps);
  return { deps, tree, builder, build };
}

describe('buildImage', () => {
  it('composes the builds of all platforms, whatever the history that BuildKit wrote', async () => {
    const { build } = await world();
    expect((await build()).index.digest).toBe(proof.imageOf().index.digest);
  });

  it('asks for what the lock says: recipe, source, bases, time and labels', async () => {
    const { tree, builder, build } = await world();
    await build();
    const { inputs, facts } = LOCK;
    const labels = Object.entries(imageLabels(inputs, facts.version, buildKey(inputs)));
    expect(
      builder
        .builds()
        .map((call) => call[call.indexOf('--platform') + 1])
        .sort(),
    ).toEqual(inputs.platforms);
    for (const call of builder.builds()) {
      expect(call).toEqual(
        expect.arrayContaining(['--builder', 'mine', '--file', DOCKERFILE, `source=${tree.folder}`]),
      );
      expect(call).toContain(`RUST_IMAGE=${inputs.bases.rust}`);
      expect(call).toContain(`SHELL_IMAGE=${inputs.bases.shell}`);
      expect(call).toContain(`SOURCE_DATE_EPOCH=${inputs.epoch}`);
      expect(call.filter((_, index) => call[index - 1] === '--label').sort()).toEqual(
        labels.map(([key, value]) => `${key}=${value}`).sort(),
      );
      expect(call).not.toContain('--no-cache');
    }
  });

  it('takes crates, bases on disk and a cold start where they are ordered', async () => {
    const { builder, build } = await world();
    const digest = `sha256:${proof.HEX}`;
    const bases = { rust: { folder: '/bases/rust', digest }, shell: { folder: '/bases/shell', digest } };
    await build({ crates: '/crates', bases, noCache: true });
    for (const call of builder.builds())
      expect(call).toEqual(
        expect.arrayContaining(['crates=/crates', `rust-base=oci-layout:///bases/rust@${digest}`, '--no-cache']),
      );
  });

  it('refuses what was built from a source that something wrote to meanwhile', async () => {
    const { tree, build } = await world('[ "$platform" = linux/amd64 ] && echo evil >> "$source/Cargo.toml"');
    const failure = await failureOf(build);
    expect(failure.kind).toBe('verification');
    expect(failure.message).toMatch(
      new RegExp(
        `^the verified source changed on disk while it was built: its tree is \\w{40} now, and was ${tree.id}\\.`,
      ),
    );
  });

  it('refuses a build that gave no image', async () => {
    const { builder, build } = await world();
    writeFileSync(join(builder.gives('linux/arm64', 'image'), 'index.json'), '{"manifests":[]}');
    expect((await failureOf(build)).message).toMatch(/^number of images in the build of linux\/arm64: expected 1/);
  });
});

describe('readFacts', () => {
  it('reads what stage facts wrote for a platform', async () => {
    const { temp } = testDeps();
    const files = buildFilesIn(temp, LOCK.inputs.platforms);
    for (const folder of files.facts.values()) proof.writeFacts(folder);
    expect(await readFacts(files, 'linux/arm64')).toEqual({
      metadata: Buffer.from(JSON.stringify(proof.METADATA)),
      toolchain: proof.TOOLCHAIN,
    });
    expect((await failureOf(() => readFacts(files, 'linux/arm/v7'))).message).toMatch(
      /^the toolchain of linux\/arm\/v7 is missing: there is no /,
    );
  });

  it.each(['metadata.json', 'toolchain'])('takes no link for %s', async (name) => {
    const { temp } = testDeps();
    const files = buildFilesIn(temp, ['linux/arm64']);
    const folder = files.facts.get('linux/arm64') ?? '';
    proof.writeFacts(folder);
    rmSync(join(folder, name));
    symlinkSync('/proc/self/environ', join(folder, name));
    const failure = await failureOf(() => readFacts(files, 'linux/arm64'));
    expect(failure.kind).toBe('verification');
    expect(failure.message).toContain(`of linux/arm64 is not a plain file: ${join(folder, name)}`);
  });
});
