import { Failure, toFailure } from '../errors.js';
import { readCapped } from '../files.js';

/** The text of a file that a flag names. Class input when it cannot be read, is no plain file, or is larger. */
export async function readGivenFile(flag: string, file: string, maxBytes: number): Promise<string> {
  try {
    return (await readCapped(file, maxBytes, 'the file', 'followed')).toString('utf8');
  } catch (cause) {
    throw new Failure('input', `${flag}: ${toFailure(cause).message}`, { cause });
  }
}
