import { existsSync, rmSync } from 'node:fs';
import { mkdir, readdir, rm, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { cached, exclusively, temporaryFolder } from './cache.js';
import { find, isRoot, run, runAsRoot } from './exec.js';

const KEYRING = '/usr/share/keyrings/debian-archive-keyring.gpg';

/** Installs the Debian packages of those programs that are missing. `programs` maps a program's name or file to its package. */
export async function install(programs: Readonly<Record<string, string>>): Promise<void> {
  const missing = Object.entries(programs).filter(([program]) =>
    program.startsWith('/') ? !existsSync(program) : find(program) === undefined,
  );
  if (missing.length === 0) return;
  const names = [...new Set(missing.map(([, name]) => name))];
  if (find('apt-get') === undefined || !(isRoot() || find('sudo'))) {
    throw new Error(`The lab needs ${names.join(', ')}: install them, or run it as root where apt-get can.`);
  }
  await update();
  const options = ['-y', '--no-install-recommends', '-o', 'DPkg::Lock::Timeout=300'];
  await alone(() => runAsRoot('env', 'DEBIAN_FRONTEND=noninteractive', 'apt-get', 'install', ...options, ...names));
}

/** apt locks its installations, but neither its downloads nor its indexes: two at once take each other's files away. */
async function alone<T>(work: () => Promise<T>): Promise<T> {
  return await exclusively('apt', work);
}

let updated: Promise<unknown> | undefined;

/** Refreshes the index of the machine's own sources, once. Returns the options that apt needs for them: none. */
async function update(): Promise<string[]> {
  // a source that fails may be one that is not needed; if it is, the installation says what it cannot find
  await (updated ??= alone(() => runAsRoot('apt-get', 'update')).catch(() => undefined));
  return [];
}

/** A Debian package and where it comes from: the machine's own release, or sid, which has newer tools. */
export type Package = { readonly name: string; readonly from: 'own' | 'sid' };

/** Unpacks packages, without installing them, under one folder of the cache and returns it. */
export async function unpack(label: string, packages: readonly Package[]): Promise<string> {
  return await cached(label, packages, async (dir) => await unpackInto(dir, packages));
}

/** Unpacks packages, without installing them, under the folder `dir`. A name may be `NAME:ARCHITECTURE`. */
export async function unpackInto(dir: string, packages: readonly Package[]): Promise<void> {
  const debs = await temporaryFolder('debs');
  try {
    await download(debs, packages);
    for (const file of (await readdir(debs)).sort()) await run('dpkg-deb', ['-x', join(debs, file), dir]);
  } finally {
    await rm(debs, { recursive: true });
  }
}

async function download(dir: string, packages: readonly Package[]): Promise<void> {
  const groups = new Map<string, Package[]>();
  for (const each of packages) {
    const key = `${each.from}:${each.name.split(':')[1] ?? ''}`;
    groups.set(key, [...(groups.get(key) ?? []), each]);
  }
  for (const group of groups.values()) {
    const names = group.map(({ name }) => name);
    const options = group[0]?.from === 'sid' ? await sid(names[0]?.split(':')[1]) : await update();
    const asked = [...options, '-o', 'APT::Sandbox::User=root', 'download', ...names];
    await alone(() => run('apt-get', asked, { cwd: dir }));
  }
}

/** The dependencies of a package of sid, as one text. */
export async function sidDepends(name: string): Promise<string> {
  return await run('apt-cache', [...(await sid()), '--no-recommends', 'depends', name]);
}

/** Options for mmdebstrap and apt: sid's index may be past its date, and nobody reads its translations here. */
export const SID_APT_OPTIONS = { 'Acquire::Check-Valid-Until': 'false', 'Acquire::Languages': 'none' };

/** A sources file for Debian sid, from the archive that this machine's own packages come from. */
export async function sidSources(): Promise<string> {
  return join(await (sidFolder ??= makeSidFolder()), 'sid.sources');
}

let sidFolder: Promise<string> | undefined;

async function makeSidFolder(): Promise<string> {
  await install({ [KEYRING]: 'debian-archive-keyring' });
  await update();
  const query = ['indextargets', '--format', '$(REPO_URI)', 'Created-By: Packages', 'Origin: Debian', 'Label: Debian'];
  const [uri] = (await alone(() => run('apt-get', query))).split('\n');
  if (!uri) throw new Error('The lab needs packages of Debian sid, and no apt source of this machine is Debian.');
  const stanza = {
    Types: 'deb',
    URIs: uri,
    Suites: 'sid',
    Components: 'main',
    'Signed-By': KEYRING,
    Targets: 'Packages',
  };
  const lines = Object.entries(stanza).map(([field, value]) => `${field}: ${value}\n`);
  const dir = await temporaryFolder('sid');
  process.once('exit', () => rmSync(dir, { recursive: true, force: true }));
  await writeFile(join(dir, 'sid.sources'), lines.join(''));
  return dir;
}

const sidUpdates = new Map<string, Promise<string[]>>();

/** Options that make apt see sid alone, as on a machine of `architecture`, in folders of its own, with a fresh index. */
async function sid(architecture?: string): Promise<string[]> {
  const wanted = architecture ?? (await nativeArchitecture());
  const update = sidUpdates.get(wanted) ?? updateSid(wanted);
  sidUpdates.set(wanted, update);
  return await update;
}

async function updateSid(architecture: string): Promise<string[]> {
  const sources = await sidSources();
  const dir = join(dirname(sources), architecture);
  await mkdir(join(dir, 'lists', 'partial'), { recursive: true });
  await mkdir(join(dir, 'cache', 'archives', 'partial'), { recursive: true });
  const options = {
    ...SID_APT_OPTIONS,
    'Dir::Etc::sourcelist': '/dev/null',
    'Dir::Etc::sourceparts': dirname(sources),
    'Dir::State::lists': join(dir, 'lists'),
    'Dir::State::status': '/dev/null',
    'Dir::Cache': join(dir, 'cache'),
    'APT::Sandbox::User': 'root',
    'APT::Architecture': architecture,
    'APT::Architectures': architecture,
  };
  const args = Object.entries(options).flatMap(([name, value]) => ['-o', `${name}=${value}`]);
  await run('apt-get', [...args, 'update']);
  return args;
}

/** Debian's name of this machine's architecture. */
export async function nativeArchitecture(): Promise<string> {
  return (await run('dpkg', ['--print-architecture'])).trim();
}
