import { mkdirSync, readFileSync, readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import type { Confirmed } from '../../../src/proof/confirm.js';
import { openEvidence } from '../../../src/proof/evidence.js';
import { writeSignable } from '../../../src/proof/signable.js';
import { failureOf } from '../../support/failureOf.js';
import { readJson } from '../../support/signed.js';
import { temporaryFolder } from '../../support/world.js';
import { evidenceOf, imageOf, writtenEvidence } from '../../support/proof.js';

const image = imageOf();

/** Evidence that came with an image, and the source as the publisher has verified it. */
async function given() {
  const sboms = new Map([...evidenceOf().sboms]);
  const evidence = await openEvidence(await writtenEvidence({ ...evidenceOf(), sboms }));
  const confirmed = {
    source: { reachableFrom: ['refs/heads/main', 'refs/tags/v1'] },
    tree: { pinned: false, from: 'upstream' },
  } as Confirmed;
  const target = join(temporaryFolder(), 'deeper', 'signable');
  return { target, sboms, input: { evidence, image, facts: 12, confirmed } };
}

type Signed = { checks: { name: string; result: string }[]; upstream: { reachableFrom: string[] } };

describe('writeSignable', () => {
  it('writes what this run computed: digests on a line, a predicate with its own checks and history, SBOMs', async () => {
    const { target, sboms, input } = await given();
    // What the build claims of itself is not asked.
    expect(input.evidence.lock.facts.reachableFrom).toEqual(['refs/heads/main']);
    await writeSignable(target, input);
    expect(readdirSync(target).sort()).toEqual([
      ...['digests.json', 'predicate.json', 'sbom-linux-amd64.cdx.json', 'sbom-linux-arm64.cdx.json'],
    ]);
    const text = readFileSync(join(target, 'digests.json'), 'utf8');
    expect(text.trimEnd()).not.toContain('\n');
    expect(JSON.parse(text)).toEqual({
      index: image.index.digest,
      ...Object.fromEntries(image.images.map(({ platform, manifest: { digest } }) => [platform, digest])),
    });
    const predicate = readJson(join(target, 'predicate.json')) as Signed;
    const passed = predicate.checks.filter(({ result }) => result === 'passed').map(({ name }) => name);
    expect(passed).toEqual(['tree-bound', 'commit-reachable', 'image-checked']);
    expect(predicate.upstream.reachableFrom).toEqual(['refs/heads/main', 'refs/tags/v1']);
    expect(readFileSync(join(target, 'sbom-linux-arm64.cdx.json'), 'utf8')).toBe(sboms.get('linux/arm64'));
  });

  it('overwrites nothing', async () => {
    const { target, input } = await given();
    mkdirSync(target, { recursive: true });
    writeFileSync(join(target, 'digests.json'), 'mine');
    expect(await failureOf(() => writeSignable(target, input))).toMatchObject({
      kind: 'input',
      message: expect.stringMatching(/^--signable: .* is not empty/) as string,
    });
    expect(readFileSync(join(target, 'digests.json'), 'utf8')).toBe('mine');
  });
});
