import { cpSync } from 'node:fs';
import { join } from 'node:path';

const { STAND_IN_TREE, GITHUB_WORKSPACE, INPUT_PATH } = process.env;
cpSync(STAND_IN_TREE, join(GITHUB_WORKSPACE, INPUT_PATH), { recursive: true });
