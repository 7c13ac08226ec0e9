import { cpSync, readdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';

const { STAND_IN_ARTIFACTS, INPUT_NAME, INPUT_PATH } = process.env;
if (readdirSync(INPUT_PATH).length === 0) throw new Error(`no files in ${INPUT_PATH}`);
const target = join(STAND_IN_ARTIFACTS, INPUT_NAME);
rmSync(target, { recursive: true, force: true });
cpSync(INPUT_PATH, target, { recursive: true });
