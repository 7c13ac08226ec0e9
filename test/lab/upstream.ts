import { spawn } from 'node:child_process';
import { mkdir } from 'node:fs/promises';
import { type IncomingMessage, type ServerResponse, createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { type CommitOptions, type Files, type Repository, createRepository } from './repository.js';

export type Upstream = {
  /** `http://127.0.0.1:PORT`. A repository's address is `<origin>/<owner>/<name>`. */
  readonly origin: string;
  /** Every request that came, as `METHOD /path?query`. */
  readonly requests: string[];
  /** Is asked first; true says that it has answered, or will. */
  intercept: ((request: IncomingMessage, response: ServerResponse) => boolean) | undefined;
  /** Makes a repository whose branch `main` is one commit of `files`: a record, or a folder's path. */
  readonly addRepository: (owner: string, name: string, files: Files, options?: CommitOptions) => Promise<Repository>;
  readonly stop: () => Promise<void>;
};

const ARCHIVE = /^\/([^/]+)\/([^/]+)\/archive\/([0-9a-f]{40})\.tar\.gz$/;
const GIT = /^\/([^/]+)\/([^/]+?)(?:\.git)?(\/(?:info\/refs|git-upload-pack))$/;

/** Starts a server of git repositories and of their archives, as GitHub serves them; repositories are kept under `dir`. */
export async function startUpstream(dir: string): Promise<Upstream> {
  const repositories = new Map<string, Repository>();
  const server = createServer((request, response) => {
    upstream.requests.push(`${request.method ?? ''} ${request.url ?? ''}`);
    if (upstream.intercept?.(request, response)) return;
    const { pathname } = new URL(request.url ?? '/', upstream.origin);
    const [, owner = '', name = '', rest = ''] = ARCHIVE.exec(pathname) ?? GIT.exec(pathname) ?? [];
    const repository = repositories.get(`${owner}/${name}`.toLowerCase());
    if (repository === undefined) sendNotFound(response);
    else if (rest.startsWith('/')) serveGit(repository, rest, request, response);
    else void serveArchive(repository, rest, response);
  });
  await mkdir(dir, { recursive: true });
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject).listen(0, '127.0.0.1', resolve);
  });
  const upstream: Upstream = {
    origin: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    requests: [],
    intercept: undefined,
    addRepository: async (owner, name, files, options) => {
      const url = `${upstream.origin}/${owner}/${name}`;
      const repository = await createRepository(join(dir, owner, `${name}.git`), url, files, options);
      repositories.set(`${owner}/${name}`.toLowerCase(), repository);
      return repository;
    },
    stop: async () => {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
  return upstream;
}

function sendNotFound(response: ServerResponse): void {
  response.writeHead(404, { 'content-type': 'text/plain' }).end('Not Found\n');
}

/** Any commit that the object store has is served, reachable or not, as GitHub does. */
async function serveArchive(repository: Repository, commit: string, response: ServerResponse): Promise<void> {
  if (!(await repository.has(commit))) {
    sendNotFound(response);
    return;
  }
  const prefix = `--prefix=${repository.name}-${commit}/`;
  const tar = spawn('git', ['-C', repository.gitDir, 'archive', '--format=tar', prefix, commit]);
  const gzip = spawn('gzip', ['-cn']);
  tar.stdout.pipe(gzip.stdin);
  response.writeHead(200, { 'content-type': 'application/x-gzip' });
  gzip.stdout.pipe(response);
}

/** git's own server program, called as a web server calls it (CGI). */
function serveGit(repository: Repository, path: string, request: IncomingMessage, response: ServerResponse): void {
  const { searchParams } = new URL(request.url ?? '/', 'http://localhost');
  const child = spawn('git', ['http-backend'], {
    env: {
      PATH: process.env.PATH,
      GIT_PROJECT_ROOT: repository.gitDir,
      GIT_HTTP_EXPORT_ALL: '1',
      GIT_PROTOCOL: String(request.headers['git-protocol'] ?? ''),
      REQUEST_METHOD: request.method,
      PATH_INFO: path,
      QUERY_STRING: searchParams.toString(),
      CONTENT_TYPE: request.headers['content-type'],
      HTTP_CONTENT_ENCODING: request.headers['content-encoding'],
    },
  });
  child.stdin.on('error', () => undefined); // git may answer before it has read all
  request.pipe(child.stdin);
  let head: Buffer | undefined = Buffer.alloc(0);
  child.stdout.on('data', (chunk: Buffer) => {
    if (head === undefined) {
      response.write(chunk);
      return;
    }
    head = Buffer.concat([head, chunk]);
    const end = head.indexOf('\r\n\r\n');
    if (end < 0) return;
    const lines = head.subarray(0, end).toString().split('\r\n');
    const headers = lines.map((line) => line.split(/:\s*/, 2) as [string, string]);
    const status = headers.find(([name]) => name === 'Status')?.[1] ?? '200';
    response.writeHead(Number.parseInt(status, 10), Object.fromEntries(headers.filter(([name]) => name !== 'Status')));
    response.write(head.subarray(end + 4));
    head = undefined;
  });
  child.once('close', () => response.end());
}
