import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { docker, freshImage, lab, ownUpstream, runCli, temporaryFolder } from '../e2e/harness.js';
import { elsewhere, strangeBuilder, succeed } from '../e2e/surroundings.js';
import { NATIVE_PLATFORM, keepImage } from '../lab/image.js';
import { PHANTUN, phantunWorkspace } from '../lab/repositories.js';
import { expectLicences } from './licences.js';

test('phantun itself is built, published with its licences and SBOM, run on both platforms, and reproduced by a stranger on another BuildKit', async () => {
  const files = await phantunWorkspace(lab.bases.rust, lab.env);
  const upstream = await ownUpstream();
  const phantun = await upstream.addRepository('dndx', 'phantun', files, { time: PHANTUN.time });
  const image = freshImage();
  const exported = join(await temporaryFolder(), 'export');
  const source = { upstream: phantun.url, ref: phantun.commit };
  const run = await succeed({ ...source, image, push: 'true', export: exported });
  await keepImage(lab, NATIVE_PLATFORM, exported); // for the tunnel tests
  const reference = `${image}@${run.outputs.digest ?? ''}`;
  expect(run.outputs).toMatchObject({ version: PHANTUN.version, refs: reference });
  for (const platform of ['linux/amd64', 'linux/arm64']) {
    await docker('pull', '--quiet', '--platform', platform, reference);
    for (const mode of ['client', 'server'])
      expect(
        await docker('run', '--rm', '--platform', platform, '--env', `MODE=${mode}`, reference, '--version'),
      ).toContain(PHANTUN.version);
    const container = (await docker('create', '--platform', platform, reference)).trim();
    const licences = await temporaryFolder();
    await docker('cp', `${container}:/usr/share/licenses/phantun-runtime/.`, licences);
    const label = '{{index .Config.Labels "org.opencontainers.image.licenses"}}';
    const sbom = join(exported, 'evidence', `sbom-${platform.replace('/', '-')}.cdx.json`);
    const [text, covering] = [await readFile(sbom, 'utf8'), await docker('inspect', '--format', label, container)];
    await expectLicences(licences, text, covering.trim());
    await docker('rm', container);
    await docker('image', 'rm', '--force', reference);
  }
  const warm = await succeed({ ...source, smoke: 'false' });
  expect(warm.outputs.digest).toBe(run.outputs.digest);

  // One processor, another host name, day, folder, time zone, locale, a BuildKit that never built anything.
  const builder = await strangeBuilder();
  const stranger = await runCli(['reproduce', reference, '--builder', builder], await elsewhere());
  expect(stranger, stranger.stderr.slice(-4_000)).toMatchObject({ code: 0 });
  expect(stranger.stdout).toMatch(/^## identical\n/);
  expect(stranger.stdout).toContain(`| rebuilt | \`${run.outputs.digest ?? ''}\` |`);
});
