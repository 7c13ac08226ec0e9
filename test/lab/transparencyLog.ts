import { createHash } from 'node:crypto';
import { type Keys, pem, signed } from './certificates.js';

/** The log's host name, and the first word of its checkpoints. */
export const LOG_NAME = 'rekor.sigstore.lab';

/** An entry of a transparency log, as a bundle carries it. */
export type LogEntry = {
  logIndex: string;
  logId: { keyId: string };
  kindVersion: { kind: string; version: string };
  integratedTime: string;
  inclusionPromise: { signedEntryTimestamp: string };
  inclusionProof: {
    logIndex: string;
    treeSize: string;
    rootHash: string;
    hashes: string[];
    checkpoint: { envelope: string };
  };
  canonicalizedBody: string;
};

/** The entry of a log that has this one alone, with its promise and its proof. */
export function logEntry(
  log: Keys,
  payload: Buffer,
  envelope: object,
  signature: Buffer,
  leaf: Buffer,
  when: Date,
): LogEntry {
  const hex = (bytes: Buffer | string) => createHash('sha256').update(bytes).digest('hex');
  const body = Buffer.from(
    JSON.stringify({
      apiVersion: '0.0.1',
      kind: 'dsse',
      spec: {
        envelopeHash: { algorithm: 'sha256', value: hex(JSON.stringify(envelope)) },
        payloadHash: { algorithm: 'sha256', value: hex(payload) },
        signatures: [{ signature: signature.toString('base64'), verifier: Buffer.from(pem(leaf)).toString('base64') }],
      },
    }),
  );
  const integratedTime = Math.floor(when.getTime() / 1_000);
  const promised = JSON.stringify({
    body: body.toString('base64'),
    integratedTime,
    logID: log.id.toString('hex'), // keys in the order of canonical JSON
    logIndex: 0,
  });
  const rootHash = createHash('sha256')
    .update(Buffer.from([0]))
    .update(body)
    .digest();
  // The number of the tree behind the name is Rekor 1's; without it verifiers take the entry for one of Rekor 2.
  const note = `${LOG_NAME} - 1\n1\n${rootHash.toString('base64')}\n`;
  const mark = Buffer.concat([log.id.subarray(0, 4), signed(note, log)]).toString('base64');
  return {
    logIndex: '0',
    logId: { keyId: log.id.toString('base64') },
    kindVersion: { kind: 'dsse', version: '0.0.1' },
    integratedTime: String(integratedTime),
    inclusionPromise: { signedEntryTimestamp: signed(promised, log).toString('base64') },
    inclusionProof: {
      ...{ logIndex: '0', treeSize: '1', rootHash: rootHash.toString('base64'), hashes: [] },
      checkpoint: { envelope: `${note}\n— ${LOG_NAME} ${mark}\n` },
    },
    canonicalizedBody: body.toString('base64'),
  };
}
