import { readFile, readdir, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { classicEngine } from '../classicEngine.js';
import {
  execute,
  inFront,
  lab,
  leftBy,
  parseRunnerFile,
  runAction,
  runnerFolders,
  temporaryFolder,
} from '../harness.js';
import { runPost } from './cancelling.js';
import { expectFailure, files, repository } from './failing.js';

// With this engine a run has to make a builder.

test('a run that fails removes the builder it made, and the container and the image of a trial', async () => {
  const engine = await classicEngine();
  const fail = async (inputs: Record<string, string>, kind: string, sentence: RegExp) => {
    const run = await expectFailure({ smoke: 'true', ...inputs }, kind, sentence, {}, { engine });
    expect(run.stdout).toMatch(/making phantun-runtime-\w{6} for this run/);
    return run;
  };
  const commit = async (path: string, content: string) => {
    const id = await repository.addCommit(repository.commit, { ...files, [path]: content });
    await repository.setRef('refs/heads/main', id);
  };
  await fail({ 'rust-image': `${lab.registry}/library/absent:1` }, 'not-found', /the registry has no such image/);
  await commit('phantun/src/lib.rs', 'this is no Rust\n');
  await fail({}, 'build', /the build of linux\/amd64 failed, exit code 1/);
  await commit('phantun/src/bin/client.rs', 'fn main() { println!("Phantun Client 0.0.0"); }\n');
  const run = await fail({}, 'verification', /does not run as it should: with client --version it ended with 0/);
  expect(run.stdout).toContain('::group::Run');
});

test('84 a builder that cannot be removed is told of, and the post step tries again', async () => {
  const engine = await classicEngine();
  const folder = await temporaryFolder();
  const refused = join(folder, 'refused');
  const places = await runnerFolders(folder);
  await writeFile(refused, '');
  const stubborn = `case "$*" in "buildx rm "*) [ ! -e '${refused}' ] || { echo busy >&2; exit 1; };; esac`;
  const env = { ...engine, ...(await inFront({ docker: stubborn })) };
  const inputs = { upstream: repository.url, 'rust-image': `${lab.registry}/library/absent:1` };
  const run = await runAction(inputs, { env, folder });
  expect(run, run.stdout).toMatchObject({ code: 1, outputs: { failure: 'not-found' } });
  const [own = ''] = run.leftovers;
  expect(run.stdout).toMatch(
    new RegExp(
      `^::warning::what this run made in docker could not be removed: docker buildx rm --force ${own}: busy`,
      'm',
    ),
  );
  expect((await readdir(join(places.temp, own))).sort()).toEqual(['made-builder', 'owner']);
  const builders = async () => (await execute('docker', ['buildx', 'ls', '--format', '{{.Name}}'], engine)).stdout;
  expect(await builders()).toContain(own);

  await rm(refused);
  const state = parseRunnerFile(await readFile(join(folder, 'state'), 'utf8'));
  await runPost({ inputs: {}, state, ...places, engine: env });
  expect(await leftBy(places, 1)).toEqual([]);
  expect(await builders()).not.toContain(own);
  expect(await execute('docker', ['ps', '--all', '--quiet'], engine)).toMatchObject({ code: 0, stdout: '' });
});
