import { execFileSync } from 'node:child_process';
import { mkdir, readdir, readlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { inFront, runAction, temporaryFolder } from '../harness.js';
import { expectFailure, ownDisk, repository, upstream } from './failing.js';

/** A line of shell that leaves no room on the disk that has this folder. */
const fill = (folder: string) => `head -c 500M /dev/zero > '${folder}/fill' 2>/dev/null`;

test('47 no room for the source', async () => {
  const disk = await ownDisk('size=2m');
  const env = await inFront({ git: `case "$*" in *" cat-file commit "*) ${fill(disk)};; esac` });
  const sentence = /cannot write '[\w./-]+' below '.*\/source-\w{6}': no space left for its [\d.]+ k?B\. Free some/;
  const run = await expectFailure({}, 'local', sentence, { ...env, RUNNER_TEMP: disk });
  expect(run.stdout).not.toContain('attempt 1 of');
  expect(await readdir(disk)).toEqual(['fill']);
});

test('47 no room for the image that docker writes', async () => {
  const disk = await ownDisk('size=2m'); // enough for all but that
  const path = `${disk}/phantun-runtime-\\w{6}/[\\w./-]+`;
  const sentence = new RegExp(`no space left for what docker writes to ${path}\\. Free some disk space and run again`);
  const run = await expectFailure({}, 'local', sentence, { RUNNER_TEMP: disk });
  expect(run.stdout).not.toContain('attempt 1 of');
  expect(await readdir(disk)).toEqual([]);
});

test('47 no room for any file that docker writes, of which it does not say so', async () => {
  const disk = await ownDisk('size=200m');
  const env = await inFront({ docker: `case "$*" in *--metadata-file*) ${fill(disk)};; esac` });
  const path = `${disk}/phantun-runtime-\\w{6}(/[\\w./-]+)?`;
  const sentence = new RegExp(`no space left for what docker writes to ${path}\\. Free some disk space and run again`);
  await expectFailure({}, 'local', sentence, { ...env, RUNNER_TEMP: disk });
  expect(await readdir(disk)).toEqual(['fill']);
});

test('47 no room for the evidence', async () => {
  const disk = await ownDisk('size=200m');
  const env = await inFront({ docker: `case "$*" in "image rm "*) ${fill(disk)};; esac` });
  const sentence = /cannot write .*\/evidence\/README\.md: no space left for its [\d.]+ k?B\. Free some disk space/;
  await expectFailure({ smoke: 'true' }, 'local', sentence, { ...env, RUNNER_TEMP: disk });
  expect(await readdir(disk)).toEqual(['fill']);
});

test('47 no room for an export: neither for its image nor for the evidence beside that', async () => {
  const small = await ownDisk('size=64k');
  const blob = /cannot write .*\/oci\/blobs\/sha256\/\w{64}: no space left for its [\d.]+ [kM]B\. Free some disk space/;
  await expectFailure({ export: small }, 'local', blob);
  expect(await readdir(small)).toEqual([]);

  const whole = join(await temporaryFolder(), 'out');
  const inputs = { upstream: repository.url, platforms: 'linux/amd64', smoke: 'false', export: whole };
  expect(await runAction(inputs)).toMatchObject({ code: 0 });
  const du = ['--total', '--block-size=1K', '--summarize', 'oci', 'linux-amd64.tar'];
  const sizes = execFileSync('du', du, { cwd: whole, encoding: 'utf8' });
  const nearly = await ownDisk(`size=${Number(/^(\d+)\ttotal$/m.exec(sizes)?.[1]) + 8}k`);
  const copy = /cannot write .*\/evidence\/[\w./-]+: no space left for its [\d.]+ k?B\. Free some disk space/;
  await expectFailure({ export: nearly }, 'local', copy);
  expect(await readdir(nearly)).toEqual([]);
});

test('47 no room for anything in a folder of the run’s own', async () => {
  const disk = await ownDisk('nr_inodes=2');
  const sentence = /cannot write .*\/phantun-runtime-\w{6}\/owner: no space left for its \d+ B/;
  await expectFailure({}, 'local', sentence, { RUNNER_TEMP: disk });
  expect(await readdir(disk)).toEqual([]);
  expect(upstream.requests).toEqual([]);
});

test('84 what cannot be removed of a killed run is told of, and keeps no run from its work', async () => {
  const temp = await temporaryFolder();
  const busy = join(temp, 'phantun-runtime-aB3dE6', 'busy');
  await mkdir(busy, { recursive: true });
  await writeFile(join(busy, '..', 'owner'), `999999999 1 ${await readlink('/proc/self/ns/pid')}`);
  execFileSync('mount', ['-t', 'tmpfs', 'tmpfs', busy]);
  onTestFinished(() => void execFileSync('umount', [busy]));
  const run = await expectFailure({ builder: 'nobody' }, 'input', /no usable buildx builder/, { RUNNER_TEMP: temp });
  expect(run.stdout).toMatch(
    /^::warning::what an earlier run left in .*\/phantun-runtime-aB3dE6 could not be removed: .*EBUSY/m,
  );
  expect(await readdir(join(busy, '..'))).toEqual(['busy', 'owner']);
});
