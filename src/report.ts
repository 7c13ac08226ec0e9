import * as core from '@actions/core';
import { type Failure, toFailure, withNote } from './errors.js';
import type { Log } from './log/log.js';
import type { Result } from './run.js';
import type { Step } from './steps.js';
import { failureSummary, successSummary } from './summary.js';

/** Every output there is. Descriptions have their home in action.yml. */
export const OUTPUT_NAMES = [
  'commit',
  'tree',
  'epoch',
  'version',
  'archive-sha256',
  'tar-sha256',
  'build-key',
  'digest',
  'manifests',
  'refs',
  'tags',
  'skipped',
  'changed',
  'lock',
  'sbom',
  'evidence',
  'failure',
] as const;

export type Outputs = Record<(typeof OUTPUT_NAMES)[number], string>;

/** The outputs of a run that succeeded. Pure. */
export function outputsOf({ plan, changed, outcome }: Result): Outputs {
  const { source, tree, lock, buildKey, inputs } = plan;
  const common = {
    commit: source.commit,
    tree: source.tree,
    epoch: String(source.epoch),
    version: tree.version,
    'archive-sha256': lock.facts.archiveSha256,
    'tar-sha256': lock.facts.tarSha256,
    'build-key': buildKey,
    changed: changed.join('\n'),
    failure: '',
  };
  if (outcome.kind === 'skipped') {
    const { digest } = outcome;
    const refs = inputs.images.map((repository) => `${repository}@${digest}`).join('\n');
    return { ...common, digest, refs, manifests: '', tags: '', skipped: 'true', lock: '', sbom: '', evidence: '' };
  }
  const { checked, published, delivered } = outcome;
  const manifests = checked.image.images.map(({ platform, manifest }) => [platform, manifest.digest] as const);
  return {
    ...common,
    digest: checked.image.index.digest,
    manifests: JSON.stringify(Object.fromEntries(manifests)),
    refs: published.refs.join('\n'),
    tags: published.tags.join('\n'),
    skipped: 'false',
    lock: delivered.lock,
    sbom: delivered.sboms.join('\n'),
    evidence: delivered.evidence,
  };
}

/**
 * Hands outputs and summary of a run that succeeded to the runner. What was done cannot be undone: without a summary it is done
 * all the same, without outputs later steps would go on with nothing, so that the run fails and says what is published.
 */
export async function reportSuccess(
  result: Result,
  steps: readonly Step[],
  { warning }: Pick<Log, 'warning'>,
): Promise<void> {
  const outputs = outputsOf(result);
  try {
    for (const [name, value] of Object.entries(outputs)) core.setOutput(name, value);
  } catch (error) {
    const names = [outputs.refs, outputs.tags].join('\n').trim().split('\n').join(', ');
    throw withNote(error, `The run's outputs cannot be written. Published is ${names || 'nothing'}`);
  }
  await writeSummary(successSummary(result, steps)).catch((error: unknown) => {
    warning(`the job summary cannot be written: ${toFailure(error).message}`);
  });
}

/** Hands class and summary of a run that failed to the runner; what a child or a server said may hold what it was given. */
export async function reportFailure(
  { kind, message, details }: Failure,
  steps: readonly Step[],
  { redact }: Pick<Log, 'redact'>,
): Promise<void> {
  core.setOutput('failure', kind);
  await writeSummary(failureSummary({ kind, message: redact(message), details: details.map(redact) }, steps));
}

async function writeSummary(markdown: string): Promise<void> {
  // Outside a runner, in a test or by hand, there may be no summary file.
  if (process.env.GITHUB_STEP_SUMMARY) await core.summary.addRaw(markdown, true).write();
}
