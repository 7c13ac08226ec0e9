import { describe, expect, it } from 'vitest';
import {
  type Engine,
  askEngine,
  engineFailure,
  isOlder,
  parseEngine,
  requireBuildx,
} from '../../../src/image/engine.js';
import { fakeProgram, setEnvironment, temporaryFolder, testDeps } from '../../support/world.js';
import { failureOf } from '../../support/failureOf.js';

describe('isOlder', () => {
  it.each<[string, string, boolean]>([
    ['0.12', '0.13', true],
    ['0.12.9', '0.13', true],
    ['0.13', '0.13', false],
    ['0.13.0', '0.13', false],
    ['0.13.1', '0.13', false],
    ['0.9', '0.13', true],
    ['0.29.1', '0.13', false],
    ['1.0', '0.13', false],
    ['1', '0.13', false],
    ['0', '0.13', true],
    ['25.0.5', '26.0', true],
    ['26.0.0', '26.0', false],
    ['28.5.2', '26.0', false],
    ['2.24.9', '2.25', true],
    ['1.2', '1.2.3', true],
    ['', '0.13', true],
    ['unknown', '0.13', true],
    ['0.x', '0.13', true],
  ])('%s before %s: %s', (a, b, older) => {
    expect(isOlder(a, b)).toBe(older);
  });
});

/** Cut from what docker 28.5.2 answers. */
const SERVER =
  '{"Platform":{"Name":""},"Components":[{"Name":"Engine","Version":"28.5.2+dfsg4","Details":{"Arch":"amd64","Os":"linux"}}],"Version":"28.5.2+dfsg4","ApiVersion":"1.51","MinAPIVersion":"1.24","Os":"linux","Arch":"amd64","KernelVersion":"6.18.44"}';
const CONTAINERD = '[["driver-type","io.containerd.snapshotter.v1"]]';
const OVERLAY2 =
  '[["Backing Filesystem","extfs"],["Supports d_type","true"],["Using metacopy","false"],["Native Overlay Diff","true"],["userxattr","false"]]';
const ENGINE: Engine = { version: '28.5.2+dfsg4', platform: 'linux/amd64', containerdStore: true };

describe('parseEngine', () => {
  it.each<[string, string, string, Engine]>([
    ['the store of containerd', SERVER, CONTAINERD, ENGINE],
    ['the classic store', SERVER, OVERLAY2, { ...ENGINE, containerdStore: false }],
    ['a driver without a status', SERVER, 'null', { ...ENGINE, containerdStore: false }],
    ['a Raspberry Pi', SERVER.replaceAll('amd64', 'arm'), CONTAINERD, { ...ENGINE, platform: 'linux/arm/v7' }],
    ['arm64', SERVER.replaceAll('amd64', 'arm64'), CONTAINERD, { ...ENGINE, platform: 'linux/arm64' }],
  ])('%s', (_, version, status, engine) => {
    expect(parseEngine(version, status)).toEqual(engine);
  });
});

describe('an answer that is none', () => {
  it.each<[string, string]>([
    ['<html>', CONTAINERD],
    ['{}', CONTAINERD],
    ['[]', CONTAINERD],
    [SERVER.replaceAll('"Os":"linux"', '"Os":1'), CONTAINERD],
    [SERVER, '{"driver-type":"x"}'],
    [SERVER, '["driver-type"]'],
    [SERVER, '[["driver-type",1]]'],
    [SERVER, 'x'],
  ])('is a failure in words: %j', async (version, status) => {
    const failure = await failureOf(() => parseEngine(version, status));
    expect(failure.kind).toBe('local');
    expect(failure.message).toMatch(
      /^the docker engine does not answer as one does: what 'docker (version|info)' says/,
    );
  });
});

const DOWN = /^the docker engine does not answer\. Start it \('systemctl start docker'\), check DOCKER_HOST/;
const DENIED = /^this user may not talk to the docker engine\. Add it to the group 'docker'/;
const CONFIG = /^docker's config\.json cannot be read\. Mend or remove it\./;

