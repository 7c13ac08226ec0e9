import { describe, expect, it } from 'vitest';
import { verifiedTable } from '../../src/summary.js';
import { IDENTITY, asPublished, sampleImage, sampleLock, sampleStatement } from '../support/signed.js';

const lock = sampleLock();
const image = sampleImage(lock);
const published = asPublished(image);
const statement = sampleStatement(lock, image);

describe('verifiedTable', () => {
  const signer = { ...IDENTITY, name: IDENTITY.signer };
  const verified = { image: published, statement, signer, logIndex: '7', predicateTypes: ['x'], lock };

  it('is short, and names what is run and who vouches for it', () => {
    const text = verifiedTable(verified);
    expect(text).toContain(`| image | ${published.repository}@${published.digest} |`);
    expect(text).toContain(`| signed by | ${IDENTITY.signer} |`);
    expect(text).toContain('| lock | gives build key and labels |');
    expect(text).toContain('| checks the publisher signed | tree-bound |');
    expect(text.split('\n').length).toBeLessThan(20);
  });

  it('has no markup in what was signed', () => {
    const hostile = '<img src=x> [a](https://evil.example) `b` **c** ##[add-path]/evil \\| d\u001b[2J';
    const { predicate } = statement;
    const text = verifiedTable({
      ...{ ...verified, predicateTypes: [hostile], logIndex: hostile },
      signer: { ...signer, source: hostile, name: hostile, run: hostile },
      statement: {
        ...statement,
        predicate: { ...predicate, upstream: { ...predicate.upstream, repository: hostile } },
      },
    });
    const cells = text
      .split('\n')
      .slice(2, -1)
      .map((line) => /^\| [\w ]+ \| (.*) \|$/.exec(line)?.[1]);
    expect(cells).toHaveLength(12);
    for (const cell of cells) expect(cell?.replace(/&#\d+;/g, '')).toMatch(/^[^<>&|\\`*_~#$[\]\r\n\u001b]+$/);
  });

  it('says what was not there, and lets nothing break out of its cells', () => {
    const run = 'x | y\n| z';
    const text = verifiedTable({ ...verified, signer: { ...signer, run }, logIndex: undefined, lock: undefined });
    expect(text).toContain('not beside the image; signed as SHA256');
    expect(text).toContain('in no public log');
    expect(text.split('\n').every((line) => line === '' || (line.match(/\|/g) ?? []).length === 3)).toBe(true);
  });
});
