import { cp, mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { parse, stringify } from 'yaml';
import { type ActRun, prepareAct, runWorkflow } from '../lab/act.js';
import { attachBundle } from '../lab/attach.js';
import { run } from '../lab/exec.js';
import { type RegistryProxy, startRegistryProxy } from '../lab/registryProxy.js';
import { createSigstore } from '../lab/sigstore.js';
import { type Upstream, startUpstream } from '../lab/upstream.js';
import { IDENTITY, PUBLISHER, SIGNER, SIGNER_DIGEST } from '../support/signed.js';
import { lab } from '../e2e/harness.js';

const ROOT = resolve(import.meta.dirname, '..', '..');
const STAND_INS = join(import.meta.dirname, 'standIns');
/** What an action checked out by GitHub consists of. */
const PARTS = ['action.yml', 'Dockerfile', 'package.json', 'dist', '.github'];

/** A repository like this one at GitHub, with all that its workflows talk to. */
export type World = {
  readonly upstream: Upstream;
  /** Before the lab's registry, to count and to spoil requests. */
  readonly registry: RegistryProxy;
  /** Statements that were signed. */
  readonly signed: SignedStatement[];
  /** Whether the signing services are down. */
  signingDown: boolean;
  /** Runs a workflow of the copy, `release.yml` say, with the world as its surroundings. */
  readonly act: (workflow: string, event: string, options?: RunOptions) => Promise<ActRun>;
  /** Changes what a calling workflow gives to build.yml. */
  readonly callWith: (workflow: string, values: Record<string, unknown>) => Promise<void>;
  /** Makes build.yml the one of another ref: what is signed from now on is signed by `signer`. */
  readonly repin: (signer: string) => Promise<void>;
  /** Adds a workflow that is somebody else's. */
  readonly add: (workflow: string, document: object) => Promise<void>;
  readonly stop: () => Promise<void>;
};

/** A statement's predicate type, and the digest that it is about. */
export type SignedStatement = { predicateType: string; digest: string };

type Called = { jobs: { image: { with: Record<string, unknown>; secrets?: string } } };

export type RunOptions = {
  readonly inputs?: Record<string, string>;
  /** A job whose download is spoilt. */
  readonly spoil?: string;
  /** An export folder that takes the place of what job publish downloads. */
  readonly swap?: string;
};

/**
 * Copies this repository, and starts what its workflows need. Only what needs live GitHub is stood in for: the actions that
 * move files and log in, the identity token and the signing endpoint, and the three members of the job context that act does
 * not know.
 */
export async function createWorld(): Promise<World> {
  const folder = await mkdtemp(join(tmpdir(), 'phantun-workflows-'));
  const [tree, home, artifacts] = [join(folder, 'tree'), join(folder, 'home'), join(folder, 'artifacts')];
  for (const each of [tree, home, artifacts]) await mkdir(each);
  for (const part of PARTS) await cp(join(ROOT, part), join(tree, part), { recursive: true });
  for (const name of ['build.yml', 'release.yml', 'rebuild.yml', 'verify.yml'])
    await suitAct(join(tree, '.github', 'workflows', name));
  await makeRepository(tree);
  const registry = await startRegistryProxy(lab.registry);
  const upstream = await startUpstream(join(folder, 'upstream'));
  const signer = await startSigner();
  const root = join(folder, 'root.json');
  await writeFile(root, JSON.stringify(signer.trustedRoot));
  const act = await prepareAct();
  const standIns = await standInsFor(join(tree, '.github', 'workflows', 'build.yml'));
  return {
    upstream,
    registry,
    signed: signer.signed,
    get signingDown() {
      return signer.state.down;
    },
    set signingDown(down) {
      signer.state.down = down;
    },
    act: async (workflow, event, { inputs = {}, spoil = '', swap = '' } = {}) => {
      const environment = {
        ...lab.env,
        STAND_IN_TREE: tree,
        STAND_IN_COMMIT: `${PUBLISHER}@${SIGNER_DIGEST}`,
        STAND_IN_ARTIFACTS: artifacts,
        STAND_IN_SIGNER: signer.address,
        STAND_IN_ROOT: root,
        STAND_IN_SPOIL: spoil,
        STAND_IN_SWAP: swap,
      };
      const file = join('.github', 'workflows', workflow);
      const [secrets, env] = [{ registry_username: 'tester-17', registry_password: 'hush-17' }, environment];
      return await runWorkflow({ act, tree, workflow: file, event, inputs, secrets, env, home, standIns });
    },
    callWith: async (workflow, values) => {
      const file = join(tree, '.github', 'workflows', workflow);
      const document = parse(await readFile(file, 'utf8')) as Called;
      Object.assign(document.jobs.image.with, values);
      // The lab's registry is not ghcr.io, to which the job's own token would do.
      document.jobs.image.secrets = 'inherit';
      await writeFile(file, stringify(document));
    },
    repin: async (next) => {
      const file = join(tree, '.github', 'workflows', 'build.yml');
      await writeFile(file, (await readFile(file, 'utf8')).replaceAll(signer.state.signer, next));
      signer.state.signer = next;
    },
    add: async (workflow, document) => {
      await writeFile(join(tree, '.github', 'workflows', workflow), stringify(document));
    },
    stop: async () => {
      await signer.stop();
      await upstream.stop();
      await registry.stop();
      await rm(folder, { recursive: true, force: true });
    },
  };
}

/**
 * What act 0.2.89 lacks: three members of the job context get the values that GitHub would give them, and one permission
 * that its schema does not know goes. The command that verifies gets the lab's keys.
 */
async function suitAct(file: string): Promise<void> {
  const values = { workflow_repository: PUBLISHER, workflow_sha: SIGNER_DIGEST, workflow_ref: SIGNER };
  let text = (await readFile(file, 'utf8')).replace(/^ +artifact-metadata: .*\n/gm, '');
  for (const [name, value] of Object.entries(values)) text = text.replaceAll(`\${{ job.${name} }}`, value);
  const keys = '--trusted-root "$STAND_IN_ROOT"';
  text = text.replaceAll(/--publisher "\$(GITHUB_REPOSITORY|PUBLISHER)"/g, `$& ${keys}`);
  await writeFile(file, text);
}

async function makeRepository(tree: string): Promise<void> {
  const git = (...args: string[]) =>
    run('git', ['-C', tree, '-c', 'user.name=Lab', '-c', 'user.email=lab@example.invalid', ...args]);
  await git('init', '--quiet', '--initial-branch=main');
  await git('remote', 'add', 'origin', `https://github.com/${PUBLISHER}.git`);
  await git('add', '--all', '--force');
  await git('commit', '--quiet', '--message', 'The workflows under test');
}

/** Every action that build.yml calls from elsewhere, at its very pin, and the folder that stands in for it. */
async function standInsFor(file: string): Promise<Record<string, string>> {
  const folders: Record<string, string> = {
    'actions/checkout': 'checkout',
    'actions/upload-artifact': 'upload-artifact',
    'actions/download-artifact': 'download-artifact',
    'docker/login-action': 'login',
    'actions/attest': 'attest',
  };
  const called = new Set((await readFile(file, 'utf8')).match(/(?<=uses: )[\w-]+\/[\w-]+@[0-9a-f]{40}/g) ?? []);
  return Object.fromEntries(
    [...called].map((name) => {
      const folder = folders[name.replace(/@.*/, '')];
      if (folder === undefined) throw new Error(`nothing stands in for ${name}`);
      return [name, join(STAND_INS, folder)];
    }),
  );
}

/** The signing endpoint: signs what it is sent as the workflow would, and attaches it as actions/attest does. */
async function startSigner() {
  const sigstore = createSigstore();
  const signed: SignedStatement[] = [];
  const state = { down: false, signer: SIGNER };
  const sign = async (body: string): Promise<void> => {
    if (state.down) throw new Error('the signing services are down');
    const { subject, predicateType } = JSON.parse(body) as {
      subject: [{ name: string; digest: { sha256: string } }];
      predicateType: string;
    };
    const [{ name, digest }] = subject;
    const manifest = await fetch(`http://${name.replace('/', '/v2/')}/manifests/sha256:${digest.sha256}`, {
      headers: { accept: 'application/vnd.oci.image.index.v1+json, application/vnd.oci.image.manifest.v1+json' },
    });
    if (!manifest.ok) throw new Error(`${name} has no ${digest.sha256}`);
    const size = (await manifest.arrayBuffer()).byteLength;
    const about = { mediaType: manifest.headers.get('content-type') ?? '', digest: `sha256:${digest.sha256}`, size };
    const identity = { ...IDENTITY, signer: `https://github.com/${state.signer}` };
    await attachBundle(name, about, sigstore.sign({ payload: Buffer.from(body) }, identity));
    signed.push({ predicateType, digest: about.digest });
  };
  const server = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => {
      sign(Buffer.concat(chunks).toString()).then(
        () => response.end(),
        (error: unknown) => response.writeHead(500).end(String(error)),
      );
    });
  });
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
  return {
    address: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    trustedRoot: sigstore.trustedRoot,
    signed,
    state,
    stop: async () => {
      server.closeAllConnections();
      await new Promise((done) => server.close(done));
    },
  };
}
