import { expect, it } from 'vitest';
import { lockFile } from '../../../src/proof/lock.js';
import { LOCK } from './lockDocuments.js';

// Apart from what takes a lock's file for granted.
it('a lock’s file is canonical JSON and a line end', () => {
  expect(lockFile(LOCK)).toMatch(/^\{"facts":\{"archiveSha256":.*\},"inputs":\{"bases":.*\}\}\n$/);
});
