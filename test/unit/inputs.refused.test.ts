import { describe, expect, it } from 'vitest';
import { readContract, withDefaults } from '../../src/cli/contract.js';
import { Failure } from '../../src/errors.js';
import { type InputName, type RawInputs, parseInputs } from '../../src/inputs.js';
import { RAW } from '../support/world.js';

const contract = await readContract();

function failureOf(values: Partial<RawInputs>): Failure {
  try {
    parseInputs(withDefaults(contract, values));
  } catch (error) {
    if (error instanceof Failure) return error;
    throw error;
  }
  throw new Error('the inputs were accepted');
}

const COMMIT = 'b42ed82e7fe5e3b9a3e5d0d5b4b7b2b9a7b6c5d4';
const SHA256 = 'e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855';

const REF_SPACE = 'holds a space or an invisible character. Write the ref without it';
const REF_NAME = 'is not a name git allows for a branch or a tag';
const ADDRESS = '. Give an address such as https://github.com/dndx/phantun';
const FORM = `is not of the form https://HOST/OWNER/REPOSITORY${ADDRESS}`;
const HOST = `has a host that is none (lower-case letters, digits, dots)${ADDRESS}`;
const PART = `has an owner or a repository name that is none${ADDRESS}`;
const PORT = `has a port that is none${ADDRESS}`;
const PLAIN = `is plain http, which is for loopback addresses only${ADDRESS}`;
const MENDED = `has a host or port in a form that programs read differently${ADDRESS}`;
const DIGITS = 'is not a SHA256, which has 64 digits from 0-9 and a-f';
const KNOWN = 'is not a platform the Dockerfile knows. Known: linux/amd64, linux/arm64, linux/arm/v7';
const REPOSITORY = '. Give a repository such as ghcr.io/org/phantun-runtime';
const TAG_RULE =
  "cannot be a tag. A tag has at most 128 letters, digits, '_', '.', '-', and starts with none of the last two";
const LABEL_KEY = 'has a key that is none: letters, digits, and single . _ - between them';

