import { describe, expect, it } from 'vitest';
import { archiveUrl, basicAuthorization, mayRedirect, parseUpstream } from '../../../src/source/upstream.js';

describe('mayRedirect', () => {
  it.each([
    ['https://github.com/a/b', 'https://codeload.github.com/a/b', true],
    ['https://codeload.github.com/a', 'https://codeload.github.com/b', true],
    ['https://github.com/a', 'https://github.com/b', false],
    ['https://github.com/a', 'http://codeload.github.com/a', false],
    ['https://github.com/a', 'https://codeload.github.com.evil.example/a', false],
    ['https://github.com/a', 'https://codeload.github.com:8443/a', false],
    ['https://codeload.github.com/a', 'https://evil.example/a', false],
    ['https://git.example.org/a', 'https://git.example.org/b', true],
    ['https://git.example.org/a', 'http://git.example.org/a', false],
    ['https://git.example.org/a', 'https://git.example.org:444/a', false],
    ['https://git.example.org/a', 'https://user:pass@git.example.org/a', false],
    ['https://git.example.org/a', 'https://user@git.example.org/a', false],
    ['https://git.example.org/a', 'https://:pass@git.example.org/a', false],
    ['https://github.com/a', 'https://user:pass@codeload.github.com/a', false],
    ['https://git.example.org/a', 'https://codeload.github.com/a', false],
  ])('%s → %s: %s', (from, to, allowed) => {
    expect(mayRedirect(new URL(from), new URL(to))).toBe(allowed);
  });
});

describe('addresses', () => {
  it('of an archive is that of the commit', () => {
    expect(archiveUrl(parseUpstream('https://github.com/dndx/phantun.git'), 'abc').href).toBe(
      'https://github.com/dndx/phantun/archive/abc.tar.gz',
    );
  });
});

describe('basicAuthorization', () => {
  it('carries the token as the password', () => {
    const [scheme, credentials = ''] = basicAuthorization('ghp_token').split(' ');
    expect([scheme, Buffer.from(credentials, 'base64').toString()]).toEqual(['Basic', 'x-access-token:ghp_token']);
  });
});
