import { cpSync, mkdirSync, readdirSync, rmSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';

const { STAND_IN_ARTIFACTS, INPUT_NAME, INPUT_PATH } = process.env;
// As the real one does: files alone, none that is hidden or in a hidden folder, and no name that some file system cannot have.
const files = readdirSync(INPUT_PATH, { recursive: true, withFileTypes: true })
  .filter((entry) => entry.isFile())
  .map((entry) => relative(INPUT_PATH, join(entry.parentPath, entry.name)))
  .filter((name) => !/(^|\/)\./.test(name));
if (files.length === 0) throw new Error(`no files in ${INPUT_PATH}`);
const unfit = files.find((name) => /[":<>|*?\r\n\\]/.test(name));
if (unfit !== undefined) throw new Error(`no artifact can hold ${unfit}`);
const target = join(STAND_IN_ARTIFACTS, INPUT_NAME);
rmSync(target, { recursive: true, force: true });
for (const name of files) {
  mkdirSync(dirname(join(target, name)), { recursive: true });
  cpSync(join(INPUT_PATH, name), join(target, name));
}
