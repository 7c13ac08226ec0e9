import { Failure } from '../errors.js';
import { type Reference, parseImage } from '../image/reference.js';
import { printable } from '../text.js';
import type { ExpectedSigner } from './identity.js';

/** What `verify` is asked, as text, as the command line gives it. */
export type RawVerifyOptions = {
  image: string;
  publisher?: string | undefined;
  signer?: string | undefined;
  signerWorkflow?: string | undefined;
  signerDigest?: string | undefined;
  bundle?: string | undefined;
  trustedRoot?: string | undefined;
  /** `github-hosted`, which is the default, or `any`. */
  runners?: string | undefined;
};

/** What `verify` is asked. */
export type VerifyOptions = {
  image: Reference;
  expected: ExpectedSigner;
  /** File with signed bundles, instead of the registry's. */
  bundle: string | undefined;
  /** File with a trusted root, instead of that of Sigstore's public instance. */
  trustedRoot: string | undefined;
};

const OWNER_REPOSITORY = /^[A-Za-z0-9](?:[A-Za-z0-9-]*[A-Za-z0-9])?\/[A-Za-z0-9._-]+$/;
const FILE = String.raw`[A-Za-z0-9-]+/[A-Za-z0-9._-]+/\.github/workflows/[A-Za-z0-9._-]+\.ya?ml`;
const WORKFLOW = new RegExp(`^${FILE}$`);
const SIGNER = new RegExp(`^${FILE}@[^\\s@]+$`);
const COMMIT = /^[0-9a-f]{40}$/;

/** Text → what to verify, or a Failure (class input) that says what to change. Pure. */
export function parseVerifyOptions(raw: RawVerifyOptions): VerifyOptions {
  if (raw.signer !== undefined && raw.signerWorkflow !== undefined)
    throw new Failure('input', '--signer and --signer-workflow: the one names a ref, the other allows any. Give one');
  return {
    image: parseImage(raw.image),
    expected: {
      publisher: parsePublisher(raw.publisher),
      signer: parseSigner(raw.signer),
      signerWorkflow: parseSignerWorkflow(raw.signerWorkflow),
      signerDigest: parseCommit(raw.signerDigest),
      allowSelfHosted: parseRunners(raw.runners),
    },
    bundle: raw.bundle,
    trustedRoot: raw.trustedRoot,
  };
}

function parseRunners(text: string | undefined): boolean {
  if (text === undefined || text === 'github-hosted') return false;
  if (text === 'any') return true;
  throw new Failure('input', `--runners: '${printable(text)}' is neither github-hosted, the default, nor any`);
}

function parsePublisher(text: string | undefined): string {
  if (text === undefined || text === '')
    throw new Failure(
      'input',
      '--publisher is needed: the repository, OWNER/REPO, whose workflow you trust to publish. What an image says of its own publisher proves nothing',
    );
  if (!OWNER_REPOSITORY.test(text) || /\/\.{1,2}$/.test(text))
    throw new Failure('input', `--publisher: '${printable(text)}' is not a repository. Write OWNER/REPO`);
  return text;
}

function parseSigner(text: string | undefined): string | undefined {
  if (text === undefined) return undefined;
  const signer = text.replace(/^https:\/\/github\.com\//, '');
  if (!SIGNER.test(signer))
    throw new Failure(
      'input',
      `--signer: '${printable(text)}' is not a workflow at a ref. Write OWNER/REPO/.github/workflows/FILE@REF, the ref in full (refs/heads/main, refs/tags/v1) or a commit id`,
    );
  return signer;
}

function parseSignerWorkflow(text: string | undefined): string | undefined {
  if (text === undefined) return undefined;
  if (!WORKFLOW.test(text))
    throw new Failure(
      'input',
      `--signer-workflow: '${printable(text)}' is not a workflow. Write OWNER/REPO/.github/workflows/FILE, without a ref`,
    );
  return text;
}

function parseCommit(text: string | undefined): string | undefined {
  if (text === undefined) return undefined;
  if (!COMMIT.test(text))
    throw new Failure(
      'input',
      `--signer-digest: '${printable(text)}' is not a full commit id of 40 lower-case hex digits`,
    );
  return text;
}
