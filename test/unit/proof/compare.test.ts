import { describe, expect, it } from 'vitest';
import { type BuiltImage, compose } from '../../../src/image/layout/compose.js';
import { compareImages } from '../../../src/proof/compare.js';
import { type ImageView, viewOf } from '../../../src/image/view.js';
import { type LayerEntry, TAR_EPOCH, layerOf } from '../../support/tar.js';
import { paxHeader, paxRecord, tarHeader } from '../../support/layouts.js';
import { LOCK, buildOf, filesOf, imageOf } from '../../support/proof.js';

const WORDS = ['published', 'rebuilt'] as const;
const view = (builds?: BuiltImage[]): ImageView => viewOf(imageOf(LOCK, builds));
const amd64 = (files?: LayerEntry[]) => buildOf(LOCK, 'linux/amd64', files);
const arm64 = (files?: LayerEntry[]) => buildOf(LOCK, 'linux/arm64', files);
const OURS = view();

/** The images of two platforms, of which arm64 is changed on the one side. */
const compared = (theirs: BuiltImage, ours: BuiltImage = arm64()) =>
  compareImages(view([amd64(), theirs]), view([amd64(), ours]), WORDS);
const changed = (path: string, change: Partial<LayerEntry>) =>
  filesOf('linux/arm64').map((file) => (file.path === path ? { ...file, ...change } : file));

