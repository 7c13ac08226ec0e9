import { Failure } from '../errors.js';
import { withoutSecrets } from '../text.js';

/** A repository on a host that serves `<url>/archive/<commit>.tar.gz`: GitHub, Gitea, Forgejo. */
export type Upstream = {
  /** Normalised address, without a trailing slash or `.git`. */
  url: string;
  origin: string;
};

const PART = /^[A-Za-z0-9_][A-Za-z0-9._-]{0,99}$/;
const HOST = /^[a-z0-9]([a-z0-9.-]{0,251}[a-z0-9])?(:[0-9]{1,5})?$/;
const LOOPBACK = /^(127\.[0-9]{1,3}\.[0-9]{1,3}\.[0-9]{1,3}|localhost|\[::1\])(:[0-9]{1,5})?$/;

/**
 * Parses an upstream by a grammar of its own, whole and untrimmed, so that nothing a URL parser would mend or hide gets
 * through: user names, ports with tricks, `..`, escapes, queries, look-alike letters.
 */
export function parseUpstream(text: string): Upstream {
  const refuse = (why: string): never => {
    const shown = withoutSecrets(text);
    throw new Failure(
      'input',
      `input upstream: '${shown}' ${why}. Give an address such as https://github.com/dndx/phantun`,
    );
  };
  const match = /^(https?):\/\/([^/]*)\/([^/]*)\/([^/]*)$/.exec(text.replace(/\/$/, ''));
  if (match === null) return refuse('is not of the form https://HOST/OWNER/REPOSITORY');
  const [, scheme = '', host = '', owner = '', lastPart = ''] = match;
  const name = lastPart.replace(/\.git$/, '');
  if (!HOST.test(host) && !LOOPBACK.test(host))
    return refuse('has a host that is none (lower-case letters, digits, dots)');
  if (host.includes('..')) return refuse('has a host that is none (lower-case letters, digits, dots)');
  if (scheme === 'http' && !LOOPBACK.test(host)) return refuse('is plain http, which is for loopback addresses only');
  for (const part of [owner, name])
    if (!PART.test(part) || part.includes('..') || part.endsWith('.git'))
      return refuse('has an owner or a repository name that is none');
  const port = Number(/:([0-9]+)$/.exec(host)?.[1] ?? 443);
  if (port < 1 || port > 65_535) return refuse('has a port that is none');
  const origin = `${scheme}://${host}`;
  const url = `${origin}/${owner}/${name}`;
  if (!URL.canParse(url) || new URL(url).href !== url)
    return refuse('has a host or port in a form that programs read differently');
  return { url, origin };
}

/** The address of the archive of one commit. */
export function archiveUrl(upstream: Upstream, commit: string): URL {
  return new URL(`${upstream.url}/archive/${commit}.tar.gz`);
}

/** Where upstream may send us for an archive: GitHub to its own download host, everybody else nowhere but home. */
export function mayRedirect(from: URL, to: URL): boolean {
  if (to.username !== '' || to.password !== '') return false;
  return to.origin === (from.origin === 'https://github.com' ? 'https://codeload.github.com' : from.origin);
}

/** The value of an authorization header for git and archives. GitHub and Gitea take a token as a password. */
export function basicAuthorization(token: string): string {
  return `Basic ${Buffer.from(`x-access-token:${token}`).toString('base64')}`;
}
