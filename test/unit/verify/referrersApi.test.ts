import { describe, expect, it } from 'vitest';
import { askReferrers } from '../../../src/verify/referrersApi.js';
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
      expect(await askReferrers(repository, DIGEST, TYPE, testDeps())).toBeUndefined();
    expect(asked).toEqual(['registry-1.docker.io:443', 'r.example:443', 'r.example:5000']);
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

  it('does not read pages without end', async () => {
    const { requests } = await askRegistry((_, response) => list(response, [ONE], { link: '</again>; rel="next"' }));
    expect(requests).toHaveLength(10);
  });

  it.each([404, 400, 405, 403, 500, 206])('takes %i for no such API, whatever comes with it', async (status) => {
    const { listed } = await askRegistry((_, response) => {
      response.writeHead(status).end(JSON.stringify({ schemaVersion: 2, manifests: [ONE] }));
    });
    expect(listed).toBeUndefined();
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
    expect((await askRegistry((request) => void request.socket.destroy())).listed).toBeUndefined();
  });
});