describe('two images', () => {
  it('of one digest are identical, and nothing more is looked at', () => {
    expect(compareImages(OURS, { ...OURS, platforms: [] }, WORDS)).toEqual({ verdict: 'identical', differences: [] });
  });

  it('are named where they differ, from the outermost part to the bytes', () => {
    const data = Buffer.from('program for linux/ARM64');
    const [index, manifest, diffIds, layers, bytes, ...others] = compared(
      arm64(changed('phantun', { data })),
    ).differences;
    expect(index).toMatch(/^index: published sha256:\w{64}, rebuilt sha256:\w{64}$/);
    expect(manifest).toMatch(/^linux\/arm64: manifest: published sha256:\w{64}, rebuilt sha256:\w{64}$/);
    expect(diffIds).toMatch(/^linux\/arm64: config: rootfs\.diff_ids\[0\]: published "sha256:/);
    expect(layers).toMatch(/^linux\/arm64: layers: published sha256:\w{64}, rebuilt sha256:\w{64}$/);
    expect(bytes).toBe(
      `linux/arm64: /phantun: bytes 18 to 20 differ: published ${Buffer.from('ARM64').toString('hex')}…, rebuilt ${Buffer.from('arm64').toString('hex')}…`,
    );
    expect(others).toEqual([]);
  });

  it('that both platforms differ in are told apart by platform, in the order of the index', () => {
    const files = (platform: 'linux/amd64' | 'linux/arm64') => [...filesOf(platform), ...more];
    const more = [{ path: 'x', mode: 0o644, mtimeSeconds: TAR_EPOCH, data: Buffer.alloc(0) }];
    const { differences } = compareImages(
      view([amd64(files('linux/amd64')), arm64(files('linux/arm64'))]),
      OURS,
      WORDS,
    );
    expect(differences.map((line) => line.split(':', 1)[0])).toEqual([
      'index',
      ...Array.from({ length: 4 }, () => 'linux/amd64'),
      ...Array.from({ length: 4 }, () => 'linux/arm64'),
    ]);
    expect(differences).toContain('linux/amd64: /x: only in published');
    expect(differences).toContain('linux/arm64: /x: only in published');
  });
});

describe('images are equivalent', () => {
  it.each<[string, BuiltImage, string | RegExp]>([
    [
      'when times differ',
      arm64(changed('phantun', { mtimeSeconds: 1 })),
      'linux/arm64: /phantun: mtime: published 1, rebuilt 1700000000',
    ],
    ['when the order of files does', arm64([...filesOf('linux/arm64')].reverse()), /^linux\/arm64: layers: /m],
    [
      'when labels do',
      { ...arm64(), config: { ...arm64().config, Labels: { a: 'b' } } },
      'linux/arm64: config: config.Labels.a: published "b", rebuilt nothing',
    ],
  ])('%s', (_, theirs, line) => {
    const { verdict, differences } = compared(theirs);
    expect(verdict).toBe('equivalent');
    if (typeof line === 'string') expect(differences).toContain(line);
    else expect(differences.join('\n')).toMatch(line);
  });

  it('when only annotations of the index do, and the platforms are the same', () => {
    const other = viewOf(compose([amd64(), arm64()], { epochSeconds: TAR_EPOCH, annotations: { a: 'b' } }));
    const { verdict, differences } = compareImages(other, OURS, WORDS);
    expect(verdict).toBe('equivalent');
    expect(differences).toContain('index: a: published "b", rebuilt nothing');
    expect(differences.filter((line) => line.startsWith('linux/'))).toEqual([]);
  });

  it('when the same layer is packed by another gzip', () => {
    const platforms = OURS.platforms.map((part) => ({
      ...part,
      manifest: `sha256:${'1'.repeat(64)}` as const,
      layers: part.layers.map(({ tar }) => ({ digest: `sha256:${'2'.repeat(64)}` as const, tar })),
    }));
    const { verdict, differences } = compareImages(
      { ...OURS, digest: `sha256:${'3'.repeat(64)}`, platforms },
      OURS,
      WORDS,
    );
    expect(verdict).toBe('equivalent');
    expect(differences).toHaveLength(5);
    expect(differences[2]).toMatch(/^linux\/amd64: layers: published sha256:2{64}, rebuilt sha256:\w{64}$/);
  });

  it('when the same files come in more layers, the last of each path counting', () => {
    const part = arm64();
    const one = view([part]);
    const [platform] = one.platforms;
    const shadowed = layerOf([{ path: 'phantun', mode: 0o600, mtimeSeconds: 1, data: Buffer.from('old') }]);
    const layers = [{ digest: `sha256:${'2'.repeat(64)}` as const, tar: shadowed }, ...(platform?.layers ?? [])];
    const other: ImageView = {
      ...one,
      digest: `sha256:${'3'.repeat(64)}`,
      platforms: [{ ...platform, manifest: `sha256:${'1'.repeat(64)}`, layers } as ImageView['platforms'][number]],
    };
    expect(compareImages(other, one, WORDS).verdict).toBe('equivalent');
    const [first, ...rest] = layers;
    const hidden = {
      ...other,
      platforms: other.platforms.map((each) => ({ ...each, layers: [...rest, first].flatMap((layer) => layer ?? []) })),
    };
    expect(compareImages(hidden, one, WORDS).verdict).toBe('different');
  });

  it('when a time is written with a fraction, which is said', () => {
    const header = Buffer.concat([paxHeader(paxRecord('mtime', `${TAR_EPOCH}.5`)), tarHeader('x', '0')]);
    const end = Buffer.alloc(1_024);
    const theirs = { ...arm64(), layer: Buffer.concat([header, end]) };
    const ours = { ...arm64(), layer: Buffer.concat([tarHeader('x', '0'), end]) };
    const { verdict, differences } = compared(theirs, ours);
    expect(verdict).toBe('equivalent');
    expect(differences).toContain('linux/arm64: /x: pax: published ["mtime"], rebuilt []');
  });
});

describe('images are different', () => {
  it.each<[string, LayerEntry[], string]>([
    ['a mode', changed('phantun', { mode: 0o4755 }), '/phantun: mode: published 2541, rebuilt 493'],
    [
      'a file more',
      [
        ...filesOf('linux/arm64'),
        ...filesOf('linux/arm64')
          .slice(2)
          .map((file) => ({ ...file, path: 'x' })),
      ],
      '/x: only in published',
    ],
    ['a file less', filesOf('linux/arm64').slice(0, 2), '/phantun: only in rebuilt'],
    [
      'a folder for a file',
      changed('phantun', { path: 'phantun/', data: Buffer.alloc(0) }),
      '/phantun: kind: published "directory", rebuilt "file"',
    ],
    [
      'a byte in the middle',
      changed('phantun', { data: Buffer.from('program FOR linux/arm64') }),
      '/phantun: bytes 8 to 10 differ: published 464f52206c696e75782f61726d3634…, rebuilt 666f72206c696e75782f61726d3634…',
    ],
    [
      'a byte more at the end',
      changed('phantun', { data: Buffer.from('program for linux/arm64!') }),
      '/phantun: bytes 23 to 23 differ, sizes 24 and 23 bytes: published 21…, rebuilt its end…',
    ],
    [
      'no content at all',
      changed('phantun', { data: Buffer.alloc(0) }),
      '/phantun: bytes 0 to 22 differ, sizes 0 and 23 bytes: published its end…, rebuilt 70726f6772616d20666f72206c696e75…',
    ],
    [
      'a part that repeats',
      changed('phantun', { data: Buffer.from('program for for linux/arm64') }),
      '/phantun: bytes 12 to 15 differ, sizes 27 and 23 bytes: published 666f72206c696e75782f61726d3634…, rebuilt 6c696e75782f61726d3634…',
    ],
    [
      'a name that could break the line',
      [...filesOf('linux/arm64'), { path: 'a\u202e\n', mode: 0o644, mtimeSeconds: 0, data: Buffer.alloc(0) }],
      '/a\\u{202e}\\u{a}: only in published',
    ],
  ])('by %s', (_, files, line) => {
    const { verdict, differences } = compared(arm64(files));
    expect(verdict).toBe('different');
    expect(differences).toContain(`linux/arm64: ${line}`);
  });

  it.each([
    ['Cmd', ['--help']],
    ['Entrypoint', ['/phantun']],
    ['Env', ['PATH=/evil']],
    ['ExposedPorts', { '1/tcp': {} }],
    ['StopSignal', 'SIGKILL'],
    ['User', '1000'],
    ['Volumes', { '/a': {} }],
    ['WorkingDir', '/tmp'],
  ])('by the config’s %s', (name, value) => {
    const { verdict, differences } = compared({ ...arm64(), config: { ...arm64().config, [name]: value } });
    expect(verdict).toBe('different');
    expect(differences).toContainEqual(
      expect.stringMatching(
        new RegExp(`^linux/arm64: config: config\\.${name}(\\[0\\])?: published [["{].*, rebuilt `),
      ),
    );
    expect(differences.join()).not.toContain('linux/arm64: layers');
  });

  it.each([
    ['architecture', 'arm'],
    ['os', 'windows'],
    ['variant', 'v8'],
  ])('by what they run on: %s', (name, value) => {
    const platforms = OURS.platforms.map((part) => ({
      ...part,
      manifest: `sha256:${'1'.repeat(64)}` as const,
      config: { ...part.config, [name]: value },
    }));
    const other = { ...OURS, digest: `sha256:${'3'.repeat(64)}` as const, platforms };
    const { verdict, differences } = compareImages(other, OURS, WORDS);
    expect(verdict).toBe('different');
    expect(differences).toContainEqual(
      expect.stringMatching(new RegExp(`^linux/amd64: config: ${name}: published "${value}", rebuilt `)),
    );
  });

  it.each<[string, Buffer, RegExp]>([
    ['that ends too soon', Buffer.from('no tar'), /tar header at byte 0: the tar ends without an end mark$/],
    [
      'with a path twice',
      layerOf([...filesOf('linux/arm64'), ...filesOf('linux/arm64').slice(2)]),
      /tar header at byte \d+: /,
    ],
  ])('by a layer %s, which is said and hides no other difference', (_, layer, why) => {
    const { verdict, differences } = compared({ ...arm64(), layer });
    expect(verdict).toBe('different');
    expect(differences[0]).toMatch(/^index: published /);
    expect(differences.at(-1)).toMatch(/^linux\/arm64: files cannot be compared: published: layer of linux\/arm64, /);
    expect(differences.at(-1)).toMatch(why);
  });

  it('by an owner and by a link’s target', () => {
    const link = (target: string) => Buffer.concat([tarHeader('l', '2', { link: target }), Buffer.alloc(1_024)]);
    const linked = compared({ ...arm64(), layer: link('a') }, { ...arm64(), layer: link('b') });
    expect([linked.verdict, linked.differences.at(-1)]).toEqual([
      'different',
      'linux/arm64: /l: linkTarget: published "a", rebuilt "b"',
    ]);
    const owned = Buffer.concat([paxHeader(paxRecord('uid', '1000')), tarHeader('x', '0'), Buffer.alloc(1_024)]);
    const plain = Buffer.concat([tarHeader('x', '0'), Buffer.alloc(1_024)]);
    const { verdict, differences } = compared({ ...arm64(), layer: owned }, { ...arm64(), layer: plain });
    expect(verdict).toBe('different');
    expect(differences).toContain('linux/arm64: /x: uid: published 1000, rebuilt 0');
  });

  it.each<[string, string | undefined, string | undefined, string]>([
    ['that only one of them has', '\u0001', undefined, 'xattrs: published ["SCHILY.xattr.a\\u001b"], rebuilt []'],
    ['that only the other one has', undefined, '\u0001', 'xattrs: published [], rebuilt ["SCHILY.xattr.a\\u001b"]'],
    ['that both have', '\u0001', '\u0002', 'both have SCHILY.xattr.a\\u{1b}, unread'],
  ])('by an extended attribute %s', (_, theirs, ours, line) => {
    const layer = (value: string | undefined) => {
      const records = paxRecord('mtime', '1') + (value === undefined ? '' : paxRecord('SCHILY.xattr.a\u001b', value));
      return Buffer.concat([paxHeader(records), tarHeader('x', '0'), Buffer.alloc(1_024)]);
    };
    const { verdict, differences } = compared({ ...arm64(), layer: layer(theirs) }, { ...arm64(), layer: layer(ours) });
    expect(verdict).toBe('different');
    expect(differences).toContain(`linux/arm64: /x: ${line}`);
  });

  it('by a platform that only one of them has', () => {
    const one = view([amd64()]);
    expect(compareImages(one, OURS, WORDS)).toMatchObject({ verdict: 'different' });
    expect(compareImages(one, OURS, WORDS).differences).toContain('linux/arm64: only rebuilt has it');
    expect(compareImages(OURS, one, WORDS).differences).toContain('linux/arm64: only published has it');
  });

  it.each<[string, unknown, string]>([
    ['Healthcheck', { Test: ['CMD', '/bin/sh'] }, 'different'],
    ['Shell', ['/bin/evil'], 'different'],
    ['OnBuild', null, 'equivalent'],
  ])('by a member of the config that only others write, if it says anything: %s', (name, value, expected) => {
    const platforms = OURS.platforms.map((part) => ({
      ...part,
      manifest: `sha256:${'1'.repeat(64)}` as const,
      config: { ...part.config, config: { ...(part.config.config as object), [name]: value } },
    }));
    const other = { ...OURS, digest: `sha256:${'3'.repeat(64)}` as const, platforms };
    const { verdict, differences } = compareImages(other, OURS, WORDS);
    expect(verdict).toBe(expected);
    expect(differences).toContain(
      `linux/amd64: config: config.${name}: published ${JSON.stringify(value)}, rebuilt nothing`,
    );
  });
});
