import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { Failure } from '../../src/errors.js';
import {
  OUTPUT_NAMES,
  failureSummary,
  outputsOf,
  reportFailure,
  reportSuccess,
  successSummary,
} from '../../src/report.js';
import type { Result } from '../../src/run.js';
import { ACTION_FILE } from '../../src/wrapper.js';
import { setEnvironment, temporaryFolder } from '../support/world.js';

const HEX = 'ab'.repeat(32);
const COMMIT = 'b42ed82e7fe5e3b9a3e5d0d5b4b7b2b9a7b6c5d4';

type Texts = { ref?: string; held?: string[]; folder?: string; label?: string };

function result({ ref = 'HEAD', held = ['refs/heads/main'], folder, label = 'x' }: Texts = {}): Result {
  const descriptor = (letter: string) => ({ digest: `sha256:${letter.repeat(64)}`, size: 3_300_000 });
  const image = (platform: string, letter: string) => ({
    platform,
    manifest: descriptor(letter),
    config: descriptor(letter),
    layer: descriptor(letter),
    unpackedSize: 8_600_000,
  });
  return {
    source: {
      upstream: {
        url: 'https://github.com/dndx/phantun',
        origin: 'https://github.com',
        owner: 'dndx',
        name: 'phantun',
      },
      ref,
      commit: COMMIT,
      tree: 'd'.repeat(40),
      epoch: 1_759_768_158,
      tagObject: undefined,
      reachableFrom: held,
    },
    tree: {
      folder: '/x',
      id: 'd'.repeat(40),
      version: '0.8.1',
      archiveUrl: 'https://github.com/x',
      archiveSha256: HEX,
      tarSha256: HEX,
      from: 'upstream',
      pinned: true,
    },
    lock: {
      inputs: {
        schema: 1,
        upstream: 'https://github.com/dndx/phantun',
        commit: COMMIT,
        tree: 'd'.repeat(40),
        epoch: 1_759_768_158,
        bases: { rust: `docker.io/library/rust:1@sha256:${HEX}`, shell: `docker.io/library/busybox:1@sha256:${HEX}` },
        platforms: ['linux/amd64', 'linux/arm64'],
        buildPlatform: 'linux/amd64',
        recipe: { dockerfile: HEX, wrapper: '1.0.0', layout: 1 },
        labels: { label },
      },
      facts: {
        ref,
        tagObject: '',
        reachableFrom: held,
        version: '0.8.1',
        archiveUrl: 'https://github.com/x',
        archiveSha256: HEX,
        tarSha256: 'cd'.repeat(32),
        buildkit: 'v0.26.2',
        resolvedAt: 1,
      },
    },
    buildKey: 'ef'.repeat(32),
    checked: {
      image: {
        index: { digest: `sha256:${HEX}` },
        images: [image('linux/amd64', '1'), image('linux/arm64', '2')],
      },
      facts: [{ subject: 'index', fact: 'platforms (2): linux/amd64, linux/arm64' }],
    } as unknown as Result['checked'],
    smoke: [
      { platform: 'linux/amd64', ran: true, reason: '' },
      { platform: 'linux/arm64', ran: false, reason: 'this machine has no emulator for it' },
    ],
    published: {
      refs: [`ghcr.io/a/b@sha256:${HEX}`, `ghcr.io/c/d@sha256:${HEX}`],
      tags: ['ghcr.io/a/b:1', 'ghcr.io/c/d:1'],
    },
    lockPath: '/temp/lock.json',
    exportFolder: folder,
  };
}

const STEPS = [
  { name: 'Resolve ref', seconds: 0.44 },
  { name: 'Build', seconds: 192 },
];

describe('outputsOf', () => {
  it('gives every output of action.yml, in its order', () => {
    const { outputs } = parse(readFileSync(ACTION_FILE, 'utf8')) as { outputs: Record<string, unknown> };
    expect(Object.keys(outputsOf(result()))).toEqual(Object.keys(outputs));
    expect([...OUTPUT_NAMES]).toEqual(Object.keys(outputs));
  });

  it('has these values', () => {
    expect(outputsOf(result())).toEqual({
      commit: COMMIT,
      tree: 'd'.repeat(40),
      epoch: '1759768158',
      version: '0.8.1',
      'archive-sha256': HEX,
      'tar-sha256': 'cd'.repeat(32),
      'build-key': 'ef'.repeat(32),
      digest: `sha256:${HEX}`,
      manifests: `{"linux/amd64":"sha256:${'1'.repeat(64)}","linux/arm64":"sha256:${'2'.repeat(64)}"}`,
      refs: `ghcr.io/a/b@sha256:${HEX}\nghcr.io/c/d@sha256:${HEX}`,
      tags: 'ghcr.io/a/b:1\nghcr.io/c/d:1',
      lock: '/temp/lock.json',
      failure: '',
    });
  });
});

