import { trustReport } from '../../src/proof/trust.js';
import type { Part, Predecessor } from '../../src/image/publish/predecessor.js';
import type { Plan } from '../../src/plan.js';
import type { Lock } from '../../src/proof/lock.js';
import type { Product, Result } from '../../src/run.js';

export const HEX = 'ab'.repeat(32);
export const COMMIT = 'b42ed82e7fe5e3b9a3e5d0d5b4b7b2b9a7b6c5d4';
export const STEPS = [
  { name: 'Resolve ref', seconds: 0.44 },
  { name: 'Build', seconds: 192 },
];

/** An image that a moving tag named. */
export const BEFORE: Predecessor = {
  name: 'ghcr.io/a/b:latest',
  digest: `sha256:${'0'.repeat(64)}`,
  annotations: {},
  children: [],
};

type Texts = { ref?: string; held?: string[]; folder?: string; label?: string; changed?: Part[]; before?: Predecessor };
type Built = Result & { outcome: Product };

/** What a run that built, ran, published and exported has to tell. */
export function builtResult(texts: Texts = {}): Built {
  const { folder, before, changed = ['source', 'bases'] } = texts;
  const plan = planOf(texts);
  const { lock, source, tree } = plan;
  const smoke: Product['smoke'] = [
    { platform: 'linux/amd64', ran: true, reason: '' },
    { platform: 'linux/arm64', ran: false, reason: 'this machine has no emulator for it' },
  ];
  return {
    plan,
    before,
    changed,
    outcome: {
      kind: 'built',
      smoke,
      checks: trustReport({ lock, source: { ...source, tree }, built: true, facts: 1, smoke }),
      checked: {
        image: {
          index: { digest: `sha256:${HEX}` },
          images: [platformOf('linux/amd64', '1'), platformOf('linux/arm64', '2')],
        },
        facts: [{ subject: 'index', fact: 'platforms (2): linux/amd64, linux/arm64' }],
      } as unknown as Product['checked'],
      published: {
        refs: [`ghcr.io/a/b@sha256:${HEX}`, `ghcr.io/c/d@sha256:${HEX}`],
        tags: ['ghcr.io/a/b:1', 'ghcr.io/c/d:1'],
      },
      delivered: {
        lock: '/temp/lock.json',
        evidence: '/temp/evidence',
        sboms: ['/temp/evidence/sbom-linux-amd64.cdx.json', '/temp/evidence/sbom-linux-arm64.cdx.json'],
      },
      exportFolder: folder,
    },
  };
}

/** The same of a run that found the image in every repository. */
export function skippedResult(): Result {
  const plan = planOf({});
  const { lock, source, tree } = plan;
  const bytes = 'left in the registry';
  const checks = trustReport({ lock, source: { ...source, tree }, built: false, pinned: true, bytes });
  return { plan, before: BEFORE, changed: [], outcome: { kind: 'skipped', digest: `sha256:${HEX}`, checks } };
}

function planOf({ ref = 'HEAD', held = ['refs/heads/main'], label = 'x' }: Texts): Plan {
  const commit = { commit: COMMIT, tree: 'd'.repeat(40), epoch: 1_759_768_158 };
  const lock: Lock = {
    inputs: {
      ...commit,
      schema: 1,
      upstream: 'https://github.com/dndx/phantun',
      bases: { rust: `docker.io/library/rust:1@sha256:${HEX}`, shell: `docker.io/library/busybox:1@sha256:${HEX}` },
      platforms: ['linux/amd64', 'linux/arm64'],
      buildPlatforms: { 'linux/amd64': 'linux/amd64', 'linux/arm64': 'linux/amd64' },
      recipe: { dockerfile: HEX, wrapper: '1.0.0', layout: 1 },
      labels: { label },
    },
    facts: {
      ref,
      tagObject: '',
      reachableFrom: held,
      version: '0.8.1',
      archiveUrl: 'https://github.com/x',
      archiveSha256: HEX,
      tarSha256: 'cd'.repeat(32),
      buildkit: 'v0.26.2',
      resolvedAt: 1,
    },
  };
  return {
    inputs: { images: ['ghcr.io/a/b', 'ghcr.io/c/d'] } as unknown as Plan['inputs'],
    source: {
      ...commit,
      ref,
      upstream: { url: lock.inputs.upstream, origin: 'https://github.com' },
      tagObject: undefined,
      reachableFrom: held,
      commitObject: Buffer.from('a commit'),
    },
    tree: {
      folder: '/x',
      id: commit.tree,
      version: '0.8.1',
      archiveUrl: 'https://github.com/x',
      archiveSha256: HEX,
      tarSha256: lock.facts.tarSha256,
      from: 'upstream',
      archive: Buffer.from('an archive'),
      pinned: true,
      recompressed: false,
    },
    builder: { name: 'default', driver: 'docker', buildkit: 'v0.26.2', remove: () => Promise.resolve() },
    engine: undefined,
    lock,
    buildKey: 'ef'.repeat(32),
  };
}

function platformOf(platform: string, letter: string) {
  const descriptor = { digest: `sha256:${letter.repeat(64)}`, size: 3_300_000 };
  return { platform, manifest: descriptor, config: descriptor, layer: descriptor, unpackedSize: 8_600_000 };
}
