import { describe, expect, it } from 'vitest';
import { Failure } from '../../src/errors.js';
import { fenced } from '../../src/markdown.js';
import type { Part } from '../../src/image/publish/predecessor.js';
import type { Reproduction } from '../../src/proof/reproduce.js';
import { trustReport } from '../../src/proof/trust.js';
import { failureSummary, reproductionReport, successSummary, trustTable } from '../../src/summary.js';
import { cappedLines } from '../../src/text.js';
import { BEFORE, COMMIT, HEX, STEPS, builtResult, skippedResult } from '../support/result.js';

describe('the summary of a success', () => {
  it('says what was proven, run, published and how long it took', () => {
    const summary = successSummary(builtResult(), STEPS);
    expect(summary).toContain('## phantun 0.8.1, verified and published\n');
    expect(summary).toContain(`| commit | \`${COMMIT}\`, 2025-10-06T16:29:18Z |`);
    expect(summary).toContain(`\n${trustTable(builtResult().outcome.checks)}\n`);
    expect(summary).toContain(
      '| The image runs | – not proven here | without capabilities, read-only, on linux/amd64; not on linux/arm64: this machine has no emulator for it |',
    );
    expect(summary).toContain('| The archive is the one pinned | ✔ proven | ');
    expect(summary).toContain('| index | platforms (2): linux/amd64, linux/arm64 |');
    expect(summary).toContain(`\`\`\`sh\ndocker pull ghcr.io/a/b@sha256:${HEX}\n`);
    expect(summary).toContain('| Resolve ref | 0.4 s |\n| Build | 3 min 12 s |');
  });

  it('does not say more than was done', () => {
    const { plan, outcome } = builtResult();
    const { lock, source, tree } = plan;
    const unpinned = { ...source, tree: { ...tree, pinned: false } };
    const checks = trustReport({ lock, source: unpinned, built: true, facts: 1, smoke: [] });
    const published = { refs: [], tags: [] };
    const summary = successSummary({ ...builtResult(), outcome: { ...outcome, smoke: [], published, checks } }, []);
    expect(summary).toContain('## phantun 0.8.1, verified and built\n');
    expect(summary).toContain('| The image runs | – not proven here | not asked for |');
    expect(summary).toContain('| The archive is the one pinned | – not proven here | no SHA256 was given; ');
    for (const absent of ['docker pull', 'Tags:', 'Changed since', 'Exported']) expect(summary).not.toContain(absent);
  });

  it('says what changed since the image that a moving tag named', () => {
    const since = (changed: Part[]) => successSummary(builtResult({ before: BEFORE, changed }), STEPS);
    const name = `\`ghcr.io/a/b:latest@sha256:${'0'.repeat(64)}\``;
    expect(since(['source', 'recipe'])).toContain(`\nChanged since ${name}: source, recipe\n`);
    expect(since([])).toContain(`\nChanged since ${name}: nothing\n`);
  });

  it('of an image that was there already says that nothing was written, and what it is', () => {
    const summary = successSummary(skippedResult(), STEPS);
    expect(summary).toContain('## phantun 0.8.1, unchanged, nothing written\n');
    expect(summary).toContain('\nEvery repository holds this build with all its platforms.\n');
    expect(summary).toContain(`| **image** | **\`sha256:${HEX}\`** |`);
    expect(summary).toContain('| Resolve ref | 0.4 s |');
    for (const proven of ['The source is the commit', 'The commit is upstream’s', 'The bases are fixed'])
      expect(summary).toContain(`| ${proven} | ✔ proven | `);
    for (const [not, why] of [
      ['The compile had no network', 'nothing was built here'],
      [
        'The image holds what it must',
        'its annotations and the digests of its platforms were compared; its layers were not read',
      ],
      ['The image runs', 'it was not run here'],
      ['A second build gave the same digest', 'nothing was built here'],
    ])
      expect(summary).toContain(`| ${not} | – not proven here | ${why} |`);
    for (const absent of ['docker pull', 'Unpacked']) expect(summary).not.toContain(absent);
  });

  it('says that one repository is published to, too', () => {
    const published = { refs: [`ghcr.io/a/b@sha256:${HEX}`], tags: ['ghcr.io/a/b:1'] };
    const { outcome, ...rest } = builtResult();
    const summary = successSummary({ ...rest, outcome: { ...outcome, published } }, STEPS);
    expect(summary).toContain('## phantun 0.8.1, verified and published\n');
    expect(summary).toContain('Tags: `ghcr.io/a/b:1`\n');
  });

  it.each([
    [5, '`refs/tags/v4` |'],
    [6, '`refs/tags/v4` and 1 more |'],
    [8, '`refs/tags/v4` and 3 more |'],
    [99, '`refs/tags/v4` and 94 more |'],
    [100, '`refs/tags/v4` and at least 95 more |'],
  ])('names at most five of %i refs that hold the commit', (count, end) => {
    const held = Array.from({ length: count }, (_, index) => `refs/tags/v${index}`);
    expect(successSummary(builtResult({ held }), STEPS)).toContain(end);
  });

  it.each([
    '`evil`',
    '``evil``',
    '`|evil|`',
    '|evil|\n|---|',
    '<script>evil</script>',
    '`<img src=evil>`',
    '![evil](https://evil)',
    '\n\n# evil\n',
    '</td></table>evil',
    '`\n```\nevil\n```\n',
    '\r\n| evil |',
  ])('is inert against %j', (text) => {
    const usual = successSummary(builtResult({ folder: 'out' }), STEPS);
    const hostile = successSummary(builtResult({ ref: text, held: [text], folder: text, label: text }), STEPS);
    expect(hostile).toContain('evil');
    expect(withoutCode(hostile)).not.toContain('evil');
    expect(shape(hostile)).toEqual(shape(usual));
  });
});

