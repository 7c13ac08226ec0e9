import { mkdtemp, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { cacheFile, find } from '@actions/tool-cache';
import type { Deps } from '../deps.js';
import { Failure } from '../errors.js';
import { sha256 } from '../hash.js';
import { statusFailure } from '../http/failure.js';
import { fetchOnce } from '../http/fetch.js';
import { withRetries } from '../retry.js';
import { printable } from '../text.js';
import { ARCHIVE_LIMITS } from './archive.js';
import type { Source } from './resolve.js';
import { archiveUrl, basicAuthorization, mayRedirect } from './upstream.js';

/** An archive as it came: bytes that nobody has judged yet. */
export type Download = {
  bytes: Buffer;
  /** Of the bytes, 64 hex digits. */
  sha256: string;
  from: 'cache' | 'upstream' | 'evidence';
  /** What the server said of the time, for messages. */
  date: string;
};

const FILE_NAME = 'archive.tar.gz';
export const DEADLINE_SECONDS = 300;

/** The archive of the source's commit from upstream, in memory, capped and with deadlines. */
export async function downloadArchive(source: Source, token: string | undefined, deps: Deps): Promise<Download> {
  const url = archiveUrl(source.upstream, source.commit);
  const what = `the archive ${url.href}`;
  return withRetries(`downloading ${url.href}`, deps, async () => {
    const answer = await fetchOnce(
      url,
      {
        what,
        mayRedirect,
        authorization: token === undefined ? undefined : basicAuthorization(token),
        limits: { maxBytes: ARCHIVE_LIMITS.packedBytes, deadlineSeconds: DEADLINE_SECONDS },
      },
      deps,
    );
    if (answer.status !== 200) throw statusFailure(answer, what, token !== undefined, deps.now());
    if (answer.body[0] !== 0x1f || answer.body[1] !== 0x8b)
      throw new Failure(
        'transient',
        `${what} is not gzip but ${printable(answer.headers['content-type'] ?? 'something without a type')}. Is there a login page or a proxy between?`,
        { attempts: 2 },
      );
    return { bytes: answer.body, sha256: sha256(answer.body), from: 'upstream', date: answer.headers.date ?? '' };
  });
}

/**
 * The archive that an earlier run kept in the runner's tool cache, if it is there. It is to be judged like a download. A
 * cache that cannot be read, or a machine without one, is a cache that does not hold it.
 */
export async function cachedArchive(source: Source): Promise<Download | undefined> {
  try {
    // An empty text says that there is none, and means no file of the folder that the run works in.
    const folder = find(toolName(source), toolVersion(source), 'any') || '/nonexistent';
    const file = join(folder, FILE_NAME);
    const status = await stat(file);
    if (!status.isFile() || status.size > ARCHIVE_LIMITS.packedBytes) return undefined;
    const bytes = await readFile(file);
    return { bytes, sha256: sha256(bytes), from: 'cache', date: status.mtime.toUTCString() };
  } catch {
    // Nor does one that is not there.
  }
  return undefined;
}

/** Keeps a verified archive for later runs. A cache that cannot be written is a pity, not a failure. */
export async function keepArchive(source: Source, bytes: Buffer, deps: Deps): Promise<void> {
  try {
    await putIntoCache(source, bytes, deps.temp);
  } catch (error) {
    deps.log.warning(`the archive could not be kept for later runs: ${printable(String(error))}`);
  }
}

async function putIntoCache(source: Source, bytes: Buffer, temp: string): Promise<void> {
  const folder = await mkdtemp(join(temp, 'keep-'));
  try {
    const file = join(folder, FILE_NAME);
    await writeFile(file, bytes, { mode: 0o600 });
    await cacheFile(file, FILE_NAME, toolName(source), toolVersion(source), 'any');
  } finally {
    await rm(folder, { recursive: true });
  }
}

/** A fork has the same commits under another root folder, so each upstream has a shelf of its own. */
function toolName({ upstream }: Source): string {
  return `phantun-runtime-archive-${sha256(upstream.url)}`;
}

/** tool-cache wants versions; a letter before the id keeps an all-digit one from being a number. */
function toolVersion({ commit }: Source): string {
  return `0.0.0-c${commit}`;
}
