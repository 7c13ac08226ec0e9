import { readFile } from 'node:fs/promises';
import { beforeAll, expect, test } from 'vitest';
import { goProgram } from '../../lab/go.js';
import { ALL, diagnose, tunnel } from '../../tunnel/crossing.js';
import { DOCKER_TABLES, type HostEngine, dockerEngine, publishPort } from '../../tunnel/daemons.js';
import { applyHostSetup } from '../../tunnel/hostSetup.js';
import { echo, twoHosts } from '../../tunnel/rig.js';

/** Docker's engine as it is from release 29 on, in which it may write its rules for nftables. */
const MODULE = 'github.com/moby/moby/v2/cmd/dockerd';
const VERSION = 'v2.0.0-beta.24';

let engine: HostEngine;
beforeAll(async () => {
  // Debian's runc knows no namespaces of time.
  const flags = ['--firewall-backend=nftables', '--feature=time-namespaces=false'];
  engine = { program: await goProgram('dockerd', MODULE, VERSION), flags };
});

test('it lets phantun through, its tables are those that the other tests load, and a port that it publishes too is found', async () => {
  const [left, right] = await twoHosts();
  await echo(right);
  await applyHostSetup(left, right);
  await dockerEngine(left, engine);
  const client = await dockerEngine(right, engine);
  await publishPort(client, 8080);
  const tables = await Promise.all(
    ['ip', 'ip6'].map((family) => right.run('nft', '--stateless', 'list', 'table', family, 'docker-bridges')),
  );
  expect(tables.join('')).toBe(await readFile(DOCKER_TABLES, 'utf8'));
  expect([await diagnose(left, 'client'), await diagnose(right, 'server')]).toEqual([[], []]);
  expect(await tunnel(left, right, 4)).toMatchObject(ALL);
  expect(await tunnel(left, right, 6)).toMatchObject(ALL);
  const address = await publishPort(client, 4567);
  expect(await diagnose(right, 'server')).toEqual([
    `TCP port 4567 of eth0 leads to ${address}:80 or 192.168.201.2, not to 192.168.201.2`,
  ]);
});

test('it does not turn forwarding on, and does not start where nobody did', async () => {
  const [left] = await twoHosts();
  await expect(dockerEngine(left, engine)).rejects.toThrow('IPv4 forwarding is disabled');
  expect(await left.run('sysctl', '-n', 'net.ipv4.ip_forward')).toBe('0\n');
});
