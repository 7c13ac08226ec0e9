import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { readContract, withDefaults } from '../../../src/cli/contract.js';
import type { FailureClass } from '../../../src/errors.js';
import { digestOf } from '../../../src/hash.js';
import { thisRecipe } from '../../../src/image/build/recipe.js';
import { writeLayout } from '../../../src/image/layout/layout.js';
import { MEDIA_TYPES } from '../../../src/image/layout/oci.js';
import { parseInputs } from '../../../src/inputs.js';
import type { Lock } from '../../../src/proof/lock.js';
import { publishEvidence } from '../../../src/proof/evidenceReferrer.js';
import { type Request, reproduce } from '../../../src/proof/reproduce.js';
import { readArchive } from '../../../src/source/archive.js';
import { stopwatch } from '../../../src/steps.js';
import { startUpstream } from '../../lab/upstream.js';
import { BASE_INDEX, fakeBuilder } from '../../support/fakeBuilder.js';
import { loopbackRegistry } from '../../support/fakeRegistry.js';
import { failureOf } from '../../support/failureOf.js';
import { captureStdout } from '../../support/runner.js';
import { afterThisTest, setEnvironment, temporaryFolder, testDeps } from '../../support/world.js';
import {
  CRATE,
  FILES,
  SAMPLE,
  evidenceOf,
  filesOf,
  giveBuilds,
  imageOf,
  lockWith,
  writtenEvidence,
} from '../../support/proof.js';

const { inputs: INPUTS } = parseInputs(withDefaults(await readContract(), {}));
const BASE_DIGEST = digestOf(BASE_INDEX);
const LOCK = lockWith({
  recipe: await thisRecipe(),
  bases: { rust: `r.example/rust:1@${BASE_DIGEST}`, shell: `r.example/busybox:1@${BASE_DIGEST}` },
});
const IMAGE = imageOf(LOCK);

