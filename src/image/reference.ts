import { Failure } from '../errors.js';
import type { Digest } from '../hash.js';
import { printable } from '../text.js';

/** An image name in full: registry, path, and at most a tag and a digest. Grammar: github.com/distribution/reference. */
export type Reference = {
  /** `docker.io/library/rust`, `127.0.0.1:5000/team/image`. */
  repository: string;
  tag: string | undefined;
  digest: Digest | undefined;
};

/** The base images of a build. */
export type Bases = { rust: Reference; shell: Reference };

const HOST =
  /^([a-zA-Z0-9]([a-zA-Z0-9-]*[a-zA-Z0-9])?(\.[a-zA-Z0-9]([a-zA-Z0-9-]*[a-zA-Z0-9])?)*|\[[0-9a-fA-F:]+\])(:(?<port>[0-9]{1,5}))?$/;
const COMPONENT = /^[a-z0-9]+(([._]|__|-+)[a-z0-9]+)*$/;
const TAG = /^[A-Za-z0-9_][A-Za-z0-9_.-]{0,127}$/;
const DOCKER_HUB = /^(index\.)?docker\.io$/;
const MAX_REPOSITORY_LENGTH = 255;

/** Parses an image reference and completes it as docker does (`rust` → `docker.io/library/rust`); undefined when it is none. */
export function parseReference(text: string): Reference | undefined {
  const [beforeDigest = '', digest, ...more] = text.split('@');
  if (more.length > 0 || (digest !== undefined && !/^sha256:[0-9a-f]{64}$/.test(digest))) return undefined;
  const lastColon = beforeDigest.lastIndexOf(':');
  const hasTag = lastColon > beforeDigest.lastIndexOf('/');
  const tag = hasTag ? beforeDigest.slice(lastColon + 1) : undefined;
  if (tag !== undefined && !TAG.test(tag)) return undefined;
  const repository = completeRepository(hasTag ? beforeDigest.slice(0, lastColon) : beforeDigest);
  return repository === undefined ? undefined : { repository, tag, digest: digest as Digest | undefined };
}

function completeRepository(name: string): string | undefined {
  const parts = name.split('/');
  const first = parts[0] ?? '';
  const hasHost = parts.length > 1 && (/[.:]/.test(first) || first === 'localhost');
  const path = hasHost ? parts.slice(1) : parts;
  if (path.length === 0 || !path.every((part) => COMPONENT.test(part))) return undefined;
  if (hasHost && !isHost(first)) return undefined;
  const full =
    hasHost && !DOCKER_HUB.test(first)
      ? name
      : ['docker.io', ...(path.length === 1 ? ['library'] : []), ...path].join('/');
  return full.length > MAX_REPOSITORY_LENGTH ? undefined : full;
}

function isHost(text: string): boolean {
  const match = HOST.exec(text);
  const port = Number(match?.groups?.port ?? 443);
  return match !== null && port >= 1 && port <= 65_535;
}

/** Whether the text can be a tag. */
export function isTag(text: string): boolean {
  return TAG.test(text);
}

/** `name[:tag][@digest]`, in full. */
export function formatReference({ repository, tag, digest }: Reference): string {
  return `${repository}${tag === undefined ? '' : `:${tag}`}${digest === undefined ? '' : `@${digest}`}`;
}

/** The registry of a repository name in full. */
export function registryOf(repository: string): string {
  return repository.split('/')[0] ?? '';
}

/** Where the API of a repository's registry is. Plain http is spoken to loopback addresses only, as docker does. */
export function originOf(repository: string): string {
  const host = registryOf(repository);
  // Docker Hub's name for images is not the name of its registry.
  return `${isLoopback(repository) ? 'http' : 'https'}://${host === 'docker.io' ? 'registry-1.docker.io' : host}`;
}

/** Whether the registry is on this machine's loopback, the one place where docker and we speak plain http. */
export function isLoopback(repository: string): boolean {
  return /^(127\.\d+\.\d+\.\d+|localhost|\[::1\])(:\d+)?$/.test(registryOf(repository));
}

/** Whether a base is on this machine's loopback: a builder in a container of its own sees that through the host's network only. */
export function needHostNetwork({ rust, shell }: Bases): boolean {
  return [rust, shell].some(({ repository }) => isLoopback(repository));
}

/** An image to be looked at: a tag or a digest is required. */
export function parseImage(text: string): Reference {
  const image = parseReference(text);
  if (image === undefined) throw new Failure('input', `'${printable(text)}' is not an image reference`);
  if (image.tag === undefined && image.digest === undefined)
    throw new Failure(
      'input',
      `'${printable(text)}' has neither tag nor digest. Name what you want to run: a digest, or a tag whose digest is then shown`,
    );
  return image;
}

/** A repository to publish to: no tag, no digest. `lowered` tells that capitals were changed. */
export function parseRepository(text: string): { repository: string; lowered: boolean } {
  // ASCII only: toLowerCase would turn the look-alike U+212A into a k.
  const lower = text.replace(/[A-Z]+/g, (capitals) => capitals.toLowerCase());
  const reference = parseReference(lower);
  const refuse = (why: string): never => {
    throw new Failure(
      'input',
      `input image: '${printable(text)}' ${why}. Give a repository such as ghcr.io/org/phantun-runtime`,
    );
  };
  if (reference === undefined) return refuse('is not the name of an image repository');
  if (reference.digest !== undefined) return refuse('holds a digest: an image is published under the digest it has');
  if (reference.tag !== undefined) return refuse('holds a tag: tags have inputs of their own, tags and moving-tags');
  return { repository: reference.repository, lowered: lower !== text };
}

/** A base image: a tag or a digest is required, so that what was meant is written down. */
export function parseBase(input: string, text: string): Reference {
  const reference = parseReference(text);
  if (reference === undefined)
    throw new Failure('input', `input ${input}: '${printable(text)}' is not an image reference`);
  if (reference.tag === undefined && reference.digest === undefined)
    throw new Failure(
      'input',
      `input ${input}: '${printable(text)}' has neither tag nor digest. Give a full version tag`,
    );
  return reference;
}
