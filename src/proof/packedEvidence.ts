import { mkdir, readdir } from 'node:fs/promises';
import { join, relative } from 'node:path';
import { Failure } from '../errors.js';
import { readCapped, writeOut } from '../files.js';
import { readTar } from '../image/layout/tar.js';
import { type TarInput, writeTar } from '../image/layout/tarWriter.js';
import { printable } from '../text.js';
import { EVIDENCE, MAX_EVIDENCE_BYTES, requireFit } from './evidence.js';

/** What a packed bundle may hold: plain files, in the one folder that a bundle has. */
const NAME = /^(crates\/|(?!crates$))[\w.+-]+$/;

/**
 * The bundle as one tar: sorted paths, one time, so the same files give the same bytes. Class verification when it is more
 * than evidence may have.
 */
export async function packEvidence(folder: string, epochSeconds: number): Promise<Buffer> {
  const inputs: TarInput[] = [];
  let size = 0;
  for (const entry of await readdir(folder, { recursive: true, withFileTypes: true })) {
    if (!entry.isFile()) continue;
    const path = join(entry.parentPath, entry.name);
    const name = relative(folder, path);
    // Base images that somebody put into the bundle are in their own registry.
    if (!NAME.test(name)) continue;
    const data = await readCapped(path, MAX_EVIDENCE_BYTES, `the evidence's ${name}`);
    requireFit((size += data.length));
    inputs.push({ path: name, mtimeSeconds: epochSeconds, data });
  }
  const tar = writeTar(inputs.sort((a, b) => (a.path < b.path ? -1 : 1)));
  requireFit(tar.length);
  return tar;
}

/** Unpacks what `packEvidence` packed: plain files, in the one folder that a bundle has. */
export async function unpackEvidence(tar: Buffer, folder: string): Promise<void> {
  await mkdir(join(folder, EVIDENCE.crates), { recursive: true });
  for (const { path, kind, data } of readTar(tar, 'the evidence')) {
    if (kind !== 'file' || !NAME.test(path))
      throw new Failure('verification', `the evidence holds ${printable(path)}, which no evidence has`);
    await writeOut(join(folder, path), data, 'wx');
  }
}