/** Evidence in a folder, the image in a registry, and a builder that gives the same image again. */
async function world({ lock = LOCK, sample = SAMPLE, before = '' } = {}) {
  const image = imageOf(lock);
  const evidence = await writtenEvidence(evidenceOf(lock, image, sample));
  const { registry, repository } = await loopbackRegistry();
  const reference = `${repository}@${image.index.digest}`;
  const layout = join(temporaryFolder(), 'layout');
  await writeLayout(image, layout);
  registry.putLayout(layout);
  const deps = testDeps();
  const subject = { mediaType: MEDIA_TYPES.index, digest: image.index.digest, size: image.index.size };
  const publishEvidenceToo = () => publishEvidence(repository, subject, { folder: evidence, epochSeconds: 1 }, deps);
  const useBuilder = async () => {
    const builder = fakeBuilder(before);
    await giveBuilds(builder, lock);
    return builder;
  };
  const run = (request: Partial<Request>) =>
    reproduce({ image: undefined, evidence: undefined, inputs: INPUTS, given: [], ...request }, deps, stopwatch(deps));
  return { image, evidence, registry, reference, deps, publishEvidenceToo, useBuilder, run };
}
const resultOf = (checks: { name: string; result: string; detail: string }[], name: string) =>
  checks.find((check) => check.name === name);

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

  it('is different when it has not, and the digests are all that is known', async () => {
    const { evidence, run, useBuilder } = await world();
    await giveBuilds(await useBuilder(), LOCK, { 'linux/arm64': filesOf('linux/arm64', 1) });
    const { verdict, rebuilt, differences, checks } = await run({ evidence });
    expect(verdict).toBe('different');
    expect(differences).toEqual([
      `index: the evidence's statement names ${IMAGE.index.digest}, rebuilt ${rebuilt ?? ''}`,
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
    expect((await run({ evidence, image: reference })).verdict).toBe('equivalent');
  });

  it('is not built without a crate that Cargo.lock names', async () => {
    const { evidence, run, useBuilder } = await world();
    const builder = await useBuilder();
    rmSync(join(evidence, 'crates', CRATE.file));
    expect((await failureOf(() => run({ evidence }))).message).toMatch(/^crate cfg-if-1\.0\.0\.crate is missing/);
    expect(builder.builds()).toEqual([]);
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
    const { evidence, run, useBuilder } = await world();
    const builder = await useBuilder();
    for (const name of ['rust', 'shell']) putBase(evidence, name);
    expect((await run({ evidence })).verdict).toBe('identical');
    expect(builder.images()).toHaveLength(2);
    for (const call of builder.images())
      for (const name of ['rust', 'shell'])
        expect(call).toContain(`${name}-base=oci-layout://${join(evidence, 'bases', name)}@${BASE_DIGEST}`);
    expect(builder.others().join()).not.toContain('imagetools');
  });

  it('must be those of the lock, and both', async () => {
    const { evidence, run, useBuilder } = await world();
    const builder = await useBuilder();
    putBase(evidence, 'rust');
    expect(await failureOf(() => run({ evidence }))).toMatchObject({ kind: 'verification' });
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
    setEnvironment({ RUNNER_TOOL_CACHE: undefined });
    captureStdout();
    const upstream = await startUpstream(join(temporaryFolder(), 'upstream'));
    afterThisTest(() => upstream.stop());
    const { commit, url, tree } = await upstream.addRepository('o', 'n', FILES);
    const archive = Buffer.from(await (await fetch(`${url}/archive/${commit}.tar.gz`)).arrayBuffer());
    const sample = { ...SAMPLE, commit, tree: await tree(commit), archive, tarSha256: readArchive(archive).tarSha256 };
    const lock = lockWith({ ...LOCK.inputs, upstream: url, commit, tree: sample.tree }, {}, sample);
    const { reference, publishEvidenceToo, useBuilder, run } = await world({ lock, sample });
    await publishEvidenceToo();
    await useBuilder();
    const { verdict, checks } = await run({ image: reference });
    expect(verdict).toBe('identical');
    expect(resultOf(checks, 'commit-reachable')?.result).toBe('passed');
    expect(upstream.requests.join()).toContain('/archive/');
  });

  it('is asked for its evidence, where none is beside it', async () => {
    const { reference, run } = await world();
    expect(await failureOf(() => run({ image: reference }))).toMatchObject({
      kind: 'not-found',
      message: `${reference} has no evidence beside it in its registry, so its lock is not known. Give the evidence with --evidence DIR`,
    });
  });
});

describe('an image is unbuildable', () => {
  it.each<[string, Lock, string, RegExp]>([
    [
      'by another release’s recipe, which is not run',
      lockWith({ ...LOCK.inputs, recipe: { ...LOCK.inputs.recipe, wrapper: '0.1.0' } }),
      '',
      /^the lock was made by release 0\.1\.0 of phantun-runtime .* Replay it with that release$/,
    ],
    [
      'by a build that fails, whose last words are told',
      LOCK,
      '[ -n "$stage" ] || { echo "error: linker not found" >&2; exit 1; }',
      /^the build of linux\/\w+ failed, exit code 1: error: linker not found\. .*\nerror: linker not found$/,
    ],
  ])('%s', async (_, lock, before, missing) => {
    const { evidence, image, run, useBuilder } = await world({ lock, before });
    const builder = await useBuilder();
    const outcome = await run({ evidence });
    expect(outcome).toMatchObject({ verdict: 'unbuildable', published: image.index.digest, rebuilt: undefined, lock });
    expect(outcome.missing).toMatch(missing);
    expect(new Set(outcome.checks.map(({ result }) => result))).toEqual(new Set(['not-done']));
    expect(builder.builds().length > 0).toBe(before !== '');
  });

  it('without base images that their registry no longer serves, each of which is named', async () => {
    const { evidence, run, useBuilder } = await world();
    const builder = await useBuilder();
    rmSync(builder.answer('bases'));
    const { verdict, missing } = await run({ evidence });
    expect(verdict).toBe('unbuildable');
    const gone = (name: string) =>
      `base image r\\.example/${name}:1@sha256:\\w{64}: the registry has no such image\\..*`;
    expect(missing).toMatch(new RegExp(`^${gone('rust')}\n${gone('busybox')}$`));
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
