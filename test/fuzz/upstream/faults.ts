import { gunzipSync, gzipSync } from 'node:zlib';
import fc from 'fast-check';

/** An answer of a server, whole. */
export type Answer = { status: number; headers: Record<string, string>; body: Buffer };

/** How it is sent: after a wait; the connection is cut after so many bytes, or the body ends there as if that were all. */
export type Delivery = Answer & { cutAfter?: number; endsAfter?: number; waitMilliseconds?: number };

/** What is done to one request's answer. */
export type Fault =
  | { kind: 'good' | 'empty' | 'recompressed' | 'other' | 'reset' | 'plain' }
  | { kind: 'status'; status: number; headers: Record<string, string> }
  | { kind: 'cut' | 'short'; at: number }
  | { kind: 'wrong'; at: number; value: number }
  | { kind: 'page'; type: string }
  | { kind: 'redirect'; status: number; to: string }
  | { kind: 'late'; milliseconds: number };

/** What every request gets, one after the other; those after the end get the last fault again, or are answered well. */
export type Script = { faults: Fault[]; forever: boolean; random: number };

const WAITS: Record<string, string>[] = [
  ...['0', '1', '59', '119', '121', '99999', '-1', '1e9', 'soon', '', 'Fri, 20 Nov 2026 12:00:30 GMT'].map((after) => ({
    'retry-after': after,
  })),
  {},
  {},
  { 'x-ratelimit-remaining': '0' },
  { 'x-ratelimit-remaining': '0', 'x-ratelimit-reset': '1795176030' },
  { 'x-ratelimit-remaining': '0', 'x-ratelimit-reset': '999999999999' },
  { 'retry-after': 'x', 'x-ratelimit-remaining': '0', 'x-ratelimit-reset': '-5' },
];
const STATUSES = [429, 429, 500, 502, 503, 503, 504, 401, 403, 404, 408, 410, 418, 451, 204, 206, 304, 300];
const PLACES = [
  'SELF',
  'http://127.0.0.2:9/evil',
  'file:///etc/passwd',
  'https://github.com/x',
  'http://',
  '//',
  '..',
  '?a',
];

export const fault: fc.Arbitrary<Fault> = fc.oneof(
  {
    weight: 4,
    arbitrary: fc.record({ kind: fc.constantFrom('good', 'empty', 'recompressed', 'other', 'reset', 'plain') }),
  },
  {
    weight: 4,
    arbitrary: fc.record({
      kind: fc.constant('status' as const),
      status: fc.constantFrom(...STATUSES),
      headers: fc.constantFrom(...WAITS),
    }),
  },
  { weight: 2, arbitrary: fc.record({ kind: fc.constantFrom('cut', 'short'), at: fc.nat() }) },
  { weight: 2, arbitrary: fc.record({ kind: fc.constant('wrong' as const), at: fc.nat(), value: fc.nat(255) }) },
  {
    weight: 1,
    arbitrary: fc.record({
      kind: fc.constant('page' as const),
      type: fc.constantFrom('text/html', 'application/x-gzip', 'application/x-git-upload-pack-advertisement'),
    }),
  },
  {
    weight: 1,
    arbitrary: fc.record({
      kind: fc.constant('redirect' as const),
      status: fc.constantFrom(301, 302, 303, 307, 308),
      to: fc.constantFrom(...PLACES),
    }),
  },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant('late' as const), milliseconds: fc.nat(10) }) },
);

export const script: fc.Arbitrary<Script> = fc.record({
  faults: fc.array(fault, { maxLength: 8 }),
  forever: fc.boolean(),
  random: fc.constantFrom(0, 0.5, 0.999),
});

/** What a server of plain files tells git: what git misses then it looks for from within. */
const PLAIN_REFS = `${'1'.repeat(40)}\trefs/heads/main\n`;

/** The fault of the request of this number, from 0. */
export function faultOf({ faults, forever }: Script, request: number): Fault {
  return faults[request] ?? (forever ? faults.at(-1) : undefined) ?? { kind: 'good' };
}

/** What becomes of a good answer. `other` is the answer to the same question about another commit. */
export function spoil(answer: Answer, other: Answer, address: string, what: Fault): Delivery {
  const { body } = answer;
  switch (what.kind) {
    case 'good':
      return answer;
    case 'empty':
      return { ...answer, body: Buffer.alloc(0) };
    case 'recompressed':
      return isGzip(body) ? { ...answer, body: recompressed(body) } : answer;
    case 'other':
      return other;
    case 'reset':
      return { ...answer, cutAfter: -1 };
    case 'plain':
      return { status: 200, headers: { 'content-type': 'text/plain' }, body: Buffer.from(PLAIN_REFS) };
    case 'status':
      return { status: what.status, headers: what.headers, body: Buffer.from('spoiled by the test') };
    case 'cut':
      return { ...answer, cutAfter: what.at % (body.length + 1) };
    case 'short':
      return { ...answer, endsAfter: what.at % (body.length + 1) };
    case 'wrong': {
      const wrong = Buffer.from(body);
      if (wrong.length > 0) wrong.writeUInt8(what.value, what.at % wrong.length);
      return { ...answer, body: wrong };
    }
    case 'page':
      return { status: 200, headers: { 'content-type': what.type }, body: Buffer.from('<html>Log in, please</html>') };
    case 'redirect':
      return {
        status: what.status,
        headers: { location: what.to === 'SELF' ? address : what.to },
        body: Buffer.alloc(0),
      };
    case 'late':
      return { ...answer, waitMilliseconds: what.milliseconds };
  }
}

/** The same content, compressed otherwise. */
export function recompressed(body: Buffer): Buffer {
  return gzipSync(gunzipSync(body), { level: 1 });
}

function isGzip(body: Buffer): boolean {
  return body[0] === 0x1f && body[1] === 0x8b;
}
