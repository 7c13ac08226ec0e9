import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { NoOperationTraceWriter, convertWorkflowTemplate, parseWorkflow } from '@actions/workflow-parser';
import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { ACTION_FILE, WRAPPER_FOLDER } from '../../../src/wrapper.js';
import { WORKFLOWS, type Workflow, jobOf, stepsOf, workflowFiles, workflowOf } from '../../support/workflows.js';

type ParserError = { message: string };

/** What GitHub's own parser has to say of a workflow; called workflows of this repository are read, too. */
async function parserErrors(name: string, content: string): Promise<string[]> {
  const { context, value } = parseWorkflow({ name, content }, new NoOperationTraceWriter());
  if (value === undefined) return context.errors.getErrors().map(({ message }: ParserError) => message);
  const template = await convertWorkflowTemplate(
    context,
    value,
    {
      getFileContent: (reference) => {
        if (!('path' in reference)) throw new Error('only workflows of this repository are called');
        return Promise.resolve({
          name: reference.path,
          content: readFileSync(join(WRAPPER_FOLDER, reference.path), 'utf8'),
        });
      },
    },
    { fetchReusableWorkflowDepth: 1 },
  );
  return [...context.errors.getErrors(), ...(template.errors ?? [])].map(
    ({ message, Message }: { message?: string; Message?: string }) => message ?? Message ?? '',
  );
}

