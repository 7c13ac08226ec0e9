import { join } from 'node:path';
import { cached } from './cache.js';
import { find, run } from './exec.js';
import { sidDepends, unpack } from './packages.js';

const GO_NEEDED = [1, 26];
const LOCAL = { ...process.env, GOTOOLCHAIN: 'local' };

/** A program compiled from a Go module, kept in the cache; Go's checksum database vouches for the version. */
export async function goProgram(name: string, module: string, version: string): Promise<string> {
  const folder = await cached(name, [module, version], async (dir) => {
    const env = { ...LOCAL, GOBIN: dir, GOFLAGS: '-mod=mod -modcacherw -trimpath', CGO_ENABLED: '0' };
    await run(await findGo(), ['install', '-ldflags=-s -w', `${module}@${version}`], { cwd: dir, env });
  });
  return join(folder, name);
}

/** The machine's Go if it is new enough, else sid's. */
export async function findGo(needed: readonly number[] = GO_NEEDED): Promise<string> {
  const own = find('go');
  const version = own && /go(\d+)\.(\d+)(?:\.(\d+))?/.exec(await run(own, ['env', 'GOVERSION'], { env: LOCAL }));
  if (
    version &&
    isAtLeast(
      version.slice(1).map((part: string | undefined) => Number(part ?? 0)),
      needed,
    )
  )
    return own;
  const release = /\bgolang-(1\.\d+)-go\b/.exec(await sidDepends('golang-go'))?.[1] ?? '';
  const names = ['go', 'src'].map((part) => ({ name: `golang-${release}-${part}`, from: 'sid' }) as const);
  return join(await unpack('go', names), `usr/lib/go-${release}/bin/go`);
}

function isAtLeast(version: readonly number[], needed: readonly number[]): boolean {
  const [most = 0] = needed.map((part, index) => (version[index] ?? 0) - part).filter((each) => each !== 0);
  return most >= 0;
}
