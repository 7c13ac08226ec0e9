import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  type ExpectedSigner,
  type SignerFacts,
  identityDifferences,
  signerFacts,
} from '../../../src/verify/identity.js';
import { failureOf } from '../../support/failureOf.js';
import { EXPECTED, IDENTITY, PUBLISHER, SIGNER_DIGEST } from '../../support/signed.js';

const { signer, ...rest } = IDENTITY;
const FACTS: SignerFacts = { ...rest, signer, name: signer };
const fields = (facts: Partial<SignerFacts>, expected: Partial<ExpectedSigner> = {}) =>
  identityDifferences({ ...FACTS, ...facts }, { ...EXPECTED, ...expected }).map(({ field }) => field);
/** Name and Build Signer URI say the same in every certificate of Fulcio's. */
const workflow = (name: string) => ({ name, signer: name });

describe('identityDifferences', () => {
  it('is empty for the signer that is expected', () => {
    expect(fields({})).toEqual([]);
    expect(fields({}, { signer: undefined })).toEqual([]);
    expect(fields({}, { signer: undefined, signerDigest: SIGNER_DIGEST })).toEqual([]);
    expect(fields({}, { signerDigest: SIGNER_DIGEST })).toEqual([]);
  });

  it.each<[string, Partial<SignerFacts>, string]>([
    ['another repository', { source: 'https://github.com/org/other' }, 'source repository'],
    ['a repository whose name begins like it', { source: `https://github.com/${PUBLISHER}-x` }, 'source repository'],
    ['a repository whose name ends like it', { source: `https://github.com/evil/${PUBLISHER}` }, 'source repository'],
    ['another ref of the workflow', workflow(signer.replace('main', 'other')), 'signing workflow'],
    ['a ref that begins like it', workflow(`${signer}-x`), 'signing workflow'],
    ['another workflow file', workflow(signer.replace('build.yml', 'rebuild.yml')), 'signing workflow'],
    ['the same path under another owner', workflow(signer.replace('org/', 'evil/')), 'signing workflow'],
    ['an address that holds the right one', workflow(`https://evil.example/?${signer}`), 'signing workflow'],
    ['another issuer', { issuer: 'https://accounts.example.org' }, 'issuer'],
    ['no issuer', { issuer: '' }, 'issuer'],
    ['a self-hosted runner', { runner: 'self-hosted' }, 'runner environment'],
    ['a runner that is not said', { runner: '' }, 'runner environment'],
    ['a name that the build signer URI contradicts', { signer: `${signer}x` }, 'build signer URI'],
    ['no build signer URI', { signer: '' }, 'build signer URI'],
  ])('names the field for %s', (_, facts, field) => {
    expect(fields(facts)).toEqual([field]);
  });

  it('compares the whole name: a dot is a dot', () => {
    expect(fields(workflow(signer.replace('build.yml', 'buildxyml')))).toEqual(['signing workflow']);
  });

  it('compares more of a name than it shows', () => {
    const long = `${signer}${'x'.repeat(300)}`;
    const expected = { signer: undefined };
    expect(fields(workflow(long), expected)).toEqual([]);
    expect(fields({ name: long, signer: `${long}x` }, expected)).toEqual(['build signer URI']);
  });

  it.each([{ signer: undefined }, { signer: undefined, signerDigest: SIGNER_DIGEST }, {}])(
    'names the workflow for a certificate that has no name, given %j',
    (expected) => {
      const [difference, ...others] = identityDifferences({ ...FACTS, ...workflow('') }, { ...EXPECTED, ...expected });
      expect(difference).toMatchObject({ field: 'signing workflow', found: 'nothing' });
      expect(others).toEqual([]);
    },
  );

  it('wants the commit of the workflow, if one is given, and then the one file that signs', () => {
    expect(fields({}, { signerDigest: 'b'.repeat(40) })).toEqual(['signer digest']);
    expect(fields({ signerDigest: '' }, { signerDigest: SIGNER_DIGEST })).toEqual(['signer digest']);
    const byDigest = { signer: undefined, signerDigest: SIGNER_DIGEST };
    expect(fields(workflow(signer.replace('org/', 'other/')), byDigest)).toEqual([]);
    expect(fields(workflow(signer.replace('build.yml', '.ci.yml')), byDigest)).toEqual(['signing workflow']);
  });

  it('with a workflow alone takes it at any ref, and compares its repository and its file whole', () => {
    const file = signer.replace('https://github.com/', '').replace(/@.*/, '');
    const anyRef = { signer: undefined, signerWorkflow: file };
    for (const ref of ['refs/heads/main', 'refs/tags/v1.2.3', 'c0ffee'])
      expect([ref, fields(workflow(signer.replace(/@.*/, `@${ref}`)), anyRef)]).toEqual([ref, []]);
    for (const name of [
      signer.replace('build.yml', 'rebuild.yml'),
      signer.replace('build.yml', 'buildxyml'),
      signer.replace('org/', 'evil/'),
      signer.replace('/.github', '-x/.github'),
      signer.replace(/@.*/, ''),
      `https://evil.example/?${signer}`,
      '',
    ])
      expect([name, fields(workflow(name), anyRef)]).toEqual([name, ['signing workflow']]);
    expect(fields({ source: 'https://github.com/org/other' }, anyRef)).toEqual(['source repository']);
    expect(fields({}, { ...anyRef, signerDigest: 'b'.repeat(40) })).toEqual(['signer digest']);
  });

  it('without a signer takes a workflow of the publisher alone', () => {
    const any = { signer: undefined };
    expect(fields(workflow(signer.replace('build.yml', 'mine.yml').replace('main', 'x')), any)).toEqual([]);
    expect(fields(workflow(signer.replace('org/', 'evil/')), any)).toEqual(['signing workflow']);
    expect(fields(workflow(signer.replace('/.github', '-x/.github')), any)).toEqual(['signing workflow']);
    expect(fields(workflow(`https://evil.example/${PUBLISHER}/.github/workflows/a.yml@x`), any)).toEqual([
      'signing workflow',
    ]);
  });

  it.each<[string, string]>([
    ['an address', 'someone@example.org'],
    ['something before it', `https://evil.example/?${signer}`],
    ['something after it', `${signer} x`],
    ['two refs', `${signer}@x`],
    ['no ref', signer.replace(/@.*/, '@')],
    ['a folder more', signer.replace('workflows/', 'workflows/x/')],
    ['no owner', signer.replace('org/', '/')],
    ['another scheme', signer.replace('https:', 'http:')],
  ])('takes a name for no workflow that has %s', (_, name) => {
    expect(fields(workflow(name), { signer: undefined })).toEqual(['signing workflow']);
    expect(fields(workflow(name), { signer: undefined, signerDigest: SIGNER_DIGEST })).toEqual(['signing workflow']);
  });

  it('takes a self-hosted runner only when told so', () => {
    expect(fields({ runner: 'self-hosted' }, { allowSelfHosted: true })).toEqual([]);
  });

  it('passes no certificate that differs in anything that is compared', () => {
    const compared = ['issuer', 'source', 'name', 'signer', 'runner'] as const;
    fc.assert(
      fc.property(fc.constantFrom(...compared), fc.string(), (field, text) => {
        fc.pre(text !== FACTS[field]);
        expect(fields({ [field]: text })).not.toEqual([]);
      }),
    );
  });
});

