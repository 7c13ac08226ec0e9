import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { type AnySchemaObject, Ajv2020 } from 'ajv/dist/2020.js';
import { describe, expect, it } from 'vitest';
import { lockFile, parseLock } from '../../../src/proof/lock.js';
import { PREDICATE_TYPE, parseStatement } from '../../../src/proof/statement.js';
import { CHECKS } from '../../../src/proof/trust.js';
import { BUILD_PLATFORM, PLATFORMS } from '../../../src/platform.js';
import { WRAPPER_FOLDER } from '../../../src/wrapper.js';
import * as locks from './lockDocuments.js';
import * as statements from './statementDocuments.js';

const read = (name: string) =>
  JSON.parse(readFileSync(join(WRAPPER_FOLDER, 'schema', name), 'utf8')) as AnySchemaObject;
const LOCK_SCHEMA = read('lock.v1.json');
const STATEMENT_SCHEMA = read('statement.v1.json');

const ajv = new Ajv2020({ strict: true, strictRequired: true, allErrors: true });
const isLock = ajv.compile(LOCK_SCHEMA);
const isStatement = ajv.compile(STATEMENT_SCHEMA);
const accepts = (parse: () => unknown): boolean => {
  try {
    parse();
    return true;
  } catch (error) {
    expect(error).toMatchObject({ name: 'Failure' });
    return false;
  }
};

/** Every place below a schema where a member or an item is described. */
function places(schema: unknown, path: string): [string, AnySchemaObject][] {
  if (typeof schema !== 'object' || schema === null) return [];
  const { properties = {}, items, additionalProperties, $defs = {} } = schema as AnySchemaObject;
  const below = [
    ...Object.entries({ ...(properties as object), ...($defs as object) }),
    ...Object.entries({ '[]': items as unknown, '{}': additionalProperties as unknown }),
  ].filter((entry): entry is [string, AnySchemaObject] => typeof entry[1] === 'object' && entry[1] !== null);
  return below.flatMap(([name, one]) => [
    [`${path}.${name}`, one] as [string, AnySchemaObject],
    ...places(one, `${path}.${name}`),
  ]);
}

describe.each([
  ['lock', LOCK_SCHEMA, locks.LOCK],
  ['statement', STATEMENT_SCHEMA, statements.STATEMENT],
] as const)('the schema of a %s', (name, schema, document) => {
  it('is a schema of draft 2020-12 with an address of its own', () => {
    expect(schema.$schema).toBe('https://json-schema.org/draft/2020-12/schema');
    expect(schema.$id).toBe(`https://phantun-runtime.github.io/schema/${name}.v1.json`);
    expect(ajv.validateSchema(schema)).toBe(true);
  });

  it('describes every member, and asks for each that we write', () => {
    const all = places(schema, name);
    expect(all.length).toBeGreaterThan(20);
    const silent = all.filter(([, { description, $ref }]) => ((description ?? $ref) as unknown) === undefined);
    expect(silent.map(([path]) => path)).toEqual([]);
    for (const [path, { properties, required }] of [[name, schema] as const, ...all])
      if (properties !== undefined)
        expect([path, ...(required as string[])]).toEqual([path, ...Object.keys(properties as object)]);
    expect(schema.required).toEqual(expect.arrayContaining(Object.keys(document)));
  });
});

describe('the schema of a lock and parseLock', () => {
  it.each(locks.RIGHT)('take %s', (_, lock) => {
    expect(isLock(lock), JSON.stringify(isLock.errors)).toBe(true);
    expect(accepts(() => parseLock(lockFile(lock)))).toBe(true);
  });

  it.each(
    Object.entries(locks.WRONG).flatMap(([part, members]) =>
      Object.entries(members).map(([name, values]): [string, string, unknown[]] => [part, name, values]),
    ),
  )('refuse %s without %s, or with a wrong one', (part, name, values) => {
    const texts = [
      locks.changed(part, (all) => Reflect.deleteProperty(all, name)),
      ...values.map((value) => locks.changed(part, (all) => (all[name] = value))),
    ];
    for (const text of texts)
      expect([text, isLock(JSON.parse(text)), accepts(() => parseLock(text))]).toEqual([text, false, false]);
  });

  it.each(locks.UNKNOWN)('refuse the unknown member %j', (name) => {
    for (const part of ['inputs', 'facts']) {
      const text = locks.changed(part, (all) => {
        Object.defineProperty(all, name, { value: 1, enumerable: true });
      });
      expect([isLock(JSON.parse(text)), accepts(() => parseLock(text))]).toEqual([false, false]);
    }
  });

  it.each(locks.OTHERS)('refuse %s', (text) => {
    expect([isLock(JSON.parse(text)), accepts(() => parseLock(text))]).toEqual([false, false]);
  });

  it.each(locks.WRONG_TOGETHER)('differ in this alone, which the schema says in words: %s', (_, inputs, name) => {
    const lock = { ...locks.LOCK, inputs: { ...locks.INPUTS, ...inputs } };
    expect([isLock(lock), accepts(() => parseLock(lockFile(lock)))]).toEqual([true, false]);
    const described = Object.fromEntries(places(LOCK_SCHEMA, ''))[`.inputs.${name}`] as { description?: string };
    expect(described.description).toMatch(/ is refused\.$/);
  });

  it('know the same platforms', () => {
    const { platform } = LOCK_SCHEMA.$defs as Record<string, { enum: string[] }>;
    expect(platform?.enum).toEqual(PLATFORMS);
    const described = Object.fromEntries(places(LOCK_SCHEMA, ''));
    expect(described['.inputs.buildPlatforms.{}']?.pattern).toBe(BUILD_PLATFORM.source.replaceAll('\\/', '/'));
  });
});

describe('the schema of a statement and parseStatement', () => {
  const verdicts = (statement: unknown) => [
    isStatement(statement),
    accepts(() => parseStatement(Buffer.from(JSON.stringify(statement)))),
  ];

  it.each(statements.RIGHT)('take one with %s', (_, change) => {
    expect(verdicts(statements.statementWith(change))).toEqual([true, true]);
  });

  it.each(statements.WRONG)('refuse %s', (_, change) => {
    expect(verdicts(statements.statementWith(change))).toEqual([false, false]);
  });

  it.each(statements.PREDICATES)('refuse a predicate with another %s', (_, change) => {
    expect(verdicts(statements.predicateWith(change))).toEqual([false, false]);
  });

  it('take more members of a predicate than we write', () => {
    const more = statements.predicateWith((all) => Object.assign(all, { more: 1 }));
    expect(verdicts(more)).toEqual([true, true]);
  });

  it('know the same predicate type and checks', () => {
    const { predicateType } = STATEMENT_SCHEMA.properties as { predicateType: { const: string } };
    expect(predicateType.const).toBe(PREDICATE_TYPE);
    const checks = places(STATEMENT_SCHEMA, '').find(([path]) => path.endsWith('.checks.[].name'))?.[1];
    expect(checks?.enum).toEqual(Object.keys(CHECKS));
  });
});
