import { Readable } from 'node:stream';
import seeds from '@sigstore/tuf/seeds.json' with { type: 'json' };
import { TrustedMetadataStore } from 'tuf-js/dist/store.js';
import type { Deps } from '../deps.js';
import { Failure, toFailure } from '../errors.js';
import { fetchOnce } from '../http/fetch.js';
import { withRetries } from '../retry.js';
import { printable } from '../text.js';

/** A repository of The Update Framework: where it is, and the root metadata that is trusted to begin with. */
export type TufRepository = { url: string; root: Buffer };

const SIGSTORE_URL = 'https://tuf-repo-cdn.sigstore.dev';

/** The repository of Sigstore's public instance; its first root comes with Sigstore's library. */
export const SIGSTORE: TufRepository = {
  url: SIGSTORE_URL,
  root: Buffer.from(seeds[SIGSTORE_URL]['root.json'], 'base64'),
};

/** As in the TUF client that most use: more is no repository of this kind. */
const MAX_ROOTS = 256;
/** The most that a file with keys, or a signed list of such files, may have. */
export const MAX_METADATA_BYTES = 5_000_000;

/**
 * Gets a target, by the client workflow of the TUF specification (theupdateframework.github.io/specification, 5). The
 * library judges every signature, version, hash and date; here is only the order and the way there. Nothing is kept from
 * one run to the next, so what bounds an old answer is its date of expiry: a week in Sigstore's repository. Failures: class
 * verification for what is not rightly signed, transient for what cannot be reached.
 */
export async function fetchTarget({ url, root }: TufRepository, name: string, deps: Deps): Promise<Buffer> {
  const what = `reading ${name} of ${url}`;
  const get = (path: string) => withRetries(what, deps, () => download(`${url}/${path}`, what, deps));
  const need = async (path: string): Promise<Buffer> => {
    const bytes = await get(path);
    if (bytes === undefined)
      throw new Failure('transient', `${what}: there is no ${path}. Without a way there, give --trusted-root FILE`);
    return bytes;
  };
  const store = new TrustedMetadataStore(root);
  const first = store.root.signed.version + 1;
  for (let version = first; version < first + MAX_ROOTS; version++) {
    const next = await get(`${version}.root.json`);
    if (next === undefined) break;
    trust(what, () => store.updateRoot(next));
  }
  const numbered = (version: number) => (store.root.signed.consistentSnapshot ? `${version}.` : '');
  const timestamp = await need('timestamp.json');
  const { snapshotMeta } = trust(what, () => store.updateTimestamp(timestamp)).signed;
  const snapshot = await need(`${numbered(snapshotMeta.version)}snapshot.json`);
  const { meta } = trust(what, () => store.updateSnapshot(snapshot)).signed;
  const targets = await need(`${numbered(meta['targets.json']?.version ?? 0)}targets.json`);
  trust(what, () => store.updateDelegatedTargets(targets, 'targets', 'root'));
  const target = store.targets?.signed.targets[name];
  if (target === undefined) throw new Failure('verification', `${what}: the repository has no such target`);
  const hash = store.root.signed.consistentSnapshot ? `${Object.values(target.hashes)[0] ?? ''}.` : '';
  const bytes = await need(`targets/${hash}${name}`);
  await target.verify(Readable.from([bytes])).catch((cause: unknown) => {
    throw refused(what, cause);
  });
  return bytes;
}

async function download(address: string, what: string, deps: Deps): Promise<Buffer | undefined> {
  const url = new URL(address);
  const options = { what, limits: { maxBytes: MAX_METADATA_BYTES, deadlineSeconds: 60 } };
  const { status, body } = await fetchOnce(
    url,
    { ...options, mayRedirect: (from, to) => from.origin === to.origin },
    deps,
  );
  if (status === 200) return body;
  if (status === 403 || status === 404) return undefined;
  throw new Failure(
    'transient',
    `${what}: ${url.host} answered ${status}. Without a way there, give --trusted-root FILE`,
  );
}

function trust<T>(what: string, body: () => T): T {
  try {
    return body();
  } catch (cause) {
    throw refused(what, cause);
  }
}

function refused(what: string, cause: unknown): Failure {
  const why = printable(toFailure(cause).message);
  return new Failure('verification', `${what}: the repository's metadata cannot be trusted: ${why}`, { cause });
}
