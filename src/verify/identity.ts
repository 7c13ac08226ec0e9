import type { Signer } from '@sigstore/verify';
import { Failure } from '../errors.js';
import { printable } from '../text.js';

/** Who must have signed. Everything is compared whole. */
export type ExpectedSigner = {
  /** OWNER/REPO, whose workflow run it must have been. */
  publisher: string;
  /** OWNER/REPO/.github/workflows/FILE@REF, the workflow that must have signed. */
  signer: string | undefined;
  /** OWNER/REPO/.github/workflows/FILE, the workflow that must have signed, at whatever ref. */
  signerWorkflow: string | undefined;
  /** Commit that the signing workflow must be of. */
  signerDigest: string | undefined;
  allowSelfHosted: boolean;
};

/** What a certificate of Fulcio says of the run that it was issued to. Empty where it says nothing. */
export type SignerFacts = Record<keyof typeof EXTENSIONS | 'name', string>;

/** A field that is not what it must be. */
export type Difference = { field: string; expected: string; found: string };

/** Fulcio's extensions that hold DER texts: github.com/sigstore/fulcio/blob/main/docs/oid-info.md. */
const EXTENSIONS = {
  issuer: '1.3.6.1.4.1.57264.1.8',
  signer: '1.3.6.1.4.1.57264.1.9',
  signerDigest: '1.3.6.1.4.1.57264.1.10',
  runner: '1.3.6.1.4.1.57264.1.11',
  source: '1.3.6.1.4.1.57264.1.12',
  run: '1.3.6.1.4.1.57264.1.21',
} as const;

const GITHUB = 'https://github.com/';
const ISSUER = 'https://token.actions.githubusercontent.com';
/** The one workflow of this project that signs, where only its commit is asked for. */
const OWN_WORKFLOW = '.github/workflows/build.yml';

/** Reads the facts of a certificate that has been verified. An extension that is there twice is refused. */
export function signerFacts({ identity }: Signer): SignerFacts {
  const values = new Map<string, Buffer>();
  for (const { oid, value } of identity?.oids ?? []) {
    const id = oid?.id.join('.') ?? '';
    if (values.has(id)) throw new Failure('verification', `the certificate has the extension ${id} twice`);
    values.set(id, value);
  }
  const texts = Object.entries(EXTENSIONS).map(([name, id]) => [name, derText(values.get(id), name)]);
  return {
    ...(Object.fromEntries(texts) as Record<keyof typeof EXTENSIONS, string>),
    name: identity?.subjectAlternativeName ?? '',
  };
}

const UTF8_STRING = 0x0c;

/** A UTF8String in DER, whole, with the one length form that DER allows; empty when there is none. */
function derText(bytes: Buffer | undefined, what: string): string {
  if (bytes === undefined) return '';
  const short = bytes[1] ?? 0;
  const lengthBytes = Math.max(0, short - 0x80);
  const start = 2 + lengthBytes;
  const length = short < 0x80 ? short : lengthBytes > 0 && lengthBytes <= 2 ? bytes.readUIntBE(2, lengthBytes) : -1;
  const minimal = lengthBytes === 0 || length >= (lengthBytes === 1 ? 0x80 : 0x100);
  if (bytes[0] !== UTF8_STRING || !minimal || bytes.length !== start + length)
    throw new Failure('verification', `the certificate's extension ${what} is not a text`);
  return new TextDecoder().decode(bytes.subarray(start));
}

/**
 * Fields in which the signer is not the expected one; empty when it is. A workflow's identity is the certificate's name
 * (`https://github.com/OWNER/REPO/.github/workflows/FILE@REF`), and the Build Signer URI says the same. Pure.
 */
export function identityDifferences(facts: SignerFacts, expected: ExpectedSigner): Difference[] {
  const { publisher, signerDigest, allowSelfHosted } = expected;
  const workflow = parseWorkflow(facts.name);
  const compare = (field: string, wanted: string, found: string): Difference[] =>
    found === wanted ? [] : [{ field, expected: shown(wanted), found: shown(found) }];
  return [
    ...compare('issuer', ISSUER, facts.issuer),
    ...compare('source repository', GITHUB + publisher, facts.source),
    ...signerName(expected, facts, workflow),
    ...(signerDigest === undefined ? [] : compare('signer digest', signerDigest, facts.signerDigest)),
    ...compare('build signer URI', facts.name, facts.signer),
    ...(allowSelfHosted ? [] : compare('runner environment', 'github-hosted', facts.runner)),
  ];
}

function signerName(
  { signer, signerWorkflow, signerDigest, publisher }: ExpectedSigner,
  { name }: SignerFacts,
  workflow: Workflow | undefined,
): Difference[] {
  if (signer !== undefined)
    return name === GITHUB + signer
      ? []
      : [{ field: 'signing workflow', expected: GITHUB + signer, found: shown(name) }];
  if (signerWorkflow !== undefined)
    return workflow !== undefined && `${workflow.repository}/${workflow.path}` === signerWorkflow
      ? []
      : [{ field: 'signing workflow', expected: `${GITHUB}${signerWorkflow} at any ref`, found: shown(name) }];
  // A commit says which file's text, but not which file: of that commit it must be the one that signs here.
  if (signerDigest !== undefined)
    return workflow?.path === OWN_WORKFLOW
      ? []
      : [
          {
            field: 'signing workflow',
            expected: `${OWN_WORKFLOW} of any repository, at the given commit`,
            found: shown(name),
          },
        ];
  return workflow?.repository === publisher
    ? []
    : [
        {
          field: 'signing workflow',
          expected: `a workflow of ${publisher}, as no --signer was given`,
          found: shown(name),
        },
      ];
}

type Workflow = { repository: string; path: string };

/** The parts of a workflow's name, from its own grammar; undefined for what is no such name. Its ref may be any. */
function parseWorkflow(name: string): Workflow | undefined {
  const match =
    /^https:\/\/github\.com\/([A-Za-z0-9-]+\/[A-Za-z0-9._-]+)\/(\.github\/workflows\/[A-Za-z0-9._-]+)@[^\s@]+$/.exec(
      name,
    );
  return match ? { repository: match[1] ?? '', path: match[2] ?? '' } : undefined;
}

function shown(text: string): string {
  return text === '' ? 'nothing' : printable(text);
}
