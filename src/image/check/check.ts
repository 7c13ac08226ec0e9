import { Failure } from '../../errors.js';
import { asObject, asTexts, parseJson } from '../../json.js';
import { PLATFORMS, type Platform } from '../../platform.js';
import { andMore, humanSize, isoTime, printable } from '../../text.js';
import { blobOf, layerTar, type Annotations, type ComposedImage, type ComposedPlatform } from '../layout/compose.js';
import { parseConfig, type RuntimeConfig } from '../layout/config.js';
import { difference, EXPECTED_FILES, fileDifferences } from './files.js';
import { readTar } from '../layout/tar.js';

/** The most a platform's layer may have unpacked. */
const MAX_UNPACKED_BYTES = 9_000_000;

/** The most that is shown of an entrypoint; ours has some hundred characters. */
const MAX_SHOWN_ENTRYPOINT = 1_000;

/** What a finished image must be. `epochSeconds` is the commit's time; labels and annotations are all there are. */
export type ExpectedImage = {
  platforms: readonly Platform[];
  epochSeconds: number;
  labels: Readonly<Record<string, string>>;
  annotations: Annotations;
  entrypoint: readonly string[];
};

/** Something that was read from the image's bytes and found right. `subject` is a platform, or `index`. */
export type CheckedFact = { subject: Platform | 'index'; fact: string };

/**
 * Reads a finished image and requires what its promise says: platforms, times, files, owners, modes, static programs
 * for the right processor, labels, entrypoint, size. Returns what it saw. Throws class verification with the first
 * difference in the message and all of them in `details`, each with platform, thing, found and expected.
 */
export function checkImage(image: ComposedImage, expected: ExpectedImage): CheckedFact[] {
  const wanted = PLATFORMS.filter((platform) => expected.platforms.includes(platform));
  const found = image.images.map(({ platform }) => platform);
  const index = asObject(parseJson(image.index.bytes, 'image index'), 'image index');
  const differences = [
    ...difference('index', 'list of platforms', found.join(', '), wanted.join(', ')),
    ...mapDifferences('index', 'annotation', asTexts(index.annotations ?? {}, 'annotations'), expected.annotations),
    ...image.images.flatMap((part) =>
      platformDifferences(image, part, expected).map((sentence) => `${part.platform}: ${sentence}`),
    ),
  ];
  const [first] = differences;
  if (first !== undefined) {
    throw new Failure('verification', `the image is not what it must be: ${first}${andMore(differences)}`, {
      details: differences,
    });
  }
  return [
    { subject: 'index', fact: `platforms (${found.length}): ${found.join(', ')}` },
    ...image.images.flatMap((part) => factsOf(part, expected)),
  ];
}

function platformDifferences(image: ComposedImage, part: ComposedPlatform, expected: ExpectedImage): string[] {
  const config = parseConfig(blobOf(image, part.config), `config of ${part.platform}`);
  const tar = layerTar(image, part);
  const created = config.epochSeconds === undefined ? 'no whole second' : isoTime(config.epochSeconds);
  return [
    ...difference('config', 'platform', config.platform, part.platform),
    ...difference('config', 'created', created, isoTime(expected.epochSeconds)),
    ...runtimeDifferences(config.runtime, expected),
    ...(tar.length > MAX_UNPACKED_BYTES
      ? [`layer: unpacked size is ${tar.length} bytes, expected at most ${MAX_UNPACKED_BYTES}`]
      : []),
    ...fileDifferences(readTar(tar, `layer of ${part.platform}`), part.platform, expected.epochSeconds),
  ];
}

function runtimeDifferences(runtime: RuntimeConfig, expected: ExpectedImage): string[] {
  const { Entrypoint, Env = [], Labels = {}, WorkingDir = '/', ...rest } = runtime;
  return [
    ...entrypointDifferences(JSON.stringify(Entrypoint ?? []), JSON.stringify(expected.entrypoint)),
    ...difference('config', 'WorkingDir', printable(WorkingDir), '/'),
    ...Env.filter((line) => !line.startsWith('PATH=')).map(
      (line) => `config: Env holds ${printable(line)}, expected PATH only`,
    ),
    ...Object.entries(rest).map(
      ([key, value]) => `config: ${key} is ${printable(JSON.stringify(value))}, expected none`,
    ),
    ...mapDifferences('config', 'label', Labels, expected.labels),
  ];
}

/** Compared whole, and shown as far as it goes: two that begin alike differ all the same. */
function entrypointDifferences(found: string, expected: string): string[] {
  const [shown, wanted] = [found, expected].map((text) => printable(text, MAX_SHOWN_ENTRYPOINT));
  return found === expected ? [] : [`config: Entrypoint is ${shown ?? ''}, expected ${wanted ?? ''}`];
}

function mapDifferences(
  subject: string,
  thing: string,
  found: Readonly<Record<string, string>>,
  expected: Readonly<Record<string, string>>,
): string[] {
  // Not what every object inherits: a label may be called `constructor`.
  const [has, wants] = [new Map(Object.entries(found)), new Map(Object.entries(expected))];
  const keys = [...new Set([...wants.keys(), ...has.keys()])].sort();
  const show = (text: string | undefined): string => (text === undefined ? 'absent' : JSON.stringify(printable(text)));
  return keys
    .filter((key) => has.get(key) !== wants.get(key))
    .map((key) => `${subject}: ${thing} ${printable(key)} is ${show(has.get(key))}, expected ${show(wants.get(key))}`);
}

function factsOf(part: ComposedPlatform, expected: ExpectedImage): CheckedFact[] {
  const programs = EXPECTED_FILES.filter(({ role }) => role !== 'text').length;
  const time = isoTime(expected.epochSeconds);
  return [
    `${EXPECTED_FILES.length} files and nothing else, all of root, none writable by others, every time ${time}`,
    `${programs} static programs for ${part.platform}, no loader and no shared library`,
    `labels (${Object.keys(expected.labels).length}) and entrypoint as computed`,
    `${humanSize(part.unpackedSize)} unpacked, ${humanSize(part.layer.size)} to download`,
  ].map((fact) => ({ subject: part.platform, fact }));
}
