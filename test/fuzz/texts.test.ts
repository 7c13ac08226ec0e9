import fc from 'fast-check';
import { expect, test } from 'vitest';
import { type Failure, toFailure } from '../../src/errors.js';
import { askedWait } from '../../src/http/failure.js';
import { formatReference, parseReference } from '../../src/image/reference.js';
import { lockFile, parseLock } from '../../src/proof/lock.js';
import { parseListing, parseLog } from '../../src/source/diagnosis.js';
import { parseRef } from '../../src/source/ref.js';
import { parseCommit } from '../../src/source/commit.js';
import { parseUpstream } from '../../src/source/upstream.js';
import { RAW } from '../support/world.js';
import { LOCK } from '../unit/proof/lockDocuments.js';
import { FUZZ, timeFor } from './budget.js';

const CASES = Math.ceil(FUZZ.cases / 3);
const OPTIONS = { numRuns: CASES, seed: FUZZ.seed };
const TIME = timeFor(CASES, 10);

const joined = (pieces: readonly string[], maxLength: number) =>
  fc.array(fc.constantFrom(...pieces), { maxLength }).map((chosen) => chosen.join(''));
/** What a call gives, or the Failure it ends in, whose words are fit to be printed. */
function outcome<T>(call: () => T): T | Failure {
  try {
    return call();
  } catch (error) {
    const failure = toFailure(error);
    if (failure !== error || RAW.test(failure.message)) throw error;
    return failure;
  }
}

test(
  'commits: whatever names, further headers and messages hold, tree and time are the right ones',
  () => {
    const words = ['A', ' ', '<', '>', '\r', 'tree ', '0'.repeat(40), 'committer ', '> 5 +0000', '\u00e9', '\0', '%0A'];
    const word = joined(words, 8);
    const line = fc.constantFrom('encoding', 'gpgsig', 'mergetag', 'HG:extra', 'parent');
    const headers = fc.array(fc.tuple(line, word), { maxLength: 3 });
    const property = fc.property(word, word, headers, joined([...words, '\n'], 12), (author, person, more, message) => {
      const tree = '4b825dc642cb6eb9a060e54bf8d69288fbee4904';
      const head = `tree ${tree}\nauthor ${author} <a> 7 +0000\ncommitter ${person} <c> 1759768158 -0930\n`;
      const rest = more.map(([name, value]) => `${name} ${value}\n ${value}\n`).join('');
      const bytes = Buffer.from(`${head}${rest}\n${message}`, 'latin1');
      expect(parseCommit(bytes, 'c')).toEqual({ tree, epoch: 1_759_768_158 });
    });
    fc.assert(property, OPTIONS);
  },
  TIME,
);

test(
  'listings: of what git lists every path is read, and of anything else only what has its form',
  () => {
    const id = 'a'.repeat(40);
    const path = joined(['a', '/', '\t', '\n', ' ', '\xff', `100644 blob ${id}\t`], 6).filter((text) => text !== '');
    const row = fc.tuple(fc.constantFrom('100644 blob', '100755 blob', '120000 blob', '160000 commit'), path);
    const rows = fc.uniqueArray(row, { maxLength: 5, selector: ([, name]) => name });
    fc.assert(
      fc.property(rows, joined([id, ' ', '\n', '\0', '\t', 'tree', '0'], 20), (listed, noise) => {
        const text = listed.map(([type, name]) => `${type} ${id}\t${name}\0`).join('');
        expect([...parseListing(Buffer.from(text, 'latin1')).keys()]).toEqual(listed.map(([, name]) => name));
        for (const { mode, id: found } of parseListing(Buffer.from(noise)).values())
          expect([mode.length, found]).toEqual([6, id]);
        for (const { commit, tree } of parseLog(Buffer.from(noise))) expect([commit, tree]).toEqual([id, id]);
      }),
      OPTIONS,
    );
  },
  TIME,
);

