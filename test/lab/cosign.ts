import { join } from 'node:path';
import { find } from './exec.js';
import { goProgram } from './go.js';
import { unpack } from './packages.js';

/** cosign, version 3: the machine's, Debian sid's, or compiled from its Go module. */
export async function prepareCosign(): Promise<string> {
  const own = find('cosign');
  if (own !== undefined) return own;
  try {
    return join(await unpack('cosign', [{ name: 'cosign', from: 'sid' }]), 'usr/bin/cosign');
  } catch {
    return await goProgram('cosign', 'github.com/sigstore/cosign/v3/cmd/cosign', 'v3.0.2');
  }
}
