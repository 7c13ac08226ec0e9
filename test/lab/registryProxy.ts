import { type IncomingMessage, type ServerResponse, createServer, request as send } from 'node:http';
import type { AddressInfo } from 'node:net';

/** What becomes of the real registry's answer. */
type Pass = (answer: IncomingMessage, response: ServerResponse) => void;

/** What a fault does to a request: answers it, or spoils it or the answer and lets the real registry answer. */
export type Fault = (request: IncomingMessage, response: ServerResponse, forward: (pass?: Pass) => void) => void;

/** When a fault strikes. */
export type Rule = {
  readonly method?: string;
  /** Of the path with its query. */
  readonly path: RegExp;
  /** Of the client, as it calls itself. */
  readonly agent?: RegExp;
  /** How often, before it lets requests through; without it always. */
  times?: number;
  readonly fault: Fault;
};

export type RegistryProxy = {
  /** `127.0.0.1:PORT`: what an image reference begins with. Plain http. */
  readonly host: string;
  /** Every request that came, as `METHOD /path?query`. */
  readonly requests: string[];
  /** The first rule that fits a request decides; others are forwarded untouched. */
  rules: Rule[];
  readonly stop: () => Promise<void>;
};

/** Starts a proxy before the registry at `target` (`host:port`), which does to requests what a test says. */
export async function startRegistryProxy(target: string): Promise<RegistryProxy> {
  const server = createServer((request, response) => {
    const line = `${request.method ?? ''} ${request.url ?? ''}`;
    proxy.requests.push(line);
    const forward = (pass?: Pass) => forwardTo(target, request, response, pass);
    const rule = proxy.rules.find(
      ({ method, path, agent, times }) =>
        times !== 0 &&
        (method ?? request.method) === request.method &&
        path.test(request.url ?? '') &&
        agent?.test(request.headers['user-agent'] ?? '') !== false,
    );
    if (rule === undefined) {
      forward();
      return;
    }
    if (rule.times !== undefined) rule.times -= 1;
    rule.fault(request, response, forward);
  });
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject).listen(0, '127.0.0.1', resolve);
  });
  const proxy: RegistryProxy = {
    host: `127.0.0.1:${(server.address() as AddressInfo).port}`,
    requests: [],
    rules: [],
    stop: async () => {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
  return proxy;
}

/** With the client's own Host header, so that addresses the registry gives out lead back here. */
function forwardTo(target: string, request: IncomingMessage, response: ServerResponse, pass: Pass = asItIs): void {
  const [host, port] = target.split(':');
  const onward = send({ host, port, method: request.method, path: request.url, headers: request.headers }, (answer) =>
    pass(answer, response),
  );
  onward.on('error', () => response.destroy());
  request.on('error', () => onward.destroy());
  request.pipe(onward);
}

function asItIs(answer: IncomingMessage, response: ServerResponse): void {
  response.writeHead(answer.statusCode ?? 502, answer.headers);
  answer.pipe(response);
}

/** Answers with a status, in the words of the distribution-spec. */
export function status(code: number, error: string, headers: Record<string, string> = {}): Fault {
  return (request, response) => {
    request.resume();
    const body = JSON.stringify({ errors: [{ code: error, message: `made up by the test: ${error.toLowerCase()}` }] });
    response.writeHead(code, { 'content-type': 'application/json', ...headers }).end(body);
  };
}

/** What is said to an action that asks how long to wait, as the client of a write tells the status alone. */
export function saysHowLong(seconds: number): Rule {
  const fault = status(429, 'TOOMANYREQUESTS', { 'retry-after': String(seconds) });
  return { method: 'GET', path: /^\/v2\/$/, agent: /^phantun-runtime/, fault };
}

/** Cuts the connection once so many bytes of the body have come; the registry never sees the request. */
export function reset(afterBytes = 0): Fault {
  return (request) => {
    let seen = 0;
    if (afterBytes === 0) request.socket.resetAndDestroy();
    request.on('data', (chunk: Buffer) => {
      seen += chunk.length;
      if (seen >= afterBytes) request.socket.resetAndDestroy();
    });
  };
}

/** Lets the registry do what is asked, and cuts the connection in the place of its answer. */
export function doneThenReset(): Fault {
  return (request, _response, forward) =>
    forward((answer) => {
      answer.resume();
      request.socket.resetAndDestroy();
    });
}

/** Cuts the connection in the middle of the registry's answer, if that has a body. */
export function cutShort(): Fault {
  return (request, _response, forward) =>
    forward((answer, response) => {
      const half = Math.floor(Number(answer.headers['content-length'] ?? 0) / 2);
      if (request.method === 'HEAD' || half === 0) {
        asItIs(answer, response);
        return;
      }
      response.writeHead(answer.statusCode ?? 502, answer.headers);
      let sent = 0;
      answer.on('data', (chunk: Buffer) => {
        const rest = chunk.subarray(0, half - sent);
        sent += rest.length;
        if (sent < half) response.write(rest);
        else response.write(rest, () => response.destroy());
      });
    });
}

/** Takes the request, and never answers. */
export function hang(): Fault {
  return (request) => void request.resume();
}

/** Answers with bytes without end, for as long as the client takes them. */
export function endless(): Fault {
  return (request, response) => {
    request.resume();
    const chunk = Buffer.alloc(65_536, 1);
    const send = () => {
      while (!response.destroyed && response.write(chunk));
    };
    response.writeHead(200).on('drain', send);
    send();
  };
}

/** Does something first, and then lets the registry answer. */
export function after(work: () => Promise<void>): Fault {
  return (request, response, forward) => {
    request.pause();
    void work().then(
      () => forward(),
      () => response.destroy(),
    );
  };
}

/** Answers with other bytes. */
export function answer(body: string | Buffer, headers: Record<string, string> = {}): Fault {
  return (request, response) => {
    request.resume();
    response.writeHead(200, headers).end(request.method === 'HEAD' ? undefined : body);
  };
}
