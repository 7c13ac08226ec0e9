import { describe, expect, it } from 'vitest';
import type { FailureClass } from '../../../src/errors.js';
import { askReferrers } from '../../../src/image/referrersApi.js';
import { failureOf } from '../../support/failureOf.js';
import { DIGEST, TYPE, askRegistry, closedProxy, list } from '../../support/referrers.js';
import { testDeps } from '../../support/world.js';

const ONE = { digest: 'sha256:1' };
const TWO = { digest: 'sha256:2' };

describe('askReferrers', () => {
  it('asks for one type, and gives what is listed unread', async () => {
    const { listed, requests, logged } = await askRegistry((_, response) => list(response, [ONE, 'x']));
    expect(listed).toEqual([ONE, 'x']);
    expect(logged).toEqual([]);
    expect(requests.map(({ url }) => url)).toEqual([
      `/v2/team/image/referrers/${DIGEST}?artifactType=${encodeURIComponent(TYPE)}`,
    ]);
  });

  it('asks Docker Hub by the name of its registry, and others by their own, over https', async () => {
    const asked = await closedProxy();
    for (const repository of ['docker.io/library/x', 'r.example/x', 'r.example:5000/x'])
      expect(await failureOf(() => askReferrers(repository, DIGEST, TYPE, testDeps()))).toMatchObject({
        kind: 'transient',
      });
    expect([...new Set(asked)]).toEqual(['registry-1.docker.io:443', 'r.example:443', 'r.example:5000']);
  });

  it('reads further pages of the same registry, and no others', async () => {
    const { listed, requests } = await askRegistry((request, response) => {
      if (request.url?.includes('page=2') === true)
        list(response, [TWO], { link: '<http://127.0.0.2:1/x>; rel="next"' });
      else list(response, [ONE], { link: '</v2/team/image/referrers/x?page=2>; rel="next"' });
    });
    expect(listed).toEqual([ONE, TWO]);
    expect(requests).toHaveLength(2);
  });

  it.each([
    '</2>; rel="next"',
    '</2>;rel="next"',
    '</2>; rel=next',
    '</2> ;  rel="next"',
    '</1>; rel="prev", </2>; rel="next"',
  ])('reads the page that is linked by %s', async (link) => {
    const { listed } = await askRegistry((request, response) => {
      if (request.url === '/2') list(response, [TWO]);
      else list(response, [ONE], { link });
    });
    expect(listed).toEqual([ONE, TWO]);
  });

  it.each(['</2>; rel="prev"', '</2>', '/2; rel="next"', '<http://[>; rel="next"'])(
    'takes the page for the last that is linked by %s',
    async (link) => {
      const { listed, requests } = await askRegistry((_, response) => list(response, [ONE], { link }));
      expect(listed).toEqual([ONE]);
      expect(requests).toHaveLength(1);
    },
  );

  it('reads a page with more than a call has arguments', async () => {
    const many = Array.from({ length: 400_000 }, () => 0);
    expect((await askRegistry((_, response) => list(response, many))).listed).toHaveLength(400_000);
  });

  it('does not read pages without end, and takes the first ten for no whole list', async () => {
    let asked = 0;
    const pages = (count: number) =>
      askRegistry((_, response) => {
        asked += 1;
        list(response, [asked], asked === count ? {} : { link: '</again>; rel="next"' });
      });
    expect((await pages(10)).listed).toEqual([1, 2, 3, 4, 5, 6, 7, 8, 9, 10]);
    asked = 0;
    const failure = await failureOf(() => pages(11));
    expect(failure.kind).toBe('verification');
    expect(failure.message).toMatch(/: 127\.0\.0\.1:\d+ lists more than the 10 pages that are looked at\. Remove what/);
    expect(asked).toBe(10);
  });

  it.each([302, 401, 403, 404])(
    'does not take a list that breaks off with %i for the whole, or for none',
    async (status) => {
      const failure = await failureOf(() =>
        askRegistry((request, response) => {
          if (request.url === '/2') response.writeHead(status).end();
          else list(response, [ONE], { link: '</2>; rel="next"' });
        }),
      );
      expect(failure.kind).toBe('registry');
      expect(failure.message).toMatch(
        new RegExp(`: 127\\.0\\.0\\.1:\\d+ answered ${status} to page 2 of its own list$`),
      );
    },
  );

  it('does not take a later page that is no list for no such API', async () => {
    const failure = await failureOf(() =>
      askRegistry((request, response) => {
        if (request.url === '/2') response.end('<html>');
        else list(response, [ONE], { link: '</2>; rel="next"' });
      }),
    );
    expect(failure).toMatchObject({ kind: 'verification', message: 'the list of referrers is not JSON' });
  });

  const answering = (status: number, headers = {}) =>
    askRegistry((_, response) => {
      response.writeHead(status, headers).end(JSON.stringify({ schemaVersion: 2, manifests: [ONE] }));
    });

  it.each([400, 401, 403, 404, 405, 406])('takes %i for no such API, whatever comes with it', async (status) => {
    const { listed, requests, logged } = await answering(status, { 'retry-after': '1' });
    expect([listed, requests.length, logged]).toEqual([undefined, 1, []]);
  });

  it.each([301, 302, 303, 307, 308])('takes %i for no such API, and goes nowhere', async (status) => {
    const { listed, requests } = await answering(status, { location: '/elsewhere' });
    expect([listed, requests.length]).toEqual([undefined, 1]);
  });

  it.each<[number, FailureClass]>([
    [429, 'rate-limit'],
    [206, 'transient'],
    [408, 'transient'],
    [500, 'transient'],
    [503, 'transient'],
  ])('asks again after %i, and then says that there was no answer', async (status, kind) => {
    let asked = 0;
    const failure = await failureOf(() =>
      askRegistry((_, response) => {
        asked += 1;
        response.writeHead(status).end(JSON.stringify({ schemaVersion: 2, manifests: [ONE] }));
      }),
    );
    expect(failure.kind).toBe(kind);
    expect(failure.message).toMatch(
      new RegExp(`^asking the registry what refers to the image: 127\\.0\\.0\\.1:\\d+ answered ${status}$`),
    );
    expect(asked).toBe(4);
  });

  it('waits as it is asked to, and lists what comes then', async () => {
    let asked = 0;
    const { listed, slept } = await askRegistry((_, response) => {
      asked += 1;
      if (asked === 1) response.writeHead(429, { 'retry-after': '7' }).end();
      else list(response, [ONE]);
    });
    expect(listed).toEqual([ONE]);
    expect(slept).toEqual([7_000]);
  });

  it('does not take a broken connection for no such API, on a later page either', async () => {
    expect(await failureOf(() => askRegistry((request) => void request.socket.destroy()))).toMatchObject({
      kind: 'transient',
      attempts: undefined,
    });
    const second = askRegistry((request, response) => {
      if (request.url?.includes('page=2') === true) response.writeHead(502).end();
      else list(response, [ONE], { link: '</v2/x?page=2>; rel="next"' });
    });
    expect(await failureOf(() => second)).toMatchObject({ kind: 'transient' });
  });

  it('takes what is no list for no such API, and says what was wrong', async () => {
    const markup = await askRegistry((_, response) => void response.end('<html>'));
    expect(markup.listed).toBeUndefined();
    expect(markup.logged).toEqual([
      expect.stringMatching(
        /^info: The referrers API of 127\.0\.0\.1:\d+ did not answer \(the list of referrers is not JSON\)$/,
      ),
    ]);
    expect((await askRegistry((_, response) => void response.end('{"manifests":1}'))).listed).toBeUndefined();
  });
});
