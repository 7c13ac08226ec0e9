import { join } from 'node:path';
import type { Deps } from './deps.js';
import { requireEmptyFolder } from './emptyFolder.js';
import { toFailure } from './errors.js';
import type { Digest } from './hash.js';
import { buildFilesIn } from './image/build/buildx.js';
import { buildImage } from './image/build/image.js';
import { type CheckedImage, checkLayout, smokeImage } from './image/check/inspect.js';
import type { SmokeResult } from './image/check/smoke.js';
import { imageLabels } from './image/labels.js';
import { writeLayout } from './image/layout/layout.js';
import { type Delivered, deliver, loadImage, loadablePlatform, EXPORT_INPUT } from './image/publish/deliver.js';
import {
  type Part,
  type Predecessor,
  changedParts,
  heldDigest,
  readPredecessor,
  requireForward,
} from './image/publish/predecessor.js';
import { type Published, publicationOf, publish } from './image/publish/publish.js';
import { type TagNames, expandTags, inOrder } from './image/publish/tags.js';
import { openRegistry } from './image/registry.js';
import type { Inputs } from './inputs.js';
import { type Plan, makePlan } from './plan.js';
import { type OpenedEvidence, writeEvidence } from './proof/evidence.js';
import { gatherEvidence } from './proof/gather.js';
import { requireDigest, requireIdentical } from './proof/rebuild.js';
import { type TrustCheck, type TrustFacts, trustReport } from './proof/trust.js';
import { requireWhole } from './proof/wholeEvidence.js';
import { withRetries } from './retry.js';
import type { History } from './source/resolve.js';
import type { Stopwatch } from './steps.js';
import { humanSize } from './text.js';

/** What a run that succeeded has to tell. */
export type Result = {
  plan: Plan;
  /** The image that the first moving tag in use named before, and what differs from it: everything, where there was none. */
  before: Predecessor | undefined;
  changed: Part[];
  outcome: Skipped | Product;
};

/** Every repository held this build already; nothing was built and nothing written. */
export type Skipped = { kind: 'skipped'; digest: Digest; checks: TrustCheck[] };

/** An image, what was found of it, and where it is now. */
export type Product = {
  kind: 'built';
  checked: CheckedImage;
  smoke: SmokeResult[];
  checks: TrustCheck[];
  published: Published;
  delivered: Delivered;
  exportFolder: string | undefined;
};

/**
 * From a ref to a checked image, published by digest and tagged last: this function is the table of contents. Every step takes
 * what earlier ones returned.
 */
export async function run(given: Inputs, deps: Deps, watch: Stopwatch): Promise<Result> {
  if (given.export !== undefined) await requireEmptyFolder(EXPORT_INPUT, given.export);
  const { plan, history } = await makePlan(given, deps, watch);
  try {
    const { inputs, source, tree } = plan;
    const { version } = tree;
    const tags = expandTags(inputs, { version, commit: source.commit, buildKey: plan.buildKey, epoch: source.epoch });
    const { held, ...past } = await watch.step('Look in registry', () => lookBack(plan, history, tags, deps));
    if (held !== undefined) {
      requireDigest(inputs.expectDigest, held);
      const checks = trustReport({ ...provenIn(plan), built: false, pinned: true, bytes: 'left in the registry' });
      return { plan, ...past, outcome: { kind: 'skipped', digest: held, checks } };
    }
    return { plan, ...past, outcome: await produce(plan, history, tags, deps, watch) };
  } finally {
    await plan.builder.remove();
  }
}

/** What the registries hold already: of this build, and of the one before it. */
async function lookBack(
  { inputs, source, tree, lock, buildKey }: Plan,
  history: History,
  tags: TagNames,
  deps: Deps,
): Promise<Pick<Result, 'before' | 'changed'> & { held: Digest | undefined }> {
  // Before the build, even when nothing is read of it: whether a registry can be asked at all.
  if (inputs.push && tags.moving.length === 0) await readFirst(inputs.images, tags.key, deps);
  const found = await predecessors(inputs, tags, deps);
  const [before] = found;
  const changed = changedParts(before, lock.inputs);
  if (!inputs.skipUnchanged) return { before, changed, held: undefined };
  for (const one of found) await requireForward(one, source.commit, true, history);
  const labels = imageLabels(lock.inputs, tree.version, buildKey);
  const held = await heldDigest(
    inputs.images,
    { labels, platforms: inputs.platforms.length, tags, before: found },
    deps,
  );
  if (held !== undefined) deps.log.info(`Every repository holds this build: ${held}. Nothing is built or written`);
  return { before, changed: held === undefined ? changed : [], held };
}

