import { randomBytes } from 'node:crypto';
import { readdirSync } from 'node:fs';
import type { ServerResponse } from 'node:http';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import type { Failure } from '../../../src/errors.js';
import { gitFailure, openGit } from '../../../src/source/git.js';
import { parseUpstream } from '../../../src/source/upstream.js';
import { failureOf } from '../../support/failureOf.js';
import { serve, temporaryFolder, testDeps } from '../../support/world.js';

const LIMITS = { memoryBytes: 160 * 2 ** 20, fileBytes: 8 * 2 ** 20, fetchSeconds: 60, stallSeconds: 20 };
const [COMMIT, BLOB] = [1, 3];
const LINE_BYTES = 65_000;

/** git's lines: four hex digits of the length, which counts itself. */
function line(content: string | Buffer): Buffer {
  const bytes = Buffer.from(content as string);
  return Buffer.concat([Buffer.from((bytes.length + 4).toString(16).padStart(4, '0')), bytes]);
}

const END = Buffer.from('0000');
const SERVICE = Buffer.concat([line('# service=git-upload-pack\n'), END]);
const CAPABILITIES = ['version 2\n', 'ls-refs\n', 'fetch=shallow filter\n'].map((text) => line(text));
const ID = '1'.repeat(40);

/** A pack of one object that is said to have `size` bytes, up to where its content begins. */
function packStart(type: number, size: number): Buffer {
  const header = [(type << 4) | (size % 16) | 0x80];
  let left = Math.floor(size / 16);
  for (; left >= 128; left = Math.floor(left / 128)) header.push((left % 128) | 0x80);
  header.push(left);
  return Buffer.concat([Buffer.from('PACK\0\0\0\x02\0\0\0\x01', 'latin1'), Buffer.from(header)]);
}

/** A server with one ref whose packs are what `pack` yields, and whose list of refs is what `refs` yields. */
async function server(pack: () => Iterable<Buffer>, refs: () => Iterable<string> = () => [`${ID} HEAD\n`]) {
  const { origin } = await serve((request, response) => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => {
      const asked = Buffer.concat(chunks).toString('latin1');
      if (request.method === 'GET') {
        response.setHeader('content-type', 'application/x-git-upload-pack-advertisement');
        response.end(Buffer.concat([SERVICE, ...CAPABILITIES, END]));
        return;
      }
      response.setHeader('content-type', 'application/x-git-upload-pack-result');
      send(response, asked.includes('command=ls-refs') ? listing(refs()) : sideband(pack()));
    });
  });
  return parseUpstream(`${origin}/o/n`);
}

function* listing(refs: Iterable<string>) {
  for (const ref of refs) yield line(ref);
  yield END;
}

function* sideband(pack: Iterable<Buffer>) {
  yield line('packfile\n');
  for (const part of pack) yield line(Buffer.concat([Buffer.from([1]), part]));
  yield END;
}

function send(response: ServerResponse, chunks: Iterator<Buffer>): void {
  let next = chunks.next();
  while (next.done !== true && response.write(next.value) && !response.destroyed) next = chunks.next();
  if (next.done === true) response.end();
  else response.once('drain', () => send(response, chunks));
}

/** A blob without end that does not compress: zlib's stored blocks. */
function* endlessBlob() {
  yield Buffer.concat([packStart(BLOB, 2 ** 40), Buffer.from([0x78, 0x01])]);
  const block = Buffer.concat([Buffer.from([0, 0, 0, 0, 0]), randomBytes(LINE_BYTES - 5)]);
  block.writeUInt16LE(LINE_BYTES - 5, 1);
  block.writeUInt16LE(~(LINE_BYTES - 5) & 0xffff, 3);
  for (;;) yield block;
}

function* endlessRefs() {
  for (let number = 0; ; number++) yield `${ID} refs/heads/${'x'.repeat(2_000)}${number}\n`;
}

describe('a server that sends more than git may take is cut off', () => {
  it.each<[string, () => Iterable<Buffer>, (() => Iterable<string>)?]>([
    ['an object without end', endlessBlob],
    ['an object that is said to be larger than the memory', () => [packStart(COMMIT, 2 ** 32)]],
    ['refs without end', () => [], endlessRefs],
  ])('%s', async (_, pack, refs) => {
    const upstream = await server(pack, refs);
    const folder = join(temporaryFolder(), 'git');
    const git = await openGit(folder, upstream, undefined, testDeps(), LIMITS);
    const { code, stderr } = await git.fetch('commits', '+refs/heads/*:refs/heads/*', 'HEAD');
    expect(code).not.toBe(0);
    const failure = gitFailure(stderr, upstream, folder);
    expect(failure.message).toMatch(/sends more than a history of commits and tags may have\. Check that it is/);
    expect(failure.kind).toBe('verification');
    expect(readdirSync(join(folder, 'repository/refs/heads'))).toEqual([]);
  });
});

/** What a fetch from a server under other limits comes to. */
async function fetching(url: string, limits: Partial<typeof LIMITS>): Promise<Failure> {
  const upstream = parseUpstream(url);
  return failureOf(async () => {
    const folder = join(temporaryFolder(), 'git');
    const git = await openGit(folder, upstream, undefined, testDeps(), { ...LIMITS, ...limits });
    throw gitFailure((await git.fetch('commits', 'HEAD')).stderr, upstream, folder);
  });
}

describe('a server that takes its time is given up, and the step is named', () => {
  it('when it does not answer at all, at the deadline', async () => {
    const { origin } = await serve(() => undefined);
    expect(await fetching(`${origin}/o/n`, { fetchSeconds: 0.5 })).toMatchObject({
      kind: 'transient',
      message: 'git fetch did not end within 0.5 s',
    });
  });

  it.each([
    ['GET', /^git fetch from http:.* failed: .*Operation too slow\. Less than 1024 bytes\/sec/],
    // git's helper ends there without a word, and git wonders.
    ['POST', /^git fetch from http:.* failed: fatal: expected response end packet after ref listing/],
  ])('when it drips, at %s, before the deadline', async (method, message) => {
    const { origin } = await serve((request, response) => {
      request.resume();
      response.setHeader(
        'content-type',
        `application/x-git-upload-pack-${request.method === 'GET' ? 'advertisement' : 'result'}`,
      );
      if (request.method !== method) {
        response.end(Buffer.concat([SERVICE, ...CAPABILITIES, END]));
        return;
      }
      response.flushHeaders();
      const drops = setInterval(() => response.write('0'), 100);
      response.once('close', () => clearInterval(drops));
    });
    const failure = await fetching(`${origin}/o/n`, { stallSeconds: 1 });
    expect(failure.kind).toBe('transient');
    expect(failure.message).toMatch(message);
  });
});
