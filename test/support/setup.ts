import { install } from '../lab/packages.js';

/** The programs that tests start without a lab, installed where they are missing. */
export async function setup(): Promise<void> {
  await install({ git: 'git', openssl: 'openssl' });
}
