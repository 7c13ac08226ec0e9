import type { ServerResponse } from 'node:http';
import { describe, expect, it } from 'vitest';
import { type FetchOptions, fetchOnce } from '../../../src/http/fetch.js';
import { mayRedirect } from '../../../src/source/upstream.js';
import { serve, testDeps } from '../../support/world.js';
import { failureOf } from '../../support/failureOf.js';

const get = (address: string, options: Partial<FetchOptions> = {}) =>
  fetchOnce(new URL(address), { what: 'the thing', ...options }, testDeps());

const moved = (response: ServerResponse, location: string, status = 302) =>
  response.writeHead(status, { location }).end('moved');

describe('a redirect', () => {
  it.each([301, 302, 303, 307, 308])('%i with a relative address is followed', async (status) => {
    const { origin } = await serve((request, response) =>
      request.url === '/a/b' ? moved(response, '../c', status) : response.end(`here ${request.url ?? ''}`),
    );
    const answer = await get(`${origin}/a/b`, { mayRedirect });
    expect(answer.body.toString()).toBe('here /c');
    expect(answer.url.href).toBe(`${origin}/c`);
  });

  it('is followed five times and no more', async () => {
    const { origin, requests } = await serve((request, response) => {
      const left = Number(request.url?.slice(1));
      if (left === 0) response.end('arrived');
      else moved(response, `/${left - 1}`);
    });
    expect((await get(`${origin}/5`, { mayRedirect })).body.toString()).toBe('arrived');
    requests.length = 0;
    expect(await failureOf(() => get(`${origin}/6`, { mayRedirect }))).toMatchObject({
      kind: 'transient',
      message: `the thing: more than 5 redirects from ${origin}/6`,
    });
    expect(requests).toHaveLength(6);
  });

  it('to another origin is refused, and nothing is asked there', async () => {
    const other = await serve((_, response) => response.end('evil'));
    const { origin } = await serve((_, response) => moved(response, `${other.origin}/x`));
    expect(await failureOf(() => get(origin, { mayRedirect }))).toMatchObject({
      kind: 'verification',
      message: `the thing: ${origin} redirects to ${other.origin}/x, which is none of its own addresses. Nothing was taken from there`,
    });
    expect(other.requests).toEqual([]);
  });

  it.each([
    ['file:///etc/passwd', 'file:///etc/passwd, which is none'],
    ['//evil.example/x', 'http://evil.example/x, which is none'],
    ['javascript:alert(1)', 'javascript:alert(1), which is none'],
    ['https://u:s3cret@evil.example/a/b?sig=s3cret#s3cret', ' to https://evil.example/a/b, which is none'],
  ])('to %s is refused', async (location, sentence) => {
    const { origin } = await serve((_, response) => moved(response, location));
    const failure = await failureOf(() => get(origin, { mayRedirect }));
    expect(failure.kind).toBe('verification');
    expect(failure.message).toContain(sentence);
    expect(failure.message).not.toContain('s3cret');
  });

  it('to an address that is none is refused', async () => {
    const { origin } = await serve((_, response) => moved(response, 'http://u:s3cret@[?sig=s3cret'));
    expect(await failureOf(() => get(origin, { mayRedirect }))).toMatchObject({
      kind: 'verification',
      message: 'the thing: a redirect to an address that is none: http://***@[?***',
    });
  });

  it('never takes the authorization to another origin', async () => {
    const other = await serve((_, response) => response.end('ok'));
    const { origin, requests } = await serve((request, response) =>
      moved(response, request.url === '/' ? '/again' : `${other.origin}/there`),
    );
    const options = { authorization: 'Basic c2VjcmV0', mayRedirect: () => true };
    expect((await get(origin, options)).body.toString()).toBe('ok');
    expect(requests.map(({ headers }) => headers.authorization)).toEqual(['Basic c2VjcmV0', 'Basic c2VjcmV0']);
    expect(other.requests.map(({ headers }) => headers.authorization)).toEqual([undefined]);
    expect(JSON.stringify(other.requests[0]?.rawHeaders)).not.toContain('c2VjcmV0');
  });
});