/** What is left of Markdown without its code: blocks and spans. */
function withoutCode(markdown: string): string {
  return markdown
    .replace(/^(`{3,})\w*\n[\s\S]*?^\1$/gm, '')
    .split('\n')
    .map((line) => line.replace(/(`+)(?!`).*?(?<!`)\1(?!`)/g, ''))
    .join('\n');
}

/** Of every line, how many cells it has. */
function shape(markdown: string): number[] {
  return markdown.split('\n').map((line) => line.split('|').length);
}

describe('the summary of a failure', () => {
  it('says the class, the message, the last words and the steps', () => {
    const failure = new Failure('build', 'the build failed', { details: ['error: one', 'error: two'] });
    expect(failureSummary(failure, STEPS)).toBe(
      '## Failed: build\n\nthe build failed\n\n```text\nerror: one\nerror: two\n```\n\n' +
        '| Step | Time |\n| --- | --- |\n| Resolve ref | 0.4 s |\n| Build | 3 min 12 s |\n',
    );
  });

  it.each([
    '<script>alert(1)</script>',
    '`code`',
    '| a | b |\n|---|---|',
    '[x](https://evil)',
    '![x](https://evil)',
    '**bold** _it_ ~~gone~~',
    'first\n\n# second\n\n- third',
    '&lt;script&gt;',
    '\\<b\\>',
    'a\r\n```\nb',
    '# title',
    '~~~\nx',
    '$x^2$',
  ])('is inert against %j', (text) => {
    const [, , message = '', blank, ...rest] = failureSummary(new Failure('local', text), STEPS).split('\n');
    expect(message.replace(/&#\d+;/g, '')).not.toMatch(/[<>&|\\`*_~#$[\]\r]/);
    expect(blank).toBe('');
    expect(rest.join('\n')).toBe(failureSummary(new Failure('local', 'x'), STEPS).split('\n').slice(4).join('\n'));
    expect(decoded(message).split(/\s+/)).toEqual(text.split(/\s+/));
  });

  it('has a hundred lines of details, none longer than goes on a page', () => {
    const details = Array.from({ length: 1_000 }, (_, index) => `${index} ${'x'.repeat(10_000)}`);
    const summary = failureSummary(new Failure('build', 'x', { details }), STEPS);
    expect(summary.match(/^\d+ x+…$/gm)).toHaveLength(100);
    expect(summary).toContain(`\n99 ${'x'.repeat(997)}…\n(and 900 lines more)\n\`\`\`\n`);
  });

  it('has a block for lines with any number of backticks', () => {
    const line = `\`\`\`\` ${'` '.repeat(500_000)}`;
    expect(fenced([line])).toBe(`\`\`\`\`\`text\n${line}\n\`\`\`\`\``);
  });

  it.each(['```', '````text', '~~~', '`', 'a `````` b'])('no line leaves the block: %j', (line) => {
    const summary = failureSummary(new Failure('build', 'x', { details: [line, '<b>evil</b>'] }), STEPS);
    expect(failureSummary(new Failure('build', 'x', { details: [line] }), STEPS)).toContain(`\n${line}\n`);
    const fence = /^(`+)text$/m.exec(summary)?.[1] ?? '';
    expect(summary.split('\n').filter((each) => each === fence)).toHaveLength(1);
    expect(Math.max(0, ...(line.match(/`+/g) ?? []).map(({ length }) => length))).toBeLessThan(fence.length);
    expect(withoutCode(summary)).not.toContain('evil');
  });
});

