import { readFile } from 'node:fs/promises';
import { homedir } from 'node:os';
import { join } from 'node:path';
import type { Deps } from '../deps.js';
import { Failure, toFailure } from '../errors.js';
import type { Digest } from '../hash.js';
import { askedWait, isRedirect } from '../http/failure.js';
import { type Answer, type FetchOptions, fetchOnce } from '../http/fetch.js';
import { asList, asObject, parseJson } from '../json.js';
import { withRetries } from '../retry.js';
import { printable } from '../text.js';
import { MAX_JSON_BYTES } from './layout/limits.js';
import { isLoopback, originOf, registryOf } from './reference.js';

const MAX_PAGES = 10;
const WHAT = 'asking the registry what refers to the image';
const LIMITS = { maxBytes: MAX_JSON_BYTES, deadlineSeconds: 60 };
/** What registries without this API answer, if they do not redirect to a page for people (GHCR) or send one with 200. */
const NO_API = [400, 401, 403, 404, 405, 406];

/**
 * What a registry lists as referring to a digest (OCI distribution-spec 1.1, the referrers API), unread; undefined where it
 * has no such API, as many have not: a tag stands in for it. One that does not answer may have one, and is a failure.
 */
export async function askReferrers(
  repository: string,
  digest: Digest,
  artifactType: string,
  deps: Deps,
): Promise<unknown[] | undefined> {
  const origin = originOf(repository);
  const path = repository.slice(repository.indexOf('/') + 1);
  const address = new URL(`/v2/${path}/referrers/${digest}`, origin);
  address.searchParams.set('artifactType', artifactType);
  const first = await readPage(address, repository, deps).catch((error: unknown) => {
    const failure = toFailure(error);
    if (failure.kind !== 'verification') throw failure;
    deps.log.info(`The referrers API of ${registryOf(repository)} did not answer (${printable(failure.message)})`);
    return undefined;
  });
  if (first?.status !== 200) return undefined;
  return [...first.items, ...(await furtherPages(first.next, repository, deps))];
}

/** A page of the list of referrers; without items where the status is not 200. */
type Page = { status: number; items: unknown[]; next: URL | undefined };

async function readPage(url: URL, repository: string, deps: Deps): Promise<Page> {
  const answer = await withRetries(WHAT, deps, () => ask(url, repository, deps));
  const { status } = answer;
  if (status !== 200) return { status, items: [], next: undefined };
  const body = asObject(parseJson(answer.body, 'the list of referrers'), 'the list of referrers');
  return { status, items: asList(body.manifests ?? [], 'the list of referrers'), next: nextPage(answer, url) };
}

/** What the pages after the first list. There is an API, so what is not listed for want of an answer must not pass as not there. */
async function furtherPages(second: URL | undefined, repository: string, deps: Deps): Promise<unknown[]> {
  const found: unknown[][] = [];
  let next = second;
  for (let page = 2; next !== undefined; page++) {
    if (page > MAX_PAGES)
      throw new Failure(
        'verification',
        `${WHAT}: ${next.host} lists more than the ${MAX_PAGES} pages that are looked at. Remove what nobody needs`,
      );
    const { status, items, next: after }: Page = await readPage(next, repository, deps);
    if (status !== 200)
      throw new Failure('registry', `${WHAT}: ${next.host} answered ${status} to page ${page} of its own list`);
    found.push(items);
    next = after;
  }
  return found.flat();
}

/** One GET; where a token is wanted, it is fetched as the registry says and the question asked once more. */
async function ask(url: URL, repository: string, deps: Deps): Promise<Answer> {
  const headers = { accept: 'application/vnd.oci.image.index.v1+json' };
  const first = await get(url, { what: WHAT, headers }, deps);
  if (first.status !== 401) return first;
  const authorization = await answerChallenge(first.headers['www-authenticate'] ?? '', repository, deps);
  if (authorization === undefined) return first;
  return get(url, { what: WHAT, headers, authorization }, deps);
}

/** One GET, whose answer is 200 or a no; whatever else a server says it may say otherwise in a moment. */
async function get(address: URL, options: FetchOptions, deps: Deps): Promise<Answer> {
  const answer = await fetchOnce(address, { ...options, limits: LIMITS }, deps);
  const { status, headers, url } = answer;
  if (status === 200 || isRedirect(status) || NO_API.includes(status)) return answer;
  throw new Failure(status === 429 ? 'rate-limit' : 'transient', `${options.what}: ${url.host} answered ${status}`, {
    retryAfterSeconds: askedWait(headers, deps.now()),
  });
}

/** github.com/distribution/distribution/blob/main/docs/content/spec/auth/token.md */
async function answerChallenge(challenge: string, repository: string, deps: Deps): Promise<string | undefined> {
  const login = await basicLogin(registryOf(repository));
  if (/^basic /i.test(challenge)) return login;
  const field = (name: string) => new RegExp(`\\b${name}="([^"]*)"`).exec(challenge)?.[1];
  const address = field('realm') ?? '';
  if (!/^bearer /i.test(challenge) || !URL.canParse(address)) return undefined;
  const realm = new URL(address);
  // A login leaves this machine only encrypted, as everywhere; and a registry elsewhere has no say in what is asked on it.
  const isAllowed = isLoopback(`${realm.host}/x`) ? isLoopback(repository) : realm.protocol === 'https:';
  if (!isAllowed) return undefined;
  const service = field('service');
  if (service !== undefined) realm.searchParams.set('service', service);
  realm.searchParams.set('scope', `repository:${repository.slice(repository.indexOf('/') + 1)}:pull`);
  const answer = await get(realm, { what: 'asking for a token to read', authorization: login }, deps);
  if (answer.status !== 200) return undefined;
  const { token, access_token: accessToken } = asObject(parseJson(answer.body, 'the token'), 'the token');
  const value = typeof token === 'string' ? token : accessToken;
  return typeof value === 'string' && /^[\x21-\x7e]+$/.test(value) ? `Bearer ${value}` : undefined;
}

/** The login that `docker login` wrote into its config.json; credential helpers are skopeo's and docker's matter. */
export async function basicLogin(registry: string, home = homedir()): Promise<string | undefined> {
  const file = join((process.env.DOCKER_CONFIG ?? '') || join(home, '.docker'), 'config.json');
  const text = await readFile(file).catch(() => undefined);
  if (text === undefined) return undefined;
  const { auths } = asObject(parseJson(text, 'docker’s config.json'), 'docker’s config.json');
  const names = registry === 'docker.io' ? ['https://index.docker.io/v1/'] : [registry, `https://${registry}`];
  for (const name of names) {
    const { auth } = asObject(asObject(auths ?? {}, 'auths')[name] ?? {}, 'auth');
    if (typeof auth === 'string' && /^[A-Za-z0-9+/=]+$/.test(auth)) return `Basic ${auth}`;
  }
  return undefined;
}

/** The `next` of a Link header (RFC 8288), if it stays with the same registry. */
function nextPage({ headers }: Answer, from: URL): URL | undefined {
  const link = /<([^>]+)>\s*;\s*rel="?next"?/.exec(String(headers.link ?? ''))?.[1];
  if (link === undefined || !URL.canParse(link, from.href)) return undefined;
  const to = new URL(link, from);
  return to.origin === from.origin ? to : undefined;
}
