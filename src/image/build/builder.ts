import { basename } from 'node:path';
import type { Deps } from '../../deps.js';
import { Failure, toFailure } from '../../errors.js';
import { noteMade, removeMade } from '../../ownFolder.js';
import { type ExecuteOptions, childEnvironment, execute } from '../../process.js';
import { printable } from '../../text.js';
import { together } from '../../together.js';
import { type Engine, askEngine, isOlder, requireBuildx } from '../engine.js';

const OLDEST_BUILDKIT = '0.13';
const OLDEST_ENGINE = '26.0';
const START_DEADLINE_SECONDS = 180;

/** A buildx builder that can export OCI layouts. */
export type Builder = {
  name: string;
  driver: string;
  /** Version of BuildKit, or of the engine that has it built in; of nodes that differ, each one's. */
  buildkit: string;
  /** Removes the builder if this run made it, once. */
  remove(): Promise<void>;
};

/** What `docker buildx inspect` says of a builder. */
export type Inspected = { name: string; driver: string; buildkit: string };

/**
 * The builder to use: the one named, else the current one if it can export OCI layouts, else one made for this run.
 * `hostNetwork`: bases live in a registry on this machine's loopback, which a builder in a container of its own sees
 * only through the host's network.
 */
export async function chooseBuilder(
  wanted: string | undefined,
  hostNetwork: boolean,
  deps: Deps,
): Promise<{ builder: Builder; engine: Engine | undefined }> {
  // What is asked does not depend on the answers; which answer matters does.
  const [, found, answer] = await together(deps, (deps) => [
    requireBuildx(deps),
    inspect(wanted, deps),
    askEngine(deps).catch(toFailure),
  ]);
  if (found === undefined && wanted !== undefined)
    throw new Failure(
      'input',
      `input builder: there is no usable buildx builder '${wanted}'. 'docker buildx ls' lists them, 'docker buildx create' makes one`,
    );
  const needsEngine = found === undefined || found.driver === 'docker' || found.driver === 'docker-container';
  if (answer instanceof Failure && needsEngine) throw answer;
  const engine = answer instanceof Failure ? undefined : answer;
  if (found !== undefined && (found.driver !== 'docker' || engine?.containerdStore === true)) {
    requireBuildkit(found, engine);
    return { builder: { ...describe(found, engine), remove: () => Promise.resolve() }, engine };
  }
  if (wanted !== undefined)
    throw new Failure(
      'input',
      `input builder: '${wanted}' keeps images in the classic docker store and cannot export OCI layouts of several platforms. Make one that can: docker buildx create --name ${wanted}-container --driver docker-container`,
    );
  return { builder: await createBuilder(hostNetwork, deps), engine };
}

function describe(found: Inspected, engine: Engine | undefined): Inspected {
  return found.driver === 'docker' && engine !== undefined ? { ...found, buildkit: `engine ${engine.version}` } : found;
}

function requireBuildkit(found: Inspected, engine: Engine | undefined): void {
  const [what, versions, oldest] =
    found.driver === 'docker'
      ? ['the docker engine', [engine?.version ?? ''], OLDEST_ENGINE]
      : [`BuildKit of builder ${found.name}`, found.buildkit.split(', '), OLDEST_BUILDKIT];
  for (const version of versions.map((text) => text.replace(/^v/, ''))) {
    // Distributions build BuildKit without its version; what cannot be read is let through and would fail in the build.
    if (/^0\.0\.0|^$/.test(version)) continue;
    if (isOlder(version.split(/[+~-]/)[0] ?? '', oldest))
      throw new Failure('local', `${what} is version ${printable(version)}; ${oldest} or newer is needed. Update it`);
  }
}

async function createBuilder(hostNetwork: boolean, deps: Deps): Promise<Builder> {
  const name = basename(deps.temp); // by which a later step finds it, should this one be killed
  deps.log.info(`The current builder cannot export OCI layouts; making ${name} for this run`);
  const options = hostNetwork ? ['--driver-opt', 'network=host'] : [];
  let removal: Promise<void> | undefined;
  const remove = () => (removal ??= removeMade('builder', deps));
  await noteMade('builder', deps.temp);
  try {
    const made = await buildx(['create', '--name', name, '--driver', 'docker-container', ...options], deps);
    if (made.code !== 0) throw new Failure('local', `docker buildx create failed: ${printable(made.stderr, 400)}`);
    const found = await inspect(name, deps);
    if (found === undefined)
      throw new Failure(
        'local',
        `the builder ${name} does not start. 'docker buildx create --bootstrap' on this machine shows why`,
      );
    return { ...found, remove };
  } catch (error) {
    await remove();
    throw error;
  }
}

async function inspect(name: string | undefined, deps: Deps): Promise<Inspected | undefined> {
  const { code, stdout } = await buildx(['inspect', '--bootstrap', ...(name === undefined ? [] : [name])], deps);
  return code === 0 ? parseInspect(stdout.toString('utf8')) : undefined;
}

function buildx(args: readonly string[], deps: Pick<Deps, 'signal'>) {
  return execute('docker', ['buildx', ...args], optionsOf(args[0] ?? ''), deps);
}

function optionsOf(verb: string): ExecuteOptions {
  return {
    env: childEnvironment('docker'),
    what: `docker buildx ${verb}`,
    deadlineSeconds: START_DEADLINE_SECONDS,
  };
}

/** Reads the text of `docker buildx inspect`; undefined when no node of the builder runs. Pure. */
export function parseInspect(text: string): Inspected | undefined {
  const fields = (name: string) =>
    [...text.matchAll(new RegExp(`^${name}: *(.+)$`, 'gm'))].map(([, value = '']) => value.trim());
  const [name] = fields('Name'); // the builder's, before its nodes'
  const [driver] = fields('Driver');
  if (name === undefined || driver === undefined || !fields('Status').includes('running')) return undefined;
  // Older releases of buildx say `Buildkit:`.
  return { name, driver, buildkit: [...new Set(fields('Build[Kk]it(?: version)?'))].join(', ') };
}
