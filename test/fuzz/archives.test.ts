import fc from 'fast-check';
import { rmSync } from 'node:fs';
import { afterAll, describe, expect, test } from 'vitest';
import { Failure } from '../../src/errors.js';
import { type Archive, readArchive, readArchiveTar } from '../../src/source/archive.js';
import { treeId } from '../../src/source/tree.js';
import { RAW } from '../support/world.js';
import { COMMIT_EPOCH, commitOf, tarOfCommit, temporary } from '../support/repository.js';
import { applyEdit, edit } from './archives/edits.js';
import { type Model, blobs, membersOf, parentsOf } from './archives/model.js';
import { type Accepted, disagreements } from './archives/oracle.js';
import { type Attempt, isHarmless, isUnjustified } from './archives/refusals.js';
import { gzipEdit, gzipFrom, tarEdit, tarFrom } from './archives/wrapping.js';
import { FUZZ, timeFor } from './budget.js';

const COMMIT = 'b42ed821472b78866a36e18d315de695b84e7887';
/** Archives made of one tree: making trees is what takes longest. */
const ATTEMPTS = 10;
const TREES_A_BATCH = 100;
const MOST_MILLISECONDS = 1_000;
const SHRINKING_MILLISECONDS = 15_000;

const UNSPOILED: Attempt = { edits: [], tar: undefined, gzip: undefined };
type Case = { blobs: Model['blobs']; attempts: Attempt[] };

const rarely = <T>(arbitrary: fc.Arbitrary<T>) =>
  fc.oneof({ weight: 4, arbitrary: fc.constant(undefined) }, { weight: 1, arbitrary });
const attempt: fc.Arbitrary<Attempt> = fc.record({
  edits: fc.array(edit, { maxLength: 3 }),
  tar: rarely(tarEdit),
  gzip: rarely(gzipEdit),
});
const cases: fc.Arbitrary<Case> = fc.record({
  blobs,
  attempts: fc.array(attempt, { minLength: ATTEMPTS - 1, maxLength: ATTEMPTS - 1 }),
});

let roots = 0;
/** Why archives were refused, how many were and were not, and how many of these had been changed all the same. */
const seen = { reasons: new Set<string>(), refused: 0, accepted: 0, harmless: 0 };

/** Reads the archives of a case, the unspoiled one first; what is accepted is for git to judge. */
function read({ blobs: files, attempts }: Case): Accepted[] {
  roots += 1;
  const root = `r${String(roots).padStart(9, '0')}`;
  const whole = membersOf({ root, commit: COMMIT, blobs: files });
  const accepted: Accepted[] = [];
  for (const [shelf, made] of [UNSPOILED, ...attempts].entries()) {
    const { edits, tar: tarChange, gzip } = made;
    const members = edits.reduce((pieces, change) => applyEdit(pieces, change, root), whole);
    const tar = tarFrom(
      members.map(({ bytes }) => bytes),
      tarChange,
    );
    const bytes = gzip === undefined ? tar : gzipFrom(tar, gzip);
    const content = timed(() => (gzip === undefined ? readArchiveTar(bytes) : readArchive(bytes)));
    requireJust(content, made);
    if (content instanceof Failure) continue;
    if (edits.length === 0 && tarChange === undefined) requireWhole(content, files);
    requirePlain(content);
    const { entries } = content;
    // A root that was renamed could be another case's.
    const place = { shelf: content.root === root ? String(shelf) : `${shelf}-${root}`, root: content.root };
    accepted.push({ ...place, bytes, packed: gzip !== undefined, entries, tree: treeId(entries) });
  }
  return accepted;
}

function timed(reading: () => Archive): Archive | Failure {
  const start = performance.now();
  try {
    const archive = reading();
    seen.accepted += 1;
    return archive;
  } catch (error) {
    if (!(error instanceof Failure) || error.kind !== 'verification' || RAW.test(error.message)) throw error;
    seen.refused += 1;
    seen.reasons.add(error.message.replace(/'.*'/s, '').replace(/\d+/g, ''));
    return error;
  } finally {
    const elapsed = performance.now() - start;
    if (elapsed > MOST_MILLISECONDS) throw new Error(`reading took ${elapsed} ms`);
  }
}

