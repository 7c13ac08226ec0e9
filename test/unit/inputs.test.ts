import { describe, expect, it } from 'vitest';
import { readContract, withDefaults } from '../../src/cli/contract.js';
import {
  INPUT_NAMES,
  type InputName,
  type Inputs,
  type RawInputs,
  completeInputs,
  parseInputs,
  readRunnerInputs,
} from '../../src/inputs.js';

const contract = await readContract();
const given = (values: Partial<RawInputs>) => parseInputs(withDefaults(contract, values));

const COMMIT = 'b42ed82e7fe5e3b9a3e5d0d5b4b7b2b9a7b6c5d4';
const SHA256 = 'e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855';
const UPPER_CASE = 'E3B0C44298FC1C149AFBF4C8996FB92427AE41E4649B934CA495991B7852B855';

describe('defaults of action.yml', () => {
  it('are a valid run', () => {
    const { inputs, notices } = given({});
    expect(notices).toEqual([]);
    expect(inputs).toEqual<Inputs>({
      upstream: { url: 'https://github.com/dndx/phantun', origin: 'https://github.com' },
      ref: { kind: 'head' },
      archiveSha256: undefined,
      upstreamToken: undefined,
      platforms: ['linux/amd64', 'linux/arm64'],
      builder: undefined,
      bases: {
        rust: { repository: 'docker.io/library/rust', tag: '1.95.0-slim-trixie', digest: undefined },
        shell: { repository: 'docker.io/library/busybox', tag: '1.37.0-musl', digest: undefined },
      },
      labels: {},
      images: [],
      tags: ['{version}-{commit7}-{key7}'],
      movingTags: ['{version}-{commit7}'],
      push: false,
      load: false,
      export: undefined,
      smoke: true,
      lock: undefined,
      rebuild: false,
      skipUnchanged: false,
      expectDigest: undefined,
    });
  });
});

/** Input, value, what it becomes, and the notice if there is one. */
const ACCEPTED: [InputName, string, Partial<Inputs>, string?][] = [
  // 1, 3, 7, 8
  ['ref', '', { ref: { kind: 'head' } }],
  ['ref', 'HEAD', { ref: { kind: 'head' } }],
  ['ref', 'main', { ref: { kind: 'short', name: 'main' } }],
  ['ref', 'v0.7.0', { ref: { kind: 'short', name: 'v0.7.0' } }],
  ['ref', 'feature/größe', { ref: { kind: 'short', name: 'feature/größe' } }],
  ['ref', 'refs/heads/main', { ref: { kind: 'full', name: 'refs/heads/main' } }],
  ['ref', 'refs/tags/v0.7.0', { ref: { kind: 'full', name: 'refs/tags/v0.7.0' } }],
  ['ref', 'refs/heads/deadbeef', { ref: { kind: 'full', name: 'refs/heads/deadbeef' } }],
  ['ref', 'x/refs/heads/y', { ref: { kind: 'short', name: 'x/refs/heads/y' } }],
  ['ref', 'a'.repeat(255), { ref: { kind: 'short', name: 'a'.repeat(255) } }],
  ['ref', 'beef', { ref: { kind: 'short', name: 'beef' } }],
  ['ref', COMMIT, { ref: { kind: 'commit', commit: COMMIT, lowered: false } }],
  ['ref', COMMIT.toUpperCase(), { ref: { kind: 'commit', commit: COMMIT, lowered: true } }],
  // 10
  ...(
    [
      ['https://github.com/dndx/phantun', 'https://github.com', 'dndx/phantun'],
      ['https://github.com/dndx/phantun/', 'https://github.com', 'dndx/phantun'],
      ['https://github.com/dndx/phantun.git', 'https://github.com', 'dndx/phantun'],
      ['https://git.example.org:3000/a_b/c.d-e', 'https://git.example.org:3000', 'a_b/c.d-e'],
      ['https://git.example.org:1/o/a.github.io', 'https://git.example.org:1', 'o/a.github.io'],
      ['https://git.example.org:65535/o/n', 'https://git.example.org:65535', 'o/n'],
      ['http://127.29.39.49/o/n', 'http://127.29.39.49', 'o/n'],
      ['http://127.0.0.1:8080/o/n', 'http://127.0.0.1:8080', 'o/n'],
      ['http://localhost/o/n', 'http://localhost', 'o/n'],
      ['http://[::1]:8080/o/n', 'http://[::1]:8080', 'o/n'],
    ] as const
  ).map(([text, origin, path]): [InputName, string, Partial<Inputs>] => [
    'upstream',
    text,
    { upstream: { url: `${origin}/${path}`, origin } },
  ]),
  // 11
  ['archive-sha256', '', { archiveSha256: undefined }],
  ['archive-sha256', SHA256, { archiveSha256: SHA256 }],
  ['archive-sha256', UPPER_CASE, { archiveSha256: SHA256 }],
  ['archive-sha256', `sha256:${SHA256}`, { archiveSha256: SHA256 }],
  ['archive-sha256', `SHA256:${UPPER_CASE}`, { archiveSha256: SHA256 }],
  ['upstream-token', 'ghp_0123', { upstreamToken: 'ghp_0123' }],
  // 13
  ['platforms', 'linux/arm64,linux/amd64', { platforms: ['linux/amd64', 'linux/arm64'] }],
  ['platforms', '\n  linux/arm/v7\n\n  linux/amd64\r\n', { platforms: ['linux/amd64', 'linux/arm/v7'] }],
  [
    'platforms',
    'linux/arm64, linux/arm64',
    { platforms: ['linux/arm64'] },
    'input platforms names a platform more than once; it is built once',
  ],
  ['builder', 'my-builder_1.2', { builder: 'my-builder_1.2' }],
  // 18
  ['image', 'ghcr.io/org/phantun-runtime', { images: ['ghcr.io/org/phantun-runtime'] }],
  ['image', 'me/phantun, me/phantun', { images: ['docker.io/me/phantun'] }],
  ['image', 'localhost:5000/a\n127.0.0.1:5000/b', { images: ['localhost:5000/a', '127.0.0.1:5000/b'] }],
  [
    'image',
    'ghcr.io/Org/Phantun',
    { images: ['ghcr.io/org/phantun'] },
    "input image: 'ghcr.io/Org/Phantun' is taken as ghcr.io/org/phantun, as registries know only lower case",
  ],
  [
    'image',
    'Dndx/Phantun',
    { images: ['docker.io/dndx/phantun'] },
    "input image: 'Dndx/Phantun' is taken as docker.io/dndx/phantun, as registries know only lower case",
  ],
  ['tags', '', { tags: [] }],
  ['tags', 'v{version}, {date}.{commit}', { tags: ['v{version}', '{date}.{commit}'] }],
  ['moving-tags', 'latest\nlatest', { movingTags: ['latest'] }],
  // 19
  ['labels', 'a=b\n c.d = e=f \n\n', { labels: { a: 'b', 'c.d': 'e=f' } }],
  ['labels', 'empty=', { labels: { empty: '' } }],
  ['labels', 'constructor=me\ntoString=you', { labels: { constructor: 'me', toString: 'you' } }],
  // 21
  ['load', 'true', { load: true }],
  ['load', 'True', { load: true }],
  ['load', 'TRUE', { load: true }],
  ['smoke', 'false', { smoke: false }],
  ['smoke', 'False', { smoke: false }],
  ['smoke', 'FALSE', { smoke: false }],
  ['export', '', { export: undefined }],
  ['export', './out', { export: './out' }],
  // replay
  ['rebuild', 'true', { rebuild: true }],
  ['lock', '', { lock: undefined }],
  ['lock', 'a folder/lock.json', { lock: 'a folder/lock.json' }],
  ['expect-digest', '', { expectDigest: undefined }],
  ['expect-digest', `sha256:${SHA256}`, { expectDigest: `sha256:${SHA256}` }],
  ['expect-digest', UPPER_CASE, { expectDigest: `sha256:${SHA256}` }],
];

