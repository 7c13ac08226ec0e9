import { Failure } from './errors.js';
import { printable } from './text.js';

/** A JSON object nobody has looked into yet. */
export type JsonObject = Record<string, unknown>;

/** JSON from bytes that are not trusted. `what` names them in the failure (class verification). */
export function parseJson(bytes: Buffer, what: string): unknown {
  try {
    return JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(bytes)) as unknown;
  } catch (cause) {
    throw new Failure('verification', `${what} is not JSON`, { cause });
  }
}

/** Whether a value is an object that is no list. */
export function isObject(value: unknown): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** The value as an object, or a failure that names it. */
export function asObject(value: unknown, what: string): JsonObject {
  if (!isObject(value)) throw wrong(what, 'an object', value);
  return value;
}

/** The value as a list, or a failure that names it. */
export function asList(value: unknown, what: string): unknown[] {
  if (!Array.isArray(value)) throw wrong(what, 'a list', value);
  return value;
}

/** The value as text that has UTF-8, or a failure that names it. */
export function asText(value: unknown, what: string): string {
  if (typeof value !== 'string' || /\p{Cs}/u.test(value)) throw wrong(what, 'a text', value);
  return value;
}

/** The value as a map of texts, or a failure that names it. */
export function asTexts(value: unknown, what: string): Record<string, string> {
  const entries = Object.entries(asObject(value, what));
  return Object.fromEntries(
    entries.map(([key, text]) => [asText(key, `key in ${what}`), asText(text, `${what}, ${printable(key)}`)]),
  );
}

/** The failure that says what was found where something else must be. */
export function wrong(what: string, expected: string, found: unknown): Failure {
  return new Failure('verification', `${what}: expected ${expected}, found ${shown(found)}`);
}

/** A value that is not trusted, for a message: a text as it is, all else as JSON. */
export function shown(value: unknown): string {
  return printable(typeof value === 'string' ? value : jsonText(value));
}

/** A value that is not trusted as JSON, for a message that cuts it; `nothing` for undefined. */
export function jsonText(value: unknown): string {
  if (value === undefined) return 'nothing';
  try {
    return JSON.stringify(value);
  } catch {
    return 'what is nested too deep to be shown'; // JSON.parse has no such limit
  }
}
