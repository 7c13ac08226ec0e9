import { differingMembers } from '../difference.js';
import { Failure } from '../errors.js';
import { readTar, type TarEntry } from '../image/layout/tar.js';
import type { ImageView, PlatformView } from '../image/view.js';
import { asObject, type JsonObject } from '../json.js';
import { printable } from '../text.js';
import type { ImageDigests } from './statement.js';

/**
 * `identical`: one digest. `equivalent`: other bytes, but the same files and the same behaviour on every platform.
 * `different`: anything else.
 */
export type Likeness = 'identical' | 'equivalent' | 'different';

/** The verdict, and what differs, the outermost first: platform, part, what was found in the one and in the other. */
export type Comparison = { verdict: Likeness; differences: string[] };

/** What the two images are called where they differ. */
export type Words = readonly [string, string];

/** Compares two images, down to the bytes of files. Pure. */
export function compareImages(published: ImageView, rebuilt: ImageView, words: Words): Comparison {
  if (published.digest === rebuilt.digest) return { verdict: 'identical', differences: [] };
  const names = [...new Set([...published.platforms, ...rebuilt.platforms].map(({ platform }) => platform))];
  const platforms = names.map((name) => {
    const [theirs, ours] = [published, rebuilt].map(({ platforms }) => platforms.find((one) => one.platform === name));
    if (theirs === undefined) return { same: false, lines: [`${name}: only ${words[1]} has it`] };
    if (ours === undefined) return { same: false, lines: [`${name}: only ${words[0]} has it`] };
    return comparePlatforms(words, theirs, ours);
  });
  return {
    verdict: platforms.every(({ same }) => same) ? 'equivalent' : 'different',
    differences: [
      `index: ${words[0]} ${published.digest}, ${words[1]} ${rebuilt.digest}`,
      ...members(words, 'index', published.index.annotations, rebuilt.index.annotations),
      ...platforms.flatMap(({ lines }) => lines),
    ],
  };
}

/**
 * Compares what a statement is about with an image, by the digests: all there is where nobody looks at the image itself. Pure.
 */
export function compareDigests(claimed: ImageDigests, rebuilt: ImageDigests): Comparison {
  const digests = ({ index, images }: ImageDigests) => ({
    index: index.digest,
    ...Object.fromEntries(images.map(({ platform, manifest }) => [platform, manifest.digest])),
  });
  const words = ["the evidence's statement names", 'rebuilt'] as const;
  const differences = differingMembers('', digests(claimed), digests(rebuilt), words);
  return { verdict: differences.length === 0 ? 'identical' : 'different', differences };
}

type Compared = { same: boolean; lines: string[] };

function comparePlatforms(words: Words, published: PlatformView, rebuilt: PlatformView): Compared {
  const { platform } = published;
  if (published.manifest === rebuilt.manifest) return { same: true, lines: [] };
  const config = members(words, `${platform}: config`, published.config, rebuilt.config);
  const behaviour = members(words, '', behaviourOf(published.config), behaviourOf(rebuilt.config));
  const [theirs, ours] = [published, rebuilt].map(({ layers }) => layers.map(({ digest }) => digest).join(', '));
  const layers = theirs === ours ? [] : [`${platform}: layers: ${words[0]} ${theirs ?? ''}, ${words[1]} ${ours ?? ''}`];
  const files = compareFiles(words, filesOf(published), filesOf(rebuilt));
  return {
    same: behaviour.length === 0 && files.same,
    lines: [
      `${platform}: manifest: ${words[0]} ${published.manifest}, ${words[1]} ${rebuilt.manifest}`,
      ...config,
      ...layers,
      ...files.lines.map((line) => `${platform}: ${line}`),
    ],
  };
}

function members(words: Words, subject: string, published: unknown, rebuilt: unknown): string[] {
  return differingMembers('', published, rebuilt, words).map((line) => `${subject}: ${line}`);
}

