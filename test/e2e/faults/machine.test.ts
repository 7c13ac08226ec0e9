import { once } from 'node:events';
import { chmod, cp, mkdir, readFile, readdir, readlink, symlink, writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { serve } from '../../support/world.js';
import { docker, freshImage, inFront, lab, leftIn, ROOT, runAction, temporaryFolder } from '../harness.js';
import { expectFailure, ownDisk, repository, upstream } from './failing.js';

/** An empty folder that several runs can have as their runner's temporary folder. */
async function runnerTemp(): Promise<string> {
  const temp = join(await temporaryFolder(), 'temp');
  await mkdir(temp);
  return temp;
}

test('47 a temporary folder that cannot be written to', async () => {
  const temp = await ownDisk('ro');
  await expectFailure({}, 'local', new RegExp(`not permitted: EROFS.*${temp}.*can be written`), { RUNNER_TEMP: temp });
  expect(upstream.requests).toEqual([]);
});

test('48 a run’s folder is its user’s alone, and a link planted beside it is not followed', async () => {
  const temp = await runnerTemp();
  const [elsewhere, seen] = [await temporaryFolder(), join(await temporaryFolder(), 'seen')];
  // But for the link, it would be the folder of a run that is gone.
  await writeFile(join(elsewhere, 'owner'), `999999999 1 ${await readlink('/proc/self/ns/pid')}`);
  await symlink(elsewhere, join(temp, 'phantun-runtime-aB3dE6'));
  const look = `case "$*" in *" fetch "*) stat -c '%a %F' '${temp}'/phantun-runtime-* > '${seen}';; esac`;
  const env = { RUNNER_TEMP: temp, ...(await inFront({ git: look })) };
  await expectFailure({ builder: 'nobody' }, 'input', /no usable buildx builder/, env);
  expect((await readFile(seen, 'utf8')).trim().split('\n').sort()).toEqual(['700 directory', '777 symbolic link']);
  expect(await readdir(temp)).toEqual(['phantun-runtime-aB3dE6']);
  expect(await readdir(elsewhere)).toEqual(['owner']);
});

test('56 an engine that this user may not talk to', async () => {
  const [home, folder] = [await temporaryFolder(), await temporaryFolder()];
  // Root's alone, as the engine's is that of root and the group docker.
  const socket = join(home, 'docker.sock');
  const engine = createServer((client) => client.destroy()).listen(socket);
  onTestFinished(() => void engine.close());
  await once(engine, 'listening');
  await chmod(socket, 0o600);
  // What the run needs is root's, the lab's programs too: the user may read it, and do nothing else of root's.
  const capabilities = ['inh', 'ambient'].flatMap((set) => [`--${set}-caps`, '-all,+dac_read_search']);
  const user = ['--reuid', '65534', '--regid', '65534', '--clear-groups', ...capabilities];
  const action = join(ROOT, 'dist', 'index.js');
  const outer = `import { spawnSync } from 'node:child_process';
const run = (program, ...args) => spawnSync(program, args, { stdio: 'inherit' }).status;
run('chown', '--recursive', '65534:65534', ${JSON.stringify(folder)});
process.exitCode = run('setpriv', ...${JSON.stringify(user)}, process.execPath, ${JSON.stringify(action)});`;
  await mkdir(join(home, 'dist'));
  await writeFile(join(home, 'package.json'), '{"type":"module"}');
  await writeFile(join(home, 'dist', 'index.js'), outer);
  const sentence = /this user may not talk to the docker engine\. Add it to the group 'docker'.*permission denied/;
  await expectFailure({}, 'local', sentence, { DOCKER_HOST: `unix://${socket}` }, { home, folder });
});

test.each([
  [
    '57 a buildx that is too old',
    'case "$*" in "buildx version") echo github.com/docker/buildx v0.12.1 30feaa1; exit 0;; esac',
    /docker buildx 0\.12\.1 is too old; 0\.13 or newer is needed/,
  ],
  [
    '57 an engine that is too old',
    `case "$*" in "version "*) echo '{"Version":"24.0.7","Os":"linux","Arch":"amd64"}'; exit 0;; esac`,
    /the docker engine is version 24\.0\.7; 26\.0 or newer is needed/,
  ],
  [
    '57 a BuildKit that is too old',
    `case "$*" in "buildx inspect "*)
  "$real" "$@" | sed -e 's/^Driver: .*/Driver: remote/' -e 's/^BuildKit version: .*/BuildKit version: v0.12.5/'
  exit 0;; esac`,
    /BuildKit of builder [\w-]+ is version 0\.12\.5; 0\.13 or newer is needed/,
  ],
])('%s', async (_, script, sentence) => {
  await expectFailure({}, 'local', sentence, await inFront({ docker: script }));
});

test('58 and 86: two runs at once share folders, cache and engine, and do not touch each other’s things or anybody’s', async () => {
  const [temp, toolCache, stranger] = [await runnerTemp(), await temporaryFolder(), 'phantun-runtime-zZ9zZ9'];
  await docker('buildx', 'create', '--name', stranger, '--driver', 'docker-container');
  onTestFinished(async () => {
    await docker('buildx', 'rm', '--force', stranger);
  });
  const builders = await docker('buildx', 'ls', '--format', '{{.Name}}');
  const inputs = { upstream: repository.url, platforms: 'linux/amd64' };
  const both = await Promise.all([1, 2].map(() => runAction(inputs, { env: { RUNNER_TEMP: temp }, toolCache })));
  for (const run of both) expect(run, run.stdout.slice(-4_000)).toMatchObject({ code: 0 });
  expect(new Set(both.map(({ outputs }) => outputs.digest)).size).toBe(1);
  expect(await leftIn(temp, 0)).toEqual([]);
  expect(await readdir(temp)).toHaveLength(2);
  expect(await docker('buildx', 'ls', '--format', '{{.Name}}')).toBe(builders);
});

test('66 a broken config.json of docker', async () => {
  const config = join(await temporaryFolder(), 'config');
  await cp(lab.env.DOCKER_CONFIG ?? '', config, { recursive: true, verbatimSymlinks: true });
  await writeFile(join(config, 'config.json'), '{broken');
  const run = await expectFailure({}, 'local', /config\.json.* cannot be (read|used)\. Mend or remove it/, {
    DOCKER_CONFIG: config,
  });
  expect(run.stdout).not.toContain('::group::Build');
});

test('85 an engine that hangs is given up by its deadline, and what hung is ended', async () => {
  const env = await inFront({ docker: 'case "$*" in "version "*) exec sleep 6185;; esac' });
  await expectFailure({}, 'transient', /asking the docker engine did not end within 10 s/, env);
  for (const name of await readdir('/proc'))
    expect(await readFile(`/proc/${name}/cmdline`, 'utf8').catch(() => '')).not.toBe('sleep\x006185\x00');
});

test('53 and 89: a runner that is not Linux is refused at once', async () => {
  const preload = join(await temporaryFolder(), 'platform.mjs');
  await writeFile(preload, "Object.defineProperty(process, 'platform', { value: 'darwin' });\n");
  const env = { NODE_OPTIONS: `--import=file://${preload}` };
  await expectFailure({}, 'input', /runs on Linux only, not on darwin/, env);
  expect(upstream.requests).toEqual([]);
});

test('90 a job in a container: the engine sees none of the folders that the run has', async () => {
  const home = await temporaryFolder();
  const [inner, left] = [join(home, 'inner.mjs'), join(home, 'left')];
  // The runner's temporary folder is mounted for the action's processes alone.
  const outer = `import { spawnSync } from 'node:child_process';
process.exitCode = spawnSync('unshare', ['--mount', process.execPath, ${JSON.stringify(inner)}], { stdio: 'inherit' }).status;`;
  const hidden = `import { execFileSync } from 'node:child_process';
import { readdirSync, writeFileSync } from 'node:fs';
const temp = process.env.RUNNER_TEMP;
execFileSync('mount', ['-t', 'tmpfs', 'tmpfs', temp]);
process.on('exit', () => writeFileSync(${JSON.stringify(left)}, readdirSync(temp).join('\\n')));
await import(${JSON.stringify(join(ROOT, 'dist', 'index.js'))});`;
  await mkdir(join(home, 'dist'));
  await writeFile(join(home, 'package.json'), '{"type":"module"}');
  await writeFile(join(home, 'dist', 'index.js'), outer);
  await writeFile(inner, hidden);
  const run = await runAction({ upstream: repository.url, platforms: 'linux/amd64' }, { home });
  expect(run, run.stdout.slice(-4_000)).toMatchObject({ code: 0, leftovers: [] });
  expect(run.summary).toMatch(/The image runs \| ✔ proven \| .* on linux\/amd64/);
  expect(await readFile(left, 'utf8')).toMatch(/^phantun-runtime-proof-[A-Za-z0-9]{6}$/);
});

test('88 on a runner of another GitHub server, which is asked for nothing', async () => {
  const { origin, requests } = await serve((_, response) => response.end());
  const github = { GITHUB_SERVER_URL: origin, GITHUB_API_URL: `${origin}/api/v3`, GITHUB_REPOSITORY: 'o/n' };
  const inputs = { upstream: repository.url, platforms: 'linux/amd64', smoke: 'false' };
  const run = await runAction({ ...inputs, image: freshImage(), push: 'true' }, { env: github });
  expect(run, run.stdout).toMatchObject({ code: 0, outputs: { commit: repository.commit }, leftovers: [] });
  expect(requests).toEqual([]);
});
