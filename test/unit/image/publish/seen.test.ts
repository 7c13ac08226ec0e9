import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { digestOf } from '../../../../src/hash.js';
import { readSeen, writeSeen } from '../../../../src/image/publish/seen.js';
import { failureOf } from '../../../support/failureOf.js';
import { temporaryFolder } from '../../../support/world.js';

const SEEN = { 'r.example/a:new': '', 'r.example/a:1.0': digestOf('x') } as const;

it('what was seen is read as it was written', async () => {
  const folder = temporaryFolder();
  await writeSeen(folder, SEEN);
  expect(readFileSync(join(folder, 'tags.json'), 'utf8')).toBe(
    `{"r.example/a:1.0":"${digestOf('x')}","r.example/a:new":""}\n`,
  );
  expect(await readSeen(join(folder, 'tags.json'))).toEqual(SEEN);
});

it('what was seen is an input that has to be there', async () => {
  const failure = await failureOf(() => readSeen('/nonexistent/tags.json'));
  expect([failure.kind, failure.message]).toEqual([
    'input',
    '--seen: the file is missing: there is no /nonexistent/tags.json',
  ]);
});

it.each<[string, string, RegExp]>([
  ['no JSON', 'x', /^--seen: \S+ is not JSON$/],
  ['a list', '[]', /^--seen: \S+: expected an object, found/],
  ['a number', '{"a":1}', /^--seen: \S+, a: expected a text, found 1$/],
  ['no digest', '{"a\\n":"sha256:0"}', /^--seen: \S+, a\\u\{a\}: sha256:0 is no digest$/],
])('what was seen is refused with %s', async (_, text, message) => {
  const file = join(temporaryFolder(), 'tags.json');
  writeFileSync(file, text);
  const failure = await failureOf(() => readSeen(file));
  expect([failure.kind, failure.message]).toEqual(['verification', expect.stringMatching(message)]);
});
