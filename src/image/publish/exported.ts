import { stat } from 'node:fs/promises';
import { dirname, join, resolve } from 'node:path';
import { Failure, toFailure } from '../../errors.js';
import { readCapped } from '../../files.js';
import { type OpenedEvidence, openEvidence, parseForeignLock } from '../../proof/evidence.js';
import { type Lock, MAX_LOCK_BYTES, lockFile } from '../../proof/lock.js';
import { requireStatement } from '../../proof/statement.js';
import { printable } from '../../text.js';
import { type CheckedImage, checkLayout } from '../check/inspect.js';
import { EXPORT } from './deliver.js';

/** What `export` left: the image, checked against its lock, and the evidence that is about the same lock and image. */
export type Exported = { lock: Lock; layout: string; evidence: OpenedEvidence; checked: CheckedImage };

/** Opens an export folder, or the layout in it; lock and evidence lie beside the layout. */
export async function openExport(folder: string): Promise<Exported> {
  const nested = await stat(join(folder, EXPORT.layout)).catch(() => undefined);
  const layout = resolve(nested?.isDirectory() === true ? join(folder, EXPORT.layout) : folder);
  const lockPath = join(dirname(layout), EXPORT.lock);
  const shown = printable(lockPath, 1_000);
  const bytes = await readCapped(lockPath, MAX_LOCK_BYTES, 'the lock').catch((cause: unknown) => {
    const message = `${toFailure(cause).message}. LAYOUT is a folder that build --export made, with its lock`;
    throw new Failure('input', message, { cause });
  });
  const text = bytes.toString('utf8');
  const lock = parseForeignLock(text, `the lock ${shown}`);
  const checked = await checkLayout(layout, lock);
  const evidence = await openEvidence(join(dirname(layout), EXPORT.evidence));
  if (lockFile(evidence.lock) !== text)
    throw new Failure('verification', `the lock in the evidence is not ${shown}: one of the two was changed`);
  requireStatement(evidence.statement, lock, checked.image);
  return { lock, layout, evidence, checked };
}
