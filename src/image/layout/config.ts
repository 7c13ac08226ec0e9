import { canonicalJson } from '../../canonical.js';
import { Failure } from '../../errors.js';
import { isDigest, type Digest } from '../../hash.js';
import { asList, asObject, asText, asTexts, type JsonObject, parseJson, wrong } from '../../json.js';
import { PLATFORMS, platformParts, type Platform } from '../../platform.js';
import { isEpoch, isoTime, printable } from '../../text.js';

/** What an image config says about running a container; a member that says nothing is absent. */
export type RuntimeConfig = {
  Cmd?: string[];
  Entrypoint?: string[];
  Env?: string[];
  ExposedPorts?: Record<string, Record<string, never>>;
  Labels?: Record<string, string>;
  StopSignal?: string;
  User?: string;
  Volumes?: Record<string, Record<string, never>>;
  WorkingDir?: string;
};

/**
 * An image config taken apart. `epochSeconds` is `created`, if that is a whole second; `diffIds` name the unpacked
 * layers.
 */
export type ImageConfig = {
  platform: Platform;
  epochSeconds: number | undefined;
  runtime: RuntimeConfig;
  diffIds: Digest[];
};

const TEXTS = ['StopSignal', 'User', 'WorkingDir'] as const;
const TEXT_LISTS = ['Cmd', 'Entrypoint', 'Env'] as const;
const NAME_SETS = ['ExposedPorts', 'Volumes'] as const;
// `history` is worded by whichever BuildKit ran, `author` by nobody; neither decides what a container does.
const CONFIG_KEYS = ['architecture', 'author', 'config', 'created', 'history', 'os', 'rootfs', 'variant'];

/**
 * The config of a published image: canonical JSON, without history. `epochSeconds` since 1970 becomes `created`; throws
 * a RangeError outside the years 1970 to 9999.
 */
export function configBytes(platform: Platform, runtime: RuntimeConfig, epochSeconds: number, diffId: Digest): Buffer {
  if (!isEpoch(epochSeconds)) throw new RangeError(`${epochSeconds} is not a time in whole seconds since 1970`);
  return Buffer.from(
    canonicalJson({
      ...platformParts(platform),
      config: runtime,
      created: isoTime(epochSeconds),
      rootfs: { diff_ids: [diffId], type: 'layers' },
    }),
  );
}

/**
 * Reads an image config from bytes that are not trusted. A member it does not know is refused rather than dropped or
 * kept: dropped, an image would behave otherwise than its Dockerfile says (HEALTHCHECK, ONBUILD); kept, whatever a new
 * BuildKit adds would change the digest. Members that are empty say nothing, and builders differ in writing them.
 */
export function parseConfig(bytes: Buffer, what: string): ImageConfig {
  const config = asObject(parseJson(bytes, what), what);
  for (const [key, value] of Object.entries(config)) {
    if (!CONFIG_KEYS.includes(key) && !saysNothing(value)) throw unknownMember(key, what);
  }
  const rootfs = asObject(config.rootfs, `rootfs of ${what}`);
  return {
    platform: platformOf(config, what),
    epochSeconds: epochOf(config.created),
    runtime: runtimeOf(asObject(config.config ?? {}, `config of ${what}`), what),
    diffIds: asList(rootfs.diff_ids, `diff_ids of ${what}`).map((id) => {
      if (typeof id !== 'string' || !isDigest(id)) throw wrong(`diff_id of ${what}`, 'sha256:<64 hex>', id);
      return id;
    }),
  };
}

function epochOf(created: unknown): number | undefined {
  if (typeof created !== 'string') return undefined;
  const seconds = Date.parse(created) / 1000;
  return isEpoch(seconds) && isoTime(seconds) === created ? seconds : undefined;
}

function platformOf({ os, architecture, variant }: JsonObject, what: string): Platform {
  // v8 is the only arm64 there is; some builders write it, most leave it out.
  const plain = architecture === 'arm64' && variant === 'v8' ? undefined : variant;
  const found = [os, architecture, plain].filter((part) => part !== undefined && part !== '').join('/');
  const platform = PLATFORMS.find((name) => name === found);
  if (platform === undefined) throw wrong(`platform of ${what}`, `one of ${PLATFORMS.join(', ')}`, found);
  return platform;
}

function runtimeOf(config: JsonObject, what: string): RuntimeConfig {
  const runtime: RuntimeConfig = {};
  for (const [key, value] of Object.entries(config)) {
    if (saysNothing(value)) continue;
    const place = `${printable(key)} of ${what}`;
    if (isOneOf(TEXTS, key)) runtime[key] = asText(value, place);
    else if (isOneOf(TEXT_LISTS, key)) runtime[key] = asList(value, place).map((item) => asText(item, place));
    else if (isOneOf(NAME_SETS, key)) runtime[key] = nameSet(value, place);
    else if (key === 'Labels') runtime.Labels = asTexts(value, place);
    else throw unknownMember(key, what);
  }
  return runtime;
}

function nameSet(value: unknown, place: string): Record<string, Record<string, never>> {
  return Object.fromEntries(Object.keys(asObject(value, place)).map((name) => [asText(name, place), {}]));
}

function isOneOf<Name extends string>(names: readonly Name[], key: string): key is Name {
  return (names as readonly string[]).includes(key);
}

function saysNothing(value: unknown): boolean {
  if (value === null || value === '' || value === false) return true;
  return typeof value === 'object' && Object.keys(value).length === 0;
}

function unknownMember(key: string, what: string): Failure {
  return new Failure(
    'verification',
    `${what} holds ${printable(key)}, which the layout writer does not know. Remove the instruction that sets it ` +
      'from the Dockerfile, or teach src/image/layout/config.ts to carry it',
  );
}
