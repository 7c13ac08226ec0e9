import { mkdir, writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { startDaemon, untilReady } from './exec.js';
import { unpack } from './packages.js';

export type Registry = {
  /** `127.0.0.1:PORT`: what an image reference begins with. Plain http. */
  readonly host: string;
  readonly stop: () => Promise<void>;
};

/** Starts an empty registry that keeps its files and its log under `dir`. */
export async function startRegistry(dir: string): Promise<Registry> {
  const prefix = await unpack('registry', [{ name: 'docker-registry', from: 'own' }]);
  const host = `127.0.0.1:${await freePort()}`;
  const config = {
    version: 0.1,
    log: { level: 'info', accesslog: { disabled: false } },
    storage: { filesystem: { rootdirectory: join(dir, 'storage') }, delete: { enabled: true } },
    http: { addr: host },
  };
  await mkdir(dir, { recursive: true });
  const file = join(dir, 'config.yml');
  await writeFile(file, JSON.stringify(config)); // JSON is YAML
  const program = join(prefix, 'usr/bin/docker-registry');
  const daemon = startDaemon(program, ['serve', file], join(dir, 'registry.log'), { PATH: process.env.PATH });
  await untilReady('The registry', daemon, () =>
    fetch(`http://${host}/v2/`).then(
      (response) => response.ok,
      () => false,
    ),
  );
  return { host, stop: daemon.stop };
}

/** A TCP port of 127.0.0.1 that nobody listens on now. */
export async function freePort(): Promise<number> {
  return await new Promise((resolve, reject) => {
    const server = createServer().once('error', reject);
    server.listen(0, '127.0.0.1', () => {
      const address = server.address();
      server.close(() => resolve(typeof address === 'object' && address ? address.port : 0));
    });
  });
}
