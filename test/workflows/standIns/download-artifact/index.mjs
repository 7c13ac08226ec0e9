import { cpSync, readFileSync, readdirSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

const { STAND_IN_ARTIFACTS, STAND_IN_SPOIL, STAND_IN_SWAP, GITHUB_JOB, INPUT_NAME, INPUT_PATH } = process.env;
// Every job has a machine of its own at GitHub; here they share one.
rmSync(INPUT_PATH, { recursive: true, force: true });
const swapped = STAND_IN_SWAP !== '' && GITHUB_JOB === 'publish';
cpSync(swapped ? STAND_IN_SWAP : join(STAND_IN_ARTIFACTS, INPUT_NAME), INPUT_PATH, { recursive: true });
if (STAND_IN_SPOIL === GITHUB_JOB && GITHUB_JOB === 'rebuild') {
  // All that this job reads: a lock of another time.
  const file = join(INPUT_PATH, 'lock.json');
  const lock = JSON.parse(readFileSync(file, 'utf8'));
  lock.inputs.epoch += 1;
  writeFileSync(file, `${JSON.stringify(lock)}\n`);
} else if (STAND_IN_SPOIL === GITHUB_JOB) {
  const blobs = join(INPUT_PATH, 'oci', 'blobs', 'sha256');
  const [largest] = readdirSync(blobs)
    .map((name) => join(blobs, name))
    .sort((a, b) => statSync(b).size - statSync(a).size);
  const bytes = readFileSync(largest);
  bytes[bytes.length - 1] ^= 1;
  writeFileSync(largest, bytes);
}
