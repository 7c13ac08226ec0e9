import { describe, expect, it } from 'vitest';
import { type BuildSpec, type Call, buildArguments } from '../../../../src/image/build/arguments.js';

const HEX = 'ab'.repeat(32);
const SPEC: BuildSpec = {
  builder: 'default',
  dockerfile: '/action/Dockerfile',
  contexts: { source: '/temp/source' },
  bases: { rust: `docker.io/library/rust:1@sha256:${HEX}`, shell: `docker.io/library/busybox:1@sha256:${HEX}` },
  epoch: 1_759_768_158,
  labels: { 'b.label': 'two words, "quotes" and $HOME', 'a.label': '', B: 'x=y' },
  noCache: false,
};
const CALL: Call = {
  spec: SPEC,
  platforms: ['linux/arm/v7'],
  output: { kind: 'image', layout: '/temp/linux-arm-v7', metadata: '/temp/linux-arm-v7.json' },
  context: '/temp/context',
};
const args = (spec: Partial<BuildSpec> = {}, call: Partial<Call> = {}) =>
  buildArguments({ ...CALL, ...call, spec: { ...SPEC, ...spec } });

const HEAD = [
  ...['buildx', 'build'],
  ...['--builder', 'default'],
  ...['--platform', 'linux/arm/v7'],
  ...['--file', '/action/Dockerfile'],
];
const SOURCE = ['--build-context', 'source=/temp/source'];
const BASES = [
  ...['--build-arg', `RUST_IMAGE=docker.io/library/rust:1@sha256:${HEX}`],
  ...['--build-arg', `SHELL_IMAGE=docker.io/library/busybox:1@sha256:${HEX}`],
];
const FIXED = [
  ...['--build-arg', 'SOURCE_DATE_EPOCH=1759768158'],
  ...['--provenance=false', '--sbom=false'],
  ...['--progress', 'plain'],
];
const IMAGE = [
  ...['--label', 'B=x=y'],
  ...['--label', 'a.label='],
  ...['--label', 'b.label=two words, "quotes" and $HOME'],
  ...['--metadata-file', '/temp/linux-arm-v7.json'],
  ...['--output', 'type=oci,dest=/temp/linux-arm-v7,tar=false,compression=uncompressed,force-compression=true'],
  '/temp/context',
];

describe('the arguments of docker', () => {
  it('for an image are these', () => {
    expect(args()).toEqual([...HEAD, ...SOURCE, ...BASES, ...FIXED, ...IMAGE]);
  });

  it('for the files of a stage are these: no label, which would change no file', () => {
    const platforms: Call['platforms'] = ['linux/amd64', 'linux/arm/v7'];
    expect(args({}, { platforms, output: { kind: 'files', stage: 'facts', folder: '/temp/facts' } })).toEqual([
      ...HEAD.map((word) => (word === 'linux/arm/v7' ? 'linux/amd64,linux/arm/v7' : word)),
      ...[...SOURCE, ...BASES, ...FIXED],
      ...['--target', 'facts'],
      ...['--build-arg', 'BUILDKIT_MULTI_PLATFORM=true'],
      ...['--output', 'type=local,dest=/temp/facts'],
      '/temp/context',
    ]);
  });

  it('without cache are one more', () => {
    expect(args({ noCache: true })).toEqual([...HEAD, '--no-cache', ...SOURCE, ...BASES, ...FIXED, ...IMAGE]);
  });

  it('with crates that are here already name them as a context', () => {
    const contexts = { source: '/temp/source', crates: '/temp/evidence/crates' };
    const named = ['--build-context', 'crates=/temp/evidence/crates'];
    expect(args({ contexts })).toEqual([...HEAD, ...SOURCE, ...named, ...BASES, ...FIXED, ...IMAGE]);
    expect(args({ contexts: { source: '/temp/source', crates: undefined } })).toEqual(args());
  });

  it('with bases on disk name layouts, each by its digest', () => {
    const bases = {
      rust: { folder: '/temp/bases/rust', digest: `sha256:${HEX}` },
      shell: { folder: '/temp/bases/shell', digest: `sha256:${'cd'.repeat(32)}` },
    };
    const named = [
      ...['--build-arg', 'RUST_IMAGE=rust-base'],
      ...['--build-context', `rust-base=oci-layout:///temp/bases/rust@sha256:${HEX}`],
      ...['--build-arg', 'SHELL_IMAGE=shell-base'],
      ...['--build-context', `shell-base=oci-layout:///temp/bases/shell@sha256:${'cd'.repeat(32)}`],
    ];
    expect(args({ bases })).toEqual([...HEAD, ...SOURCE, ...named, ...FIXED, ...IMAGE]);
  });

  it('do not depend on the order of labels', () => {
    const labels = Object.fromEntries(Object.entries(SPEC.labels).reverse());
    expect(args({ labels })).toEqual(args());
  });
});
