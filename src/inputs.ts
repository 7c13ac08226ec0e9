import { Failure } from './errors.js';
import type { Digest } from './hash.js';
import { type Reference, parseBase, parseRepository } from './image/reference.js';
import { checkLabel } from './image/labels.js';
import { checkTemplate } from './image/publish/tags.js';
import type { Log } from './log/log.js';
import { PLATFORMS, type Platform, isPlatform } from './platform.js';
import { type WantedRef, parseRef } from './source/ref.js';
import { type Upstream, parseUpstream } from './source/upstream.js';
import { nearestName, printable } from './text.js';

/** What a run is asked to do: every input parsed, no text left. */
export type Inputs = {
  upstream: Upstream;
  ref: WantedRef;
  archiveSha256: string | undefined;
  upstreamToken: string | undefined;
  platforms: Platform[];
  builder: string | undefined;
  bases: { rust: Reference; shell: Reference };
  labels: Record<string, string>;
  /** Repositories in full. */
  images: string[];
  tags: string[];
  movingTags: string[];
  push: boolean;
  load: boolean;
  export: string | undefined;
  smoke: boolean;
  /** Path of a lock to replay. */
  lock: string | undefined;
  rebuild: boolean;
  skipUnchanged: boolean;
  expectDigest: Digest | undefined;
};

/** Every input there is. Defaults and descriptions have their home in action.yml. */
export const INPUT_NAMES = [
  'upstream',
  'ref',
  'archive-sha256',
  'upstream-token',
  'platforms',
  'builder',
  'rust-image',
  'shell-image',
  'labels',
  'image',
  'tags',
  'moving-tags',
  'push',
  'load',
  'export',
  'smoke',
  'rebuild',
  'skip-unchanged',
  'lock',
  'expect-digest',
] as const;

export type InputName = (typeof INPUT_NAMES)[number];

/** Inputs as text, exactly as they were given, defaults filled in. */
export type RawInputs = Record<InputName, string>;

const RUNNER_PREFIX = 'INPUT_';

/** The inputs that the runner hands to an action. Unknown ones are refused, with the nearest known name. */
export function readRunnerInputs(environment: NodeJS.ProcessEnv): RawInputs {
  const given = Object.entries(environment)
    .filter(([name]) => name.startsWith(RUNNER_PREFIX))
    .map(([name, value]) => [name.slice(RUNNER_PREFIX.length).toLowerCase(), value ?? ''] as const);
  return completeInputs(Object.fromEntries(given));
}

/** Every known input, empty where it was not given. */
export function completeInputs(given: Record<string, string>): RawInputs {
  for (const name of Object.keys(given))
    if (!isInputName(name))
      throw new Failure(
        'input',
        `there is no input '${printable(name)}'. Did you mean ${nearestName(name, INPUT_NAMES)}?`,
      );
  return Object.fromEntries(INPUT_NAMES.map((name) => [name, given[name] ?? ''])) as RawInputs;
}

function isInputName(name: string): name is InputName {
  return (INPUT_NAMES as readonly string[]).includes(name);
}

/** The inputs of a run, as `parseInputs` reads them: the token is masked in the log, and what was normalised is said there. */
export function openInputs(raw: RawInputs, log: Log): Inputs {
  const { inputs, notices } = parseInputs(raw);
  if (inputs.upstreamToken !== undefined) log.secret(inputs.upstreamToken);
  for (const notice of notices) log.notice(notice);
  return inputs;
}

/** Text → typed inputs and notices about what was normalised; or a Failure that says what to change. Pure. */
export function parseInputs(raw: RawInputs): { inputs: Inputs; notices: string[] } {
  const notices: string[] = [];
  const inputs: Inputs = {
    upstream: parseUpstream(raw.upstream),
    ref: parseRef(raw.ref),
    archiveSha256: parseSha256('archive-sha256', raw['archive-sha256']),
    upstreamToken: parseToken(raw['upstream-token']),
    platforms: parsePlatforms(raw.platforms, notices),
    builder: parseBuilder(raw.builder),
    bases: { rust: parseBase('rust-image', raw['rust-image']), shell: parseBase('shell-image', raw['shell-image']) },
    labels: parseLabels(raw.labels),
    images: parseImages(raw.image, notices),
    tags: parseTemplates('tags', raw.tags),
    movingTags: parseTemplates('moving-tags', raw['moving-tags']),
    push: parseBoolean('push', raw.push),
    load: parseBoolean('load', raw.load),
    export: raw.export === '' ? undefined : raw.export,
    smoke: parseBoolean('smoke', raw.smoke),
    lock: raw.lock === '' ? undefined : raw.lock,
    rebuild: parseBoolean('rebuild', raw.rebuild),
    skipUnchanged: parseBoolean('skip-unchanged', raw['skip-unchanged']),
    expectDigest: parseDigest(raw['expect-digest']),
  };
  if (inputs.push && inputs.images.length === 0)
    throw new Failure('input', 'inputs push and image: push is true, but image names no repository to publish to');
  if (inputs.skipUnchanged && inputs.images.length === 0)
    throw new Failure(
      'input',
      'inputs skip-unchanged and image: skip-unchanged is true, but image names no repository to look in',
    );
  const both = inputs.tags.find((tag) => inputs.movingTags.includes(tag));
  if (both !== undefined)
    throw new Failure(
      'input',
      `inputs tags and moving-tags: '${both}' is in both. A tag may move or it may not: remove one`,
    );
  return { inputs, notices };
}