const FOREMOST = [/: bytes \d+ to \d+ differ/, /^\S+: \//, /^(?!index: )/];

/** The one difference to tell where there is room for one: bytes of a file, else a file, a platform, the outermost. Pure. */
export function foremost(differences: readonly string[]): string {
  const [found] = FOREMOST.flatMap((form) => differences.find((line) => form.test(line)) ?? []);
  return found ?? differences[0] ?? '';
}

/**
 * Where it runs and how: all of that but the labels. What is not known here, a health check say, may be a program that is run.
 */
function behaviourOf({ architecture, os, variant, config }: JsonObject): JsonObject {
  const runtime = Object.entries(asObject(config ?? {}, 'config'));
  const told = runtime.filter(([key, value]) => key !== 'Labels' && value !== null);
  return { architecture, os, variant, config: Object.fromEntries(told) };
}

/** What the layers leave on disk, by path: a later layer's entry hides an earlier one's. Why not, where one is no tar of ours. */
function filesOf({ layers, platform }: PlatformView): ReadonlyMap<string, TarEntry> | Failure {
  const files = new Map<string, TarEntry>();
  try {
    for (const { tar } of layers)
      for (const entry of readTar(tar, `layer of ${platform}`)) files.set(entry.path, entry);
    return files;
  } catch (error) {
    if (error instanceof Failure) return error;
    throw error;
  }
}

/**
 * Files are the same when path, kind, mode, owner, link, content and extended attributes are; times and order are only
 * reported. Nobody reads the value of an attribute, a capability say, so files that both have one count as different, too:
 * no image of ours has any.
 */
function compareFiles(
  words: Words,
  published: ReadonlyMap<string, TarEntry> | Failure,
  rebuilt: ReadonlyMap<string, TarEntry> | Failure,
): Compared {
  if (published instanceof Failure || rebuilt instanceof Failure) {
    const unread = [published, rebuilt].flatMap((files, side) =>
      files instanceof Failure ? `files cannot be compared: ${words[side] ?? ''}: ${files.message}` : [],
    );
    return { same: false, lines: unread };
  }
  const lines: string[] = [];
  let same = true;
  for (const path of [...new Set([...published.keys(), ...rebuilt.keys()])].sort()) {
    const [theirs, ours] = [published.get(path), rebuilt.get(path)];
    if (theirs && ours) {
      const found = compareEntries(words, theirs, ours);
      same &&= found.same;
      lines.push(...found.lines.map((line) => `/${printable(path)}: ${line}`));
    } else {
      same = false;
      lines.push(`/${printable(path)}: only in ${words[theirs ? 0 : 1]}`);
    }
  }
  return { same, lines };
}

function compareEntries(words: Words, published: TarEntry, rebuilt: TarEntry): Compared {
  const [theirs, ours] = [factsOf(published), factsOf(rebuilt)];
  const times = ({ mtimeSeconds: mtime, paxKeys: pax }: TarEntry) => ({ mtime, pax });
  const differing = [
    ...compareBytes(words, published.data, rebuilt.data),
    ...differingMembers('', theirs, ours, words),
    ...theirs.xattrs.filter((key) => ours.xattrs.includes(key)).map((key) => `both have ${printable(key)}, unread`),
  ];
  return {
    same: differing.length === 0,
    lines: [...differing, ...differingMembers('', times(published), times(rebuilt), words)],
  };
}

function factsOf({ kind, mode, uid, gid, linkTarget, paxKeys }: TarEntry) {
  const xattrs = paxKeys.filter((key) => key.startsWith('SCHILY.xattr.')).sort();
  return { kind, mode, uid, gid, linkTarget, xattrs };
}

const SHOWN_BYTES = 16;

/** Where two files differ: the first and the last byte that do, and what stands at the first. */
function compareBytes(words: Words, published: Buffer, rebuilt: Buffer): string[] {
  if (published.equals(rebuilt)) return [];
  const shortest = Math.min(published.length, rebuilt.length);
  let first = 0;
  while (first < shortest && published[first] === rebuilt[first]) first++;
  let behind = 0;
  while (behind < shortest - first && published.at(-1 - behind) === rebuilt.at(-1 - behind)) behind++;
  const show = (bytes: Buffer) => bytes.subarray(first, first + SHOWN_BYTES).toString('hex') || 'its end';
  const sizes = published.length === rebuilt.length ? '' : `, sizes ${published.length} and ${rebuilt.length} bytes`;
  return [
    `bytes ${first} to ${Math.max(published.length, rebuilt.length) - behind - 1} differ${sizes}: ${words[0]} ${show(published)}…, ${words[1]} ${show(rebuilt)}…`,
  ];
}
