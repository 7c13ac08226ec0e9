import { readFileSync } from 'node:fs';

const input = (name) => process.env[`INPUT_${name.toUpperCase()}`] ?? '';
if (input('push-to-registry') !== 'true') throw new Error('the bundle would not be beside the image');
const sbom = input('sbom-path');
const path = sbom || input('predicate-path');
const types = { sbom: 'https://cyclonedx.org/bom', none: 'https://slsa.dev/provenance/v1' };
const statement = {
  _type: 'https://in-toto.io/Statement/v1',
  subject: [{ name: input('subject-name'), digest: { sha256: input('subject-digest').replace('sha256:', '') } }],
  predicateType: sbom ? types.sbom : input('predicate-type') || types.none,
  predicate: path === '' ? {} : JSON.parse(readFileSync(path, 'utf8')),
};
const answer = await fetch(process.env.STAND_IN_SIGNER, { method: 'POST', body: JSON.stringify(statement) });
if (!answer.ok) throw new Error(`the lab's Sigstore: ${await answer.text()}`);
