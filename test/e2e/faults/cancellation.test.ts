import { setTimeout as wait } from 'node:timers/promises';
import { expect, test } from 'vitest';
import { tinyWorkspace } from '../../lab/repositories.js';
import { classicEngine } from '../classicEngine.js';
import { docker, freshImage, ownUpstream, registryTags, runAction } from '../harness.js';
import {
  cancelAt,
  endlessTrials,
  expectCancelled,
  expectNothingLeft,
  runPost,
  seeded,
  whileBuilding,
  whileMakingBuilder,
  whileTagging,
  whileTrying,
} from './cancelling.js';

const SEED = 83;
const ENDS_WITHIN_MS = 5_000;
/** Handing over what outlives the run, and removing its folder. */
const LAST_ACT_MS = 500;
/** The fixed one, the moving one, and the one by which the next run finds the build. */
const TAGS = 3;
/** As many as `npm test` has time for; `npm run test:long` asks for more. */
const TIMES = Number(process.env.CANCELLATIONS ?? 10);

test(
  `83 ${TIMES} runs that are told to end at any moment end at once, leave nothing, and are no success`,
  async () => {
    const repository = await (await ownUpstream()).addRepository('dndx', 'phantun', await tinyWorkspace());
    const inputs = { upstream: repository.url, platforms: 'linux/amd64' };
    const published = { ...inputs, push: 'true', image: freshImage() };
    await runAction(published); // fills the builder's cache, so that all later runs take about as long
    const start = performance.now();
    expect(await runAction({ ...published, image: freshImage() })).toMatchObject({ code: 0 });
    const duration = performance.now() - start;
    const random = seeded(SEED);
    let interrupted = 0;
    for (let time = 0; time < TIMES; time++) {
      const [choice, moment] = [random(), random() * duration];
      const signal = choice < 0.5 ? 'SIGINT' : 'SIGTERM';
      const ended = await cancelAt(inputs, signal, () => wait(moment));
      const when = `${signal}, run ${time}`;
      if (ended.tooLate) {
        expect(ended.code, when).toBe(0);
        continue;
      }
      if (ended.code === 0) {
        // All was done but to end.
        expect(ended.endedAfterMs, when).toBeLessThan(LAST_ACT_MS);
        expect(ended.tags.filter((tag) => !tag.startsWith('sha256-')).length, when).toBe(TAGS);
        continue;
      }
      interrupted++;
      expect(ended.endedAfterMs, when).toBeLessThan(ENDS_WITHIN_MS);
      // Of node itself, before it listened.
      if (ended.code === null) expect(ended.state, when).not.toHaveProperty('folder');
      else expectCancelled(ended);
      await expectNothingLeft(ended);
      // At once, where it was, and to the same image.
      const next = await runAction({ ...inputs, push: 'true', image: ended.image }, { folder: ended.folder });
      expect(next, `${when}: ${next.stdout.slice(-2_000)}`).toMatchObject({ code: 0, leftovers: [] });
    }
    expect(interrupted).toBeGreaterThan(TIMES / 2);
  },
  4 * 60 * 60_000,
);

test('83 a run that is told to end while it tags ends between two writes', async () => {
  const repository = await (await ownUpstream()).addRepository('dndx', 'phantun', await tinyWorkspace());
  const tags = Array.from({ length: 16 }, (_, index) => `tag-${index}`).join();
  const inputs = { upstream: repository.url, platforms: 'linux/amd64', smoke: 'false', tags };
  const ended = await cancelAt(inputs, 'SIGTERM', whileTagging);
  expect(ended.tooLate).toBe(false);
  expect(ended.endedAfterMs).toBeLessThan(ENDS_WITHIN_MS);
  expectCancelled(ended);
  await expectNothingLeft(ended);
});

test('83, 84 an image that is tried goes with the run, when it is told to end and when it is killed', async () => {
  const repository = await (await ownUpstream()).addRepository('dndx', 'phantun', await tinyWorkspace());
  const inputs = { upstream: repository.url, platforms: 'linux/amd64' };
  const front = await endlessTrials();
  const ended = await cancelAt(inputs, 'SIGINT', whileTrying, front);
  expect(ended).toMatchObject({ tooLate: false });
  expect(ended.endedAfterMs).toBeLessThan(ENDS_WITHIN_MS);
  expectCancelled(ended);
  await expectNothingLeft(ended);

  const killed = await cancelAt(inputs, 'SIGKILL', whileTrying, front);
  expect(await docker('image', 'ls', '--quiet', 'phantun-runtime-smoke')).not.toBe('');
  await runPost(killed);
  await expectNothingLeft(killed);

  const again = await cancelAt(inputs, 'SIGKILL', whileTrying, front);
  const next = await runAction(inputs, { folder: again.folder });
  expect(next, next.stdout.slice(-2_000)).toMatchObject({ code: 0 });
  await expectNothingLeft({ ...again, code: next.code });
});

test('84 a run that ended before it had a folder is not begun again by its post step', async () => {
  const repository = await (await ownUpstream()).addRepository('dndx', 'phantun', await tinyWorkspace());
  const nowhere = { RUNNER_TEMP: '/nonexistent' };
  const ended = await cancelAt(
    { upstream: repository.url, platforms: 'linux/amd64' },
    'SIGTERM',
    () => wait(10_000),
    nowhere,
  );
  expect(ended).toMatchObject({ tooLate: true, code: 1, outputs: { failure: 'local' }, state: { started: 'true' } });
  await runPost({ ...ended, engine: {} });
  expect(await registryTags(ended.image)).toEqual([]);
});

test('84 what a killed run left is removed by the post step, or by the next run', async () => {
  const repository = await (await ownUpstream()).addRepository('dndx', 'phantun', await tinyWorkspace());
  const inputs = { upstream: repository.url, platforms: 'linux/amd64' };
  for (const moment of [whileBuilding, whileTagging]) {
    const killed = await cancelAt({ ...inputs, smoke: 'false' }, 'SIGKILL', moment);
    expect(killed.tooLate).toBe(false);
    expect(killed.state.folder).toMatch(/phantun-runtime-[A-Za-z0-9]{6}$/);
    await runPost(killed);
    await expectNothingLeft(killed);
  }

  const again = await cancelAt(inputs, 'SIGKILL', whileBuilding);
  const next = await runAction(inputs, { folder: again.folder });
  expect(next, next.stdout.slice(-2_000)).toMatchObject({ code: 0 });
  await expectNothingLeft({ ...again, code: next.code }); // but for what the next run handed over
});

test('83, 84 the builder that a run made goes with it, when it is told to end and when it is killed', async () => {
  const engine = await classicEngine();
  const repository = await (await ownUpstream()).addRepository('dndx', 'phantun', await tinyWorkspace());
  const inputs = { upstream: repository.url, platforms: 'linux/amd64', smoke: 'false' };
  for (const moment of [() => whileMakingBuilder(engine), whileBuilding]) {
    const ended = await cancelAt(inputs, 'SIGTERM', moment, engine);
    expect(ended.tooLate).toBe(false);
    expect(ended.endedAfterMs).toBeLessThan(ENDS_WITHIN_MS);
    expectCancelled(ended);
    await expectNothingLeft(ended);
  }

  for (const moment of [() => whileMakingBuilder(engine), whileBuilding]) {
    const killed = await cancelAt(inputs, 'SIGKILL', moment, engine);
    expect(killed.tooLate).toBe(false);
    await expect(expectNothingLeft(killed)).rejects.toThrow();
    await runPost(killed);
    await expectNothingLeft(killed);
  }
});