describe('every workflow', () => {
  it('is looked at', () => {
    expect(workflowFiles.map(({ name }) => name)).toEqual([
      ...['.check-dist.yml', '.ci.yml', '.codeql.yml', '.dependabot-dist.yml', '.lint.yml', '.pins.yml'],
      ...['.release-action.yml', '.scorecard.yml', 'build.yml', 'rebuild.yml', 'release.yml', 'verify.yml'],
    ]);
  });

  it.each(workflowFiles)('$name is accepted by GitHub’s parser', async ({ name, text }) => {
    expect(await parserErrors(name, text)).toEqual([]);
  });

  it('GitHub’s parser would have said what is wrong', async () => {
    const wrong = readFileSync(join(WORKFLOWS, 'release.yml'), 'utf8');
    expect(await parserErrors('x.yml', wrong.replace(/^ {4}uses:/m, '    use:'))).not.toEqual([]);
    expect(await parserErrors('x.yml', wrong.replace('rebuild: true', 'rebiuld: true'))).not.toEqual([]);
  });

  it.each(workflowFiles)('$name starts from no permission and names those of each job', ({ workflow }) => {
    expect(workflow.permissions).toEqual({});
    for (const [id, { permissions }] of Object.entries(workflow.jobs))
      expect([id, permissions]).not.toContain(undefined);
  });

  it.each(workflowFiles)('$name says of each permission that it takes why', ({ text }) => {
    const grants = text.match(/^ +(?:[a-z-]+): (?:read|write)\b.*$/gm) ?? [];
    expect(grants.filter((line) => !line.includes(' # '))).toEqual([]);
  });

  it.each(workflowFiles)('$name ends in time and not beside itself', ({ workflow }) => {
    expect(workflow.concurrency?.group).toMatch(/./);
    for (const [id, job] of Object.entries(workflow.jobs))
      expect([id, job.uses === undefined ? job['timeout-minutes'] : 1]).toEqual([id, expect.any(Number)]);
  });

  it.each(workflowFiles)('$name puts no expression into a script', ({ workflow }) => {
    for (const { job, step } of stepsOf(workflow))
      expect([job, step.run ?? '']).not.toEqual([job, expect.stringContaining('${{')]);
  });

  it.each(workflowFiles)('$name leaves no credential behind and caches nothing', ({ workflow }) => {
    for (const { step } of stepsOf(workflow)) {
      if (step.uses?.startsWith('actions/checkout@') === true)
        expect(step.with).toMatchObject({ 'persist-credentials': false });
      if (step.uses?.startsWith('actions/setup-node@') === true)
        expect(step.with).toMatchObject({ 'package-manager-cache': false });
      expect(step.uses ?? '').not.toMatch(/^actions\/cache/);
    }
  });

  it.each(['build.yml', 'verify.yml'])('%s checks out its own commit, whoever calls it', (name) => {
    const jobs = workflowOf(name).jobs;
    const checkouts = stepsOf(workflowOf(name)).filter(
      ({ step }) => step.uses?.startsWith('actions/checkout@') === true,
    );
    expect(checkouts.map(({ job }) => job)).toEqual(Object.keys(jobs).filter((id) => id !== 'guard'));
    for (const { job, step } of checkouts)
      expect([job, step.with]).toEqual([
        job,
        {
          repository: '${{ job.workflow_repository }}',
          ref: '${{ job.workflow_sha }}',
          path: '.phantun-runtime',
          'persist-credentials': false,
        },
      ]);
  });

  it('calls others by their full commit id with the version beside it, one for each', () => {
    const pins = new Map<string, Set<string>>();
    for (const { name, text } of workflowFiles)
      for (const [, line = ''] of text.matchAll(/^\s*(?:- )?uses: (.*)$/gm)) {
        if (line.startsWith('./')) continue;
        expect([name, line]).toEqual([
          name,
          expect.stringMatching(/^[\w.-]+(\/[\w.-]+)+@[0-9a-f]{40} # v\d+\.\d+\.\d+$/),
        ]);
        const repository = line.split('/').slice(0, 2).join('/').replace(/@.*/, '');
        pins.set(repository, (pins.get(repository) ?? new Set()).add(line.replace(/^[^@]+/, '')));
      }
    expect(pins.size).toBeGreaterThan(5);
    for (const [repository, versions] of pins) expect([repository, versions.size]).toEqual([repository, 1]);
  });
});

describe('the action’s own documents', () => {
  it('show the same pins as the workflows', () => {
    const known = new Set(workflowFiles.flatMap(({ text }) => text.match(/[\w./-]+@[0-9a-f]{40} # v[\d.]+/g) ?? []));
    for (const file of ['README.md', 'docs/maintainers.md', 'docs/consumers.md'])
      for (const pin of readFileSync(join(WRAPPER_FOLDER, file), 'utf8').match(/[\w./-]+@[0-9a-f]{40} # v[\d.]+/g) ??
        [])
        expect([file, known.has(pin), pin]).toEqual([file, true, pin]);
  });
});

describe('CI', () => {
  it('concludes from every other job', () => {
    const { jobs } = workflowOf('.ci.yml');
    const others = Object.keys(jobs).filter((id) => id !== 'conclusion');
    expect(jobs.conclusion?.needs).toEqual(others);
  });
});

describe('build.yml', () => {
  const build = workflowOf('build.yml');
  const inputs = build.on.workflow_call?.inputs ?? {};
  type Input = { default: string; description: string };
  const action = (parse(readFileSync(ACTION_FILE, 'utf8')) as { inputs: Record<string, Input> }).inputs;

  it('has the action’s defaults and words where they share a name', () => {
    const shared = Object.keys(inputs).filter((name) => Object.hasOwn(action, name));
    expect(shared.length).toBeGreaterThan(10);
    for (const name of shared) expect([name, String(inputs[name]?.default)]).toEqual([name, action[name]?.default]);
    // One repository, several jobs: these mean something of their own here.
    const own = ['image', 'moving-tags', 'push', 'rebuild', 'skip-unchanged'];
    for (const name of shared.filter((each) => !own.includes(each)))
      expect([name, inputs[name]?.description]).toEqual([name, action[name]?.description]);
  });

  it('hands the action every input that they share, and only inputs that the action has', () => {
    const given = stepsOf(build)
      .filter(({ step }) => step.uses === './.phantun-runtime')
      .map(({ job, step }) => [job, Object.keys(step.with ?? {})] as const);
    expect(given.map(([job]) => job)).toEqual(['build', 'rebuild']);
    const own = ['push', 'rebuild']; // of the workflow's own jobs
    const shared = Object.keys(inputs).filter((name) => Object.hasOwn(action, name) && !own.includes(name));
    expect(shared.filter((name) => !given[0]?.[1].includes(name))).toEqual([]);
  });

  it('gives nobody who runs upstream’s code a token or a login', () => {
    for (const id of ['build', 'check', 'rebuild']) {
      const job = jobOf(build, id);
      expect(job.permissions).toEqual({ contents: 'read' });
      const secrets = [...JSON.stringify(job).matchAll(/secrets\.([\w-]+)|github\.token/g)].map((match) => match[1]);
      expect(secrets.filter((name) => name !== 'upstream_token')).toEqual([]);
      expect(JSON.stringify(job)).not.toContain('login-action');
    }
  });

  it('signs in a job that builds nothing, and tags only after it verified', () => {
    const { permissions, steps = [] } = jobOf(build, 'publish');
    expect(permissions).toEqual({
      contents: 'read',
      packages: 'write',
      'id-token': 'write',
      attestations: 'write',
      'artifact-metadata': 'write',
    });
    expect(steps.some(({ uses }) => uses === './.phantun-runtime')).toBe(false);
    const names = steps.map(({ name, uses }) => name ?? uses?.replace(/@.*/, ''));
    const order = [
      'Publish by digest',
      'Look whether it is signed already',
      'Sign the provenance of the index',
      'Sign our statement for the index',
      'Verify what was published, as a consumer would',
      'Move the tags',
    ];
    expect(names.filter((name) => order.includes(name ?? ''))).toEqual(order);
    expect(names.at(-1)).toBe('Move the tags');
    // Signing takes minutes: what tags name is compared with what they named when the image was sent.
    expect(steps.at(-1)?.run).toContain('--seen "$RUNNER_TEMP/signable/tags.json"');
    const first = steps.find(({ id }) => id === 'sent');
    // With --signable tags are looked at and left.
    expect(first?.run).toContain('--signable');
    for (const flag of [
      'upstream',
      'ref',
      'archive-sha256',
      'platforms',
      'rust-image',
      'shell-image',
      'labels',
      'tags',
    ])
      expect(first?.run).toContain(`--${flag} "$${flag.toUpperCase().replaceAll('-', '_')}"`);
  });

  it('signs on a plain runner of GitHub’s, unless the caller vouches for another', () => {
    expect(jobOf(build, 'publish')['runs-on']).toBe(
      "${{ inputs.allow-self-hosted && inputs.runner || 'ubuntu-24.04' }}",
    );
  });

  it('signs a statement and an SBOM for every platform that can be built', () => {
    const steps = jobOf(build, 'publish').steps ?? [];
    for (const platform of ['linux/amd64', 'linux/arm64', 'linux/arm/v7']) {
      const digest = `\${{ fromJSON(steps.sent.outputs.digests)['${platform}'] }}`;
      const signed = steps.filter((step) => step.with?.['subject-digest'] === digest);
      expect(signed.map((step) => step.with?.['sbom-path'] ?? step.with?.['predicate-type'])).toEqual([
        'https://phantun-runtime.github.io/build/v1',
        `\${{ runner.temp }}/signable/sbom-${platform.replaceAll('/', '-')}.cdx.json`,
      ]);
    }
    const signing = steps.filter(({ uses }) => uses?.startsWith('actions/attest@') === true);
    for (const step of signing) {
      expect(step.with?.['push-to-registry']).toBe(true);
      expect(step.if).toMatch(/^steps\.signed\.outputs\.already != 'true'( && .*)?$/);
    }
    // Where the statement for the index verifies, all else was signed before it.
    expect(signing.at(-1)?.name).toBe('Sign our statement for the index');
  });

  it('publishes and tags what was built, checked and built again, and nothing else', () => {
    const built = '${{ needs.build.outputs.digest }}';
    const { steps = [], if: condition = '', needs, concurrency } = jobOf(build, 'publish');
    for (const step of steps.filter(({ run }) => run?.includes('cli.js" publish')))
      expect([step.env?.BUILT, step.run]).toEqual([built, expect.stringContaining('--expect-digest "$BUILT"')]);
    expect(steps.filter(({ run }) => run?.includes('cli.js" publish'))).toHaveLength(2);
    expect(steps.find(({ id }) => id === 'sent')?.run).toContain('test "${ref#*@}" = "$BUILT"');
    expect(needs).toEqual(['guard', 'build', 'check', 'rebuild']);
    expect(condition).toContain("needs.check.result == 'success'");
    expect(condition).toContain("needs.rebuild.result == (inputs.rebuild && 'success' || 'skipped')");
    const again = jobOf(build, 'rebuild').steps?.find(({ uses }) => uses === './.phantun-runtime');
    expect(again?.with).toMatchObject({ 'expect-digest': built });
    // Whatever calls them: the group of the workflow is the caller's own.
    expect(concurrency).toEqual({
      group: 'phantun-runtime-publish-${{ inputs.image }}',
      'cancel-in-progress': false,
    });
  });

  it('refuses a runner that nobody vouched for in every job, before anything else', () => {
    const first = Object.entries(build.jobs).filter(([id]) => id !== 'guard');
    expect(first.map(([id]) => id)).toEqual(['build', 'check', 'rebuild', 'publish', 'recheck']);
    for (const [id, { steps }] of first)
      expect([id, steps?.[0]?.if]).toEqual([id, "runner.environment != 'github-hosted' && !inputs.allow-self-hosted"]);
  });

  it('shows the job’s token to ghcr.io alone', () => {
    const logins = [build, workflowOf('verify.yml')].flatMap((workflow) =>
      stepsOf(workflow).filter(({ step }) => step.uses?.startsWith('docker/login-action@') === true),
    );
    expect(logins.map(({ step }) => step.with?.password)).toEqual([
      "${{ secrets.registry_password || (needs.guard.outputs.registry == 'ghcr.io' && github.token || '') }}",
      "${{ secrets.registry_password || (steps.registry.outputs.name == 'ghcr.io' && github.token || '') }}",
    ]);
  });

  const taken: Record<string, string> = {};
  for (const { permissions = {} } of Object.values(build.jobs))
    for (const [scope, level] of Object.entries(permissions)) if (taken[scope] !== 'write') taken[scope] = level;

  it('has the permissions that docs/maintainers.md says a caller has to grant', () => {
    const text = readFileSync(join(WRAPPER_FOLDER, 'docs/maintainers.md'), 'utf8');
    const example = parse(/^```yaml\n(on: [\s\S]*?)^```$/m.exec(text)?.[1] ?? '') as Workflow;
    expect(jobOf(example, 'image').permissions).toEqual(taken);
  });

  it.each(['release.yml', 'rebuild.yml'])('is called by %s with just the permissions its jobs take', (name) => {
    const job = jobOf(workflowOf(name), 'image');
    expect(job.permissions).toEqual(taken);
    expect(Object.keys(job.with ?? {}).filter((input) => !Object.hasOwn(inputs, input))).toEqual([]);
  });
});
