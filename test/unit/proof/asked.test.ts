import { describe, expect, it } from 'vitest';
import { readContract, withDefaults } from '../../../src/cli/contract.js';
import { parseInputs, type RawInputs } from '../../../src/inputs.js';
import { requireAsked } from '../../../src/proof/asked.js';
import { failureOf } from '../../support/failureOf.js';
import { LOCK, lockWith } from '../../support/proof.js';

const contract = await readContract();
const { upstream, platforms, bases } = LOCK.inputs;
const ask = (given: Partial<RawInputs>, lock = LOCK) =>
  requireAsked(lock, Object.keys(given), parseInputs(withDefaults(contract, given)).inputs);

describe('requireAsked', () => {
  it.each<[string, Partial<RawInputs>]>([
    ['nothing', {}],
    ['its upstream', { upstream }],
    ['its upstream, with a token', { upstream, 'upstream-token': 'token' }],
    ['its platforms', { platforms: platforms.join(',') }],
    [
      'its bases by name',
      { 'rust-image': bases.rust.replace(/@.*/, ''), 'shell-image': bases.shell.replace(/@.*/, '') },
    ],
    ['its bases by digest', { 'rust-image': bases.rust, 'shell-image': bases.shell }],
    ['no labels', { labels: '' }],
    ['what a lock does not hold so', { ref: 'v9', tags: 'x', 'archive-sha256': '0'.repeat(64) }],
  ])('takes a lock of which was asked %s', (_, given) => {
    expect(() => ask(given)).not.toThrow();
  });

  it.each<[keyof RawInputs, string]>([
    ['upstream', 'https://github.com/other/phantun'],
    ['platforms', 'linux/arm/v7'],
    ['rust-image', 'docker.io/library/rust:1.88.0'],
    ['rust-image', `${bases.rust.replace(/@.*/, '')}@sha256:${'0'.repeat(64)}`],
    ['shell-image', 'docker.io/library/alpine:3'],
    ['labels', 'a=b'],
  ])('refuses a lock with another %s: %s', async (name, text) => {
    const failure = await failureOf(() => ask({ [name]: text }));
    expect(failure.kind).toBe('input');
    expect(failure.message).toContain(`this image is not the one that was asked for: ${name}`);
    expect(failure.message).not.toContain('token');
  });

  it('refuses labels that were not asked for', async () => {
    const lock = lockWith({ labels: { a: 'b' } });
    expect((await failureOf(() => ask({ labels: '' }, lock))).message).toContain('labels.a: the lock says "b"');
  });

  it('lets no token go to an upstream that nobody asked for', async () => {
    const lock = lockWith({ upstream: 'https://evil.example/dndx/phantun' });
    const failure = await failureOf(() => ask({ 'upstream-token': 'token' }, lock));
    expect(failure.kind).toBe('input');
    expect(failure.message).toMatch(
      /upstream: the lock says .*evil.* The token is for the upstream that --upstream names$/,
    );
    expect(() => ask({}, lock)).not.toThrow();
  });

  it('says nothing of a token where it is for the lock’s own upstream', async () => {
    const failure = await failureOf(() => ask({ upstream, 'upstream-token': 'token', labels: 'a=b' }));
    expect(failure.message).toMatch(/^this image is not the one that was asked for: labels\.a: [^.]*$/);
  });
});
