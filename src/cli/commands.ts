import type { Deps } from '../deps.js';
import { Failure, toFailure } from '../errors.js';
import { requireEmptyFolder } from '../emptyFolder.js';
import { thisRecipe } from '../image/build/recipe.js';
import { smokeImage } from '../image/check/inspect.js';
import type { SmokeResult } from '../image/check/smoke.js';
import { askEngine } from '../image/engine.js';
import type { ComposedImage } from '../image/layout/compose.js';
import { openExport } from '../image/publish/exported.js';
import { publicationOf, publish } from '../image/publish/publish.js';
import { readSeen, writeSeen } from '../image/publish/seen.js';
import { expandTags } from '../image/publish/tags.js';
import { type Inputs, type RawInputs, openInputs } from '../inputs.js';
import { requireAsked } from '../proof/asked.js';
import { foremost } from '../proof/compare.js';
import { confirmSource } from '../proof/confirm.js';
import type { OpenedEvidence } from '../proof/evidence.js';
import { evidenceToSign } from '../proof/evidenceReferrer.js';
import { requireRef } from '../proof/history.js';
import { buildKey } from '../proof/lock.js';
import { requireDigest } from '../proof/rebuild.js';
import { requireRecipe } from '../proof/replay.js';
import { reproduce } from '../proof/reproduce.js';
import { writeSignable } from '../proof/signable.js';
import { trustReport } from '../proof/trust.js';
import { requireWhole } from '../proof/wholeEvidence.js';
import { run } from '../run.js';
import { stopwatch } from '../steps.js';
import { reproductionReport, successSummary, trustTable, verifiedTable } from '../summary.js';
import { parseVerifyOptions } from '../verify/options.js';
import type { Command } from './options.js';

/** Does what a command line asks; resolves with the text for stdout. */
export async function runCommand(command: Command, raw: RawInputs, deps: Deps): Promise<string> {
  switch (command.name) {
    case 'build':
      return build(openInputs(raw, deps.log), deps);
    case 'check':
      return check(command.argument ?? '', openInputs(raw, deps.log), deps);
    case 'publish':
      return publishLayout(command, openInputs({ ...raw, push: 'true' }, deps.log), deps);
    case 'verify':
      return verify(command, deps);
    case 'reproduce':
      return reproduceImage(command, openInputs(raw, deps.log), deps);
  }
}

async function build(inputs: Inputs, deps: Deps): Promise<string> {
  const watch = stopwatch(deps);
  return successSummary(await run(inputs, deps, watch), watch.steps);
}

async function check(folder: string, inputs: Inputs, deps: Deps): Promise<string> {
  const { lock, checked } = await openExport(folder);
  const { image, facts } = checked;
  const smoke = inputs.smoke ? await smokeIfThere(image, lock.facts.version, deps) : [];
  const lines = [
    ...facts.map(({ subject, fact }) => `${subject}: ${fact}`),
    ...smoke.map(({ platform, ran, reason }) => `${platform}: ${ran ? 'runs' : `not run: ${reason}`}`),
  ];
  const report = trustTable(trustReport({ lock, built: false, facts: facts.length, smoke }));
  return `${[...lines, '', report, '', image.index.digest].join('\n')}\n`;
}

/** Runs an image where docker answers, which `check` can do without: else each platform is reported as not run, with the reason. */
async function smokeIfThere(image: ComposedImage, version: string, deps: Deps): Promise<SmokeResult[]> {
  const engine = await askEngine(deps).catch(toFailure);
  if (!(engine instanceof Failure)) return smokeImage(image, version, engine, deps);
  if (engine.kind === 'cancelled') throw engine;
  return image.images.map(({ platform }) => ({ platform, ran: false, reason: engine.message }));
}

async function verify({ argument, own }: Command, deps: Deps): Promise<string> {
  // Its libraries are large.
  const { verifyImage } = await import('../verify/verify.js');
  const { publisher, signer, bundle, runners } = own;
  const raw = {
    publisher,
    signer,
    signerWorkflow: own['signer-workflow'],
    signerDigest: own['signer-digest'],
    bundle,
    trustedRoot: own['trusted-root'],
    runners,
  };
  return verifiedTable(await verifyImage(parseVerifyOptions({ image: argument ?? '', ...raw }), deps));
}

async function publishLayout({ argument, given, own: flags }: Command, inputs: Inputs, deps: Deps): Promise<string> {
  const folder = argument ?? '';
  const { signable } = flags;
  if (signable !== undefined) await requireEmptyFolder('--signable', signable);
  const seen = flags.seen === undefined ? undefined : await readSeen(flags.seen);
  const { step } = stopwatch(deps);
  const { lock, layout, evidence: own, checked } = await step('Check', () => openExport(folder));
  const { image, facts } = checked;
  const { digest } = image.index;
  requireDigest(inputs.expectDigest, digest);
  // Whoever made the export may have built by any Dockerfile: it would be signed, and sent with the rest.
  requireRecipe(lock.inputs.recipe, await thisRecipe());
  requireAsked(lock, Object.keys(given), inputs);
  const { confirmed, history } = await step('Verify source', () => confirmSource(lock, inputs, deps));
  if (given.ref !== undefined) await requireRef(inputs.ref, confirmed.source, history, deps);
  const judge = (evidence: OpenedEvidence) => requireWhole(evidence, { lock, image, confirmed }, history, deps);
  await judge(own);
  let evidence = own;
  if (signable !== undefined) {
    const [repository = ''] = inputs.images;
    evidence = await step('Look in registry', () => evidenceToSign(own, repository, digest, judge, deps));
    await writeSignable(signable, { evidence, image, facts: facts.length, confirmed });
  }
  const { commit, epoch } = lock.inputs;
  const tags = expandTags(inputs, { version: lock.facts.version, commit, epoch, buildKey: buildKey(lock.inputs) });
  const publication = publicationOf(layout, image, commit, { folder: evidence.folder, epochSeconds: epoch, judge });
  const extent = { upTo: signable === undefined ? 'tags' : 'evidence', seen } as const;
  const published = await step('Publish', () => publish(publication, inputs.images, tags, history, deps, extent));
  if (signable !== undefined) await writeSeen(signable, published.seen);
  return `${[...published.refs, ...published.tags].join('\n')}\n`;
}

async function reproduceImage({ argument, given, own }: Command, inputs: Inputs, deps: Deps): Promise<string> {
  const request = { image: argument, evidence: own.evidence, inputs, given: Object.keys(given) };
  const reproduction = await reproduce(request, deps, stopwatch(deps));
  const report = reproductionReport(reproduction);
  if (reproduction.verdict === 'identical') return report;
  const { verdict, missing, differences } = reproduction;
  throw new Failure(missing?.kind ?? 'verification', `${verdict}: ${missing?.text ?? foremost(differences)}`, {
    details: report.split('\n'),
  });
}
