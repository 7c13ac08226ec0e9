/** What is mutated together, and the tests that have to notice. */
export type Group = { mutate: readonly string[]; tests: readonly string[] };

const source = (...names: string[]) => names.map((name) => `src/source/${name}.ts`);
const sourceTests = (...names: string[]) => names.map((name) => `test/{unit,programs}/source/${name}.test.ts`);

/** Small groups: a mutant of a constant has to run every test of its group. */
export const GROUPS: Readonly<Record<string, Group>> = {
  tar: {
    mutate: ['src/tarHeader.ts', ...source('gzip', 'tar', 'packaging', 'archive')],
    tests: [...sourceTests('gzip', 'archive', 'hostile', 'packaging'), 'test/{unit,programs}/image/layout/tar.test.ts'],
  },
  tree: {
    mutate: source('tree', 'objectId', 'disk', 'attributes'),
    tests: sourceTests('tree', 'attributes', 'disk', 'hostile', 'roundTrip'),
  },
  verdict: {
    mutate: [...source('verdict', 'cargo'), 'src/version.ts'],
    tests: sourceTests('verdict', 'packaging', 'cargo', 'attributes'),
  },
  names: {
    mutate: source('ref', 'upstream'),
    tests: [
      ...sourceTests('ref', 'upstream'),
      'test/{unit,programs}/inputs.any.test.ts',
      'test/{unit,programs}/inputs.refused.test.ts',
    ],
  },
  transport: { mutate: source('transport'), tests: sourceTests('transport', 'git', 'resolve') },
  upstream: {
    mutate: source('git', 'commit', 'greeting', 'resolve', 'holders', 'download', 'verify', 'diagnosis'),
    tests: sourceTests(
      'git',
      'git.bounds',
      'holders',
      'commit',
      'resolve',
      'resolve.trouble',
      'download',
      'proven',
      'verify',
      'disk',
    ),
  },
  lock: {
    mutate: ['src/proof/lock.ts'],
    tests: ['lock', 'lock.file', 'schema'].map((name) => `test/{unit,programs}/proof/${name}.test.ts`),
  },
  evidence: {
    mutate: ['asked', 'history', 'requireSbom', 'wholeEvidence'].map((name) => `src/proof/${name}.ts`),
    tests: ['asked', 'history', 'requireSbom', 'wholeEvidence'].map(
      (name) => `test/{unit,programs}/proof/${name}.test.ts`,
    ),
  },
  statement: {
    mutate: ['src/proof/statement.ts', 'src/difference.ts'],
    tests: ['proof/statement', 'proof/schema', 'difference'].map((name) => `test/{unit,programs}/${name}.test.ts`),
  },
  pulled: {
    mutate: ['pulled', 'referrers', 'referrersApi', 'view'].map((name) => `src/image/${name}.ts`),
    tests: ['pulled', 'referrers', 'referrersApi', 'referrersApi.login', 'view'].map(
      (name) => `test/{unit,programs}/image/${name}.test.ts`,
    ),
  },
  judging: {
    mutate: ['bundles', 'trustedRoot', 'verify'].map((name) => `src/verify/${name}.ts`),
    tests: ['test/{unit,programs}/verify/*.test.ts'],
  },
  verify: {
    mutate: ['compare', 'identity', 'options', 'signature', 'tuf'].map((name) => `src/verify/${name}.ts`),
    tests: ['test/{unit,programs}/verify/*.test.ts'],
  },
};
