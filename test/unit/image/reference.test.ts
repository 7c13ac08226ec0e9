import { describe, expect, it } from 'vitest';
import {
  formatReference,
  isLoopback,
  isTag,
  needHostNetwork,
  parseBase,
  parseReference,
  parseRepository,
  registryOf,
} from '../../../src/image/reference.js';

const HEX = 'ab'.repeat(32);

describe('parseReference', () => {
  it.each<[string, string, (string | undefined)?, string?]>([
    ['rust', 'docker.io/library/rust'],
    ['rust:1.95.0', 'docker.io/library/rust', '1.95.0'],
    ['me/image', 'docker.io/me/image'],
    ['docker.io/rust:1', 'docker.io/library/rust', '1'],
    ['index.docker.io/me/image', 'docker.io/me/image'],
    ['docker.io/library/rust', 'docker.io/library/rust'],
    ['docker.io.example/rust', 'docker.io.example/rust'],
    ['mydocker.io/rust', 'mydocker.io/rust'],
    ['ghcr.io/a/b/c:v1', 'ghcr.io/a/b/c', 'v1'],
    [`ghcr.io/a/b@sha256:${HEX}`, 'ghcr.io/a/b', undefined, `sha256:${HEX}`],
    [`ghcr.io/a/b:v1@sha256:${HEX}`, 'ghcr.io/a/b', 'v1', `sha256:${HEX}`],
    ['localhost/a', 'localhost/a'],
    ['localhost:5000/a:b', 'localhost:5000/a', 'b'],
    ['localhost:65535/a', 'localhost:65535/a'],
    ['[::1]:1/a', '[::1]:1/a'],
    ['127.0.0.1:5000/a/b', '127.0.0.1:5000/a/b'],
    ['[::1]:5000/a:b', '[::1]:5000/a', 'b'],
    ['GHCR.io/a/b', 'GHCR.io/a/b'],
    ['a__b/c-d.e_f:x_Y.z-1', 'docker.io/a__b/c-d.e_f', 'x_Y.z-1'],
    // a port needs a path: docker takes this for a tag, too
    ['localhost:5000', 'docker.io/library/localhost', '5000'],
    [`a:${'x'.repeat(128)}`, 'docker.io/library/a', 'x'.repeat(128)],
  ])('%s', (text, repository, tag, digest) => {
    const reference = parseReference(text);
    expect(reference).toEqual({ repository, tag, digest });
    const full = `${repository}${tag === undefined ? '' : `:${tag}`}${digest === undefined ? '' : `@${digest}`}`;
    expect(reference && formatReference(reference)).toBe(full);
  });

  it.each([
    '',
    ':tag',
    '@sha256:' + HEX,
    'Rust',
    'a/B',
    'a b',
    'a\n',
    ' a',
    'a:',
    'a:-x',
    `a:${'x'.repeat(129)}`,
    'a@sha256:abc',
    `a@xsha256:${HEX}`,
    `a@sha256:${HEX}0`,
    `a@sha256:${HEX.toUpperCase()}`,
    `a@sha512:${HEX}`,
    `a@sha256:${HEX}@sha256:${HEX}`,
    '/a',
    'a/',
    'a//b',
    '-a/b',
    'a-/b',
    'a..b/c',
    'a___b',
    '../a',
    'ghcr.io/',
    'ghcr.io:x/a',
    'ghcr.io:123456/a',
    'ghcr.io:65536/a',
    '[::1]:99999/a',
    'localhost:0/a',
    '-ghcr.io/a',
    'ghcr-.io/a',
    '[::1/a',
    'https://ghcr.io/a',
    'user@ghcr.io/a',
    'ghcr.io/\u0430',
    'a\u200b',
    `ghcr.io/${'a'.repeat(248)}`,
  ])('none: %j', (text) => {
    expect(parseReference(text)).toBeUndefined();
  });

  it('takes the longest name there may be', () => {
    expect(parseReference(`ghcr.io/${'a'.repeat(247)}`)?.repository).toHaveLength(255);
  });
});

describe('parseRepository', () => {
  it.each([
    ['ghcr.io/org/image', 'ghcr.io/org/image', false],
    ['GHCR.io/Org/Image', 'ghcr.io/org/image', true],
    ['Me/Image', 'docker.io/me/image', true],
    ['Image', 'docker.io/library/image', true],
  ])('%s', (text, repository, lowered) => {
    expect(parseRepository(text)).toEqual({ repository, lowered });
  });
});

describe('parseBase', () => {
  it.each([
    ['rust:1', 'docker.io/library/rust:1'],
    [`rust@sha256:${HEX}`, `docker.io/library/rust@sha256:${HEX}`],
  ])('%s', (text, full) => {
    expect(formatReference(parseBase('rust-image', text))).toBe(full);
  });
});

describe('registryOf and isLoopback', () => {
  it.each([
    ['docker.io/library/rust', 'docker.io', false],
    ['ghcr.io/a/b', 'ghcr.io', false],
    ['localhost/a', 'localhost', true],
    ['localhost:5000/a', 'localhost:5000', true],
    ['127.0.0.1:5000/a', '127.0.0.1:5000', true],
    ['127.1.2.3/a', '127.1.2.3', true],
    ['[::1]:5000/a', '[::1]:5000', true],
    ['localhost.evil.example/a', 'localhost.evil.example', false],
    ['127.0.0.1.evil.example/a', '127.0.0.1.evil.example', false],
    ['128.0.0.1/a', '128.0.0.1', false],
    ['docker.io/127.0.0.1/a', 'docker.io', false],
  ])('%s: %s, %s', (repository, registry, loopback) => {
    expect([registryOf(repository), isLoopback(repository)]).toEqual([registry, loopback]);
  });
});

describe('needHostNetwork', () => {
  const [hub, loopback] = ['rust:1.95.0', '127.0.0.1:5000/rust:1.95.0'];
  it.each<[string, string, boolean]>([
    [hub, hub, false],
    [loopback, hub, true],
    [hub, loopback, true],
  ])('rust %s, shell %s: %s', (rust, shell, needed) => {
    expect(needHostNetwork({ rust: parseBase('rust-image', rust), shell: parseBase('shell-image', shell) })).toBe(
      needed,
    );
  });
});

describe('isTag', () => {
  it.each(['latest', 'v1.2.3', '_x', '1', 'A-b_c.d', 'x'.repeat(128)])('%s may be one', (text) => {
    expect(isTag(text)).toBe(true);
  });
  it.each(['', '-x', '.x', 'a+b', 'a b', 'a\n', 'a:b', 'ä', 'x'.repeat(129)])('%j may not', (text) => {
    expect(isTag(text)).toBe(false);
  });
});