/** Input, value, the whole message. `%` stands for the value, safe to print. */
const REFUSED: [InputName, string, string][] = [
  // 1, 2, 4, 5
  ['ref', ' ', `input ref: ' ' ${REF_SPACE}`],
  ['ref', ' HEAD', `input ref: ' HEAD' ${REF_SPACE}`],
  ...(['HEAD ', 'main\n', 'a b', '\t'] as const).map((text): [InputName, string, string] => [
    'ref',
    text,
    `input ref: '%' ${REF_SPACE}`,
  ]),
  ['ref', '\ufeffHEAD', `input ref: '\\u{feff}HEAD' ${REF_SPACE}`],
  ['ref', `${COMMIT}\u00a0`, `input ref: '${COMMIT}\\u{a0}' ${REF_SPACE}`],
  ['ref', `\u200b${COMMIT}`, `input ref: '\\u{200b}${COMMIT}' ${REF_SPACE}`],
  ['ref', `${COMMIT}\n`, `input ref: '${COMMIT}\\u{a}' ${REF_SPACE}`],
  ['ref', `${COMMIT}\0`, `input ref: '${COMMIT}\\u{0}' ${REF_SPACE}`],
  ['ref', 'main\u2003', `input ref: 'main\\u{2003}' ${REF_SPACE}`],
  ['ref', 'main\u202e', `input ref: 'main\\u{202e}' ${REF_SPACE}`],
  ['ref', 'main\u3164', `input ref: 'main\\u{3164}' ${REF_SPACE}`],
  ['ref', 'main\ufe0f', `input ref: 'main\\u{fe0f}' ${REF_SPACE}`],
  [
    'ref',
    'b42ed82',
    "input ref: '%' may be a short commit id, which is ambiguous. Give all 40 digits, or refs/heads/b42ed82 if it is a branch",
  ],
  [
    'ref',
    COMMIT.slice(1),
    `input ref: '%' may be a short commit id, which is ambiguous. Give all 40 digits, or refs/heads/${COMMIT.slice(1)} if it is a branch`,
  ],
  [
    'ref',
    SHA256,
    "input ref: '%' has the form of a SHA-256 object id: repositories with SHA-256 ids are not supported",
  ],
  ...['-main', '--upload-pack=x', 'a..b', 'a^{}', 'a~1', 'a:b', 'a?', 'a*', '[a', 'a\\b', 'a@{1}', '@', '/a', 'a/'].map(
    (text): [InputName, string, string] => ['ref', text, `input ref: '%' ${REF_NAME}`],
  ),
  ...['a//b', 'a.', '.a', 'a/.b', 'a.lock', 'a.lock/b', 'refs/heads/', 'a'.repeat(256)].map(
    (text): [InputName, string, string] => [
      'ref',
      text,
      `input ref: '${text.length > 200 ? `${text.slice(0, 200)}…` : text}' ${REF_NAME}`,
    ],
  ),
  ...['refs/pull/1/head', 'refs/x', 'refs/remotes/origin/main'].map((text): [InputName, string, string] => [
    'ref',
    text,
    "input ref: '%' is neither a branch (refs/heads/…) nor a tag (refs/tags/…); pull requests are not upstream",
  ]),
  // 10
  ...([
    ['', FORM],
    ['github.com/dndx/phantun', FORM],
    ['ssh://github.com/dndx/phantun', FORM],
    ['HTTPS://github.com/dndx/phantun', FORM],
    ['https://github.com/dndx', FORM],
    ['https://github.com/dndx/phantun/tree', FORM],
    ['https://github.com/dndx/phantun//', FORM],
    [' https://github.com/dndx/phantun', FORM],
    ['-https://github.com/dndx/phantun', FORM],

    ['https:///dndx/phantun', HOST],
    ['https://GitHub.com/dndx/phantun', HOST],
    ['https://github..com/dndx/phantun', HOST],
    ['https://github.com./dndx/phantun', HOST],
    ['https://-github.com/dndx/phantun', HOST],
    ['https://gіthub.com/dndx/phantun', HOST],
    ['https://github。com/dndx/phantun', HOST],
    ['https://github.com:/dndx/phantun', HOST],
    ['https://github.com:+443/dndx/phantun', HOST],
    ['https://github.com:0/dndx/phantun', PORT],
    ['https://github.com:65536/dndx/phantun', PORT],
    ['https://github.com:443/dndx/phantun', MENDED],
    ['https://github.com:08443/dndx/phantun', MENDED],
    ['https://0x7f.1/dndx/phantun', MENDED],
    ['https://2130706433/dndx/phantun', MENDED],
    ['https://1.2.3.256/dndx/phantun', MENDED],
    ['http://127.0.0.256/dndx/phantun', MENDED],
    ['http://127.0.0.01/dndx/phantun', MENDED],
    ['https://github.com/../phantun', PART],
    ['https://github.com/dndx/..', PART],
    ['https://github.com/dndx/a..b', PART],
    ['https://github.com/dndx/.git', PART],
    ['https://github.com/dndx/phantun.git.git', PART],
    ['https://github.com/dn%2fdx/phantun', PART],
    ['https://github.com/dndx/phantun%00', PART],
    ['https://github.com/-dndx/phantun', PART],
    ['https://github.com/dndx/phаntun', PART],
    ['http://github.com/dndx/phantun', PLAIN],
    ['http://127.0.0.1.evil.example/a/b', PLAIN],
    ['http://localhost.evil.example/a/b', PLAIN],
    ['http://evillocalhost/a/b', PLAIN],
    ['http://10.0.0.1/a/b', PLAIN],
  ].map(([text, why]) => ['upstream', text, `input upstream: '%' ${why ?? ''}`]) as [InputName, string, string][]),
  ['upstream', 'https://github.com/dndx/phantun\n', `input upstream: 'https://github.com/dndx/phantun\\u{a}' ${PART}`],
  ...(
    [
      ['https://user@github.com/dndx/phantun', 'https://***@github.com/dndx/phantun'],
      ['https://user:pass@github.com/dndx/phantun', 'https://***@github.com/dndx/phantun'],
      ['https://github.com:443@evil.example/dndx/phantun', 'https://***@evil.example/dndx/phantun'],
      ['https://github.com\\@evil/dndx/phantun', 'https://***@evil/dndx/phantun'],
      ['https://user:pa/ss@github.com/dndx/phantun', 'https://***@github.com/dndx/phantun', FORM],
      ['https://user:p@ss?#\n@github.com/dndx/phantun', 'https://***@github.com/dndx/phantun'],
      ['user:pass@github.com/dndx/phantun', '***@github.com/dndx/phantun', FORM],
      ['https://github.com/dndx/phantun?access_token=pass', 'https://github.com/dndx/phantun?***', PART],
      ['https://github.com/dndx/phantun#pass', 'https://github.com/dndx/phantun#***', PART],
    ] as const
  ).map(([text, shown, why = HOST]): [InputName, string, string] => [
    'upstream',
    text,
    `input upstream: '${shown}' ${why}`,
  ]),
  [
    'upstream',
    'https://github.com/dn\u200bdx/phantun',
    `input upstream: 'https://github.com/dn\\u{200b}dx/phantun' ${PART}`,
  ],
  // 11
  ...[
    SHA256.slice(1),
    `${SHA256}0`,
    `${SHA256.slice(1)}g`,
    ` ${SHA256}`,
    `sha256:sha256:${SHA256}`,
    `${SHA256.slice(0, 32)}sha256:${SHA256.slice(32)}`,
  ].map((text): [InputName, string, string] => ['archive-sha256', text, `input archive-sha256: '%' ${DIGITS}`]),
  ['archive-sha256', `sha512:${SHA256}`, `input archive-sha256: '%' ${DIGITS}`],
  ['archive-sha256', `${SHA256}\n`, `input archive-sha256: '${SHA256}\\u{a}' ${DIGITS}`],
  ['expect-digest', `sha512:${SHA256}`, `input expect-digest: '%' ${DIGITS}`],
  ['expect-digest', SHA256.slice(1), `input expect-digest: '%' ${DIGITS}`],
  ['rebuild', 'yes', "input rebuild: 'yes' is neither true nor false"],
  ...['a b', 'a\n', 'ключ', '\u00a0'].map((text): [InputName, string, string] => [
    'upstream-token',
    text,
    'input upstream-token holds a space, a line break or a character no token has',
  ]),
  // 14
  ['platforms', 'linux/amd46', `input platforms: '%' ${KNOWN}`],
  ['platforms', 'linux/arm64/v8', `input platforms: '%' ${KNOWN}`],
  ['platforms', 'linux/arm/v6', `input platforms: '%' ${KNOWN}`],
  ['platforms', 'Linux/amd64', `input platforms: '%' ${KNOWN}`],
  ['platforms', 'linux/amd64\u200b', `input platforms: 'linux/amd64\\u{200b}' ${KNOWN}`],
  ['platforms', 'linux/amd64,,linux/arm64', "input platforms: there is an empty item in '%'"],
  ['platforms', 'linux/amd64,', "input platforms: there is an empty item in '%'"],
  ['platforms', '', 'input platforms is empty. Known platforms: linux/amd64, linux/arm64, linux/arm/v7'],
  ...['-x', '1a', 'a b', 'a/b', 'ä'].map((text): [InputName, string, string] => [
    'builder',
    text,
    "input builder: '%' is not the name of a buildx builder",
  ]),
  // 18
  ['rust-image', 'rust', "input rust-image: '%' has neither tag nor digest. Give a full version tag"],
  ['rust-image', '', "input rust-image: '%' is not an image reference"],
  ['shell-image', 'busybox:1@sha256:0', "input shell-image: '%' is not an image reference"],
  ['shell-image', 'BusyBox:1', "input shell-image: '%' is not an image reference"],
  [
    'image',
    'ghcr.io/org/x:latest',
    `input image: '%' holds a tag: tags have inputs of their own, tags and moving-tags${REPOSITORY}`,
  ],
  [
    'image',
    `ghcr.io/org/x@sha256:${SHA256}`,
    `input image: '%' holds a digest: an image is published under the digest it has${REPOSITORY}`,
  ],
  ...[
    '-x/y',
    'ghcr.io/../x',
    'ghcr.io/a//b',
    'ghcr.io/',
    'a b',
    'ghcr.io:x/y',
    'ghcr.io/\u212aube',
    'https://ghcr.io/x',
    'ghcr.io/a/b/',
  ].map((text): [InputName, string, string] => [
    'image',
    text,
    `input image: '%' is not the name of an image repository${REPOSITORY}`,
  ]),
  [
    'tags',
    '{commit8}',
    "input tags: '%' has the unknown placeholder {commit8}. Known: {version} {commit} {commit7} {key7} {date}",
  ],
  ['tags', '{}', "input tags: '%' has the unknown placeholder {}. Known: {version} {commit} {commit7} {key7} {date}"],
  [
    'moving-tags',
    '{constructor}',
    "input moving-tags: '%' has the unknown placeholder {constructor}. Known: {version} {commit} {commit7} {key7} {date}",
  ],
  ...['-x', '.x', 'a b', 'a:b', 'a/b', 'ä', 'x@sha256', '{x', 'lat\u200best'].map(
    (text): [InputName, string, string] => [
      'tags',
      text,
      `input tags: '${text.replace('\u200b', '\\u{200b}')}' ${TAG_RULE}`,
    ],
  ),
  ['tags', '{commit}{commit}{commit}{commit}', `input tags: '${'0'.repeat(160)}' ${TAG_RULE}`],
  ['tags', 'a,,b', "input tags: there is an empty item in '%'"],
  // 19
  ['labels', 'novalue', "input labels: '%' has no '='. Write key=value, one a line"],
  ['labels', 'a=b\nrest of a', "input labels: 'rest of a' has no '='. Write key=value, one a line"],
  ['labels', '=x', `input labels: the label '' ${LABEL_KEY}`],
  ['labels', 'a b=x', `input labels: the label 'a b' ${LABEL_KEY}`],
  ['labels', 'a..b=x', `input labels: the label 'a..b' ${LABEL_KEY}`],
  ['labels', '-a=x', `input labels: the label '-a' ${LABEL_KEY}`],
  ['labels', '__proto__=x', `input labels: the label '__proto__' ${LABEL_KEY}`],
  ['labels', 'a\u200b=x', `input labels: the label 'a\\u{200b}' ${LABEL_KEY}`],
  ['labels', 'a=x\ry', "input labels: the label 'a' has a control character in its value"],
  ['labels', 'a=x\0y', "input labels: the label 'a' has a control character in its value"],
  ['labels', 'a=x\u2028y', "input labels: the label 'a' has a control character in its value"],
  ['labels', `a=${'x'.repeat(4_097)}`, "input labels: the label 'a' has a value of more than 4096 characters"],
  ['labels', 'a=1\na=2', "input labels: the label 'a' is given twice"],
  ...['version', 'revision', 'created', 'licenses', 'base.name', 'base.digest']
    .map((name) => `org.opencontainers.image.${name}`)
    .concat('io.github.phantun-runtime.anything')
    .map((key): [InputName, string, string] => [
      'labels',
      `${key}=x`,
      `input labels: the label '${key}' is computed from what was built and cannot be set`,
    ]),
  // 20, 21
  ['push', 'true', 'inputs push and image: push is true, but image names no repository to publish to'],
  [
    'skip-unchanged',
    'true',
    'inputs skip-unchanged and image: skip-unchanged is true, but image names no repository to look in',
  ],
  [
    'tags',
    'latest, {version}-{commit7}',
    "inputs tags and moving-tags: '{version}-{commit7}' is in both. A tag may move or it may not: remove one",
  ],
  ...['yes', '1', 'on', 'y', 'tRUE', ' true', 'true\n', ''].map((text): [InputName, string, string] => [
    'smoke',
    text,
    `input smoke: '${text.replace('\n', '\\u{a}')}' is neither true nor false`,
  ]),
];

describe('a refused input', () => {
  it.each(REFUSED)('%s: %j', (name, value, sentence) => {
    const failure = failureOf({ [name]: value });
    const shown = value.replace(/[\n\t]/g, (character) => `\\u{${character.charCodeAt(0).toString(16)}}`);
    expect(failure.message).toBe(sentence.replace("'%'", () => `'${shown}'`));
    expect(failure.kind).toBe('input');
    expect(failure.message).not.toMatch(RAW);
  });

  it('never shows the token', () => {
    expect(failureOf({ 'upstream-token': 'secret value' }).message).not.toContain('secret');
  });
});
