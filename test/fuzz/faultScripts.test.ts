import { mkdtempSync, readFileSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { withDeps } from '../../src/deps.js';
import { type FailureClass, toFailure } from '../../src/errors.js';
import { sha256 } from '../../src/hash.js';
import { RETRY } from '../../src/retry.js';
import { readArchive } from '../../src/source/archive.js';
import { readTree } from '../../src/source/disk.js';
import type { WantedRef } from '../../src/source/ref.js';
import { type Source, resolve } from '../../src/source/resolve.js';
import { treeId } from '../../src/source/tree.js';
import { basicAuthorization, parseUpstream } from '../../src/source/upstream.js';
import { verify } from '../../src/source/verify.js';
import { startUpstream } from '../lab/upstream.js';
import { captureStdout } from '../support/runner.js';
import { RAW, setEnvironment, testDeps } from '../support/world.js';
import { FUZZ, timeFor } from './budget.js';
import { type Script, recompressed, script } from './upstream/faults.js';
import { type FaultyUpstream, startFaultyUpstream } from './upstream/server.js';

/** Each starts git many times; so few in an ordinary run. */
const SCRIPTS = Math.ceil(FUZZ.cases / 50);
const FILES = {
  'Cargo.toml': '[workspace]\nmembers = ["phantun"]\n',
  'Cargo.lock': 'version = 4\n',
  'phantun/Cargo.toml': '[package]\nname = "phantun"\nversion = "0.9.9"\n',
  'phantun/src/bin/client.rs': 'fn main() {}\n',
  'phantun/src/bin/server.rs': 'fn main() {}\n',
};
const CLASSES: FailureClass[] = ['auth', 'not-found', 'rate-limit', 'transient', 'verification'];
/**
 * Two downloads, each with its redirects; one resolving; one question for a commit; two for the diagnosis; each with its attempts;
 * and a git that is made to ask again from within.
 */
const MOST_REQUESTS = RETRY.attempts * (2 * 6 + 5 + 3) + 8 + 100;
const MOST_WAITS = 4;

const folder = mkdtempSync(join(tmpdir(), 'phantun-scripts-'));
const stops: (() => Promise<void>)[] = [];
let faulty: FaultyUpstream;
let commit = '';
let tree = '';
let resolved: Source;
/** SHA256 of the archive as it is, compressed otherwise, and of another commit's; and of its tar. */
let hashes: Record<'right' | 'recompressed' | 'other' | 'tar', string>;

beforeAll(async () => {
  const upstream = await startUpstream(join(folder, 'upstream'));
  const repository = await upstream.addRepository('dndx', 'phantun', FILES);
  commit = repository.commit;
  tree = await repository.tree(commit);
  const other = await repository.addCommit(commit, { ...FILES, 'Cargo.lock': 'version = 3\n' });
  await repository.setRef('refs/heads/other', other);
  await repository.annotate('v1', commit);
  const served = async (id: string) =>
    Buffer.from(await (await fetch(`${repository.url}/archive/${id}.tar.gz`)).arrayBuffer());
  const archive = await served(commit);
  hashes = {
    right: sha256(archive),
    recompressed: sha256(recompressed(archive)),
    other: sha256(await served(other)),
    tar: readArchive(archive).tarSha256,
  };
  faulty = await startFaultyUpstream(upstream.origin, [commit, other]);
  stops.push(faulty.stop, upstream.stop);
});
afterAll(async () => {
  for (const stop of stops) await stop();
  rmSync(folder, { recursive: true });
});

/** What a run is asked for; `nothing` begins with a source that was resolved before. */
const asked = fc.oneof(
  { weight: 3, arbitrary: fc.constant('nothing') },
  { weight: 1, arbitrary: fc.constantFrom('head', 'commit', 'tag', 'branch') },
);

function wantedOf(what: string): WantedRef | undefined {
  if (what === 'nothing') return undefined;
  if (what === 'commit') return { kind: 'commit', commit, lowered: false };
  if (what === 'tag') return { kind: 'full', name: 'refs/tags/v1' };
  return what === 'head' ? { kind: 'head' } : { kind: 'short', name: 'main' };
}

const TOKEN = 'ghp_0123456789abcdef';
const PINS = ['right', 'recompressed', 'other', 'wrong'] as const;

/** What a user adds: a pin, a lock to be replayed that saw an archive of the right tar, a token. */
type Added = { pin: (typeof PINS)[number] | undefined; replayed: 'right' | 'other' | undefined; token: boolean };
const ALONE: Added = { pin: undefined, replayed: undefined, token: false };
const added: fc.Arbitrary<Added> = fc.record({
  pin: fc.oneof(fc.constant(undefined), fc.constantFrom(...PINS)),
  replayed: fc.constantFrom(undefined, undefined, 'right', 'other'),
  token: fc.boolean(),
});

/** A run under a script. Ends as a real one does, its folder removed. */
async function runUnder(play: Script, wanted: WantedRef | undefined, more = ALONE): Promise<'right' | FailureClass> {
  const world = testDeps({ temp: folder, random: play.random });
  const { log, slept, logged } = world;
  const address = parseUpstream(`${faulty.origin}/dndx/phantun`);
  const pin = more.pin === undefined ? undefined : { ...hashes, wrong: 'e'.repeat(64) }[more.pin];
  const replayed =
    more.replayed === undefined ? undefined : { archiveSha256: hashes[more.replayed], tarSha256: hashes.tar };
  const token = more.token ? TOKEN : undefined;
  faulty.play(play);
  try {
    return await withDeps(log, async (real) => {
      const deps = { ...world, temp: real.temp, signal: real.signal };
      const source = wanted === undefined ? resolved : (await resolve(address, wanted, token, deps)).source;
      const verified = await verify(source, { archiveSha256: pin, upstreamToken: token, replayed }, deps);
      const onDisk = treeId(await readTree(verified.folder));
      if (source.commit !== commit || verified.id !== tree || onDisk !== tree) throw new Error('another tree');
      const found = sha256(verified.archive);
      if (verified.archiveSha256 !== found || (pin ?? found) !== found) throw new Error('other bytes than the pin’s');
      if (verified.recompressed !== (replayed !== undefined && replayed.archiveSha256 !== found))
        throw new Error('what a lock saw and what came are not told apart');
      return 'right' as const;
    });
  } catch (error) {
    const failure = toFailure(error);
    if (!CLASSES.includes(failure.kind) || RAW.test(failure.message) || failure.message.includes(TOKEN)) throw error;
    return failure.kind;
  } finally {
    const total = slept.reduce((sum, each) => sum + each, 0);
    expect(faulty.requests(), logged.join('\n')).toBeLessThanOrEqual(MOST_REQUESTS);
    expect(faulty.authorizations().filter((one) => one !== (token && basicAuthorization(token)))).toEqual([]);
    expect(logged.join('\n')).not.toContain(TOKEN);
    expect(slept.length).toBeLessThanOrEqual(MOST_WAITS * (RETRY.attempts - 1));
    expect(total).toBeLessThanOrEqual(MOST_WAITS * RETRY.budgetMilliseconds);
  }
}

test(
  'a run under any script of upstream’s faults ends with the right tree or in a classified failure, and leaves nothing',
  async () => {
    captureStdout(); // the tool cache says at length what it does
    const [temp, tools] = ['temp', 'tools'].map((name) => mkdtempSync(join(folder, `${name}-`))) as [string, string];
    setEnvironment({ RUNNER_TEMP: temp, RUNNER_TOOL_CACHE: tools });
    const good: Script = { faults: [], forever: false, random: 0 };
    ({ source: resolved } = await withDeps(testDeps({ temp: folder }).log, (deps) =>
      resolve(parseUpstream(`${faulty.origin}/dndx/phantun`), { kind: 'head' }, undefined, deps),
    ));
    expect(await runUnder(good, { kind: 'head' })).toBe('right');
    rmSync(tools, { recursive: true });

    const always = (kind: 'good' | 'recompressed'): Script => ({ ...good, faults: [{ kind }], forever: true });
    for (const pin of PINS)
      for (const served of ['right', 'recompressed'] as const) {
        const end = await runUnder(always(served === 'right' ? 'good' : served), undefined, { ...ALONE, pin });
        expect(end, `${pin} wanted, ${served} served`).toBe(pin === served ? 'right' : 'verification');
        rmSync(tools, { recursive: true, force: true });
      }

    const ends = new Map<string, number>();
    await fc.assert(
      fc.asyncProperty(script, asked, added, async (play, what, more) => {
        try {
          const end = await runUnder(play, wantedOf(what), more);
          ends.set(end, (ends.get(end) ?? 0) + 1);
          expect(readdirSync(temp)).toEqual([]);
          for (const kept of keptIn(tools)) expect(treeId(readArchive(readFileSync(kept)).entries)).toBe(tree);
        } finally {
          rmSync(tools, { recursive: true, force: true });
        }
      }),
      {
        numRuns: SCRIPTS,
        seed: FUZZ.seed,
        interruptAfterTimeLimit: timeFor(SCRIPTS, 1_000) - 5_000,
        markInterruptAsFailure: true,
      },
    );
    expect([...ends.keys()].sort()).toEqual(['right', ...CLASSES].sort());
  },
  timeFor(SCRIPTS, 1_000),
);

/** Archives in the runner's tool cache. */
function keptIn(tools: string): string[] {
  try {
    const names = readdirSync(tools, { recursive: true, encoding: 'utf8' });
    return names.filter((name) => name.endsWith('.gz')).map((name) => join(tools, name));
  } catch {
    return [];
  }
}