async function readFirst([repository = '']: readonly string[], tag: string, deps: Deps): Promise<void> {
  const name = `${repository}:${tag}`;
  await withRetries(`reading ${name}`, deps, () => openRegistry(repository, deps).read(name));
}

/** What the moving tags of the first repository name. A run that neither publishes nor skips can do without. */
async function predecessors(inputs: Inputs, tags: TagNames, deps: Deps): Promise<Predecessor[]> {
  const [repository = ''] = inputs.images;
  const found: Predecessor[] = [];
  try {
    for (const tag of repository === '' ? [] : tags.moving) {
      const one = await readPredecessor(openRegistry(repository, deps), `${repository}:${tag}`, deps);
      if (one !== undefined) found.push(one);
    }
  } catch (error) {
    const { kind, message } = toFailure(error);
    if (inputs.push || inputs.skipUnchanged || kind === 'cancelled') throw error;
    deps.log.notice(`What was published before is not known: ${message}`);
  }
  return found;
}

async function produce(
  plan: Plan,
  history: History,
  tags: TagNames,
  deps: Deps,
  { step }: Stopwatch,
): Promise<Product> {
  const { inputs, source, tree, lock, engine } = plan;
  const loadable = inputs.load ? loadablePlatform(inputs.platforms, engine) : undefined;
  const order = { lock, tree, builder: plan.builder.name };
  const files = buildFilesIn(join(deps.temp, 'files'), inputs.platforms);
  const composed = await step('Build', () =>
    buildImage({ ...order, files, noCache: false }, join(deps.temp, 'build'), deps),
  );
  const layout = join(deps.temp, 'layout');
  const checked = await step('Check', async () => {
    await writeLayout(composed, layout);
    return checkLayout(layout, lock);
  });
  const { image } = checked; // as it was read back: what was checked is what goes on
  requireDigest(inputs.expectDigest, image.index.digest);
  const smoke = inputs.smoke ? await step('Run', () => smokeImage(image, tree.version, engine, deps)) : [];
  const rebuilt = inputs.rebuild
    ? await step('Rebuild', () => requireIdentical(image, order, join(deps.temp, 'rebuild'), deps))
    : undefined;

  const facts = checked.facts.length;
  const checks = trustReport({ ...provenIn(plan), built: true, facts, smoke, rebuilt });
  const evidence = join(deps.temp, 'evidence');
  await step('Evidence', async () => {
    const size = await writeEvidence(await gatherEvidence({ lock, source, tree, image, files, checks }), evidence);
    deps.log.info(`Archive, lock, crates, SBOMs and statement: ${humanSize(size)}`);
  });
  const names = localNames(inputs, tags);
  if (loadable !== undefined) await step('Load', () => loadImage(image, loadable, names, deps));
  const delivered = await deliver(image, { lock, evidence, names, folder: inputs.export }, deps);
  const judge = (there: OpenedEvidence) =>
    requireWhole(there, { lock, image, confirmed: { source, tree } }, history, deps);
  await plan.builder.remove(); // takes a while that no signal ends: not behind the tags
  const publication = publicationOf(layout, image, source.commit, {
    folder: evidence,
    epochSeconds: source.epoch,
    judge,
  });
  // Last: once a tag has moved, no full disk may make the run fail.
  const published = inputs.push
    ? await step('Publish', () => publish(publication, inputs.images, tags, history, deps))
    : { refs: [], tags: [] };
  return { kind: 'built', checked, smoke, checks, published, delivered, exportFolder: inputs.export };
}

/** What is proven of an image before anything is built. */
function provenIn({ inputs, lock, source, tree }: Plan): Pick<TrustFacts, 'lock' | 'replayed' | 'source'> {
  return { lock, replayed: inputs.lock !== undefined, source: { ...source, tree } };
}

/** Names for docker's own store: every repository with every tag, or a plain name where none is given. */
function localNames({ images }: Inputs, tags: TagNames): string[] {
  const all = inOrder(tags);
  return (images.length === 0 ? ['phantun-runtime'] : images).flatMap((repository) =>
    all.map((tag) => `${repository}:${tag}`),
  );
}
