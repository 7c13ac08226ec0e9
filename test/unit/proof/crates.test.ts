import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { Failure } from '../../../src/errors.js';
import { cratesOf } from '../../../src/proof/crates.js';
import { failureOf } from '../../support/failureOf.js';

type Kind = 'normal' | 'build' | 'dev';
type Node = { needs?: [string, ...Kind[]][]; macro?: boolean; version?: string; license?: string | null };

/** A graph in the form of `cargo metadata`; `phantun` has the two programs. */
function metadataOf(graph: Record<string, Node>) {
  const packages = Object.entries(graph).map(([id, { macro = false, version = '1.0.0', license = null }]) => {
    const kind = macro ? 'proc-macro' : 'lib';
    const programs = ['client', 'server'].map((name) => ({ kind: ['bin'], name }));
    return {
      id,
      name: id,
      version,
      license,
      targets: [{ kind: [kind], name: id }, ...(id === 'phantun' ? programs : [])],
    };
  });
  const nodes = Object.entries(graph).map(([id, { needs = [] }]) => ({
    id,
    deps: needs.map(([pkg, ...kinds]) => ({
      name: pkg,
      pkg,
      dep_kinds: kinds.map((kind) => ({ kind: kind === 'normal' ? null : kind, target: null })),
    })),
  }));
  return { packages, resolve: { nodes, root: null } };
}

/** Names of the crates, those that are only needed to build in brackets. */
const told = (graph: Record<string, Node>) =>
  cratesOf(metadataOf(graph), '').map(({ name, buildOnly }) => (buildOnly ? `(${name})` : name));

