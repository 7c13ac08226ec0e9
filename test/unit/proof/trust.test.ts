import { describe, expect, it } from 'vitest';
import type { Likeness } from '../../../src/proof/compare.js';
import { CHECKS, type CheckName, type TrustFacts, trustReport, trustRows } from '../../../src/proof/trust.js';
import type { VerifiedTree } from '../../../src/source/verify.js';
import { LOCK, SAMPLE } from '../../support/proof.js';

const TREE: VerifiedTree = {
  folder: '/temp/source',
  id: SAMPLE.tree,
  version: '0.8.1',
  archiveUrl: LOCK.facts.archiveUrl,
  archiveSha256: LOCK.facts.archiveSha256,
  tarSha256: SAMPLE.tarSha256,
  from: 'upstream',
  archive: SAMPLE.archive,
  pinned: true,
  recompressed: false,
};
const ALL: TrustFacts = {
  lock: LOCK,
  source: { reachableFrom: ['refs/heads/main', 'refs/tags/v1'], tree: TREE },
  built: true,
  facts: 9,
  smoke: [{ platform: 'linux/amd64', ran: true, reason: '' }],
  rebuilt: 'identical',
};
const check = (name: CheckName, facts: TrustFacts) => trustReport(facts).find((one) => one.name === name);

describe('the trust report', () => {
  it.each<[string, TrustFacts]>([
    ['all was done', ALL],
    ['nothing was', { lock: LOCK, built: false }],
  ])('has every check once, in the order of the chain, when %s', (_, facts) => {
    expect(trustReport(facts).map(({ name }) => name)).toEqual(Object.keys(CHECKS));
    for (const { detail } of trustReport(facts)) expect(detail).not.toBe('');
  });

  it('passes what one run can do, and never says that it saw a signature', () => {
    const results = trustReport(ALL).map(({ name, result }) => [name, result]);
    expect(results.filter(([, result]) => result !== 'passed')).toEqual([['signed', 'not-done']]);
  });

  it('passes nothing that was not done here, whatever the lock says', () => {
    const results = trustReport({ lock: LOCK, built: false }).map(({ result }) => result);
    expect(new Set(results)).toEqual(new Set(['not-done']));
  });

  it.each<[string, CheckName, Partial<TrustFacts>, string, string]>([
    [
      'an archive nobody pinned',
      'archive-pinned',
      { source: { reachableFrom: [], tree: { ...TREE, pinned: false } } },
      'not-done',
      'no SHA256 was given; the tree vouches for the content',
    ],
    ...(
      [
        [
          'a user and a lock name',
          { pinned: true },
          'passed',
          'its SHA256 was given by the user and compared before it was unpacked',
        ],
        ['a lock names', {}, 'passed', 'its SHA256 is the one that the lock names'],
        [
          'was compressed again since the lock was made',
          { recompressed: true },
          'not-done',
          'compressed again since the lock was made: its SHA256 is not the lock’s, its tar’s is',
        ],
      ] as const
    ).map(([what, change, result, detail]): [string, CheckName, Partial<TrustFacts>, string, string] => [
      `an archive that ${what}`,
      'archive-pinned',
      { replayed: true, source: { reachableFrom: [], tree: { ...TREE, pinned: false, ...change } } },
      result,
      detail,
    ]),
    [
      'an archive nobody looked at',
      'archive-pinned',
      { source: undefined, replayed: true },
      'not-done',
      'no archive was looked at',
    ],
    ...(
      [
        ['cache', 'the cache'],
        ['upstream', 'upstream'],
        ['evidence', 'the evidence'],
      ] as const
    ).map(([from, words]): [string, CheckName, Partial<TrustFacts>, string, string] => [
      `an archive from ${words}`,
      'tree-bound',
      { source: { reachableFrom: [], tree: { ...TREE, from } } },
      'passed',
      `git’s tree id ${SAMPLE.tree}, recomputed from the archive (from ${words})`,
    ]),
    ...[99, 100].map((count): [string, CheckName, Partial<TrustFacts>, string, string] => [
      `a commit that ${count} refs are named for`,
      'commit-reachable',
      { source: { reachableFrom: Array.from({ length: count }, (_, index) => `refs/tags/${index}`), tree: TREE } },
      'passed',
      `git: ${count === 100 ? '100 or more' : count} branches and tags of upstream hold it`,
    ]),
    [
      'a commit upstream was not asked for',
      'commit-reachable',
      { source: { reachableFrom: [], tree: TREE } },
      'not-done',
      'upstream was not asked',
    ],
    ['a commit that upstream holds', 'commit-reachable', {}, 'passed', 'git: 2 branches and tags of upstream hold it'],
    [
      'an image not built here',
      'bases-pinned',
      { built: false },
      'not-done',
      'the lock names digests; nothing was built here',
    ],
    [
      'bases whose digests were asked for, with nothing built',
      'bases-pinned',
      { built: false, pinned: true },
      'passed',
      'both by the digest of their index',
    ],
    ['an image not compiled here', 'compile-hermetic', { built: false }, 'not-done', 'nothing was built here'],
    [
      'facts that were read',
      'image-checked',
      {},
      'passed',
      '9 facts read from its bytes: files, times, programs, labels, entrypoint',
    ],
    ...(
      [
        [undefined, 'its bytes were not read'],
        ['hashed', 'its bytes were hashed; what they hold was not judged'],
        ['compared', 'its bytes were hashed and compared with what was built here; what they hold was not judged'],
        [
          'left in the registry',
          'its annotations and the digests of its platforms were compared; its layers were not read',
        ],
      ] as const
    ).map(([bytes, detail]): [string, CheckName, Partial<TrustFacts>, string, string] => [
      `an image that nobody judged: ${bytes ?? 'unread'}`,
      'image-checked',
      { facts: undefined, bytes },
      'not-done',
      detail,
    ]),
    ['a run that there was none of', 'image-runs', { smoke: undefined }, 'not-done', 'it was not run here'],
    ['a run nobody asked for', 'image-runs', { smoke: [] }, 'not-done', 'not asked for'],
    ['a run', 'image-runs', {}, 'passed', 'without capabilities, read-only, on linux/amd64'],
    [
      'a run on one platform of two',
      'image-runs',
      {
        smoke: [
          { platform: 'linux/amd64', ran: true, reason: '' },
          { platform: 'linux/arm64', ran: false, reason: 'no emulator' },
        ],
      },
      'not-done',
      'without capabilities, read-only, on linux/amd64; not on linux/arm64: no emulator',
    ],
    [
      'no run on any platform',
      'image-runs',
      {
        smoke: [
          { platform: 'linux/amd64', ran: false, reason: 'no engine' },
          { platform: 'linux/arm64', ran: false, reason: 'no emulator' },
        ],
      },
      'not-done',
      'no engine; no emulator',
    ],
    ['no second build', 'rebuilt-identical', { rebuilt: undefined }, 'not-done', 'not asked for'],
    [
      'no second build, where there was no first',
      'rebuilt-identical',
      { built: false, rebuilt: undefined },
      'not-done',
      'nothing was built here',
    ],
    ['a second build', 'rebuilt-identical', {}, 'passed', 'without cache, from another folder: identical'],
    ...(['equivalent', 'different'] satisfies Likeness[]).map(
      (rebuilt): [string, CheckName, Partial<TrustFacts>, string, string] => [
        `a second build that is only ${rebuilt}`,
        'rebuilt-identical',
        { rebuilt },
        'failed',
        `without cache, from another folder: ${rebuilt}`,
      ],
    ),
  ])('says of %s', (_, name, change, result, detail) => {
    expect(check(name, { ...ALL, ...change })).toEqual({ name, result, detail });
  });

  it('says of a source that was not verified here that the lock is believed', () => {
    const facts: TrustFacts = { lock: LOCK, built: true };
    for (const name of ['tree-bound', 'commit-reachable'] as const)
      expect(check(name, facts)).toEqual({
        name,
        result: 'not-done',
        detail: 'the lock says so, and it was not asked again',
      });
  });
});

describe('the rows of its table', () => {
  it('say in words what is proven, failed, and not proven', () => {
    expect(
      trustRows([
        { name: 'tree-bound', result: 'passed', detail: 'a' },
        { name: 'rebuilt-identical', result: 'failed', detail: 'b' },
        { name: 'signed', result: 'not-done', detail: 'c' },
      ]),
    ).toEqual([
      ['The source is the commit', '✔ proven', 'a'],
      ['A second build gave the same digest', '✘ **failed**', 'b'],
      ['The image is signed', '– not proven here', 'c'],
    ]);
  });
});
