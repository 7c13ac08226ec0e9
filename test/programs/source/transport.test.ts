import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { toFailure } from '../../../src/errors.js';
import { type Git, openGit } from '../../../src/source/git.js';
import { ASKED_TOO_OFTEN, makeTransport } from '../../../src/source/transport.js';
import { parseUpstream } from '../../../src/source/upstream.js';
import { serve, temporaryFolder, testDeps } from '../../support/world.js';

const ID = '1'.repeat(40);
/** Of 16 fetches, each of which asks for refs, for HEAD, and then for the object in some places. */
const MOST_REQUESTS = 100;

/** A server of plain files, which is how git served over HTTP once: what git misses it looks for from within. */
async function plainFiles() {
  const { origin, requests } = await serve((request, response) => {
    response.setHeader('content-type', 'text/plain');
    if (request.url?.includes('/info/refs') === true) response.end(`${ID}\trefs/heads/main\n`);
    else if (request.url?.endsWith('/HEAD') === true) response.end('ref: refs/heads/main\n');
    else response.writeHead(404).end();
  });
  return { upstream: parseUpstream(`${origin}/o/n`), requests };
}

describe('a server that makes git ask again from within', () => {
  it.each<[string, (git: Git) => Promise<unknown>]>([
    ['for refs', (git) => git.fetch('commits', '+refs/heads/*:refs/heads/*')],
    ['for a commit', (git) => git.typeOf(ID).catch((error: unknown) => ({ stderr: toFailure(error).message }))],
  ])('is asked no more than so often, %s', async (_, ask) => {
    const { upstream, requests } = await plainFiles();
    const git = await openGit(join(temporaryFolder(), 'git'), upstream, undefined, testDeps());
    expect(await ask(git)).toMatchObject({ stderr: expect.stringContaining(ASKED_TOO_OFTEN) as string });
    expect(requests.length).toBeGreaterThan(16);
    expect(requests.length).toBeLessThan(MOST_REQUESTS);
  });

  it('is asked as often by the next fetch', async () => {
    const folder = join(temporaryFolder(), 'bin');
    const transport = await makeTransport(folder, 'https');
    const count = { PHANTUN_FETCHES: join(folder, 'fetch-0') };
    expect(transport.environment({ PATH: '/bin' })).toEqual({
      ...{ GIT_ALLOW_PROTOCOL: 'counted:https', PATH: `${folder}:/bin`, ...count },
    });
    expect(transport.environment({}).PHANTUN_FETCHES).toBe(join(folder, 'fetch-1'));
  });
});