describe('the crates of a platform', () => {
  it.each<[string, Record<string, Node>, string[]]>([
    ['the package itself', { phantun: {} }, ['phantun']],
    [
      'what it needs, and what that needs',
      { phantun: { needs: [['b', 'normal']] }, b: { needs: [['a', 'normal']] }, a: {} },
      ['a', 'b', 'phantun'],
    ],
    [
      'a build script’s crate and all behind it, as build-only',
      { phantun: { needs: [['cc', 'build']] }, cc: { needs: [['shlex', 'normal']] }, shlex: {} },
      ['(cc)', 'phantun', '(shlex)'],
    ],
    [
      'a procedural macro and all behind it, as build-only',
      {
        phantun: { needs: [['derive', 'normal']] },
        derive: { macro: true, needs: [['syn', 'normal']] },
        syn: {},
      },
      ['(derive)', 'phantun', '(syn)'],
    ],
    [
      'one that is linked as well as needed to build, as linked',
      {
        phantun: {
          needs: [
            ['derive', 'normal'],
            ['cc', 'build'],
            ['libc', 'normal'],
          ],
        },
        derive: { macro: true, needs: [['libc', 'normal']] },
        cc: { needs: [['libc', 'normal']] },
        libc: {},
      },
      ['(cc)', '(derive)', 'libc', 'phantun'],
    ],
    [
      'one edge of two kinds, as linked',
      { phantun: { needs: [['libc', 'build', 'normal']] }, libc: {} },
      ['libc', 'phantun'],
    ],
    [
      'nothing that only tests need',
      {
        phantun: {
          needs: [
            ['criterion', 'dev'],
            ['libc', 'dev', 'normal'],
          ],
        },
        criterion: { needs: [['plotters', 'normal']] },
        plotters: {},
        libc: { needs: [['rand', 'dev']] },
        rand: {},
      },
      ['libc', 'phantun'],
    ],
    [
      'nothing that it does not need',
      { phantun: {}, 'another-member': { needs: [['x', 'normal']] }, x: {} },
      ['phantun'],
    ],
    [
      'a circle once',
      { phantun: { needs: [['a', 'normal']] }, a: { needs: [['b', 'normal']] }, b: { needs: [['a', 'normal']] } },
      ['a', 'b', 'phantun'],
    ],
  ])('are %s', (_, graph, expected) => {
    expect(told(graph)).toEqual(expected);
  });

  it('name version, hash, licence and needs', () => {
    const graph = {
      phantun: {
        needs: [
          ['libc', 'normal'],
          ['cc', 'build'],
          ['libc', 'build'],
          ['gone', 'dev'],
        ] satisfies Node['needs'],
      },
      libc: { version: '0.2.172', license: 'MIT OR Apache-2.0' },
      cc: {},
    };
    const hash = '0a9f'.repeat(16);
    const lock = `[[package]]\nname = "libc"\nversion = "0.2.172"\nchecksum = "${hash}"\n`;
    const linked = (sha256: string | undefined, needs: string[]) => ({ sha256, buildOnly: false, needs });
    expect(cratesOf(metadataOf(graph), lock)).toEqual([
      { id: 'cc', name: 'cc', version: '1.0.0', licence: undefined, sha256: undefined, buildOnly: true, needs: [] },
      { id: 'libc', name: 'libc', version: '0.2.172', licence: 'MIT OR Apache-2.0', ...linked(hash, []) },
      { id: 'phantun', name: 'phantun', version: '1.0.0', licence: undefined, ...linked(undefined, ['cc', 'libc']) },
    ]);
  });

  it('keep two versions of a crate apart', () => {
    const metadata = metadataOf({
      phantun: {
        needs: [
          ['one', 'normal'],
          ['two', 'build'],
        ],
      },
      one: {},
      two: { version: '2.0.0' },
    });
    for (const item of metadata.packages) if (item.id !== 'phantun') item.name = 'syn';
    const lock = [1, 2].map((n) => `[[package]]\nname="syn"\nversion="${n}.0.0"\nchecksum="${String(n).repeat(64)}"\n`);
    expect(cratesOf(metadata, lock.join('')).map(({ id, sha256, buildOnly }) => [id, sha256?.[0], buildOnly])).toEqual([
      ['phantun', undefined, false],
      ['one', '1', false],
      ['two', '2', true],
    ]);
  });

  it.each([
    ['MIT', 'MIT'],
    ['MIT/Apache-2.0', 'MIT OR Apache-2.0'],
    ['Unlicense / MIT', 'Unlicense OR MIT'],
    ['Zlib/MIT/Apache-2.0', 'Zlib OR MIT OR Apache-2.0'],
    ['(MIT OR Apache-2.0) AND Unicode-3.0', '(MIT OR Apache-2.0) AND Unicode-3.0'],
    ['x'.repeat(1_000), 'x'.repeat(1_000)],
    [null, undefined],
    ['', undefined],
  ])('have their licence in today’s spelling: %s', (license, licence) => {
    const [crate] = cratesOf(metadataOf({ phantun: { license } }), '');
    expect(crate?.licence).toBe(licence);
  });

  it.each([
    ['too long', 'x'.repeat(1_001), 'x'.repeat(200)],
    ['too long in today’s spelling', `x${'/'.repeat(400)}`, 'x////'],
    ['blank', '  ', '  '],
    ['not plain to see', 'MIT\u202e\nx', 'MIT\\u{202e}\\u{a}x'],
  ])('are refused with a licence that is %s', async (_, license, shown) => {
    const failure = await failureOf(() => cratesOf(metadataOf({ phantun: { license } }), ''));
    expect(failure.kind).toBe('build');
    expect(failure.message).toContain(
      `the licence of phantun is no SPDX expression of at most 1000 characters: ${shown}`,
    );
  });

  it('are judged at once, however long a licence is made', async () => {
    const license = `${' '.repeat(1_000_000)}x`;
    const start = performance.now();
    await failureOf(() => cratesOf(metadataOf({ phantun: { license } }), ''));
    expect(performance.now() - start).toBeLessThan(1_000);
  });
});

