import { join } from 'node:path';
import type { Deps } from '../deps.js';
import { Failure, type FailureClass, withNote } from '../errors.js';
import type { Digest } from '../hash.js';
import { wantsLogin } from '../http/failure.js';
import { thisRecipe } from '../image/build/recipe.js';
import { OWN_PREFIX } from '../image/labels.js';
import { type PulledImage, pullImage } from '../image/pulled.js';
import { parseImage } from '../image/reference.js';
import { type ImageView, saidBy, viewOf } from '../image/view.js';
import type { Inputs } from '../inputs.js';
import type { Stopwatch } from '../steps.js';
import { printable } from '../text.js';
import { requireAsked } from './asked.js';
import { type Likeness, compareDigests, compareImages } from './compare.js';
import { type Confirmed, confirmEvidence, confirmSource } from './confirm.js';
import { type OpenedEvidence, openEvidence } from './evidence.js';
import { fetchEvidence } from './evidenceReferrer.js';
import { buildFromLock } from './fromLock.js';
import { warnOfHistory } from './history.js';
import { type Lock, buildKey } from './lock.js';
import { requireBuildable } from './replay.js';
import { type ImageDigests, imageOfStatement, requireStatement } from './statement.js';
import { type TrustCheck, type TrustFacts, trustReport } from './trust.js';

/** What is to be reproduced: a published image, an evidence folder, or an image with evidence from elsewhere. */
export type Request = {
  image: string | undefined;
  evidence: string | undefined;
  /** Inputs, and the names of those that were given: the lock must be of what they say. */
  inputs: Inputs;
  given: readonly string[];
};

/** What came of it. `missing` says why an image is unbuildable, and the class of that failure. */
export type Reproduction = {
  verdict: Likeness | 'unbuildable';
  published: Digest;
  rebuilt: Digest | undefined;
  missing: { kind: FailureClass; text: string } | undefined;
  differences: string[];
  lock: Lock;
  checks: TrustCheck[];
};

/**
 * Builds a published image again, from its lock, without cache, and compares: index, manifests, configs, layers, files. The
 * lock comes from the image's evidence and is bound to it by the build key in its labels. Upstream is asked for the source,
 * or, with an evidence folder, nobody. The recipe is this release's own: a Dockerfile that came along is never run.
 */
export async function reproduce(request: Request, deps: Deps, { step }: Stopwatch): Promise<Reproduction> {
  const image = request.image === undefined ? undefined : parseImage(request.image);
  const published = image === undefined ? undefined : await step('Download image', () => pullImage(image, deps));
  const evidence = await step('Find lock', () => findEvidence(request, published, deps));
  const { lock, statement } = evidence;
  if (published !== undefined) requireKey(published.view, lock);
  requireAsked(lock, request.given, request.inputs);
  const claimed = published === undefined ? imageOfStatement(statement) : digestsOf(published.view);
  requireStatement(statement, lock, claimed);

  const outcome = { published: claimed.index.digest, rebuilt: undefined, missing: undefined, differences: [], lock };
  let source: TrustFacts['source'];
  const report = (facts: Pick<TrustFacts, 'built' | 'bytes' | 'rebuilt'>) =>
    trustReport({ lock, replayed: true, source, ...facts });
  try {
    await requireOwnRecipe(lock, deps);
    const confirmed = await step('Verify source', () => verifySource(request, evidence, deps));
    source = { ...confirmed.source, tree: confirmed.tree };
    const rebuilt = await step('Rebuild', () => buildFromLock(evidence, confirmed, request.inputs.builder, deps));
    const comparison =
      published === undefined
        ? compareDigests(claimed, rebuilt)
        : compareImages(published.view, viewOf(rebuilt), ['published', 'rebuilt']);
    const checks = report({ built: true, bytes: published && 'compared', rebuilt: comparison.verdict });
    return { ...outcome, ...comparison, rebuilt: rebuilt.index.digest, checks };
  } catch (error) {
    if (!(error instanceof Failure) || !isUnbuildable(error)) throw error;
    const missing = { kind: error.kind, text: [error.message, ...error.details.slice(-5)].join('\n') };
    const checks = report({ built: false, bytes: published && 'hashed' });
    return { ...outcome, verdict: 'unbuildable', missing, checks };
  }
}

/** The lock must be the image's: index and every config carry its build key. Pure. */
export function requireKey(view: ImageView, lock: Lock): void {
  const key = buildKey(lock.inputs);
  for (const { where, texts } of saidBy(view)) {
    const found = texts[`${OWN_PREFIX}build-key`];
    if (found !== key)
      throw new Failure(
        'verification',
        `the lock is not this image's: its build key is ${key}, and the ${where} have ${printable(found ?? 'none')}`,
      );
  }
}

/** Whether a failure means that what a lock needs is not there (any more), or does not build. Others may pass, or are a finding. */
function isUnbuildable(failure: Failure): boolean {
  return failure.kind === 'not-found' || failure.kind === 'build' || wantsLogin(failure);
}

/** The recipe is this release's Dockerfile: another release that has the same one builds the same image. */
async function requireOwnRecipe({ inputs: { recipe } }: Lock, deps: Deps): Promise<void> {
  const own = await thisRecipe();
  requireBuildable(recipe, own);
  if (recipe.wrapper !== own.wrapper)
    deps.log.notice(
      `release ${printable(recipe.wrapper)} of phantun-runtime made this image, and this is ${own.wrapper}, which has the same Dockerfile`,
    );
}

async function verifySource(
  { evidence: folder, inputs }: Request,
  evidence: OpenedEvidence,
  deps: Deps,
): Promise<Confirmed> {
  if (folder !== undefined) return confirmEvidence(evidence, deps);
  const { confirmed, history } = await confirmSource(evidence.lock, inputs, deps).catch((error: unknown) => {
    if (!(error instanceof Failure) || !isUnbuildable(error)) throw error;
    throw withNote(error, GONE);
  });
  await warnOfHistory(evidence.lock, confirmed.source, history, deps);
  return confirmed;
}

const GONE =
  'If it is gone, the evidence beside the image holds archive and commit: unpack it, and give its folder with --evidence';

function digestsOf({ digest, platforms }: ImageView): ImageDigests {
  const images = platforms.map(({ platform, manifest }) => ({ platform, manifest: { digest: manifest } }));
  return { index: { digest }, images };
}

async function findEvidence(
  { evidence, image }: Request,
  published: PulledImage | undefined,
  deps: Deps,
): Promise<OpenedEvidence> {
  if (evidence !== undefined) return openEvidence(evidence);
  if (published === undefined) throw new Failure('input', 'name an image, or --evidence DIR, or both');
  const folder = join(deps.temp, 'evidence');
  if (!(await fetchEvidence(published.repository, published.digest, folder, deps)))
    throw new Failure(
      'not-found',
      `unbuildable: ${printable(image ?? '')} has no evidence beside it in its registry, so its lock is not known. Give the evidence with --evidence DIR`,
    );
  return openEvidence(folder);
}
