import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { Failure } from '../../src/errors.js';
import { runnerLog } from '../../src/log/runner.js';
import { OUTPUT_NAMES, outputsOf, reportFailure, reportSuccess } from '../../src/report.js';
import type { Result } from '../../src/run.js';
import { successSummary } from '../../src/summary.js';
import { ACTION_FILE } from '../../src/wrapper.js';
import { COMMIT, HEX, STEPS, builtResult, skippedResult } from '../support/result.js';
import { failureOf } from '../support/failureOf.js';
import { captureStdout } from '../support/runner.js';
import { setEnvironment, temporaryFolder } from '../support/world.js';

describe('outputsOf', () => {
  it.each([
    ['built', builtResult()],
    ['skipped', skippedResult()],
  ])('gives every output of action.yml and no other: %s', (_, result) => {
    const { outputs } = parse(readFileSync(ACTION_FILE, 'utf8')) as { outputs: Record<string, unknown> };
    expect([...OUTPUT_NAMES]).toEqual(Object.keys(outputs));
    expect(Object.keys(outputsOf(result)).sort()).toEqual(Object.keys(outputs).sort());
  });

  const COMMON = {
    commit: COMMIT,
    tree: 'd'.repeat(40),
    epoch: '1759768158',
    version: '0.8.1',
    'archive-sha256': HEX,
    'tar-sha256': 'cd'.repeat(32),
    'build-key': 'ef'.repeat(32),
    digest: `sha256:${HEX}`,
    refs: `ghcr.io/a/b@sha256:${HEX}\nghcr.io/c/d@sha256:${HEX}`,
    failure: '',
  };

  it('has these values of what was built', () => {
    expect(outputsOf(builtResult())).toEqual({
      ...COMMON,
      manifests: `{"linux/amd64":"sha256:${'1'.repeat(64)}","linux/arm64":"sha256:${'2'.repeat(64)}"}`,
      tags: 'ghcr.io/a/b:1\nghcr.io/c/d:1',
      skipped: 'false',
      changed: 'source\nbases',
      lock: '/temp/lock.json',
      sbom: '/temp/evidence/sbom-linux-amd64.cdx.json\n/temp/evidence/sbom-linux-arm64.cdx.json',
      evidence: '/temp/evidence',
    });
  });

  it('names of what was skipped the image that is there, and no file', () => {
    expect(outputsOf(skippedResult())).toEqual({
      ...COMMON,
      ...{ manifests: '', tags: '', skipped: 'true', changed: '', lock: '', sbom: '', evidence: '' },
    });
  });
});

describe('what the runner gets', () => {
  it('is every output and the summary, or the class and the summary of a failure', async () => {
    const folder = temporaryFolder();
    const [outputs, summary] = [join(folder, 'outputs'), join(folder, 'summary')];
    writeFileSync(outputs, '');
    writeFileSync(summary, '');
    setEnvironment({ GITHUB_OUTPUT: outputs, GITHUB_STEP_SUMMARY: summary });
    await reportSuccess(builtResult(), STEPS, runnerLog());
    expect(readOutputs(outputs)).toEqual(outputsOf(builtResult()));
    expect(readFileSync(summary, 'utf8').trim()).toBe(successSummary(builtResult(), STEPS).trim());

    writeFileSync(outputs, '');
    const log = runnerLog(() => undefined);
    captureStdout();
    log.secret('tok_en');
    await reportFailure(new Failure('rate-limit', 'x tok_en', { details: ['y tok_en', 'z tok_…'] }), STEPS, log);
    expect(readOutputs(outputs)).toEqual({ failure: 'rate-limit' });
    const told = readFileSync(summary, 'utf8');
    expect(told).toContain('## Failed: rate-limit');
    expect(told).toContain('x &#42;&#42;&#42;\n');
    expect(told).toContain('y ***\nz ***…\n');
  });
});

describe('what a run that has published cannot tell the runner', () => {
  const report = (env: Record<string, string>, result: Result = builtResult()) => {
    const files = { GITHUB_OUTPUT: join(temporaryFolder(), 'outputs'), GITHUB_STEP_SUMMARY: '', ...env };
    writeFileSync(files.GITHUB_OUTPUT, '');
    setEnvironment(files);
    const warnings: string[] = [];
    return { warnings, tell: () => reportSuccess(result, STEPS, { warning: (text) => void warnings.push(text) }) };
  };

  it('is a warning, where it is the summary', async () => {
    const { tell, warnings } = report({ GITHUB_STEP_SUMMARY: '/dev/full' });
    // The library remembers the file that it wrote first, which is gone by now.
    await tell();
    expect(warnings).toEqual([expect.stringMatching(/^the job summary cannot be written: ./)]);
  });

  it('fails with the names, where it is an output', async () => {
    const { refs, tags } = builtResult().outcome.published;
    const { kind, message } = await failureOf(report({ GITHUB_OUTPUT: '/dev/full' }).tell);
    expect(kind).toBe('local');
    expect(message).toMatch(
      new RegExp(`^no space left: .*outputs cannot be written. Published is ${[...refs, ...tags].join(', ')}$`),
    );
    const nothing = builtResult();
    nothing.outcome.published = { refs: [], tags: [] };
    expect((await failureOf(report({ GITHUB_OUTPUT: '/dev/full' }, nothing).tell)).message).toMatch(/ is nothing$/);
  });
});

/** A file of outputs, read as the runner reads it. */
function readOutputs(file: string): Record<string, string> {
  const found = readFileSync(file, 'utf8').matchAll(/^([^<\n]+)<<(\S+)\n([\s\S]*?)\n?^\2$/gm);
  return Object.fromEntries([...found].map(([, name = '', , value = '']) => [name, value]));
}
