import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { parse } from 'yaml';
import { WRAPPER_FOLDER } from '../../../src/wrapper.js';
import { type Workflow, jobOf } from '../../support/workflows.js';

type Update = {
  'package-ecosystem': string;
  directory: string;
  schedule: { interval: string };
  cooldown: { 'default-days': number };
  groups: Record<string, Record<string, unknown>>;
  ignore?: { 'dependency-name': string; 'update-types': string[] }[];
};

type Field = {
  type: string;
  id?: string;
  attributes: { label?: string; value?: string };
  validations?: { required: boolean };
};
type Form = { name: string; description: string; labels: string[]; body: Field[] };

const read = (file: string) => readFileSync(join(WRAPPER_FOLDER, file), 'utf8');

/** What Dependabot does for one kind of package. */
function updateOf(text: string, ecosystem: string): Update {
  const { version, updates } = parse(text) as { version: number; updates: Update[] };
  expect(version).toBe(2);
  const [update, ...others] = updates.filter((each) => each['package-ecosystem'] === ecosystem);
  if (update === undefined) throw new Error(`nothing is updated of ${ecosystem}`);
  expect(others).toEqual([]);
  expect(update).toMatchObject({ directory: '/', schedule: { interval: 'weekly' } });
  return update;
}

/** What GitHub wants of an issue form, and fields that nobody can leave out; those that one can. */
function formOf(text: string): { name: string; required: string[]; optional: string[] } {
  const { name, description, labels, body } = parse(text) as Form;
  expect([name, description, ...labels]).not.toContain('');
  const fields = body.filter(({ type }) => type !== 'markdown');
  for (const { type, id, attributes } of fields) {
    expect(['input', 'textarea', 'dropdown', 'checkboxes']).toContain(type);
    expect(id).toMatch(/^[\w-]+$/);
    expect(attributes.label).toMatch(/./);
  }
  for (const { attributes } of body.filter(({ type }) => type === 'markdown')) expect(attributes.value).toMatch(/./);
  const ids = (required: boolean) =>
    fields.filter(({ validations }) => (validations?.required ?? false) === required).map(({ id = '' }) => id);
  return { name, required: ids(true), optional: ids(false) };
}

