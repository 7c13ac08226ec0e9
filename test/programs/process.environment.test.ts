import { describe, expect, it } from 'vitest';
import { childEnvironment, execute } from '../../src/process.js';

const PATH = process.env.PATH ?? '';

describe('childEnvironment', () => {
  const everything = {
    PATH: '/bin',
    HOME: '/root',
    USER: 'me',
    TMPDIR: '/tmp',
    https_proxy: 'http://proxy',
    HTTP_PROXY: 'http://proxy',
    no_proxy: 'localhost',
    SSL_CERT_FILE: '/ca.pem',
    XDG_RUNTIME_DIR: '/run',
    LC_ALL: 'de_DE.UTF-8',
    LANG: 'de_DE.UTF-8',
    DOCKER_HOST: 'unix:///x',
    DOCKER_CONFIG: '/config',
    BUILDKIT_HOST: 'tcp://x',
    BUILDX_BUILDER: 'x',
    KUBECONFIG: '/kube',
    SSH_AUTH_SOCK: '/agent',
    REGISTRY_AUTH_FILE: '/auth.json',
    AWS_PROFILE: 'x',
    GIT_SSL_CAINFO: '/ca.pem',
    GIT_CONFIG_COUNT: '1',
    GIT_SSH_COMMAND: 'evil',
    GIT_DIR: '/elsewhere',
    GITHUB_TOKEN: 'secret',
    GH_TOKEN: 'secret',
    GITHUB_ENV: '/env',
    ACTIONS_RUNTIME_TOKEN: 'secret',
    ACTIONS_ID_TOKEN_REQUEST_TOKEN: 'secret',
    'INPUT_UPSTREAM-TOKEN': 'secret',
    RUNNER_TEMP: '/temp',
    NODE_OPTIONS: '--require=x',
    LD_PRELOAD: '/evil.so',
    NPM_TOKEN: 'secret',
    MY_PATH: '/x',
    MY_DOCKER_TOKEN: 'secret',
    KUBECONFIG_X: 'secret',
    GIT_SSL_CAPATH_X: 'secret',
    MY_GIT_SSL_CAPATH: 'secret',
    PATH_X: '/x',
  };
  const common = ['HOME', 'HTTP_PROXY', 'LC_ALL', 'PATH', 'SSL_CERT_FILE', 'TMPDIR', 'USER', 'XDG_RUNTIME_DIR'];
  it.each([
    ['git', [...common, 'GIT_SSL_CAINFO', 'https_proxy', 'no_proxy']],
    [
      'docker',
      [
        ...[...common, 'https_proxy', 'no_proxy', 'AWS_PROFILE', 'BUILDKIT_HOST', 'BUILDX_BUILDER', 'DOCKER_CONFIG'],
        ...['DOCKER_HOST', 'KUBECONFIG', 'REGISTRY_AUTH_FILE', 'SSH_AUTH_SOCK'],
      ],
    ],
  ] as const)('lets %s see what it needs and no token', (program, names) => {
    const environment = childEnvironment(program, everything);
    expect(Object.keys(environment).sort()).toEqual([...names].sort());
    expect(environment.LC_ALL).toBe('C');
    expect(Object.values(environment)).not.toContain('secret');
  });

  it('is all that a child sees', async () => {
    const env = childEnvironment('docker', { ...everything, PATH });
    const { signal } = new AbortController();
    const { stdout } = await execute('env', [], { env, what: 'env', deadlineSeconds: 15 }, { signal });
    const seen = stdout.toString().trim().split('\n').sort();
    expect(seen).toEqual(
      Object.entries(env)
        .map(([name, value]) => `${name}=${value}`)
        .sort(),
    );
  });
});
