import type { SmokeResult } from '../image/check/smoke.js';
import { countHolders } from '../source/holders.js';
import type { VerifiedTree } from '../source/verify.js';
import type { Likeness } from './compare.js';
import type { Lock } from './lock.js';

/** What can be proven of an image; the order is that of the chain from archive to signature. */
export const CHECKS = {
  'archive-pinned': 'The archive is the one pinned',
  'tree-bound': 'The source is the commit',
  'commit-reachable': 'The commit is upstream’s',
  'bases-pinned': 'The bases are fixed',
  'compile-hermetic': 'The compile had no network',
  'image-checked': 'The image holds what it must',
  'image-runs': 'The image runs',
  'rebuilt-identical': 'A second build gave the same digest',
  signed: 'The image is signed',
} as const;

export type CheckName = keyof typeof CHECKS;

/** One check, done here and passed or failed, or not done; `detail` says how, or why not. */
export type TrustCheck = { name: CheckName; result: 'passed' | 'failed' | 'not-done'; detail: string };

/** What one run did and saw. What is absent was not done in it, whatever others may have done. */
export type TrustFacts = {
  lock: Lock;
  /** Whether the lock was there before the run, which made its source prove it. */
  replayed?: boolean;
  /** The source, as it was resolved and verified in this run. */
  source?: { reachableFrom: readonly string[]; tree: VerifiedTree } | undefined;
  /** Whether this run compiled. */
  built: boolean;
  /** Whether the bases were fixed by the digests of their indexes: with what was built they always were. */
  pinned?: boolean;
  /** What was done with the image's bytes where they were not checked. */
  bytes?: 'hashed' | 'compared' | 'left in the registry' | undefined;
  /** Number of facts read from the image's bytes. */
  facts?: number | undefined;
  smoke?: readonly SmokeResult[] | undefined;
  rebuilt?: Likeness | undefined;
};

/** The trust report: every check there is, whether it was done or not. Pure. */
export function trustReport(run: TrustFacts): TrustCheck[] {
  const { lock, source, built, pinned = built, bytes, facts, smoke, rebuilt } = run;
  const notDone = (name: CheckName, detail: string): TrustCheck => ({ name, result: 'not-done', detail });
  const passed = (name: CheckName, detail: string): TrustCheck => ({ name, result: 'passed', detail });
  const recorded = 'the lock says so, and it was not asked again';
  return [
    archiveCheck(run),
    source
      ? passed(
          'tree-bound',
          `git’s tree id ${lock.inputs.tree}, recomputed from the archive (from ${FROM[source.tree.from]})`,
        )
      : notDone('tree-bound', recorded),
    source && source.reachableFrom.length > 0
      ? passed('commit-reachable', `git: ${countHolders(source.reachableFrom)} branches and tags of upstream hold it`)
      : notDone('commit-reachable', source ? 'upstream was not asked' : recorded),
    pinned
      ? passed('bases-pinned', 'both by the digest of their index')
      : notDone('bases-pinned', 'the lock names digests; nothing was built here'),
    built
      ? passed(
          'compile-hermetic',
          'by this release’s Dockerfile: crates by the hashes of Cargo.lock, then --network=none',
        )
      : notDone('compile-hermetic', 'nothing was built here'),
    facts === undefined
      ? notDone('image-checked', BYTES[bytes ?? 'unread'])
      : passed('image-checked', `${facts} facts read from its bytes: files, times, programs, labels, entrypoint`),
    smokeCheck(smoke),
    rebuilt === undefined
      ? notDone('rebuilt-identical', built ? 'not asked for' : 'nothing was built here')
      : {
          name: 'rebuilt-identical',
          result: rebuilt === 'identical' ? 'passed' : 'failed',
          detail: `without cache, from another folder: ${rebuilt}`,
        },
    notDone('signed', 'signatures are verified by the command verify, against a publisher you name'),
  ];
}

/** The tree vouches for the content of any archive; this is about the very bytes. */
function archiveCheck({ source, replayed }: TrustFacts): TrustCheck {
  const check = (result: TrustCheck['result'], detail: string) => ({ name: 'archive-pinned', result, detail }) as const;
  if (source === undefined) return check('not-done', 'no archive was looked at');
  if (source.tree.pinned)
    return check('passed', 'its SHA256 was given by the user and compared before it was unpacked');
  if (replayed !== true) return check('not-done', 'no SHA256 was given; the tree vouches for the content');
  return source.tree.recompressed
    ? check('not-done', 'compressed again since the lock was made: its SHA256 is not the lock’s, its tar’s is')
    : check('passed', 'its SHA256 is the one that the lock names');
}

const BYTES: Record<NonNullable<TrustFacts['bytes']> | 'unread', string> = {
  unread: 'its bytes were not read',
  hashed: 'its bytes were hashed; what they hold was not judged',
  compared: 'its bytes were hashed and compared with what was built here; what they hold was not judged',
  'left in the registry': 'its annotations and the digests of its platforms were compared; its layers were not read',
};

function smokeCheck(smoke: readonly SmokeResult[] | undefined): TrustCheck {
  if (smoke === undefined) return { name: 'image-runs', result: 'not-done', detail: 'it was not run here' };
  if (smoke.length === 0) return { name: 'image-runs', result: 'not-done', detail: 'not asked for' };
  const missing = smoke.filter(({ ran }) => !ran);
  const ran = smoke.filter((one) => one.ran).map(({ platform }) => platform);
  if (ran.length === 0)
    return { name: 'image-runs', result: 'not-done', detail: missing.map(({ reason }) => reason).join('; ') };
  const rest = missing.map(({ platform, reason }) => `; not on ${platform}: ${reason}`).join('');
  return {
    name: 'image-runs',
    result: missing.length === 0 ? 'passed' : 'not-done',
    detail: `without capabilities, read-only, on ${ran.join(', ')}${rest}`,
  };
}

const FROM = { cache: 'the cache', upstream: 'upstream', evidence: 'the evidence' } as const;

const MARKS = { passed: '✔ proven', failed: '✘ **failed**', 'not-done': '– not proven here' } as const;

/** The report as rows of a table: what, whether, how. Pure. */
export function trustRows(checks: readonly TrustCheck[]): [string, string, string][] {
  return checks.map(({ name, result, detail }) => [CHECKS[name], MARKS[result], detail]);
}