/** The owners of a path: those of the last line that is about it. */
function ownersOf(text: string, path: string): string[] {
  const lines = text.split('\n').filter((line) => /^[^#\s]/.test(line));
  const last = lines
    .map((line) => line.split(/\s+/))
    .findLast(([pattern = '']) => pattern === '*' || path.startsWith(pattern));
  return last?.slice(1) ?? [];
}

/** What each file of settings must have; without the file there is none of it. */
const SETTINGS: [string, string, (text: string) => void][] = [
  [
    '.npmrc',
    'takes no package of less than a week, no other engine than is supported, and locks hashes alone',
    (text) => {
      const settings = Object.fromEntries(text.split('\n').map((line) => line.split('=') as [string, string]));
      expect(Number(settings['min-release-age'])).toBeGreaterThanOrEqual(7);
      expect(settings).toMatchObject({ 'engine-strict': 'true', 'omit-lockfile-registry-resolved': 'true' });
    },
  ],
  [
    '.github/dependabot.yml',
    'lets packages ripen, and asks once for what is bundled and once for tools',
    (text) => {
      const { cooldown, groups, ignore = [] } = updateOf(text, 'npm');
      expect(cooldown['default-days']).toBeGreaterThanOrEqual(7);
      expect(cooldown).toMatchObject({ 'semver-major-days': 30 });
      const small = ['minor', 'patch'];
      expect(Object.values(groups)).toEqual([
        { 'dependency-type': 'production', 'update-types': small },
        { 'dependency-type': 'development', 'update-types': small },
      ]);
      expect(ignore.map(({ 'dependency-name': name }) => name)).toEqual(['typescript', 'vitest', '@types/node']);
      for (const { 'dependency-name': name, 'update-types': types } of ignore) {
        expect(types).toEqual(['version-update:semver-major']);
        expect(read('CONTRIBUTING.md').toLowerCase()).toMatch(`\n| ${name} `); // says why it waits
      }
    },
  ],
  [
    '.github/dependabot.yml',
    'lets actions ripen, and asks once for all of them',
    (text) => {
      const { cooldown, groups } = updateOf(text, 'github-actions');
      expect(cooldown['default-days']).toBeGreaterThanOrEqual(7);
      expect(Object.values(groups)).toEqual([{ patterns: ['*'] }]);
    },
  ],
  [
    '.github/CODEOWNERS',
    'leaves nothing without an owner, least of all what decides who publishes what, and what runs',
    (text) => {
      for (const path of ['/README.md', '/src/run.ts', '/.github/workflows/build.yml', '/dist/index.js'])
        expect([path, ownersOf(text, path)]).toEqual([path, [expect.stringMatching(/^@[\w-]+\/[\w-]+$/)]]);
      for (const pattern of ['*', '/.github/', '/dist/']) expect(text).toMatch(`\n${pattern} @`);
    },
  ],
  [
    '.github/ISSUE_TEMPLATE/fault.yml',
    'wants version, inputs, what was said and what was expected',
    (text) => expect(formOf(text)).toMatchObject({ required: ['version', 'inputs', 'said', 'expected'], optional: [] }),
  ],
  [
    '.github/ISSUE_TEMPLATE/digest.yml',
    'wants image, lock and difference',
    (text) => expect(formOf(text)).toMatchObject({ required: ['image', 'lock', 'difference'], optional: [] }),
  ],
  [
    '.github/ISSUE_TEMPLATE/feature.yml',
    'wants the need, and would like what is done today',
    (text) => expect(formOf(text)).toMatchObject({ required: ['need'], optional: ['today'] }),
  ],
  [
    '.github/ISSUE_TEMPLATE/config.yml',
    'has no empty issue, and leads what can be abused elsewhere',
    (text) => {
      const config = parse(text) as { blank_issues_enabled: boolean; contact_links: Record<string, string>[] };
      expect(config.blank_issues_enabled).toBe(false);
      expect(config.contact_links.map(({ url }) => url)).toContainEqual(
        expect.stringMatching(/^https:\/\/github\.com\/[\w-]+\/phantun-runtime\/security\/advisories\/new$/),
      );
      for (const { name, about } of config.contact_links) expect([name, about]).not.toContain(undefined);
    },
  ],
  [
    'SECURITY.md',
    'asks for reports in private, says where and when there is an answer, and which versions are mended',
    (text) => {
      expect(text).toMatch(/^Report faults that can be abused in private: \*\*Security → Report a vulnerability\*\*/m);
      expect(text).toMatch(/do not open an issue/);
      expect(text).toMatch(/answer within seven days/);
      expect(text).toMatch(/^## Which versions$/m);
    },
  ],
  [
    '.github/workflows/.ci.yml',
    'concludes from every other job, whatever became of it, under the name that branch protection has',
    (text) => {
      const workflow = parse(text) as Workflow;
      const {
        name,
        needs,
        if: always,
        steps,
      } = jobOf(workflow, 'conclusion') as { name?: string } & Workflow['jobs'][string];
      expect([name, always]).toEqual(['CI is green', 'always()']);
      expect(needs).toEqual(Object.keys(workflow.jobs).filter((id) => id !== 'conclusion'));
      const concluded = (RESULTS: string) =>
        spawnSync('bash', ['-eo', 'pipefail', '-c', steps?.[0]?.run ?? ''], {
          env: { PATH: process.env.PATH, RESULTS },
          stdio: ['ignore', 'pipe', 'pipe'],
        }).status;
      expect(concluded('success success success')).toBe(0);
      for (const other of ['failure', 'cancelled', 'skipped'])
        for (const results of [`${other} success`, `success ${other}`])
          expect([results, concluded(`success ${results}`)]).toEqual([results, 1]);
      expect(steps?.[0]?.env).toEqual({ RESULTS: "${{ join(needs.*.result, ' ') }}" });
    },
  ],
];

it.each(SETTINGS)('%s %s', (file, _, holds) => {
  holds(read(file));
});
