import { describe, expect, it } from 'vitest';
import { sha256 } from '../../../../src/hash.js';
import { dockerArchive } from '../../../../src/image/layout/dockerArchive.js';
import { readTar } from '../../../../src/image/layout/tar.js';
import { BOTH, built, image } from '../../../support/layouts.js';

describe('dockerArchive', () => {
  it.each(BOTH)('holds manifest, config and unpacked layer of %s under their hashes', (platform) => {
    const tags = ['phantun-runtime:0.8.1', 'phantun-runtime:latest'];
    const [manifest, config, layer, ...rest] = readTar(dockerArchive(image(), platform, tags), 'archive');
    expect(rest).toEqual([]);
    expect(JSON.parse(manifest?.data.toString() ?? '')).toEqual([
      { Config: config?.path, RepoTags: tags, Layers: [layer?.path] },
    ]);
    expect(config?.path).toBe(`${sha256(config?.data ?? '')}.json`);
    expect(layer?.path).toBe(`${sha256(layer?.data ?? '')}.tar`);
    expect(layer?.data.equals(built(platform).layer)).toBe(true);
  });

  it('is the same every time, with and without tags', () => {
    const archive = dockerArchive(image(), 'linux/amd64', []);
    expect(archive.equals(dockerArchive(image(), 'linux/amd64', []))).toBe(true);
    expect(readTar(archive, 'archive')[0]?.data.toString()).toContain('"RepoTags":[]');
    expect(readTar(archive, 'archive').map(({ mtimeSeconds, mode }) => [mtimeSeconds, mode])).toEqual(
      Array(3).fill([0, 0o644]),
    );
  });

  it('refuses a platform the image lacks', () => {
    expect(() => dockerArchive(image(), 'linux/arm/v7', [])).toThrow('no linux/arm/v7');
  });
});
