import { execFileSync } from 'node:child_process';
import { symlink } from 'node:fs/promises';
import { join } from 'node:path';
import { beforeEach, expect } from 'vitest';
import { type RegistryProxy, startRegistryProxy } from '../../lab/registryProxy.js';
import { tinyWorkspace } from '../../lab/repositories.js';
import type { Repository } from '../../lab/repository.js';
import type { Upstream } from '../../lab/upstream.js';
import { afterThisTest } from '../../support/world.js';
import {
  type ActionOptions,
  type ActionRun,
  docker,
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

/** A run that must fail: its class and sentence, nothing sent to the registry, nothing left behind. */
export async function expectFailure(
  inputs: Record<string, string>,
  kind: string,
  sentence: RegExp,
  env: Record<string, string> = {},
  options: Omit<ActionOptions, 'env'> = {},
): Promise<ActionRun> {
  const run = await runAction(
    { upstream: repository.url, image, push: 'true', platforms: 'linux/amd64', smoke: 'false', ...inputs },
    { ...options, env },
  );
  expect(run.outputs.failure, run.stdout).toBe(kind);
  expect(run.stdout.split('\n').find((line) => line.startsWith('::error::')) ?? run.stdout).toMatch(sentence);
  expect(run.code).toBe(1);
  expect(run.summary).toContain(`Failed: ${kind}`);
  expect(run.leftovers).toEqual([]);
  expect(registry.requests.filter((line) => /^(POST|PUT|PATCH|DELETE) /.test(line))).toEqual([]);
  expect(await docker('ps', '--all', '--quiet', '--filter', 'name=phantun-runtime-')).toBe('');
  expect(await docker('buildx', 'ls', '--format', '{{.Name}}')).not.toContain('phantun-runtime-');
  expect(run.stdout).not.toMatch(/^\s+at .*:\d+:\d+/m);
  return run;
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