describe('an accepted input', () => {
  it.each(ACCEPTED)('%s: %j', (name, value, expected, notice) => {
    const { inputs, notices } = given({ [name]: value });
    expect(inputs).toMatchObject(expected);
    for (const [key, members] of Object.entries(expected)) expect(inputs[key as keyof Inputs]).toEqual(members);
    expect(notices).toEqual(notice === undefined ? [] : [notice]);
  });
});

describe('the runner’s variables', () => {
  it('are read as they are, blanks and all', () => {
    const raw = readRunnerInputs({ INPUT_REF: ' main ', 'INPUT_ARCHIVE-SHA256': 'x', PATH: '/bin', GITHUB_REF: 'y' });
    expect(raw.ref).toBe(' main ');
    expect(raw['archive-sha256']).toBe('x');
    expect(Object.keys(raw)).toEqual([...INPUT_NAMES]);
    expect(raw.upstream).toBe('');
  });

  it.each([
    ['INPUT_REFF', "there is no input 'reff'. Did you mean ref?"],
    ['INPUT_ARCHIVE_SHA256', "there is no input 'archive_sha256'. Did you mean archive-sha256?"],
    ['INPUT_PLATFORM', "there is no input 'platform'. Did you mean platforms?"],
    ['INPUT_IMAGES', "there is no input 'images'. Did you mean image?"],
    ['INPUT_\u001b[1m', "there is no input '\\u{1b}[1m'. Did you mean ref?"],
    ['INPUT___PROTO__', "there is no input '__proto__'. Did you mean export?"],
  ])('refuse %j with the nearest name', (name, sentence) => {
    expect(() => readRunnerInputs({ [name]: 'x' })).toThrow(
      expect.objectContaining({ kind: 'input', message: sentence }),
    );
  });

  it('leave out nothing that completes to every input', () => {
    expect(Object.keys(completeInputs({}))).toEqual([...INPUT_NAMES]);
  });
});
