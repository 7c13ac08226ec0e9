import {
  type CertificateText,
  type Extension,
  authorityKeyId,
  basicConstraints,
  certificate,
  codeSigning,
  keyUsage,
  loggedCertificate,
  newKeys,
  newSerial,
  signed,
  subjectKeyId,
  uriName,
} from './certificates.js';
import * as der from './der.js';
import { LOG_NAME, type LogEntry, logEntry } from './transparencyLog.js';

export type { LogEntry } from './transparencyLog.js';

/** What a certificate of Fulcio says of a workflow run; the names are those of its documents. */
export type WorkflowIdentity = {
  /** `https://github.com/org/repo/.github/workflows/build.yml@refs/heads/main`: subject and Build Signer URI. */
  readonly signer: string;
  readonly signerDigest: string;
  readonly issuer: string;
  readonly runner: string;
  /** `https://github.com/org/repo` */
  readonly source: string;
  readonly sourceDigest: string;
  readonly sourceRef: string;
  readonly trigger: string;
  readonly run: string;
};

/** An in-toto statement, or whatever a test wants signed instead. */
export type Signable = { readonly payload: Buffer; readonly payloadType?: string };

export type SigningOptions = {
  /** When the certificate begins to be valid; ten minutes later it ends. Default: the time of signing. */
  readonly certified?: Date;
  /** When the log says that it saw the signature. */
  readonly logged?: Date;
  /** Whether no log of certificates vouches for the certificate. */
  readonly unseen?: boolean;
};

/** A bundle, version 0.3, in JSON. */
export type SignedBundle = {
  mediaType: string;
  verificationMaterial: { certificate: { rawBytes: string }; tlogEntries: LogEntry[] };
  dsseEnvelope: { payload: string; payloadType: string; signatures: { sig: string }[] };
};

/** The keys of a Sigstore instance, as trusted_root.json has them. */
export type TrustedRootText = {
  mediaType: string;
  tlogs: object[];
  certificateAuthorities: object[];
  ctlogs: object[];
  timestampAuthorities: object[];
};

/** A Sigstore of the lab's own: a certificate authority with Fulcio's extensions, a certificate log, a transparency log. */
export type Sigstore = {
  /** trusted_root.json of this instance. */
  readonly trustedRoot: TrustedRootText;
  /** Signs as actions/attest does. */
  readonly sign: (what: Signable, identity: WorkflowIdentity, options?: SigningOptions) => SignedBundle;
};

const FULCIO = '1.3.6.1.4.1.57264.1';
const CERTIFICATE_MINUTES = 10;
const YEAR_MS = 365 * 24 * 3_600_000;

export const BUNDLE_TYPE = 'application/vnd.dev.sigstore.bundle.v0.3+json';

