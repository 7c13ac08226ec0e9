import { execFileSync } from 'node:child_process';
import { readFile, readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { gunzipSync, gzipSync } from 'node:zlib';
import { expect, test } from 'vitest';
import { ROOT } from '../harness.js';
import { archive, expectFailure, files, repository, serveArchive, upstream } from './failing.js';

test('49 and 50: a pin that does not match fails, and says when only the compression differs', async () => {
  const again = gzipSync(gunzipSync(await archive()), { level: 1 });
  const pin = execFileSync('sha256sum', { input: await archive(), encoding: 'utf8' }).slice(0, 64);
  serveArchive(() => again);
  const run = await expectFailure(
    { ref: repository.commit, 'archive-sha256': pin },
    'verification',
    /recompressed: .*only the compression differs/,
  );
  expect(run.summary).toContain(`expected ${pin}`);
  expect(run.summary).toMatch(/\/archive\/[0-9a-f]{40}\.tar\.gz, \d+ bytes, \w{3}, \d/);
});

test('12 a pin without a commit says what HEAD is now', async () => {
  await expectFailure(
    { 'archive-sha256': 'a'.repeat(64) },
    'verification',
    new RegExp(`HEAD, which is now ${repository.commit}`),
  );
});

test('50 changed content, with the paths; another commit; another packaging', async () => {
  const other = await repository.addCommit(repository.commit, {
    ...files,
    'README.md': 'changed',
    'new.txt': 'x',
  });
  const prefix = `--prefix=phantun-${repository.commit}/`;
  const tar = execFileSync('git', ['-C', repository.gitDir, 'archive', '--format=tar', prefix, other]);
  const changed = tar.toString('latin1').replace(`comment=${other}`, `comment=${repository.commit}`);
  serveArchive(() => gzipSync(Buffer.from(changed, 'latin1')));
  const run = await expectFailure({}, 'verification', /changed: .*paths added: 1, removed: 0, modified: 1/);
  expect(run.summary).toContain('modified: README.md');
  expect(run.summary).toContain('added: new.txt');

  await repository.setRef('refs/heads/side', other);
  const wrong = await (async () => {
    upstream.intercept = undefined;
    return archive(other);
  })();
  serveArchive(() => wrong);
  await expectFailure({ ref: 'refs/heads/main' }, 'verification', new RegExp(`wrong-commit: .*${other}`));

  // git packs a tree with the present time and no commit in a comment.
  const tree = ['-C', repository.gitDir, 'archive', '--format=tar.gz', prefix, `${repository.commit}^{tree}`];
  const packed = execFileSync('git', tree);
  serveArchive(() => packed);
  await expectFailure({ ref: 'refs/heads/main' }, 'verification', /repackaged: /);
});

test('51 a comment that names another commit', async () => {
  const tar = gunzipSync(await archive()).toString('latin1');
  serveArchive(() =>
    gzipSync(Buffer.from(tar.replace(`comment=${repository.commit}`, `comment=${'b'.repeat(40)}`), 'latin1')),
  );
  await expectFailure({}, 'verification', /says it is commit bbbb/);
});

test('52 hostile archives are refused before anything touches the disk', async () => {
  const folder = join(ROOT, 'test', 'fixtures', 'archives');
  for (const name of await readdir(folder)) {
    const bytes = await readFile(join(folder, name));
    serveArchive(() => bytes);
    await expectFailure({}, 'verification', /unreadable: the archive is refused/);
    expect(await readdir('/tmp')).not.toContain('pwned_symlink');
  }
});

test('a symlink in the tree, a tree without Cargo.lock and one with a .dockerignore are refused with a sentence', async () => {
  const linked = await repository.addCommit(repository.commit, { ...files, alias: { symlink: 'README.md' } });
  await repository.setRef('refs/heads/linked', linked);
  await expectFailure({ ref: 'linked' }, 'verification', /alias.*link/);
  const unlocked = Object.fromEntries(Object.entries(files).filter(([path]) => path !== 'Cargo.lock'));
  await repository.setRef('refs/heads/unlocked', await repository.addCommit(repository.commit, unlocked));
  await expectFailure({ ref: 'unlocked' }, 'input', /has no Cargo\.lock/);
  const ignoring = await repository.addCommit(repository.commit, { ...files, '.dockerignore': 'Cargo.lock\n' });
  await repository.setRef('refs/heads/ignoring', ignoring);
  await expectFailure({ ref: 'ignoring' }, 'verification', /\.dockerignore at its root/);
});
