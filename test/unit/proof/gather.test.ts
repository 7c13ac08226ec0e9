import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { sha256 } from '../../../src/hash.js';
import { buildFilesIn } from '../../../src/image/build/buildx.js';
import { confirmEvidence } from '../../../src/proof/confirm.js';
import { gatherEvidence } from '../../../src/proof/gather.js';
import { statementOf } from '../../../src/proof/statement.js';
import { trustReport } from '../../../src/proof/trust.js';
import { DOCKERFILE } from '../../../src/wrapper.js';
import { failureOf } from '../../support/failureOf.js';
import { testDeps } from '../../support/world.js';
import {
  CRATE,
  LOCK,
  METADATA,
  SAMPLE,
  evidenceOf,
  filesOf,
  imageOf,
  writeFacts,
  writtenEvidence,
} from '../../support/proof.js';

/** What a run has in hand, with the files that the builder exported. */
async function gathered() {
  const deps = testDeps();
  const opened = { folder: await writtenEvidence(), lock: LOCK, statement: evidenceOf().statement };
  const { source, tree } = await confirmEvidence(opened, deps);
  const files = buildFilesIn(deps.temp, LOCK.inputs.platforms);
  for (const folder of files.facts.values()) writeFacts(folder);
  mkdirSync(files.crates, { recursive: true });
  writeFileSync(join(files.crates, CRATE.file), CRATE.bytes);
  const checks = trustReport({ lock: LOCK, built: true });
  return { lock: LOCK, source, tree, image: imageOf(), files, checks };
}

type Sbom = {
  metadata: { component: { hashes: { content: string }[] } };
  components: { name: string; hashes?: { content: string }[] }[];
};

describe('gatherEvidence', () => {
  it('brings together what decided the image', async () => {
    const run = await gathered();
    const evidence = await gatherEvidence(run);
    expect(evidence).toMatchObject({ lock: LOCK, commit: SAMPLE.object, archive: SAMPLE.archive });
    expect(evidence.dockerfile).toEqual(readFileSync(DOCKERFILE));
    expect([...evidence.crates]).toEqual([[CRATE.file, CRATE.bytes]]);
    expect(evidence.statement).toEqual(statementOf(LOCK, run.image, run.checks));
  });

  it('makes an SBOM for each platform manifest, with the hash of the shell that is in the image', async () => {
    const run = await gathered();
    const { sboms } = await gatherEvidence(run);
    expect([...sboms.keys()]).toEqual(['linux/amd64', 'linux/arm64']);
    for (const [index, platform] of LOCK.inputs.platforms.entries()) {
      const { metadata, components } = JSON.parse(sboms.get(platform) ?? '') as Sbom;
      expect(`sha256:${metadata.component.hashes[0]?.content ?? ''}`).toBe(run.image.images[index]?.manifest.digest);
      const shell = filesOf(platform).find(({ path }) => path === 'bin/sh')?.data ?? '';
      expect(components.find(({ name }) => name === 'busybox')?.hashes?.[0]?.content).toBe(sha256(shell));
      expect(components.find(({ name }) => name === 'cfg-if')?.hashes?.[0]?.content).toBe(sha256(CRATE.bytes));
    }
    expect(sboms.get('linux/amd64')).not.toBe(sboms.get('linux/arm64'));
  });

  it.each<[string, (run: Awaited<ReturnType<typeof gathered>>) => void, RegExp]>([
    [
      'a crate that is not Cargo.lock’s',
      ({ files }) => writeFileSync(join(files.crates, CRATE.file), 'evil'),
      /^crate cfg-if-1\.0\.0\.crate has SHA256 /,
    ],
    [
      'a crate that is missing',
      ({ files }) => rmSync(files.crates, { recursive: true }),
      /^crate cfg-if-1\.0\.0\.crate is missing: /,
    ],
    [
      'an answer of cargo that is cut',
      ({ files }) =>
        writeFileSync(
          join(files.facts.get('linux/arm64') ?? '', 'metadata.json'),
          JSON.stringify(METADATA).slice(0, 99),
        ),
      /^the output of cargo metadata is not JSON$/,
    ],
    [
      'base images that do not tell their versions',
      ({ files }) => writeFileSync(join(files.facts.get('linux/arm64') ?? '', 'toolchain'), 'target=x\n'),
      /^the base images do not tell their version of rustc; name official ones$/,
    ],
  ])('refuses %s', async (_, spoil, message) => {
    const run = await gathered();
    spoil(run);
    expect((await failureOf(() => gatherEvidence(run))).message).toMatch(message);
  });
});