/** Items on lines or between commas. A block's empty lines are nobody's item; nothing between two commas is a mistake. */
function parseList(input: string, text: string): string[] {
  const items: string[] = [];
  for (const line of text.split(/\r?\n/)) {
    if (line.trim() === '') continue;
    for (const item of line.split(',')) {
      if (item.trim() === '')
        throw new Failure('input', `input ${input}: there is an empty item in '${printable(line)}'`);
      items.push(item.trim());
    }
  }
  return items;
}

function parsePlatforms(text: string, notices: string[]): Platform[] {
  const wanted = parseList('platforms', text);
  for (const item of wanted)
    if (!isPlatform(item))
      throw new Failure(
        'input',
        `input platforms: '${printable(item)}' is not a platform the Dockerfile knows. Known: ${PLATFORMS.join(', ')}`,
      );
  if (wanted.length === 0)
    throw new Failure('input', `input platforms is empty. Known platforms: ${PLATFORMS.join(', ')}`);
  const platforms = PLATFORMS.filter((platform) => wanted.includes(platform));
  if (platforms.length < wanted.length)
    notices.push('input platforms names a platform more than once; it is built once');
  return platforms;
}

function parseSha256(input: string, text: string): string | undefined {
  if (text === '') return undefined;
  const hex = text.replace(/^sha256:/i, '').toLowerCase();
  if (!/^[0-9a-f]{64}$/.test(hex))
    throw new Failure(
      'input',
      `input ${input}: '${printable(text)}' is not a SHA256, which has 64 digits from 0-9 and a-f`,
    );
  return hex;
}

function parseDigest(text: string): Digest | undefined {
  const hex = parseSha256('expect-digest', text);
  return hex === undefined ? undefined : `sha256:${hex}`;
}

function parseToken(text: string): string | undefined {
  if (text === '') return undefined;
  if (!/^[\x21-\x7e]+$/.test(text))
    throw new Failure('input', 'input upstream-token holds a space, a line break or a character no token has');
  return text;
}

function parseBuilder(text: string): string | undefined {
  if (text === '') return undefined;
  if (!/^[A-Za-z][A-Za-z0-9._-]*$/.test(text))
    throw new Failure('input', `input builder: '${printable(text)}' is not the name of a buildx builder`);
  return text;
}

function parseLabels(text: string): Record<string, string> {
  const labels: Record<string, string> = {};
  for (const line of text.split(/\r?\n/)) {
    if (line.trim() === '') continue;
    const { key, value } = checkLabel(line);
    if (Object.hasOwn(labels, key)) throw new Failure('input', `input labels: the label '${key}' is given twice`);
    labels[key] = value;
  }
  return labels;
}

function parseImages(text: string, notices: string[]): string[] {
  const images = parseList('image', text).map((item) => {
    const { repository, lowered } = parseRepository(item);
    if (lowered)
      notices.push(`input image: '${printable(item)}' is taken as ${repository}, as registries know only lower case`);
    return repository;
  });
  return [...new Set(images)];
}

function parseTemplates(input: string, text: string): string[] {
  const templates = [...new Set(parseList(input, text))];
  for (const template of templates) checkTemplate(input, template);
  return templates;
}

/** YAML 1.2's core schema, as `getBooleanInput` of @actions/core reads it. */
function parseBoolean(input: string, text: string): boolean {
  if (['true', 'True', 'TRUE'].includes(text)) return true;
  if (['false', 'False', 'FALSE'].includes(text)) return false;
  throw new Failure('input', `input ${input}: '${printable(text)}' is neither true nor false`);
}
