import { setUpInWords } from '../lab/exec.js';
import { install } from '../lab/packages.js';

/** The programs that tests start without a lab, installed where they are missing. */
export async function setup(): Promise<void> {
  await setUpInWords(() => install({ git: 'git', openssl: 'openssl' }));
}
