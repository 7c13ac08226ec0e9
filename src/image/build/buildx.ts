import { mkdir, statfs } from 'node:fs/promises';
import { join } from 'node:path';
import type { Deps } from '../../deps.js';
import { Failure } from '../../errors.js';
import { readCapped } from '../../files.js';
import { asObject, asText, parseJson } from '../../json.js';
import { type Platform, platformFolder, platformSlug } from '../../platform.js';
import { childEnvironment, execute } from '../../process.js';
import { withRetries } from '../../retry.js';
import { together } from '../../together.js';
import { MAX_JSON_BYTES } from '../layout/limits.js';
import { type BuildSpec, type Call, type Output, buildArguments } from './arguments.js';
import { buildFailure, lastLines } from './failure.js';

const BUILD_DEADLINE_SECONDS = 3 * 3_600;
/** What is left of a disk on which a write had no room: less than one write's. */
const LITTLE_ROOM_BYTES = 65_536;

/** Folders of the files that tell what goes into an image: what cargo says of each platform's packages, and all crates. */
export type BuildFiles = { folder: string; facts: ReadonlyMap<Platform, string>; crates: string };

/** Where such files are below `folder`, for one platform at least. Pure. */
export function buildFilesIn(folder: string, platforms: readonly Platform[]): BuildFiles {
  const [crates = ''] = exportedFolders(join(folder, 'crates'), platforms).values();
  return { folder, facts: exportedFolders(join(folder, 'facts'), platforms), crates };
}

/**
 * Builds every platform, all at once, a call each; the calls for `files` run beside them and share their steps. `folder` is
 * made and belongs to this build alone. Resolves with the layout of each platform.
 */
export async function buildEach(
  platforms: readonly Platform[],
  spec: BuildSpec,
  folder: string,
  files: BuildFiles | undefined,
  deps: Deps,
): Promise<Map<Platform, string>> {
  const context = join(folder, 'context');
  const images = join(folder, 'images');
  await mkdir(context, { recursive: true });
  await mkdir(images);
  const layouts = new Map(platforms.map((platform) => [platform, join(images, platformSlug(platform))]));
  const calls: Pick<Call, 'platforms' | 'output'>[] = [...layouts].map(([platform, layout]) => ({
    platforms: [platform],
    output: { kind: 'image', layout, metadata: `${layout}.json` },
  }));
  if (files) {
    calls.push({ platforms, output: stageFiles('facts', files.folder) });
    // The crates are those of Cargo.lock, for all platforms.
    calls.push({ platforms: platforms.slice(0, 1), output: stageFiles('crates', files.folder) });
  }
  await together(deps, (deps) => calls.map((call) => buildOne({ spec, context, ...call }, deps)));
  return layouts;
}

/** The files of one stage for each platform; resolves with their folders, below `folder`. */
export async function exportStage(
  stage: string,
  platforms: readonly Platform[],
  spec: BuildSpec,
  folder: string,
  deps: Deps,
): Promise<Map<Platform, string>> {
  const context = join(folder, 'context');
  await mkdir(context, { recursive: true });
  const output = stageFiles(stage, folder);
  await buildOne({ spec, platforms, output, context }, deps);
  return exportedFolders(output.folder, platforms);
}

function stageFiles(stage: string, folder: string): Extract<Output, { kind: 'files' }> {
  return { kind: 'files', stage, folder: join(folder, stage) };
}

function exportedFolders(folder: string, platforms: readonly Platform[]): Map<Platform, string> {
  return new Map(platforms.map((platform) => [platform, join(folder, platformFolder(platform))]));
}

async function buildOne(call: Call, deps: Deps): Promise<void> {
  const { output } = call;
  const platform = call.platforms.join(', ');
  // Only a registry's rate limit is waited for; a compile is never tried twice.
  await withRetries(
    `building ${platform}`,
    deps,
    async () => {
      const tail = lastLines();
      const { code } = await execute(
        'docker',
        buildArguments(call),
        {
          env: childEnvironment('docker'),
          what: `the build of ${platform}`,
          deadlineSeconds: BUILD_DEADLINE_SECONDS,
          onLine: (line) => {
            // A stage's files come from a call beside the image's: what both do is printed once.
            if (output.kind === 'image') deps.log.child(line, platform);
            tail.add(line);
          },
        },
        deps,
      );
      if (code === 0) return;
      const disk = { folder: deps.temp, full: await isFull(deps.temp) };
      throw buildFailure(code, tail.lines, platform, disk);
    },
    ['rate-limit'],
  );
  if (output.kind === 'image') await requireMetadata(output.metadata, platform);
}

/** Whether a folder's disk has no room for another file. */
async function isFull(folder: string): Promise<boolean> {
  const { bavail, bsize, files, ffree } = await statfs(folder);
  // Some file systems count no files.
  return bavail * bsize < LITTLE_ROOM_BYTES || (files > 0 && ffree === 0);
}

/** docker may exit 0 without having built what was asked; the metadata names what it exported. */
async function requireMetadata(file: string, platform: string): Promise<void> {
  const what = "buildx's metadata";
  try {
    const metadata = asObject(parseJson(await readCapped(file, MAX_JSON_BYTES, what), what), what);
    asText(metadata['containerimage.digest'], what);
  } catch (cause) {
    throw new Failure(
      'local',
      `docker buildx ended well for ${platform} but names no image digest. Update buildx and BuildKit`,
      { cause },
    );
  }
}
