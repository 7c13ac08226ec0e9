import { setTimeout as wait } from 'node:timers/promises';
import { expect, onTestFinished, test } from 'vitest';
import { type Fault, startRegistryProxy } from '../../lab/registryProxy.js';
import { tinyWorkspace } from '../../lab/repositories.js';
import { classicEngine } from '../classicEngine.js';
import {
  type ActionRun,
  docker,
  execute,
  freshImage,
  lab,
  namedByTags,
  ownUpstream,
  registryDigest,
  registryTags,
  runAction,
} from '../harness.js';
import {
  cancelAt,
  endlessTrials,
  expectCancelled,
  expectNothingLeft,
  imageTags,
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
/** By when a child that was told to end has ended, on a machine that does a lot. */
const WRITES_WITHIN_MS = 1_000;
/** As many as `npm test` has time for; `npm run test:long` asks for more. */
const TIMES = Number(process.env.CANCELLATIONS ?? 10);

test(
  `83, 84 ${TIMES} runs that are told to end or killed at any moment leave nothing, are no success, and stop no next run`,
  async () => {
    const repository = await (await ownUpstream()).addRepository('dndx', 'phantun', await tinyWorkspace());
    const { host, writes } = await watchedRegistry();
    const watched = (image: string) => image.replace(lab.registry, host);
    const inputs = { upstream: repository.url, platforms: 'linux/amd64', push: 'true' };
    // What the moving tag names before. This run also fills the builder's cache, so that all later ones take about as long.
    const old = await runAction({ ...inputs, image: freshImage(), labels: 'org.example.by=before' });
    expect(old, old.stdout.slice(-2_000)).toMatchObject({ code: 0, leftovers: [] });
    const start = performance.now();
    const whole = await runAction({ ...inputs, image: watched(freshImage()) });
    const duration = performance.now() - start;
    expect(whole, whole.stdout.slice(-2_000)).toMatchObject({ code: 0, leftovers: [] });
    const [fixed = '', moving = '', key = ''] = tagsOf(whole);
    const complete = Object.fromEntries([fixed, moving, key].map((tag) => [tag, whole.outputs.digest]));

    const random = seeded(SEED);
    const interrupted: NodeJS.Signals[] = [];
    for (let time = 0; time < TIMES; time++) {
      const [choice, moment, way] = [random(), random() * duration, random()];
      const signal = choice < 0.25 ? 'SIGKILL' : choice < 0.625 ? 'SIGINT' : 'SIGTERM';
      const when = `${signal}, run ${time}`;
      const real = freshImage();
      await copyImage(old.outputs.refs ?? '', `${real}:${moving}`);
      const ended = await cancelAt({ ...inputs, image: watched(real) }, signal, () => wait(moment));
      const { code, endedBy, state, image } = ended;
      if (code === 0) {
        // All was done, or all but to end.
        if (!ended.tooLate) expect(ended.endedAfterMs, when).toBeLessThan(LAST_ACT_MS);
        expect(imageTags(ended.tags), when).toEqual(complete);
        continue;
      }
      interrupted.push(signal);
      expect(ended.endedAfterMs, when).toBeLessThan(ENDS_WITHIN_MS);
      if (signal === 'SIGKILL') {
        expect(endedBy, when).toBe(signal);
        if (way < 0.5) {
          await runPost(ended);
          await expectNothingLeft(ended);
        }
      } else {
        // Node itself, before it listened, or the run.
        if (code === null) expect({ endedBy, folder: state.folder }, when).toEqual({ endedBy: signal });
        else expectCancelled(ended);
        await expectNothingLeft(ended);
        expect(writes(image, ended.sentAt + WRITES_WITHIN_MS), when).toEqual([]);
      }
      // The fixed tag is set before the moving one, and one write at most was under way.
      const either =
        ended.tags[fixed] === undefined ? [old.outputs.digest] : [old.outputs.digest, whole.outputs.digest];
      expect(either, when).toContain(await registryDigest(`${image}:${moving}`));

      // At once, where it was, and to the same image.
      const next = await runAction({ ...inputs, image }, { folder: ended.folder });
      expect(next, `${when}: ${next.stdout.slice(-2_000)}`).toMatchObject({ code: 0, leftovers: [] });
      const tags = await namedByTags(image);
      expect(imageTags(tags), when).toEqual(complete);
      await expectNothingLeft({ ...ended, code: 0, tags });
    }
    expect(interrupted.length).toBeGreaterThan(TIMES / 2);
    expect([...new Set(interrupted)].sort()).toEqual(['SIGINT', 'SIGKILL', 'SIGTERM']);
  },
  4 * 60 * 60_000,
);

/** The registry, and which writes to a repository came to it after a moment on the clock of `performance`. */
async function watchedRegistry(): Promise<{ host: string; writes: (image: string, after: number) => string[] }> {
  const proxy = await startRegistryProxy(lab.registry);
  onTestFinished(proxy.stop);
  const seen: { line: string; at: number }[] = [];
  const note: Fault = ({ method = '', url = '' }, _response, forward) => {
    if (!['GET', 'HEAD'].includes(method)) seen.push({ line: `${method} ${url}`, at: performance.now() });
    forward();
  };
  proxy.rules = [{ path: /^/, fault: note }];
  const writes = (image: string, after: number) =>
    seen.filter(({ line, at }) => line.includes(image.slice(image.indexOf('/'))) && at > after).map(({ line }) => line);
  return { host: proxy.host, writes };
}

/** The tags that a run set, in the order in which it did: fixed, moving, that of its build key. */
function tagsOf({ outputs }: ActionRun): string[] {
  return (outputs.tags ?? '').split('\n').map((name) => name.slice(name.lastIndexOf(':') + 1));
}

async function copyImage(from: string, to: string): Promise<void> {
  const flags = ['--all', '--preserve-digests', '--src-tls-verify=false', '--dest-tls-verify=false'];
  const { code, stderr } = await execute('skopeo', ['copy', ...flags, `docker://${from}`, `docker://${to}`]);
  expect(code, stderr).toBe(0);
}

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
  expect(ended).toMatchObject({ tooLate: true, code: 1, outputs: { failure: 'local' }, state: {} });
  await runPost({ ...ended, engine: {} });
  expect(await registryTags(ended.image)).toEqual([]);
});

test('84 a run that ended before it said anything is not begun at all by its post step', async () => {
  const repository = await (await ownUpstream()).addRepository('dndx', 'phantun', await tinyWorkspace());
  const inputs = { upstream: repository.url, platforms: 'linux/amd64' };
  const ended = await cancelAt(inputs, 'SIGTERM', () => Promise.resolve());
  expect(ended).toMatchObject({ tooLate: false, code: null, endedBy: 'SIGTERM', outputs: {}, state: {} });
  await runPost(ended);
  await expectNothingLeft(ended);
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
