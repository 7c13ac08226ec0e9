import { readFile } from 'node:fs/promises';
import { describe, expect, it } from 'vitest';
import { OWN_PREFIX, checkLabel, imageLabels, plainLabels, provenanceLabels } from '../../../src/image/labels.js';
import type { LockInputs } from '../../../src/proof/lock.js';
import { DOCKERFILE } from '../../../src/wrapper.js';

const HEX = 'ab'.repeat(32);
const LOCK: LockInputs = {
  schema: 1,
  upstream: 'https://github.com/dndx/phantun',
  commit: 'c'.repeat(40),
  tree: 'd'.repeat(40),
  epoch: 1_759_768_158,
  bases: { rust: `docker.io/library/rust:1@sha256:${HEX}`, shell: `docker.io/library/busybox:1.37.0@sha256:${HEX}` },
  platforms: ['linux/amd64'],
  buildPlatforms: { 'linux/amd64': 'linux/amd64' },
  recipe: { dockerfile: HEX, wrapper: '1.0.0', layout: 1 },
  labels: { mine: 'x' },
};
const OCI = 'org.opencontainers.image.';

describe('plainLabels', () => {
  it('are those of the Dockerfile', async () => {
    expect(plainLabels('https://example.org/o/n')).toEqual(
      labelsOf(await readFile(DOCKERFILE, 'utf8'), { PHANTUN_UPSTREAM: 'https://example.org/o/n' }),
    );
  });
});

/** The LABEL instructions of a Dockerfile's last stage, `${NAME}` filled in. */
function labelsOf(dockerfile: string, values: Record<string, string>): Record<string, string> {
  const stage = dockerfile.slice(dockerfile.search(/^FROM (?![\s\S]*^FROM )/m));
  const instructions = [...stage.matchAll(/^LABEL ((?:.*\\\n)*.*)$/gm)].map((match) => match[1] ?? '');
  const pairs = instructions.flatMap((text) => [...text.matchAll(/([\w.-]+)="((?:[^"\\]|\\.)*)"/g)]);
  expect(pairs.length).toBeGreaterThan(0);
  const fill = (text: string) => text.replace(/\$\{(\w+)\}/g, (whole, name: string) => values[name] ?? whole);
  return Object.fromEntries(pairs.map(([, key, value]) => [key ?? '', fill(value ?? '')]));
}

describe('provenanceLabels', () => {
  it('say where the image comes from, all of it from the lock', () => {
    expect(provenanceLabels(LOCK, HEX)).toEqual({
      [`${OCI}revision`]: LOCK.commit,
      [`${OCI}created`]: '2025-10-06T16:29:18Z',
      [`${OCI}base.name`]: 'docker.io/library/busybox:1.37.0',
      [`${OCI}base.digest`]: `sha256:${HEX}`,
      [`${OWN_PREFIX}upstream`]: LOCK.upstream,
      [`${OWN_PREFIX}commit`]: LOCK.commit,
      [`${OWN_PREFIX}tree`]: LOCK.tree,
      [`${OWN_PREFIX}rust-image`]: LOCK.bases.rust,
      [`${OWN_PREFIX}shell-image`]: LOCK.bases.shell,
      [`${OWN_PREFIX}dockerfile`]: HEX,
      [`${OWN_PREFIX}build-key`]: HEX,
      [`${OWN_PREFIX}wrapper`]: '1.0.0',
    });
  });
});

describe('imageLabels', () => {
  it('are plain ones, the user’s over them, proofs over all', () => {
    const labels = imageLabels(
      { ...LOCK, labels: { mine: 'x', [`${OCI}title`]: 'my own', [`${OCI}revision`]: 'forged' } },
      '0.8.1',
      HEX,
    );
    expect(labels).toMatchObject({ mine: 'x', [`${OCI}title`]: 'my own', [`${OCI}revision`]: LOCK.commit });
    expect(Object.keys(labels)).toHaveLength(4 + 1 + 13);
  });
});

describe('checkLabel', () => {
  it.each([
    ['a=b', 'a', 'b'],
    [' a = b c ', 'a', 'b c'],
    ['a=', 'a', ''],
    ['9.a9=b', '9.a9', 'b'],
    [`${'k'.repeat(255)}=v`, 'k'.repeat(255), 'v'],
    ['a=b=c', 'a', 'b=c'],
    ['Org.Example-x_y.z1=ü "q" $HOME `x`', 'Org.Example-x_y.z1', 'ü "q" $HOME `x`'],
    [`${OCI}title=mine`, `${OCI}title`, 'mine'],
    [`${OCI}source=mine`, `${OCI}source`, 'mine'],
    [`a=${'x'.repeat(4_096)}`, 'a', 'x'.repeat(4_096)],
  ])('%s', (line, key, value) => {
    expect(checkLabel(line)).toEqual({ key, value });
  });

  it.each(['', 'a', '=b', 'a.=b', '.a=b', 'a--b=c', `${'k'.repeat(256)}=v`, `${OCI}created=now`, `${OWN_PREFIX}x=y`])(
    'refuses %j',
    (line) => {
      expect(() => checkLabel(line)).toThrow(expect.objectContaining({ kind: 'input' }));
    },
  );
});