/** What nothing was done to that breaks a rule is accepted; what is refused is so by a rule that it may have broken. */
function requireJust(content: Archive | Failure, made: Attempt): void {
  const harmless = isHarmless(made);
  if (!(content instanceof Failure)) {
    if (harmless && made.edits.length > 0) seen.harmless += 1;
    return;
  }
  if (harmless || isUnjustified(content.message, made))
    throw new Error(`refused although ${JSON.stringify(made)} breaks no such rule: ${content.message}`);
}

/** An archive whose tar nothing was done to is found to be git's. */
function requireWhole(content: Archive, files: Model['blobs']): void {
  const leaves = content.entries.filter(({ kind }) => kind !== 'directory');
  const found = new Map(leaves.map((entry) => [entry.path, entry]));
  const wrong = files.filter(({ path, data }) => found.get(path)?.data.equals(data) !== true);
  if (wrong.length > 0 || leaves.length !== files.length) throw new Error('other files were read');
  if (content.packaging.length > 0 || content.comment !== COMMIT || content.epoch !== COMMIT_EPOCH)
    throw new Error(`not taken for git's: ${content.packaging.join('; ')}`);
}

/** Nothing that could lead out of a folder, in words of this test's own. */
function requirePlain({ root, entries }: Archive): void {
  const kinds = new Map(entries.map(({ path, kind }) => [path, kind]));
  if (kinds.size !== entries.length) throw new Error('a path was accepted twice');
  for (const path of [root, ...kinds.keys()]) {
    const hostile = path.split('/').find((name) => ['', '.', '..', '.git'].includes(name.toLowerCase()));
    if (hostile !== undefined || path.includes('\0')) throw new Error(`the path ${JSON.stringify(path)} was accepted`);
    const above = path === root ? [] : parentsOf(path);
    if (above.some((parent) => kinds.get(parent) !== 'directory'))
      throw new Error(`${JSON.stringify(path)} was accepted, and what it lies in is no folder`);
  }
}

describe('archives made and spoiled by the thousand', () => {
  const folder = temporary();
  afterAll(() => {
    rmSync(folder, { recursive: true });
  });

  test('what they are made from is git archive’s own output, byte for byte', () => {
    fc.assert(
      fc.property(blobs, (files) => {
        const { repository, commit } = commitOf(folder, files);
        const tar = tarOfCommit({ repository, commit }, 'r');
        const made = membersOf({ root: `r-${commit}`, commit, blobs: files }).map(({ bytes }) => bytes);
        expect(tarFrom(made, undefined).equals(tar)).toBe(true);
      }),
      { numRuns: 10, seed: FUZZ.seed },
    );
  });

  test(
    'what is accepted has git’s tree id and nothing hostile; what git wrote is accepted, and what is refused breaks a rule',
    async () => {
      const batches = Math.ceil(FUZZ.cases / ATTEMPTS / TREES_A_BATCH);
      for (let batch = 0; batch < batches; batch++) {
        const options = { seed: FUZZ.seed + batch, numRuns: TREES_A_BATCH };
        const accepted: Accepted[] = [];
        fc.assert(
          fc.property(cases, (one) => void accepted.push(...read(one))),
          options,
        );
        const wrong = await disagreements(accepted).catch((error: unknown) => [String(error)]);
        if (wrong.length === 0) continue;

        // Once more, one by one, so that the smallest case that is wrong gets told.
        await fc.assert(
          fc.asyncProperty(cases, async (one) => {
            expect(await disagreements(read(one))).toEqual([]);
          }),
          { ...options, interruptAfterTimeLimit: SHRINKING_MILLISECONDS },
        );
        throw new Error(`only together, in batch ${batch}: ${wrong.join('\n')}`);
      }
      expect(seen.accepted).toBeGreaterThan(FUZZ.cases * 0.2);
      expect(seen.refused).toBeGreaterThan(FUZZ.cases * 0.2);
      expect(seen.reasons.size).toBeGreaterThan(30);
      expect(seen.harmless).toBeGreaterThan(FUZZ.cases * 0.01);
    },
    timeFor(FUZZ.cases, 20),
  );
});
