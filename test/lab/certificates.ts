import { type KeyObject, createHash, generateKeyPairSync, randomBytes, sign } from 'node:crypto';
import * as der from './der.js';

/** A key pair on P-256, as Sigstore's parts use them. `spki` is the public key in DER, `id` its SHA256. */
export type Keys = { readonly secret: KeyObject; readonly spki: Buffer; readonly id: Buffer };

export function newKeys(): Keys {
  const { privateKey, publicKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
  const spki = publicKey.export({ type: 'spki', format: 'der' });
  return { secret: privateKey, spki, id: createHash('sha256').update(spki).digest() };
}

/** ECDSA over SHA256, in DER. */
export function signed(data: Buffer | string, { secret }: Pick<Keys, 'secret'>): Buffer {
  return sign('sha256', Buffer.from(data), secret);
}

export type Extension = { readonly oid: string; readonly value: Buffer; readonly critical?: boolean };

/** What a certificate says, but for its signature. Names are common names; times as they are. */
export type CertificateText = {
  readonly subject: string | undefined;
  readonly issuer: string;
  readonly publicKey: Buffer;
  readonly notBefore: Date;
  readonly notAfter: Date;
  readonly extensions: readonly Extension[];
  readonly serial: Buffer;
};

const ECDSA_SHA256 = der.sequence(der.oid('1.2.840.10045.4.3.2'));

/** The part of a certificate that is signed. */
export function toBeSigned(text: CertificateText): Buffer {
  return der.sequence(
    der.tagged(0, der.integer(2)),
    der.integer(text.serial),
    ECDSA_SHA256,
    commonName(text.issuer),
    der.sequence(der.time(text.notBefore), der.time(text.notAfter)),
    text.subject === undefined ? der.sequence() : commonName(text.subject),
    text.publicKey,
    der.tagged(
      3,
      der.sequence(
        ...text.extensions.map(({ oid, value, critical }) =>
          der.sequence(der.oid(oid), ...(critical === true ? [der.boolean(true)] : []), der.octets(value)),
        ),
      ),
    ),
  );
}

export function certificate(text: CertificateText, issuer: Keys): Buffer {
  const body = toBeSigned(text);
  return der.sequence(body, ECDSA_SHA256, der.bits(signed(body, issuer)));
}

function commonName(name: string): Buffer {
  return der.sequence(der.set(der.sequence(der.oid('2.5.4.3'), der.utf8(name))));
}

export const basicConstraints = (): Extension => ({
  oid: '2.5.29.19',
  critical: true,
  value: der.sequence(der.boolean(true), der.integer(1)),
});
/** `signs`: certificates and lists of them, else data. */
export const keyUsage = (signs: boolean): Extension => ({
  oid: '2.5.29.15',
  critical: true,
  value: signs ? der.bits(Buffer.from([0x06]), 1) : der.bits(Buffer.from([0x80]), 7),
});
export const codeSigning = (): Extension => ({ oid: '2.5.29.37', value: der.sequence(der.oid('1.3.6.1.5.5.7.3.3')) });
export const subjectKeyId = ({ id }: Keys): Extension => ({ oid: '2.5.29.14', value: der.octets(id.subarray(0, 20)) });
export const authorityKeyId = ({ id }: Keys): Extension => ({
  oid: '2.5.29.35',
  value: der.sequence(der.tagged(0, id.subarray(0, 20), false)),
});
export const uriName = (uri: string): Extension => ({
  oid: '2.5.29.17',
  critical: true,
  value: der.sequence(der.tagged(6, Buffer.from(uri), false)),
});

export const addressName = (address: readonly number[]): Extension => ({
  oid: '2.5.29.17',
  value: der.sequence(der.tagged(7, Buffer.from(address), false)),
});

export function pem(certificate: Buffer): string {
  const lines = certificate.toString('base64').match(/.{1,64}/g) ?? [];
  return `-----BEGIN CERTIFICATE-----\n${lines.join('\n')}\n-----END CERTIFICATE-----\n`;
}

/** A certificate that a log vouches for (RFC 6962): it signs the certificate without its own extension. */
export function loggedCertificate(text: CertificateText, issuer: Keys, log: Keys, when: Date): Buffer {
  const timestamp = Buffer.alloc(8);
  timestamp.writeBigUInt64BE(BigInt(when.getTime()));
  const body = toBeSigned(text);
  const entry = Buffer.concat([issuer.id, number(body.length, 3), body]);
  const statement = Buffer.concat([Buffer.from([0, 0]), timestamp, number(1, 2), entry, number(0, 2)]);
  const signature = signed(statement, log);
  const sct = Buffer.concat([
    ...[Buffer.from([0]), log.id, timestamp, number(0, 2)],
    ...[Buffer.from([4, 3]), number(signature.length, 2), signature],
  ]);
  const list = Buffer.concat([number(sct.length + 2, 2), number(sct.length, 2), sct]);
  const logged = { oid: '1.3.6.1.4.1.11129.2.4.2', value: der.octets(list) };
  return certificate({ ...text, extensions: [...text.extensions, logged] }, issuer);
}

export function newSerial(): Buffer {
  return Buffer.concat([Buffer.from([0x01]), randomBytes(15)]);
}

function number(value: number, bytes: number): Buffer {
  const buffer = Buffer.alloc(bytes);
  buffer.writeUIntBE(value, 0, bytes);
  return buffer;
}
