import { mkdirSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { join, relative } from 'node:path';
import { describe, expect, it } from 'vitest';
import type { FailureClass } from '../../../src/errors.js';
import { digestOf } from '../../../src/hash.js';
import { MEDIA_TYPES } from '../../../src/image/layout/oci.js';
import type { Lock } from '../../../src/proof/lock.js';
import type { Request } from '../../../src/proof/reproduce.js';
import { BASE_INDEX } from '../../support/fakeBuilder.js';
import { failureOf } from '../../support/failureOf.js';
import {
  CRATE,
  FILES,
  evidenceOf,
  filesOf,
  giveBuilds,
  lockWith,
  sampleOf,
  writtenEvidence,
} from '../../support/proof.js';
import { BASE_DIGEST, IMAGE, LOCK, resultOf, upstreamWorld, world } from './reproduceWorld.js';

describe('an image reproduced from evidence', () => {
  it('is identical when it has the digest that the statement names', async () => {
    const { evidence, run, useBuilder } = await world();
    const builder = await useBuilder();
    const { digest } = IMAGE.index;
    const { checks, ...outcome } = await run({ evidence });
    expect(outcome).toEqual({
      ...{ verdict: 'identical', published: digest, rebuilt: digest, missing: undefined, differences: [], lock: LOCK },
    });
    expect(resultOf(checks, 'rebuilt-identical')?.result).toBe('passed');
    expect(resultOf(checks, 'tree-bound')?.result).toBe('passed');
    expect(resultOf(checks, 'archive-pinned')).toMatchObject({
      result: 'passed',
      detail: 'its SHA256 is the one that the lock names',
    });
    expect(resultOf(checks, 'image-checked')?.detail).toBe('its bytes were not read');
    expect(resultOf(checks, 'commit-reachable')).toMatchObject({
      result: 'not-done',
      detail: 'upstream was not asked',
    });
    expect(builder.images()).toHaveLength(2);
    for (const call of builder.images()) {
      expect(call).toEqual(expect.arrayContaining(['--no-cache', `crates=${join(evidence, 'crates')}`]));
      expect(call).toContain(`RUST_IMAGE=${LOCK.inputs.bases.rust}`);
    }
  });

  it('is different when it has not, and index and platform are named', async () => {
    const { evidence, run, useBuilder } = await world();
    await giveBuilds(await useBuilder(), LOCK, { 'linux/arm64': filesOf('linux/arm64', 1) });
    const { verdict, rebuilt, differences, checks } = await run({ evidence });
    expect(verdict).toBe('different');
    expect(differences).toEqual([
      `index: the evidence's statement names "${IMAGE.index.digest}", rebuilt "${rebuilt ?? ''}"`,
      expect.stringMatching(
        `^linux/arm64: the evidence's statement names "${IMAGE.images[1]?.manifest.digest ?? ''}", rebuilt "sha256:\\w{64}"$`,
      ),
    ]);
    expect(resultOf(checks, 'rebuilt-identical')?.result).toBe('failed');
  });

  it('beside the image is compared with it, down to the bytes', async () => {
    const { evidence, reference, run, useBuilder } = await world();
    const files = filesOf('linux/arm64').map((file) =>
      file.path === 'phantun' ? { ...file, data: Buffer.alloc(3) } : file,
    );
    await giveBuilds(await useBuilder(), LOCK, { 'linux/arm64': files });
    const { verdict, differences } = await run({ evidence, image: reference });
    expect(verdict).toBe('different');
    expect(differences[0]).toMatch(new RegExp(`^index: published ${IMAGE.index.digest}, rebuilt sha256:`));
    expect(differences.at(-1)).toBe(
      'linux/arm64: /phantun: bytes 0 to 22 differ, sizes 23 and 3 bytes: published 70726f6772616d20666f72206c696e75…, rebuilt 000000…',
    );
  });

  it('beside the image is equivalent when files and behaviour are the same', async () => {
    const { evidence, reference, run, useBuilder } = await world();
    await giveBuilds(await useBuilder(), LOCK, { 'linux/arm64': filesOf('linux/arm64', 1) });
    const { verdict, checks } = await run({ evidence, image: reference });
    expect(verdict).toBe('equivalent');
    expect(resultOf(checks, 'image-checked')).toMatchObject({
      result: 'not-done',
      detail: 'its bytes were hashed and compared with what was built here; what they hold was not judged',
    });
  });

  it('is found in a folder below this one, by whatever name, and left as it was', async () => {
    // No crates: the folder for them is none of the user's.
    const files = { ...FILES, 'Cargo.lock': 'version = 4\n[[package]]\nname = "phantun"\nversion = "0.8.1"\n' };
    const sample = sampleOf(files);
    const { recipe, bases } = LOCK.inputs;
    const lock = lockWith({ recipe, bases }, {}, sample);
    const { evidence, run, useBuilder } = await world({ lock, sample });
    rmSync(join(evidence, 'crates'), { recursive: true });
    const before = readdirSync(evidence);
    const builder = await useBuilder();
    expect((await run({ evidence: relative(process.cwd(), evidence) })).verdict).toBe('identical');
    expect(readdirSync(evidence)).toEqual(before);
    for (const call of builder.images())
      expect(call).toContainEqual(expect.stringMatching(/^crates=\/.*\/no-crates-\w+$/));
  });
});

describe('a release with the same Dockerfile as the one that made the image', () => {
  it('builds it to the same digest, labels and all, and is named', async () => {
    const lock = lockWith({ ...LOCK.inputs, recipe: { ...LOCK.inputs.recipe, wrapper: '0.1.0' } });
    const { deps, evidence, image, run, useBuilder, reference } = await world({ lock });
    const builder = await useBuilder();
    const { verdict, rebuilt } = await run({ evidence, image: reference });
    expect([verdict, rebuilt]).toEqual(['identical', image.index.digest]);
    for (const call of builder.images()) expect(call).toContain('io.github.phantun-runtime.wrapper=0.1.0');
    expect(deps.logged).toContain(
      `notice: release 0.1.0 of phantun-runtime made this image, and this is ${LOCK.inputs.recipe.wrapper}, which has the same Dockerfile`,
    );
  });
});

describe('a builder whose compiler runs on another platform', () => {
  it('is told of, and may give the same image', async () => {
    const { deps, evidence, run, useBuilder } = await world();
    const builder = await useBuilder();
    writeFileSync(join(builder.gives('linux/arm64', 'build-platform'), 'build-platform'), 'linux/arm64\n');
    expect((await run({ evidence })).verdict).toBe('identical');
    expect(deps.logged).toContain(
      'notice: another platform compiles than did for the lock: linux/arm64: compiled on "linux/amd64", here on "linux/arm64"',
    );
  });
});

describe('base images in the evidence', () => {
  const putBase = (evidence: string, name: string, digest = BASE_DIGEST) => {
    mkdirSync(join(evidence, 'bases', name), { recursive: true });
    const top = { mediaType: MEDIA_TYPES.index, digest, size: 1 };
    writeFileSync(join(evidence, 'bases', name, 'index.json'), JSON.stringify({ manifests: [top] }));
  };

  it('are built from, and no registry is asked', async () => {
    const { evidence, run, useBuilder, deps } = await world();
    const builder = await useBuilder();
    for (const name of ['rust', 'shell']) putBase(evidence, name);
    expect((await run({ evidence })).verdict).toBe('identical');
    expect(builder.images()).toHaveLength(2);
    // buildx cuts at the first colon and the first at sign: it is given a folder of ours.
    for (const call of builder.images())
      for (const name of ['rust', 'shell'])
        expect(call).toContainEqual(
          expect.stringMatching(`^${name}-base=oci-layout://${deps.temp}/base-\\w+@${BASE_DIGEST}$`),
        );
    expect(builder.others().join()).not.toContain('imagetools');
  });

  it('must be those of the lock, and both', async () => {
    const { evidence, run, useBuilder } = await world();
    const builder = await useBuilder();
    putBase(evidence, 'rust');
    expect(await run({ evidence })).toMatchObject({
      verdict: 'unbuildable',
      missing: { kind: 'not-found', text: expect.stringContaining(join('bases', 'shell', 'index.json')) as string },
    });
    putBase(evidence, 'shell', digestOf('other'));
    expect(await failureOf(() => run({ evidence }))).toMatchObject({
      kind: 'verification',
      message: `bases/shell in the evidence is ${digestOf('other')}, and the lock's shell base is ${BASE_DIGEST}`,
    });
    expect(builder.builds()).toEqual([]);
  });
});

describe('an image reproduced from its name alone', () => {
  it('is built from the evidence beside it and the source that upstream serves', async () => {
    const { reference, publishEvidenceToo, useBuilder, run, upstream, deps } = await upstreamWorld();
    await publishEvidenceToo();
    await useBuilder();
    const { verdict, checks } = await run({ image: reference });
    expect(verdict).toBe('identical');
    expect(resultOf(checks, 'commit-reachable')?.result).toBe('passed');
    expect(upstream.requests.join()).toContain('/archive/');
    expect(deps.logged.join('\n')).not.toContain('upstream is no longer what the lock says');
  });

  it('is asked for its evidence, where none is beside it', async () => {
    const { reference, run } = await world();
    expect(await failureOf(() => run({ image: reference }))).toMatchObject({
      kind: 'not-found',
      message: `unbuildable: ${reference} has no evidence beside it in its registry, so its lock is not known. Give the evidence with --evidence DIR`,
    });
  });
});

describe('an image is unbuildable', () => {
  const otherRecipe = { ...LOCK.inputs.recipe, dockerfile: '1'.repeat(64), wrapper: '0.1.0' };
  it.each<[string, Lock, string, FailureClass, RegExp]>([
    [
      'by another release’s recipe, which is not run',
      lockWith({ ...LOCK.inputs, recipe: otherRecipe }),
      '',
      'not-found',
      /^the lock was made by release 0\.1\.0 of phantun-runtime .* Use that release for it$/,
    ],
    [
      'by a build that fails, whose last words are told',
      LOCK,
      '[ -n "$stage" ] || { echo "error: linker not found" >&2; exit 1; }',
      'build',
      /^the build of linux\/\w+ failed, exit code 1: error: linker not found\. .*\nerror: linker not found$/,
    ],
  ])('%s', async (_, lock, before, kind, missing) => {
    const { evidence, image, run, useBuilder } = await world({ lock, before });
    const builder = await useBuilder();
    const outcome = await run({ evidence });
    expect(outcome).toMatchObject({ verdict: 'unbuildable', published: image.index.digest, rebuilt: undefined, lock });
    expect(outcome.missing).toEqual({ kind, text: expect.stringMatching(missing) as string });
    // What was verified on the way is told, and nothing else.
    const proven = outcome.checks.filter(({ result }) => result !== 'not-done').map(({ name }) => name);
    expect(proven).toEqual(before === '' ? [] : ['archive-pinned', 'tree-bound']);
    expect(resultOf(outcome.checks, 'rebuilt-identical')?.detail).toBe('nothing was built here');
    expect(builder.builds().length > 0).toBe(before !== '');
  });

  it.each([
    ['commit', /^the evidence's commit is missing: there is no /],
    ['archive.tar.gz', /^the evidence's archive\.tar\.gz is missing: there is no /],
    [join('crates', CRATE.file), /^crate cfg-if-1\.0\.0\.crate is missing: there is no /],
  ])('without %s in its evidence, which is named', async (name, missing) => {
    const { evidence, run, useBuilder, reference } = await world();
    const builder = await useBuilder();
    rmSync(join(evidence, name));
    const outcome = await run({ evidence, image: reference });
    expect(outcome).toMatchObject({ verdict: 'unbuildable', missing: { kind: 'not-found' } });
    expect(outcome.missing?.text).toMatch(missing);
    expect(resultOf(outcome.checks, 'tree-bound')?.result).toBe(name.startsWith('crates') ? 'passed' : 'not-done');
    expect(resultOf(outcome.checks, 'image-checked')?.detail).toBe(
      'its bytes were hashed; what they hold was not judged',
    );
    expect(builder.builds()).toEqual([]);
  });

  it('without base images that their registry no longer serves, each of which is named', async () => {
    const { evidence, run, useBuilder } = await world();
    const builder = await useBuilder();
    rmSync(builder.answer('bases'));
    const { verdict, missing } = await run({ evidence });
    expect(verdict).toBe('unbuildable');
    const gone = (name: string) =>
      `base image r\\.example/${name}:1@sha256:\\w{64}: the registry has no such image\\..*`;
    expect(missing?.kind).toBe('not-found');
    expect(missing?.text).toMatch(new RegExp(`^${gone('rust')}\n${gone('busybox')}$`));
  });
});

describe('what is no answer', () => {
  const other = lockWith({ ...LOCK.inputs, labels: { a: 'b' } });
  it.each<
    [
      string,
      (world: Awaited<ReturnType<typeof setUp>>) => Partial<Request> | Promise<Partial<Request>>,
      FailureClass,
      RegExp,
    ]
  >([
    ['neither image nor evidence', () => ({}), 'input', /^name an image, or --evidence DIR, or both$/],
    [
      'the evidence of another image',
      async ({ reference }) => ({ image: reference, evidence: await writtenEvidence(evidenceOf(other)) }),
      'verification',
      /^the lock is not this image's: its build key is /,
    ],
    [
      'a machine that runs out of memory',
      async () => {
        const set = await world({ before: '[ -n "$stage" ] || exit 137' });
        await set.useBuilder();
        return { evidence: set.evidence };
      },
      'local',
      /^the build of linux\/\w+ failed: the machine ran out of memory/,
    ],
    [
      'a base that the registry serves otherwise now',
      ({ evidence, builder }) => {
        writeFileSync(builder.answer('bases'), BASE_INDEX.replace('v7', 'v8'));
        return { evidence };
      },
      'verification',
      /^the registry serves sha256:\w{64} for r\.example\/rust:1@/,
    ],
    [
      'a crate that was changed',
      ({ evidence }) => {
        writeFileSync(join(evidence, 'crates', CRATE.file), 'evil');
        return { evidence };
      },
      'verification',
      /^crate cfg-if-1\.0\.0\.crate has SHA256 /,
    ],
    [
      'a builder that is not there',
      ({ evidence, builder }) => {
        rmSync(builder.answer('server'));
        return { evidence };
      },
      'local',
      /^the docker engine does not answer/,
    ],
  ])('%s is a failure, not a verdict', async (_, prepare, kind, message) => {
    const set = await setUp();
    const request = await prepare(set);
    const failure = await failureOf(() => set.run(request));
    expect(failure.kind).toBe(kind);
    expect(failure.message).toMatch(message);
    expect(set.builder.builds()).toEqual([]);
  });

  async function setUp() {
    const made = await world();
    return { ...made, builder: await made.useBuilder() };
  }
});
