import { randomBytes, randomInt } from 'node:crypto';
import { existsSync } from 'node:fs';
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { run, succeeds } from './exec.js';

export type Bridge = { readonly name: string; readonly subnet: string; readonly mtu: number };

const RECORD = 'bridge.json';

/**
 * Makes a network bridge whose containers reach the outside. The rules are ours, not the engine's: two engines that both manage
 * the machine's packet filter would undo each other's. What was made is recorded under `dir` for removeBridge.
 */
export async function createBridge(dir: string): Promise<Bridge> {
  const routes = await run('ip', ['-4', 'route', 'show', 'table', 'all']);
  const free = (): string => {
    const prefix = `10.${randomInt(200, 250)}.${randomInt(256)}`;
    return routes.includes(`${prefix}.`) ? free() : prefix;
  };
  const prefix = free();
  const bridge = { name: `lab${randomBytes(4).toString('hex')}`, subnet: `${prefix}.0/24`, mtu: await outerMtu() };
  await writeFile(join(dir, RECORD), JSON.stringify(bridge));
  await run('ip', ['link', 'add', bridge.name, 'type', 'bridge']);
  await run('ip', ['addr', 'add', `${prefix}.1/24`, 'dev', bridge.name]);
  await run('ip', ['link', 'set', bridge.name, 'up']);
  for (const [table, chain, ...rule] of rules(bridge)) await run('iptables', ['-w', '-t', table, '-I', chain, ...rule]);
  return bridge;
}

/** Removes the bridge that is recorded under `dir`, if there is one, and its rules. */
export async function removeBridge(dir: string): Promise<void> {
  const record = join(dir, RECORD);
  if (!existsSync(record)) return;
  const bridge = JSON.parse(await readFile(record, 'utf8')) as Bridge;
  for (const [table, chain, ...rule] of rules(bridge)) {
    await succeeds('iptables', ['-w', '-t', table, '-D', chain, ...rule]);
  }
  await succeeds('ip', ['link', 'delete', bridge.name]);
}

function rules({ name, subnet }: Bridge): [table: string, chain: string, ...rule: string[]][] {
  return [
    ['nat', 'POSTROUTING', '-s', subnet, '!', '-o', name, '-j', 'MASQUERADE'],
    ['filter', 'FORWARD', '-i', name, '-j', 'ACCEPT'],
    ['filter', 'FORWARD', '-o', name, '-j', 'ACCEPT'],
  ];
}

/** The MTU of the interface that leads outside; a larger one in containers would lose their big packets. */
async function outerMtu(): Promise<number> {
  const device = / dev (\S+)/.exec(await run('ip', ['-4', 'route', 'show', 'default']))?.[1];
  return device === undefined ? 1500 : Number(await readFile(`/sys/class/net/${device}/mtu`, 'utf8'));
}
