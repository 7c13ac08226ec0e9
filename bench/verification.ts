import type { Repository } from '../test/lab/repository.js';
import { readArchive } from '../src/source/archive.js';
import { judge } from '../src/source/verdict.js';
import { sha256 } from '../src/hash.js';
import { interleaved, type Row } from './measure.js';

const ROUNDS = 51;
const GOAL_MS = 50;

/** From the real archive's bytes to the verdict: SHA256, gzip, tar, tree id. */
export async function benchVerification(repository: Repository): Promise<Row[]> {
  const response = await fetch(`${repository.url}/archive/${repository.commit}.tar.gz`);
  const bytes = Buffer.from(await response.arrayBuffer());
  const expected = { commit: repository.commit, tree: await repository.tree(repository.commit), epoch: 0 };
  const { verify } = await interleaved(ROUNDS, {
    verify: () => {
      const verdict = judge(expected, { sha256: sha256(bytes), content: readArchive(bytes) });
      if (verdict.kind !== 'match') throw new Error(verdict.message);
      return Promise.resolve();
    },
  });
  const milliseconds = verify * 1_000;
  return [
    {
      what: `verification of phantun's archive (${Math.round(bytes.length / 1_000)} kB), median of ${ROUNDS}`,
      figure: `${milliseconds.toFixed(1)} ms`,
      goal: `${GOAL_MS} ms`,
      met: milliseconds <= GOAL_MS,
    },
  ];
}
