// Writes docs/faults.md from test/faults, which maps every fault to the tests that produce it. A test compares them.
import { writeFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { tsImport } from 'tsx/esm/api';

const { faultsDocument } = await tsImport('../test/faults/document.ts', import.meta.url);
writeFileSync(resolve(import.meta.dirname, '..', 'docs', 'faults.md'), faultsDocument());
