import { execFileSync } from 'node:child_process';
import { symlink } from 'node:fs/promises';
import { join } from 'node:path';
import { beforeEach, expect, onTestFinished } from 'vitest';
import { type RegistryProxy, startRegistryProxy } from '../../lab/registryProxy.js';
import { tinyWorkspace } from '../../lab/repositories.js';
import type { Repository } from '../../lab/repository.js';
import type { Upstream } from '../../lab/upstream.js';
import { afterThisTest } from '../../support/world.js';
import {
  type ActionOptions,
  type ActionRun,
  execute,
  freshImage,
  lab,
  ownUpstream,
  runAction,
  temporaryFolder,
} from '../harness.js';

export const files = await tinyWorkspace();
export let upstream: Upstream;
export let repository: Repository;
let registry: RegistryProxy;
let image: string;

beforeEach(async () => {
  registry = await startRegistryProxy(lab.registry);
  afterThisTest(registry.stop);
  upstream = await ownUpstream();
  repository = await upstream.addRepository('dndx', 'phantun', files);
  image = freshImage().replace(lab.registry, registry.host);
});

/** What an engine holds of runs: containers, images that were tried, volumes; and its builders. */
async function heldBy(engine: Record<string, string>): Promise<string[]> {
  const asked = [
    ['ps', '--all', '--quiet'],
    ['image', 'ls', '--quiet', 'phantun-runtime-smoke'],
    ['volume', 'ls', '--quiet', '--filter', 'name=phantun-runtime'],
    ['buildx', 'ls', '--format', '{{.Name}}'],
  ];
  return Promise.all(
    asked.map(async (args) => {
      const { code, stdout, stderr } = await execute('docker', args, engine);
      expect(code, stderr).toBe(0);
      return stdout;
    }),
  );
}

/**
 * A run that must fail: its class and sentence, nothing sent to the registry, nothing left behind. `engine` is the environment of
 * another engine than the lab's.
 */
export async function expectFailure(
  inputs: Record<string, string>,
  kind: string,
  sentence: RegExp,
  env: Record<string, string> = {},
  { engine = {}, ...options }: Omit<ActionOptions, 'env'> & { engine?: Record<string, string> } = {},
): Promise<ActionRun> {
  const before = await heldBy(engine);
  const run = await runAction(
    { upstream: repository.url, image, push: 'true', platforms: 'linux/amd64', smoke: 'false', ...inputs },
    { ...options, env: { ...engine, ...env } },
  );
  expect(run.outputs.failure, run.stdout).toBe(kind);
  expect(run.stdout.split('\n').find((line) => line.startsWith('::error::')) ?? run.stdout).toMatch(sentence);
  expect(run.code).toBe(1);
  expect(run.summary).toContain(`Failed: ${kind}`);
  expect(run.leftovers).toEqual([]);
  expect(registry.requests.filter((line) => /^(POST|PUT|PATCH|DELETE) /.test(line))).toEqual([]);
  expect(await heldBy(engine)).toEqual(before);
  expect(run.stdout).not.toMatch(/^\s+at .*:\d+:\d+/m);
  return run;
}

/** A file system of its own, with these options of tmpfs; gone after the test. */
export async function ownDisk(options: string): Promise<string> {
  const folder = await temporaryFolder();
  execFileSync('mount', ['-t', 'tmpfs', '-o', options, 'tmpfs', folder]);
  onTestFinished(() => void execFileSync('umount', [folder]));
  return folder;
}

/** A folder with links to every program of PATH but one. */
export async function pathWithout(program: string): Promise<string> {
  const bin = await temporaryFolder();
  for (const name of ['node', 'sh', 'docker', 'git', 'skopeo', 'false'])
    if (name !== program)
      await symlink(execFileSync('sh', ['-c', `command -v ${name}`], { encoding: 'utf8' }).trim(), join(bin, name));
  return bin;
}

/** Answers requests for archives with these bytes; git's go through. */
export function serveArchive(
  bytes: () => Buffer | undefined,
  headers: Record<string, string> = {},
  status = 200,
): void {
  upstream.intercept = (request, response) => {
    const body = request.url?.includes('/archive/') === true ? bytes() : undefined;
    if (body === undefined) return false;
    response.writeHead(status, headers).end(body);
    return true;
  };
}

export async function archive(commit = repository.commit): Promise<Buffer> {
  const response = await fetch(`${repository.url}/archive/${commit}.tar.gz`);
  return Buffer.from(await response.arrayBuffer());
}
