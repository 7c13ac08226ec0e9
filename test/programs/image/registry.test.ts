import { mkdirSync, readFileSync, readdirSync, realpathSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import type { FailureClass } from '../../../src/errors.js';
import { digestOf } from '../../../src/hash.js';
import { type Registry, openRegistry, readDigest, registryFailure } from '../../../src/image/registry.js';
import { fakeProgram, temporaryFolder, testDeps } from '../../support/world.js';
import { failureOf } from '../../support/failureOf.js';

const skopeo = (text: string) => `time="2026-11-22T23:54:04Z" level=fatal msg="${text}"\n`;
const reading = (text: string) => skopeo(String.raw`Error parsing image name \"docker://r.example/a/b:c\": ${text}`);
const copying = (text: string) =>
  `Getting image list signatures\nCopying 3 of 3 images in list\n${skopeo(`copying image 1/3 from manifest list: trying to reuse blob sha256:${'3'.repeat(64)} at destination: ${text}`)}`;

/** What skopeo 1.9 and docker 28's buildx 0.29 say, and what it means. */
const SAID: [string, FailureClass][] = [
  // there is no such image
  [reading('reading manifest c in r.example/a/b: manifest unknown: manifest unknown'), 'not-found'],
  [reading('reading manifest c in r.example/a/b: name unknown: repository name not known to registry'), 'not-found'],
  ['ERROR: r.example/a/b:c: not found\n', 'not-found'],
  [reading('reading manifest c in r.example/a/b: blob unknown: blob unknown to registry'), 'not-found'],
  // login
  [reading('reading manifest c in r.example/a/b: unauthorized'), 'auth'],
  [reading('unable to retrieve auth token: invalid username/password: unauthorized'), 'auth'],
  [reading('reading manifest c in r.example/a/b: denied'), 'auth'],
  [copying('checking whether a blob exists in r.example/a/b: unauthorized: authentication required'), 'auth'],
  [copying('failed to read from destination repository a/b: 403 (Forbidden)'), 'auth'],
  [reading('StatusCode: 401, ""'), 'auth'],
  [reading('StatusCode: 403, ""'), 'auth'],
  [
    'ERROR: pull access denied, repository does not exist or may require authorization: authorization failed: no basic auth credentials\n',
    'auth',
  ],
  [
    'ERROR: failed to authorize: failed to fetch anonymous token: unexpected status from GET request to http://r.example/token?scope=repository%3Aa%2Fb%3Apull&service=x: 401 Unauthorized\n',
    'auth',
  ],
  ['ERROR: unexpected status from HEAD request to http://r.example/v2/a/b/manifests/c: 403 Forbidden\n', 'auth'],
  // limits
  [
    reading(
      'reading manifest c in r.example/a/b: toomanyrequests: You have reached your unauthenticated pull rate limit. https://www.docker.com/increase-rate-limit',
    ),
    'rate-limit',
  ],
  [copying('failed to read from destination repository a/b: 429 (Too Many Requests)'), 'rate-limit'],
  [
    'ERROR: unexpected status from HEAD request to http://r.example/v2/a/b/manifests/c: 429 Too Many Requests\n',
    'rate-limit',
  ],
  // this machine's docker configuration
  [
    reading(
      String.raw`getting username and password: 1 error occurred:\n\t* reading JSON file \"/x/config.json\": unmarshaling JSON at \"/x/config.json\": invalid character 'b' looking for beginning of object key string\n\n`,
    ),
    'local',
  ],
  [
    'ERROR: error getting credentials - err: exec: "docker-credential-nonesuch": executable file not found in $PATH, out: ``\n',
    'local',
  ],
  ['ERROR: error getting credentials - err: exit status 1, out: `no keychain here`\n', 'local'],
  [
    reading(
      String.raw`getting username and password: 1 error occurred:\n\t* error getting credentials - err: exec: \"docker-credential-x\": executable file not found in $PATH, out: ''\n\n`,
    ),
    'local',
  ],
  [
    `${"WARNING: Error parsing config file (/x/config.json): invalid character 'b' looking for beginning of object key string\n".repeat(2)}ERROR: failed to authorize: failed to fetch anonymous token: unexpected status from GET request to http://r.example/token?scope=repository%3Aa%2Fb%3Apull&service=x: 401 Unauthorized\n`,
    'local',
  ],
  // a blob beyond the bound of its client
  [skopeo('writing blob: write ./oci-put-blob953825401: file too large'), 'verification'],
  [skopeo('Error loading trust policy: open /etc/containers/policy.json: no such file or directory'), 'local'],
  [copying('writing blob: storing blob to file "/var/tmp/x": write /var/tmp/x: no space left on device'), 'local'],
  // trouble that passes
  [
    reading(
      'pinging container registry r.example: Get \\"https://r.example/v2/\\": dial tcp: lookup r.example on 10.0.0.1:53: no such host',
    ),
    'transient',
  ],
  [reading('pinging container registry r.example: Get \\"http://r.example/v2/\\": EOF'), 'transient'],
  [
    reading('reading manifest c in r.example/a/b: received unexpected HTTP status: 503 Service Unavailable'),
    'transient',
  ],
  [
    copying('pinging container registry r.example: invalid status code from registry 500 (Internal Server Error)'),
    'transient',
  ],
  [
    'ERROR: failed to do request: Head "http://r.example/v2/a/b/manifests/c": dial tcp 127.0.0.1:7001: connect: connection refused\n',
    'transient',
  ],
  ["ERROR: invalid character '<' looking for beginning of value\n", 'transient'],
  ['', 'transient'],
];

describe('registryFailure', () => {
  it.each(SAID)('%j', (stderr, kind) => {
    const failure = registryFailure(stderr, 'pushing', 'r.example');
    expect(failure.kind).toBe(kind);
    expect(failure.message).toMatch(/^pushing: /);
    expect(failure.message).not.toMatch(/\p{Cc}/u);
    if (kind === 'auth' || kind === 'rate-limit') expect(failure.message).toContain("'docker login r.example'");
  });

  // Images that are called like an answer.
  it.each([
    ['r.example', 'a/b', '0.8.1-429'],
    ['r.example', 'a/b', '403'],
    ['r.example', 'a/b', 'unauthorized'],
    ['r.example', 'a/b', 'unknown'],
    ['r.example', '401/429', '1'],
    ['r.example', 'denied', `sha256:${'4'.repeat(64)}`],
    ['r.example', 'forbidden/toomanyrequests', '1'],
    ['r.example:403', 'a', '1'],
    ['429.example', 'a', '1'],
    ['denied.example', 'a', '1'],
  ])('takes nothing from a name: %s/%s, %s', (host, path, id) => {
    const repository = `${host}/${path}`;
    const name = `${repository}${id.startsWith('sha256:') ? '@' : ':'}${id}`;
    const inspecting = (text: string) => skopeo(String.raw`Error parsing image name \"docker://${name}\": ${text}`);
    const said: [string, FailureClass][] = [
      [inspecting(`reading manifest ${id} in ${repository}: received unexpected HTTP status: 500`), 'transient'],
      [inspecting(String.raw`pinging container registry ${host}: Get \"https://${host}/v2/\": EOF`), 'transient'],
      [skopeo(`writing manifest: uploading manifest ${id} to ${repository}: EOF`), 'transient'],
      [skopeo(`failed to read from destination repository ${path}: 502 (Bad Gateway)`), 'transient'],
      [`ERROR: ${name}: unexpected status from HEAD request to https://${host}/v2/${path}/x: 500\n`, 'transient'],
      [inspecting(`reading manifest ${id} in ${repository}: manifest unknown`), 'not-found'],
      [inspecting(`reading manifest ${id} in ${repository}: denied`), 'auth'],
      [skopeo(`failed to read from destination repository ${path}: 429 (Too Many Requests)`), 'rate-limit'],
    ];
    expect(said.map(([stderr]) => registryFailure(stderr, 'pushing', name).kind)).toEqual(said.map(([, kind]) => kind));
  });

  it('ends with the last line only', () => {
    expect(registryFailure('one\ntwo\n', 'pushing', 'r.example').message).toBe(
      'pushing: r.example did not do it. (two)',
    );
  });
});

describe('a registry', () => {
  const INDEX = '{"manifests":[]}\n';
  /** A skopeo that answers as `script` says and writes down its arguments, one a line. */
  function fakeSkopeo(script: string): () => string[] {
    const folder = temporaryFolder();
    writeFileSync(join(folder, 'index'), INDEX);
    fakeProgram('skopeo', `printf '%s\\n' "$@" > '${folder}/args'\nfile='${folder}/index'\n${script}`);
    return () => readFileSync(join(folder, 'args'), 'utf8').trim().split('\n');
  }

  it.each([
    ['ghcr.io/a/b', 'true'],
    ['127.0.0.1:5000/a/b', 'false'],
  ])('%s is read with TLS verified: %s', async (repository, verified) => {
    const args = fakeSkopeo('cat "$file"');
    const registry = openRegistry(repository, testDeps());
    expect((await registry.read(`${repository}:c`))?.toString()).toBe(INDEX);
    expect(args()).toEqual(['inspect', '--raw', `--tls-verify=${verified}`, `docker://${repository}:c`]);
    expect(await readDigest(registry, `${repository}:c`)).toBe(digestOf(INDEX));
  });

  it.each([
    ['ghcr.io/a', 'true'],
    ['localhost/a', 'false'],
  ])('%s is sent a layout whole, with its digests, from the layout’s own folder', async (repository, verified) => {
    const layout = join(temporaryFolder(), 'a:b');
    mkdirSync(layout);
    const args = fakeSkopeo(`pwd > '${layout}/seen'`);
    await openRegistry(repository, testDeps()).send(layout, `${repository}@sha256:0`);
    expect(args()).toEqual([
      ...['copy', '--all', '--preserve-digests', `--dest-tls-verify=${verified}`],
      ...['oci:.', `docker://${repository}@sha256:0`],
    ]);
    expect(readFileSync(join(layout, 'seen'), 'utf8').trim()).toBe(realpathSync(layout));
  });

  it('tags what it has', async () => {
    const args = fakeSkopeo('');
    await openRegistry('localhost/a', testDeps()).tag('localhost/a@sha256:0', 'localhost/a:b');
    expect(args()).toEqual([
      ...['copy', '--all', '--preserve-digests', '--src-tls-verify=false', '--dest-tls-verify=false'],
      ...['docker://localhost/a@sha256:0', 'docker://localhost/a:b'],
    ]);
  });

  it.each([
    ['ghcr.io/a', 'true'],
    ['localhost/a', 'false'],
  ])('%s gives an image with all its parts, into the folder’s own layout', async (repository, verified) => {
    const folder = join(temporaryFolder(), 'a:b');
    mkdirSync(folder);
    const args = fakeSkopeo('pwd > seen');
    await openRegistry(repository, testDeps()).fetch(`${repository}@sha256:0`, folder, 1_000);
    expect(args()).toEqual([
      ...['copy', '--all', '--preserve-digests', `--src-tls-verify=${verified}`],
      ...[`docker://${repository}@sha256:0`, 'oci:.'],
    ]);
    expect(readFileSync(join(folder, 'seen'), 'utf8').trim()).toBe(realpathSync(folder));
  });

  it('that sends a blob without end is cut off, and it is not tried again', async () => {
    const folder = temporaryFolder();
    // As skopeo, which writes the blob to its end and then compares.
    fakeSkopeo(`yes > blob || { echo 'msg="writing blob: write ./oci-put-blob1: file too large"' >&2; exit 1; }`);
    const registry = openRegistry('r.example/a', testDeps());
    const failure = await failureOf(() => registry.fetch('r.example/a:b', folder, 1_000_000));
    expect(failure.kind).toBe('verification');
    expect(failure.message).toMatch(
      /^reading docker:\/\/r\.example\/a:b: r\.example sends a file that is larger than any part of this may be\. /,
    );
    expect(statSync(join(folder, 'blob')).size).toBeLessThanOrEqual(1_000_448);
  });

  it.each<[string, (registry: Registry) => Promise<unknown>]>([
    ['reading localhost/a:b', (registry) => registry.read('localhost/a:b')],
    ['reading docker://localhost/a:b', (registry) => registry.fetch('localhost/a:b', temporaryFolder(), 1_000)],
    ['copying to localhost/a:b', (registry) => registry.send(temporaryFolder(), 'localhost/a:b')],
    ['copying to localhost/a:b', (registry) => registry.list([], 'localhost/a:b')],
  ])('that does not answer is given up by its deadline, and the step is named: %s', async (step, ask) => {
    for (const program of ['skopeo', 'docker']) fakeProgram(program, 'exec sleep 60');
    const deadlines = { readSeconds: 0.2, copySeconds: 0.2 };
    expect(await failureOf(() => ask(openRegistry('localhost/a', testDeps(), deadlines)))).toMatchObject({
      kind: 'transient',
      message: `${step} did not end within 0.2 s`,
    });
  });

  it('gives a list of descriptors a tag, each as it is, and leaves nothing behind', async () => {
    const deps = testDeps();
    const out = temporaryFolder();
    fakeProgram('docker', `printf '%s\\n' "$@" > '${out}/args'; cat 0.json 1.json > '${out}/files'`);
    const descriptors = [{ digest: 'sha256:0', artifactType: 'x' }, { digest: 'sha256:1' }];
    await openRegistry('localhost/a', deps).list(descriptors, 'localhost/a:b');
    expect(readFileSync(join(out, 'args'), 'utf8').trim().split('\n')).toEqual([
      ...['buildx', 'imagetools', 'create', '--tag', 'localhost/a:b', '--file', '0.json', '--file', '1.json'],
    ]);
    expect(readFileSync(join(out, 'files'), 'utf8')).toBe(descriptors.map((one) => JSON.stringify(one)).join(''));
    expect(readdirSync(deps.temp)).toEqual([]);
  });

  it('that refuses a list fails by its client’s exit code, and leaves nothing behind', async () => {
    const deps = testDeps();
    fakeProgram('docker', 'echo "ERROR: 403 Forbidden" >&2; exit 1');
    const failure = await failureOf(() => openRegistry('r.example/a', deps).list([{}], 'r.example/a:b'));
    expect([failure.kind, readdirSync(deps.temp)]).toEqual(['auth', []]);
  });

  it('without an image says so by undefined', async () => {
    fakeSkopeo('echo "reading manifest c in r.example/a/b: manifest unknown" >&2; exit 1');
    const registry = openRegistry('r.example/a/b', testDeps());
    expect(await registry.read('r.example/a/b:c')).toBeUndefined();
    expect(await readDigest(registry, 'r.example/a/b:c')).toBeUndefined();
  });

  it.each<[string, FailureClass]>([
    ['reading manifest c in r.example/a/b: unauthorized', 'auth'],
    [
      'error getting credentials - err: exec: "docker-credential-x": executable file not found in $PATH, out: ""',
      'local',
    ],
    ['Get "http://r.example/v2/": EOF', 'transient'],
  ])('that cannot be asked is not one without the image: %s', async (said, kind) => {
    fakeSkopeo(`cat >&2 <<'EOF'\n${said}\nEOF\nexit 1`);
    expect((await failureOf(() => openRegistry('r.example/a/b', testDeps()).read('r.example/a/b:c'))).kind).toBe(kind);
  });

  it.each<[string, string, FailureClass]>([
    ['copying', 'initializing source docker://r.example/a:403: reading manifest 403 in r.example/a: EOF', 'transient'],
    ['copying', 'writing manifest: uploading manifest 429 to r.example/a: EOF', 'transient'],
    ['reading', 'reading manifest unknown in r.example/a: EOF', 'transient'],
    ['listing', 'ERROR: r.example/a:401: EOF', 'transient'],
  ])('that fails with an image of such a name is not misread, %s: %s', async (verb, said, kind) => {
    for (const program of ['skopeo', 'docker']) fakeProgram(program, `cat >&2 <<'EOF'\n${said}\nEOF\nexit 1`);
    const registry = openRegistry('r.example/a', testDeps());
    const failure = await failureOf(() => {
      if (verb === 'reading') return registry.read('r.example/a:unknown');
      return verb === 'listing'
        ? registry.list([], 'r.example/a:401')
        : registry.tag('r.example/a:403', 'r.example/a:429');
    });
    expect(failure.kind).toBe(kind);
  });

  it('that refuses a copy fails, though skopeo said nothing', async () => {
    fakeSkopeo('exit 1');
    const registry = openRegistry('r.example/a/b', testDeps());
    expect(await failureOf(() => registry.tag('r.example/a/b@sha256:0', 'r.example/a/b:c'))).toMatchObject({
      kind: 'transient',
      message: 'copying to r.example/a/b:c: r.example did not do it. ()',
    });
  });
});