describe('metadata that nobody should believe', () => {
  const good = metadataOf({ phantun: { needs: [['libc', 'normal']] }, libc: {} });
  const NO_PROGRAMS = 'the output of cargo metadata names no package with the binaries client and server';
  it.each<[string, unknown, string]>([
    ['null', null, 'the output of cargo metadata: expected an object, found null'],
    ['a list', [], 'the output of cargo metadata: expected an object, found []'],
    ['nothing', {}, 'the output of cargo metadata: expected a list, found nothing'],
    [
      'a package that is a text',
      { ...good, packages: ['x'] },
      'the output of cargo metadata: expected an object, found x',
    ],
    [
      'no graph (--no-deps)',
      { ...good, resolve: null },
      'the output of cargo metadata: expected an object, found null',
    ],
    ['no package', { ...good, packages: [] }, NO_PROGRAMS],
    ['no programs', { ...good, packages: good.packages.slice(1) }, NO_PROGRAMS],
    [
      'one program of the two',
      { ...good, packages: [{ ...good.packages[0], targets: [{ kind: ['bin'], name: 'client' }] }] },
      NO_PROGRAMS,
    ],
    [
      'programs that are examples',
      {
        ...good,
        packages: [{ ...good.packages[0], targets: ['client', 'server'].map((name) => ({ kind: ['example'], name })) }],
      },
      NO_PROGRAMS,
    ],
    [
      'a target without a kind',
      { ...good, packages: [{ ...good.packages[0], targets: [{}] }] },
      'the output of cargo metadata: expected a list, found nothing',
    ],
    [
      'an id that is none',
      { ...good, packages: [{ ...good.packages[0], id: 1 }] },
      'the output of cargo metadata: expected a text, found 1',
    ],
    [
      'an edge without a target',
      { ...good, resolve: { nodes: [{ id: 'phantun', deps: [{ dep_kinds: [{ kind: null }] }] }] } },
      'the output of cargo metadata: expected a text, found nothing',
    ],
    [
      'an edge without kinds',
      { ...good, resolve: { nodes: [{ id: 'phantun', deps: [{ pkg: 'libc' }] }] } },
      'the output of cargo metadata: expected a list, found nothing',
    ],
  ])('%s', async (_, metadata, message) => {
    expect(await failureOf(() => cratesOf(metadata, ''))).toMatchObject({ kind: 'verification', message });
  });

  it('is refused in words or read, whatever JSON it is', () => {
    fc.assert(
      fc.property(fc.jsonValue(), (packages) => {
        try {
          cratesOf({ packages, resolve: { nodes: packages } }, '');
        } catch (error) {
          expect(error).toBeInstanceOf(Failure);
        }
      }),
    );
  });
});

const KINDS: Kind[] = ['normal', 'build', 'dev'];
/** Graphs of up to eight packages, circles and all. */
const graphs = fc
  .array(
    fc.record({
      macro: fc.boolean(),
      needs: fc.array(fc.tuple(fc.nat(7), fc.constantFrom(...KINDS)), { maxLength: 5 }),
    }),
    { minLength: 1, maxLength: 8 },
  )
  .map((nodes) => {
    const name = (index: number) => (index === 0 ? 'phantun' : `crate-${index}`);
    return Object.fromEntries(
      nodes.map(({ macro, needs }, index): [string, Node] => [
        name(index),
        {
          macro: macro && index > 0,
          needs: needs.filter(([to]) => to < nodes.length).map(([to, kind]) => [name(to), kind]),
        },
      ]),
    );
  });

describe('for any graph', () => {
  /** The crates behind phantun by edges that `follow` allows, found by asking every node until nothing is new. */
  function closure(graph: Record<string, Node>, follow: (from: Node, kind: Kind, to: Node) => boolean): Set<string> {
    const found = new Set(['phantun']);
    for (let size = 0; size !== found.size;) {
      size = found.size;
      for (const [id, from] of Object.entries(graph))
        for (const [to, kind = 'normal'] of from.needs ?? [])
          if (found.has(id) && follow(from, kind, graph[to] ?? {})) found.add(to);
    }
    return found;
  }

  it('a crate is there unless only tests need it, and linked when a path without macros and build scripts leads to it', () => {
    fc.assert(
      fc.property(graphs, (graph) => {
        const all = closure(graph, (_, kind) => kind !== 'dev');
        const linked = closure(
          graph,
          (from, kind, to) => kind === 'normal' && from.macro !== true && to.macro !== true,
        );
        const crates = cratesOf(metadataOf(graph), '');
        expect(new Set(crates.map(({ id }) => id))).toEqual(all);
        expect(new Set(crates.filter(({ buildOnly }) => !buildOnly).map(({ id }) => id))).toEqual(linked);
        for (const { needs } of crates) for (const need of needs) expect(all).toContain(need);
      }),
    );
  });

  it('the order of cargo’s answer does not matter', () => {
    fc.assert(
      fc.property(graphs, (graph) => {
        const { packages, resolve } = metadataOf(graph);
        const turned = { packages: [...packages].reverse(), resolve: { nodes: [...resolve.nodes].reverse() } };
        expect(cratesOf(turned, '')).toEqual(cratesOf({ packages, resolve }, ''));
      }),
    );
  });
});
