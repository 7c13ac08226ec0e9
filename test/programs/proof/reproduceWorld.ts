import { join } from 'node:path';
import { readContract, withDefaults } from '../../../src/cli/contract.js';
import { digestOf } from '../../../src/hash.js';
import { thisRecipe } from '../../../src/image/build/recipe.js';
import { writeLayout } from '../../../src/image/layout/layout.js';
import { MEDIA_TYPES } from '../../../src/image/layout/oci.js';
import { publishEvidence } from '../../../src/image/publish/evidence.js';
import { parseInputs } from '../../../src/inputs.js';
import type { LockFacts } from '../../../src/proof/lock.js';
import { type Request, reproduce } from '../../../src/proof/reproduce.js';
import { readArchive } from '../../../src/source/archive.js';
import { stopwatch } from '../../../src/steps.js';
import { startUpstream } from '../../lab/upstream.js';
import { BASE_INDEX, fakeBuilder } from '../../support/fakeBuilder.js';
import { loopbackRegistry } from '../../support/fakeRegistry.js';
import {
  FILES,
  SAMPLE,
  anyEvidence,
  evidenceOf,
  giveBuilds,
  imageOf,
  lockWith,
  writtenEvidence,
} from '../../support/proof.js';
import { captureStdout } from '../../support/runner.js';
import { afterThisTest, setEnvironment, temporaryFolder, testDeps } from '../../support/world.js';

const { inputs: INPUTS } = parseInputs(withDefaults(await readContract(), {}));
export const BASE_DIGEST = digestOf(BASE_INDEX);
export const LOCK = lockWith({
  recipe: await thisRecipe(),
  bases: { rust: `r.example/rust:1@${BASE_DIGEST}`, shell: `r.example/busybox:1@${BASE_DIGEST}` },
});
export const IMAGE = imageOf(LOCK);

/** Evidence in a folder, the image in a registry, and a builder that gives the same image again. */
export async function world({ lock = LOCK, sample = SAMPLE, before = '' } = {}) {
  const image = imageOf(lock);
  const evidence = await writtenEvidence(evidenceOf(lock, image, sample));
  const { registry, repository } = await loopbackRegistry();
  const reference = `${repository}@${image.index.digest}`;
  const layout = join(temporaryFolder(), 'layout');
  await writeLayout(image, layout);
  registry.putLayout(layout);
  const deps = testDeps();
  const subject = { mediaType: MEDIA_TYPES.index, digest: image.index.digest, size: image.index.size };
  const publishEvidenceToo = () =>
    publishEvidence(repository, subject, { folder: evidence, epochSeconds: 1, judge: anyEvidence }, deps);
  const useBuilder = async () => {
    const builder = fakeBuilder(before);
    await giveBuilds(builder, lock);
    return builder;
  };
  const run = (request: Partial<Request>) =>
    reproduce({ image: undefined, evidence: undefined, inputs: INPUTS, given: [], ...request }, deps, stopwatch(deps));
  return { image, evidence, registry, reference, deps, publishEvidenceToo, useBuilder, run };
}

/** The same of a repository that an upstream serves; the lock may say other things of it. */
export async function upstreamWorld(facts: Partial<LockFacts> = {}, before = '') {
  setEnvironment({ RUNNER_TOOL_CACHE: undefined });
  captureStdout();
  const upstream = await startUpstream(join(temporaryFolder(), 'upstream'));
  afterThisTest(() => upstream.stop());
  const repository = await upstream.addRepository('o', 'n', FILES);
  const { commit, url } = repository;
  const tree = await repository.tree(commit);
  const archive = Buffer.from(await (await fetch(`${url}/archive/${commit}.tar.gz`)).arrayBuffer());
  upstream.requests.length = 0;
  const sample = { ...SAMPLE, commit, tree, archive, tarSha256: readArchive(archive).tarSha256 };
  const lock = lockWith({ ...LOCK.inputs, upstream: url, commit, tree }, facts, sample);
  return { ...(await world({ lock, sample, before })), upstream, repository, lock, inputs: INPUTS };
}

/** One row of the trust table. */
export const resultOf = (checks: readonly { name: string; result: string; detail: string }[], name: string) =>
  checks.find((check) => check.name === name);