test(
  'image references: what is read has one full form, which is read as the same',
  () => {
    const pieces = [
      'a',
      'B',
      '0',
      '.',
      '_',
      '__',
      '-',
      '/',
      ':',
      '@',
      'docker.io',
      'index.docker.io',
      'localhost',
      '[::1]',
    ];
    const odd = ['127.0.0.1:5000', 'ghcr.io', 'library', 'sha256:', 'ab'.repeat(32), ' ', '\n', '\u212a', '%', '..'];
    fc.assert(
      fc.property(joined([...pieces, ...pieces, ...odd], 9), (text) => {
        const reference = parseReference(text);
        if (reference === undefined) return;
        const full = formatReference(reference);
        expect(parseReference(full)).toEqual(reference);
        expect(full).toMatch(
          /^[A-Za-z0-9.:[\]-]+(\/[a-z0-9]+([._-]+[a-z0-9]+)*)+(:[\w.-]{1,128})?(@sha256:[0-9a-f]{64})?$/,
        );
      }),
      OPTIONS,
    );
  },
  TIME,
);

test(
  'refs and upstreams: each is taken as it stands or refused with a sentence',
  () => {
    const pieces = [
      'a',
      'B',
      '1',
      '.',
      '..',
      '/',
      ':',
      '@',
      '@{',
      '-',
      '~',
      '^',
      ' ',
      '\0',
      '\u200b',
      '\u212a',
      '%2f',
      '\\',
    ];
    const wholes = [
      'refs/heads/',
      'refs/tags/',
      'refs/pull/1/head',
      'HEAD',
      '.lock',
      '.git',
      'a'.repeat(40),
      'A'.repeat(39),
    ];
    const addresses = [
      'https://',
      'http://',
      'github.com',
      '127.0.0.1',
      'localhost',
      '[::1]',
      '?',
      '#',
      'user:pw',
      '0x7f.1',
    ];
    fc.assert(
      fc.property(
        joined([...pieces, ...wholes], 5),
        joined([...pieces, ...addresses, '/', '/'], 7),
        (name, address) => {
          const ref = outcome(() => parseRef(name));
          if ('name' in ref && !(ref instanceof Error)) expect(ref.name).toBe(name);
          if ('commit' in ref) expect(ref.commit).toBe(name.toLowerCase());
          const upstream = outcome(() => parseUpstream(`https://${address}`));
          if (upstream instanceof Error) return;
          const { host, pathname, username, search, hash, href } = new URL(upstream.url);
          expect([username, search, hash, href, pathname.split('/').length]).toEqual(['', '', '', upstream.url, 3]);
          expect(`https://${address}`.startsWith(`https://${host}/`)).toBe(true);
        },
      ),
      OPTIONS,
    );
  },
  TIME,
);

test(
  'locks with a spot changed: refused, or written again as the same bytes',
  () => {
    const text = lockFile(LOCK);
    const patch = joined(
      ['', ' ', '"', '{', '}', '[', ']', ',', ':', '0', '1e3', 'null', '\\u0000', '\\ud800', '"a":1,'],
      3,
    );
    fc.assert(
      fc.property(fc.nat(text.length), fc.nat(3), patch, (at, length, replacement) => {
        const changed = text.slice(0, at) + replacement + text.slice(at + length);
        const lock = outcome(() => parseLock(changed));
        if (lock instanceof Error) expect(lock.kind).toBe('input');
        else expect(lockFile(lock)).toBe(changed);
      }),
      OPTIONS,
    );
  },
  TIME,
);

test(
  'waits that a server asks for: a number of seconds, or none',
  () => {
    const value = joined(
      ['0', '9', '-', '.', 'e', ' ', 'Fri, 20 Nov 2026 12:00:30 GMT', '2026', '\u0660', 'Infinity'],
      6,
    );
    const header = fc.constantFrom('retry-after', 'x-ratelimit-remaining', 'x-ratelimit-reset');
    fc.assert(
      fc.property(fc.dictionary(header, value), fc.nat(2 ** 41), (headers, now) => {
        const wait = askedWait(headers, now) ?? 0;
        expect(Number.isFinite(wait) && wait >= 0).toBe(true);
      }),
      OPTIONS,
    );
  },
  TIME,
);
