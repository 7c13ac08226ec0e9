import type { ServerResponse } from 'node:http';
import { join } from 'node:path';
import { type Descriptor, MEDIA_TYPES } from '../../../src/image/layout/oci.js';
import { publishEvidence } from '../../../src/image/publish/evidence.js';
import { type Judge, fetchEvidence } from '../../../src/proof/evidenceReferrer.js';
import { loopbackRegistry } from '../../support/fakeRegistry.js';
import { anyEvidence, imageOf, writtenEvidence } from '../../support/proof.js';
import { testDeps } from '../../support/world.js';

const { digest, size } = imageOf().index;
/** The image that the evidence is about, and the tag that lists what refers to it. */
export const SUBJECT: Descriptor = { mediaType: MEDIA_TYPES.index, digest, size };
export const TAG = digest.replace(':', '-');
export const EPOCH = 1_700_000_000;

/** A registry, and evidence to publish in it. `api` is how its referrers API answers: by default there is none. */
export async function evidenceWorld(before = '', api?: (response: ServerResponse) => void, judge: Judge = anyEvidence) {
  const { registry, repository } = await loopbackRegistry(before, api);
  const deps = testDeps();
  const folder = await writtenEvidence();
  const publish = () => publishEvidence(repository, SUBJECT, { folder, epochSeconds: EPOCH, judge }, deps);
  const fetch = () => fetchEvidence(repository, digest, join(deps.temp, 'fetched'), deps);
  const list = () => JSON.parse(String(registry.served(TAG))) as { manifests: Record<string, unknown>[] };
  return { registry, repository, deps, folder, publish, fetch, list };
}
