import { TrustedRoot } from '@sigstore/protobuf-specs';
import { Verifier, toTrustMaterial } from '@sigstore/verify';
import type { Deps } from '../deps.js';
import { Failure } from '../errors.js';
import { parseJson } from '../json.js';
import { printable } from '../text.js';
import { readGivenFile } from '../files.js';
import { MAX_METADATA_BYTES, SIGSTORE, fetchTarget } from './tuf.js';

/**
 * Verifiers for the keys of a trusted-root file, one JSON a line (as `gh attestation trusted-root` prints them) or one in
 * all; without a file for those of Sigstore's public instance, from its TUF repository.
 */
export async function openVerifiers(file: string | undefined, deps: Deps): Promise<Verifier[]> {
  if (file === undefined) return [verifierOf(await publicRoot(deps), 'Sigstore’s trusted root')];
  const text = String(await readGivenFile('--trusted-root', file, MAX_METADATA_BYTES));
  return parseRoots(text, file).map((root) => verifierOf(root, `--trusted-root ${printable(file, 1_000)}`));
}

function parseRoots(text: string, file: string): TrustedRoot[] {
  const parse = (json: string) => TrustedRoot.fromJSON(JSON.parse(json));
  const refuse = (cause?: unknown) =>
    new Failure('input', `--trusted-root: ${printable(file, 1_000)} is not a Sigstore trusted root in JSON`, { cause });
  try {
    return [parse(text)];
  } catch {
    // then it is one a line
  }
  const lines = text.split('\n').filter((line) => line.trim() !== '');
  if (lines.length === 0) throw refuse();
  try {
    return lines.map(parse);
  } catch (cause) {
    throw refuse(cause);
  }
}

/**
 * A verifier that wants a proof from every kind of log the root knows. An instance without a log of its own (GitHub's, for
 * private repositories) proves the time by an authority for timestamps instead; without any proof of time nothing passes.
 */
function verifierOf(root: TrustedRoot, what: string): Verifier {
  if (root.certificateAuthorities.length === 0)
    throw new Failure('input', `${what} names no certificate authority, so nothing could be verified with it`);
  const atLeastOneOf = (logs: readonly unknown[]) => (logs.length > 0 ? 1 : 0);
  return new Verifier(toTrustMaterial(root), {
    tlogThreshold: atLeastOneOf(root.tlogs),
    ctlogThreshold: atLeastOneOf(root.ctlogs),
    timestampThreshold: 1,
  });
}

async function publicRoot(deps: Deps): Promise<TrustedRoot> {
  const bytes = await fetchTarget(SIGSTORE, 'trusted_root.json', deps);
  return TrustedRoot.fromJSON(parseJson(bytes, 'Sigstore’s trusted root'));
}
