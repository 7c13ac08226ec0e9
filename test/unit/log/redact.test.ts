import { describe, expect, it } from 'vitest';
import { redactor } from '../../../src/log/redact.js';
import { basicAuthorization } from '../../../src/source/upstream.js';

function redact(text: string, ...secrets: string[]): string {
  const known = redactor();
  for (const secret of secrets) known.add(secret);
  return known.redact(text);
}

describe('redact', () => {
  it.each<[string, string, string[], string]>([
    ['a secret wherever it is', 'a tok b toktok', ['tok'], 'a *** b ******'],
    ['nothing without secrets', 'a tok b', [], 'a tok b'],
    ['nothing for the empty secret', 'a b', [''], 'a b'],
    ['a secret with characters of patterns', 'x$&.*[y x$&', ['x$&', '.*['], '******y ***'],
    ['a secret in base64', `t ${Buffer.from('tok?~').toString('base64')}`, ['tok?~'], 't ***'],
    ['a secret in a URL', 'https://x:a%2Fb%3D@host', ['a/b='], 'https://x:***@host'],
    ['the longer of two first', 'abcdef abc', ['abc', 'abcdef'], '*** ***'],
    ['the beginning of one where a text was cut', 'a ghp_012… b', ['ghp_0123'], 'a ***… b'],
    ['the longest beginning', 'aaaa…', ['aaab', 'aaaaa'], '***…'],
    ['every beginning', 'ghp_…ghp_01…x', ['ghp_0123'], '***…***…x'],
    ['no beginning that may be anything', 'ghp… a…', ['ghp_0123'], 'ghp… a…'],
    ['no beginning where nothing was cut', 'ghp_012', ['ghp_0123'], 'ghp_012'],
  ])('hides %s', (_, text, secrets, safe) => {
    expect(redact(text, ...secrets)).toBe(safe);
  });

  it('hides a token in the header that carries it', () => {
    const header = basicAuthorization('ghp_abcdefgh');
    expect(redact(`Authorization: ${header}`, 'ghp_abcdefgh')).toBe(
      `Authorization: Basic ${Buffer.from('x-access-token:').toString('base64')}***`,
    );
  });
});