function decoded(text: string): string {
  return text.replace(/&#(\d+);/g, (_, code: string) => String.fromCharCode(Number(code)));
}

describe('the trust table', () => {
  it('keeps its columns, whatever a check says', () => {
    const table = trustTable([{ name: 'image-runs', result: 'not-done', detail: 'a | b' }]);
    expect(table).toBe(
      '| What is proven |  | How, or why not |\n| --- | --- | --- |\n| The image runs | – not proven here | a · b |',
    );
  });
});

describe('the report of a reproduction', () => {
  const { lock } = builtResult().plan;
  const { upstream, commit, bases } = lock.inputs;
  const same: Reproduction = {
    verdict: 'identical',
    published: `sha256:${HEX}`,
    rebuilt: `sha256:${HEX}`,
    missing: undefined,
    differences: [],
    lock,
    checks: trustReport({ lock, built: true, rebuilt: 'identical' }),
  };

  it('is the verdict, both digests and what is proven', () => {
    expect(reproductionReport(same)).toBe(
      `## identical\n\n| Digest of the index |  |\n| --- | --- |\n| published | \`sha256:${HEX}\` |\n| rebuilt | \`sha256:${HEX}\` |\n\n` +
        'What the publisher says it was made of; whether you want that is for you to judge:\n\n' +
        `| Made of |  |\n| --- | --- |\n| upstream | \`${upstream}\` |\n| commit | \`${commit}\` |\n` +
        `| Rust | \`${bases.rust}\` |\n| shell | \`${bases.shell}\` |\n\n${trustTable(same.checks)}\n`,
    );
  });

  it('fits whole where the details of a failure do, however many the differences are', () => {
    const differences = Array.from({ length: 500 }, (_, index) => `index: ${index}`);
    const report = reproductionReport({ ...same, verdict: 'different', differences }).split('\n');
    expect(report).toEqual(expect.arrayContaining(['index: 49', '(and 450 lines more)']));
    expect(cappedLines(report)).toEqual(report);
  });

  it('lists the differences, or what is missing, in a block that nothing leaves', () => {
    const different = reproductionReport({ ...same, verdict: 'different', differences: ['index: a', '```', '<b>'] });
    expect(different).toContain('\nDifferences, the outermost first:\n\n````text\nindex: a\n```\n<b>\n````\n');
    const missing = { kind: 'not-found', text: 'no base\n# title' } as const;
    const gone = { ...same, verdict: 'unbuildable', rebuilt: undefined, missing } as const;
    const unbuildable = reproductionReport(gone);
    expect(unbuildable).toContain('| rebuilt | nothing |');
    expect(unbuildable).toContain('\nMissing:\n\n```text\nno base\n# title\n```\n');
    expect(unbuildable).not.toContain('Differences');
  });
});
