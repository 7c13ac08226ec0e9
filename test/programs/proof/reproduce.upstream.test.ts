import { describe, expect, it } from 'vitest';
import type { FailureClass } from '../../../src/errors.js';
import { parseUpstream } from '../../../src/source/upstream.js';
import { failureOf } from '../../support/failureOf.js';
import { resultOf, upstreamWorld } from './reproduceWorld.js';

const LATER = ['HEAD', 'refs/heads/main'];

describe('what the lock says of upstream’s branches and tags', () => {
  it.each(LATER)('may be of %s, which has gone on', async (ref) => {
    const { publishEvidenceToo, reference, repository, run, useBuilder, deps } = await upstreamWorld({ ref });
    await repository.setRef('refs/heads/main', await repository.addCommit(repository.commit, { 'README.md': 'more' }));
    await publishEvidenceToo();
    await useBuilder();
    expect((await run({ image: reference })).verdict).toBe('identical');
    expect(deps.logged.join('\n')).not.toContain('upstream is no longer what the lock says');
  });

  it('is told field by field where it no longer holds, and the image is built all the same', async () => {
    const facts = {
      ref: 'refs/tags/v1',
      tagObject: 'c'.repeat(40),
      reachableFrom: ['refs/heads/gone', 'refs/tags/v1'],
    };
    const { publishEvidenceToo, reference, repository, run, useBuilder, deps, lock } = await upstreamWorld(facts);
    const other = await repository.addCommit(undefined, { 'README.md': 'another history' });
    await repository.setRef('refs/tags/v1', other);
    await publishEvidenceToo();
    await useBuilder();
    const { verdict, checks } = await run({ image: reference });
    expect(verdict).toBe('identical');
    expect(resultOf(checks, 'commit-reachable')?.result).toBe('passed');
    const told = deps.logged.filter((line) => line.includes('upstream is no longer'));
    expect(told).toEqual(
      [
        `ref: the lock says "refs/tags/v1", which names ${other} now, not ${lock.inputs.commit}`,
        `tagObject: the lock says "${facts.tagObject}", upstream ""`,
        'reachableFrom: the lock says "refs/heads/gone", which does not hold the commit',
        'reachableFrom: the lock says "refs/tags/v1", which does not hold the commit',
      ].map((fact) => `warning: upstream is no longer what the lock says: facts.${fact}`),
    );
  });
});

describe('an upstream that is gone', () => {
  it.each<[number, FailureClass, RegExp]>([
    [401, 'auth', /answered 401: it wants a login\. The repository may be private or not exist/],
    [404, 'not-found', /answered 404: there is no such thing/],
    [410, 'not-found', /answered 410: it is gone for good/],
  ])('and answers %d makes an image unbuildable, and says what holds its source', async (status, kind, why) => {
    const { publishEvidenceToo, reference, run, useBuilder, upstream } = await upstreamWorld();
    await publishEvidenceToo();
    const builder = await useBuilder();
    upstream.intercept = (_, response) => {
      response.writeHead(status).end();
      return true;
    };
    const { verdict, missing, checks } = await run({ image: reference });
    expect([verdict, missing?.kind]).toEqual(['unbuildable', kind]);
    expect(missing?.text).toMatch(why);
    expect(missing?.text).toMatch(
      /\. If it is gone, the evidence beside the image holds archive and commit: unpack it, and give its folder with --evidence$/,
    );
    expect(resultOf(checks, 'tree-bound')?.detail).toBe('the lock says so, and it was not asked again');
    expect(resultOf(checks, 'archive-pinned')?.detail).toBe('no archive was looked at');
    expect(builder.builds()).toEqual([]);
  });

  it.each<[string, number, string | undefined, FailureClass]>([
    ['a token that is not accepted', 401, 'token', 'auth'],
    ['what a policy forbids', 403, undefined, 'auth'],
  ])('is not taken for gone because of %s', async (_, status, upstreamToken, kind) => {
    const { publishEvidenceToo, reference, run, upstream, lock, inputs } = await upstreamWorld();
    await publishEvidenceToo();
    upstream.intercept = (_, response) => {
      response.writeHead(status).end();
      return true;
    };
    const given = { ...inputs, upstream: parseUpstream(lock.inputs.upstream), upstreamToken };
    const failure = await failureOf(() => run({ image: reference, inputs: given }));
    expect(failure.kind).toBe(kind);
  });
});

describe('a build that fails', () => {
  it('is unbuildable, and what was verified before is told', async () => {
    const before = '[ -n "$stage" ] || exit 1';
    const { publishEvidenceToo, reference, run, useBuilder } = await upstreamWorld({}, before);
    await publishEvidenceToo();
    await useBuilder();
    const { verdict, checks } = await run({ image: reference });
    expect(verdict).toBe('unbuildable');
    for (const name of ['archive-pinned', 'tree-bound', 'commit-reachable'])
      expect(resultOf(checks, name)?.result).toBe('passed');
    expect(resultOf(checks, 'bases-pinned')?.detail).toBe('the lock names digests; nothing was built here');
  });
});
