import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { readContract, withDefaults } from '../../src/cli/contract.js';
import { Failure } from '../../src/errors.js';
import { formatReference, parseReference } from '../../src/image/reference.js';
import { INPUT_NAMES, parseInputs } from '../../src/inputs.js';
import { parseRef } from '../../src/source/ref.js';
import { parseUpstream } from '../../src/source/upstream.js';
import { RAW } from '../support/world.js';

const contract = await readContract();

const COMMIT = 'b42ed82e7fe5e3b9a3e5d0d5b4b7b2b9a7b6c5d4';
const SHA256 = 'e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855';

const nasty = fc.stringMatching(/^[\s\S]{0,12}$/);
const near = (...parts: string[]) =>
  fc.array(fc.oneof(fc.constantFrom(...parts), nasty), { maxLength: 9 }).map((pieces) => pieces.join(''));

const mostly = (usual: string, ...others: string[]) => fc.oneof(fc.constant(usual), near(usual, ...others));

/** What the parser gives, or undefined for a Failure of class input whose message is safe; anything else is thrown. */
function judged<T>(parse: () => T): T | undefined {
  try {
    return parse();
  } catch (error) {
    if (!(error instanceof Failure) || error.kind !== 'input') throw error;
    expect(error.message).not.toMatch(RAW);
    return undefined;
  }
}

describe('whatever the text', () => {
  it('a ref is refused in clean words, or taken as it is', () => {
    let accepted = 0;
    const text = near('HEAD', 'refs/', 'heads/', 'tags/', 'main', '/', '.', 'a', 'v1', '\u00a0', '\ufeff', COMMIT, '-');
    fc.assert(
      fc.property(text, (ref) => {
        const wanted = judged(() => parseRef(ref));
        if (wanted === undefined) return;
        accepted += 1;
        if (wanted.kind === 'commit') expect(wanted.commit).toBe(ref.toLowerCase());
        else if (wanted.kind === 'head') expect(['', 'HEAD']).toContain(ref);
        else expect(wanted.name).toBe(ref);
        expect(ref).not.toMatch(/[\s\p{C}\p{Z}]/u);
      }),
      { numRuns: 500 },
    );
    expect(accepted).toBeGreaterThan(20);
  });

  it('an upstream is refused in clean words, or is an address that no URL parser mends', () => {
    let accepted = 0;
    const text = fc
      .tuple(
        fc.constantFrom('https://', 'https://', 'http://', ''),
        mostly('github.com', '127.0.0.1', 'localhost', '[::1]', ':80', ':8080', '@', '.', '1', 'xn--a', '0x7f', '-'),
        mostly('dndx', '.', '..', '-', '%2f', '_'),
        mostly('phantun', '.git', '/', '.', '?', '#'),
      )
      .map(([scheme, ...rest]) => scheme + rest.join('/'));
    fc.assert(
      fc.property(text, (address) => {
        const upstream = judged(() => parseUpstream(address));
        if (upstream === undefined) return;
        accepted += 1;
        expect(parseUpstream(upstream.url)).toEqual(upstream);
        expect(new URL(upstream.url).href).toBe(upstream.url);
        expect(new URL(upstream.url).origin).toBe(upstream.origin);
      }),
      { numRuns: 2_000 },
    );
    expect(accepted).toBeGreaterThan(20);
  });

  it('an image reference is none, or has one full form that is its own', () => {
    let accepted = 0;
    const text = near(
      'docker.io',
      'ghcr.io',
      'localhost',
      ':5000',
      '/',
      'rust',
      'Library',
      ':1.2',
      `@sha256:${SHA256}`,
      '__',
      '-',
    );
    fc.assert(
      fc.property(text, (name) => {
        const reference = parseReference(name);
        if (reference === undefined) return;
        accepted += 1;
        expect(parseReference(formatReference(reference))).toEqual(reference);
        expect(reference.repository).toContain('/');
      }),
      { numRuns: 1_000 },
    );
    expect(accepted).toBeGreaterThan(20);
  });

  it('every input is parsed or refused in clean words', () => {
    fc.assert(
      fc.property(
        fc.constantFrom(...INPUT_NAMES),
        near('true', 'a=', ',', '\n', '{version}', 'linux/amd64', 'a'),
        (name, text) => {
          judged(() => parseInputs(withDefaults(contract, { [name]: text })));
        },
      ),
      { numRuns: 1_000 },
    );
  });
});
