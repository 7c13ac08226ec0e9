import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { type Bases, prepareBases } from './bases.js';
import { removeBridge } from './bridge.js';
import { removeAbandoned, temporaryFolder } from './cache.js';
import { enableEmulation } from './emulation.js';
import { type Engine, startEngine } from './engine.js';
import { install } from './packages.js';
import { type Registry, startRegistry } from './registry.js';
import { type Upstream, startUpstream } from './upstream.js';

export type Lab = {
  /** A folder of this lab's own, removed at its end. */
  readonly dir: string;
  /** What a program needs on top of its environment to reach the lab's engine: PATH, DOCKER_HOST, DOCKER_CONFIG. */
  readonly env: Record<string, string>;
  readonly engine: Engine;
  readonly registry: Registry;
  readonly bases: Bases;
  readonly upstream: Upstream;
  /** Ends all that the lab started and removes its folder. Repeating it does nothing. */
  readonly stop: () => Promise<void>;
};

export type LabOptions = {
  /** Gets one line for each step that took a while. */
  readonly log?: (line: string) => void;
  /** Whether an engine of the machine's will do that keeps images in its classic store; tests need containerd's. */
  readonly anyStore?: boolean;
};

const ignore = () => undefined;

const WORTH_A_LINE_MS = 100;

/**
 * Starts the real parts that tests run on: a Docker engine with buildx, a registry, base images, emulation, an upstream.
 * What is missing on the machine is installed. Throws a sentence that says what is needed where that cannot be done.
 */
export async function startLab({ log = ignore, anyStore = false }: LabOptions = {}): Promise<Lab> {
  const timed = async <T>(what: string, work: Promise<T>): Promise<T> => {
    const start = Date.now();
    const value = await work;
    const elapsedMs = Date.now() - start;
    if (elapsedMs >= WORTH_A_LINE_MS) log(`${what}: ${(elapsedMs / 1000).toFixed(1)} s`);
    return value;
  };
  await removeAbandoned(async (abandoned) => await removeBridge(join(abandoned, 'engine')));
  const dir = await temporaryFolder('lab');
  const stops: (() => Promise<void>)[] = [async () => await rm(dir, { recursive: true, force: true, maxRetries: 5 })];
  const started = <T extends { stop: () => Promise<void> }>(part: T): T => {
    stops.unshift(part.stop);
    return part;
  };
  const stop = stopOnce(stops);
  try {
    await timed('git', install({ git: 'git' }));
    const preparation = timed('base images', prepareBases()); // long at first, so beside the rest
    stops.unshift(() => preparation.then(ignore, ignore)); // what it started ends before the lab does
    await timed('emulation', enableEmulation());
    const engine = started(await timed('Docker engine', startEngine(join(dir, 'engine'), { anyStore, log })));
    const registry = started(await timed('registry', startRegistry(join(dir, 'registry'))));
    const upstream = started(await startUpstream(join(dir, 'upstream')));
    const push = await preparation;
    const bases = await timed('push of the base images', push(registry.host));
    return { dir, env: engine.env, engine, registry, bases, upstream, stop };
  } catch (error) {
    await stop();
    throw error;
  }
}

/** All parts are stopped, the last started first, once: when asked, or when this process is told to end. */
function stopOnce(stops: (() => Promise<void>)[]): () => Promise<void> {
  let stopped: Promise<void> | undefined;
  const stop = async () => {
    for (const signal of SIGNALS) process.off(signal, onSignal);
    await (stopped ??= stopAll(stops));
  };
  const onSignal = (signal: NodeJS.Signals) => {
    void stop().finally(() => process.kill(process.pid, signal)); // its default action, now that the handler is off
  };
  for (const signal of SIGNALS) process.on(signal, onSignal);
  return stop;
}

async function stopAll(stops: readonly (() => Promise<void>)[]): Promise<void> {
  const failures: unknown[] = [];
  for (const stop of stops) await stop().catch((error: unknown) => failures.push(error));
  if (failures.length > 0) throw new AggregateError(failures, 'The lab was not stopped as a whole');
}

const SIGNALS = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;
