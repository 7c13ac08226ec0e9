import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { runCommand } from '../../../src/cli/commands.js';
import { readContract, withDefaults } from '../../../src/cli/contract.js';
import { parseCommandLine } from '../../../src/cli/options.js';
import { thisEntrypoint } from '../../../src/image/build/recipe.js';
import { deliver } from '../../../src/image/publish/deliver.js';
import { failureOf } from '../../support/failureOf.js';
import { EPOCH, rootfs } from '../../support/layouts.js';
import { buildOf, evidenceOf, imageOf, lockWith, writtenEvidence } from '../../support/proof.js';
import { fakeProgram, temporaryFolder, testDeps } from '../../support/world.js';

const contract = await readContract();
const LOCK = lockWith({ epoch: EPOCH });
const Entrypoint = await thisEntrypoint();
const IMAGE = imageOf(
  LOCK,
  LOCK.inputs.platforms.map((platform) => {
    const build = buildOf(LOCK, platform, rootfs(platform));
    return { ...build, config: { ...build.config, Entrypoint } };
  }),
);

/** Checks an exported image where docker does what this shell does. */
async function checked(docker: string, ...flags: string[]) {
  const folder = join(temporaryFolder(), 'out');
  const evidence = await writtenEvidence(evidenceOf(LOCK, IMAGE));
  await deliver(IMAGE, { lock: LOCK, evidence, names: ['phantun-runtime:1'], folder }, testDeps());
  fakeProgram('docker', docker);
  const deps = testDeps();
  const command = parseCommandLine(['check', folder, ...flags], contract);
  if (command === 'help') throw new Error('help was not asked for');
  return { deps, check: () => runCommand(command, withDefaults(contract, command.given), deps) };
}

const DENIED = 'echo "permission denied while trying to connect to the docker daemon socket" >&2; exit 1';

describe('check', () => {
  it('tells what it read, and of the image nothing that it did not look at', async () => {
    const { check } = await checked(DENIED, '--no-smoke');
    const text = await check();
    expect(text.trimEnd().split('\n').at(-1)).toBe(IMAGE.index.digest);
    expect(text).toMatch(/\| The image holds what it must \| ✔ proven \| \d+ facts read from its bytes/);
    for (const [name, why] of [
      ['The archive is the one pinned', 'no archive was looked at'],
      ['The source is the commit', 'the lock says so, and it was not asked again'],
      ['The image runs', 'not asked for'],
      ['A second build gave the same digest', 'nothing was built here'],
    ])
      expect(text).toContain(`| ${name} | – not proven here | ${why} |`);
  });

  it('says why docker does not answer where it runs nothing', async () => {
    const { check } = await checked(DENIED);
    const text = await check();
    const why =
      "this user may not talk to the docker engine. Add it to the group 'docker', use rootless docker, or run as root.";
    for (const platform of LOCK.inputs.platforms) expect(text).toContain(`${platform}: not run: ${why}`);
    expect(text).toContain(`| The image runs | – not proven here | ${why}`);
  });

  it('that is cancelled is not reported as one without docker', async () => {
    const { check, deps } = await checked('exec sleep 60');
    const failing = failureOf(check);
    setTimeout(deps.abort, 500);
    expect(await failing).toMatchObject({ kind: 'cancelled' });
  });
});