/** Starts from fresh keys. Nothing runs: certificates and log entries are made as they are asked for. */
export function createSigstore(now = new Date()): Sigstore {
  const [root, authority, certificateLog, log] = [newKeys(), newKeys(), newKeys(), newKeys()];
  const since = new Date(now.getTime() - YEAR_MS);
  const until = new Date(now.getTime() + YEAR_MS);
  const ca = { notBefore: since, notAfter: until };
  const rootCertificate = certificate(
    {
      ...{
        ...ca,
        subject: 'sigstore.lab root',
        issuer: 'sigstore.lab root',
        publicKey: root.spki,
        serial: newSerial(),
      },
      extensions: [keyUsage(true), basicConstraints(), subjectKeyId(root)],
    },
    root,
  );
  const authorityCertificate = certificate(
    {
      ...{
        ...ca,
        subject: 'sigstore.lab',
        issuer: 'sigstore.lab root',
        publicKey: authority.spki,
        serial: newSerial(),
      },
      extensions: [
        ...[
          keyUsage(true),
          codeSigning(),
          { ...basicConstraints(), value: der.sequence(der.boolean(true), der.integer(0)) },
        ],
        ...[subjectKeyId(authority), authorityKeyId(root)],
      ],
    },
    root,
  );
  const validFor = { start: since.toISOString() };
  const logInstance = (keys: typeof log, baseUrl: string) => ({
    baseUrl,
    hashAlgorithm: 'SHA2_256',
    publicKey: { rawBytes: keys.spki.toString('base64'), keyDetails: 'PKIX_ECDSA_P256_SHA_256', validFor },
    logId: { keyId: keys.id.toString('base64') },
  });
  return {
    trustedRoot: {
      mediaType: 'application/vnd.dev.sigstore.trustedroot+json;version=0.1',
      tlogs: [logInstance(log, `https://${LOG_NAME}`)],
      certificateAuthorities: [
        {
          subject: { organization: 'sigstore.lab', commonName: 'sigstore.lab' },
          uri: 'https://fulcio.sigstore.lab',
          certChain: { certificates: [authorityCertificate, rootCertificate].map(asRawBytes) },
          validFor,
        },
      ],
      ctlogs: [logInstance(certificateLog, 'https://ctfe.sigstore.lab')],
      timestampAuthorities: [],
    },
    sign: ({ payload, payloadType = 'application/vnd.in-toto+json' }, identity, options = {}) => {
      const certified = options.certified ?? now;
      const logged = options.logged ?? certified;
      const signer = newKeys();
      const text: CertificateText = {
        ...{ subject: undefined, issuer: 'sigstore.lab', publicKey: signer.spki, serial: newSerial() },
        notBefore: certified,
        notAfter: new Date(certified.getTime() + CERTIFICATE_MINUTES * 60_000),
        extensions: [
          ...[keyUsage(false), codeSigning(), subjectKeyId(signer), authorityKeyId(authority)],
          ...[uriName(identity.signer), ...fulcioExtensions(identity)],
        ],
      };
      const leaf =
        options.unseen === true
          ? certificate(text, authority)
          : loggedCertificate(text, authority, certificateLog, certified);
      const signature = signed(preAuthentication(payloadType, payload), signer);
      const envelope = {
        payload: payload.toString('base64'),
        payloadType,
        signatures: [{ sig: signature.toString('base64') }],
      };
      return {
        mediaType: BUNDLE_TYPE,
        verificationMaterial: {
          certificate: asRawBytes(leaf),
          tlogEntries: [logEntry(log, payload, envelope, signature, leaf, logged)],
        },
        dsseEnvelope: envelope,
      };
    },
  };
}

/** Extensions by Fulcio's numbers; the old ones, up to 6, are bare text. github.com/sigstore/fulcio/blob/main/docs/oid-info.md */
function fulcioExtensions(identity: WorkflowIdentity): Extension[] {
  const repository = identity.source.replace('https://github.com/', '');
  const bare = {
    1: identity.issuer,
    2: identity.trigger,
    3: identity.sourceDigest,
    5: repository,
    6: identity.sourceRef,
  };
  const texts = {
    8: identity.issuer,
    9: identity.signer,
    10: identity.signerDigest,
    11: identity.runner,
    12: identity.source,
    13: identity.sourceDigest,
    14: identity.sourceRef,
    16: identity.source.replace(/\/[^/]*$/, ''),
    18: identity.signer,
    19: identity.signerDigest,
    20: identity.trigger,
    21: identity.run,
    22: 'public',
  };
  return [
    ...Object.entries(bare).map(([number, text]) => ({ oid: `${FULCIO}.${number}`, value: Buffer.from(text) })),
    ...Object.entries(texts).map(([number, text]) => ({ oid: `${FULCIO}.${number}`, value: der.utf8(text) })),
  ];
}

/** What DSSE signs: github.com/secure-systems-lab/dsse. */
function preAuthentication(type: string, payload: Buffer): Buffer {
  return Buffer.concat([Buffer.from(`DSSEv1 ${Buffer.byteLength(type)} ${type} ${payload.length} `), payload]);
}

function asRawBytes(bytes: Buffer): { rawBytes: string } {
  return { rawBytes: bytes.toString('base64') };
}
