import { readFile, stat } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import type { Deps } from '../deps.js';
import { Failure } from '../errors.js';
import { EXPORT } from '../image/publish/deliver.js';
import { askEngine } from '../image/engine.js';
import { type CheckedImage, checkLayout, smokeImage } from '../image/check/inspect.js';
import { publicationOf, publish } from '../image/publish/publish.js';
import { expandTags } from '../image/publish/tags.js';
import { type RawInputs, parseInputs } from '../inputs.js';
import { type Lock, buildKey, parseLock } from '../proof/lock.js';
import { successSummary } from '../report.js';
import { run } from '../run.js';
import { stopwatch } from '../steps.js';
import type { Command } from './options.js';

/** Does what a command line asks; resolves with the text for stdout. */
export async function runCommand(command: Command, raw: RawInputs, deps: Deps): Promise<string> {
  switch (command.name) {
    case 'build':
      return build(raw, deps);
    case 'check':
      return check(command.layout ?? '', raw, deps);
    case 'publish':
      return publishLayout(command.layout ?? '', raw, deps);
  }
}

async function build(raw: RawInputs, deps: Deps): Promise<string> {
  const { inputs, notices } = parseInputs(raw);
  if (inputs.upstreamToken !== undefined) deps.log.secret(inputs.upstreamToken);
  for (const notice of notices) deps.log.notice(notice);
  const watch = stopwatch(deps);
  return successSummary(await run(inputs, deps, watch), watch.steps);
}

async function check(folder: string, raw: RawInputs, deps: Deps): Promise<string> {
  const { inputs } = parseInputs(raw);
  const { lock, checked } = await openExport(folder);
  const lines = checked.facts.map(({ subject, fact }) => `${subject}: ${fact}`);
  if (inputs.smoke) {
    const engine = await askEngine(deps).catch(() => undefined);
    for (const { platform, ran, reason } of await smokeImage(checked.image, lock.facts.version, engine, deps))
      lines.push(`${platform}: ${ran ? 'runs' : `not run: ${reason}`}`);
  }
  return `${[...lines, checked.image.index.digest].join('\n')}\n`;
}

async function publishLayout(folder: string, raw: RawInputs, deps: Deps): Promise<string> {
  const { inputs, notices } = parseInputs({ ...raw, push: 'true' });
  for (const notice of notices) deps.log.notice(notice);
  const { lock, layout, checked } = await openExport(folder);
  const { commit, epoch } = lock.inputs;
  const tags = expandTags(inputs, { version: lock.facts.version, commit, epoch, buildKey: buildKey(lock.inputs) });
  const published = await publish(publicationOf(layout, checked.image), inputs.images, tags, deps);
  return `${[...published.refs, ...published.tags].join('\n')}\n`;
}

/** An export folder, or the layout in it; the lock lies beside the layout. */
async function openExport(folder: string): Promise<{ lock: Lock; layout: string; checked: CheckedImage }> {
  const nested = await stat(join(folder, EXPORT.layout)).catch(() => undefined);
  const layout = nested?.isDirectory() === true ? join(folder, EXPORT.layout) : folder;
  const lockPath = join(dirname(layout), EXPORT.lock);
  const text = await readFile(lockPath, 'utf8').catch((cause: unknown) => {
    throw new Failure(
      'input',
      `${lockPath} cannot be read. LAYOUT is a folder that build --export made, with its lock`,
      {
        cause,
      },
    );
  });
  const lock = parseLock(text);
  return { lock, layout, checked: await checkLayout(layout, lock) };
}
