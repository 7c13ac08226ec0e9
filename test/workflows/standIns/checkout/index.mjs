import { cpSync } from 'node:fs';
import { join } from 'node:path';

const { STAND_IN_TREE, STAND_IN_COMMIT, GITHUB_WORKSPACE, INPUT_REPOSITORY, INPUT_REF, INPUT_PATH } = process.env;
// Who leaves one of them out gets the caller's repository, or the newest commit.
const asked = `${INPUT_REPOSITORY}@${INPUT_REF}`;
if (asked !== STAND_IN_COMMIT) throw new Error(`${asked} is not the workflow's own commit, ${STAND_IN_COMMIT}`);
cpSync(STAND_IN_TREE, join(GITHUB_WORKSPACE, INPUT_PATH), { recursive: true });
