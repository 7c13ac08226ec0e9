import type { TestProject } from 'vitest/node';
import { run, setUpInWords } from '../lab/exec.js';
import { realImage } from '../lab/image.js';
import { startLab } from '../lab/lab.js';
import { install } from '../lab/packages.js';

/** What a test needs to run phantun between two hosts. */
export type TunnelLab = {
  /** On top of the environment: PATH, DOCKER_HOST, DOCKER_CONFIG. */
  env: Record<string, string>;
  bases: { rust: string; shell: string };
  /** The image under test, of the real phantun, in the engine. */
  image: string;
  /** An image with a shell and `sleep`, whose containers only hold a network namespace. */
  holder: string;
  /** The folder of process ids as the engine counts them: `/proc`, or that of the engine's own namespace. */
  proc: string;
};

declare module 'vitest' {
  // vitest merges this declaration with its own, which only an interface can.
  // eslint-disable-next-line @typescript-eslint/consistent-type-definitions
  export interface ProvidedContext {
    tunnel: TunnelLab;
  }
}

/** Starts the lab and loads the image once for all tunnel tests. A part that is missing fails the run: nothing is skipped. */
export async function setup(project: TestProject): Promise<() => Promise<void>> {
  const log = (line: string) => console.log(`lab: ${line}`);
  const lab = await setUpInWords(async () => {
    await install({ nft: 'nftables', iptables: 'iptables', iperf3: 'iperf3', sysctl: 'procps', nsenter: 'util-linux' });
    return await startLab({ log });
  });
  try {
    const { env, bases } = lab;
    const begin = Date.now();
    const image = await realImage({ env, bases });
    log(`the image: ${((Date.now() - begin) / 1000).toFixed(1)} s`);
    const docker = async (...args: string[]) => (await run('docker', args, { env: { ...process.env, ...env } })).trim();
    await docker('pull', '--quiet', bases.shell);
    const probe = await docker('run', '--detach', '--network', 'none', bases.shell, 'sleep', '60');
    const proc = (await lab.engine.procOf(probe)).replace(/\/\d+$/, '');
    await docker('rm', '--force', probe);
    project.provide('tunnel', { env, bases, image, holder: bases.shell, proc });
    return lab.stop;
  } catch (error) {
    await lab.stop();
    throw error;
  }
}
