import { type IncomingMessage, type ServerResponse, createServer, request as ask } from 'node:http';
import type { AddressInfo } from 'node:net';
import { sha256 } from '../../../src/hash.js';
import { type Answer, type Delivery, type Script, faultOf, spoil } from './faults.js';

/** A server before a real upstream that spoils its answers as a script says. */
export type FaultyUpstream = {
  readonly origin: string;
  /** Starts another script; requests are counted from there. */
  readonly play: (script: Script) => void;
  readonly requests: () => number;
  /** What the requests said of who asks, each once. */
  readonly authorizations: () => (string | undefined)[];
  readonly stop: () => Promise<void>;
};

/** `target` is the upstream's origin. It is asked once for each question: git's server answers equal ones equally. */
export async function startFaultyUpstream(target: string, [commit, other]: [string, string]): Promise<FaultyUpstream> {
  const known = new Map<string, Promise<Answer>>();
  let script: Script = { faults: [], forever: false, random: 0 };
  let requests = 0;
  const authorizations = new Set<string | undefined>();

  const answerOf = (method: string, path: string, headers: IncomingMessage['headers'], body: Buffer) => {
    const key = [method, path, headers['git-protocol'] ?? '', sha256(body)].join(' ');
    const found = known.get(key) ?? fetchAnswer(target, method, path, headers, body);
    known.set(key, found);
    return found;
  };
  const server = createServer((request, response) => {
    const fault = faultOf(script, requests);
    requests += 1;
    authorizations.add(request.headers.authorization);
    void readAll(request).then(async (body) => {
      const { method = 'GET', url = '/', headers } = request;
      const good = await answerOf(method, url, headers, body);
      const otherUrl = url.replace(commit, other);
      deliver(spoil(good, await answerOf(method, otherUrl, headers, body), url, fault), request, response);
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    origin: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    play: (next) => {
      script = next;
      requests = 0;
      authorizations.clear();
    },
    requests: () => requests,
    authorizations: () => [...authorizations],
    stop: async () => {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

function deliver(delivery: Delivery, request: IncomingMessage, response: ServerResponse): void {
  const { status, headers, body, cutAfter, endsAfter, waitMilliseconds = 0 } = delivery;
  if (cutAfter === -1) {
    request.socket.resetAndDestroy();
    return;
  }
  setTimeout(() => {
    // Without a length the end of the body is where it ends.
    response.writeHead(status, endsAfter === undefined ? { ...headers, 'content-length': body.length } : headers);
    if (cutAfter === undefined) response.end(body.subarray(0, endsAfter));
    else response.write(body.subarray(0, cutAfter), () => request.socket.destroy());
  }, waitMilliseconds);
}

function fetchAnswer(
  target: string,
  method: string,
  path: string,
  headers: IncomingMessage['headers'],
  body: Buffer,
): Promise<Answer> {
  const kept = ['accept', 'content-type', 'content-encoding', 'git-protocol'];
  const sent = Object.fromEntries(Object.entries(headers).filter(([name]) => kept.includes(name)));
  return new Promise((resolve, reject) => {
    const onward = ask(new URL(path, target), { method, headers: sent }, (response) => {
      readAll(response).then((content) => {
        const type = response.headers['content-type'] ?? '';
        resolve({ status: response.statusCode ?? 0, headers: { 'content-type': type }, body: content });
      }, reject);
    });
    onward.on('error', reject);
    onward.end(body);
  });
}

async function readAll(message: IncomingMessage): Promise<Buffer> {
  const chunks: Buffer[] = [];
  for await (const chunk of message) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks);
}
