import { cpSync, readFileSync, readdirSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

const { STAND_IN_ARTIFACTS, STAND_IN_SPOIL, GITHUB_JOB, INPUT_NAME, INPUT_PATH } = process.env;
// Every job has a machine of its own at GitHub; here they share one.
rmSync(INPUT_PATH, { recursive: true, force: true });
cpSync(join(STAND_IN_ARTIFACTS, INPUT_NAME), INPUT_PATH, { recursive: true });
if (STAND_IN_SPOIL === GITHUB_JOB) {
  const blobs = join(INPUT_PATH, 'oci', 'blobs', 'sha256');
  const [largest] = readdirSync(blobs)
    .map((name) => join(blobs, name))
    .sort((a, b) => statSync(b).size - statSync(a).size);
  const bytes = readFileSync(largest);
  bytes[bytes.length - 1] ^= 1;
  writeFileSync(largest, bytes);
}
