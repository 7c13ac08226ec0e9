import { describe, expect, it } from 'vitest';
import { archiveUrl, basicAuthorization, mayRedirect, parseUpstream } from '../../../src/source/upstream.js';
import { failureOf } from '../../support/failureOf.js';

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

describe('parseUpstream', () => {
  it.each([
    ['https://h/o/n', 'https://h/o/n'],
    ['https://h:1/o/n', 'https://h:1/o/n'],
    ['https://h:65535/o/n', 'https://h:65535/o/n'],
    ['https://github.com/o/n.git', 'https://github.com/o/n'],
    ['https://github.com/o/n.github', 'https://github.com/o/n.github'],
    ['http://127.10.20.30:8080/o/n', 'http://127.10.20.30:8080/o/n'],
    ['http://[::1]/o/n', 'http://[::1]/o/n'],
    ['http://[::1]:8080/o/n', 'http://[::1]:8080/o/n'],
  ])('takes %s', (text, url) => {
    expect(parseUpstream(text).url).toBe(url);
  });

  it.each([
    'https://h:0/o/n',
    'https://h:65536/o/n',
    'https://h:x/o/n',
    'http://127.0.0.1:x/o/n',
    'http://[::1]:0/o/n',
  ])('refuses %s', async (text) => {
    expect((await failureOf(() => parseUpstream(text))).kind).toBe('input');
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