describe('engineFailure', () => {
  it.each<[string, string, RegExp]>([
    [
      'a daemon that is down',
      'Cannot connect to the Docker daemon at unix:///nonexistent/docker.sock. Is the docker daemon running?\n',
      DOWN,
    ],
    [
      'a daemon elsewhere that is down',
      'Cannot connect to the Docker daemon at tcp://127.0.0.1:1. Is the docker daemon running?\n',
      DOWN,
    ],
    [
      'an address that is none',
      'Failed to initialize: unable to resolve docker endpoint: invalid bind address format: foo://x\n',
      DOWN,
    ],
    [
      'a host that is none',
      'error during connect: Get "http://nosuch.invalid:2375/v1.51/version": dial tcp: lookup nosuch.invalid on 10.0.0.1:53: no such host\n',
      DOWN,
    ],
    [
      'a context that is none',
      'Failed to initialize: unable to resolve docker endpoint: context "nonesuch": context not found: open /x/contexts/meta/8e/meta.json: no such file or directory\n',
      DOWN,
    ],
    [
      'a socket of others',
      'permission denied while trying to connect to the Docker daemon socket at unix:///var/run/docker.sock: Get "http://%2Fvar%2Frun%2Fdocker.sock/v1.51/version": dial unix /var/run/docker.sock: connect: permission denied\n',
      DENIED,
    ],
    [
      'a broken configuration',
      "WARNING: Error parsing config file (/x/config.json): invalid character 'b' looking for beginning of object key string\nCannot connect to the Docker daemon at unix:///var/run/docker.sock. Is the docker daemon running?\n",
      CONFIG,
    ],
    [
      'an engine that speaks something else',
      "error during connect: invalid character '<' looking for beginning of value\n",
      DOWN,
    ],
    ['a configuration that ends early', 'WARNING: Error loading config file: /x/config.json: EOF\n', CONFIG],
    ['no word', '', DOWN],
  ])('%s', (_, stderr, sentence) => {
    const failure = engineFailure(stderr);
    expect(failure.kind).toBe('local');
    expect(failure.message).toMatch(sentence);
    expect(failure.message).not.toMatch(/\p{Cc}/u);
  });
});

describe('askEngine', () => {
  const answering = (version: string, info: string) =>
    fakeProgram('docker', `case $1 in version) ${version};; info) ${info};; esac`);

  it('reads both answers', async () => {
    answering(`echo '${SERVER}'`, `echo '${CONTAINERD}'`);
    expect(await askEngine(testDeps())).toEqual(ENGINE);
  });

  it('takes a driver without a status for the classic store', async () => {
    answering(`echo '${SERVER}'`, 'echo null');
    expect(await askEngine(testDeps())).toEqual({ ...ENGINE, containerdStore: false });
  });

  it.each([
    ['no server, exit 1', 'echo null; echo "Cannot connect to the Docker daemon" >&2; exit 1'],
    ['no server, exit 0', 'echo null'],
    ['nothing, exit 0', 'true'],
    ['nothing, exit 1', 'exit 1'],
  ])('fails in words: %s', async (_, version) => {
    answering(version, `echo '${CONTAINERD}'`);
    const failure = await failureOf(() => askEngine(testDeps()));
    expect(failure.kind).toBe('local');
    expect(failure.message).toMatch(DOWN);
  });
});

describe('requireBuildx', () => {
  const printing = (line: string) =>
    fakeProgram('docker', `case $1 in --version) echo 'Docker version 28.5.2, build 9cc6dea';; buildx) ${line};; esac`);

  it.each([
    'github.com/docker/buildx 0.29.1+ds1 0.29.1+ds1-4',
    'github.com/docker/buildx v0.13.0 0de5f1c31e4ab1c4ca4d0d0a1e1d8f9a1b2c3d4e',
    'github.com/docker/buildx v0.17.1-desktop.1 257815a',
  ])('takes %s', async (line) => {
    printing(`echo '${line}'`);
    await expect(requireBuildx(testDeps())).resolves.toBeUndefined();
  });

  it.each([
    [
      "echo 'github.com/docker/buildx v0.12.1 30feaa1'",
      'docker buildx 0.12.1 is too old; 0.13 or newer is needed. Update it',
    ],
    ['exit 1', "docker has no buildx plug-in on this machine. Install 'docker-buildx-plugin'"],
  ])('refuses: %s', async (line, message) => {
    printing(line);
    expect(await failureOf(() => requireBuildx(testDeps()))).toMatchObject({ kind: 'local', message });
  });

  it('is cancelled with the run, and then says nothing of docker', async () => {
    printing('sleep 60');
    const controller = new AbortController();
    setTimeout(() => controller.abort(), 100);
    expect((await failureOf(() => requireBuildx(controller))).kind).toBe('cancelled');
  });

  it('refuses a machine without docker, and says what to do', async () => {
    setEnvironment({ PATH: temporaryFolder() });
    expect(await failureOf(() => requireBuildx(testDeps()))).toMatchObject({
      kind: 'local',
      message:
        "docker is not installed on this machine, or not on PATH. Install Docker with its buildx plug-in, or run on a machine that has it, such as GitHub's ubuntu runners",
    });
  });
});
