import { readdir } from 'node:fs/promises';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { type FailureClass, toFailure } from '../../../src/errors.js';
import { digestOf } from '../../../src/hash.js';
import { type Publication, publicationOf, publish } from '../../../src/image/publish/publish.js';
import { EVIDENCE_TYPE } from '../../../src/proof/evidenceReferrer.js';
import { attachArtifact, readReferrers } from '../../lab/attach.js';
import {
  type Fault,
  type RegistryProxy,
  answer,
  cutShort,
  doneThenReset,
  reset,
  startRegistryProxy,
  status,
} from '../../lab/registryProxy.js';
import { anyEvidence, writtenEvidence } from '../../support/proof.js';
import { RAW, setEnvironment, testDeps } from '../../support/world.js';
import { EPOCH, image as imageOf, writtenLayout } from '../../support/layouts.js';
import { FUZZ, timeFor } from '../../fuzz/budget.js';
import { freshImage, lab, registryDigest, registryTags, temporaryFolder } from '../harness.js';

/** Each sends a whole image through real clients, more than once: ten, or two hundred where there is time. */
const SCRIPTS = Math.min(200, Math.ceil(FUZZ.cases / 300));
const MOST_MILLISECONDS = 60_000;
const CLASSES: FailureClass[] = ['auth', 'not-found', 'rate-limit', 'transient', 'registry', 'verification'];
const TAGS = { fixed: ['fixed'], moving: ['moving'], key: 'key' };
const COMMIT = 'c'.repeat(40);
const HISTORY = { isAncestor: () => Promise.resolve(false) };

/** What somebody else has put beside the image before. */
const FOREIGN = { artifactType: 'application/vnd.example', layerType: 'text/plain', bytes: Buffer.from('theirs') };

/** What happens to a request; a wait that is asked for is waited for by skopeo, whose clock is real. */
const FAULTS: Record<string, Fault> = {
  good: (_request, _response, forward) => forward(),
  unavailable: status(503, 'UNAVAILABLE'),
  broken: status(500, 'UNKNOWN'),
  forbidden: status(403, 'DENIED'),
  unauthorized: status(401, 'UNAUTHORIZED'),
  absent: status(404, 'MANIFEST_UNKNOWN'),
  limited: status(429, 'TOOMANYREQUESTS', { 'retry-after': '1' }),
  reset: reset(),
  answerLost: doneThenReset(),
  answerCut: cutShort(),
  // What has no body is never cut there.
  resetLater: (request, response, forward) =>
    request.method === 'GET' || request.method === 'HEAD' ? forward() : reset(100)(request, response, forward),
  page: answer('<html>Log in, please</html>', { 'content-type': 'text/html' }),
  otherManifest: answer('{"schemaVersion":2,"mediaType":"application/vnd.oci.image.index.v1+json","manifests":[]}', {
    'content-type': 'application/vnd.oci.image.index.v1+json',
  }),
};
/** A registry that says of a list that it is not there, or another one, or that takes what it was sent for something else, has lost it. */
const LIES = ['absent', 'page', 'otherManifest'];
const script = fc.array(fc.constantFrom('good', 'good', 'good', ...Object.keys(FAULTS)), { maxLength: 40 });

/**
 * Makes the proxy treat its requests as the script says, one after the other; those after its end go through. Returns whether it
 * has lied.
 */
function play(proxy: RegistryProxy, names: readonly string[]): () => boolean {
  let next = 0;
  const fault: Fault = (request, response, forward) => {
    const name = names[next++] ?? 'good';
    FAULTS[name]?.(request, response, forward);
  };
  proxy.rules = [{ path: /./, fault }];
  return () => names.slice(0, next).some((name) => LIES.includes(name));
}

test(
  'publishing under any script of a registry’s faults ends as a whole or in a classified failure, no tag names anything else, and no referrer is lost',
  async () => {
    setEnvironment(lab.env);
    const proxy = await startRegistryProxy(lab.registry);
    const composed = imageOf();
    const layout = await writtenLayout(composed);
    const evidence = { folder: await writtenEvidence(), epochSeconds: EPOCH, judge: anyEvidence };
    const publication = publicationOf(layout, composed, COMMIT, evidence);
    const ends = new Map<string, number>();
    try {
      await fc.assert(
        fc.asyncProperty(script, async (names) => {
          const real = freshImage();
          const { manifest } = await attachArtifact(real, publication.index, FOREIGN);
          const hasLied = play(proxy, names);
          const end = await attempt(publication, real.replace(lab.registry, proxy.host));
          ends.set(end, (ends.get(end) ?? 0) + 1);
          await expectWhole(publication, real, end === 'published');
          const foreign = hasLied() ? undefined : digestOf(manifest);
          await expectListed(publication, real, foreign, end === 'published' && !hasLied());
          // Whatever is left there is no obstacle for the next run.
          if (end !== 'published') {
            play(proxy, []);
            expect(await attempt(publication, real.replace(lab.registry, proxy.host))).toBe('published');
            await expectWhole(publication, real, true);
            await expectListed(publication, real, foreign, true);
          }
        }),
        {
          numRuns: SCRIPTS,
          seed: FUZZ.seed,
          interruptAfterTimeLimit: timeFor(SCRIPTS, MOST_MILLISECONDS) - 10_000,
          markInterruptAsFailure: true,
        },
      );
      expect(ends.size).toBeGreaterThan(1);
    } finally {
      await proxy.stop();
    }
  },
  timeFor(SCRIPTS, MOST_MILLISECONDS),
);

async function attempt(publication: Publication, repository: string): Promise<'published' | FailureClass> {
  const deps = testDeps({ temp: await temporaryFolder() });
  try {
    await publish(publication, [repository], TAGS, HISTORY, deps);
    return 'published';
  } catch (error) {
    const failure = toFailure(error);
    if (!CLASSES.includes(failure.kind) || RAW.test(failure.message)) throw error;
    return failure.kind;
  } finally {
    expect(await readdir(deps.temp)).toEqual([]);
  }
}

/** A tag names our image, with all of it there, or is not there; after a success both are. */
async function expectWhole({ digest, children }: Publication, repository: string, published: boolean): Promise<void> {
  const tags = (await registryTags(repository)).filter((tag) => !tag.startsWith('sha256-'));
  if (published) expect(tags.sort()).toEqual(['fixed', 'key', 'moving']);
  for (const tag of tags) {
    expect(await registryDigest(`${repository}:${tag}`)).toBe(digest);
    for (const child of children) expect(await registryDigest(`${repository}@${child.digest}`)).toBe(child.digest);
  }
}

/** Nothing is listed twice; what was there is, and the evidence once it is published. */
async function expectListed(
  { digest }: Publication,
  repository: string,
  foreign: string | undefined,
  published: boolean,
): Promise<void> {
  const listed = await readReferrers(repository, digest);
  const evidence = listed.filter(({ artifactType }) => artifactType === EVIDENCE_TYPE);
  const others = listed.filter((one) => !evidence.includes(one)).map((one) => one.digest);
  expect(evidence.length).toBeLessThanOrEqual(1);
  if (published) expect(evidence).toHaveLength(1);
  for (const one of evidence) expect(await registryDigest(`${repository}@${one.digest}`)).toBe(one.digest);
  if (foreign === undefined) expect(others.length).toBeLessThanOrEqual(1);
  else expect(others).toEqual([foreign]);
}
