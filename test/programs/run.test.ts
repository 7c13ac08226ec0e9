import { mkdirSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { readContract, withDefaults } from '../../src/cli/contract.js';
import { digestOf } from '../../src/hash.js';
import { thisEntrypoint, thisRecipe } from '../../src/image/build/recipe.js';
import { MEDIA_TYPES } from '../../src/image/layout/oci.js';
import { publishEvidence } from '../../src/image/publish/evidence.js';
import { parseInputs } from '../../src/inputs.js';
import { handOver } from '../../src/ownFolder.js';
import { EVIDENCE_TYPE } from '../../src/proof/evidenceReferrer.js';
import { type LockFacts, lockFile } from '../../src/proof/lock.js';
import { run } from '../../src/run.js';
import { readArchive } from '../../src/source/archive.js';
import { stopwatch } from '../../src/steps.js';
import { startUpstream } from '../lab/upstream.js';
import { failureOf } from '../support/failureOf.js';
import { BASE_INDEX, fakeBuilder } from '../support/fakeBuilder.js';
import { REPOSITORY, fakeRegistry } from '../support/fakeRegistry.js';
import { EPOCH, rootfs, writeBuildKitLayout } from '../support/layouts.js';
import {
  CRATE,
  FILES,
  SAMPLE,
  anyEvidence,
  buildOf,
  evidenceOf,
  imageOf,
  lockWith,
  writeFacts,
  writtenEvidence,
} from '../support/proof.js';
import { captureStdout } from '../support/runner.js';
import { afterThisTest, setEnvironment, temporaryFolder, testDeps } from '../support/world.js';

const BASE_DIGEST = digestOf(BASE_INDEX);
const PLATFORM = 'linux/amd64';

type World = { build?: string; registry?: string; facts?: Partial<LockFacts> };

/** An upstream with one commit, a builder that gives an image of it with all that is asked for, and a registry. */
async function world({ build = '', registry = '', facts = {} }: World = {}) {
  const temp = temporaryFolder();
  setEnvironment({ RUNNER_TOOL_CACHE: undefined, RUNNER_TEMP: temp });
  captureStdout();
  const deps = testDeps({ temp: join(temp, 'own') });
  mkdirSync(deps.temp);
  const upstream = await startUpstream(join(temporaryFolder(), 'upstream'));
  afterThisTest(() => upstream.stop());
  const { commit, url, tree } = await upstream.addRepository('o', 'n', FILES, { time: EPOCH });
  const archive = Buffer.from(await (await fetch(`${url}/archive/${commit}.tar.gz`)).arrayBuffer());
  const sample = { ...SAMPLE, commit, tree: await tree(commit), archive, tarSha256: readArchive(archive).tarSha256 };
  const lock = lockWith(
    {
      ...{ upstream: url, epoch: EPOCH, recipe: await thisRecipe(), platforms: [PLATFORM] },
      bases: { rust: `r.example/rust:1@${BASE_DIGEST}`, shell: `r.example/busybox:1@${BASE_DIGEST}` },
      buildPlatforms: { [PLATFORM]: PLATFORM },
    },
    facts,
    sample,
  );

  const served = fakeRegistry(registry);
  const builder = fakeBuilder(build);
  const plain = buildOf(lock, PLATFORM, rootfs(PLATFORM));
  const built = { ...plain, config: { ...plain.config, Entrypoint: await thisEntrypoint() } };
  const folder = builder.gives(PLATFORM, 'image');
  rmSync(folder, { recursive: true });
  await writeBuildKitLayout(folder, PLATFORM, built.layer, { config: { config: built.config } });
  writeFacts(builder.gives(PLATFORM, 'facts'));
  writeFileSync(join(builder.gives(PLATFORM, 'crates'), CRATE.file), CRATE.bytes);
  writeFileSync(join(builder.gives(PLATFORM, 'build-platform'), 'build-platform'), `${PLATFORM}\n`);

  const file = join(temporaryFolder(), 'lock.json');
  writeFileSync(file, lockFile(lock));
  const given = { lock: file, image: REPOSITORY, push: 'true', smoke: 'false' };
  const contract = await readContract();
  return {
    temp,
    deps,
    lock,
    /** What the run will make. */
    image: imageOf(lock, [built]),
    registry: served,
    done: served.done,
    images: builder.images,
    handedOver: () => handOver(deps.temp),
    run: (inputs: Record<string, string> = {}) =>
      run(parseInputs(withDefaults(contract, { ...given, ...inputs })).inputs, deps, stopwatch(deps)),
  };
}

describe('a run', () => {
  it('publishes what it built, and hands over lock and evidence', async () => {
    const { run, done, handedOver } = await world();
    const { outcome } = await run();
    await handedOver();
    if (outcome.kind !== 'built') throw new Error('nothing was built');
    const { checked, published, delivered } = outcome;
    expect(published.refs).toEqual([`${REPOSITORY}@${checked.image.index.digest}`]);
    expect(done()[0]).toBe(`send ${checked.image.index.digest}`);
    expect(readdirSync(delivered.evidence)).toContain('statement.json');
    expect(JSON.parse(readFileSync(delivered.lock, 'utf8'))).toHaveProperty('inputs');
  });

  it('that replays a lock says what of upstream’s refs it no longer finds, and goes on', async () => {
    const { run, deps } = await world({
      facts: { ref: 'refs/tags/gone', reachableFrom: ['refs/heads/main', 'refs/tags/gone'] },
    });
    const { outcome } = await run({ push: 'false' });
    expect(outcome.checks).toContainEqual({
      name: 'archive-pinned',
      result: 'passed',
      detail: 'its SHA256 is the one that the lock names',
    });
    expect(deps.logged.filter((line) => line.includes('upstream is no longer'))).toEqual(
      [
        'ref: the lock says "refs/tags/gone", which upstream does not have',
        'reachableFrom: the lock says "refs/tags/gone", which does not hold the commit',
      ].map((fact) => `warning: upstream is no longer what the lock says: facts.${fact}`),
    );
  });

  it('that finds everything there says what it has proven all the same', async () => {
    const { run } = await world();
    await run();
    const { outcome } = await run({ 'skip-unchanged': 'true' });
    expect(outcome.kind).toBe('skipped');
    const proven = outcome.checks.filter(({ result }) => result === 'passed').map(({ name }) => name);
    expect(proven).toEqual(['archive-pinned', 'tree-bound', 'commit-reachable', 'bases-pinned']);
  });

  it('has published nothing when what it is to leave on this machine cannot be written', async () => {
    const folder = temporaryFolder();
    const { run, done } = await world({ build: `: > '${folder}/filled-meanwhile'` });
    const failure = await failureOf(() => run({ export: folder }));
    expect(failure).toMatchObject({
      kind: 'local',
      message: expect.stringContaining('it holds filled-meanwhile') as string,
    });
    expect(done()).toEqual([]);
  });

  it('has published nothing when docker does not load it', async () => {
    const { run, done } = await world();
    const failure = await failureOf(() => run({ load: 'true' }));
    expect(failure).toMatchObject({ kind: 'local', message: expect.stringMatching(/^docker load failed/) as string });
    expect(done()).toEqual([]);
  });

  it.each([{}, { 'moving-tags': '' }])('asks the registry before it builds, with the inputs %j', async (inputs) => {
    const { run, images } = await world({ registry: '[ $verb != inspect ] || { echo "denied" >&2; exit 1; }' });
    expect((await failureOf(() => run(inputs))).kind).toBe('auth');
    expect(images()).toEqual([]);
  });

  it('leaves what it exported, which is whole, when it cannot publish', async () => {
    const folder = temporaryFolder();
    const { run } = await world({ registry: '[ $verb != send ] || { echo "denied" >&2; exit 1; }' });
    expect((await failureOf(() => run({ export: folder }))).kind).toBe('auth');
    expect(readdirSync(folder).sort()).toEqual(['evidence', 'linux-amd64.tar', 'lock.json', 'oci']);
  });

  it('publishes nothing where evidence lies beside its image that is not what it verified', async () => {
    const { run, registry, done, lock, image } = await world();
    const { digest, size } = image.index;
    const foreign = { folder: await writtenEvidence(evidenceOf(lock, image)), epochSeconds: 1, judge: anyEvidence };
    await publishEvidence(REPOSITORY, { mediaType: MEDIA_TYPES.index, digest, size }, foreign, testDeps());
    // The docker of this world lists nothing.
    const listed = { artifactType: EVIDENCE_TYPE, digest: done()[0]?.replace('send ', '') };
    registry.put(JSON.stringify({ schemaVersion: 2, manifests: [listed] }), digest.replace(':', '-'));
    expect(await failureOf(() => run())).toMatchObject({
      kind: 'verification',
      message: expect.stringMatching(
        /^the evidence's \w.* is not what was verified: .* This evidence lies beside r\.example\/a\/b@sha256:\w{64} already\..* No tag was moved\. r\.example\/a\/b serves /,
      ) as string,
    });
    expect(done().filter((line) => line.startsWith('tag '))).toEqual([]);
  });

  it('leaves nothing when it cannot publish', async () => {
    const { run, temp } = await world({ registry: '[ $verb != send ] || { echo "denied" >&2; exit 1; }' });
    expect((await failureOf(() => run())).kind).toBe('auth');
    expect(readdirSync(temp)).toEqual(['own']);
  });
});