describe('the summary of a success', () => {
  it('says what was proven, run, published and how long it took', () => {
    const summary = successSummary(result(), STEPS);
    expect(summary).toContain('## phantun 0.8.1, verified and published\n');
    expect(summary).toContain(`| commit | \`${COMMIT}\`, 2025-10-06T16:29:18Z |`);
    expect(summary).toContain('| The image runs, linux/amd64 | both programs and the usage message,');
    expect(summary).toContain('| The image runs, linux/arm64 | **not run**: this machine has no emulator for it |');
    expect(summary).toContain(`\`\`\`sh\ndocker pull ghcr.io/a/b@sha256:${HEX}\n`);
    expect(summary).toContain('| Resolve ref | 0.4 s |\n| Build | 3 min 12 s |');
  });

  it('does not say more than was done', () => {
    const summary = successSummary(
      { ...result(), smoke: [], published: { refs: [], tags: [] }, tree: { ...result().tree, pinned: false } },
      [],
    );
    expect(summary).toContain('## phantun 0.8.1, verified and built\n');
    expect(summary).toContain('| The image runs | not asked: `smoke` is false |');
    expect(summary).toContain('| The archive is the one pinned | not asked: `archive-sha256` was not given |');
    expect(summary).not.toContain('docker pull');
    expect(summary).not.toContain('Tags:');
  });

  it('says that one repository is published to, too', () => {
    const published = { refs: [`ghcr.io/a/b@sha256:${HEX}`], tags: ['ghcr.io/a/b:1'] };
    const summary = successSummary({ ...result(), published }, STEPS);
    expect(summary).toContain('## phantun 0.8.1, verified and published\n');
    expect(summary).toContain('Tags: `ghcr.io/a/b:1`\n');
  });

  it.each([
    [5, '`refs/tags/v4` |'],
    [6, '`refs/tags/v4` and 1 more |'],
    [8, '`refs/tags/v4` and 3 more |'],
  ])('names at most five of %i refs that hold the commit', (count, end) => {
    const held = Array.from({ length: count }, (_, index) => `refs/tags/v${index}`);
    expect(successSummary(result({ held }), STEPS)).toContain(end);
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
    const usual = successSummary(result({ folder: 'out' }), STEPS);
    const hostile = successSummary(result({ ref: text, held: [text], folder: text, label: text }), STEPS);
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

describe('what the runner gets', () => {
  it('is every output and the summary, or the class and the summary of a failure', async () => {
    const folder = temporaryFolder();
    const [outputs, summary] = [join(folder, 'outputs'), join(folder, 'summary')];
    writeFileSync(outputs, '');
    writeFileSync(summary, '');
    setEnvironment({ GITHUB_OUTPUT: outputs, GITHUB_STEP_SUMMARY: summary });
    await reportSuccess(result(), STEPS);
    expect(readOutputs(outputs)).toEqual(outputsOf(result()));
    expect(readFileSync(summary, 'utf8').trim()).toBe(successSummary(result(), STEPS).trim());

    writeFileSync(outputs, '');
    await reportFailure(new Failure('rate-limit', 'x'), STEPS);
    expect(readOutputs(outputs)).toEqual({ failure: 'rate-limit' });
    expect(readFileSync(summary, 'utf8')).toContain('## Failed: rate-limit');
  });
});

/** A file of outputs, read as the runner reads it. */
function readOutputs(file: string): Record<string, string> {
  const found = readFileSync(file, 'utf8').matchAll(/^([^<\n]+)<<(\S+)\n([\s\S]*?)\n?^\2$/gm);
  return Object.fromEntries([...found].map(([, name = '', , value = '']) => [name, value]));
}
