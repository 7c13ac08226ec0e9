import { createHash } from 'node:crypto';
import { BUNDLE_TYPE } from './sigstore.js';

/** What an artifact refers to. */
export type Subject = { readonly mediaType: string; readonly digest: string; readonly size: number };

const MANIFEST = 'application/vnd.oci.image.manifest.v1+json';
const INDEX = 'application/vnd.oci.image.index.v1+json';
const EMPTY = { mediaType: 'application/vnd.oci.empty.v1+json', bytes: Buffer.from('{}') };

/** An artifact in a registry: its bytes and its descriptor in a list of referrers. */
export type Artifact = { readonly manifest: Buffer; readonly descriptor: Subject & { artifactType: string } };

/** What is attached: an artifact of one layer. */
export type Attached = { readonly artifactType: string; readonly layerType: string; readonly bytes: Buffer };

/** `list`: whether the tag that lists referrers names it; `claimed`: what the artifact itself says it refers to. */
export type AttachOptions = { readonly list?: boolean; readonly claimed?: Subject };

/**
 * Puts an artifact beside an image in a registry that speaks plain http. Unless `list` is false the tag that stands in for
 * the referrers API (OCI distribution-spec 1.1) names it, too, besides what it names already.
 */
export async function attachArtifact(
  repository: string,
  subject: Subject,
  { artifactType, layerType, bytes }: Attached,
  { list = true, claimed = subject }: AttachOptions = {},
): Promise<Artifact> {
  const layers = [await putBlob(repository, layerType, bytes)];
  const config = await putBlob(repository, EMPTY.mediaType, EMPTY.bytes);
  const document = { schemaVersion: 2, mediaType: MANIFEST, artifactType, config, layers, subject: claimed };
  const manifest = Buffer.from(JSON.stringify(document));
  const descriptor = { mediaType: MANIFEST, digest: digestOf(manifest), size: manifest.length, artifactType };
  await putManifest(repository, descriptor.digest, MANIFEST, manifest);
  if (list) await listReferrer(repository, subject.digest, descriptor);
  return { manifest, descriptor };
}

/** A signed bundle, attached as actions/attest does it. */
export async function attachBundle(
  repository: string,
  subject: Subject,
  bundle: object,
  options?: AttachOptions,
): Promise<Artifact> {
  const bytes = Buffer.from(JSON.stringify(bundle));
  return await attachArtifact(
    repository,
    subject,
    { artifactType: BUNDLE_TYPE, layerType: BUNDLE_TYPE, bytes },
    options,
  );
}

/** Adds a descriptor to the tag that lists what refers to a digest. */
export async function listReferrer(repository: string, digest: string, descriptor: object): Promise<void> {
  const manifests = [...(await readReferrers(repository, digest)), descriptor];
  const index = { schemaVersion: 2, mediaType: INDEX, manifests };
  await putManifest(repository, referrersTag(digest), INDEX, Buffer.from(JSON.stringify(index)));
}

/** What the tag lists that lists what refers to a digest; nothing when there is none. */
export async function readReferrers(repository: string, digest: string): Promise<Artifact['descriptor'][]> {
  const known = await fetch(address(repository, `manifests/${referrersTag(digest)}`), { headers: { accept: INDEX } });
  return known.ok ? ((await known.json()) as { manifests: Artifact['descriptor'][] }).manifests : [];
}

function referrersTag(digest: string): string {
  return digest.replace(':', '-');
}

/** Puts a manifest under a tag or its digest. */
export async function putManifest(repository: string, name: string, type: string, bytes: Buffer): Promise<void> {
  const answer = await fetch(address(repository, `manifests/${name}`), {
    method: 'PUT',
    headers: { 'content-type': type },
    body: new Uint8Array(bytes),
  });
  if (!answer.ok) throw new Error(`PUT of manifest ${name}: ${answer.status} ${await answer.text()}`);
}

async function putBlob(repository: string, mediaType: string, bytes: Buffer): Promise<Subject> {
  const digest = digestOf(bytes);
  const started = await fetch(address(repository, 'blobs/uploads/'), { method: 'POST' });
  const location = new URL(started.headers.get('location') ?? '', address(repository, ''));
  location.searchParams.set('digest', digest);
  const answer = await fetch(location, {
    method: 'PUT',
    headers: { 'content-type': 'application/octet-stream' },
    body: new Uint8Array(bytes),
  });
  if (!answer.ok) throw new Error(`PUT of blob ${digest}: ${answer.status} ${await answer.text()}`);
  return { mediaType, digest, size: bytes.length };
}

function address(repository: string, rest: string): string {
  const slash = repository.indexOf('/');
  return `http://${repository.slice(0, slash)}/v2/${repository.slice(slash + 1)}/${rest}`;
}

function digestOf(bytes: Buffer): string {
  return `sha256:${createHash('sha256').update(bytes).digest('hex')}`;
}
