import { join } from 'node:path';
import { canonicalJson } from '../../canonical.js';
import { Failure } from '../../errors.js';
import { readGivenFile, writeOut } from '../../files.js';
import { type Digest, isDigest } from '../../hash.js';
import { asTexts, parseJson } from '../../json.js';
import { printable } from '../../text.js';

/** What tags named when they were looked at, by their full names; an empty text for one that named nothing. */
export type SeenTags = Readonly<Record<string, Digest | ''>>;

/** The file for it in a folder of what a signing job signs. */
const TAGS_FILE = 'tags.json';
const MAX_BYTES = 1_000_000;

/** Leaves what was seen to a later call, which moves the tags: signing in between may take minutes. */
export async function writeSeen(folder: string, seen: SeenTags): Promise<void> {
  await writeOut(join(folder, TAGS_FILE), `${canonicalJson(seen)}\n`);
}

/** Reads what `writeSeen` wrote. */
export async function readSeen(file: string): Promise<SeenTags> {
  const what = `--seen: ${printable(file, 1_000)}`;
  const seen = asTexts(parseJson(await readGivenFile('--seen', file, MAX_BYTES), what), what);
  for (const [name, digest] of Object.entries(seen))
    if (digest !== '' && !isDigest(digest))
      throw new Failure('verification', `${what}, ${printable(name)}: ${printable(digest)} is no digest`);
  return seen as SeenTags;
}

/** Refuses a tag that somebody else moved since it was seen; one that names the new digest already is as it shall be. Pure. */
export function requireUnmoved(
  name: string,
  { seen, now, digest }: { seen: Digest | '' | undefined; now: Digest | ''; digest: Digest },
): void {
  if (seen === undefined)
    throw new Failure(
      'input',
      `--seen says nothing of ${name}. Give what --signable left for this image and these tags`,
    );
  if (now === seen || now === digest) return;
  const repository = name.slice(0, name.lastIndexOf(':'));
  throw new Failure(
    'registry',
    `${name} was moved by somebody else while this run went on (${seen || 'absent'} → ${now || 'absent'}); it is left as it is. The image is published as ${repository}@${digest}`,
  );
}
