import { doctor, findings } from './doctor.js';
import { type Host, docker, phantun, ping } from './rig.js';

/** What a ping through a tunnel says that lets nothing through, and one that lets through all. */
export const NOTHING = { returned: 0 };
export const ALL = { returned: 50 };

const SERVER = ['--local', '4567', '--remote', '127.0.0.1:51820'];

/** Starts both programs and says whether datagrams get through over a family. */
export async function tunnel(left: Host, right: Host, family: 4 | 6 = 4, all = true) {
  const remote = family === 4 ? '10.77.0.2:4567' : '[fd77::2]:4567';
  const ids = [
    await phantun(right, 'server', SERVER),
    await phantun(left, 'client', ['--local', '127.0.0.1:51820', '--remote', remote]),
  ];
  const pinged = await ping(left, all ? {} : { count: 1, patienceMs: 2_000 });
  await docker('rm', '--force', ...ids);
  return pinged;
}

/** What the doctor finds on a host. */
export async function diagnose(on: Host, mode: string, wan = 'eth0'): Promise<string[]> {
  return findings(await doctor(on, mode, '--wan', wan));
}
