import { spawn } from 'node:child_process';
import { readFile, rm } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { parseLock } from '../../src/proof/lock.js';
import { endWithSentence, run } from './exec.js';
import { type Lab, startLab } from './lab.js';
import { PHANTUN, addPhantun } from './repositories.js';

const ROOT = resolve(import.meta.dirname, '..', '..');
const OUT = join(ROOT, 'out', 'demo');
const PLATFORMS = ['linux/amd64', 'linux/arm64'];

type Wanted = { upstream?: string | undefined; ref: string };

await endWithSentence(async () => {
  const { values } = parseArgs({ options: { upstream: { type: 'string' }, ref: { type: 'string', default: 'HEAD' } } });
  const lab = await startLab({ log: (line) => console.log(`  ${line}`), anyStore: true });
  try {
    await demonstrate(lab, values);
  } finally {
    await lab.stop();
  }
});

/** The main job on real parts: a source, a build for both platforms, a registry, and the image pulled from it and run. */
async function demonstrate(lab: Lab, wanted: Wanted): Promise<void> {
  const { env, registry, bases } = lab;
  const source = wanted.upstream ?? (await embeddedPhantun());
  const image = `${registry.host}/demo/phantun-runtime`;
  await rm(OUT, { recursive: true, force: true });
  const flags = {
    upstream: source,
    ref: wanted.ref,
    image,
    export: OUT,
    'rust-image': bases.rust,
    'shell-image': bases.shell,
  };
  await show('node', [
    join(ROOT, 'dist', 'cli.js'),
    'build',
    '--push',
    ...Object.entries(flags).flatMap(([name, value]) => [`--${name}`, value]),
  ]);

  const { inputs } = parseLock(await readFile(join(OUT, 'lock.json'), 'utf8'));
  const index = JSON.parse(await readFile(join(OUT, 'oci', 'index.json'), 'utf8')) as {
    manifests: [{ digest: string }];
  };
  const reference = `${image}@${index.manifests[0].digest}`;
  console.log(`\nThe image, pulled from the registry by digest and run:`);
  for (const platform of PLATFORMS) {
    await run('docker', ['pull', '--quiet', '--platform', platform, reference], { env });
    for (const mode of ['client', 'server']) {
      const args = ['run', '--rm', '--platform', platform, '--env', `MODE=${mode}`, reference, '--version'];
      console.log(`  ${platform}  ${(await run('docker', args, { env })).trim()}`);
    }
    await run('docker', ['image', 'rm', '--force', reference], { env });
  }
  console.log(`
Where everything is:
  ${OUT}/lock.json          decides the digest; commit ${inputs.commit}
  ${OUT}/oci                the image as an OCI layout
  ${OUT}/linux-amd64.tar    for docker load, and one for each other platform
  ${OUT}/evidence           all that a stranger needs to check the image and to build it again: README.md in it says how
The embedded registry, engine and upstream end with this demo.`);

  async function embeddedPhantun(): Promise<string> {
    console.log(
      `The source: phantun ${PHANTUN.version} from crates.io, served as a repository by an embedded upstream`,
    );
    return (await addPhantun(lab)).url;
  }

  /** Runs a program for the reader to see, and shows the command first. */
  function show(command: string, args: string[]): Promise<void> {
    console.log(`\n$ ${[command, ...args].join(' ')}`);
    return new Promise((done, fail) => {
      const child = spawn(command, args, { env: { ...process.env, ...env }, stdio: 'inherit' });
      child.once('error', fail);
      child.once('close', (code) =>
        code === 0 ? done() : fail(new Error(`${command} ended with ${code ?? 'a signal'}`)),
      );
    });
  }
}
