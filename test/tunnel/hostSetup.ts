import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { EXAMPLES, type Host, type Mode } from './rig.js';

const HOST = join(EXAMPLES, 'host');

/** Lets a host forward, by the file under examples. */
export async function allowForwarding(on: Host): Promise<void> {
  await on.run('sysctl', '-q', '-p', join(HOST, 'sysctl.d', '90-phantun.conf'));
}

/** Loads an nft file of examples, after edits as its user would make them: what a line `define NAME = ` or a table's name holds. */
export async function loadNft(on: Host, mode: Mode, edits: Readonly<Record<string, string>> = {}): Promise<void> {
  let text = await readFile(join(HOST, 'nftables', `${mode}.nft`), 'utf8');
  for (const [old, replacement] of Object.entries(edits)) {
    if (!text.includes(old)) throw new Error(`${mode}.nft has no '${old}'`);
    text = text.replaceAll(old, replacement);
  }
  const { code, stderr } = await on.execute('nft', ['-f', '-'], { input: text });
  if (code !== 0) throw new Error(stderr);
}

/** All that a client's and a server's host need: forwarding and the nft rules. */
export async function applyHostSetup(client: Host, server: Host): Promise<void> {
  for (const each of [client, server]) await allowForwarding(each);
  await loadNft(client, 'client');
  await loadNft(server, 'server');
}
