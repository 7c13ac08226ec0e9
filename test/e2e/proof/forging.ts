import { readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect } from 'vitest';
import { sha256 } from '../../../src/hash.js';
import { imageLabels } from '../../../src/image/labels.js';
import { type ComposedImage, blobOf, compose, layerTar } from '../../../src/image/layout/compose.js';
import { parseConfig } from '../../../src/image/layout/config.js';
import { readLayout, writeLayout } from '../../../src/image/layout/layout.js';
import { evidenceReadme } from '../../../src/proof/evidenceReadme.js';
import { buildKey, lockFile, parseLock } from '../../../src/proof/lock.js';
import { parseStatement, statementFile, statementOf } from '../../../src/proof/statement.js';
import { execute, freshImage } from '../harness.js';
import { copyOf, type Sample } from './tiny.js';

type Labels = Record<string, string>;

/** Gives the image in an export folder other labels, every digest made to fit. */
async function relabel(folder: string, change: (labels: Labels) => Labels): Promise<ComposedImage> {
  const layout = join(folder, 'oci');
  const image = await readLayout(layout);
  const index = JSON.parse(image.index.bytes.toString('utf8')) as { annotations: Labels };
  const parts = image.images.map((part) => ({ part, ...parseConfig(blobOf(image, part.config), 'config') }));
  const forged = compose(
    parts.map(({ part, runtime }) => ({
      platform: part.platform,
      config: { ...runtime, Labels: change(runtime.Labels ?? {}) },
      layer: layerTar(image, part),
    })),
    { epochSeconds: parts[0]?.epochSeconds ?? 0, annotations: change(index.annotations) },
  );
  await rm(layout, { recursive: true });
  await writeLayout(forged, layout);
  return forged;
}

/** Publishes the sample's image with another value of one label, every digest made to fit. */
export async function publishRelabelled(sample: Sample, label: string, value: string): Promise<string> {
  const folder = await copyOf(sample);
  const { index } = await relabel(folder, (labels) => ({ ...labels, [label]: value }));
  const name = `${freshImage()}@${index.digest}`;
  const flags = ['--all', '--preserve-digests', '--dest-tls-verify=false'];
  const copied = await execute('skopeo', ['copy', ...flags, 'oci:.', `docker://${name}`], {}, join(folder, 'oci'));
  expect(copied, copied.stderr).toMatchObject({ code: 0 });
  return name;
}

/** An export as a build would make it that had built by another Dockerfile: lock, labels, statement and README say so, too. */
export async function exportOfDockerfile(sample: Sample, dockerfile: string): Promise<string> {
  const folder = await copyOf(sample);
  const evidence = join(folder, 'evidence');
  const { inputs, facts } = parseLock(await readFile(join(folder, 'lock.json'), 'utf8'));
  const recipe = { ...inputs.recipe, dockerfile: sha256(dockerfile) };
  const lock = { inputs: { ...inputs, recipe }, facts };
  const image = await relabel(folder, () => imageLabels(lock.inputs, facts.version, buildKey(lock.inputs)));
  const { predicate } = parseStatement(await readFile(join(evidence, 'statement.json')));
  const statement = statementOf(lock, image, predicate.checks);
  for (const place of [folder, evidence]) await writeFile(join(place, 'lock.json'), lockFile(lock));
  await writeFile(join(evidence, 'Dockerfile'), dockerfile);
  await writeFile(join(evidence, 'statement.json'), statementFile(statement));
  await writeFile(join(evidence, 'README.md'), evidenceReadme(lock, statement));
  return folder;
}