describe('signerFacts', () => {
  const ISSUER = '1.3.6.1.4.1.57264.1.8';
  const read = (...values: [string, Buffer][]) =>
    signerFacts({
      key: undefined as never,
      identity: {
        subjectAlternativeName: 'x',
        oids: values.map(([id, value]) => ({ oid: { id: id.split('.').map(Number) }, value })),
      },
    });
  const text = (length: number[], body: string) => Buffer.concat([Buffer.from([0x0c, ...length]), Buffer.from(body)]);

  it('reads texts of every length form', () => {
    expect(read([ISSUER, text([3], 'abc')]).issuer).toBe('abc');
    expect(read([ISSUER, text([0x81, 200], 'x'.repeat(200))]).issuer).toBe('x'.repeat(200));
    expect(read([ISSUER, text([0x82, 1, 0x2c], 'x'.repeat(300))]).issuer).toBe('x'.repeat(300));
    expect(read().issuer).toBe('');
  });

  it.each([
    [0, [0]],
    [127, [127]],
    [128, [0x81, 128]],
    [255, [0x81, 255]],
    [256, [0x82, 1, 0]],
    [65_535, [0x82, 255, 255]],
  ])('reads a text of %i bytes', (size, length) => {
    expect(read([ISSUER, text(length, 'x'.repeat(size))]).issuer).toBe('x'.repeat(size));
  });

  it('reads nothing from a key, or from an extension that has no name', () => {
    const key = undefined as never;
    const oids = [{ oid: undefined, value: text([1], 'a') }];
    const nothing = { issuer: '', signer: '', source: '', runner: '', name: '' };
    expect(signerFacts({ key })).toMatchObject(nothing);
    expect(signerFacts({ key, identity: { subjectAlternativeName: '', oids } })).toMatchObject(nothing);
  });

  it.each<[string, Buffer]>([
    ['another type', Buffer.from('\x13\x03abc')],
    ['a length too short', text([2], 'abc')],
    ['a length too long', text([4], 'abc')],
    ['a length in a longer form than needed', text([0x81, 3], 'abc')],
    ['a length in two bytes that needs one', text([0x82, 0, 200], 'x'.repeat(200))],
    ['a length of three bytes', text([0x83, 0, 0, 3], 'abc')],
    ['a length of three bytes for what is as long', text([0x83, 0, 1, 0], 'x'.repeat(256))],
    ['an endless length', text([0x80], 'abc')],
    ['an endless length before one byte', text([0x80], 'a')],
    ['an endless length before as many bytes as its number', text([0x80], 'x'.repeat(128))],
    ['nothing', Buffer.alloc(0)],
  ])('refuses %s', async (_, value) => {
    expect((await failureOf(() => read([ISSUER, value]))).message).toContain('extension issuer is not a text');
  });

  it('refuses an extension that is there twice', async () => {
    const failure = await failureOf(() => read([ISSUER, text([1], 'a')], [ISSUER, text([1], 'b')]));
    expect(failure.message).toContain('twice');
  });
});
