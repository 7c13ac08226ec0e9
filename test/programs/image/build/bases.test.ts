import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { digestOf } from '../../../../src/hash.js';
import { missingPlatforms, pinBases } from '../../../../src/image/build/bases.js';
import { parseBase } from '../../../../src/image/reference.js';
import { PLATFORMS } from '../../../../src/platform.js';
import { fakeProgram, temporaryFolder, testDeps } from '../../../support/world.js';
import { failureOf } from '../../../support/failureOf.js';

const at = (os: string, architecture: string, variant?: string) => ({ platform: { os, architecture, variant } });
const ALL = [at('linux', 'amd64'), at('linux', 'arm64', 'v8'), at('linux', 'arm', 'v7')];
const index = (manifests: unknown) => Buffer.from(JSON.stringify({ schemaVersion: 2, manifests }, undefined, 2));

describe('missingPlatforms', () => {
  it.each<[string, unknown, readonly string[]]>([
    ['all there', ALL, []],
    ['arm64 without a variant', [at('linux', 'amd64'), at('linux', 'arm64'), at('linux', 'arm', 'v7')], []],
    ['arm of another variant', [...ALL.slice(0, 2), at('linux', 'arm', 'v6')], ['linux/arm/v7']],
    ['arm without a variant', [...ALL.slice(0, 2), at('linux', 'arm')], ['linux/arm/v7']],
    ['windows only', [at('windows', 'amd64')], PLATFORMS],
    ['attestations beside', [...ALL, at('unknown', 'unknown')], []],
    ['entries without a platform', [{}, { platform: null }, null, ...ALL], []],
    ['nothing', [], PLATFORMS],
  ])('%s', (_, manifests, missing) => {
    expect(missingPlatforms(index(manifests), PLATFORMS)).toEqual(missing);
  });

  it.each(['{"schemaVersion":2,"config":{}}', 'null', '[]', '"x"', '<html>', '', '{"manifests":{}}'])(
    'tells that %j is no index',
    (text) => {
      expect(missingPlatforms(Buffer.from(text), PLATFORMS)).toBeUndefined();
    },
  );
});

describe('pinBases', () => {
  const DIGEST = digestOf(index(ALL));
  const bases = (rust = 'rust:1', shell = 'ghcr.io/me/shell:2') => ({
    rust: parseBase('rust-image', rust),
    shell: parseBase('shell-image', shell),
  });
  /** A docker that answers as `script` says; `$file` is an index of all platforms. Returns the file of its calls. */
  function fakeDocker(script: string, bytes: Buffer = index(ALL)): string {
    const folder = temporaryFolder();
    writeFileSync(join(folder, 'index'), bytes);
    fakeProgram('docker', `echo "$*" >> '${folder}/calls'\nfile='${folder}/index' calls='${folder}/calls'\n${script}`);
    return join(folder, 'calls');
  }

  it('gives each base the digest of the bytes that its registry serves', async () => {
    const calls = fakeDocker('cat "$file"');
    expect(await pinBases(bases(), ['linux/amd64'], testDeps())).toEqual({
      rust: `docker.io/library/rust:1@${DIGEST}`,
      shell: `ghcr.io/me/shell:2@${DIGEST}`,
    });
    expect(readFileSync(calls, 'utf8').trim().split('\n').sort()).toEqual([
      'buildx imagetools inspect --raw docker.io/library/rust:1',
      'buildx imagetools inspect --raw ghcr.io/me/shell:2',
    ]);
  });

  it('keeps a digest that was given, and requires it', async () => {
    fakeDocker('cat "$file"');
    const pinned = `rust@${DIGEST}`;
    expect((await pinBases(bases(pinned), ['linux/amd64'], testDeps())).rust).toBe(`docker.io/library/${pinned}`);
    const other = `sha256:${'0'.repeat(64)}`;
    expect(await failureOf(() => pinBases(bases(`rust@${other}`), ['linux/amd64'], testDeps()))).toMatchObject({
      kind: 'verification',
      message: `the registry serves ${DIGEST} for docker.io/library/rust@${other}`,
    });
  });

  it.each<[string, string, Buffer, string]>([
    [
      'one platform only',
      'cat "$file"',
      index([at('linux', 'amd64')]),
      'base image docker.io/library/rust:1 does not exist for linux/arm64. Name another one, or fewer platforms',
    ],
    [
      'a plain manifest',
      'cat "$file"',
      Buffer.from('{"config":{}}'),
      'base image docker.io/library/rust:1 is not a multi-platform index. Name an image that serves linux/amd64, linux/arm64',
    ],
  ])('refuses %s before the build', async (_, script, bytes, message) => {
    fakeDocker(script, bytes);
    const same = bases('rust:1', 'rust:1');
    expect(await failureOf(() => pinBases(same, ['linux/amd64', 'linux/arm64'], testDeps()))).toMatchObject({
      kind: 'input',
      message,
    });
  });

  it('waits for a registry that limits, and asks no more than once where the image is missing', async () => {
    const limited = fakeDocker(
      'case "$*" in *rust*) [ $(grep -c rust "$calls") -gt 1 ] || { echo "429 Too Many Requests" >&2; exit 1; };; esac\ncat "$file"',
    );
    const deps = testDeps();
    const same = bases('rust:1', `busybox@${DIGEST}`);
    await pinBases(same, ['linux/amd64'], deps);
    expect(deps.slept).toHaveLength(1);
    expect(readFileSync(limited, 'utf8').match(/rust/g)).toHaveLength(2);

    const missing = fakeDocker('echo "ERROR: x: not found" >&2; exit 1');
    expect((await failureOf(() => pinBases(bases('rust:1', 'busybox:1'), ['linux/amd64'], testDeps()))).kind).toBe(
      'not-found',
    );
    expect(readFileSync(missing, 'utf8').match(/rust/g)).toHaveLength(1);
  });

  it('takes no part of a base’s name for an answer', async () => {
    fakeDocker('echo "ERROR: docker.io/library/rust:1.401: unexpected status from HEAD request: 500" >&2; exit 1');
    const same = bases('rust:1.401', 'rust:1.401');
    expect((await failureOf(() => pinBases(same, ['linux/amd64'], testDeps()))).kind).toBe('transient');
  });

  it('leaves nothing running behind when one base fails', async () => {
    const pid = join(temporaryFolder(), 'pid');
    fakeDocker(`case "$*" in *rust*) until [ -s ${pid} ]; do :; done; echo "ERROR: x: not found" >&2; exit 1;;
      *) echo $$ > ${pid}; exec sleep 30;; esac`);
    const failure = await failureOf(() => pinBases(bases(), ['linux/amd64'], testDeps()));
    expect(failure.kind).toBe('not-found');
    expect(() => process.kill(Number(readFileSync(pid, 'utf8')), 0)).toThrow('ESRCH');
  });
});
