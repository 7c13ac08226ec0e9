import { readFile, readdir } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { expect, test } from 'vitest';
import { parse, parseAllDocuments } from 'yaml';

const EXAMPLES = resolve(import.meta.dirname, '..', '..', '..', 'examples');

/** What an example runs: the image, its environment and its arguments, `--name=value` as two words. */
type Run = { image: string; environment: Record<string, string>; args: string[] };

const read = async (path: string) => await readFile(join(EXAMPLES, path), 'utf8');
const joined = (text: string) => text.replaceAll(/\\\n\s*/g, '');
const split = (words: readonly string[]) => words.flatMap((word) => word.split(/(?<=^--[\w-]+)=/));
const pairs = (words: readonly string[]) =>
  Object.fromEntries(words.map((word) => word.split('=') as [string, string]));

/** The words of a `docker run`. */
function ofDocker(line: string): Run {
  const words = line.split(/\s+/).filter((word) => word !== '');
  const at = words.findIndex((word) => word.includes('IMAGE') || word.startsWith('ghcr.io'));
  const environment = pairs(words.filter((_, index) => index < at && words[index - 1] === '-e'));
  return { image: (words[at] ?? '').replace(/^"?\$\{IMAGE:-(.*)\}"?$/, '$1'), environment, args: words.slice(at + 1) };
}

const READERS: Record<string, (mode: string) => Promise<Run>> = {
  docker: async (mode) => ofDocker(/^docker run .*$/m.exec(joined(await read(`docker/${mode}.sh`)))?.[0] ?? ''),
  compose: async (mode) => {
    const { services } = parse(await read(`compose/${mode}.yaml`)) as {
      services: { phantun: { image: string; environment: Record<string, string>; command: string[] } };
    };
    const { image, environment, command } = services.phantun;
    return { image: image.replace(/^\$\{IMAGE:-(.*)\}$/, '$1'), environment, args: split(command) };
  },
  systemd: async (mode) => {
    const unit = joined(await read(`systemd/phantun-${mode}.service`));
    const variables = pairs((/^Environment=(.*)$/m.exec(unit)?.[1] ?? '').split(' '));
    const { environment, args } = ofDocker(/^ExecStart=.*$/m.exec(unit)?.[0] ?? '');
    const filled = args.map((word) => word.replace('${TUN}', variables.TUN ?? ''));
    return { image: variables.IMAGE ?? '', environment, args: filled };
  },
  quadlet: async (mode) => {
    const unit = await read(`quadlet/phantun-${mode}.container`);
    const value = (key: string) => new RegExp(`^${key}=(.*)$`, 'm').exec(unit)?.[1] ?? '';
    return {
      image: value('Image'),
      environment: pairs(value('Environment').split(' ')),
      args: value('Exec').split(' '),
    };
  },
  kubernetes: async (mode) => {
    const text = await read(`kubernetes/${mode === 'client' ? 'host' : 'pod'}-network.yaml`);
    const documents = parseAllDocuments(text).map((document) => document.toJS() as Record<string, unknown>);
    const deployment = documents.find(({ kind }) => kind === 'Deployment') as {
      spec: {
        template: { spec: { containers: [{ image: string; env: { name: string; value: string }[]; args: string[] }] } };
      };
    };
    const [{ image, env, args }] = deployment.spec.template.spec.containers;
    const environment = Object.fromEntries(env.map(({ name, value }) => [name, value]));
    return { image, environment, args: split(args).filter((word) => word !== '--ipv4-only') };
  },
};

const ARGS: Record<string, string[]> = {
  client: ['--tun', 'phantun-client', '--local', '127.0.0.1:51820', '--remote', 'server.example.org:4567'],
  server: ['--tun', 'phantun-server', '--local', '4567', '--remote', '127.0.0.1:51820'],
};

test.each(Object.keys(READERS).flatMap((kind) => Object.keys(ARGS).map((mode) => [kind, mode] as const)))(
  'examples of %s, %s: the same image, environment and arguments as all others',
  async (kind, mode) => {
    expect(await READERS[kind]?.(mode)).toEqual({
      image: 'ghcr.io/org/phantun-runtime',
      environment: { MODE: mode, RUST_LOG: 'info' },
      args: ARGS[mode],
    });
  },
);

test('every DNAT rule takes one port of the host itself, and nothing that only passes through', async () => {
  const files = ['host/nftables/server.nft', 'host/iptables/server.sh', 'kubernetes/pod-network.yaml'];
  const rules = (await Promise.all(files.map(read))).map(
    (text) => text.match(/^.*(?:dnat ip6? to|-j DNAT) .*$/gm) ?? [],
  );
  expect(rules.map((found) => found.length)).toEqual([2, 1, 1]);
  for (const rule of rules.flat()) {
    expect(rule).toMatch(/fib daddr type local tcp dport|-m addrtype --dst-type LOCAL -p tcp --dport/);
    expect(rule).toMatch(/iifname|-i "\$WAN"/);
  }
});

test('a pod in the network of its node runs only where its head tells to put the label', async () => {
  const text = await read('kubernetes/host-network.yaml');
  const { spec } = parse(text) as { spec: { template: { spec: { nodeSelector: Record<string, string> } } } };
  const [, key = '', value] = /^#.* kubectl label --overwrite node NODE ([\w-]+)=(\w+)$/m.exec(text) ?? [];
  expect(spec.template.spec.nodeSelector).toEqual({ 'kubernetes.io/os': 'linux', [key]: value });
  expect(text).toContain(`kubectl label node NODE ${key}-\n`);
});

test('the files of sysctl.d are loaded in the order that keeps a SLAAC host’s route: what listens before what forwards', async () => {
  const files = await readdir(join(EXAMPLES, 'host', 'sysctl.d'));
  const settings = await Promise.all(files.sort().map((file) => read(`host/sysctl.d/${file}`)));
  const lines = settings.join('\n').match(/^[^#\n]+$/gm);
  expect(lines).toEqual([
    'net.ipv6.conf.eth0.accept_ra = 2',
    'net.ipv4.ip_forward = 1',
    'net.ipv6.conf.all.forwarding = 1',
  ]);
});
